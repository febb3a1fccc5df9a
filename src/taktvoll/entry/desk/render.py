"""Templates become pages, and the desk's own style and script are served.

I decide how a page is put together and how long a browser may keep its parts. The desk's routes call me.
I never look anything up: everything shown is handed to me.
"""

import hashlib
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from zoneinfo import ZoneInfo

from fastapi.responses import HTMLResponse, Response
from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from taktvoll.base.limits import MESSAGE_CHARS_MAX, REPLY_FILE_BYTES_MAX
from taktvoll.base.time import parse_time
from taktvoll.entry.desk.texts import FOR_SCRIPT, texts

NO_STORE = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
"""Pages hold what customers wrote; same-origin lets a form's Origin header be checked."""

QUEUE_ROWS_KEPT = 2_000
"""Drawn rows of the queue in memory, some 2 MB: what all desks of a busy house show together."""

_MEDIA = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_PLACE = "taktvoll.entry.desk"


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file in memory."""

    body: bytes
    media_type: str
    version: str


def page(template: str, language: str, status: int = 200, **values: object) -> HTMLResponse:
    """Render a page of the desk in one language."""
    return HTMLResponse(fragment(template, language, **values), status, dict(NO_STORE))


def fragment(template: str, language: str, **values: object) -> str:
    """Render a template to text."""
    said = texts(language)
    script_texts = {name: said[name] for name in FOR_SCRIPT}
    return _ENVIRONMENT.get_template(template).render(
        t=said,
        language=language,
        script_texts=script_texts,
        chars_max=MESSAGE_CHARS_MAX,
        file_bytes_max=REPLY_FILE_BYTES_MAX,
        page_name=template.removesuffix(".html"),
        **values,
    )


def asset(name: str, version: str) -> Response:
    """Serve a static file: for good under its version, for this once under an old one."""
    found = ASSETS.get(name)
    if found is None:
        return Response(status_code=404)
    lasting = "public, max-age=31536000, immutable" if version == found.version else "no-cache"
    return Response(found.body, media_type=found.media_type, headers={"Cache-Control": lasting})


@lru_cache(maxsize=QUEUE_ROWS_KEPT)
def _queue_row(
    row: Hashable,
    base: str,
    language: str,
    shows_owner: bool,
    current: bool,
    due: str | None,
    back: str | None,
    waits: str | None,
    call: str | None,
) -> Markup:
    """Draw a row of the queue; the same row stands on every desk and in every fetch until something in it changes."""
    values = {"row": row, "base": base, "language": language, "shows_owner": shows_owner, "current": current}
    values |= {"due": due, "back": back, "waits": waits, "call": call, "t": texts(language)}
    return Markup(_ENVIRONMENT.get_template("_queue_row.html").render(values).rstrip("\n"))  # noqa: S704 - ours


def _asset_url(name: str) -> str:
    return f"/w-static/desk/{name}?v={ASSETS[name].version}"


def _clock(at: str, now: str, zone: ZoneInfo) -> str:
    """A time of day, with the date where it is not today."""
    then, today = parse_time(at).astimezone(zone), parse_time(now).astimezone(zone)
    return then.strftime("%H:%M" if then.date() == today.date() else "%d.%m. %H:%M")


def _since(at: str, now: str, said: Mapping[str, str]) -> str:
    """How long something has lasted; the page's script goes on counting in the same words."""
    return lasting((parse_time(now) - parse_time(at)).total_seconds(), said)


def _ahead(at: str, now: str, said: Mapping[str, str]) -> str:
    """How long until something; the page's script goes on counting down in the same words."""
    return lasting((parse_time(at) - parse_time(now)).total_seconds(), said)


def lasting(seconds_in_all: float, said: Mapping[str, str]) -> str:
    """A time span in words, as coarse as people say it."""
    minutes, seconds = divmod(max(0, int(seconds_in_all)), 60)
    if not minutes:
        return said["seconds"].format(n=seconds)
    if minutes < 60:
        return said["minutes"].format(n=minutes)
    if minutes < 24 * 60:
        return said["hours"].format(n=minutes // 60, m=minutes % 60)
    return said["days"].format(n=minutes // 60 // 24)


def _assets() -> Mapping[str, Asset]:
    found = {}
    for name, body in _files("static").items():
        version = hashlib.sha256(body).hexdigest()[:12]
        found[name] = Asset(body, _MEDIA[name[name.rindex(".") :]], version)
    return MappingProxyType(found)


def _files(folder: str) -> dict[str, bytes]:
    place = resources.files(_PLACE) / folder
    return {f.name: f.read_bytes() for f in place.iterdir() if f.is_file()}


def _environment() -> Environment:
    templates = {name: body.decode("utf-8") for name, body in _files("templates").items()}
    made = Environment(
        loader=DictLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["asset"] = _asset_url
    made.globals["queue_row"] = _queue_row
    made.filters["clock"] = _clock
    made.filters["since"] = _since
    made.filters["ahead"] = _ahead
    return made


ASSETS = _assets()
_ENVIRONMENT = _environment()
