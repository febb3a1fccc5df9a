"""The signed statement of where a mail's text comes from, and what a reader of the mail can check of it.

I decide what is stated and how it is written into one header. The mail channel signs me, `taktvoll mail verify` reads
me. I never hold a key.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from taktvoll.base.hashing import canonical, content_hash
from taktvoll.domain.conversation.terms import Event

HEADER = "Taktvoll-Provenance"
VERSION = 1
_QUOTE_MARK = re.compile(r"^(?:> ?)+|^ (?=[ >F])", re.MULTILINE)
_FIELD = re.compile(r"\b([vkbs])=([A-Za-z0-9_-]*)")


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement as found in a mail: its exact bytes, by which key it is signed, and the signature."""

    key_id: str
    body: bytes
    signature: bytes

    @property
    def fields(self) -> Mapping[str, Any]:
        """What is stated; empty where it cannot be read."""
        try:
            fields = json.loads(self.body)
        except ValueError:
            return {}
        return cast("Mapping[str, Any]", fields) if isinstance(fields, dict) else {}


def statement(released: Event, plain: str, html: str) -> bytes:
    """State what is known of a released message and the exact words that leave.

    Takes:  released: the event message.released; plain, html: the two forms of the text as they are sent.
    Gives:  canonical JSON; it names neither conversation nor customer.
    Source: AI Act Art. 50(2).
    """
    p = cast("Mapping[str, Any]", released.payload)
    generated = bool(p["generated"])
    files = [f["sha256"] for f in p.get("files", ())]
    return canonical(
        {
            "author": p["author"],
            "edition": released.edition,
            "editor": p.get("editor"),
            "generated": generated,
            "html": digest_of(html),
            "model": p.get("model"),
            "plain": digest_of(plain),
            "sources": sorted({source[-1] for source in p["evidence"]}),
            "texts": p.get("texts"),
            "v": VERSION,
            "verbatim": p["author"] == "assistant" and not generated,
        }
        | ({"files": sorted(files)} if files else {})
    )


class Finding(StrEnum):
    """What does not fit in a mail that carries a statement."""

    UNSIGNED = "unsigned"
    UNREADABLE = "unreadable"
    PLAIN = "plain"
    HTML = "html"
    FILES = "files"


def findings_of(
    stated: Stated, genuine: bool, plain: str, html: str, files: Sequence[str] = ()
) -> tuple[Finding, ...]:
    """Compare a statement with the mail that carries it.

    Takes:  genuine: whether the signature holds; plain, html: the mail's two texts, decoded; files: the SHA-256 of
            each that is enclosed, in hexadecimal.
    """
    fields = stated.fields
    if not genuine:
        return (Finding.UNSIGNED,)
    if fields.get("v") != VERSION:
        return (Finding.UNREADABLE,)
    found = [Finding.PLAIN] if fields.get("plain") != digest_of(plain) else []
    found += [Finding.HTML] if fields.get("html") != digest_of(html) else []
    return (*found, Finding.FILES) if fields.get("files", []) != sorted(files) else tuple(found)


def digest_of(text: str) -> str:
    """Name a text by its words: how lines are broken and quotes marked may change on the way."""
    return content_hash(" ".join(_QUOTE_MARK.sub("", text.replace("\r\n", "\n")).split()).encode("utf-8"))


def header_of(key_id: str, body: bytes, signature: bytes) -> str:
    """Write a signed statement as the value of one header; blanks are where it may be folded."""
    encoded = _text(body)
    pieces = " ".join(encoded[start : start + 60] for start in range(0, len(encoded), 60))
    signed = _text(signature)
    return f"v={VERSION}; k={key_id}; s={signed[:43]} {signed[43:]}; b={pieces}"


def stated_in(value: str) -> Stated | None:
    """Read the header's value; None where it is none of ours."""
    fields = dict(_FIELD.findall(re.sub(r"\s+", "", value)))
    try:
        return Stated(fields["k"], _bytes(fields["b"]), _bytes(fields["s"]))
    except (KeyError, ValueError, binascii.Error):
        return None


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
