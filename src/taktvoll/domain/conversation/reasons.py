"""What a heard need leads to: which are emergencies, which are rights, how soon a person must look, which notice fits.

I decide what no edition may switch off. The stages, the fold, the desk and `ask` call me.
I never hear a need myself: the reader of signals does.
"""

from collections.abc import Mapping, Sequence

from taktvoll.domain.conversation.terms import HandoverReason, Need, Urgency

EMERGENCIES: Mapping[HandoverReason, str] = {
    HandoverReason.EMERGENCY_MEDICAL: "medical",
    HandoverReason.EMERGENCY_SUICIDE: "suicide",
    HandoverReason.EMERGENCY_GAS: "gas",
    HandoverReason.EMERGENCY_VIOLENCE: "violence",
    HandoverReason.FRAUD: "fraud",
}
"""Reasons that come before everything, and what each is called for short."""

RIGHTS = frozenset({HandoverReason.REVOCATION, HandoverReason.DATA_PROTECTION})
"""Declarations that the law lets people make in any words; they are confirmed and routed, never argued with."""

LEAST: Mapping[HandoverReason, Urgency] = {
    HandoverReason.EMERGENCY_MEDICAL: Urgency.CRITICAL,
    HandoverReason.EMERGENCY_SUICIDE: Urgency.CRITICAL,
    HandoverReason.EMERGENCY_GAS: Urgency.CRITICAL,
    HandoverReason.EMERGENCY_VIOLENCE: Urgency.CRITICAL,
    HandoverReason.FRAUD: Urgency.HIGH,
    HandoverReason.DISTRESS: Urgency.HIGH,
    HandoverReason.LEGAL_THREAT: Urgency.HIGH,
    HandoverReason.VULNERABLE: Urgency.HIGH,
}
"""How soon a person must at least look; normal for what is not listed."""

NOTICES: Mapping[HandoverReason, str] = {
    HandoverReason.EMERGENCY_MEDICAL: "emergency_medical",
    HandoverReason.EMERGENCY_SUICIDE: "emergency_suicide",
    HandoverReason.EMERGENCY_GAS: "emergency_gas",
    HandoverReason.EMERGENCY_VIOLENCE: "emergency_violence",
    HandoverReason.FRAUD: "emergency_fraud",
    HandoverReason.ANGER: "handover_anger",
    HandoverReason.DISTRESS: "handover_distress",
    HandoverReason.LEGAL_THREAT: "handover_legal_threat",
    HandoverReason.DATA_PROTECTION: "handover_data_protection",
    HandoverReason.REVOCATION: "handover_revocation",
    HandoverReason.VULNERABLE: "handover_vulnerable",
    HandoverReason.FILE: "handover_file",
}
"""The fixed text that tells of a handover; the plain one for what is not listed."""

_ORDER = tuple(Urgency)


def emergency_of(needs: Sequence[Need]) -> Need | None:
    """The emergency to act on: life before money, else the reader's order."""
    found = [n for n in needs if n.reason in EMERGENCIES]
    return min(found, key=lambda n: n.reason is HandoverReason.FRAUD, default=None)


def right_of(reasons: Sequence[HandoverReason]) -> HandoverReason | None:
    """The first right that was claimed, if any."""
    return next((r for r in reasons if r in RIGHTS), None)


def urgency_of(reason: HandoverReason, heard: Urgency) -> Urgency:
    """How soon a person must look: as heard, but never later than the reason allows."""
    return max(heard, LEAST.get(reason, Urgency.NORMAL), key=_ORDER.index)


def notice_of(reasons: Sequence[HandoverReason]) -> str:
    """The name of the fixed text that tells of a handover for these reasons, the main one first."""
    return NOTICES.get(reasons[0], "handover") if reasons else "handover"
