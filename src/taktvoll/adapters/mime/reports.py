"""Reports of mail servers: which mail could not be delivered, to whom, and why (RFC 3464, 8098).

I decide what such a report says. The reader calls me. I never read the report's prose: rules for wording do.
"""

from taktvoll.adapters.mime.fields import Fields, one_line, parted_fields
from taktvoll.adapters.mime.parts import Part
from taktvoll.domain.mail.terms import Delivered, Report

RECIPIENTS_MAX = 100
VALUE_CHARS_MAX = 500
_ORIGINALS = frozenset({"message/rfc822", "text/rfc822-headers", "message/global", "message/rfc822-headers"})


def report_of(root: Part) -> Report | None:
    """Read the report that a mail is.

    Gives:  the report, or nothing where the mail is none.
    """
    if root.type != "multipart/report":
        return None
    kind = root.parameters.get("report-type", "").lower()
    deliveries: list[Delivered] = []
    original = ""
    for part in root.children:
        if part.type in ("message/delivery-status", "message/global-delivery-status"):
            kind = kind or "delivery-status"
            deliveries += _deliveries(part)
        elif part.type == "message/disposition-notification":
            kind = kind or "disposition-notification"
            original = original or _value(parted_fields(part.content([]))[0], "original-message-id")
        elif part.type in _ORIGINALS:
            original = parted_fields(part.content([]).lstrip())[0].text("message-id") or original
    return Report(kind[:40], tuple(deliveries[:RECIPIENTS_MAX]), original[:VALUE_CHARS_MAX])


def _deliveries(part: Part) -> list[Delivered]:
    rest, found = part.content([]), []
    for block in rest.split(b"\n\n")[: RECIPIENTS_MAX + 1]:
        fields = parted_fields(block.strip())[0]
        recipient = _value(fields, "final-recipient") or _value(fields, "original-recipient")
        if not recipient:
            continue
        found.append(
            Delivered(
                recipient=recipient,
                action=one_line(fields.text("action")).lower().split(" ")[0][:40],
                status=one_line(fields.text("status")).split(" ")[0][:20],
                diagnostic=_value(fields, "diagnostic-code"),
            )
        )
    return found


def _value(fields: Fields, name: str) -> str:
    """Give a field without the type before it: "rfc822; eva@example.org"."""
    text = one_line(fields.text(name))
    return text.partition(";")[2].strip()[:VALUE_CHARS_MAX] if ";" in text else text[:VALUE_CHARS_MAX]
