"""What files that came along with a message make of a decision: a person looks at them.

I decide that the assistant, which cannot read a file, never has the last word on one. The engine asks me about each
decision, before the topic's light. I never look at a file.
"""

from dataclasses import replace

from taktvoll.domain.conversation.reasons import urgency_of
from taktvoll.domain.conversation.stages import Decide
from taktvoll.domain.conversation.steps import HandOver
from taktvoll.domain.conversation.terms import Decision, HandoverReason, Light, Turn

_FILE_SAYS_MORE = frozenset({HandoverReason.NO_ANSWER})
"""Reasons for a person that hold only of the words; the file may well hold what they lack."""


def with_files(turn: Turn, outcome: Decide) -> Decide:
    """Let a person look at what came along, and say besides what is proven.

    The answer to the words is said as well only on a topic that earned autopilot: whoever shows something mostly asks
    about it, and an answer that takes no notice of it must at least be right without it. Everything else that would
    have been said becomes a suggestion. What was heard in the words (an emergency, a right, a wish) keeps its own way.
    Source: decision 0028.
    """
    if not turn.files:
        return outcome
    reason = outcome.handover.reason if outcome.handover else None
    if reason is not None and reason not in _FILE_SAYS_MORE:
        return outcome
    speech = outcome.speech
    handover = HandOver(HandoverReason.FILE, urgency_of(HandoverReason.FILE, turn.signals.urgency))
    proven = speech is not None and bool(speech.passages) and turn.topic is not None
    if proven and turn.light is Light.AUTOPILOT and not turn.shadow:
        return replace(outcome, because="file_answered", handover=handover)
    would = outcome if speech is not None and speech.named else None
    return Decide(
        Decision.HANDOVER, "file", outcome.language, outcome.confidence, handover=handover, would=would
    )
