"""How soon a person must look at a message.

I decide by the gravest need, and by the tone of messages that need nothing. The understanding adapter calls me.
I never read minutes or dates: words like "dringend" are heard, but lift a mere question no higher than normal.
"""

# ruff: noqa: E501 - a rule is read on one line

import re
from collections.abc import Sequence

from taktvoll.domain.conversation.needs import EMERGENCIES
from taktvoll.domain.conversation.terms import Courtesy, HandoverReason, Mood, Need, Urgency

JOYFUL_PPM = 500_000
_HIGH = frozenset(
    {
        HandoverReason.ANGER,
        HandoverReason.DISTRESS,
        HandoverReason.FRAUD,
        HandoverReason.LEGAL_THREAT,
        HandoverReason.VULNERABLE,
    }
)
_PRAISE = re.compile(
    r"\b(?:dank\w*|merci|thx|thanks?|thank you|klasse|spitze|super|toll\w*|prima|perfekt\w*|lob|genial|mega|bestens|"
    r"freu\w*|begeistert|wunderbar|hammer|liebe grüße|top|great|brilliant|love|awesome|cheers|haha\w*|lol|geklappt|"
    r"nett\w*|zufrieden|glücklich|schön\w*|happy)\b",
    re.IGNORECASE,
)
_WANTS = re.compile(
    r"\?|\b(?:bitte (?!schön|sehr)|wie|wann|wo|warum|wieso|welche\w*|kann ich|können sie|könnt ihr|gibt es|brauche|möchte|please|how|when|where|could|can)\b",
    re.IGNORECASE,
)


def urgency_of(text: str, needs: Sequence[Need], courtesy: Courtesy | None, mood: Mood) -> Urgency:
    """Tell how soon a person must look."""
    reasons = {need.reason for need in needs}
    if reasons & set(EMERGENCIES):
        return Urgency.CRITICAL
    if reasons & _HIGH:
        return Urgency.HIGH
    if reasons:
        return Urgency.NORMAL
    if courtesy is not None:
        return Urgency.LOW
    if not _WANTS.search(text) and (_PRAISE.search(text) or mood.joy >= JOYFUL_PPM):
        return Urgency.LOW
    return Urgency.NORMAL
