"""Files become passages in the working copy: all that is readable, or nothing if nothing is.

I decide which files are read and what the report says. The command line calls me.
I never publish: that is publish_edition's step.
"""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from taktvoll.base.errors import Refused
from taktvoll.base.ids import WorkspaceId
from taktvoll.domain.knowledge.ports import Progress
from taktvoll.domain.knowledge.terms import Passage, PassageKey, Problem
from taktvoll.domain.knowledge.wordings import with_wordings
from taktvoll.domain.library.ports import Stocked
from taktvoll.flows.house import House

BATCH = 2_000
LISTED_PROBLEMS_MAX = 1_000


@dataclass(slots=True)
class Report:
    """What an import found: files, passages, problems with their places; beyond a limit problems are only counted."""

    files: int = 0
    passages: int = 0
    problems: list[Problem] = field(default_factory=list)
    problems_not_listed: int = 0
    stocked: Stocked = field(default_factory=lambda: Stocked(0, 0, 0))

    def note(self, problems: Iterable[Problem]) -> None:
        """Take problems in; none is lost, but only so many are listed."""
        for problem in problems:
            if len(self.problems) < LISTED_PROBLEMS_MAX:
                self.problems.append(problem)
            else:
                self.problems_not_listed += 1


async def import_knowledge(
    house: House,
    workspace: WorkspaceId,
    paths: Sequence[Path],
    *,
    collection: str | None,
    language: str | None,
    progress: Progress,
    url: str = "",
) -> Report:
    """Read files and folders into the working copy, in one transaction.

    Takes:  collection: the name of all passages' collection; by default each file's own name without its ending;
            url: where the one path stands on the web, for pages and documents that do not say it themselves.
    Raises: Refused("import.no_files"), Refused("import.nothing") — then nothing was changed.
    """
    found = [(path, list(_files(house, path))) for path in paths]
    files = [(file, path) for path, beneath in found for file in beneath]
    if not files:
        raise Refused("import.no_files", path=", ".join(p.name for p in paths)[:200])
    report = Report(files=len(files))
    report.note(
        Problem(p.name, "", "import.no_files", "nothing readable here") for p, beneath in found if not beneath
    )
    read = _batches(house, files, collection, language, url, progress, report)
    batches = _with_wordings(house, workspace, read)
    report.stocked = await house.library.stock(workspace, batches, house.now())
    if not report.passages:
        raise NothingRead(report)
    return report


class NothingRead(Refused):
    """Not one entry could be read; the report says why."""

    def __init__(self, report: Report) -> None:
        super().__init__("import.nothing")
        self.report = report


def _files(house: House, path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(p for p in path.rglob("*") if p.is_file() and house.reader.readable(p))
    elif path.is_file():
        yield path


async def _batches(
    house: House,
    files: Sequence[tuple[Path, Path]],
    collection: str | None,
    language: str | None,
    url: str,
    progress: Progress,
    report: Report,
) -> AsyncIterator[Sequence[Passage]]:
    """Read file by file and hand on bounded batches; a name that comes twice is a problem, the first one counts."""
    seen: set[PassageKey] = set()
    for done, (file, root) in enumerate(files):
        progress("read", done, len(files))
        named = collection or collection_of(file)
        read = house.reader.read(file, root, named, language, url=url, progress=progress)
        report.note(read.problems)
        fresh: list[Passage] = []
        for passage in read.passages:
            if passage.key in seen:
                report.note([Problem(file.name, passage.id, "import.duplicate_id", "this id came before")])
                continue
            seen.add(passage.key)
            fresh.append(passage)
        report.passages += len(fresh)
        for start in range(0, len(fresh), BATCH):
            yield fresh[start : start + BATCH]
            progress("store", start + BATCH, len(fresh))
    progress("read", len(files), len(files))


async def _with_wordings(
    house: House, workspace: WorkspaceId, batches: AsyncIterator[Sequence[Passage]]
) -> AsyncIterator[Sequence[Passage]]:
    """Leave approved wordings with their entries: a file that is read again does not know of them."""
    async for batch in batches:
        approved = await house.learning.wordings(workspace, [p.key for p in batch])
        yield [with_wordings(p, approved[p.key]) if p.key in approved else p for p in batch]


def collection_of(file: Path) -> str:
    """A collection's default name: the file's name without ending and language suffix."""
    stem = file.name.split(".")[0]
    for suffix in ("_de", "_en", "-de", "-en"):
        stem = stem.removesuffix(suffix)
    return stem or "import"
