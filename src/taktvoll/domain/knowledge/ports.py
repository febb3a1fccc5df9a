"""What the domain needs from outside to know things: reading documents, searching passages.

I decide the shapes. Adapters implement me, flows call me. I never name a library.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from taktvoll.domain.knowledge.terms import Candidate, Passage, PassageKey, Read

Progress = Callable[[str, int, int], None]
"""Called with (what, done, total) so that a person sees anything over a second move."""


def quiet(what: str, done: int, total: int) -> None:
    """Show nothing: the progress of work nobody watches."""


class DocumentReader(Protocol):
    """Turns files into passages."""

    def read(
        self,
        path: Path,
        root: Path,
        collection: str,
        language: str | None,
        *,
        url: str = "",
        progress: Progress = quiet,
    ) -> Read:
        """Read one file; unknown keys are ignored, unusable entries are reported, the rest is returned.

        Takes:  root: the folder or file the person named, so that sources are relative to it; language: what to assume
                where neither the file nor its name says so (None: detect, German when unsure); url: where root stands
                on the web, for pages that do not say it themselves; progress: called per page of a long document.
        """
        ...

    def readable(self, path: Path) -> bool:
        """Say whether this reader knows the file's type by its ending."""
        ...


class PassageSearch(Protocol):
    """A built search over the passages of one edition; safe to call from several tasks at once."""

    @property
    def versions(self) -> tuple[str, ...]:
        """Names and versions of the analyser and models used, for the record."""
        ...

    async def find(
        self, question: str, language: str, usable: Callable[[PassageKey], bool], now: datetime, limit: int
    ) -> tuple[Candidate, ...]:
        """Find the passages most likely to settle the question, best first; never raises for odd input.

        Takes:  usable: false for withdrawn passages; now: to leave out what is not valid yet or any more.
        Gives:  up to limit candidates; the customer's language is preferred where one entry exists in several.
        """
        ...

    def close(self) -> None:
        """Let go of mapped files."""
        ...


class SearchBuilder(Protocol):
    """Builds, keeps on disk and opens searches by the manifest's hash."""

    @property
    def versions(self) -> tuple[str, ...]:
        """Names and versions that a search built now would have."""
        ...

    def open_or_build(
        self, manifest_hash: str, passages: Callable[[], Iterable[Passage]], count: int, progress: Progress
    ) -> PassageSearch:
        """Map the cached search of this manifest, or build it (in bounded memory) and keep it.

        Takes:  passages: called only when building; yields each passage of the edition once.
        """
        ...

    def forget(self, keep: Sequence[str]) -> None:
        """Delete cached searches whose manifest hash is not in keep."""
        ...
