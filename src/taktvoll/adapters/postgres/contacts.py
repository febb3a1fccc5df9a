"""Contacts in PostgreSQL: people, their addresses, and which conversations are theirs.

I decide how these reach the tables and come back. Flows call me through the Contacts port.
I never decide who is who: addresses come to me normalised and proven, merges are joining.py's.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from taktvoll.adapters.postgres.connect import Pool, Working
from taktvoll.adapters.postgres.contact_rows import (
    card_of,
    contact_of,
    identity_of,
    log,
    root_of,
)
from taktvoll.adapters.postgres.record import decide_arguments, placed_events
from taktvoll.base.errors import Refused
from taktvoll.base.ids import ContactId, ConversationId, IdentityId, WorkspaceId, uuid7
from taktvoll.domain.contacts.joining import Book, merged, split, undone
from taktvoll.domain.contacts.ports import Proven
from taktvoll.domain.contacts.terms import Card, Contact, Identity, Logged, Proof
from taktvoll.domain.conversation.ports import Change, Decided, DecideStatus

_FIELDS = {"name": "name", "address": "address_form", "language": "language", "notes": "notes"}
_SET = {
    "name": "update contact set name = $2 where id = $1",
    "address": "update contact set address_form = nullif($2, '') where id = $1",
    "language": "update contact set language = $2 where id = $1",
    "notes": "update contact set notes = $2 where id = $1",
}
_REROUTE = """
select * from reroute_conversation($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
"""
_LEFT = """
select o.conversation_id, min(o.event_seq) as seq, c.reached_by
from outbox o
join conversation c on c.id = o.conversation_id
join event e on e.conversation_id = o.conversation_id and e.seq = o.event_seq
join contact_identity i on i.id = c.reached_by and i.proof <> 'unproven'
where o.channel = 'webchat' and o.state = 'due' and o.due_at between $1::timestamptz - interval '1 day' and $1
    and convert_from(e.body, 'UTF8')::jsonb -> 'payload' ->> 'author' = 'person'
group by o.conversation_id, c.reached_by
order by min(o.due_at)
limit $2
"""
_UNLINKED = """
select m.conversation_id from mail_message m join conversation c on c.id = m.conversation_id
where c.contact_id is null and c.channel = 'mail' and m.automatic = '' and m.facts -> 'origin' ->> 2 = 'pass'
    and m.facts ->> 'checked_by' <> '' and coalesce(m.facts ->> 'form', 'false') = 'false' and c.changed_at > $1
group by m.conversation_id order by max(m.at) desc limit $2
"""
_UNREAD = """
select c.id, max(v.changed_at) as at from contact c join conversation v on v.contact_id = c.id
where v.changed_at > $1 and v.changed_at > coalesce(c.habits_at, '-infinity'::timestamptz)
group by c.id order by at limit $2
"""
_HELD = "select id from conversation where contact_id = any ($1) order by id for update"
_SAID = "select exists (select 1 from personal_text where conversation_id = any ($1) and content is not null)"
_SEARCH = "select id from find_contacts($1, $2) with ordinality as f(id, place) order by place"


class PostgresContacts:
    """Implements Contacts."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def of(self, workspace: WorkspaceId, conversation: ConversationId) -> Contact | None:
        """Whose conversation it is."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow(
                "select * from contact"
                " where id = (select contact_root(c.contact_id) from conversation c where c.id = $1)",
                conversation,
            )
        return contact_of(row) if row else None

    async def card(self, workspace: WorkspaceId, contact: ContactId) -> Card:
        """Everything of a contact."""
        async with self._pool.within(workspace) as connection:
            return await card_of(connection, await root_of(connection, contact))

    async def identity(self, workspace: WorkspaceId, identity: IdentityId) -> Identity:
        """One identity."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow("select * from contact_identity where id = $1", identity)
        if row is None:
            raise Refused("address.unknown")
        return identity_of(row)

    async def way(self, workspace: WorkspaceId, conversation: ConversationId) -> Identity | None:
        """The identity that was proven in this conversation."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow(
                "select i.* from conversation c join contact_identity i on i.id = c.reached_by"
                " where c.id = $1 and i.proof <> 'unproven'",
                conversation,
            )
        return identity_of(row) if row else None

    async def proven(self, workspace: WorkspaceId, channel: str, address: str) -> Identity | None:
        """Find who has proven an address."""
        async with self._pool.within(workspace) as connection:
            return await _proven(connection, workspace, channel, address)

    async def prove(
        self, workspace: WorkspaceId, proven: Proven, conversation: ConversationId | None
    ) -> Identity:
        """Keep the proof; two at once for one address make one contact, because the second waits for the first."""
        async with self._pool.within(workspace) as connection:
            await _lock(connection, workspace)
            known = await _proven(connection, workspace, proven.channel, proven.address)
            theirs = await _contact_of(connection, conversation) if conversation else None
            if known is None:
                known = await _prove(connection, workspace, proven, theirs)
            if conversation:
                await _link(connection, workspace, proven, conversation, theirs, known)
        return known

    async def add(
        self,
        workspace: WorkspaceId,
        contact: ContactId,
        channel: str,
        address: str,
        written: str,
        by: str,
        at: datetime,
    ) -> IdentityId:
        """Note an address, unproven."""
        async with self._pool.within(workspace) as connection:
            await _lock(connection, workspace)
            root = await root_of(connection, contact)
            known = await connection.fetchval(
                "select id from contact_identity where contact_id in (select contact_tree($1)) and channel = $2"
                " and address = $3",
                root, channel, address,
            )  # fmt: skip
            if known:
                return IdentityId(known)
            identity = IdentityId(uuid7(at))
            await connection.execute(
                "insert into contact_identity (id, workspace_id, contact_id, channel, address, written, proof, made_at)"
                " values ($1, $2, $3, $4, $5, $6, 'unproven', $7)",
                identity, workspace, root, channel, address, written, at,
            )  # fmt: skip
            await log(connection, workspace, root, "identity.added", by, at, identity=str(identity))
        return identity

    async def confirm(
        self, workspace: WorkspaceId, contact: ContactId, identity: IdentityId, by: str, at: datetime
    ) -> None:
        """A person vouches for an address."""
        async with self._pool.within(workspace) as connection:
            await _lock(connection, workspace)
            root = await root_of(connection, contact)
            row = await connection.fetchrow(
                "select * from contact_identity where id = $1 and contact_id in (select contact_tree($2))",
                identity, root,
            )  # fmt: skip
            if row is None:
                raise Refused("address.unknown")
            if row["proof"] != Proof.UNPROVEN:
                return
            if await _proven(connection, workspace, row["channel"], row["address"]):
                raise Refused("address.taken")
            await connection.execute(
                "update contact_identity set proof = 'staff_confirmed', proven_at = $2, proven_by = $3 where id = $1",
                identity, at, by,
            )  # fmt: skip
            how = Proof.STAFF_CONFIRMED.value
            await log(
                connection, workspace, root, "identity.proven", by, at, identity=str(identity), proof=how
            )

    async def change(
        self,
        workspace: WorkspaceId,
        contact: ContactId,
        fields: Mapping[str, str],
        by: str,
        at: datetime,
        *,
        learnt: bool = False,
        once: Collection[str] = (),
    ) -> None:
        """Set fields of whoever speaks for the contact; only what differs is set and logged."""
        async with self._pool.within(workspace) as connection:
            root = await root_of(connection, contact)
            row = await connection.fetchrow("select * from contact where id = $1 for update", root)
            free = {
                n: v for n, v in fields.items() if not learnt or _gives_way(row, n, provisional=n in once)
            }
            changed = {name: value for name, value in free.items() if (row[_FIELDS[name]] or "") != value}
            for name, value in changed.items():
                await connection.execute(_SET[name], root, value)
            known = (set(row["learnt"]) | set(changed)) if learnt else (set(row["learnt"]) - set(changed))
            before = set(row["seen_once"])
            seen = (before - set(free if learnt else changed)) | (set(once) & (before | set(changed)))
            if changed or seen != before:
                await connection.execute(
                    "update contact set learnt = $2, seen_once = $3, changed_at = $4 where id = $1",
                    root, sorted(known), sorted(seen), at if changed else row["changed_at"],
                )  # fmt: skip
            if changed:
                await log(
                    connection,
                    workspace,
                    root,
                    "contact.changed",
                    by,
                    at,
                    fields=sorted(changed),
                    learnt=learnt,
                )

    async def merge(
        self, workspace: WorkspaceId, gone: ContactId, into: ContactId, by: str, at: datetime
    ) -> ContactId:
        """Point one at the other, under a lock that lets one merge of a workspace happen at a time."""
        async with self._pool.within(workspace) as connection:
            await _lock(connection, workspace)
            _, child, parent = merged(await _book(connection, gone, into), gone, into)
            await connection.execute(
                "update contact set merged_into = $2, merged_at = $3, merged_by = $4 where id = $1",
                child, parent, at, by,
            )  # fmt: skip
            await log(connection, workspace, parent, "contact.merged", by, at, gone=str(child))
        return child

    async def undo(self, workspace: WorkspaceId, gone: ContactId, by: str, at: datetime) -> None:
        """Take the pointer away."""
        async with self._pool.within(workspace) as connection:
            await _lock(connection, workspace)
            book = await _book(connection, gone)
            into = book.into.get(gone)
            undone(book, gone)
            await connection.execute(
                "update contact set merged_into = null, merged_at = null, merged_by = '' where id = $1", gone
            )
            await log(connection, workspace, gone, "contact.merge_undone", by, at, into=str(into))

    async def split(
        self, workspace: WorkspaceId, contact: ContactId, things: Sequence[UUID], by: str, at: datetime
    ) -> ContactId:
        """Move what was chosen; the log of both says from where it came, by ids."""
        new = ContactId(uuid7(at))
        async with self._pool.within(workspace) as connection:
            await _lock(connection, workspace)
            book = await _book(connection, contact)
            split(book, contact, things, new)
            await _make(connection, workspace, new, "", at)
            moved = list(things)
            await connection.execute(
                "update contact_identity set contact_id = $1 where id = any ($2)", new, moved
            )
            await connection.execute(
                "update conversation set contact_id = $1 where id = any ($2)", new, moved
            )
            before = {str(thing): str(book.homes[thing]) for thing in moved}
            for one, other in ((new, book.root(contact)), (book.root(contact), new)):
                await log(connection, workspace, one, "contact.split", by, at, other=str(other), moved=before)
        return new

    async def search(self, workspace: WorkspaceId, text: str, limit: int) -> tuple[Card, ...]:
        """Find contacts by a part of name or address."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(_SEARCH, text, limit)
            return tuple([await card_of(connection, ContactId(r["id"])) for r in rows])

    async def log(self, workspace: WorkspaceId, contact: ContactId, limit: int) -> tuple[Logged, ...]:
        """What happened to a contact."""
        async with self._pool.within(workspace) as connection:
            root = await root_of(connection, contact)
            rows = await connection.fetch(
                "select at, contact_id, kind, actor, detail from contact_log"
                " where contact_id in (select contact_tree($1)) order by place desc limit $2",
                root, limit,
            )  # fmt: skip
        return tuple(
            Logged(r["at"], ContactId(r["contact_id"]), r["kind"], r["actor"], r["detail"]) for r in rows
        )

    async def erase(
        self, workspace: WorkspaceId, contact: ContactId, by: str, at: datetime, *, emptied: bool = False
    ) -> bool:
        """Erase what is personal; pointers and log stay, they name nobody."""
        async with self._pool.within(workspace) as connection:
            await _lock(connection, workspace)
            root = await root_of(connection, contact)
            tree = [r[0] for r in await connection.fetch("select contact_tree($1)", root)]
            # Whoever takes a message in holds its conversation: what came is seen here, what comes later has none.
            theirs = [r["id"] for r in await connection.fetch(_HELD, tree)]
            if emptied and await connection.fetchval(_SAID, theirs):
                return False
            await connection.execute(
                "update conversation set contact_id = null where contact_id = any ($1)", tree
            )
            await connection.execute("delete from contact_identity where contact_id = any ($1)", tree)
            await connection.execute(
                "update contact set name = '', notes = '', language = '', address_form = null, learnt = '{}',"
                " seen_once = '{}',"
                " erased_at = $2, changed_at = $2 where id = any ($1)",
                tree, at,
            )  # fmt: skip
            await log(connection, workspace, root, "contact.erased", by, at)
        return True

    async def unlinked(
        self, workspace: WorkspaceId, since: datetime, limit: int
    ) -> tuple[ConversationId, ...]:
        """Mail conversations whose link was cut off."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(_UNLINKED, since, limit)
        return tuple(ConversationId(r["conversation_id"]) for r in rows)

    async def unread(
        self, workspace: WorkspaceId, since: datetime, limit: int
    ) -> tuple[tuple[ContactId, datetime], ...]:
        """Contacts who wrote since then."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(_UNREAD, since, limit)
        return tuple((ContactId(r["id"]), r["at"]) for r in rows)

    async def looked_at(self, workspace: WorkspaceId, contact: ContactId, up_to: datetime) -> None:
        """Note that habits were looked at."""
        async with self._pool.within(workspace) as connection:
            await connection.execute("update contact set habits_at = $2 where id = $1", contact, up_to)

    async def left(
        self, workspace: WorkspaceId, before: datetime, limit: int
    ) -> tuple[tuple[ConversationId, int, IdentityId], ...]:
        """Chats whose visitor has not seen a person's message."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(_LEFT, before, limit)
        return tuple(
            (ConversationId(r["conversation_id"]), r["seq"], IdentityId(r["reached_by"])) for r in rows
        )

    async def reroute(self, change: Change, channel: str, since_seq: int | None) -> Decided:
        """One commit for the event and for what nobody has seen."""
        identity = UUID(str(change.events[0].payload["identity"]))
        row = await self._pool.row(_REROUTE, channel, identity, since_seq, *decide_arguments(change))
        status = DecideStatus(row["status"])
        if status is not DecideStatus.OK:
            return Decided(status)
        return Decided(status, placed_events(row["first_seq"], change.events))


def _gives_way(row: Any, name: str, *, provisional: bool) -> bool:
    """Whether a learnt value may stand here: nothing stands yet, or its like; what staff set never gives way."""
    return not row[_FIELDS[name]] or name in row["seen_once" if provisional else "learnt"]


async def _lock(connection: Working, workspace: WorkspaceId) -> None:
    """One change of who is who at a time in a workspace: rare, short, and free of loops and doubles."""
    await connection.execute("select pg_advisory_xact_lock(hashtextextended($1, 12))", str(workspace))


async def _book(connection: Working, *contacts: ContactId) -> Book:
    """The part of the book that holds these contacts' trees and what they own."""
    roots = [await root_of(connection, c) for c in contacts]
    rows = await connection.fetch(
        "select id, merged_into from contact where id in (select contact_tree(r) from unnest($1::uuid[]) as r)",
        roots,
    )
    into = {ContactId(r["id"]): ContactId(r["merged_into"]) if r["merged_into"] else None for r in rows}
    owned = await connection.fetch(
        "select id, contact_id from contact_identity where contact_id = any ($1)"
        " union all select id, contact_id from conversation where contact_id = any ($1)",
        list(into),
    )
    return Book(into, {r["id"]: ContactId(r["contact_id"]) for r in owned})


async def _proven(connection: Working, workspace: WorkspaceId, channel: str, address: str) -> Identity | None:
    row = await connection.fetchrow(
        "select * from contact_identity where workspace_id = $1 and channel = $2 and address = $3"
        " and proof <> 'unproven'",
        workspace, channel, address,
    )  # fmt: skip
    return identity_of(row) if row else None


async def _contact_of(connection: Working, conversation: ConversationId) -> ContactId | None:
    row = await connection.fetchrow(
        "select contact_id from conversation where id = $1 for update", conversation
    )
    if row is None:
        raise Refused("conversation.unknown")
    return ContactId(row["contact_id"]) if row["contact_id"] else None


async def _make(
    connection: Working, workspace: WorkspaceId, contact: ContactId, name: str, at: datetime
) -> None:
    await connection.execute(
        "insert into contact (id, workspace_id, name, made_at, changed_at) values ($1, $2, $3, $4, $4)",
        contact, workspace, name, at,
    )  # fmt: skip


async def _prove(
    connection: Working, workspace: WorkspaceId, proven: Proven, theirs: ContactId | None
) -> Identity:
    """Keep a newly proven address, with the conversation's contact or one that is made for it."""
    contact = theirs
    if contact is None:
        contact = ContactId(uuid7(proven.at))
        await _make(connection, workspace, contact, proven.name, proven.at)
        await log(connection, workspace, contact, "contact.made", proven.by, proven.at)
    row: Any = await connection.fetchrow(
        "insert into contact_identity (id, workspace_id, contact_id, channel, address, written, proof, proven_at,"
        " proven_by, made_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $8)"
        " on conflict (contact_id, channel, address) do update set proof = excluded.proof, written = excluded.written,"
        " proven_at = excluded.proven_at, proven_by = excluded.proven_by returning *",
        uuid7(proven.at), workspace, contact, proven.channel, proven.address, proven.written, proven.proof.value,
        proven.at, proven.by,
    )  # fmt: skip
    await log(
        connection, workspace, contact, "identity.proven", proven.by, proven.at,
        identity=str(row["id"]), proof=proven.proof.value,
    )  # fmt: skip
    return identity_of(row)


async def _link(
    connection: Working,
    workspace: WorkspaceId,
    proven: Proven,
    conversation: ConversationId,
    theirs: ContactId | None,
    identity: Identity,
) -> None:
    if proven.proof is Proof.CODE_CONFIRMED:
        await connection.execute(
            "update conversation set reached_by = $2 where id = $1", conversation, identity.id
        )
    if theirs is not None:
        return
    await connection.execute(
        "update conversation set contact_id = $2 where id = $1", conversation, identity.home
    )
    await connection.execute("update contact set changed_at = $2 where id = $1", identity.home, proven.at)
    await log(
        connection, workspace, identity.home, "conversation.linked", proven.by, proven.at,
        conversation=str(conversation), identity=str(identity.id), proof=proven.proof.value,
    )  # fmt: skip
