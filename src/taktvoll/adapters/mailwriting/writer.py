"""MailWriter, the port LetterWriter: headers, then text and HTML side by side, then what is enclosed.

I decide how a letter lies in a mail. The mail channel calls me. I never write a header that I have not folded and
checked here: the standard library's folding breaks message ids and long references.
"""

import base64
import hashlib
import re
from collections.abc import Callable
from email.header import Header
from email.utils import format_datetime

from taktvoll.adapters.mailwriting.flowed import flowed
from taktvoll.adapters.mailwriting.html import html_of
from taktvoll.adapters.mailwriting.quoted import quoted_printable
from taktvoll.base.errors import Broken
from taktvoll.domain.delivery.letter import Letter, plain_of
from taktvoll.domain.delivery.provenance import HEADER
from taktvoll.domain.delivery.terms import Enclosed
from taktvoll.domain.mail.terms import Address

LINE_MAX = 78
LINE_BYTES_MAX = 998
NAME_CHARS_MAX = 120
PIECE_CHARS_MAX = 60
_PLAIN_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_UNSAFE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_FILE_NAME = re.compile(r'[\x00-\x1f\x7f-\x9f"*/:<>?\\|\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]')
_WITHIN = ("message/", "multipart/")
"""Types that Base64 is not for (RFC 2045, section 6.4): a mail that is sent along is a file like any other."""

_TYPE = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,100}")

Field = tuple[str, str]


class MailWriter:
    """Implements LetterWriter."""

    def write(self, letter: Letter, provenance: Callable[[str, str], str]) -> bytes:
        """Write a letter.

        Source: RFC 5322, RFC 2045–2047, RFC 3676, RFC 3834, RFC 8058.
        """
        plain, html = plain_of(letter), html_of(letter)
        kind, body = _body(letter, plain, html)
        fields = [
            *_fields(letter),
            (HEADER, provenance(plain, html)),
            ("MIME-Version", "1.0"),
            ("Content-Type", kind),
        ]
        return b"".join(_field(name, value) for name, value in fields) + b"\r\n" + body


def _fields(letter: Letter) -> list[Field]:
    """The headers in the order in which people read them."""
    fields = [
        ("Date", format_datetime(letter.at)),
        ("From", _mailbox(letter.sender)),
        ("To", _mailbox(letter.recipient)),
        ("Reply-To", letter.reply_to),
        ("Subject", _words(letter.subject, "Subject")),
        ("Message-ID", letter.message_id),
        ("In-Reply-To", letter.in_reply_to),
        ("References", " ".join(letter.references)),
        ("Content-Language", letter.language),
    ]
    if letter.automatic:
        # Not "All": that would also silence the reports by which we learn that a mail did not arrive.
        fields += [("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "OOF, AutoReply")]
    if letter.unsubscribe:
        fields.append(("List-Unsubscribe", f"<{letter.unsubscribe}>"))
        if letter.unsubscribe.startswith("https:"):
            fields.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return [(name, value) for name, value in fields if value]


def _field(name: str, value: str) -> bytes:
    """Write one header, folded at blanks to 78 columns where it has any.

    Raises: Broken("internal") for a line break or control character: whoever made the value should have cleaned it.
    """
    if _UNSAFE.search(value):
        raise Broken("internal")
    lines, line = [], f"{name}:"
    for word in value.split(" "):
        if len(line) + 1 + len(word) > LINE_MAX and line.strip() and not line.endswith(":"):
            lines.append(line)
            line = f" {word}"
        else:
            line = f"{line} {word}"
    written = "\r\n".join([*lines, line]).encode("utf-8") + b"\r\n"
    if any(len(one) > LINE_BYTES_MAX for one in written.split(b"\r\n")):
        raise Broken("internal")
    return written


def _mailbox(address: Address) -> str:
    """A name and an address: the name quoted or encoded, whatever it contains."""
    if not address.name:
        return address.address
    if _PLAIN_NAME.fullmatch(address.name):
        name = address.name
    elif address.name.isascii():
        name = '"' + address.name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    else:
        name = _encoded(address.name, "From")
    return f"{name} <{address.address}>"


def _words(text: str, header: str) -> str:
    return text if text.isascii() and "=?" not in text else _encoded(text, header)


def _encoded(text: str, header: str) -> str:
    """Encoded words (RFC 2047), parted by single blanks, at which _field folds."""
    folded = Header(text, "utf-8", maxlinelen=72, header_name=header).encode(linesep="\n")
    return " ".join(part.strip() for part in folded.split("\n"))


def _body(letter: Letter, plain: str, html: str) -> tuple[str, bytes]:
    """The content type and the body."""
    texts = [
        _text('text/plain; charset="utf-8"; format=flowed', flowed(plain), letter.language),
        _text('text/html; charset="utf-8"', html, letter.language),
    ]
    inner, body = _multipart("alternative", letter, texts)
    if not letter.enclosed:
        return inner, body
    first = _part([("Content-Type", inner)], body)
    return _multipart("mixed", letter, [first, *(_file(one) for one in letter.enclosed)])


def _multipart(kind: str, letter: Letter, parts: list[bytes]) -> tuple[str, bytes]:
    """Put parts between boundaries that stand in none of them."""
    boundary = f"=_{hashlib.sha256(f'{kind} {letter.message_id}'.encode()).hexdigest()[:32]}"
    mark = b"--" + boundary.encode("ascii")
    body = b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"
    return f'multipart/{kind}; boundary="{boundary}"', body


def _text(kind: str, text: str, language: str) -> bytes:
    fields = [("Content-Type", kind), ("Content-Transfer-Encoding", "quoted-printable")]
    if language:
        fields.append(("Content-Language", language))
    return _part(fields, quoted_printable(text))


def _file(one: Enclosed) -> bytes:
    fits = _TYPE.fullmatch(one.type) and not one.type.startswith(_WITHIN)
    kind = one.type if fits else "application/octet-stream"
    encoded = base64.b64encode(one.content)
    lines = b"\r\n".join(encoded[start : start + 76] for start in range(0, len(encoded), 76))
    fields = [
        ("Content-Type", kind),
        ("Content-Transfer-Encoding", "base64"),
        ("Content-Disposition", f"attachment; {_named(one.name)}"),
    ]
    return _part(fields, lines)


def _named(file: str) -> str:
    """The parameter that names a file: quoted where it is plain, else in UTF-8, in pieces where it is long.

    Source: RFC 2231.
    """
    name = " ".join(_FILE_NAME.sub("_", file).split())
    stem, dot, ending = name.rpartition(".")
    if len(name) > NAME_CHARS_MAX and 0 < len(ending) <= 20:
        name = f"{stem[: NAME_CHARS_MAX - 1 - len(ending)]}{dot}{ending}"
    name = name[:NAME_CHARS_MAX] or "file"
    if name.isascii() and len(name) <= PIECE_CHARS_MAX:
        return f'filename="{name}"'
    pieces: list[str] = []
    for part in map(_percent, name):
        if not pieces or len(pieces[-1]) + len(part) > PIECE_CHARS_MAX:
            pieces.append("")
        pieces[-1] += part
    if len(pieces) == 1:
        return f"filename*=utf-8''{pieces[0]}"
    pieces[0] = f"utf-8''{pieces[0]}"
    return "; ".join(f"filename*{n}*={piece}" for n, piece in enumerate(pieces))


def _percent(name: str) -> str:
    return "".join(
        c if c.isascii() and c.isalnum() else "".join(f"%{b:02X}" for b in c.encode("utf-8")) for c in name
    )


def _part(fields: list[Field], body: bytes) -> bytes:
    return b"".join(_field(name, value) for name, value in fields) + b"\r\n" + body
