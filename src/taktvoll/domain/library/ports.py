"""What the library needs from outside: storing parts and editions, and holding the current one in memory.

I decide the shapes. Adapters implement me, flows call me. I never name a library.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from taktvoll.base.ids import WordingId, WorkspaceId
from taktvoll.domain.autonomy.lights import Lights
from taktvoll.domain.knowledge.ports import PassageSearch
from taktvoll.domain.knowledge.synonyms import Glossary, Term
from taktvoll.domain.knowledge.terms import Passage, PassageKey
from taktvoll.domain.knowledge.wordings import Proposal, Standing
from taktvoll.domain.library.terms import EditionView, Entry, Manifest, Rules


@dataclass(frozen=True, slots=True)
class Head:
    """What is in force in a workspace: the edition's number (None before the first) and a revision that only rises."""

    edition: int | None
    revision: int


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list of editions."""

    number: int
    made_at: datetime
    made_by: str
    approved_by: str
    parent: int | None
    passages: int
    manifest_hash: str
    content_hash: str
    current: bool


@dataclass(frozen=True, slots=True)
class Issue:
    """What it takes to open an edition: the hash of its passages, how many there are, its rules."""

    content: str
    passages: int
    rules: Rules


@dataclass(frozen=True, slots=True)
class Stocked:
    """What an import did to the working copy."""

    added: int
    changed: int
    unchanged: int


class LibraryStore(Protocol):
    """Keeps the working copy, the parts by hash, the editions and the withdrawals of each workspace."""

    async def head(self, workspace: WorkspaceId) -> Head:
        """What is in force now."""
        ...

    async def stock(
        self, workspace: WorkspaceId, passages: AsyncIterator[Sequence[Passage]], at: datetime
    ) -> Stocked:
        """Put passages into the working copy in one transaction; equal ones change nothing."""
        ...

    async def working(self, workspace: WorkspaceId) -> tuple[Entry, ...]:
        """The names and hashes of the working copy."""
        ...

    async def publish(self, workspace: WorkspaceId, manifest: Manifest, rules: Rules) -> None:
        """Store an edition and put it in force, in one transaction; Refused("form.stale") if its number is taken."""
        ...

    async def roll_back(self, workspace: WorkspaceId, number: int, by: str, at: datetime) -> None:
        """Put an earlier edition in force again; raises Refused("edition.unknown")."""
        ...

    async def editions(self, workspace: WorkspaceId) -> tuple[Listed, ...]:
        """All editions, newest first."""
        ...

    async def manifest(self, workspace: WorkspaceId, number: int) -> tuple[Manifest, Rules]:
        """One edition's manifest and rules; raises Refused("edition.unknown")."""
        ...

    async def issue(self, workspace: WorkspaceId, number: int) -> Issue:
        """One edition without its list of passages; raises Refused("edition.unknown")."""
        ...

    def stored(self, workspace: WorkspaceId, hashes: Sequence[str]) -> AsyncIterator[Passage]:
        """Passages by content hash, streamed in that order; erased ones are left out."""
        ...

    async def passages_by_hash(self, workspace: WorkspaceId, hashes: Iterable[str]) -> dict[str, Passage]:
        """Passages whose parts still exist."""
        ...

    async def withdraw(
        self,
        workspace: WorkspaceId,
        id: str,
        collection: str | None,
        language: str | None,
        by: str,
        reason: str,
        at: datetime,
    ) -> tuple[PassageKey, ...]:
        """Withdraw a passage in whatever edition; gives the names withdrawn, raises Refused("passage.unknown")."""
        ...

    async def withdrawn(self, workspace: WorkspaceId) -> frozenset[PassageKey]:
        """Every withdrawn name."""
        ...

    async def lights(self, workspace: WorkspaceId) -> Lights:
        """The lights of all topics; like withdrawals they are in force whatever the edition."""
        ...


class LoadedEdition(Protocol):
    """An edition held in memory, ready to decide with."""

    @property
    def view(self) -> EditionView:
        """What the engine needs of it."""
        ...

    @property
    def search(self) -> PassageSearch:
        """The search over its passages."""
        ...

    @property
    def lights(self) -> Lights:
        """The lights of its topics."""
        ...

    def usable(self, key: PassageKey) -> bool:
        """Whether a passage has not been withdrawn."""
        ...

    async def passage(self, key: PassageKey, content_hash: str | None = None) -> Passage | None:
        """The passage of that name (and content), if it is in the edition and not withdrawn."""
        ...


class EditionShelf(Protocol):
    """Holds each workspace's current edition in memory and swaps it in one step."""

    async def prepare(self, workspace: WorkspaceId, manifest: Manifest) -> None:
        """Build what an edition needs before it is put in force, so that no customer waits for it."""
        ...

    def tidy(self, keep: Sequence[str]) -> None:
        """Delete caches of contents (Manifest.content) that are not in keep; nothing while any is being built."""
        ...

    async def at(self, workspace: WorkspaceId, head: Head) -> LoadedEdition:
        """The edition for this head; loads and swaps when the one in memory is older; an empty one before the first."""
        ...


class LearningStore(Protocol):
    """Keeps what people teach the search: the glossary, proposed wordings and approved ones, of each workspace."""

    async def glossary(self, workspace: WorkspaceId) -> Glossary:
        """The glossary that the next edition will hold."""
        ...

    async def keep_terms(self, workspace: WorkspaceId, terms: Sequence[Term], by: str, at: datetime) -> None:
        """Put terms in, each in the place of one of that name, all or none."""
        ...

    async def remove_term(self, workspace: WorkspaceId, term: str) -> None:
        """Take a term out, however it is spelled; raises Refused("glossary.unknown")."""
        ...

    async def entry(self, workspace: WorkspaceId, key: PassageKey) -> Passage | None:
        """An entry as the working copy has it."""
        ...

    async def wordings(
        self, workspace: WorkspaceId, keys: Sequence[PassageKey]
    ) -> Mapping[PassageKey, tuple[str, ...]]:
        """The approved wordings of entries, oldest first."""
        ...

    async def propose(self, workspace: WorkspaceId, proposal: Proposal, same_as: WordingId | None) -> bool:
        """Keep a proposal, or count it to the one it is nearly the same as; False if it was kept before."""
        ...

    async def proposals(
        self, workspace: WorkspaceId, standing: Standing | None, key: PassageKey | None, limit: int
    ) -> tuple[Proposal, ...]:
        """Proposals whose text still exists, those confirmed most often first; None does not narrow."""
        ...

    async def count_open(self, workspace: WorkspaceId) -> int:
        """How many wait for an editor."""
        ...

    async def proposal(self, workspace: WorkspaceId, id: WordingId) -> Proposal:
        """One proposal; raises Refused("wording.unknown")."""
        ...

    async def approve(
        self,
        workspace: WorkspaceId,
        id: WordingId,
        text: str,
        before: Passage,
        after: Passage,
        by: str,
        at: datetime,
    ) -> None:
        """Approve an open proposal and put the entry with the wording into the working copy, in one transaction.

        Raises: Refused("wording.decided"); Refused("form.stale") if the entry is no longer as before.
        """
        ...

    async def reject(self, workspace: WorkspaceId, id: WordingId, by: str, at: datetime) -> None:
        """Reject an open proposal; raises Refused("wording.decided")."""
        ...
