"""`taktvoll import`: files into the knowledge, and a new edition out of it.

I decide how the report reads. The command line calls me. I never hide a problem with an entry.
"""

import argparse
from dataclasses import asdict
from pathlib import Path

from taktvoll.cli.begin import begin
from taktvoll.cli.import_texts import detail_of
from taktvoll.cli.output import Output
from taktvoll.flows.import_knowledge import LISTED_PROBLEMS_MAX, NothingRead, Report, import_knowledge
from taktvoll.flows.publish_edition import publish_edition

SHOWN = 20


def add(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Name the options."""
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files or folders")
    parser.add_argument("--collection", metavar="NAME", help="default: each file's own name")
    parser.add_argument("--language", metavar="TAG", help="what to assume where a file does not say")
    parser.add_argument(
        "--url", metavar="URL", default="", help="where PATH stands on the web, so that answers link to it"
    )
    parser.add_argument("--draft", action="store_true", help="do not publish an edition")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")


async def run(arguments: argparse.Namespace, output: Output) -> int:
    """Import and publish; exit 1 if any entry could not be used."""
    if arguments.url and (len(arguments.paths) > 1 or not arguments.url.startswith(("https://", "http://"))):
        output.complain("taktvoll import PATH --url https://…  (one PATH)")
        return 2
    async with begin(arguments, output) as (house, workspace):
        number: int | None = None
        try:
            report = await import_knowledge(
                house,
                workspace.id,
                arguments.paths,
                collection=arguments.collection,
                language=arguments.language,
                url=arguments.url,
                progress=output.progress,
            )
        except NothingRead as nothing:
            report = nothing.report
            output.complain(nothing.text(output.language))
        else:
            if not arguments.draft:
                number = (await publish_edition(house, workspace.id, "command line")).number
    _show(report, number, arguments, output)
    return 1 if report.problems or not report.passages else 0


def _show(report: Report, edition: int | None, arguments: argparse.Namespace, output: Output) -> None:
    if arguments.json:
        output.json(asdict(report) | {"edition": edition})
        return
    s = report.stocked
    published = f", edition {edition} is in force" if edition else ""
    output.line(
        f"{report.passages} passages from {report.files} files: {s.added} new, {s.changed} changed, "
        f"{s.unchanged} unchanged{published}"
    )
    for p in report.problems[:SHOWN]:
        output.complain(
            f"{', '.join(filter(None, (p.file, p.place)))}: {detail_of(p, output.language)} ({p.code})"
        )
    more = len(report.problems[SHOWN:]) + report.problems_not_listed
    if more:
        output.complain(f"… and {more} more; --json lists the first {LISTED_PROBLEMS_MAX}")
