"""What there is to read in a mail: the texts of its parts, put together, and the files that came along.

I decide which of two versions of a text counts and which part is a file. The reader calls me.
I never show a part twice.
"""

import re
from dataclasses import dataclass, field
from html import escape

from taktvoll.adapters.mime.charsets import decoded
from taktvoll.adapters.mime.fields import parted_fields
from taktvoll.adapters.mime.files import attachment_of
from taktvoll.adapters.mime.html_text import text_of
from taktvoll.adapters.mime.parts import Part
from taktvoll.base.text import clean
from taktvoll.domain.mail.terms import Attachment, Sealed

TEXT_CHARS_MAX = 500_000
_LOOKS_LIKE_HTML = re.compile(
    r"^\s*(?:<!doctype html|<\?xml|<(?:html|head|body|div|p|table|span|font|br|meta|style|center)\b)[^<>]*>",
    re.IGNORECASE,
)
_HAS_ENDS = re.compile(r"</(?:html|body|div|p|table|span|font|td|a|b|strong)>|<br ?/?>", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"\bhtml\b|\bbrowser\b|\b(?:e-?mail|mail)-?(?:programm|client)\b|darstell|display", re.IGNORECASE
)
_PLACEHOLDER_CHARS_MAX = 300
_PGP_SIGNED, _PGP_SIGNATURE, _PGP_END = (
    "-----BEGIN PGP SIGNED MESSAGE-----",
    "-----BEGIN PGP SIGNATURE-----",
    "-----END PGP SIGNATURE-----",
)
_SIGNATURES = frozenset(
    {
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-signature",
        "application/pgp-encrypted",
    }
)
_REPORT_PARTS = frozenset(
    {
        "message/delivery-status",
        "message/global-delivery-status",
        "message/disposition-notification",
        "text/rfc822-headers",
        "message/rfc822-headers",
    }
)
_SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})


@dataclass(slots=True)
class Body:
    """What was found, and what was wrong with it; `room` is how many characters of text may still come."""

    problems: list[str]
    room: int = TEXT_CHARS_MAX * 2
    plain: str = ""
    html: str = ""
    attachments: list[Attachment] = field(default_factory=list)
    signed: Sealed = Sealed.NO
    encrypted: Sealed = Sealed.NO
    calendar_method: str = ""


@dataclass(slots=True)
class _Piece:
    plain: str = ""
    html: str = ""


def body_of(root: Part, problems: list[str]) -> Body:
    """Collect texts and files of a mail."""
    body = Body(problems)
    pieces = _pieces(root, body, alternative=False)
    body.plain = "\n\n".join(text for text in map(_best, pieces) if text)
    if any(piece.html for piece in pieces):
        body.html = "\n".join(piece.html or f"<pre>{escape(piece.plain)}</pre>" for piece in pieces)
    _read_inline_pgp(body)
    if len(body.plain) > TEXT_CHARS_MAX:
        body.problems.append("text_cut")
        body.plain = body.plain[:TEXT_CHARS_MAX]
    return body


def _pieces(part: Part, body: Body, *, alternative: bool) -> list[_Piece]:
    if part.type.startswith("multipart/") and part.children:
        _note_seals(part, body)
        inner = [
            _pieces(child, body, alternative=part.type == "multipart/alternative") for child in part.children
        ]
        if part.type == "multipart/alternative":
            return [_chosen([piece for pieces in inner for piece in pieces])]
        return [piece for pieces in inner for piece in pieces]
    if part.type in _SMIME:
        kind = part.parameters.get("smime-type", "").lower()
        sealed = "signed" in kind or "certs" in kind
        body.signed, body.encrypted = (
            (Sealed.SMIME, body.encrypted) if sealed else (body.signed, Sealed.SMIME)
        )
    if part.type == "text/calendar":
        body.calendar_method = part.parameters.get("method", "").upper()[:20] or body.calendar_method
    if part.type in _SIGNATURES or part.type in _REPORT_PARTS:
        return []
    if _is_text(part, alternative=alternative):
        return [_text(part, body)]
    _attach(part, body)
    return []


def _note_seals(part: Part, body: Body) -> None:
    protocol = part.parameters.get("protocol", "").lower()
    sealed = Sealed.PGP if "pgp" in protocol else Sealed.SMIME
    if part.type == "multipart/signed":
        body.signed = sealed
    elif part.type == "multipart/encrypted":
        body.encrypted = sealed


def _is_text(part: Part, *, alternative: bool) -> bool:
    if part.type not in ("text/plain", "text/html"):
        return False
    return part.disposition != "attachment" and (alternative or not part.name)


def _text(part: Part, body: Body) -> _Piece:
    raw = part.content(body.problems)
    text, problem = decoded(raw, part.parameters.get("charset", ""))
    if problem:
        body.problems.append(problem)
    if len(text) > body.room:  # of all parts together: what one part may cost, two hundred may not
        body.problems.append("text_cut")
        text = text[: body.room]
    body.room -= len(text)
    if part.type == "text/html" or (_LOOKS_LIKE_HTML.match(text) and _HAS_ENDS.search(text)):
        return _Piece(html=text)
    if part.parameters.get("format", "").lower() == "flowed":
        text = unflowed(text, part.parameters.get("delsp", "").lower() == "yes")
    return _Piece(plain=clean(text))


def unflowed(text: str, delete_space: bool) -> str:
    """Join the soft line ends of format=flowed (RFC 3676), quotes at their depth."""
    lines: list[list[str]] = []
    open_depth = -1
    for line in text.replace("\r\n", "\n").split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        words = line[depth:].removeprefix(" ")
        flows = words.endswith(" ") and words != "-- "
        if open_depth == depth and words and words != "-- ":
            lines[-1].append(words)
        else:
            lines.append([f"{'>' * depth}{' ' if depth else ''}", words])
        if flows and delete_space:
            lines[-1][-1] = words[:-1]
        open_depth = depth if flows else -1
    return "\n".join("".join(line) for line in lines)


def _chosen(pieces: list[_Piece]) -> _Piece:
    plain = next((piece.plain for piece in pieces if piece.plain.strip()), "")
    html = next((piece.html for piece in reversed(pieces) if piece.html.strip()), "")
    return _Piece(plain, html)


def _best(piece: _Piece) -> str:
    """Give the text to read: the plain one, unless it only says that there is HTML."""
    if not piece.html:
        return piece.plain
    if piece.plain.strip() and not (
        len(piece.plain) < _PLACEHOLDER_CHARS_MAX and _PLACEHOLDER.search(piece.plain)
    ):
        return piece.plain
    read = text_of(piece.html)
    return read if len(read) > len(piece.plain) or not piece.plain.strip() else piece.plain


def _attach(part: Part, body: Body) -> None:
    content = part.content(body.problems)
    name = part.name
    if part.type == "message/rfc822" and not name:
        name = f"{parted_fields(content.lstrip())[0].text('subject')[:80] or 'message'}.eml"
    attachment, problem = attachment_of(
        content,
        part.type,
        name,
        len(body.attachments) + 1,
        inline=part.disposition == "inline" or bool(part.fields.source("content-id")),
        content_id=part.fields.source("content-id").strip("<> ")[:200],
    )
    body.attachments.append(attachment)
    if problem:
        body.problems.append(problem)
    if attachment.sniffed == "application/ms-tnef" or part.type == "application/ms-tnef":
        body.problems.append("tnef")


def _read_inline_pgp(body: Body) -> None:
    if _PGP_SIGNED in body.plain:
        body.signed = Sealed.PGP
        before, _, rest = body.plain.partition(_PGP_SIGNED)
        signed, _, after = rest.partition(_PGP_SIGNATURE)
        _, _, words = signed.partition("\n\n")
        body.plain = f"{before}{words}{after.partition(_PGP_END)[2]}".strip()
    elif "-----BEGIN PGP MESSAGE-----" in body.plain:
        body.encrypted = Sealed.PGP
