"""How fast the desk is for twenty people who work at it at once: PYTHONPATH=bench python -m desk.live.

I start a real taktvoll, copy conversations until there are 10,000 and 100,000, let twenty signed-in browsers with live
streams work on them while customers write, and write bench/results/desk_live.json. People and `make bench` call me.
I never judge: other work on the machine makes every figure worse, so its load stands beside them.

A filled folder is kept in --keep and used again; what a run does to it (some hundred replies) stays in it.
"""

import argparse
import asyncio
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from chat.installation import CommandFailed, Installation
from chat.processes import pss_mb
from desk.filled import AGENTS, WORKSPACE, Agent, Filled

BENCH = Path(__file__).resolve().parents[1]
SIZES = (10_000, 100_000)
QUICK = (2_000,)


def main() -> int:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="2,000 conversations, half a minute")
    parser.add_argument("--sizes", type=int, nargs="+", metavar="N", help="how many conversations, instead")
    parser.add_argument("--seconds", type=float, default=120, help="how long people work; default 120")
    parser.add_argument(
        "--customers", type=float, default=2, help="messages of customers a second; default 2"
    )
    parser.add_argument(
        "--name", help="name of the file in bench/results; desk_live or desk_live-quick by default"
    )
    parser.add_argument(
        "--keep", type=Path, default=Path(tempfile.gettempdir()) / "taktvoll-bench", metavar="DIR"
    )
    given = parser.parse_args()
    sizes = tuple(given.sizes or (QUICK if given.quick else SIZES))
    given.keep.mkdir(parents=True, exist_ok=True)
    found: dict[str, object] = {
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "agents": AGENTS,
        "customers_per_s": given.customers,
    }
    seconds = 30.0 if given.quick else given.seconds
    found["runs"] = [asyncio.run(measure(n, seconds, given.customers, given.keep)) for n in sizes]
    name = given.name or ("desk_live-quick" if given.quick else "desk_live")
    path = BENCH / "results" / f"{name}.json"
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"\nwritten: bench/results/{path.name}")
    return 0


async def measure(size: int, seconds: float, customers_per_s: float, keep: Path) -> dict[str, object]:
    """Start, fill where needed, let them work."""
    installation = Installation(keep / f"desk-{size}")
    load_before = os.getloadavg()[0]
    try:
        started_s = installation.up(WORKSPACE)
        agents, there = await _ready(installation, size)
        before = _memory(installation)
        order = {
            "port": installation.port,
            "workspace": WORKSPACE,
            "agents": [{"token": a.token, "lead": a.lead} for a in agents],
            "seconds": seconds,
            "customers_per_s": customers_per_s,
            "parts": installation.parts(),
        }
        took = await asyncio.to_thread(_client, order)
        after = _memory(installation)
    finally:
        installation.stop()
    found = {"conversations": there, "load_before": round(load_before, 1), **took}
    found |= {"started_s": round(started_s, 1), "pss_mb_before": before, "pss_mb_after": after}
    _show(found)
    return found


async def _ready(installation: Installation, size: int) -> tuple[list[Agent], int]:
    """Sign everyone in; fill a fresh folder, and begin anew where filling was cut off."""
    filled = await Filled.at(installation.data)
    note = installation.data.with_suffix(".filled")
    try:
        agents = await filled.agents()
        if not note.exists():
            began = perf_counter()
            print(f"filling with {size:,} conversations …", file=sys.stderr, flush=True)
            await filled.fill(size, installation.port, agents)
            note.write_text(f"{perf_counter() - began:.0f} s\n", encoding="utf-8")
            print(f"filled in {perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
        return agents, await filled.size()
    except BaseException:
        if not note.exists():
            installation.stop()
            shutil.rmtree(installation.data, ignore_errors=True)
        raise
    finally:
        await filled.close()


def _client(order: dict[str, object]) -> dict[str, object]:
    """Run the people in a process of their own."""
    ran = subprocess.run(
        [sys.executable, "-m", "desk.agents"], cwd=BENCH, input=json.dumps(order), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if ran.returncode:
        raise CommandFailed(f"the agents failed:\n{ran.stderr[-2000:]}")
    took: dict[str, object] = json.loads(ran.stdout)
    return took


def _memory(installation: Installation) -> dict[str, int]:
    return {part: round(pss_mb(pids)) for part, pids in installation.parts().items()}


def _show(found: dict[str, object]) -> None:
    """Print a table."""
    print(
        f"\n{found['conversations']:,} conversations; load {found['load']}; cores used {found['cores_used']}"
    )
    print(f"memory (PSS) in MB: {found['pss_mb_before']} before, {found['pss_mb_after']} after")
    print("| asked | times | p50 ms | p95 ms | p99 ms | KiB |\n| --- | ---: | ---: | ---: | ---: | ---: |")
    for one in found["asked"]:  # type: ignore[attr-defined]
        print(
            f"| {one['asked']} | {one['times']:,} | {one['p50_ms']} | {one['p95_ms']} | {one['p99_ms']}"
            f" | {one['bytes'] / 1024:.0f} |"
        )
    print(f"refused: {found['refused']}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
