"""The texts and files of a mail of ours, decoded, for those who check what it states.

I decide nothing; I undo what the writer did. `taktvoll mail verify` calls me.
I never repair a mail: what cannot be decoded is empty, and so does not fit.
"""

import hashlib
from email import message_from_bytes, policy
from email.message import EmailMessage


def texts_in(raw: bytes, header: str) -> tuple[str, str, str]:
    """Give a header, the plain text and the HTML; "" for each that is missing, or there twice."""
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage), "the policy makes such messages"
    values = mail.get_all(header, [])
    value = str(values[0]) if len(values) == 1 else ""
    return value, _text(mail, "text/plain"), _text(mail, "text/html")


def files_in(raw: bytes) -> tuple[str, ...]:
    """The SHA-256 of each file that is enclosed, in hexadecimal; of one that cannot be decoded, "" for it."""
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage), "the policy makes such messages"
    return tuple(_digest(part) for part in mail.walk() if part.is_attachment())


def _digest(part: EmailMessage) -> str:
    content = part.get_payload(decode=True)
    return hashlib.sha256(content).hexdigest() if isinstance(content, bytes) else ""


def _text(mail: EmailMessage, kind: str) -> str:
    found = [part for part in mail.walk() if part.get_content_type() == kind and not part.is_attachment()]
    if len(found) != 1:
        return ""
    try:
        return str(found[0].get_content()).replace("\r\n", "\n")
    except (LookupError, ValueError, KeyError):
        return ""
