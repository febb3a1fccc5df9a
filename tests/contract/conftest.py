"""A real PostgreSQL for the contracts: one server and one migrated database a session, a fresh workspace a test.

I decide how tests reach the store. The contract suites and the simulation call me. I never stand in for a part of ours.
"""

import asyncio
import atexit
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from taktvoll.adapters.embedded import EmbeddedPostgres, Endpoint
from taktvoll.adapters.one_time import AuthenticatorCodes
from taktvoll.adapters.postgres.api_keys import PostgresKeys
from taktvoll.adapters.postgres.connect import Pool
from taktvoll.adapters.postgres.directory import PostgresDirectory
from taktvoll.adapters.postgres.ledger import PostgresLedger
from taktvoll.adapters.postgres.library import PostgresLibrary
from taktvoll.adapters.postgres.migrate import migrate
from taktvoll.adapters.postgres.record import PostgresRecord
from taktvoll.adapters.postgres.sessions import PostgresFactors, PostgresSessions
from taktvoll.adapters.postgres.staffing import PostgresStaffing
from taktvoll.adapters.postgres.topics import PostgresTopics
from taktvoll.adapters.secrets import ReferencedSecrets
from taktvoll.adapters.sign_on import OpenIdServer
from taktvoll.base.ids import ConversationId, OutboxId, WorkspaceId, uuid7
from taktvoll.domain.conversation.ports import Accepting, Account, Change, OutboxRow
from taktvoll.domain.conversation.state import fold
from taktvoll.domain.conversation.terms import Event, NewEvent, PersonalText, State
from taktvoll.domain.governance.wording import customer_content
from taktvoll.domain.people.terms import Workspace
from taktvoll.flows.house import Access

APP_ROLE = "taktvoll_app"
NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
QUICK = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nmax_connections = 90\n"


@dataclass(frozen=True)
class Place:
    """A workspace of its own on the shared database, with the adapters on one pool."""

    workspace: Workspace
    account: Account
    pool: Pool
    record: PostgresRecord
    library: PostgresLibrary
    directory: PostgresDirectory
    ledger: PostgresLedger
    topics: PostgresTopics

    @property
    def id(self) -> WorkspaceId:
        """The workspace's id."""
        return self.workspace.id


@cache
def server() -> tuple[EmbeddedPostgres, Endpoint]:
    """Start the session's server; also the simulation's, in the same process."""
    folder = Path(tempfile.mkdtemp(prefix="taktvoll-test-"))
    (folder / "postgres").mkdir()
    (folder / "postgres" / "local.conf").write_text(QUICK, encoding="ascii")
    embedded = EmbeddedPostgres(folder, linger_s=0)
    endpoint = embedded.ensure()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)  # the server goes with its folder
    asyncio.run(migrate(endpoint.dsn("owner"), APP_ROLE))
    return embedded, endpoint


@pytest.fixture(scope="session")
def endpoint() -> Iterator[Endpoint]:
    """Give where the server is reached; it stops by itself after the session."""
    yield server()[1]
    server()[0].release()


@pytest.fixture
def superuser(endpoint: Endpoint) -> str:
    """Give the address of the role that row-level security does not bind: for looking, and for tampering."""
    return endpoint.dsn("owner").replace("user=taktvoll_owner", "user=postgres")


@pytest.fixture
async def pool(endpoint: Endpoint) -> AsyncIterator[Pool]:
    """Give a pool as the program's own role."""
    pool = Pool(endpoint.dsn("app"), 8, APP_ROLE)
    yield pool
    await pool.close()


@pytest.fixture
async def place(pool: Pool) -> Place:
    """Give a fresh workspace."""
    return await make_place(pool)


@pytest.fixture
async def other(pool: Pool) -> Place:
    """Give another fresh workspace: a stranger's."""
    return await make_place(pool)


@pytest.fixture
async def raw(superuser: str) -> AsyncIterator[Any]:
    """Give a connection that sees every row, for what no port shows."""
    connection = await asyncpg.connect(superuser, server_settings={"search_path": "taktvoll"})
    yield connection
    await connection.close()


@pytest.fixture
async def fresh(endpoint: Endpoint, superuser: str) -> AsyncIterator[str]:
    """Give an empty database, and its owner's address."""
    name = f"t_{secrets.token_hex(6)}"
    connection = await asyncpg.connect(superuser)
    try:
        await connection.execute(f"create database {name} owner taktvoll_owner")
        yield endpoint.dsn("owner", name)
        await connection.execute(f"drop database {name} with (force)")
    finally:
        await connection.close()


async def make_place(pool: Pool, settings: dict[str, object] | None = None) -> Place:
    """Make a workspace with its accounts."""
    directory = PostgresDirectory(pool)
    workspace = await directory.make_workspace(f"t-{secrets.token_hex(8)}", "de", settings or {}, NOW)
    account = await directory.account(workspace.id, "webchat", "web")
    return Place(
        workspace, account, pool, PostgresRecord(pool), PostgresLibrary(pool), directory, PostgresLedger(pool),
        PostgresTopics(pool),
    )  # fmt: skip


def access_of(pool: Pool) -> Access:
    """How staff and programs come in, over one pool; no secret lies anywhere."""
    return Access(
        sessions=PostgresSessions(pool),
        factors=PostgresFactors(pool),
        staffing=PostgresStaffing(pool),
        keys=PostgresKeys(pool),
        codes=AuthenticatorCodes(),
        server=OpenIdServer(ReferencedSecrets(dict[str, str]().get, Path("/nowhere"))),
    )


def talk() -> ConversationId:
    """A new conversation's id."""
    return ConversationId(uuid7(NOW))


def wrote(
    place: Place,
    conversation: ConversationId,
    provider_id: str,
    text: str = "Wo ist mein Zähler?",
    at: datetime = NOW,
) -> Accepting:
    """A customer's message on its way into the record."""
    opening = {"account": place.account.name, "channel": place.account.channel, "language": None}
    return Accepting(
        workspace=place.id,
        conversation=conversation,
        account=place.account.id,
        channel=place.account.channel,
        provider_id=provider_id,
        received=NewEvent(
            "message.received",
            at,
            "customer",
            {"id": provider_id},
            text=PersonalText(customer_content(text)),
        ),
        opening=NewEvent("conversation.started", at, "customer", opening),
        reopening=NewEvent("conversation.reopened", at, "customer", {}),
        waking=NewEvent("conversation.woken", at, "customer", {"because": "customer"}),
    )


def change(
    place: Place, conversation: ConversationId, state: State, *events: NewEvent, **guards: Any
) -> Change:
    """Events decided on a state, guarded as a turn guards them unless said otherwise."""
    released = [n for n, e in enumerate(events) if e.kind == "message.released"]
    rows = tuple(OutboxRow(OutboxId(uuid7(NOW)), n, "webchat", str(conversation)) for n in released)
    return replace(
        Change(
            workspace=place.id,
            conversation=conversation,
            at=NOW,
            events=events,
            state=folded(state, events),
            outbox=rows,
            expect_epoch=state.owner_epoch,
            expect_customer_seq=state.last_customer_seq,
            turn=state.last_customer_seq,
        ),
        **guards,
    )


def folded(state: State, events: Sequence[NewEvent]) -> State:
    """The state after new events."""
    for e in events:
        state = fold(state, Event(state.last_seq + 1, e.kind, e.at, e.actor, e.payload, e.edition))
    return state


def answer(seq: int, text: str = "Am Hausanschluss.") -> tuple[NewEvent, NewEvent]:
    """A decision about the message at seq, and what is said."""
    said: dict[str, object] = {"author": "assistant", "channel": "webchat", "notice": "1"}
    decided: dict[str, object] = {"choices": [], "customer_seq": seq, "decision": "answer"}
    return (
        NewEvent("answer.decided", NOW, "assistant", decided, edition=1),
        NewEvent(
            "message.released", NOW, "assistant", said, edition=1, text=PersonalText(f'{{"text":"{text}"}}')
        ),
    )


def taken(state: State, staff: str = "s-1") -> NewEvent:
    """A person takes over."""
    payload: dict[str, object] = {"epoch": state.owner_epoch + 1, "staff": staff}
    return NewEvent("conversation.taken_over", NOW + timedelta(seconds=1), f"staff:{staff}", payload)


def closed(state: State) -> NewEvent:
    """A person closes."""
    payload: dict[str, object] = {"epoch": state.owner_epoch + 1, "staff": "s-1"}
    return NewEvent("conversation.closed", NOW + timedelta(seconds=2), "staff:s-1", payload)
