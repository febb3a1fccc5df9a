"""The visitor's session: a signed token that names a conversation; nothing is stored until the first message.

I decide whether a token is genuine and still good. The inbound and outbound sides call me.
I never put personal data into a token.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from fastapi import Request

from taktvoll.base.errors import Refused
from taktvoll.base.ids import AccountId, ConversationId, WorkspaceId, uuid7
from taktvoll.base.limits import CHAT_SESSION_HOURS_MAX
from taktvoll.domain.conversation.ports import Account
from taktvoll.domain.people.ports import Keys

_PURPOSE = "webchat session"


@dataclass(frozen=True, slots=True)
class Visit:
    """Whose conversation a request is about."""

    account: Account
    conversation: ConversationId
    language: str


def open_visit(keys: Keys, account: Account, language: str, now: datetime) -> tuple[str, Visit]:
    """Make a session for a new conversation; gives the token and what it names."""
    conversation = ConversationId(uuid7(now))
    fields = [
        str(account.workspace),
        str(account.id),
        account.name,
        str(conversation),
        language,
        int(now.timestamp()),
    ]
    token = keys.seal(_PURPOSE, json.dumps(fields).encode())
    return token, Visit(account, conversation, language)


def visit_of(keys: Keys, request: Request, now: datetime) -> Visit:
    """Read the session of a request.

    Raises: Refused("session.invalid") for a missing, forged or expired token.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    payload = keys.unseal(_PURPOSE, token.strip()) if scheme.lower() == "bearer" else None
    if payload is None:
        raise Refused("session.invalid")
    workspace, account, name, conversation, language, at = json.loads(payload)
    if now > datetime.fromtimestamp(at, now.tzinfo) + timedelta(hours=CHAT_SESSION_HOURS_MAX):
        raise Refused("session.invalid")
    known = Account(AccountId(UUID(account)), WorkspaceId(UUID(workspace)), "webchat", name, {})
    return Visit(known, ConversationId(UUID(conversation)), language)
