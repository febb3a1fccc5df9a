"""The API's gate: which key knocks, whether its scopes cover what is asked, and how fast it may.

I decide who passes. Every route of the API depends on me. I never say whether a workspace exists to whoever has no key.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import Annotated

from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from taktvoll.base.errors import Refused
from taktvoll.base.limits import (
    API_CALLS_BURST,
    API_CALLS_PER_MINUTE,
    API_FAILURES_BURST,
    API_FAILURES_PER_MINUTE,
)
from taktvoll.base.pace import Pace, host_of
from taktvoll.domain.people.keys import ApiKey, demand_scope
from taktvoll.domain.people.permissions import Permission
from taktvoll.domain.people.terms import Workspace
from taktvoll.flows.house import House
from taktvoll.flows.keep_keys import key_of

_BEARER = HTTPBearer(auto_error=False, description="A key: taktvoll key make, or the desk's page of keys.")
Given = Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]


@dataclass(frozen=True, slots=True)
class Caller:
    """A program that was let in, and the workspace its key belongs to."""

    workspace: Workspace
    key: ApiKey


class Gate:
    """Lets programs in; one for all routes, so that the pace is counted once."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._calls = Pace(API_CALLS_BURST, API_CALLS_PER_MINUTE)
        self._failures = Pace(API_FAILURES_BURST, API_FAILURES_PER_MINUTE)

    def demands(self, permission: Permission | None) -> Callable[..., Awaitable[Caller]]:
        """Make the dependency of a route.

        Takes:  permission: the scope that a key needs; None where any genuine key will do.
        Gives:  a dependency that raises Refused("key.unknown"), Refused("key.scope"), Refused("request.too_many").
        """

        async def enter(request: Request, workspace: str, given: Given) -> Caller:
            caller = await self._recognise(request, workspace, given.credentials if given else "")
            self._calls.take((caller.workspace.id, caller.key.handle), monotonic())
            if permission is not None:
                demand_scope(caller.key, permission)
            return caller

        return enter

    async def _recognise(self, request: Request, workspace: str, text: str) -> Caller:
        """Find the key; whoever guesses is slowed down by where they come from."""
        try:
            place = await self._house.directory.workspace(workspace)
            return Caller(place, await key_of(self._house, place.id, text))
        except Refused as refusal:
            self._failures.take(host_of(request.client), monotonic())
            if refusal.code == "workspace.unknown":
                raise Refused("key.unknown") from refusal
            raise
