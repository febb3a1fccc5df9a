"""The wiring of the web process: which doors there are, around one house.

I decide which routers stand in the application. `taktvoll serve` calls me. I stand apart from build.py only so that
commands start without loading a web framework.
"""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from taktvoll.build import Database, Settings, open_house
from taktvoll.channels.mail.inbound import mail_router
from taktvoll.channels.webchat.inbound import webchat_router
from taktvoll.channels.webchat.origins import Origins
from taktvoll.domain.knowledge.ports import Progress
from taktvoll.entry.api.router import api_router
from taktvoll.entry.desk.router import desk_router
from taktvoll.entry.edge import guard
from taktvoll.entry.widget.pages import widget_router
from taktvoll.flows.house import House


def make_app(settings: Settings, database: Database, progress: Progress) -> FastAPI:
    """The web application: the chat, the API, the widget, the desk, behind the edge."""
    app = FastAPI(
        title="taktvoll", version="0.1.0", docs_url=None, redoc_url=None, openapi_url="/api/v1/openapi.json"
    )

    opened: list[House] = []

    @asynccontextmanager
    async def living(_app: FastAPI) -> AsyncIterator[None]:
        async with open_house(settings, database, progress, together=True) as house:
            opened.append(house)
            for door in (webchat_router, mail_router, api_router, desk_router, widget_router):
                app.include_router(door(house))
            await _warm(house)
            _settle()
            yield

    app.router.lifespan_context = living
    app.router.redirect_slashes = False  # such a redirect would lead to whatever host the request names
    guard(app)
    app.add_middleware(Origins, directory=lambda: opened[0].directory if opened else None)
    return app


async def _warm(house: House) -> None:
    """Load what the first customer would otherwise wait for."""
    for workspace in await house.directory.workspaces():
        edition = await house.shelf.at(workspace.id, await house.library.head(workspace.id))
        await edition.search.find("Guten Tag", workspace.language, edition.usable, house.now(), 1)
    await house.understanding.read("Guten Tag", None)


def _settle() -> None:
    """Keep the collector away from what lives as long as the process: vocabularies and modules, a million objects."""
    gc.collect()
    gc.freeze()
