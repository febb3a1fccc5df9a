"""What processes cost: CPU time and memory, read from /proc.

I decide which processes count as one part: a process of ours with all that it started. client.py and run.py call me.
I never slow the measured processes: reading PSS is done outside of timed phases.
"""

import os
from collections.abc import Iterable
from pathlib import Path

TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def cpu_ms(roots: Iterable[int]) -> float:
    """CPU time of processes and all their children so far, ended ones included."""
    return sum(_ticks(pid) for pid in family(roots)) * TICK_MS


def machine_ms() -> float:
    """CPU time that everything on this machine has used so far, time lent to other machines included."""
    fields = list(map(int, (PROC / "stat").read_text(encoding="ascii").split("\n")[0].split()[1:9]))
    idle, waiting = fields[3], fields[4]
    return (sum(fields) - idle - waiting) * TICK_MS


def pss_mb(roots: Iterable[int]) -> float:
    """Memory of processes and all their children; a page that several share counts for each in part."""
    return sum(_kib(pid, "smaps_rollup", "Pss:") for pid in family(roots)) / 1024


def rss_mb(roots: Iterable[int]) -> float:
    """Memory of processes and all their children; a page that several share counts fully for each."""
    return sum(_kib(pid, "status", "VmRSS:") for pid in family(roots)) / 1024


def peak_mb(pid: int) -> float:
    """The highest RSS a process ever had."""
    return _kib(pid, "status", "VmHWM:") / 1024


def family(roots: Iterable[int]) -> list[int]:
    """The processes themselves and everything that descends from them."""
    children: dict[int, list[int]] = {}
    for folder in PROC.iterdir():
        if folder.name.isdigit() and (fields := _stat(int(folder.name))):
            children.setdefault(int(fields[1]), []).append(int(folder.name))
    found = [pid for pid in roots if (PROC / str(pid)).exists()]
    for pid in found:
        found.extend(c for c in children.get(pid, ()) if c not in found)
    return found


def words_of(pid: int) -> list[str]:
    """The words of a process's command line."""
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:
        return []


def postmaster_of(data: Path) -> int:
    """The main process of the embedded PostgreSQL of a data folder; 0 if it does not run."""
    try:
        pid = int((data / "postgres" / "data" / "postmaster.pid").read_text(encoding="ascii").split("\n")[0])
    except (OSError, ValueError):
        return 0
    return pid if (PROC / str(pid)).exists() else 0


def _ticks(pid: int) -> int:
    fields = _stat(pid)
    return sum(map(int, fields[11:15])) if fields else 0


def _stat(pid: int) -> list[str]:
    """The fields after the process's name, its state first."""
    try:
        return (
            (PROC / str(pid) / "stat")
            .read_text(encoding="utf-8", errors="replace")
            .rpartition(")")[2]
            .split()
        )
    except OSError:
        return []


def _kib(pid: int, file: str, name: str) -> int:
    try:
        lines = (PROC / str(pid) / file).read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)
