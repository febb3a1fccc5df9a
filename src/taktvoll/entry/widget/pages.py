"""The chat element and the pages around it: the script, the demo page, a source as the company approved it.

I decide what the browser may load and keep. Browsers call me. I never show a passage that is withdrawn or not public.
"""

import gzip
import hashlib
import re
from collections.abc import Mapping
from html import escape
from importlib import resources

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from taktvoll.base.errors import Refused
from taktvoll.domain.governance.wording import page_of
from taktvoll.domain.knowledge.terms import Passage, PassageKey
from taktvoll.domain.people.terms import Workspace
from taktvoll.entry.widget.script import LATER, later, script
from taktvoll.flows.house import House

_PLACE = re.compile(r"\{\{(\w+)\}\}")


class Asset:
    """A text that is compressed once and known to browsers by its hash."""

    def __init__(self, text: str, media_type: str) -> None:
        self._plain = text.encode("utf-8")
        self._packed = gzip.compress(self._plain, 9, mtime=0)
        self._tag = '"' + hashlib.sha256(self._plain).hexdigest()[:20] + '"'
        self._media_type = media_type

    def answer(self, request: Request) -> Response:
        """Give the file, packed where the browser can unpack it, or say that it has not changed."""
        headers = {
            "Access-Control-Allow-Origin": "*",  # a page loads a module of another host only so; there is nothing in it
            "Cache-Control": "public, max-age=300",
            "ETag": self._tag,
            "Vary": "Accept-Encoding",
        }
        if request.headers.get("if-none-match") == self._tag:
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(self._packed, headers=headers, media_type=self._media_type)
        return Response(self._plain, headers=headers, media_type=self._media_type)


def widget_router(house: House) -> APIRouter:
    """The routes of the widget and its pages."""
    router = APIRouter(include_in_schema=False)
    assets = {
        "taktvoll.js": Asset(script(), "text/javascript; charset=utf-8"),
        "demo.css": Asset(_read("demo.css"), "text/css; charset=utf-8"),
    }
    assets |= {f"{name}.js": Asset(later(name), "text/javascript; charset=utf-8") for name in LATER}
    demo, source = _read("demo.html"), _read("source.html")

    @router.get("/widget/{name}")
    async def asset(name: str, request: Request) -> Response:
        """A file of the widget."""
        if name not in assets:
            return Response(status_code=404)
        return assets[name].answer(request)

    @router.get("/")
    async def home() -> Response:
        """The first workspace's demo page; the sample company's, where there is one."""
        names = [w.name for w in await house.directory.workspaces()]
        best = next((n for n in names if n != "default"), "default")
        return RedirectResponse(f"/w/{best}/demo", 302)

    @router.get("/w/{workspace}/demo")
    async def demo_page(workspace: str) -> Response:
        """A page that embeds the chat by its one script tag."""
        place = await house.directory.workspace(workspace)
        values = {"workspace": place.name, "company": _company(place), "language": place.language}
        return HTMLResponse(_fill(demo, values))

    @router.get("/w/{workspace}/source/{collection}/{id}/{language}")
    async def source_page(workspace: str, collection: str, id: str, language: str) -> Response:
        """A passage of the current edition, word for word."""
        place = await house.directory.workspace(workspace)
        passage = await _public_passage(house, place, PassageKey(collection, id, language))
        values = {
            "language": passage.language,
            "title": passage.question or passage.title,
            "section": _place(passage),
            "text": passage.text,
            "company": _company(place),
        }
        return HTMLResponse(_fill(source, values))

    @router.get("/healthz")
    async def health() -> dict[str, str]:
        """Whether this process can reach its database."""
        await house.directory.workspaces()
        return {"status": "ok"}

    return router


async def _public_passage(house: House, place: Workspace, key: PassageKey) -> Passage:
    edition = await house.shelf.at(place.id, await house.library.head(place.id))
    passage, now = await edition.passage(key), house.now()
    valid = passage and (passage.valid_from or now) <= now < (passage.valid_until or now.replace(year=9999))
    if passage is None or not valid or passage.audience != "public":
        raise Refused("passage.unknown", id=key.id[:100])
    return passage


def _place(passage: Passage) -> str:
    """The headings above a passage, and its page where it comes from a document with pages."""
    page = page_of(passage.page, passage.language) if passage.page else ""
    return " · ".join(filter(None, (passage.section, page)))


def _company(place: Workspace) -> str:
    return str(place.settings.get("company") or place.name)


def _fill(template: str, values: Mapping[str, str]) -> str:
    """Put values into a template in one go: braces within a value are its own words."""
    return _PLACE.sub(lambda place: escape(values[place[1]]), template)


def _read(name: str) -> str:
    return (resources.files("taktvoll.entry.widget") / name).read_text(encoding="utf-8")
