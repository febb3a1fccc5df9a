"""What the scripts of the chat element promise the pages that load them: the one, and those that come when needed.

I read it as text; how it behaves is held in a real browser, in acceptance.
"""

import gzip
import re
from importlib import resources
from typing import cast

import httpx
import pytest
from fastapi import FastAPI

from taktvoll.base.limits import CHAT_FILE_BYTES_MAX, CHAT_FILES_BYTES_MAX, CHAT_FILES_MAX, MB
from taktvoll.entry.widget.pages import widget_router
from taktvoll.entry.widget.script import LATER, PARTS, later, script, slim
from taktvoll.flows.house import House

WIRE_BYTES_MAX = 20_000
ALL = [pytest.param(script(), id="element"), *(pytest.param(later(part), id=part) for part in LATER)]


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


def test_every_later_part_is_served_and_asked_for() -> None:
    """A part that lies in the folder and not in the list is never served; one that nothing loads is dead."""
    folder = resources.files("taktvoll.entry.widget") / "later"
    assert sorted(f"{part}.js" for part in LATER) == sorted(file.name for file in folder.iterdir())
    assert all(f'later("{part}")' in script() for part in LATER)
    assert all(later(part).count("export default function") == 1 for part in LATER)


@pytest.mark.parametrize("text", ALL)
def test_comments_stay_at_home(text: str) -> None:
    """The sources are explained in full because nobody pays for it on the wire."""
    assert not re.search(r"^\s*(?://|/\*)", text, re.MULTILINE)


@pytest.mark.parametrize("text", ALL)
def test_no_script_names_another_host(text: str) -> None:
    """The chat speaks to the server it came from and to no third party (TDDDG section 25, GDPR Art. 44)."""
    namespaces = {"http://www.w3.org/2000/svg"}
    assert set(re.findall(r"""\w+://[^\s"'`\\)]+""", text)) <= namespaces
    assert not re.search(r"""["'`]//""", text)


@pytest.mark.parametrize("text", [later(part) for part in LATER], ids=LATER)
def test_later_parts_keep_nothing_on_the_device(text: str) -> None:
    """What the tab keeps stands in one place, the drawer; a file's name or bytes do not belong there (TDDDG § 25)."""
    assert not re.search(r"Storage|cookie|indexedDB|caches", text)


def test_the_element_knows_the_server_s_limits() -> None:
    """Whoever is told at once that a file is too large does not wait for minutes to hear it."""
    said = {name: int(n) for name, n in re.findall(r"const (\w+_MAX) = (\d+);", later("files"))}
    assert said["FILES_MAX"] == CHAT_FILES_MAX
    assert said["FILE_MB_MAX"] * MB == CHAT_FILE_BYTES_MAX
    assert said["FILES_MB_MAX"] * MB == CHAT_FILES_BYTES_MAX


@pytest.mark.parametrize("text", ALL)
def test_no_script_makes_anything_run_or_style_from_text(text: str) -> None:
    """A customer's or an assistant's text must never become HTML, and a strict policy allows no style attribute."""
    risky = (
        r"innerHTML|outerHTML|insertAdjacentHTML|setHTML|srcdoc|createContextualFragment|DOMParser|document\.write"
        r"|\beval\b|\bFunction\(|set(?:Timeout|Interval)\(\s*[\"'`]|javascript:"
        r"|\.style\b|(?<![\w-])style\s*:|[\"']style[\"']|createElement\([\"']style"
    )
    assert not re.search(risky, text)


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


@pytest.mark.parametrize("part", LATER)
async def test_later_parts_may_be_loaded_by_any_page(part: str) -> None:
    """A page of another origin fetches a module by the rules of CORS, unlike the first script (Fetch standard)."""
    app = FastAPI()
    app.include_router(widget_router(cast("House", None)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://chat.test") as browser:
        reply = await browser.get(f"/widget/{part}.js", headers={"Origin": "https://www.kunde.example"})
    assert (reply.status_code, reply.text) == (200, later(part))
    assert reply.headers["content-type"].startswith("text/javascript")
    assert reply.headers["access-control-allow-origin"] == "*"
