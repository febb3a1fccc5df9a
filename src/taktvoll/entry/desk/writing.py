"""The addresses of the reply field: sending with a few seconds to undo, drafts, suggestions, macros, who else is here.

I decide which flow an address calls and what its form means; I also wake when a waiting reply is due. router.py takes
my routes in and does the checking. I never keep who is here: it passes through and is gone.
"""

import asyncio
import json
import logging
from datetime import timedelta

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from taktvoll.base.errors import Refused, Unavailable
from taktvoll.base.ids import ConversationId
from taktvoll.base.limits import CLIENT_ID_CHARS_MAX
from taktvoll.base.text import storable
from taktvoll.domain.conversation.ports import Changed, Doing, Present
from taktvoll.domain.conversation.writing import Pending, Reason
from taktvoll.domain.knowledge.terms import PassageKey
from taktvoll.domain.people.permissions import Permission
from taktvoll.entry.desk import session
from taktvoll.entry.desk.files import ids_from
from taktvoll.entry.desk.render import NO_STORE
from taktvoll.entry.desk.session import Visit
from taktvoll.entry.desk.texts import texts
from taktvoll.entry.desk.work import TALK, Act, Deed, Fields, Handler, door, epoch_of
from taktvoll.flows.find_macros import Macro, find_macros
from taktvoll.flows.house import House
from taktvoll.flows.settle_suggestion import reject_suggestion
from taktvoll.flows.take_over import access_for_staff
from taktvoll.flows.write_reply import keep_draft, send_now, send_pending, take_back, write_reply

log = logging.getLogger("taktvoll.desk")


def writing_routes(house: House, act: Act) -> tuple[tuple[str, str, Handler], ...]:
    """Method, path and handler of each address; act checks the form and answers."""
    field = ReplyField(house)
    deeds: tuple[tuple[str, Deed], ...] = (
        ("reply", field.reply),
        ("undo", field.undo),
        ("send-now", field.send_now),
        ("draft", field.draft),
        ("suggestion", field.reject),
        ("present", field.present),
    )
    posts = (
        ("POST", f"{TALK}/{verb}", door(act, Permission.CONVERSATION_REPLY, deed)) for verb, deed in deeds
    )
    return (*posts, ("GET", f"{TALK}/macros", field.macros))


class ReplyField:
    """Each form as the flow that it means, and the clock of waiting replies."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._clocks: set[asyncio.Task[None]] = set()

    async def reply(self, visit: Visit, talk: ConversationId, fields: Fields) -> None:
        """Send a reply under the epoch the page showed, once for each id the page made, when its seconds are over.

        Its files are those that the page showed.
        """
        if fields.get("file"):  # chosen, but never uploaded: without a script it would be left behind
            raise Refused("file.not_added")
        pending = await write_reply(
            self._house,
            visit.staff,
            talk,
            fields.get("text", ""),
            epoch_of(fields),
            _client_id(fields),
            entry_from(fields.get("entry", "")),
            ids_from(fields.get("files", "")),
        )
        if pending is not None:
            clock = asyncio.create_task(self._when_due(pending))
            self._clocks.add(clock)
            clock.add_done_callback(self._clocks.discard)

    async def _when_due(self, pending: Pending) -> None:
        """Send it on time; what fails here, or is lost with this process, the worker picks up."""
        left = pending.due_at - self._house.now()
        await asyncio.sleep(max(left, timedelta()).total_seconds())
        try:
            await send_pending(self._house, pending)
        except Unavailable as error:
            log.warning("a reply is left to the worker: %s", error.code)

    async def undo(self, visit: Visit, talk: ConversationId, fields: Fields) -> None:
        """Take the waiting reply back."""
        await take_back(self._house, visit.staff, talk)

    async def send_now(self, visit: Visit, talk: ConversationId, fields: Fields) -> None:
        """Send the waiting reply at once."""
        await send_now(self._house, visit.staff, talk)

    async def draft(self, visit: Visit, talk: ConversationId, fields: Fields) -> None:
        """Keep what was begun."""
        entry = entry_from(fields.get("entry", ""))
        text, seen = fields.get("text", ""), fields.get("seen", "")[:CLIENT_ID_CHARS_MAX]
        client_id = _client_id(fields) if text else ""
        await keep_draft(self._house, visit.staff, talk, text, client_id, entry, storable(seen))

    async def reject(self, visit: Visit, talk: ConversationId, fields: Fields) -> None:
        """Say that the suggestion is no good."""
        reason, seq = fields.get("reason", ""), fields.get("seq", "")
        if (reason and reason not in set(Reason)) or not (seq.isascii() and seq.isdigit() and len(seq) <= 9):
            raise Refused("request.malformed", detail="suggestion")
        await reject_suggestion(self._house, visit.staff, talk, int(seq), Reason(reason) if reason else None)

    async def present(self, visit: Visit, talk: ConversationId, fields: Fields) -> None:
        """Tell colleagues who look at the same conversation; nothing of it is kept."""
        doing = fields.get("doing", "")
        if doing not in set(Doing):
            raise Refused("request.malformed", detail="doing")
        await access_for_staff(self._house, visit.staff, talk, Permission.CONVERSATION_REPLY)
        present = Present(visit.staff.id, visit.staff.name, Doing(doing))
        self._house.push.publish(Changed(visit.workspace.id, talk, 0, present=present))

    async def macros(self, request: Request, workspace: str, conversation: str) -> Response:
        """Offer what can be put into the reply."""
        visit = await session.enter(self._house, request, workspace, Permission.CONVERSATION_REPLY)
        talk = session.conversation_id(conversation)
        found = await find_macros(self._house, visit.staff, talk, request.query_params.get("q", ""))
        return JSONResponse({"macros": [_shown(m, visit.language) for m in found]}, headers=dict(NO_STORE))


def _shown(macro: Macro, language: str) -> dict[str, str]:
    said = texts(language)
    return {
        "title": macro.title or said[f"macro_{macro.name}"],
        "text": macro.text,
        "language": macro.language,
        "entry": json.dumps(macro.key, ensure_ascii=False) if macro.key else "",
    }


def entry_from(text: str) -> PassageKey | None:
    """Read which entry a reply was taken from: a JSON list of collection, id and language; None where none is."""
    try:
        parts = json.loads(text) if text else None
    except (ValueError, RecursionError):
        parts = None
    if not isinstance(parts, list) or len(parts) != 3:
        return None
    if not all(isinstance(p, str) and storable(p) == p for p in parts):
        return None
    return PassageKey(*parts)


def _client_id(fields: Fields) -> str:
    client_id = fields.get("id", "")
    if not 0 < len(client_id) <= CLIENT_ID_CHARS_MAX or not client_id.replace("-", "").isalnum():
        raise Refused("request.malformed", detail="id")
    return client_id
