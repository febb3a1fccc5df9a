"""DKIM signatures (RFC 6376), RSA with SHA-256, headers and body relaxed.

I decide which headers are signed. The mail channel calls me. I never keep a key: it is read by reference for each mail.
"""

import base64
import hashlib
import re
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from taktvoll.base.errors import Refused
from taktvoll.domain.delivery.outgoing import Dkim
from taktvoll.domain.delivery.ports import Secrets

KEY_BITS_MIN = 1024
SIGNED = (
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "reply-to",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "content-language",
    "auto-submitted",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "taktvoll-provenance",
)
OVERSIGNED = ("from", "to", "subject", "date", "reply-to")
"""Named once more than they occur, so that nobody can add another one (RFC 6376, section 8.15)."""

_FOLD = re.compile(rb"\r\n(?=[ \t])")
_BLANKS = re.compile(rb"[ \t]+")


class DkimSigner:
    """Implements MailSigner."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    def sign(self, raw: bytes, dkim: Dkim, at: datetime) -> bytes:
        """Put a signature before a mail.

        Raises: Refused("secret.missing"), Refused("secret.malformed") for what is no RSA key of 1,024 bits or more.
        """
        key = self._key(dkim.key)
        head, _, body = raw.partition(b"\r\n\r\n")
        fields = [
            (n.strip().lower().decode("ascii"), line)
            for line in _lines(head)
            for n in [line.split(b":", 1)[0]]
        ]
        names = [name for name, _ in fields if name in SIGNED]
        listed = ":".join([*names, *OVERSIGNED])
        digest = base64.b64encode(hashlib.sha256(_relaxed_body(body)).digest()).decode("ascii")
        value = (
            f" v=1; a=rsa-sha256; c=relaxed/relaxed; d={dkim.domain};\r\n s={dkim.selector}; t={int(at.timestamp())};"
            f"\r\n h={_wrapped(listed, ':')};\r\n bh={digest};\r\n b="
        )
        unsigned = b"DKIM-Signature:" + value.encode("ascii")
        signed = b"".join(_relaxed(line) + b"\r\n" for name, line in _in_order(fields, names)) + _relaxed(
            unsigned
        )
        signature = base64.b64encode(key.sign(signed, PKCS1v15(), SHA256())).decode("ascii")
        folded = "\r\n  ".join(signature[start : start + 72] for start in range(0, len(signature), 72))
        return unsigned + folded.encode("ascii") + b"\r\n" + raw

    def _key(self, reference: str) -> RSAPrivateKey:
        try:
            key = load_pem_private_key(self._secrets.read(reference), None)
        except (ValueError, TypeError) as error:
            raise Refused("secret.malformed", reference=reference) from error
        if not isinstance(key, RSAPrivateKey) or key.key_size < KEY_BITS_MIN:
            raise Refused("secret.malformed", reference=reference)
        return key


def _lines(head: bytes) -> list[bytes]:
    """Part the headers; folded lines stay with theirs."""
    return re.split(rb"\r\n(?![ \t])", head)


def _in_order(fields: list[tuple[str, bytes]], names: list[str]) -> list[tuple[str, bytes]]:
    """The fields in the order in which they are listed; of several of one name the last comes first."""
    left = {name: [f for f in fields if f[0] == name] for name in set(names)}
    return [left[name].pop() for name in names]


def _relaxed(line: bytes) -> bytes:
    """A header in relaxed form (section 3.4.2)."""
    name, _, value = _FOLD.sub(b"", line).partition(b":")
    return name.strip().lower() + b":" + _BLANKS.sub(b" ", value).strip(b" \t")


def _relaxed_body(body: bytes) -> bytes:
    """A body in relaxed form (section 3.4.4): no blanks at line ends, no empty lines at the end."""
    lines = [_BLANKS.sub(b" ", line).rstrip(b" \t") for line in body.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    return b"".join(line + b"\r\n" for line in lines)


def _wrapped(text: str, between: str) -> str:
    lines, line = [], ""
    for word in text.split(between):
        if line and len(line) + len(word) > 68:
            lines.append(line + between)
            line = word
        else:
            line = f"{line}{between}{word}" if line else word
    return "\r\n  ".join([*lines, line])
