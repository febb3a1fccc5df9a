"""Mails on record and how far each mailbox is, in PostgreSQL.

I decide how originals, facts and cursors reach the tables and come back. Flows and the desk call me through MailStore.
I never read a mail: what it says comes to me as values.
"""

import asyncio
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from taktvoll.adapters.postgres.connect import Pool
from taktvoll.adapters.postgres.record import sealed
from taktvoll.base.errors import Refused
from taktvoll.base.ids import AccountId, ConversationId, WorkspaceId, uuid7
from taktvoll.base.time import parse_time, rfc3339
from taktvoll.domain.contacts.addresses import compared
from taktvoll.domain.delivery.message_ids import key_of
from taktvoll.domain.mail.intake import (
    Cursor,
    Enclosed,
    Facts,
    KeptMail,
    MailAccepted,
    MailAccepting,
    Original,
)
from taktvoll.domain.mail.intake_ports import Noted, Standing
from taktvoll.domain.mail.terms import Address, Check, Origin
from taktvoll.domain.mail.threads import Known

PACKED_FROM = 512
"""Bytes below which packing gains nothing."""

_ACCEPT = "select * from accept_mail($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
_ADVANCE = "select advance_mailbox($1, $2, $3, $4, $5, $6)"
_NAMED = """
with named as (
    select m.message_id as name, m.conversation_id from mail_message m where m.message_id = any ($1)
    union all
    select k.name, o.conversation_id
    from unnest($3::text[], $4::text[]) as k(name, key) join outbox o on o.idempotency_key = k.key
)
select n.name, c.id, c.closed, c.changed_at, p.subject,
    coalesce(p.participants, '{}') || array_remove(array[i.address, i.written, r.address], null) as participants
from named n
join conversation c on c.id = n.conversation_id
cross join lateral (
    select array_agg(distinct a.address) filter (where a.address is not null) as participants,
        (array_agg(m.facts ->> 'subject' order by m.seq))[1] as subject
    from mail_message m cross join lateral (
        values (case when m.facts ->> 'form' = 'true' then null else m.sender end), (m.answers_to)
    ) as a(address)
    where m.conversation_id = c.id and m.automatic = ''
) p
left join lateral (
    select t.content::jsonb -> 'to' ->> 1 as address
    from event e left join personal_text t on t.id = e.text_id
    where e.conversation_id = c.id and e.kind in ('reply_address.confirmed', 'reply_address.withdrawn')
    order by e.seq desc limit 1
) r on true
left join contact_identity i on i.id = c.reached_by and i.proof <> 'unproven'
order by n.name,
    coalesce($2 = any (p.participants) or $2 in (i.address, lower(i.written), lower(r.address)), false),
    c.created_at desc
"""
_MAIL = """
select m.id, m.account_id, m.conversation_id, m.seq, m.at, m.automatic, m.silent, m.facts, o.size, o.whole, o.erased_at,
    o.erased_because,
    (select coalesce(jsonb_agg(to_jsonb(a) order by a.place), '[]') from mail_attachment a where a.mail_id = m.id)
        as files
from mail_message m join mail_original o on o.id = m.id
"""
_ANSWERED = """
select distinct e.at from mail_message m join event e on e.conversation_id = m.conversation_id
where (m.sender = $1 or m.answers_to = $1) and e.kind = 'message.released' and e.at > $2
    and convert_from(e.body, 'UTF8')::jsonb ->> 'actor' = 'assistant'
order by e.at
"""
_CLAIM = """
insert into mailbox_state (account_id, workspace_id, since, reader, read_until)
values ($1, $2, $3, $4, clock_timestamp() + $5::float8 * interval '1 second')
on conflict (account_id) do update set reader = excluded.reader, read_until = excluded.read_until
where mailbox_state.reader is null or mailbox_state.reader = $4 or mailbox_state.read_until < clock_timestamp()
returning true
"""
_STATE = "select * from mailbox_state where account_id = $1"


class PostgresMails:
    """Implements MailStore."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def accept(self, accepting: MailAccepting) -> MailAccepted:
        """One commit; repeated safely after a lost connection, because the second try finds the mail known."""
        received = sealed(accepting.received)
        cursor, facts = accepting.cursor, accepting.facts
        mail = {
            "id": str(accepting.mail),
            "sha256": accepting.original.sha256.hex(),
            "size": accepting.original.size,
            "whole": accepting.original.whole,
            "message_id": facts.message_id,
            "sender": compared(facts.sender.address),
            "answers_to": compared(facts.answers_to),
            "automatic": accepting.automatic,
            "silent": accepting.silent,
            "facts": _facts_fields(facts),
        }
        arguments = (
            accepting.workspace, accepting.conversation, accepting.account, accepting.provider_id,
            accepting.received.at, accepting.opening.body(None), accepting.reopening.body(None),
            accepting.waking.body(None),
            accepting.received.kind, *received, mail, await asyncio.to_thread(_packed, accepting.original.raw),
            [asdict(one) for one in accepting.enclosed],
            cursor.validity if cursor else None, cursor.uid if cursor else None,
        )  # fmt: skip
        try:
            row = await self._pool.row(_ACCEPT, *arguments)
        except asyncpg.InsufficientPrivilegeError as error:
            raise Refused("conversation.unknown") from error
        if row["status"] == "foreign":
            raise Refused("conversation.unknown")
        return MailAccepted(row["status"] == "duplicate", ConversationId(row["conversation_id"]), row["seq"])

    async def known(
        self, workspace: WorkspaceId, message_ids: Sequence[str], sender: str
    ) -> Mapping[str, Known]:
        """Look ids of ours up in the outbox and theirs among the mails on record."""
        ours = {name: key for name in message_ids if (key := key_of(name))}
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(
                _NAMED, list(message_ids), compared(sender), list(ours.keys()), list(ours.values())
            )
        return {  # of several under one name the last one stays: the sender's own, then the oldest
            r["name"]: Known(
                ConversationId(r["id"]),
                frozenset(r["participants"]),
                r["subject"],
                r["changed_at"] if r["closed"] else None,
            )
            for r in rows
        }

    async def mails(self, workspace: WorkspaceId, conversation: ConversationId) -> tuple[KeptMail, ...]:
        """The mails of a conversation."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(
                _MAIL + " where m.conversation_id = $1 order by m.seq", conversation
            )
        return tuple(_kept(r) for r in rows)

    async def apart(self, workspace: WorkspaceId, limit: int) -> tuple[KeptMail, ...]:
        """What machines wrote."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(
                _MAIL + " where m.automatic <> '' order by m.at desc limit $1", limit
            )
        return tuple(_kept(r) for r in rows)

    async def mail(self, workspace: WorkspaceId, mail: UUID) -> KeptMail:
        """One mail."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow(_MAIL + " where m.id = $1", mail)
        if row is None:
            raise Refused("mail.unknown")
        return _kept(row)

    async def original(self, workspace: WorkspaceId, mail: UUID) -> Original | None:
        """The bytes, unpacked."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow(
                "select packed, size, whole from mail_original where id = $1", mail
            )
        if row is None or row["packed"] is None:
            return None
        return Original(await asyncio.to_thread(_unpacked, row["packed"]), row["size"], row["whole"])

    async def answered_at(
        self, workspace: WorkspaceId, address: str, since: datetime
    ) -> tuple[datetime, ...]:
        """When the assistant wrote to this address."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(_ANSWERED, compared(address), since)
        return tuple(r["at"] for r in rows)

    async def standing(self, workspace: WorkspaceId, account: AccountId) -> Standing:
        """How far a mailbox is."""
        async with self._pool.within(workspace) as connection:
            row = await connection.fetchrow(_STATE, account)
        if row is None:
            return Standing(account)
        cursor = None if row["uid_validity"] is None else Cursor(row["uid_validity"], row["last_uid"])
        return Standing(
            account, cursor, row["checked_at"], row["failing_since"], row["failure"], row["alarmed_at"],
            row["since"], row["settled_uid"],
        )  # fmt: skip

    async def move(
        self, workspace: WorkspaceId, account: AccountId, cursor: Cursor, at: datetime, *, reset: bool = False
    ) -> None:
        """Move the cursor alone."""
        await self._pool.row(_ADVANCE, workspace, account, cursor.validity, cursor.uid, at, reset)

    async def checked(self, workspace: WorkspaceId, account: AccountId, at: datetime, settled: int) -> None:
        """Note a success, and the end of a stall that people were told of."""
        async with self._pool.within(workspace) as connection:
            alarmed = await connection.fetchval(
                "select alarmed_at from mailbox_state where account_id = $1", account
            )
            await connection.execute(
                "insert into mailbox_state (account_id, workspace_id, checked_at, since, settled_uid)"
                " values ($1, $2, $3, $3, $4)"
                " on conflict (account_id) do update set checked_at = $3, failing_since = null, failure = '',"
                " alarmed_at = null, settled_uid = $4",
                account, workspace, at, settled,
            )  # fmt: skip
            if alarmed:
                await _write(connection, workspace, Noted(at, account, "recovered", ""))

    async def failed(self, workspace: WorkspaceId, account: AccountId, at: datetime, code: str) -> None:
        """Note a failure; the log hears of a kind of failure once, not every minute."""
        async with self._pool.within(workspace) as connection:
            before = await connection.fetchval(
                "select failure from mailbox_state where account_id = $1", account
            )
            await connection.execute(
                "insert into mailbox_state (account_id, workspace_id, failing_since, failure, since)"
                " values ($1, $2, $3, $4, $3) on conflict (account_id) do update set failure = $4,"
                " failing_since = coalesce(mailbox_state.failing_since, $3)",
                account, workspace, at, code,
            )  # fmt: skip
            if before != code:
                await _write(connection, workspace, Noted(at, account, "failed", code))

    async def claim(
        self, workspace: WorkspaceId, account: AccountId, reader: UUID, at: datetime, seconds: float
    ) -> bool:
        """Take or renew the claim, unless somebody else's still holds."""
        async with self._pool.within(workspace) as connection:
            mine = await connection.fetchval(_CLAIM, account, workspace, at, reader, seconds)
        return bool(mine)

    async def release(self, workspace: WorkspaceId, account: AccountId, reader: UUID) -> None:
        """Give the claim up."""
        async with self._pool.within(workspace) as connection:
            await connection.execute(
                "update mailbox_state set reader = null, read_until = null where account_id = $1 and reader = $2",
                account, reader,
            )  # fmt: skip

    async def alarm(self, workspace: WorkspaceId, account: AccountId, at: datetime) -> bool:
        """Note a stall once."""
        async with self._pool.within(workspace) as connection:
            new = await connection.fetchval(
                "insert into mailbox_state (account_id, workspace_id, alarmed_at, since) values ($1, $2, $3, $3)"
                " on conflict (account_id) do update set alarmed_at = $3 where mailbox_state.alarmed_at is null"
                " returning true",
                account, workspace, at,
            )  # fmt: skip
            if new:
                await _write(connection, workspace, Noted(at, account, "stalled", ""))
        return bool(new)

    async def note(self, workspace: WorkspaceId, noted: Noted) -> None:
        """Write a line of the log."""
        async with self._pool.within(workspace) as connection:
            await _write(connection, workspace, noted)

    async def log(self, workspace: WorkspaceId, account: AccountId, limit: int) -> tuple[Noted, ...]:
        """The newest lines."""
        async with self._pool.within(workspace) as connection:
            rows = await connection.fetch(
                "select at, kind, detail from mailbox_log where account_id = $1 order by id desc limit $2",
                account, limit,
            )  # fmt: skip
        return tuple(Noted(r["at"], account, r["kind"], r["detail"]) for r in rows)


async def _write(connection: Any, workspace: WorkspaceId, noted: Noted) -> None:
    await connection.execute(
        "insert into mailbox_log (id, workspace_id, account_id, at, kind, detail) values ($1, $2, $3, $4, $5, $6)",
        uuid7(noted.at), workspace, noted.account, noted.at, noted.kind, noted.detail,
    )  # fmt: skip


def _packed(raw: bytes) -> bytes:
    """Pack the bytes, which of mail with Base64 in it saves a quarter, of text two thirds; a first byte says so."""
    return b"\1" + zlib.compress(raw, 6) if len(raw) >= PACKED_FROM else b"\0" + raw


def _unpacked(packed: bytes) -> bytes:
    return zlib.decompress(packed[1:]) if packed[:1] == b"\1" else packed[1:]


def _facts_fields(facts: Facts) -> dict[str, object]:
    fields = asdict(facts)
    return fields | {
        "sender": [facts.sender.name, facts.sender.address],
        "sent_at": rfc3339(facts.sent_at) if facts.sent_at else None,
        "origin": [facts.origin.spf.value, facts.origin.dkim.value, facts.origin.dmarc.value],
    }


def _facts(fields: Mapping[str, Any]) -> Facts:
    return Facts(
        **{name: value for name, value in fields.items() if name not in _SPECIAL},
        sender=Address(*fields["sender"]),
        sent_at=parse_time(fields["sent_at"]) if fields["sent_at"] else None,
        origin=Origin(*(Check(c) for c in fields["origin"])),
        to=tuple(fields["to"]),
        cc=tuple(fields["cc"]),
        problems=tuple(fields["problems"]),
    )


_SPECIAL = frozenset({"sender", "sent_at", "origin", "to", "cc", "problems"})


def _kept(row: Any) -> KeptMail:
    return KeptMail(
        id=row["id"],
        account=AccountId(row["account_id"]),
        conversation=ConversationId(row["conversation_id"]),
        seq=row["seq"],
        at=row["at"],
        automatic=row["automatic"],
        silent=row["silent"],
        size=row["size"],
        whole=row["whole"],
        facts=_facts(row["facts"]) if row["facts"] else None,
        enclosed=tuple(
            Enclosed(
                f["place"], f["name"] or "", f["type"], f["sniffed"], f["size"], f["inline"], f["encrypted"]
            )
            for f in row["files"]
        ),
        erased_at=row["erased_at"],
        on_schedule=row["erased_because"] == "term",
    )
