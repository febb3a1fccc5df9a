"""What stands around the reply field: the open suggestion, a reply that is being sent, what was begun before.

I decide what an agent is shown of it. The routes of a conversation call me. I never write HTML nor change anything.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from taktvoll.base.downloads import size_of
from taktvoll.base.ids import ConversationId
from taktvoll.base.time import rfc3339
from taktvoll.domain.autonomy.draw import answered_with
from taktvoll.domain.conversation.files import refused_by
from taktvoll.domain.conversation.terms import OwnerKind
from taktvoll.domain.conversation.writing import Reason
from taktvoll.domain.governance.wording import source_of
from taktvoll.domain.people.permissions import Permission, may
from taktvoll.entry.desk.reply_address import Box, box_of
from taktvoll.entry.desk.session import Visit
from taktvoll.entry.desk.texts import texts
from taktvoll.flows.house import House
from taktvoll.flows.preview_reply import Around, around_reply
from taktvoll.flows.settle_suggestion import left_open, suggestion_in


@dataclass(frozen=True, slots=True)
class Link:
    """A source to look at."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Suggested:
    """The answer that the assistant suggests; `entry` names the one entry it consists of, as JSON, or is empty.

    `several`: the message asks more than one thing, and the answer need not settle all of it; `open` are those that it
    leaves without an answer, in the customer's words.
    """

    seq: int
    text: str
    language: str
    sources: tuple[Link, ...]
    entry: str
    several: bool
    open: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A reply that is being sent; `due_at` is RFC 3339, `files` are the names of what goes along."""

    text: str
    due_at: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Added:
    """A file that goes along with what is being written."""

    id: str
    name: str
    size: str


@dataclass(frozen=True, slots=True)
class Begun:
    """What was begun, or came back; `why` says what kept it from being sent."""

    text: str = ""
    client_id: str = ""
    entry: str = ""
    why: str = ""

    def as_json(self) -> str:
        """For the page's script."""
        return json.dumps(
            {"text": self.text, "id": self.client_id, "entry": self.entry, "why": self.why},
            ensure_ascii=False,
        )


@dataclass(frozen=True, slots=True)
class Composer:
    """Everything around the reply field."""

    suggestion: Suggested | None
    waiting: Waiting | None
    begun: Begun
    files: tuple[Added, ...] = ()
    reasons: tuple[str, ...] = tuple(Reason)
    address: Box | None = None


async def composer_of(house: House, visit: Visit, conversation: ConversationId) -> Composer:
    """Gather it for the one who looks; whoever may not reply has nothing begun."""
    state = (await house.record.access(visit.workspace.id, conversation)).state
    gathered = await _gathered(house, visit, conversation)
    return replace(gathered, address=await box_of(house, visit, conversation, state))


async def _gathered(house: House, visit: Visit, conversation: ConversationId) -> Composer:
    suggestion = await _suggested(house, visit, conversation)
    if not may(visit.staff, Permission.CONVERSATION_REPLY):
        return Composer(suggestion, None, Begun())
    place = visit.workspace.id, visit.staff.id, conversation
    pending, draft = await house.writing.pending(*place), await house.writing.draft(*place)
    unsent, along = await house.files.unsent(*place), pending.files if pending else ()
    names = tuple(f.name for f in unsent if f.id in along)
    waiting = Waiting(pending.text, rfc3339(pending.due_at), names) if pending else None
    suggestion = None if waiting else suggestion  # what is being answered is not suggested again
    added = tuple(
        Added(str(f.id), f.name, size_of(f.size, visit.language)) for f in unsent if f.id not in along
    )
    if draft is None:
        return Composer(suggestion, waiting, Begun(), added)
    entry = json.dumps(draft.entry, ensure_ascii=False) if draft.entry else ""
    begun = Begun(draft.text, draft.client_id, entry, _why(draft.why, visit.language))
    return Composer(suggestion, waiting, begun, added)


async def around_of(house: House, visit: Visit, conversation: ConversationId, text: str) -> Around | None:
    """What is put around a reply by mail; None for the chat, and for whoever may not reply."""
    if not may(visit.staff, Permission.CONVERSATION_REPLY):
        return None
    return await around_reply(house, visit.staff, conversation, text)


def _why(code: str, language: str) -> str:
    if not code:
        return ""
    said = texts(language)
    why = said["came_back_held"] if code == "draft.held" else refused_by(code).text(language)
    return said["came_back"].format(why=why)


async def _suggested(house: House, visit: Visit, conversation: ConversationId) -> Suggested | None:
    """The open suggestion, as long as all of it still exists and people have the conversation."""
    stored = await house.record.access(visit.workspace.id, conversation)
    if stored.state.owner.kind is OwnerKind.ASSISTANT or stored.state.closed:
        return None
    decided = await suggestion_in(house, visit.workspace.id, conversation)
    if decided is None:
        return None
    named = answered_with(decided)
    passages = await house.library.passages_by_hash(visit.workspace.id, named)
    if not named or any(h not in passages for h in named):
        return None
    said = [passages[h] for h in named]
    sources = tuple(source_of(p, visit.workspace.name, visit.language) for p in said)
    return Suggested(
        seq=decided.seq,
        text="\n\n".join(p.text for p in said),
        language=said[0].language,
        sources=tuple(Link(s.title, s.url) for s in sources),
        entry=json.dumps(said[0].key, ensure_ascii=False) if len(said) == 1 else "",
        several=cast("Mapping[str, Any]", decided.payload["suggestion"])["because"] == "several_questions",
        open=await left_open(house, visit.workspace.id, conversation, decided),
    )
