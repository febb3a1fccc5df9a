"""The words the document readers share: where a file comes from, one raw entry, and why one is unusable.

I decide which fields an entry can bring along. Every module of this adapter calls me. I never read or check anything.
"""

from dataclasses import dataclass

from taktvoll.base.errors import TEXTS


@dataclass(frozen=True, slots=True)
class Origin:
    """One file as its passages name it.

    `source` is its path relative to what was imported; `stem` the slug that begins its pages' ids;
    `language` what its name says, else what the importing person said; `url` where it stands on the web, or "".
    """

    source: str
    stem: str
    collection: str
    language: str | None
    url: str = ""

    @property
    def name(self) -> str:
        """What to call a page of this file that has no title."""
        return self.stem.rsplit("/", 1)[-1].replace("-", " ").capitalize()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as a file states it, unchecked; an empty text means absent.

    `text` is plain, without markup. Without an `id` one is made from the question. `page` is for documents with pages;
    see Passage.
    """

    text: str
    id: str = ""
    question: str = ""
    title: str = ""
    section: str = ""
    language: str = ""
    url: str = ""
    audience: str = ""
    valid_from: str = ""
    valid_until: str = ""
    page: str | None = None
    wordings: tuple[str, ...] = ()


class Unusable(Exception):  # noqa: N818 - it is a verdict on an entry, caught within this adapter
    """Why an entry or a file cannot be used: a dotted code, and in plain English what to do."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


def unusable(code: str) -> Unusable:
    """Make a verdict whose German and English text stand in the one table of texts."""
    return Unusable(code, TEXTS[code][1])
