"""A Word file's styles and numberings: which paragraph is a heading, a list item or a line of the contents.

I decide what a style's name and settings mean. docx_body calls me per paragraph. I never look at the text.
"""

import re
from collections import Counter
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

TITLE_LEVEL = 0
_HEADING = re.compile(r"(?:heading|überschrift|ueberschrift|berschrift|titre|kop)\s*(\d)", re.IGNORECASE)
_TITLE = re.compile(r"title|titel", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|verzeichnis|inhaltsverzeichnis|table of figures|contents)\b", re.IGNORECASE)
_CHAIN_MAX = 12


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says: its heading level from 0 (title), or None; whether bold; which list it belongs to."""

    level: int | None = None
    bold: bool = False
    contents: bool = False
    list: tuple[str, int] | None = None


class Styles:
    """All styles of a file by id."""

    def __init__(self, tree: Element | None) -> None:
        self._elements = {e.get("styleId", ""): e for e in tree.iter("style")} if tree is not None else {}
        self._known: dict[str, Style] = {}

    def style(self, id: str) -> Style:
        """Give what a style says, with what it takes from those it is based on."""
        if id not in self._known:
            chain: list[Element] = []
            name = id
            while name in self._elements and len(chain) < _CHAIN_MAX:
                chain.append(self._elements[name])
                name = value(self._elements[name], "basedOn")
            style = _named(Style(), id) if not chain else Style()
            for element in reversed(chain):
                style = _with(style, element)
            self._known[id] = style
        return self._known[id]


class Numbering:
    """The lists of a file: what stands before each item."""

    def __init__(self, tree: Element | None) -> None:
        self._levels: dict[tuple[str, int], tuple[str, int]] = {}
        self._counts: Counter[tuple[str, int]] = Counter()
        self._abstract: dict[str, str] = {}
        for element in tree.iter("num") if tree is not None else ():
            self._abstract[element.get("numId", "")] = value(element, "abstractNumId")
        for element in tree.iter("abstractNum") if tree is not None else ():
            for level in element.iter("lvl"):
                key = element.get("abstractNumId", ""), number(level.get("ilvl"))
                self._levels[key] = value(level, "numFmt"), number(value(level, "start"), 1)

    def next(self, id: str, depth: int) -> int | None:
        """Count one item on; None for a bullet."""
        abstract = self._abstract.get(id, id)
        form, start = self._levels.get((abstract, depth), ("bullet", 1))
        if form in ("bullet", "none", ""):
            return None
        for key in [key for key in self._counts if key[0] == id and key[1] > depth]:
            del self._counts[key]
        self._counts[id, depth] += 1
        return min(start + self._counts[id, depth] - 1, 99_999)


def list_of(properties: Element | None) -> tuple[str, int] | None:
    """Give the list and depth that a paragraph or a style names; an id of "0" takes it out of its list."""
    numbered = properties.find("numPr") if properties is not None else None
    if numbered is None:
        return None
    return value(numbered, "numId") or "0", min(number(value(numbered, "ilvl")), 8)


def switched(properties: Element | None, name: str) -> bool | None:
    """Say whether a setting is on or off; None where it is not named."""
    found = properties.find(name) if properties is not None else None
    return None if found is None else found.get("val", "1") not in ("0", "false", "off", "none")


def value(element: Element, name: str) -> str:
    """Give the value of a setting, or ""."""
    found = element.find(name)
    return found.get("val", "") if found is not None else ""


def number(said: str | None, otherwise: int = 0) -> int:
    """Read a small number."""
    return int(said) if said and said.isascii() and said.isdigit() and len(said) < 6 else otherwise


def outline_level(properties: Element | None) -> int | None:
    """Give the heading level that a paragraph or a style names by its place in the outline."""
    said = value(properties, "outlineLvl") if properties is not None else ""
    return number(said) + 1 if said and number(said, 9) < 9 else None


def _with(style: Style, element: Element) -> Style:
    properties, letters = element.find("pPr"), element.find("rPr")
    style = _named(style, value(element, "name"))
    level, bold, listed = outline_level(properties), switched(letters, "b"), list_of(properties)
    return replace(
        style,
        level=style.level if level is None or style.level == TITLE_LEVEL else level,
        bold=style.bold if bold is None else bold,
        list=listed or style.list,
    )


def _named(style: Style, name: str) -> Style:
    if _CONTENTS.match(name):
        return replace(style, contents=True, level=None)
    if _TITLE.fullmatch(name):
        return replace(style, level=TITLE_LEVEL)
    heading = _HEADING.fullmatch(name.strip())
    return replace(style, level=int(heading[1])) if heading and heading[1] != "0" else style
