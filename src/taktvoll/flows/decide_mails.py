"""Mails that wait are decided, each once; what must not be answered by itself goes quietly to a person.

I decide in which order the job works them off. The worker calls me every second. I never answer twice: the second
commit refuses a message that is decided already.
"""

import logging
from datetime import datetime

from taktvoll.base.errors import Broken, Refused, way_of
from taktvoll.base.ids import ConversationId, WorkspaceId
from taktvoll.base.limits import MAIL_TURNS_MAX
from taktvoll.domain.conversation.ports import Change, Changed, DecideStatus, Stored
from taktvoll.domain.conversation.reasons import emergency_of, urgency_of
from taktvoll.domain.conversation.state import fold_new
from taktvoll.domain.conversation.terms import HandoverReason, NewEvent, Urgency
from taktvoll.domain.library.ports import Head
from taktvoll.domain.mail.intake import KeptMail, Silent
from taktvoll.domain.mail.threads import ANSWERS_MAX, ANSWERS_WITHIN
from taktvoll.domain.people.queues import queues_of, route
from taktvoll.flows.answer_turn import answer_turn
from taktvoll.flows.house import House
from taktvoll.flows.resume_turns import turn_of

log = logging.getLogger("taktvoll.mail")
BATCH = 50

FAULTS = (Broken, Refused, ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""What a fault of ours raises; that the database is away is none."""


async def decide_mails(house: House, workspace: WorkspaceId) -> int:
    """Decide the mails that came since the last time, the oldest first.

    Gives:  how many were decided now. One that breaks our decision goes to a person; none holds up another.
    Raises: Unavailable while the database is away; what waits then is decided later.
    """
    seen: set[ConversationId] = set()
    decided = 0
    while len(seen) < MAIL_TURNS_MAX:
        waiting = await house.record.undecided(workspace, house.now(), BATCH + len(seen), mail=True)
        fresh = [stored for stored in waiting if stored.id not in seen]
        if not fresh:
            break
        head = await house.library.head(workspace)
        for stored in fresh:
            seen.add(stored.id)
            try:
                decided += await _decide(house, workspace, stored, head)
            except FAULTS as error:  # it would fail the next time, too, before the eyes of nobody
                log.error("a mail was not decided: %s: %s", type(error).__name__, way_of(error))
                decided += await _hand_over(
                    house, workspace, stored, HandoverReason.GUIDELINE, Urgency.NORMAL
                )
    return decided


async def _decide(house: House, workspace: WorkspaceId, stored: Stored, head: Head) -> bool:
    turn, state = await turn_of(house, workspace, stored)
    mails = await house.mails.mails(workspace, stored.id)
    why = await _silent(house, workspace, mails, state.decided_customer_seq, house.now())
    if why:
        return await _to_person(house, workspace, stored, turn.text)
    _, events = await answer_turn(house, turn, state, head)
    return bool(events)


async def _silent(
    house: House, workspace: WorkspaceId, mails: tuple[KeptMail, ...], after: int, now: datetime
) -> str:
    """Why nothing may answer the mails that came after a seq; too many answers already are a reason, too."""
    waiting = [m for m in mails if m.seq > after and not m.automatic]
    if reason := next((m.silent for m in waiting if m.silent), ""):
        return reason
    counted = {key for m in waiting if m.facts for key in m.facts.counted}
    for address in sorted(counted):
        if len(await house.mails.answered_at(workspace, address, now - ANSWERS_WITHIN)) >= ANSWERS_MAX:
            return Silent.TOO_MANY
    return ""


async def _to_person(house: House, workspace: WorkspaceId, stored: Stored, text: str) -> bool:
    """Give the conversation to a person without a word to its sender; what an emergency says raises its urgency."""
    signals = await house.understanding.read(text, stored.state.language)
    need = emergency_of(signals.needs)
    reason = need.reason if need else HandoverReason.GUIDELINE
    urgency = urgency_of(reason, signals.urgency) if need else Urgency.NORMAL
    return await _hand_over(house, workspace, stored, reason, urgency, signals.language)


async def _hand_over(
    house: House,
    workspace: WorkspaceId,
    stored: Stored,
    reason: HandoverReason,
    urgency: Urgency,
    language: str | None = None,
) -> bool:
    state, at = stored.state, house.now()
    place = await house.directory.workspace_by_id(workspace)
    payload: dict[str, object] = {
        "epoch": state.owner_epoch + 1,
        "from": state.owner.kind.value,
        "queue": route(queues_of(place.settings), reason, None, language),
        "reason": reason.value,
        "urgency": urgency.value,
    }
    event = NewEvent("conversation.handed_over", at, "assistant", payload)
    decided = await house.record.decide(
        Change(
            workspace=workspace,
            conversation=stored.id,
            at=at,
            events=(event,),
            state=fold_new(state, event),
            expect_epoch=state.owner_epoch,
            expect_customer_seq=state.last_customer_seq,
        )
    )
    if decided.status is not DecideStatus.OK:
        return False
    house.push.publish(Changed(workspace, stored.id, decided.events[-1].seq, events=decided.events))
    return True
