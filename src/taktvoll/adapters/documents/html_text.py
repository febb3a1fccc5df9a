"""HTML into plain text: paragraphs, "- " lists, "text (address)" links, rows with bars, code as it stands.

I decide how markup reads without markup. The page reader and the columns call me. I never run, fetch or keep any of it.
"""

import html
import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag
from bs4.exceptions import ParserRejectedMarkup

from taktvoll.adapters.documents.terms import Unusable

Spacing = Literal["flow", "lines", "verbatim"]
"""flow: white space is one space. lines: line ends count. verbatim: indentation counts as well."""

PAGE_MARK = "taktvoll-page"
"""The element by which the readers of PDF and DOCX say that page n begins."""

_SKIPPED = frozenset(
    [
        "script",
        "style",
        "nav",
        "footer",
        "noscript",
        "template",
        "svg",
        "iframe",
        "object",
        "button",
        "select",
        "head",
        "title",
        "img",
        "audio",
        "video",
    ]
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
        "caption",
    ]
)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "big",
        "br",
        "cite",
        "code",
        "col",
        "colgroup",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "input",
        "ins",
        "kbd",
        "label",
        "link",
        "mark",
        "meta",
        "meter",
        "output",
        "progress",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "td",
        "th",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
_KNOWN = _SKIPPED | _BLOCKS | _INLINE
_TAG = re.compile(r"<(/?)([a-zA-Z][\w.-]*)((?:\s[^<>]*)?/?)>")
_BLOCK_TAG = re.compile(r"<(?:p|ul|ol|li|div|table|h[1-6]|dl|blockquote|pre)\b", re.IGNORECASE)
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_INSTRUCTION = re.compile(r"<\?[^>]*>?")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8}\d?);")
_DECLARATION = re.compile(r"<![^<>]*>")
_STRAY_BRACKET = re.compile(r"""<(?!/?[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*+>)""")
_NUMBER = re.compile(r"&#[0-9a-fA-FxX]{9,};?")
_INDENTS_MAX = 8
_BLANKS = re.compile(r"\s+")
_SPACES = re.compile(r"[ \t\xa0]+")
_AROUND_BREAK = re.compile(r" *\n *")
_EMPTY_LINES = re.compile(r"\n{3,}")
_SHOWN_LINK = re.compile(r"(?:https?://|mailto:|tel:|www\.|/(?!/))", re.IGNORECASE)


class Block(NamedTuple):
    """A paragraph, list item, table row or piece of code; tight: it follows the one before on the next line.

    first_page, last_page: where it begins and ends in a document with pages, else 0.
    """

    text: str
    tight: bool
    first_page: int = 0
    last_page: int = 0


class Event(NamedTuple):
    """One step of a walk through a tree; a "whole" tag is not entered."""

    kind: Literal["open", "close", "text", "whole"]
    tag: Tag
    text: str = ""


def plain(text: str) -> str:
    """Turn a text that may contain HTML into plain text; a text without any stays as it is."""
    if "<" in text and any(name.lower() in _KNOWN for _, name, _ in _TAG.findall(_CODE.sub("", text))):
        spacing: Spacing = "lines" if _BLOCK_TAG.search(text) and "```" not in text else "verbatim"
        code_kept = _CODE.sub(lambda match: html.escape(match[0], quote=False), text.replace("\r\n", "\n"))
        try:
            return joined(blocks_of(parsed(code_kept), spacing))
        except Unusable:
            return text
    return unescape(text) if "&" in text else text


def unescape(text: str) -> str:
    """Resolve well-formed character references."""
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text)


def parsed(markup: str) -> BeautifulSoup:
    """Parse HTML; placeholders such as <Nummer> stay text.

    Raises: Unusable("import.not_html") where the parser gives up.
    """
    try:
        return BeautifulSoup(_tamed(markup), "html.parser")
    except (ParserRejectedMarkup, ValueError):
        raise Unusable(
            "import.not_html", "The HTML cannot be understood. Save the page again from a browser."
        ) from None


def blocks_of(tree: Tag, spacing: Spacing = "flow") -> list[Block]:
    """Write a tree as plain blocks."""
    writer = Writer(spacing)
    for event in walk(tree):
        writer.take(event)
    return writer.finish()


def joined(blocks: list[Block]) -> str:
    """Put blocks together: an empty line between paragraphs, none within lists and tables."""
    text = ""
    for block in blocks:
        text += ("\n" if block.tight else "\n\n") * bool(text) + block.text
    return text


def walk(tree: Tag, whole: frozenset[str] = frozenset()) -> Iterator[Event]:
    """Go through a tree in reading order without recursion, leaving out what is not content."""
    stack: list[tuple[Tag, Iterator[PageElement]]] = [(tree, iter(tree.contents))]
    while stack:
        parent, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            if stack:
                yield Event("close", parent)
        elif isinstance(child, Tag):
            if child.name in whole:
                yield Event("whole", child)
            elif child.name not in _SKIPPED:
                yield Event("open", child)
                stack.append((child, iter(child.contents)))
        elif type(child) is NavigableString:
            yield Event("text", parent, str(child))


class Writer:
    """Writes a walk down as plain blocks; it may begin in the middle of a tree, so ends may lack their beginnings."""

    def __init__(self, spacing: Spacing = "flow", page: int = 0) -> None:
        self.blocks: list[Block] = []
        self.page = page
        self._first_page = 0
        self._spacing = spacing
        self._line: list[str] = []
        self._link: tuple[str, int] | None = None
        self._counters: list[int | None] = []
        self._mark = ""
        self._rows = self._pres = self._tables = 0
        self._joined = False

    def take(self, event: Event) -> None:
        """Write one step of a walk."""
        if event.kind == "text":
            self._text(event.text)
        elif event.kind == "open":
            self._open(event.tag)
        elif event.kind == "close":
            self._close(event.tag)

    def finish(self) -> list[Block]:
        """End the last block and give all."""
        self._flush()
        return self.blocks

    def _text(self, text: str) -> None:
        if not self._pres and self._spacing == "flow":
            text = _BLANKS.sub(" ", text)
        elif not self._pres and self._spacing == "lines":
            text = _SPACES.sub(" ", text)
        if not self._first_page and text and not text.isspace():
            self._first_page = self.page
        after_break = self._line[-1:] == ["\n"] and not self._pres
        self._line.append(text.lstrip(" ").removeprefix("\n") if after_break else text)

    def _open(self, tag: Tag) -> None:
        name = tag.name
        if name in _BLOCKS:
            self._break()
        if name == "br":
            self._line.append(" " if self._rows else "\n")
        elif name == "a":
            self._link = (attribute(tag, "href"), len(self._line))
        elif name in ("td", "th"):
            self._line.append(" | " if self._has_words() else "")
        elif name in ("ul", "ol"):
            self._counters.append(_start(tag) if name == "ol" else None)
        elif name == "li":
            self._mark = self._next_mark()
        elif name == "pre":
            self._pres += 1
        elif name == "tr":
            self._rows += 1
        elif name == "table":
            self._tables += 1
        elif name == PAGE_MARK:
            number = attribute(tag, "n")
            self.page = (
                int(number) if number.isascii() and number.isdigit() and len(number) < 7 else self.page
            )

    def _close(self, tag: Tag) -> None:
        name = tag.name
        if name == "a" and self._link:
            self._close_link(*self._link)
        elif name == "tr":
            self._rows = max(0, self._rows - 1)
        if name in _BLOCKS:
            self._break()
        if name == "pre":
            self._pres = max(0, self._pres - 1)
        elif name == "table":
            self._tables = max(0, self._tables - 1)
        elif name in ("ul", "ol") and self._counters:
            self._counters.pop()
        elif name == "li":
            self._mark = ""
        if name in ("table", "ul", "ol") and not self._tables and not self._counters:
            self._joined = False

    def _close_link(self, href: str, since: int) -> None:
        self._link = None
        words = "".join(self._line[since:]).strip()
        address = href.removeprefix("mailto:").removeprefix("tel:")
        if words and _SHOWN_LINK.match(href) and address.rstrip("/") not in (words, words.rstrip("/")):
            self._line.append(f" ({address})")

    def _next_mark(self) -> str:
        indent = "  " * min(max(0, len(self._counters) - 1), _INDENTS_MAX)
        if not self._counters or self._counters[-1] is None:
            return f"{indent}- "
        number = self._counters[-1]
        self._counters[-1] = number + 1
        return f"{indent}{number}. "

    def _has_words(self) -> bool:
        return any(not piece.isspace() for piece in self._line if piece)

    def _break(self) -> None:
        if self._rows:
            self._line.append(" ")
        else:
            self._flush()

    def _flush(self) -> None:
        text = self._tidy("".join(self._line))
        self._line.clear()
        self._link = (self._link[0], 0) if self._link else None
        first, self._first_page = self._first_page, 0
        if not text.strip():
            return
        inside = bool(self._counters or self._tables)
        self.blocks.append(
            Block(self._mark + text, inside and self._joined, first, self.page if first else 0)
        )
        self._mark, self._joined = "", inside

    def _tidy(self, text: str) -> str:
        if self._pres:
            return text.strip("\n").rstrip()
        if self._spacing == "verbatim":
            return _EMPTY_LINES.sub("\n\n", text).strip("\n")
        return _EMPTY_LINES.sub("\n\n", _AROUND_BREAK.sub("\n", _SPACES.sub(" ", text))).strip()


def attribute(tag: Tag, name: str) -> str:
    """Give an attribute's text, empty where it is absent."""
    value = tag.get(name)
    return value.strip() if isinstance(value, str) else ""


def _start(tag: Tag) -> int:
    start = attribute(tag, "start")
    return int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 1


def _tamed(markup: str) -> str:
    """Leave only well-formed tags as markup: placeholders such as <Nummer> and stray brackets become text.

    This also keeps the parser's running time linear, whatever the input.
    """
    markup = _NUMBER.sub("", _DECLARATION.sub("", _INSTRUCTION.sub("", _without_comments(markup))))
    markup = _STRAY_BRACKET.sub("&lt;", markup)
    closed = {name for slash, name, _ in _TAG.findall(markup) if slash}

    def kept(match: re.Match[str]) -> str:
        slash, name, rest = match.groups()
        placeholder = not slash and not rest and name.lower() not in _KNOWN and name not in closed
        return f"&lt;{name}&gt;" if placeholder else match[0]

    return _TAG.sub(kept, markup)


def _without_comments(markup: str) -> str:
    kept, at = [], 0
    while (begin := markup.find("<!--", at)) >= 0 and (end := markup.find("-->", begin + 4)) >= 0:
        kept.append(markup[at:begin])
        at = end + 3
    return "".join((*kept, markup[at:]))
