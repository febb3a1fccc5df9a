"""A page into passages: one per heading, question and answer, or definition, each of a size one can read.

I decide where a page is cut and what each part is called. The readers of HTML, Markdown, PDF and DOCX call me with a
parsed tree. I never cut inside code, a table or a list item unless it alone exceeds what a passage may hold.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from bs4.element import Tag

from taktvoll.adapters.documents.html_text import Block, Event, Writer, attribute, blocks_of, joined, walk
from taktvoll.adapters.documents.intake import Intake, one_line
from taktvoll.adapters.documents.slugs import slug
from taktvoll.adapters.documents.terms import Entry, Unusable
from taktvoll.base.limits import PASSAGE_CHARS_MAX, TITLE_CHARS_MAX

SECTION_CHARS_AIM = 3_000
REST_CHARS_MIN = 400
PAGES_AIM = 3
"""How many pages a passage may go over before it is cut, so that its citation still leads to the place."""
_NO_TEXT = "There is no text below this question. Add the answer."
_ENDLESS_HEADING = "The heading is too long and was cut. Check that its end tag matches, or shorten it."
_WHOLE = frozenset({"h1", "h2", "h3", "h4", "details", "dl"})
_NESTED = frozenset({"dl"})
_ANCHORED = frozenset({"a", "section", "article", "div", "span"})


@dataclass(frozen=True, slots=True)
class Page:
    """What is known of a page before its text is read.

    `entry` holds what all its passages share, its title being the page's own; `name` stands in where it has none.
    """

    entry: Entry
    name: str


def add_page(tree: Tag, page: Page, intake: Intake) -> None:
    """Cut one page into passages and hand each to intake."""
    outline = _Outline(page, intake)
    for event in walk(tree, _WHOLE):
        if event.kind != "whole":
            outline.take(event)
        elif event.tag.name == "details":
            outline.question(event.tag)
        elif event.tag.name == "dl":
            outline.definitions(event.tag)
        else:
            outline.heading(event.tag)
    outline.end_section()


class Part(NamedTuple):
    """As much of a section as makes a passage, with the pages it stands on, or 0."""

    text: str
    first_page: int = 0
    last_page: int = 0


class _Outline:
    """Where in the page we are: the headings above, the text since the last one, the anchors used."""

    def __init__(self, page: Page, intake: Intake) -> None:
        self._page = page
        self._intake = intake
        self._path: list[tuple[int, str]] = []
        self._writer = Writer()
        self._fragment = self._anchor = self._heading_anchor = ""
        self._used: Counter[str] = Counter()
        self._answered = False
        self._wordings = page.entry.wordings

    def take(self, event: Event) -> None:
        if event.kind == "open" and event.tag.name in _ANCHORED:
            self._anchor = _anchor(event.tag) or self._anchor
        elif event.kind == "text" and not event.text.isspace():
            self._anchor = ""
        self._writer.take(event)

    def heading(self, tag: Tag) -> None:
        level, words = int(tag.name[1]), _words(tag)
        if not words:
            return
        if len(words) > TITLE_CHARS_MAX:
            self._intake.refuse(_place(words), Unusable("import.too_long", _ENDLESS_HEADING))
        self.end_section(level)
        while self._path and self._path[-1][0] >= level:
            self._path.pop()
        self._path.append((level, words))
        self._heading_anchor = _anchor(tag) or _inner_anchor(tag) or self._anchor
        self._fragment = self._free(self._heading_anchor or slug(words))
        self._anchor, self._answered = "", False

    def end_section(self, next_level: int = 0) -> None:
        blocks, self._writer = self._writer.finish(), Writer(page=self._writer.page)
        above = [words for _, words in self._path]
        title = above[-1] if above else self._page.entry.title or self._page.name
        if blocks:
            self._add(title, above[:-1], self._fragment, self._heading_anchor, blocks)
        elif title.endswith("?") and above and not self._answered and next_level <= self._path[-1][0]:
            self._intake.refuse(_place(title), Unusable("import.no_answer", _NO_TEXT))

    def question(self, tag: Tag) -> None:
        summary = tag.find("summary", recursive=False)
        asked = _words(summary) if isinstance(summary, Tag) else ""
        if not isinstance(summary, Tag) or not asked:
            for event in walk(tag):
                self.take(event)
            return
        anchor = _anchor(tag) or _anchor(summary) or _inner_anchor(summary) or self._anchor
        summary.extract()
        self._answer(asked, anchor, blocks_of(tag))

    def definitions(self, tag: Tag) -> None:
        for asked, anchor, answers in _pairs(tag):
            self._answer(asked, anchor, answers)

    def _answer(self, asked: str, anchor: str, blocks: list[Block]) -> None:
        above = [words for _, words in self._path]
        self._add(asked, above, self._free(anchor or slug(asked)), anchor, blocks, asked)
        self._anchor, self._answered = "", True

    def _add(
        self, title: str, above: list[str], fragment: str, anchor: str, blocks: list[Block], asked: str = ""
    ) -> None:
        shared = self._page.entry
        if shared.title not in ("", title) and (not self._path or self._path[0][0] > 1):
            above = [shared.title, *above]
        name = f"{shared.id}#{fragment}" if fragment else shared.id
        entry = replace(
            shared,
            question=asked or (title if title.endswith("?") else ""),
            title=title,
            section=" > ".join(part for part in (shared.section, *above) if part),
            url=f"{shared.url}#{anchor}" if shared.url and anchor else shared.url,
        )
        for number, part in enumerate(parts(blocks) or [Part("")], start=1):
            said = replace(entry, text=part.text, id=name if number == 1 else f"{name}/{number}")
            said = replace(said, wordings=self._wordings)
            self._intake.add(_on_pages(said, part), _place(title))
            self._wordings = ()  # a page's wordings ask for what it begins with

    def _free(self, fragment: str) -> str:
        """Number a fragment that the page already uses."""
        fragment = one_line(fragment)[:200]
        self._used[fragment] += 1
        count = self._used[fragment]
        return fragment if count == 1 else self._free(f"{fragment}-{count}")


def _pairs(tag: Tag) -> Iterator[tuple[str, str, list[Block]]]:
    """Pair a list's terms with their definitions, whether or not the end tags are written."""
    asked: list[str] = []
    answers: list[Block] = []
    anchor = ""
    for part, blocks in _terms_and_definitions(tag):
        if part.name == "dd":
            answers = answers + blocks
            continue
        if answers:
            yield " / ".join(asked), anchor, answers
            asked, answers, anchor = [], [], ""
        anchor = anchor or _anchor(part) or _inner_anchor(part)
        asked.append(one_line(joined(blocks)))
    if asked or answers:
        yield " / ".join(asked), anchor, answers


def _terms_and_definitions(tag: Tag) -> list[tuple[Tag, list[Block]]]:
    written: list[tuple[Tag, Writer]] = []
    for event in walk(tag, _NESTED):
        if event.kind == "open" and event.tag.name in ("dt", "dd"):
            written.append((event.tag, Writer()))
        elif written:
            for inner in walk(event.tag) if event.kind == "whole" else [event]:
                written[-1][1].take(inner)
    return [(part, writer.finish()) for part, writer in written]


def _on_pages(entry: Entry, part: Part) -> Entry:
    """Say where in a document with pages an entry stands; a PDF's own address opens at the page."""
    if not part.first_page:
        return entry
    several = part.last_page > part.first_page
    opened = entry.url and entry.url.partition("?")[0].lower().endswith(".pdf")
    return replace(
        entry,
        page=f"{part.first_page}–{part.last_page}" if several else str(part.first_page),
        url=f"{entry.url}#page={part.first_page}" if opened else entry.url,
    )


def parts(blocks: list[Block]) -> list[Part]:
    """Put blocks together to texts of about SECTION_CHARS_AIM characters, none above the limit of a passage."""
    groups: list[list[Block]] = []
    chars = 0
    for block in (small for big in blocks for small in _cut(big)):
        far = groups and block.first_page >= groups[-1][0].first_page + PAGES_AIM
        if not groups or far or chars + len(block.text) > SECTION_CHARS_AIM:
            groups.append([])
            chars = 0
        groups[-1].append(block)
        chars += len(block.text) + 2
    texts = [joined(group) for group in groups]
    if (
        len(texts) > 1
        and len(texts[-1]) < REST_CHARS_MIN
        and len(texts[-2]) + REST_CHARS_MIN < PASSAGE_CHARS_MAX
        and groups[-1][-1].last_page < groups[-2][0].first_page + PAGES_AIM
    ):
        groups[-2:] = [groups[-2] + groups[-1]]
        texts[-2:] = [joined(groups[-1])]
    return [
        Part(text, group[0].first_page, group[-1].last_page)
        for text, group in zip(texts, groups, strict=True)
    ]


def _cut(block: Block) -> list[Block]:
    """Cut a block that alone exceeds a passage, at the last line end or space that fits."""
    pieces, rest = [], block.text
    while len(rest) > PASSAGE_CHARS_MAX:
        at = max(rest.rfind("\n", 1, PASSAGE_CHARS_MAX), 0) or max(rest.rfind(" ", 1, PASSAGE_CHARS_MAX), 0)
        pieces.append(rest[: at or PASSAGE_CHARS_MAX])
        rest = rest[at or PASSAGE_CHARS_MAX :].lstrip()
    return [block._replace(text=piece) for piece in (*pieces, rest) if piece.strip()]


def _place(title: str) -> str:
    return f"section “{title if len(title) <= 80 else title[:79] + '…'}”"


def _words(tag: Tag) -> str:
    return one_line(" ".join(block.text for block in blocks_of(tag)))


def _anchor(tag: Tag) -> str:
    return attribute(tag, "id") or (attribute(tag, "name") if tag.name == "a" else "")


def _inner_anchor(tag: Tag) -> str:
    inner = (_anchor(anchor) for anchor in tag.find_all(True, recursive=False))
    return next((anchor for anchor in inner if anchor), "")
