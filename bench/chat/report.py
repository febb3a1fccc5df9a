"""Results as Markdown tables, one per subject, with ratios within the run.

I decide what a reader sees first. run.py calls me. I never round away a failure: each is listed.
"""

from typing import Any

Rows = list[dict[str, Any]]

GOALS = {
    "p50 at 1 conversation": (12.0, "ms"),
    "p99 at 1 conversation": (50.0, "ms"),
    "turns/s at 10 conversations": (100.0, "/s"),
    "warm start to first answer": (5.0, "s"),
    "largest process": (500.0, "MB"),
}


def tables(results: dict[str, Any]) -> str:
    """Write all tables."""
    machine = results["machine"]
    head = (
        f"{machine['at']}, {machine['cores']} cores, {machine['memory_gib']} GiB, Python {machine['python']}; client,"
        f" server, worker and database on this machine; load before us {machine['load_before'][0]:.1f},"
        f" at the end {machine['load_after'][0]:.1f}"
    )
    parts = [head, _goals(results), _chat(results["chat"]), _floors(results), _push(results["push"])]
    parts += [_starts(results), _imports(results["imports"]), _memory(results["memory"])]
    return "\n\n".join(parts)


def _goals(results: dict[str, Any]) -> str:
    largest = max(row["entries"] for row in results["chat"])
    one = next(r for r in results["chat"] if r["entries"] == largest and r["conversations"] == 1)
    ten = next(r for r in results["chat"] if r["entries"] == largest and r["conversations"] == 10)
    found = (
        one.get("p50_ms"),
        one.get("p99_ms"),
        ten["turns_per_s"],
        results["starts"][-1]["first_answer_s"],
        max(r["pss_mb"] for r in results["memory"]),
    )
    rows = []
    for (name, (goal, unit)), value in zip(GOALS.items(), found, strict=True):
        more_is_better = unit == "/s"
        met = value is not None and (value >= goal if more_is_better else value <= goal)
        rows.append(
            [name, f"{'≥' if more_is_better else '≤'} {goal:g} {unit}", _said(value), "yes" if met else "no"]
        )
    return f"**Goals, {largest:,} entries**\n\n" + table(["goal", "wanted", "measured", "met"], rows)


def _chat(chat: Rows) -> str:
    rows = []
    for r in chat:
        turns = max(1, sum(r["decisions"].values()))
        shares = ", ".join(f"{name} {100 * n / turns:.0f} %" for name, n in r["decisions"].items())
        cpu = r["cpu_ms_per_turn"]
        rows.append(
            [f"{r['entries']:,}", r["conversations"], r["turns_per_s"], _said(r.get("p50_ms")), _said(r.get("p99_ms")),
             r["turns"], _failures(r), cpu.get("server"), cpu.get("postgres"), cpu.get("worker"), cpu.get("client"),
             f"{100 * r['others_share']:.0f} %", shares]
        )  # fmt: skip
    names = ["entries", "conversations", "turns/s", "p50 ms", "p99 ms", "turns", "failures", "CPU ms server",
             "database", "worker", "client", "other work on the machine", "decided"]  # fmt: skip
    return "**Chat turns over HTTP**\n\n" + table(names, rows)


def _floors(results: dict[str, Any]) -> str:
    rows = []
    for chat in results["chat"]:
        same = [f for f in results["floors"] if f["entries"] == chat["entries"]]
        by = {f["what"]: f for f in same if f["conversations"] == chat["conversations"]}
        rows.append(
            [f"{chat['entries']:,}", chat["conversations"], f"{chat['turns_per_s']} ({_cpu(chat)})"]
            + [x for what in ("turn", "store", "steps", "noop")
               for x in (f"{by[what]['turns_per_s']} ({_cpu(by[what])})", _ratio(chat, by[what]))]
        )  # fmt: skip
    names = ["entries", "conversations", "taktvoll", "floor: search, 2 commits", "taktvoll to it",
             "ceiling: 1 statement, 1 commit", "taktvoll to it", "the same as 3 statements", "taktvoll to it",
             "nothing stored", "taktvoll to it"]  # fmt: skip
    return (
        "**Against the bare minimum in the same run**: turns/s (CPU ms a turn, server and database together)\n\n"
        + table(names, rows)
    )


def _cpu(row: dict[str, Any]) -> str:
    used = row["cpu_ms_per_turn"]
    return f"{used['server'] + used['postgres']:.1f} ms"


def _ratio(chat: dict[str, Any], other: dict[str, Any]) -> str:
    return f"{100 * chat['turns_per_s'] / max(0.1, other['turns_per_s']):.0f} %"


def _push(push: Rows) -> str:
    rows = [
        [f"{r['entries']:,}", r["conversations"], _said(r.get("push_p50_ms")), _said(r.get("push_p99_ms")),
         _waited(r), r["unseen"]]
        for r in push
    ]  # fmt: skip
    names = ["entries", "conversations", "p50 ms", "p99 ms", "messages", "not seen"]
    return (
        "**From the reply on one screen to the message on the second** (below zero: it came first)\n\n"
        + table(names, rows)
    )


def _starts(results: dict[str, Any]) -> str:
    rows = [["cold: empty folder, sample company", results["cold_start"]["first_answer_s"]]]
    rows += [[f"warm: {r['entries']:,} entries", r["first_answer_s"]] for r in results["starts"]]
    return "**From `taktvoll up` to the first answer**\n\n" + table(["start", "seconds"], rows)


def _imports(imports: Rows) -> str:
    rows = []
    for r in imports:
        each = round(1000 * r["cpu_s"] / r["entries"], 1)
        measured = r["at"] if r.get("kept") else "this run"
        rows.append(
            [
                f"{r['entries']:,}",
                r["seconds"],
                r["cpu_s"],
                each,
                r["peak_pss_mb"] or "–",
                r["peak_rss_mb"],
                measured,
            ]
        )
    names = ["entries", "seconds", "CPU s", "CPU ms an entry", "peak PSS MB", "peak RSS MB", "measured"]
    return "**Import and publish**\n\n" + table(names, rows)


def _memory(memory: Rows) -> str:
    rows = [[f"{r['entries']:,}", r["part"], r["pss_mb"], r["rss_mb"]] for r in memory]
    return "**Memory after the load**\n\n" + table(["entries", "part", "PSS MB", "RSS MB"], rows)


def _waited(row: dict[str, Any]) -> int:
    """How many messages were waited for and seen."""
    return int(sum(row["decisions"].values())) - int(row["unseen"])


def _failures(row: dict[str, Any]) -> str:
    return ", ".join(f"{n} × {name}" for name, n in row["failures"].items()) or "0"


def _said(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


def table(names: list[str], rows: list[list[Any]]) -> str:
    """Write one Markdown table."""
    lines = [names, ["---"] * len(names), *([str(cell) for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
