"""Searching conversations by words: what can be asked, and how what was typed is read.

I decide the shapes. The store implements Finder, the desk's search page calls it. I never look at who asks.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from taktvoll.base.ids import ConversationId, StaffId, WorkspaceId

WORDS_CHARS_MAX = 200
NAME_CHARS_MIN = 3
"""Shorter than this, a part of a name stands in everybody's."""

_QUOTES = dict.fromkeys(map(ord, "„“”»«"), '"')
_EITHER = re.compile(r"(?i)(?<!\S)oder(?!\S)")
_CODE = re.compile(r"(?i)(?:#|gespräch |conversation )?([0-9a-f]{4})")
_START = re.compile(r"(?<!\S)(\w{2,})\*(?!\S)")


class Status(StrEnum):
    """Where a conversation stands."""

    OPEN = "open"
    ASSISTANT = "assistant"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class After:
    """The last hit of a page: the next page begins after it."""

    at: datetime
    text: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is looked for: words as people type them, with quotes, "or" and "-"; `starts` are words that only begin so.

    `name` is all of it as a part of a contact's name or address, `code` what it is as a conversation's code, if it can
    be one. The filters narrow it, each unless empty; `until` is where the time ends, itself left out.
    """

    words: str
    starts: tuple[str, ...] = ()
    name: str = ""
    code: str = ""
    status: Status | None = None
    owner: StaffId | None = None
    tag: str = ""
    channel: str = ""
    language: str = ""
    since: datetime | None = None
    until: datetime | None = None
    after: After | None = None
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """The newest text of a conversation that holds the words; `pieces` are by turns plain and marked.

    `seq` is that of the text's event, 0 where there is no text.
    """

    conversation: ConversationId
    kind: str
    at: datetime
    pieces: tuple[str, ...]
    owner_kind: str
    owner_id: str
    closed: bool
    language: str
    channel: str
    tags: tuple[str, ...]
    after: After
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Named(Hit):
    """A conversation found by what it is called, with its newest text: by its code, or by the contact it is with."""

    contact: str = ""


class Finder(Protocol):
    """Finds conversations of one workspace by the words of their messages and notes, by code, and by contact."""

    async def find(self, workspace: WorkspaceId, sought: Sought) -> tuple[Hit, ...]:
        """One page, newest first, each conversation once.

        Raises: Refused("search.words") where nothing is left to look for.
        """
        ...

    async def named(self, workspace: WorkspaceId, sought: Sought, *, contacts: bool) -> tuple[Named, ...]:
        """Those whose code it is, then those of contacts whose name or address holds it, newest first; a few at most.

        Takes:  contacts: whether whoever asks may know of contacts.
        """
        ...

    async def channels(self, workspace: WorkspaceId) -> tuple[str, ...]:
        """The channels there are to narrow by."""
        ...


def sought_from(typed: str) -> Sought:
    """Read what was typed; a word with a star at its end stands for all that begin so.

    German quotes quote and "oder" means "or", outside quotes: as words of a search, both would find nothing.
    """
    short = " ".join(typed[:WORDS_CHARS_MAX].translate(_QUOTES).split())
    parts = short.split('"')
    parts[::2] = [_EITHER.sub("or", part) for part in parts[::2]]
    short = '"'.join(parts)
    starts = tuple(_START.findall(short))
    words, name = " ".join(_START.sub(" ", short).split()), short if len(short) >= NAME_CHARS_MIN else ""
    return Sought(words=words, starts=starts, name=name, code=code_in(short))


def code_in(typed: str) -> str:
    """The code of a conversation, if that is what was typed: "FF0B", "#ff0b", "Gespräch FF0B"; else nothing."""
    found = _CODE.fullmatch(typed.strip())
    return found[1].lower() if found else ""


def pieces_of(marked: str, begin: str, end: str) -> tuple[str, ...]:
    """Split a text with marks into pieces that alternate between plain and marked, plain first."""
    pieces: list[str] = []
    for part in marked.split(begin):
        if not pieces:
            pieces.append(part)
            continue
        inside, _, outside = part.partition(end)
        pieces += [inside, outside]
    return tuple(pieces)
