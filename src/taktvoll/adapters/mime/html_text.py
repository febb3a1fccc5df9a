"""A mail's HTML as plain text: paragraphs, lists, tables, links as "text (address)", quotes marked by "> ".

I decide how markup reads without markup, so that the rules for plain mail hold for HTML mail as well. The reader calls
me. I never show what the mail hides.
"""

# ruff: noqa: E501 - a rule is read on one line

import re
from html.parser import HTMLParser

from taktvoll.adapters.mime.safe_html import structure
from taktvoll.base.text import clean
from taktvoll.domain.mail.closings import is_closing

DEPTH_MAX = 5_000
QUOTE_DEPTH_MAX = 8
_VOID = frozenset({"br", "hr", "img", "col"})
_BLOCKS = frozenset(
    "address article blockquote center dd div dl dt figcaption figure h1 h2 h3 h4 h5 h6 li ol p pre table tr ul caption".split()
)
_SPACED = frozenset("p ul ol h1 h2 h3 h4 h5 h6 table blockquote pre dl".split())
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|$)|mso-hide\s*:\s*all",
    re.IGNORECASE,
)
_TIGHT = re.compile(r"\bMso(?:Normal|PlainText|NoSpacing)\b", re.IGNORECASE)
_TIGHT_STYLE = re.compile(
    r"margin\s*:\s*0|margin-bottom\s*:\s*0|margin-top\s*:\s*0(?=.*margin-bottom\s*:\s*0)", re.IGNORECASE
)
_QUOTE_CLASS = re.compile(
    r"\b(?:yahoo_quoted|protonmail_quote|tutanota_quote|zmail_extra|gmx_quote|ox-reply-quote|ms-outlook-mobile-quote)\b",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"\b(?:gmail_signature|moz-signature|AppleMailSignature|protonmail_signature_block(?!-empty)|ms-outlook-mobile-signature|Signature|x_Signature|ymail_signature|tutanota_signature)\b"
)
_BLANKS = re.compile(r"[ \t\r\n\f\u00a0]+")
_RULE = "_" * 32
_EMPTY_LINES = re.compile(r"\n{3,}")


def text_of(html: str) -> str:
    """Read HTML as text.

    Takes:  HTML as it came.
    Gives:  its text, quotes marked by "> " once for each level.
    """
    writer = _Writer()
    writer.feed(structure(html))
    writer.close()
    return clean(writer.finish())


class _Element:
    __slots__ = ("hidden", "link", "quote", "signature_from", "spaced", "start", "tag")

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.hidden = self.quote = self.spaced = False
        self.link = ""
        self.start = 0
        self.signature_from = -1


class _Writer(HTMLParser):
    """Writes well-formed markup down as lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line: list[str] = []
        self._open: list[_Element] = []
        self._hidden = self._quotes = self._pres = 0
        self._lists: list[int | None] = []
        self._mark = ""
        # A paragraph that holds nothing but a hard blank is an empty line that somebody meant.
        self._held = False

    def finish(self) -> str:
        """End the last line and give the text."""
        self._end_line()
        return _EMPTY_LINES.sub("\n\n", "\n".join(self._lines)).strip("\n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        given = {name: value or "" for name, value in attrs}
        if tag in _VOID:
            self._void(tag, given)
            return
        if len(self._open) >= DEPTH_MAX:
            return
        element = _Element(tag)
        if tag in _BLOCKS:
            self._end_line()
            tight = _TIGHT.search(given.get("class", "")) or _TIGHT_STYLE.search(given.get("style", ""))
            element.spaced = tag in _SPACED and not tight and not (tag in ("ul", "ol") and self._lists)
            self._blank(element.spaced)
        element.hidden = "hidden" in given or _HIDDEN.search(given.get("style", "")) is not None
        element.quote = _is_quote(tag, given)
        self._hidden += element.hidden
        self._quotes += element.quote
        self._enter(tag, given, element)
        self._open.append(element)

    def _enter(self, tag: str, given: dict[str, str], element: _Element) -> None:
        if _SIGNATURE.search(given.get("class", "")) or _SIGNATURE.search(given.get("id", "")):
            self._end_line()
            element.signature_from = len(self._lines)
        if tag == "a":
            element.link, element.start = given.get("href", ""), len(self._line)
        elif tag in ("td", "th") and "".join(self._line).strip():
            self._line.append(" | ")
        elif tag == "pre":
            self._pres += 1
        elif tag in ("ul", "ol"):
            self._lists.append(_number(given.get("start", "1")) if tag == "ol" else None)
        elif tag == "li":
            self._mark = self._next_mark()
        elif tag == "q":
            self._line.append("„")

    def _void(self, tag: str, given: dict[str, str]) -> None:
        if tag == "br":
            self._end_line(keep_empty=True)
        elif tag == "hr":
            self._end_line()
            self._line.append(_RULE)
            self._end_line()
        elif tag == "img" and 0 < len(given.get("alt", "")) <= 3 and not self._hidden:
            # Outlook sends smileys as pictures.
            self._line.append(given["alt"])

    def handle_endtag(self, tag: str) -> None:
        """Close an element; the markup is well formed, so it is the last one opened."""
        if not self._open or self._open[-1].tag != tag:
            return
        element = self._open.pop()
        if tag == "a":
            self._close_link(element)
        elif tag == "q":
            self._line.append("“")
        if tag in _BLOCKS:
            self._end_line()
            self._blank(element.spaced)
        if tag == "pre":
            self._pres -= 1
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag == "li":
            self._mark = ""
        if element.signature_from >= 0:
            self._sign(element.signature_from)
        self._hidden -= element.hidden
        self._quotes -= element.quote

    def handle_data(self, data: str) -> None:
        """Take text."""
        if self._hidden:
            return
        self._held = self._held or (not data.strip() and "\u00a0" in data)
        if not self._pres:
            text = _BLANKS.sub(" ", data)
            self._line.append(
                text.lstrip(" ") if not "".join(self._line[-1:]).strip() and not self._line else text
            )
            return
        first, *more = data.split("\n")
        self._line.append(first)
        for line in more:
            self._end_line(keep_empty=True)
            self._line.append(line)

    def _close_link(self, element: _Element) -> None:
        words = "".join(self._line[element.start :]).strip()
        href = element.link
        shown = re.sub(r"^(?:mailto:|tel:)", "", href, flags=re.IGNORECASE)
        bare = re.sub(r"^https?://(?:www\.)?", "", shown).rstrip("/")
        if (
            words
            and href
            and not href.lower().startswith("tel:")
            and bare not in words
            and shown.split("?")[0] not in words
        ):
            self._line.append(f" ({shown})")

    def _next_mark(self) -> str:
        indent = "  " * min(max(0, len(self._lists) - 1), 8)
        if not self._lists or self._lists[-1] is None:
            return f"{indent}- "
        number = self._lists[-1]
        self._lists[-1] = number + 1
        return f"{indent}{number}. "

    def _end_line(self, *, keep_empty: bool = False) -> None:
        text = "".join(self._line)
        self._line.clear()
        text = text.rstrip() if self._pres else re.sub(r" {2,}", " ", text).strip()
        text = text.removesuffix(" |").removeprefix("| ") if text != "|" else ""
        held, self._held = self._held, False
        if not text and not keep_empty and not (held and self._lines):
            return
        if text and self._mark:
            text, self._mark = self._mark + text, ""
        self._lines.append(self._quote_mark() + text)

    def _blank(self, wanted: bool) -> None:
        if wanted and self._lines and self._lines[-1].strip("> "):
            self._lines.append(self._quote_mark().rstrip())

    def _quote_mark(self) -> str:
        return "> " * min(self._quotes, QUOTE_DEPTH_MAX)

    def _sign(self, start: int) -> None:
        """Put the delimiter before a signature that the mail program marks, unless greeting and name stand in it."""
        said = [line for line in self._lines[start:] if line.strip()]
        before = next((line for line in reversed(self._lines[:start]) if line.strip()), "")
        if (
            said
            and not said[0].startswith("--")
            and not any(map(is_closing, said))
            and not is_closing(before)
        ):
            self._lines.insert(start, "-- ")


def _is_quote(tag: str, given: dict[str, str]) -> bool:
    return (
        tag == "blockquote"
        or _QUOTE_CLASS.search(given.get("class", "")) is not None
        or (tag == "div" and given.get("name", "").lower() == "quote")
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
