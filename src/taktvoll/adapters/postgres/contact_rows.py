"""Rows of contacts as values, and lines of their log.

I decide how a row reads. contacts.py calls me within its transactions. I never begin one.
"""

from datetime import datetime
from typing import Any

from taktvoll.adapters.postgres.connect import Working
from taktvoll.base.errors import Refused
from taktvoll.base.ids import ContactId, ConversationId, IdentityId, WorkspaceId, uuid7
from taktvoll.domain.contacts.terms import LOG, Card, Contact, Identity, Joined, Proof, Talk
from taktvoll.domain.conversation.terms import Address

TALKS_MAX = 100


def contact_of(row: Any) -> Contact:
    """A row of the table contact."""
    return Contact(
        id=ContactId(row["id"]),
        name=row["name"],
        address=Address(row["address_form"]) if row["address_form"] else None,
        language=row["language"],
        notes=row["notes"],
        made_at=row["made_at"],
        learnt=frozenset(row["learnt"]),
        seen_once=frozenset(row["seen_once"]),
        erased=row["erased_at"] is not None,
    )


def identity_of(row: Any) -> Identity:
    """A row of the table contact_identity."""
    return Identity(
        id=IdentityId(row["id"]),
        home=ContactId(row["contact_id"]),
        channel=row["channel"],
        address=row["address"],
        written=row["written"],
        proof=Proof(row["proof"]),
        proven_at=row["proven_at"],
        proven_by=row["proven_by"],
    )


async def root_of(connection: Working, contact: ContactId) -> ContactId:
    """Who speaks for a contact; raises Refused("contact.unknown")."""
    root = await connection.fetchval("select contact_root($1)", contact)
    if root is None:
        raise Refused("contact.unknown")
    return ContactId(root)


async def card_of(connection: Working, root: ContactId) -> Card:
    """Everything of a contact that speaks for itself, with what was merged into it."""
    rows = await connection.fetch("select * from contact where id in (select contact_tree($1))", root)
    tree = [r["id"] for r in rows]
    identities = await connection.fetch(
        "select * from contact_identity where contact_id = any ($1) order by made_at, id", tree
    )
    talks = await connection.fetch(
        "select id, contact_id, channel, changed_at, closed from conversation where contact_id = any ($1)"
        " order by changed_at desc limit $2",
        tree, TALKS_MAX,
    )  # fmt: skip
    return Card(
        contact=contact_of(next(r for r in rows if r["id"] == root)),
        identities=tuple(identity_of(r) for r in identities),
        talks=tuple(
            Talk(
                ConversationId(r["id"]),
                ContactId(r["contact_id"]),
                r["channel"],
                r["changed_at"],
                r["closed"],
            )
            for r in talks
        ),
        joined=tuple(
            Joined(contact_of(r), ContactId(r["merged_into"]), r["merged_at"], r["merged_by"])
            for r in rows
            if r["merged_into"] is not None
        ),
    )


async def log(
    connection: Working,
    workspace: WorkspaceId,
    contact: ContactId,
    kind: str,
    actor: str,
    at: datetime,
    **detail: object,
) -> None:
    """Write a line; its kind is one of the table."""
    assert kind in LOG, kind
    await connection.execute(
        "insert into contact_log (id, workspace_id, contact_id, at, kind, actor, detail)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        uuid7(at), workspace, contact, at, kind, actor, detail,
    )  # fmt: skip
