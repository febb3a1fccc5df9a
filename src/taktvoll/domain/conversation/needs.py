"""Which reasons for a person the words of a message show beyond doubt.

I decide which phrases are looked for: those of emergencies, of claims, and the wish for a person. The understanding
adapter and the training of the models call me. I never weigh one against another.
"""

from taktvoll.domain.conversation import claims, emergencies
from taktvoll.domain.conversation.phrases import VERSION, said
from taktvoll.domain.conversation.terms import HandoverReason
from taktvoll.domain.conversation.wants_person import wants_person

__all__ = ["EMERGENCIES", "VERSION", "phrases_said", "reasons_said"]

EMERGENCIES = (
    HandoverReason.EMERGENCY_SUICIDE,
    HandoverReason.EMERGENCY_MEDICAL,
    HandoverReason.EMERGENCY_GAS,
    HandoverReason.EMERGENCY_VIOLENCE,
)
_PHRASES = (*emergencies.PHRASES, *claims.PHRASES)


def phrases_said(text: str) -> dict[HandoverReason, list[tuple[str, str]]]:
    """Give each reason that phrases show with the names of these and the words that said them."""
    found: dict[HandoverReason, list[tuple[str, str]]] = {}
    for one in said(text, _PHRASES):
        found.setdefault(one.phrase.reason, []).append((one.phrase.name, one.words))
    return found


def reasons_said(text: str, language: str | None) -> tuple[HandoverReason, ...]:
    """Give the reasons that phrases show, the wish for a person among them."""
    found = list(phrases_said(text))
    if wants_person(text, language) is not None:
        found.append(HandoverReason.REQUEST)
    return tuple(found)
