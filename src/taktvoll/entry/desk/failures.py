"""Failures at the desk, as calm pages for people and as problem details for the page's script.

I decide how a failure reads at the desk. FastAPI calls me around every route of it.
I never show the insides of an error and never say whether a foreign thing exists.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute

from taktvoll.base.errors import Broken, TaktvollError
from taktvoll.entry.desk.render import NO_STORE, page
from taktvoll.entry.desk.session import base_of, sign_in_address, wants_json
from taktvoll.entry.edge import language_of, note, problem

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

_TITLES = {403: "no_permission", 404: "not_found", 503: "unavailable"}


class DeskRoute(APIRoute):
    """A route whose failures read like the rest of the desk."""

    def get_route_handler(self) -> Handler:
        """Wrap the route's own handler."""
        handle = super().get_route_handler()

        async def handling(request: Request) -> Response:
            try:
                return await handle(request)
            except TaktvollError as error:
                return failure(request, error)

        return handling


def failure(request: Request, error: TaktvollError) -> Response:
    """Answer a failure: a problem for the script, the sign-in page where it is needed, else a page."""
    if isinstance(error, Broken):
        note(error, request.scope)
    language = language_of(request)
    answer = problem(error, language)
    if wants_json(request):
        answer.headers.update(NO_STORE)
        return answer
    name = str(request.path_params.get("workspace", ""))
    if error.code == "sign_in.required":
        return RedirectResponse(
            sign_in_address(name, str(request.path_params.get("conversation", ""))), 303, dict(NO_STORE)
        )
    status = answer.status_code
    title = "stale" if error.code == "form.stale" else _TITLES.get(status, "failed")
    detail = None if status == 404 else error.text(language)
    base = None if error.code == "workspace.unknown" else base_of(name)
    shown = page("failure.html", language, status, title=title, detail=detail, base=base, code=error.code)
    if "retry-after" in answer.headers:
        shown.headers["Retry-After"] = answer.headers["retry-after"]
    return shown
