"""Keys for programs are made, listed, revoked, and recognised when they knock.

I decide which scopes someone may give away and which key opens. The desk, the command line and the API's door call me.
I never show a key twice: what is kept cannot be turned back into it.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from taktvoll.base.errors import Refused
from taktvoll.base.ids import WorkspaceId, public_token, uuid7
from taktvoll.base.limits import KEY_DAYS_MAX
from taktvoll.base.text import clean
from taktvoll.domain.people.access import Kind, Noted
from taktvoll.domain.people.keys import PREFIX, ApiKey, key_name, parts_of, scopes_of, written
from taktvoll.domain.people.permissions import Permission, demand, may
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.house import House

HANDLE_BYTES = 7
HANDLE_CHARS = 10
USE_NOTED_EVERY = timedelta(minutes=1)
NOTHING = bytes(32)
"""Compared with where there is no such key, so that a wrong handle takes as long as a wrong secret."""


@dataclass(frozen=True, slots=True)
class Made:
    """A new key; the text is shown this once."""

    key: ApiKey
    text: str


async def make_key(house: House, by: Staff, name: str, scopes: Iterable[str], days: int | None) -> Made:
    """Make a key; nobody gives away what they may not do themselves.

    Raises: Refused("permission.missing"), and as make_key_for.
    """
    demand(by, Permission.KEY_MANAGE)
    wanted = scopes_of(scopes)
    if not all(may(by, scope) for scope in wanted):
        raise Refused("permission.missing")
    return await make_key_for(house, by.workspace, name, wanted, days, f"staff:{by.id}")


async def make_key_for(
    house: House, workspace: WorkspaceId, name: str, scopes: frozenset[Permission], days: int | None, by: str
) -> Made:
    """Make a key on behalf of whoever runs the installation.

    Raises: Refused("key.name"), Refused("key.days").
    """
    if days is not None and not 0 < days <= KEY_DAYS_MAX:
        raise Refused("key.days", limit=KEY_DAYS_MAX)
    now, secret = house.now(), public_token()
    handle = PREFIX + base64.b32encode(secrets.token_bytes(HANDLE_BYTES)).decode().lower()[:HANDLE_CHARS]
    key = ApiKey(
        handle=handle,
        workspace=workspace,
        name=key_name(clean(name)),
        scopes=scopes,
        made_at=now,
        made_by=by,
        expires_at=now + timedelta(days=days) if days else None,
    )
    noted = Noted(
        uuid7(now), Kind.KEY_MADE, by, now, None, {"key": handle, "scopes": " ".join(sorted(scopes))}
    )
    await house.access.keys.make(workspace, key, _kept(secret), noted)
    return Made(key, written(handle, secret))


async def revoke_key(house: House, by: Staff, handle: str) -> None:
    """End a key for good.

    Raises: Refused("permission.missing"), Refused("key.missing").
    """
    demand(by, Permission.KEY_MANAGE)
    await revoke_key_for(house, by.workspace, handle, f"staff:{by.id}")


async def revoke_key_for(house: House, workspace: WorkspaceId, handle: str, by: str) -> None:
    """End a key on behalf of whoever runs the installation."""
    now = house.now()
    noted = Noted(uuid7(now), Kind.KEY_REVOKED, by, now, None, {"key": handle[:40]})
    await house.access.keys.revoke(workspace, handle, noted)


async def key_of(house: House, workspace: WorkspaceId, text: str) -> ApiKey:
    """Recognise a key of this workspace.

    Raises: Refused("key.unknown") for a wrong, foreign, revoked or expired one alike.
    """
    parts = parts_of(text)
    found = await house.access.keys.find(workspace, parts[0]) if parts else None
    kept = _kept(parts[1]) if parts else NOTHING
    genuine = hmac.compare_digest(found[1] if found else NOTHING, kept)
    now = house.now()
    if found is None or not genuine or not found[0].opens(now):
        raise Refused("key.unknown")
    last = found[0].last_used_at
    if last is None or now - last >= USE_NOTED_EVERY:
        await house.access.keys.used(workspace, found[0].handle, now)
    return found[0]


def _kept(secret: str) -> bytes:
    """What is kept of a secret: it carries 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(secret.encode("ascii")).digest()
