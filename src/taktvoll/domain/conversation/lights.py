"""What the topic's light makes of a decision: who may say it.

I decide whether what the assistant would say leaves, becomes a suggestion for a person, or stays with itself. The
engine asks me about each decision. I never change what the assistant would say.
"""

from dataclasses import replace

from taktvoll.domain.conversation.reasons import EMERGENCIES, RIGHTS
from taktvoll.domain.conversation.stages import Decide
from taktvoll.domain.conversation.steps import HandOver
from taktvoll.domain.conversation.terms import MAIL, Courtesy, Decision, HandoverReason, Light, Turn, Urgency

SPOKEN_BY_MAIL = frozenset(EMERGENCIES) | RIGHTS | {HandoverReason.DISTRESS, HandoverReason.VULNERABLE}
"""Handovers that a mail tells of at once; any other mail is answered by the person who gets it."""

_NOTHING_TO_DO = frozenset(f"courtesy_{kind}" for kind in (Courtesy.THANKS, Courtesy.GOODBYE))


def under_light(channel: str, turn: Turn, outcome: Decide, *, goes_on: bool = False) -> Decide:
    """Let a decision stand, or hand it over with what would have been said.

    Shadow keeps everything from the customer, a handover's notice too, but never what an emergency asks for. On human
    and copilot whatever rests on passages goes to a person; that nothing was found, politeness and the wish for a
    person are no matter of a topic. A mail is held to more: see _by_mail.

    Takes:  goes_on: whether an earlier message of the conversation has been dealt with.
    """
    urgent = outcome.handover is not None and outcome.handover.reason in EMERGENCIES
    if turn.shadow and not urgent:
        return _handed_over(outcome, "shadow", quiet=True)
    if channel == MAIL:
        return _by_mail(turn, outcome, goes_on)
    speech = outcome.speech
    rests_on_passages = speech is not None and bool(speech.named)
    if rests_on_passages and turn.light in (Light.HUMAN, Light.COPILOT):
        return _handed_over(outcome, f"light_{turn.light}", quiet=False)
    return outcome


def _by_mail(turn: Turn, outcome: Decide, goes_on: bool) -> Decide:
    """A mail is answered by people unless its topic is on autopilot; probation was earned in conversations.

    Whoever writes a mail can wait for a person and cannot correct a misunderstanding at once, so the assistant neither
    asks back nor says that it does not know, nor answers thanks: each mail more invites another, and thanks for an
    answer leave nothing to do for anyone. It speaks at once where waiting does harm and where the law wants a receipt.
    """
    if goes_on and outcome.because in _NOTHING_TO_DO:
        return Decide(outcome.decision, "thanks_by_mail", outcome.language)
    if outcome.handover is not None:
        spoken = outcome.handover.reason in SPOKEN_BY_MAIL
        return replace(outcome, handover=replace(outcome.handover, quiet=not spoken))
    speech = outcome.speech
    proven = speech is not None and bool(speech.passages) and turn.topic is not None
    if proven and turn.light is Light.AUTOPILOT:
        return outcome
    made = _handed_over(outcome, "light_mail", quiet=True)
    if outcome.decision is Decision.DECLINE and made.handover is not None:
        return replace(made, handover=replace(made.handover, reason=HandoverReason.NO_ANSWER))
    return made


def _handed_over(outcome: Decide, because: str, quiet: bool) -> Decide:
    if outcome.handover is not None:
        return replace(outcome, handover=replace(outcome.handover, quiet=quiet))
    handover = HandOver(HandoverReason.GUIDELINE, Urgency.NORMAL, quiet)
    return Decide(
        Decision.HANDOVER, because, outcome.language, outcome.confidence, handover=handover, would=outcome
    )
