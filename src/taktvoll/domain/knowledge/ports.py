"""What the domain needs from outside to know things: reading documents, searching passages, telling topics.

I decide the shapes. Adapters implement me, flows call me. I never name a library.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from taktvoll.base.ids import WorkspaceId
from taktvoll.domain.knowledge.synonyms import Term
from taktvoll.domain.knowledge.terms import Candidate, Passage, PassageKey, Problem, Read
from taktvoll.domain.knowledge.topics import (
    Example,
    LearntModel,
    Proposal,
    Sample,
    Source,
    Topic,
    TopicGuess,
    TopicState,
    Unanswered,
    WorkingModel,
)

Progress = Callable[[str, int, int], None]
"""Called with (what, done, total) so that a person sees anything over a second move."""


def quiet(what: str, done: int, total: int) -> None:
    """Show nothing: the progress of work nobody watches."""


@dataclass(frozen=True, slots=True)
class ReadTerms:
    """What a file of terms holds, each with its place in the file, and problems with the rest."""

    terms: tuple[tuple[str, Term], ...]
    problems: tuple[Problem, ...]


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

    def terms(self, path: Path) -> ReadTerms:
        """Read a glossary from a table (CSV, TSV) or lines or a list of JSON, columns “term” and “synonyms”."""
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


class TopicReader(Protocol):
    """Says what a text is about, by a model that an edition names."""

    async def read(self, workspace: WorkspaceId, model: str, text: str) -> TopicGuess | None:
        """Guess the topic of one text; None without a model, or with one that this program can no longer read."""
        ...

    async def read_all(self, workspace: WorkspaceId, model: str, texts: Sequence[str]) -> list[TopicGuess]:
        """Guess the topics of many texts, in their order; raises Refused("topics.outdated")."""
        ...


class TopicLearner(Protocol):
    """Learns topics from examples and finds topics in texts."""

    def learn(self, examples: Sequence[Example], progress: Progress) -> LearntModel:
        """Learn a model; takes seconds to a minute, so call it in a thread."""
        ...

    def renamed(self, body: bytes, old: str, new: str) -> LearntModel:
        """The same model with another name for one topic; raises Refused("topics.outdated")."""
        ...

    def discover(self, sources: Sequence[Source], progress: Progress) -> tuple[Proposal, ...]:
        """Group texts by what they are about and name the groups; call it in a thread."""
        ...

    def split(self, texts: Sequence[str], parts: int, progress: Progress) -> tuple[tuple[int, ...], ...]:
        """Part the texts of one topic into groups; gives their places in texts."""
        ...


class TopicStore(Protocol):
    """Keeps topics, their examples and learnt models; every method works within one workspace."""

    async def topics(self, workspace: WorkspaceId) -> tuple[Topic, ...]:
        """Every topic, learnt and proposed, by name."""
        ...

    async def samples(
        self, workspace: WorkspaceId, state: TopicState | None = None, topic: str | None = None
    ) -> tuple[Sample, ...]:
        """Examples whose text still exists, in the order they came; narrowed to a state or a topic."""
        ...

    async def keep(
        self,
        workspace: WorkspaceId,
        examples: Sequence[Example] | None,
        model: LearntModel,
        by: str,
        at: datetime,
        beside: Sequence[UUID] = (),
    ) -> None:
        """Put a model into the working copy, and, unless None, these examples in place of the learnt ones.

        Takes:  beside: learnt examples that stay as they are, those that point to a customer's message too.
        """
        ...

    async def propose(
        self, workspace: WorkspaceId, proposals: Sequence[Proposal], by: str, at: datetime
    ) -> None:
        """Put proposals in place of the earlier ones; what is called like a learnt topic joins its proposals' names."""
        ...

    async def rename(
        self, workspace: WorkspaceId, old: str, new: str, model: LearntModel | None, by: str, at: datetime
    ) -> None:
        """Give a topic another name and put the renamed model into the working copy.

        Raises: Refused("topics.unknown"), Refused("topics.exists").
        """
        ...

    async def merge(
        self, workspace: WorkspaceId, names: Sequence[str], into: str, by: str, at: datetime
    ) -> None:
        """Make one topic of several; raises Refused("topics.unknown")."""
        ...

    async def split(
        self, workspace: WorkspaceId, name: str, parts: Mapping[str, Sequence[UUID]], by: str, at: datetime
    ) -> None:
        """Make several topics of one: new name → its examples; raises Refused("topics.exists")."""
        ...

    async def adopt(self, workspace: WorkspaceId, names: Sequence[str]) -> None:
        """Take proposals into use, to be learnt next; raises Refused("topics.unknown")."""
        ...

    async def drop(self, workspace: WorkspaceId, names: Sequence[str]) -> None:
        """Delete topics with their examples; raises Refused("topics.unknown")."""
        ...

    async def working(self, workspace: WorkspaceId) -> WorkingModel | None:
        """The model learnt last."""
        ...

    async def model(self, workspace: WorkspaceId, hash: str) -> bytes | None:
        """A learnt model by its hash."""
        ...

    async def unanswered(self, workspace: WorkspaceId, limit: int) -> tuple[Unanswered, ...]:
        """Customers' latest messages that were declined, asked back or handed over for want of an answer."""
        ...
