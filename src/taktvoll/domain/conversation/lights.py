"""What the topic's light makes of a decision: who may say it.

I decide whether what the assistant would say leaves, becomes a suggestion for a person, or stays with itself. The
engine asks me about each decision. I never change what the assistant would say.
"""

from dataclasses import replace

from taktvoll.domain.conversation.stages import Decide
from taktvoll.domain.conversation.steps import HandOver
from taktvoll.domain.conversation.terms import Decision, HandoverReason, Light, Turn, Urgency


def under_light(turn: Turn, outcome: Decide) -> Decide:
    """Let a decision stand, or hand it over with what would have been said.

    Shadow keeps everything from the customer, a handover's notice too, but never what an emergency asks for. On human
    and copilot whatever rests on passages goes to a person; that nothing was found, politeness and the wish for a
    person are no matter of a topic.
    """
    urgent = outcome.handover is not None and outcome.handover.urgency is Urgency.CRITICAL
    if turn.shadow and not urgent:
        return _handed_over(outcome, "shadow", quiet=True)
    speech = outcome.speech
    rests_on_passages = speech is not None and bool(speech.named)
    if rests_on_passages and turn.light in (Light.HUMAN, Light.COPILOT):
        return _handed_over(outcome, f"light_{turn.light}", quiet=False)
    return outcome


def _handed_over(outcome: Decide, because: str, quiet: bool) -> Decide:
    if outcome.handover is not None:
        return replace(outcome, handover=replace(outcome.handover, quiet=quiet))
    handover = HandOver(HandoverReason.GUIDELINE, Urgency.NORMAL, quiet)
    return Decide(
        Decision.HANDOVER, because, outcome.language, outcome.confidence, handover=handover, would=outcome
    )
