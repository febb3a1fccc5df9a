"""Markdown files: front matter for what all passages share, headings for where to cut.

I decide how Markdown becomes a page. The reader of files calls me. I never run MDX or template code: it is text.
"""

import re

from markdown_it import MarkdownIt

from taktvoll.adapters.documents.columns import told, wordings_of
from taktvoll.adapters.documents.html_text import parsed
from taktvoll.adapters.documents.intake import Intake, one_line
from taktvoll.adapters.documents.page import Page, add_page
from taktvoll.adapters.documents.terms import Entry

_FRONT = re.compile(r"\A\s*(---|\+\+\+)[ \t]*\n(.*?\n)?(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"([\w -]+?)[ \t]*[:=][ \t]*(.*)")
_ITEM = re.compile(r"[ \t]*-[ \t]+(.*)")
_ADMONITION = re.compile(r"^[ \t]*:::+[ \t]*[\w-]*[ \t]*\[?([^\]\n]*?)\]?[ \t]*$", re.MULTILINE)
_MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def read_markdown(text: str, intake: Intake) -> None:
    """Read one Markdown page.

    Raises: Unusable where its embedded HTML cannot be parsed.
    """
    fields, body = _front_matter(text.replace("\r\n", "\n").replace("\r", "\n"))
    said = told(fields)
    shared = Entry(
        text="",
        id=intake.origin.stem,
        title=one_line(said.get("title", "")),
        section=said.get("section", ""),
        language=said.get("language", ""),
        url=said.get("url", "") or intake.origin.url,
        audience=said.get("audience", ""),
        valid_from=said.get("valid_from", ""),
        valid_until=said.get("valid_until", ""),
        wordings=wordings_of(fields, said),
    )
    rendered = _MARKDOWN.render(_ADMONITION.sub(_admonition, body))
    add_page(parsed(rendered), Page(shared, intake.origin.name), intake)


def _front_matter(text: str) -> tuple[dict[str, object], str]:
    """Split the simple lines at the top, "key: value" or "key:" and "- value" lines, from the text below."""
    match = _FRONT.match(text)
    if not match:
        return {}, text
    fields: dict[str, object] = {}
    values: list[str] = []
    for line in (match[2] or "").splitlines():
        item, field = _ITEM.fullmatch(line.rstrip()), _FIELD.fullmatch(line.rstrip())
        if item:
            values.append(_bare(item[1]))
        elif field:
            values = []
            fields[field[1]] = _bare(field[2]) or values
    return fields, text[match.end() :]


def _bare(value: str) -> str:
    return value.strip().strip("\"'")


def _admonition(match: re.Match[str]) -> str:
    return f"\n{match[1]}\n" if match[1] else ""
