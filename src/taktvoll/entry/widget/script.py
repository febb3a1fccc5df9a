"""The script of the chat element: its parts, in their order, as one text for the browser.

I decide what goes over the wire: one file, so that a page needs one request, without the comments of the sources; and
what few people need only when they first need it.
pages.py calls me once at start. I never rewrite code: a line goes as it was written or not at all.
"""

from collections.abc import Iterator
from importlib import resources

# Each part may use what stands above it when it loads, and everything when it runs.
PARTS = (
    "begin",  # where the script came from
    "words",
    "colours",
    "building",  # nodes of the page
    "asking",  # requests and what the tab keeps
    "conversation",  # what is known
    "line",  # the way to the server
    "sending",
    "stream",
    "composer",
    "bymail",
    "waiting",  # calls and the place in line
    "message",
    "log",
    "panel",
    "view",  # the screen
    "chat",  # the wiring
    "style",
    "element",
)


LATER = (
    "bymail",  # leaving and proving a mail address
    "files",  # files that go along with a message
)
"""Parts that few people need: scripts of their own, which the element loads from the same server when they are used."""


def later(name: str) -> str:
    """Give a part that is loaded when it is first used: a module, without its comments."""
    folder = resources.files("taktvoll.entry.widget") / "later"
    return slim((folder / f"{name}.js").read_text(encoding="utf-8"))


def script() -> str:
    """Give the whole script: every part without its comments, inside one function, so that the page sees no name."""
    folder = resources.files("taktvoll.entry.widget") / "element"
    parts = (slim((folder / f"{part}.js").read_text(encoding="utf-8")) for part in PARTS)
    return '(() => {\n"use strict";\n' + "".join(parts) + "})();\n"


def slim(source: str) -> str:
    """Drop empty lines, lines of comment and the indentation; text between backticks stays as it is.

    Made for our own parts, not for any JavaScript: it keeps the ends of lines, so a statement means what it meant,
    and asks that a comment has its lines for itself and that backticks on a line of code belong to templates.
    Raises ValueError when a comment or a template does not end, because then it has misread the source.
    """
    return "".join(line + "\n" for line in _kept(source))


def _kept(source: str) -> Iterator[str]:
    comment = template = False
    for line in source.splitlines():
        bare = line.strip()
        if template:
            template = not _turns(line)
            yield line
        elif comment or bare.startswith("/*"):
            comment = "*/" not in bare
            if not comment and not bare.endswith("*/"):
                raise ValueError(f"code behind a comment: {bare}")
        elif bare and not bare.startswith("//"):
            template = _turns(line)
            # What follows an opened backtick belongs to the template, blanks at the line's end included.
            yield line.lstrip() if template else bare
    if comment or template:
        raise ValueError("a comment or a template has no end")


def _turns(line: str) -> bool:
    """Say whether a line opens or closes a template: its backticks are odd in number."""
    return line.replace("\\`", "").count("`") % 2 == 1
