"""Workspaces share nothing: row-level security beneath the code, tried on every table the catalogue knows."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from taktvoll.adapters.embedded import Endpoint
from taktvoll.base.ids import ConversationId
from taktvoll.domain.conversation.terms import NewEvent
from taktvoll.domain.people.terms import Role, Staff
from tests.contract.conftest import APP_ROLE, NOW, Place, answer, change, talk, wrote

OURS = """
select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'taktvoll' and c.relkind in ('r', 'p') and c.relname not like 'pgqueuer%' order by 1
"""
APART = {"search_text", "contact_search"}
"""Bound for the program, not for its owner, whose function names the workspace itself: only so an index finds words."""
SHARED = {"workspace", "schema_migration"}
"""Tables of the whole installation: names of workspaces, and which migrations ran."""


@pytest.fixture
async def app(endpoint: Endpoint) -> AsyncIterator[Any]:
    """Give a plain connection as the program's role, without our pool around it."""
    connection = await asyncpg.connect(endpoint.dsn("app"), server_settings={"search_path": "taktvoll"})
    yield connection
    await connection.close()


async def tables_of_workspaces(raw: Any) -> list[str]:
    """Every table of ours that is not shared."""
    return [r[0] for r in await raw.fetch(OURS) if r[0] not in SHARED]


async def fill(place: Place) -> None:
    """Put a row into every table of a workspace."""
    from taktvoll.base.hashing import content_hash
    from taktvoll.domain.conversation.ledger import Checkpoint
    from taktvoll.domain.knowledge.topics import Example, LearntModel
    from taktvoll.domain.library.terms import Entry, Manifest
    from tests.domain.made import RULES, passage

    conversation = talk()
    accepted = await place.record.accept(wrote(place, conversation, "m1"))
    await place.record.decide(change(place, conversation, accepted.state, *answer(2)))
    await place.record.note(place.id, conversation, (NewEvent("feedback.given", NOW, "customer", {}),))

    async def batches() -> AsyncIterator[list[Any]]:
        yield [passage()]

    await place.library.stock(place.id, batches(), NOW)
    entries = (Entry(passage().key, passage().hash),)
    await place.library.publish(
        place.id, Manifest(1, NOW, "a", "a", None, content_hash(RULES.body()), entries), RULES
    )
    await place.library.withdraw(place.id, "stand", None, None, "anna", "falsch", NOW)
    staff = await place.directory.add_staff(place.id, "a@b.example", "Anna", Role.AGENT, "x", NOW)
    await fill_access(place, staff, conversation.bytes)
    await place.directory.note_sign_in(place.id, b"x", False, NOW)
    await place.ledger.keep(place.id, Checkpoint(1, b"x", b"x", "k"))
    await place.topics.keep(
        place.id, (Example("Wo?", "Ort"),), LearntModel("h", b"x", ("Ort",), 1, None, None), "a", NOW
    )
    await fill_autonomy(place)
    await fill_learning(place, conversation)
    await fill_hours(place, conversation)
    await fill_work(place, staff)
    await fill_contacts(place, conversation)
    await fill_mail(place)


async def fill_hours(place: Place, conversation: ConversationId) -> None:
    """Put a row into every table of service hours."""
    from taktvoll.adapters.postgres.hours import PostgresHours
    from tests.contract.test_hours import handed_over, judge

    store = PostgresHours(place.pool)
    await store.put(place.id, "", "anna", NOW)
    await store.claim(place.id, conversation, NOW, 1, NOW)
    await handed_over(place)
    await judge(place, store, NOW)


async def fill_work(place: Place, staff: Staff) -> None:
    """Put a row into every table of the desk's work."""
    from taktvoll.adapters.postgres.board import PostgresBoard
    from tests.contract.test_board import happen, waiting

    board, (one, state) = PostgresBoard(place.pool), await waiting(place)
    note: dict[str, object] = {"mentions": [str(staff.id)]}
    await happen(place, one, state, ("note.written", note), ("tag.added", {"tag": "vip"}))
    await board.keep_tag(place.id, "vip", "staff:s", NOW)
    await board.set_skills(place.id, staff.id, ("service",))
    await fill_writing(place, staff, one)


async def fill_writing(place: Place, staff: Staff, one: ConversationId) -> None:
    """Put a row into every table of what is begun and waits to be sent."""
    from taktvoll.adapters.postgres.chat_files import PostgresChatFiles
    from taktvoll.adapters.postgres.files import PostgresFiles
    from taktvoll.adapters.postgres.writing import PostgresWriting
    from tests.contract.test_chat_files import brought
    from tests.contract.test_reply_files import added
    from tests.contract.test_writing import draft, pending

    store = PostgresWriting(place.pool)
    await store.hold(pending(place, staff, one))
    await store.keep(draft(place, staff, one), NOW)
    await PostgresFiles(place.pool).add(added(place, staff, one), NOW)
    await PostgresChatFiles(place.pool).add(brought(place, one), NOW)


async def fill_contacts(place: Place, conversation: ConversationId) -> None:
    """Put a row into every table of contacts."""
    from taktvoll.adapters.postgres.contact_codes import PostgresCodes
    from taktvoll.adapters.postgres.contacts import PostgresContacts
    from tests.contract.test_contacts import by_mail

    await PostgresContacts(place.pool).prove(place.id, by_mail("eva@a.example"), conversation)
    await PostgresCodes(place.pool).ask(
        place.id, conversation, talk(), "a@b.example", "a@b.example", b"d", NOW
    )


async def fill_access(place: Place, staff: Staff, token: bytes) -> None:
    """Put a row into every table of how staff and programs come in."""
    from tests.contract.conftest import access_of
    from tests.contract.test_access import key, noted

    access = access_of(place.pool)
    await access.sessions.open(place.id, staff.id, token, NOW, NOW)
    await access.factors.begin(place.id, staff.id, b"hidden", NOW)
    await access.factors.renew_recovery(place.id, staff.id, [b"digest"], noted(staff))
    await access.staffing.renew_link(place.id, staff.id, token, NOW, noted(staff))
    await access.staffing.link(place.id, staff.id, "https://login.example", "anna", noted(staff))
    await access.keys.make(place.id, key(place), b"hash", noted(staff))


async def fill_mail(place: Place) -> None:
    """Put a row into every table of mail on its way in."""
    from uuid import UUID

    from taktvoll.adapters.mime import MimeReader
    from taktvoll.adapters.postgres.mails import PostgresMails
    from taktvoll.domain.mail.intake import Cursor, Enclosed, MailAccepting, Original, facts_of
    from taktvoll.domain.mail.intake_ports import Noted
    from taktvoll.domain.mail.reading import reading_of
    from taktvoll.domain.mail.terms import Origin
    from tests.contract.letters import letter

    raw, conversation = letter(), talk()
    account = await place.directory.make_account(place.id, "mail", "service", NOW)
    plain = wrote(place, conversation, "mail:1")
    facts = facts_of(reading_of(MimeReader().read(raw)), Origin(), "", cut=False, opened="", related="")
    store = PostgresMails(place.pool)
    await store.accept(
        MailAccepting(
            workspace=place.id, account=account.id, conversation=conversation, mail=UUID(bytes=conversation.bytes),
            provider_id="mail:1", received=plain.received, opening=plain.opening, reopening=plain.reopening,
            waking=plain.opening, original=Original(raw, len(raw)), facts=facts, automatic="", silent="",
            enclosed=(Enclosed(0, "a.pdf", "application/pdf", "application/pdf", 3, False, False),),
            cursor=Cursor(1, 1),
        )
    )  # fmt: skip
    await store.note(place.id, Noted(NOW, account.id, "started", ""))
    from taktvoll.adapters.postgres.erasing import PostgresEraser

    await PostgresEraser(place.pool).originals(place.id, NOW + timedelta(days=9), NOW, 9)


async def fill_learning(place: Place, conversation: ConversationId) -> None:
    """Put a row into every table of what people teach the search."""
    from taktvoll.adapters.postgres.learning import PostgresLearning
    from taktvoll.domain.knowledge.synonyms import Term
    from tests.contract.test_learning import proposal
    from tests.domain.made import passage

    store, entry, proposed = PostgresLearning(place.pool), passage(), proposal(conversation)
    await store.keep_terms(place.id, (Term("Abschlag", ("Rate",)),), "anna", NOW)
    await store.propose(place.id, proposed, None)
    await store.approve(place.id, proposed.id, "Wo steht der Stand?", entry, entry, "anna", NOW)


async def fill_autonomy(place: Place) -> None:
    """Put a row into every table of earned autonomy."""
    from taktvoll.adapters.postgres.autonomy import PostgresAutonomy
    from taktvoll.domain.autonomy.ports import Setting
    from taktvoll.domain.autonomy.terms import Kind, Noted
    from tests.contract.test_autonomy import a_case, a_label

    store = PostgresAutonomy(place.pool)
    case = a_case(talk())
    await store.take(place.id, (case,))
    label = a_label(case)
    await store.label(place.id, label)
    noted = Noted(talk(), "Abschlag", Kind.PROPOSED, NOW, "taktvoll", {})
    await store.keep_setting(place.id, Setting(), Setting(), noted)
    await store.undo(place.id, label, Noted(talk(), "Abschlag", Kind.UNDONE, NOW, "staff:a", {}))


async def test_every_table_of_a_workspace_is_bound(raw: Any) -> None:
    """A new table that someone forgets to bind is found here, not by a customer."""
    rows = await raw.fetch(
        "select c.relname, c.relrowsecurity, c.relforcerowsecurity,"
        " exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id'"
        " and a.attnotnull) as owned,"
        " (select count(*) from pg_policy p where p.polrelid = c.oid and p.polpermissive and p.polqual is not null"
        " and p.polwithcheck is not null) as policies from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname = 'taktvoll' and c.relkind in ('r', 'p') and c.relname not like 'pgqueuer%'"
    )
    bound = {
        r["relname"]
        for r in rows
        if r["relrowsecurity"]
        and r["owned"]
        and r["policies"] == 1
        and (r["relforcerowsecurity"] or r["relname"] in APART)
    }
    assert {r["relname"] for r in rows} - bound == SHARED


async def test_without_a_workspace_every_table_refuses(place: Place, raw: Any, app: Any) -> None:
    """A statement that forgot to say for whom it works must fail, not return everybody's rows or none."""
    await fill(place)
    for table in await tables_of_workspaces(raw):
        with pytest.raises(asyncpg.PostgresError):
            await app.fetch(f'select * from "{table}"')  # noqa: S608 - names from the catalogue


async def test_a_workspace_forgotten_after_another_one_refuses_too(place: Place, raw: Any, app: Any) -> None:
    """Connections go back to the pool: the workspace of the last transaction must not linger in the next."""
    await fill(place)
    async with app.transaction():
        await app.execute("select set_config('taktvoll.workspace', $1, true)", str(place.id))
        assert await app.fetchval("select count(*) from event") == 16
    for table in await tables_of_workspaces(raw):
        with pytest.raises(asyncpg.PostgresError):
            await app.fetch(f'select * from "{table}"')  # noqa: S608 - names from the catalogue


async def test_no_row_of_another_workspace_is_seen_or_touched(
    place: Place, other: Place, raw: Any, app: Any
) -> None:
    """Whatever statement someone forgets a condition in: the rows of another company are not there."""
    await fill(other)
    for table in await tables_of_workspaces(raw):
        theirs = await raw.fetchval(f'select count(*) from "{table}" where workspace_id = $1', other.id)  # noqa: S608
        assert theirs, f"fill() puts nothing into {table}"
        async with app.transaction():
            await app.execute("select set_config('taktvoll.workspace', $1, true)", str(place.id))
            seen = await app.fetchval(f'select count(*) from "{table}" where workspace_id <> $1', place.id)  # noqa: S608
            assert seen == 0, table
    for table, verb in await _writable(raw):
        statement = {
            "UPDATE": f'update "{table}" set workspace_id = workspace_id',  # noqa: S608
            "DELETE": f"delete from \"{table}\" where workspace_id = '{other.id}'",  # noqa: S608
        }[verb]
        async with _rolled_back(app, place):
            touched = await app.execute(statement)
            ours = await raw.fetchval(f'select count(*) from "{table}" where workspace_id = $1', place.id)  # noqa: S608
            assert int(touched.split()[-1]) <= (ours if verb == "UPDATE" else 0), (table, verb)


async def test_no_row_can_be_put_into_another_workspace(
    place: Place, other: Place, raw: Any, app: Any
) -> None:
    """Writing into a neighbour's workspace is refused in every table, by copying one of its own rows there."""
    await fill(place)
    for table in await tables_of_workspaces(raw):
        columns = [
            r[0]
            for r in await raw.fetch(
                "select attname from pg_attribute where attrelid = $1::text::regclass and attnum > 0"
                " and not attisdropped and attgenerated = ''",
                f"taktvoll.{table}",
            )
        ]
        copied = ", ".join(f"'{other.id}'::uuid" if c == "workspace_id" else f'"{c}"' for c in columns)
        named = ", ".join(f'"{c}"' for c in columns)
        async with _rolled_back(app, place):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await app.execute(f'insert into "{table}" ({named}) select {copied} from "{table}"')  # noqa: S608


async def test_the_program_s_role_stands_below_the_rules(app: Any, raw: Any) -> None:
    """Owning a table or bypassing security would make every policy a suggestion."""
    role = await raw.fetchrow("select * from pg_roles where rolname = $1", APP_ROLE)
    assert not any(
        role[c] for c in ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolreplication")
    )
    assert await raw.fetchval("select count(*) from pg_tables where tableowner = $1", APP_ROLE) == 0
    assert await app.fetchval("select current_user") == APP_ROLE
    for statement in ("set session role postgres", "set session role taktvoll_owner"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute(statement)
    await app.execute("set row_security = off")
    with pytest.raises(asyncpg.PostgresError):
        await app.fetch("select * from event")


async def test_the_record_cannot_be_changed_by_the_program(place: Place, app: Any) -> None:
    """Append-only is a right that is missing, not a habit: also a stolen program must not rewrite history."""
    await fill(place)
    forbidden = [
        "update event set body = body", "delete from event", "truncate event", "drop table event",
        "delete from outbox", "delete from conversation", "delete from personal_text", "delete from part",
        "update part set body = body", "update edition set made_by = 'x'", "delete from edition",
        "delete from inbound", "update checkpoint set body = body", "delete from checkpoint",
        "delete from library_log", "delete from withdrawal", "delete from wording_proposal", "delete from wording",
        "update wording set text = 'x'", "update label_undone set by = 'x'",
        "delete from label_undone", "update topic_label set verdict = 'right'",
        "delete from topic_label", "update autonomy_log set by = 'x'", "delete from autonomy_log",
        "delete from answer_case", "update answer_case set topic = 'x'", "delete from topic_light",
        "update workspace set name = 'x'", "delete from workspace", "alter table event disable row level security",
        "create table taktvoll.mine ()", "drop policy of_workspace on event",
        "update schema_migration set digest = 'x'",
    ]  # fmt: skip
    for statement in forbidden:
        async with _rolled_back(app, place):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await app.execute(statement)
    async with _rolled_back(app, place):
        assert await app.execute("update outbox set state = 'sent'") == "UPDATE 1"


async def _writable(raw: Any) -> list[tuple[str, str]]:
    """Tables whose rows the program may update or delete, as granted."""
    rows = await raw.fetch(
        "select table_name, privilege_type from information_schema.role_table_grants where grantee = $1"
        " and table_schema = 'taktvoll' and privilege_type in ('UPDATE', 'DELETE') and table_name not like 'pgqueuer%'",
        APP_ROLE,
    )
    return [(r[0], r[1]) for r in rows if r[0] not in SHARED]


class _rolled_back:  # noqa: N801 - reads like a statement
    """A transaction within a workspace that leaves nothing, whatever happened in it."""

    def __init__(self, connection: Any, place: Place) -> None:
        self._connection, self._place, self._transaction = connection, place, connection.transaction()

    async def __aenter__(self) -> None:
        await self._transaction.start()
        await self._connection.execute(
            "select set_config('taktvoll.workspace', $1, true)", str(self._place.id)
        )

    async def __aexit__(self, *_raised: object) -> None:
        await self._transaction.rollback()
