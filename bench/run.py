"""How fast a chat with taktvoll is, what it costs, and how close that is to what is possible: `make bench`.

I decide what is measured, in which order, and what is printed. People call me; I write bench/results/NAME.json.
I never judge: other work on the machine makes every figure worse, so read the ratios within one run.

The first run imports 100,000 entries, which takes minutes; the folder is kept in --keep and used again by later runs.
"""

import argparse
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chat.corpus import questions, write_entries
from chat.installation import CommandFailed, Installation, free_port
from chat.processes import pss_mb, rss_mb
from chat.report import tables

BENCH = Path(__file__).resolve().parent
ASKED = 8_000
TURNS = 8


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    sizes: tuple[int, ...]
    conversations: tuple[int, ...]
    chat_s: float
    floor_s: float
    push_s: float


@dataclass(frozen=True)
class Floor:
    """The running bare server."""

    port: int
    pid: int


FULL = Plan((10_000, 100_000), (1, 10, 50), 8, 5, 5)
QUICK = Plan((2_000,), (1, 10, 50), 4, 3, 3)


@dataclass
class Results:
    """Everything that was measured, as it is written to the file."""

    machine: dict[str, object]
    cold_start: dict[str, object] = field(default_factory=dict)
    imports: list[dict[str, object]] = field(default_factory=list)
    starts: list[dict[str, object]] = field(default_factory=list)
    chat: list[dict[str, object]] = field(default_factory=list)
    floors: list[dict[str, object]] = field(default_factory=list)
    push: list[dict[str, object]] = field(default_factory=list)
    memory: list[dict[str, object]] = field(default_factory=list)


def main() -> int:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="about 90 seconds, 2,000 entries only")
    parser.add_argument("--name", help="name of the file in bench/results; chat or chat-quick by default")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "taktvoll-bench",
                        metavar="DIR", help="where imported folders are kept for the next run")  # fmt: skip
    parser.add_argument("--entries", type=int, nargs="+", metavar="N", help="how many entries, instead")
    parser.add_argument("--again", action="store_true", help="import anew even if a kept folder fits")
    arguments = parser.parse_args()
    plan = QUICK if arguments.quick else FULL
    if arguments.entries:
        plan = replace(plan, sizes=tuple(arguments.entries))
    results = Results(machine())
    arguments.keep.mkdir(parents=True, exist_ok=True)
    cold_start(arguments.keep, results)
    for size in plan.sizes:
        measure_size(size, plan, arguments.keep, arguments.again, results)
    results.machine["load_after"] = list(os.getloadavg())
    path = BENCH / "results" / f"{arguments.name or ('chat-quick' if arguments.quick else 'chat')}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(asdict(results), indent=1) + "\n", encoding="utf-8")
    print(tables(asdict(results)))
    print(f"\nwritten: bench/results/{path.name}")
    return 0


def machine() -> dict[str, object]:
    """What the figures were measured on, and how busy it was before we came."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "memory_gib": round(pages / 2**30),
        "python": platform.python_version(),
        "load_before": list(os.getloadavg()),
    }


def cold_start(keep: Path, results: Results) -> None:
    """From nothing to the first answer of the sample company, as a newcomer sees it."""
    say("cold start with the sample company")
    with tempfile.TemporaryDirectory(dir=keep) as folder:
        installation = Installation(Path(folder) / "data")
        try:
            results.cold_start = {"first_answer_s": round(installation.up("auental"), 2)}
        finally:
            installation.stop()


def measure_size(size: int, plan: Plan, keep: Path, again: bool, results: Results) -> None:
    """Everything that depends on how many entries there are."""
    entries = keep / f"entries-{size}.jsonl"
    if not entries.exists():
        write_entries(entries, size)
    installation = Installation(keep / f"data-{size}")
    results.imports.append(ready(installation, entries, size, again))
    asked = questions(ASKED, size)
    try:
        say(f"{size:,} entries: warm start")
        seconds = installation.up("default", "--no-sample")
        results.starts.append({"entries": size, "first_answer_s": round(seconds, 2)})
        with floor_server(installation.data, entries) as floor:
            loads(size, plan, installation, floor, asked, results)
        memory(size, installation, results)
    finally:
        installation.stop()


def ready(installation: Installation, entries: Path, size: int, again: bool) -> dict[str, object]:
    """Import the entries, unless a kept folder of today's program has them; gives what the import took.

    A kept folder whose schema is of yesterday is made anew around its vectors; the import's figures stay those of the
    day they were measured, because an import that encodes nothing says nothing.
    """
    note = installation.data.with_suffix(".import.json")
    kept: dict[str, object] = {}
    if note.exists() and not again:
        kept = json.loads(note.read_text(encoding="utf-8")) | {"kept": True}
        try:
            installation.command("ask", "Wie geht das?")
        except CommandFailed:
            say("the kept folder does not fit any more; its vectors may")
        else:
            return kept
    cache, aside = installation.data / "cache", installation.data.with_suffix(".cache")
    shutil.rmtree(aside, ignore_errors=True)
    if kept and cache.exists():
        cache.rename(aside)
    shutil.rmtree(installation.data, ignore_errors=True)
    if aside.exists():
        installation.data.mkdir()
        aside.rename(cache)
    say(f"{size:,} entries: import (some 8 ms of CPU each, unless their vectors are there)")
    ran = installation.command("import", str(entries), "--collection", "hilfe")
    if kept:
        return kept
    took: dict[str, object] = {
        "entries": size,
        "seconds": round(ran.seconds, 1),
        "cpu_s": round(ran.cpu_s, 1),
        "peak_pss_mb": round(ran.peak_pss_mb),
        "peak_rss_mb": round(ran.peak_rss_mb),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    note.write_text(json.dumps(took), encoding="utf-8")
    return took


def loads(
    size: int, plan: Plan, installation: Installation, floor: Floor, asked: list[str], results: Results
) -> None:
    """The chat, the floor and the ceiling by turns, so that a busy minute hits all of them; then push."""
    for place, conversations in enumerate(plan.conversations):
        say(f"{size:,} entries: {conversations} conversations at once")
        fresh = asked[place * len(asked) // len(plan.conversations) :]
        chat = chat_load(installation, conversations, plan.chat_s, fresh)
        results.chat.append({"entries": size} | chat)
        for path in ("/turn", "/store", "/steps", "/noop"):
            took = floor_load(installation, floor, path, conversations, plan.floor_s, fresh[-2_000:])
            results.floors.append({"entries": size, "what": path[1:]} | took)
    for conversations in plan.conversations[:2]:
        say(f"{size:,} entries: push to a second screen, {conversations} conversations")
        took = chat_load(installation, conversations, plan.push_s, asked[::-1], stream=True)
        results.push.append({"entries": size} | took)


def memory(size: int, installation: Installation, results: Results) -> None:
    """What each part holds once the load is over and the floor's connections are closed."""
    for part, pids in installation.parts().items():
        pss, rss = round(pss_mb(pids)), round(rss_mb(pids))
        results.memory.append({"entries": size, "part": part, "pss_mb": pss, "rss_mb": rss})


def chat_load(
    installation: Installation, conversations: int, seconds: float, asked: list[str], stream: bool = False
) -> dict[str, object]:
    """Let the client talk to taktvoll."""
    return client(
        {
            "port": installation.port,
            "path": "/api/v1/chat/messages",
            "workspace": "default",
            "conversations": conversations,
            "seconds": seconds,
            "turns": TURNS,
            "questions": asked,
            "stream": stream,
            "parts": installation.parts(),
        }
    )


def floor_load(
    installation: Installation, floor: Floor, path: str, conversations: int, seconds: float, asked: list[str]
) -> dict[str, object]:
    """Let the same client talk to the bare server."""
    return client(
        {
            "port": floor.port,
            "path": path,
            "conversations": conversations,
            "seconds": seconds,
            "turns": 1_000_000,
            "questions": asked,
            "parts": {"server": [floor.pid], "postgres": installation.parts()["postgres"]},
        }
    )


def client(order: dict[str, Any]) -> dict[str, object]:
    """Run the client in a process of its own."""
    ran = subprocess.run(
        [sys.executable, "-m", "chat.client"], cwd=BENCH, input=json.dumps(order), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if ran.returncode:
        raise CommandFailed(f"the client failed:\n{ran.stderr[-2000:]}")
    took: dict[str, object] = json.loads(ran.stdout)
    return took


@contextmanager
def floor_server(data: Path, entries: Path) -> Iterator[Floor]:
    """Run floors.py against the same database, until the block ends."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "chat.floors", str(data), str(port), str(entries)], cwd=BENCH
    )
    try:
        deadline = time.perf_counter() + 120
        while process.poll() is None and time.perf_counter() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield Floor(port, process.pid)
    finally:
        process.terminate()
        process.wait(20)


def say(text: str) -> None:
    """Tell how far we are."""
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
