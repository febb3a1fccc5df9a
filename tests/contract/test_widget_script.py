"""What the one script of the chat element promises the pages that load it.

I read it as text; how it behaves is held in a real browser, in acceptance.
"""

import gzip
import re
from importlib import resources
from typing import cast

import httpx
import pytest
from fastapi import FastAPI

from taktvoll.entry.widget.pages import widget_router
from taktvoll.entry.widget.script import PARTS, script, slim
from taktvoll.flows.house import House

WIRE_BYTES_MAX = 19_000


def test_every_part_is_in_the_script_once() -> None:
    """A part that lies in the folder and not in the list is dead; one in the list alone stops the server's start."""
    folder = resources.files("taktvoll.entry.widget") / "element"
    assert sorted(f"{part}.js" for part in PARTS) == sorted(file.name for file in folder.iterdir())
    whole = script()
    for part in PARTS:
        assert whole.count(slim((folder / f"{part}.js").read_text(encoding="utf-8"))) == 1


def test_the_script_is_one_function() -> None:
    """The page around us has names of its own; none of ours may meet them, and none of our lines may be lost."""
    whole = script()
    assert whole.startswith("(() => {\n")
    assert whole.endswith("\n})();\n")
    for opened, shut in ("{}", "[]"):
        assert whole.count(opened) == whole.count(shut)
    assert whole.count("`") % 2 == 0
    assert whole.count('customElements.define("taktvoll-chat"') == 1


def test_comments_stay_at_home() -> None:
    """The sources are explained in full because nobody pays for it on the wire."""
    assert not re.search(r"^\s*(?://|/\*)", script(), re.MULTILINE)


def test_the_script_names_no_other_host() -> None:
    """The chat speaks to the server it came from and to no third party (TDDDG section 25, GDPR Art. 44)."""
    namespaces = {"http://www.w3.org/2000/svg"}
    assert set(re.findall(r"""\w+://[^\s"'`\\)]+""", script())) <= namespaces
    assert not re.search(r"""["'`]//""", script())


def test_the_script_makes_nothing_run_or_style_from_text() -> None:
    """A customer's or an assistant's text must never become HTML, and a strict policy allows no style attribute."""
    risky = (
        r"innerHTML|outerHTML|insertAdjacentHTML|setHTML|srcdoc|createContextualFragment|DOMParser|document\.write"
        r"|\beval\b|\bFunction\(|set(?:Timeout|Interval)\(\s*[\"'`]|javascript:"
        r"|\.style\b|(?<![\w-])style\s*:|[\"']style[\"']|createElement\([\"']style"
    )
    assert not re.search(risky, script())


def test_slim_leaves_templates_alone() -> None:
    """A text that loses its blanks reads differently, and in a style sheet a line of comment may be a rule."""
    source = "/* what\n * this is */\n\n  // why\n  const a = `one\n    two\n\n// three ${b}\n  `;\n    go(`x`); // y\n"
    assert slim(source) == "const a = `one\n    two\n\n// three ${b}\n  `;\ngo(`x`); // y\n"
    assert slim("a = `  \n`;\n") == "a = `  \n`;\n"


@pytest.mark.parametrize("source", ["a = `one\n", "/* one\n", "/* one */ two();\n"])
def test_slim_refuses_what_it_would_misread(source: str) -> None:
    """Half a script is worse than a server that says at its start what is wrong."""
    with pytest.raises(ValueError, match=r"comment|template"):
        slim(source)


async def test_browsers_get_it_small_and_only_once() -> None:
    """A page on a phone waits for what goes over the wire, and not again while nothing has changed."""
    app = FastAPI()
    app.include_router(widget_router(cast("House", None)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://chat.test") as browser:
        reply = await browser.get("/widget/taktvoll.js", headers={"Accept-Encoding": "gzip"})
        again = await browser.get("/widget/taktvoll.js", headers={"If-None-Match": reply.headers["etag"]})
    assert reply.text == script()
    assert reply.headers["content-type"].startswith("text/javascript")
    assert int(reply.headers["content-length"]) < WIRE_BYTES_MAX
    assert len(gzip.compress(script().encode("utf-8"), 9)) < WIRE_BYTES_MAX
    assert (again.status_code, again.content) == (304, b"")
