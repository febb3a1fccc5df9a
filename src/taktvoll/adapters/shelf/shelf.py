"""The shelf: each workspace's current edition in memory, swapped in one step when a newer one is in force.

I decide when an edition is loaded and let go. Flows call me through the EditionShelf port with what was in force when
a message was accepted. I never serve a withdrawn passage, whatever edition is current.
"""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from taktvoll.adapters.shelf.passages import PassageFile, write_passages
from taktvoll.base.ids import WorkspaceId
from taktvoll.domain.autonomy.lights import Lights
from taktvoll.domain.knowledge.ports import PassageSearch, Progress, SearchBuilder
from taktvoll.domain.knowledge.terms import Candidate, Passage, PassageKey
from taktvoll.domain.library.ports import Head, LibraryStore
from taktvoll.domain.library.terms import EditionView, Manifest, Rules
from taktvoll.domain.people.ports import Directory


class Loaded:
    """Implements LoadedEdition; a new object for every revision, sharing files with the one before."""

    def __init__(
        self,
        view: EditionView,
        search: PassageSearch,
        file: PassageFile | None,
        withdrawn: frozenset[PassageKey],
        lights: Lights,
    ) -> None:
        self.view = view
        self.search = search
        self.file = file
        self.withdrawn = withdrawn
        self.lights = lights
        self._by_hash = lru_cache(512)(file.by_hash if file else _nothing)

    def usable(self, key: PassageKey) -> bool:
        """Whether the passage has not been withdrawn."""
        return key not in self.withdrawn

    async def passage(self, key: PassageKey, content_hash: str | None = None) -> Passage | None:
        """The passage of that name (and content), unless withdrawn."""
        if key in self.withdrawn or self.file is None:
            return None
        found = self._by_hash(content_hash) if content_hash else self.file.by_key(key)
        return found if found and found.key == key else None


class Empty:
    """A search over nothing, for a workspace that has published nothing yet."""

    versions: tuple[str, ...] = ()

    async def find(
        self, question: str, language: str, usable: Callable[[PassageKey], bool], now: datetime, limit: int
    ) -> tuple[Candidate, ...]:
        """Nothing is found in nothing."""
        return ()

    def close(self) -> None:
        """Nothing to let go of."""


class DiskShelf:
    """Implements EditionShelf; caches lie under the folder by content hash, so a restart maps them."""

    def __init__(
        self,
        folder: Path,
        library: LibraryStore,
        directory: Directory,
        builder: SearchBuilder,
        first_rules: Rules,
        progress: Progress,
    ) -> None:
        self._folder = folder
        self._library = library
        self._directory = directory
        self._builder = builder
        self._first_rules = first_rules
        self._progress = progress
        self._loaded: dict[WorkspaceId, tuple[Head, Loaded, str]] = {}
        self._locks: dict[WorkspaceId, asyncio.Lock] = {}
        self._opening: dict[str, asyncio.Lock] = {}

    async def at(self, workspace: WorkspaceId, head: Head) -> Loaded:
        """The edition for this head, or a newer one if this process knows of it already."""
        known = self._loaded.get(workspace)
        if known and known[0].revision >= head.revision:
            return known[1]
        async with self._locks.setdefault(workspace, asyncio.Lock()):
            known = self._loaded.get(workspace)
            if known and known[0].revision >= head.revision:
                return known[1]
            return await self._swap(workspace, known)

    async def prepare(self, workspace: WorkspaceId, manifest: Manifest) -> None:
        """Build the caches of an edition before it is published, so that no customer waits for them."""

        async def hashes() -> list[str]:
            return [e.hash for e in manifest.entries]

        passages, search = await self._open(workspace, manifest.content(), len(manifest.entries), hashes)
        search.close()
        passages.close()

    async def _swap(self, workspace: WorkspaceId, known: tuple[Head, Loaded, str] | None) -> Loaded:
        head = await self._library.head(workspace)
        withdrawn = await self._library.withdrawn(workspace)
        lights = await self._library.lights(workspace)
        if known and known[0].edition == head.edition:
            old = known[1]
            loaded, content = Loaded(old.view, old.search, old.file, withdrawn, lights), known[2]
        elif head.edition is None:
            place = await self._directory.workspace_by_id(workspace)
            view = EditionView(0, self._first_rules, place.language, place.name)
            loaded, content = Loaded(view, Empty(), None, withdrawn, lights), ""
        else:
            loaded, content = await self._load(workspace, head.edition, withdrawn, lights)
        self._loaded[workspace] = (head, loaded, content)
        return loaded

    async def _load(
        self, workspace: WorkspaceId, number: int, withdrawn: frozenset[PassageKey], lights: Lights
    ) -> tuple[Loaded, str]:
        issue = await self._library.issue(workspace, number)
        place = await self._directory.workspace_by_id(workspace)

        async def hashes() -> list[str]:
            manifest, _ = await self._library.manifest(workspace, number)
            return [e.hash for e in manifest.entries]

        passages, search = await self._open(workspace, issue.content, issue.passages, hashes)
        view = EditionView(number, issue.rules, place.language, place.name)
        return Loaded(view, search, passages, withdrawn, lights), issue.content

    async def _open(
        self, workspace: WorkspaceId, content: str, count: int, hashes: Callable[[], Awaitable[list[str]]]
    ) -> tuple[PassageFile, PassageSearch]:
        """Map the caches of an edition, built first where they are missing: once, however many ask.

        Takes:  hashes: asked for the passages' content hashes only when something must be built.
        """
        async with self._opening.setdefault(content, asyncio.Lock()):
            passages = await self._passages(workspace, content, hashes)
            search = await asyncio.to_thread(
                self._builder.open_or_build, content, lambda: iter(passages), count, self._progress
            )
            return passages, search

    async def _passages(
        self, workspace: WorkspaceId, content: str, hashes: Callable[[], Awaitable[list[str]]]
    ) -> PassageFile:
        folder = self._folder / content
        path = folder / "passages.bin"
        if path.exists():
            try:
                return PassageFile(path)
            except ValueError:
                path.unlink()
        await write_passages(path, self._library.stored(workspace, await hashes()))
        return PassageFile(path)

    def tidy(self, keep: Sequence[str]) -> None:
        """Delete the caches of contents that are not in keep; not while one is opened, which may build on any other."""
        if any(lock.locked() for lock in self._opening.values()):
            return
        for folder in self._folder.iterdir() if self._folder.exists() else ():
            if folder.is_dir() and folder.name not in keep:
                shutil.rmtree(folder, ignore_errors=True)
        self._builder.forget(keep)

    def close(self) -> None:
        """Let go of every mapped file."""
        for _, loaded, _ in self._loaded.values():
            loaded.search.close()
            if loaded.file:
                loaded.file.close()
        self._loaded.clear()


def _nothing(_content_hash: str) -> Passage | None:
    return None
