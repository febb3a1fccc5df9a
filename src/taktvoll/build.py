"""The only wiring: settings → adapters → flows → doors.

I decide which adapter stands behind which port, and I alone read settings. The commands call me.
I never do anything a flow should do.
"""

import logging
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from taktvoll.adapters.calendar_files import ICalendarFiles
from taktvoll.adapters.documents.reader import FileReader
from taktvoll.adapters.embedded import EmbeddedPostgres
from taktvoll.adapters.encoder import SentenceEncoder
from taktvoll.adapters.guidelines import CelGuidelines
from taktvoll.adapters.holidays import GermanHolidays
from taktvoll.adapters.imap import ImapFolders
from taktvoll.adapters.jobs import Worker, install
from taktvoll.adapters.keys import FileKeys
from taktvoll.adapters.mailwriting import MailWriter
from taktvoll.adapters.mime import MimeInspector, MimeReader
from taktvoll.adapters.oauth import ConsentServers, TokenServers
from taktvoll.adapters.one_time import AuthenticatorCodes
from taktvoll.adapters.passwords import Argon2Passwords
from taktvoll.adapters.phones import GermanPhoneNumbers
from taktvoll.adapters.postgres.api_keys import PostgresKeys
from taktvoll.adapters.postgres.autonomy import PostgresAutonomy
from taktvoll.adapters.postgres.board import PostgresBoard
from taktvoll.adapters.postgres.chat_files import PostgresChatFiles
from taktvoll.adapters.postgres.connect import Pool, check_ready
from taktvoll.adapters.postgres.contact_codes import PostgresCodes
from taktvoll.adapters.postgres.contacts import PostgresContacts
from taktvoll.adapters.postgres.directory import PostgresDirectory
from taktvoll.adapters.postgres.erasing import PostgresEraser
from taktvoll.adapters.postgres.files import PostgresFiles
from taktvoll.adapters.postgres.finding import PostgresFinder
from taktvoll.adapters.postgres.hours import PostgresHours
from taktvoll.adapters.postgres.learning import PostgresLearning
from taktvoll.adapters.postgres.ledger import PostgresLedger
from taktvoll.adapters.postgres.library import PostgresLibrary
from taktvoll.adapters.postgres.mails import PostgresMails
from taktvoll.adapters.postgres.migrate import grant_jobs, migrate
from taktvoll.adapters.postgres.outbox import PostgresOutbox
from taktvoll.adapters.postgres.push import PostgresPush
from taktvoll.adapters.postgres.record import PostgresRecord
from taktvoll.adapters.postgres.sessions import PostgresFactors, PostgresSessions
from taktvoll.adapters.postgres.staffing import PostgresStaffing
from taktvoll.adapters.postgres.topics import PostgresTopics
from taktvoll.adapters.postgres.writing import PostgresWriting
from taktvoll.adapters.search import HybridSearchBuilder, default_rules_parts
from taktvoll.adapters.secrets import ReferencedSecrets
from taktvoll.adapters.shelf.shelf import DiskShelf
from taktvoll.adapters.sign_on import OpenIdServer
from taktvoll.adapters.signals import LanguageReader
from taktvoll.adapters.signals.understanding import Understander
from taktvoll.adapters.smtp import DkimSigner, SmtpPostman
from taktvoll.adapters.smtp_intake import MailIntake
from taktvoll.adapters.topics import TopicModels
from taktvoll.base.errors import Refused
from taktvoll.base.limits import MAIL_BYTES_MAX
from taktvoll.channels.mail.outbound import MailCarrier
from taktvoll.domain.conversation.terms import MAIL
from taktvoll.domain.governance.notices import VERSION
from taktvoll.domain.knowledge.ports import Progress
from taktvoll.domain.library.terms import Rules
from taktvoll.entry.work.jobs import schedule
from taktvoll.flows.hand_in_mail import hand_in_by_address, mailbox_at
from taktvoll.flows.house import Access, House

APP_ROLE = "taktvoll_app"


SETTINGS = {
    "TAKTVOLL_DATA": "The data folder: embedded database, caches, keys. Default: taktvoll-data in the working folder.",
    "TAKTVOLL_DATABASE_URL": "A PostgreSQL 15 or newer to use instead of the embedded one, as postgresql://… address.",
    "TAKTVOLL_DATABASE_OWNER_URL": "What migrations connect by, if the program's own role may not change the schema.",
    "TAKTVOLL_KEYS": "The folder of signing keys and secrets, mode 0700. Default: keys in the data folder.",
    "TAKTVOLL_SECRETS": "The folder of secrets that settings name as file:NAME, mode 0600. Default: secrets in the data"
    " folder. Secrets named env:TAKTVOLL_SECRET_… are variables of that name.",
    "TAKTVOLL_HOST": "The address that the web process listens on. Default: 127.0.0.1, loopback only.",
    "TAKTVOLL_PORT": "Its port. Default: 8400.",
    "TAKTVOLL_PROXIES": "Addresses of reverse proxies, with commas, whose X-Forwarded-… are believed. Default: none.",
    "TAKTVOLL_POOL_SIZE": "Database connections per process. Default: 10.",
}
"""Every setting and what it means; docs/reference.md is made from this table."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings as read once at the start."""

    data: Path
    database_url: str | None
    owner_url: str | None
    keys: Path
    secrets: Path
    host: str
    port: int
    proxies: str
    pool_size: int


def settings_from(data: Path | None, host: str | None = None, port: int | None = None) -> Settings:
    """Read the settings from the environment; what the command line names outranks it.

    Raises: Refused("usage") for a number that is none.
    """
    env = os.environ
    folder = (data or Path(env.get("TAKTVOLL_DATA", "taktvoll-data"))).resolve()
    return Settings(
        data=folder,
        database_url=env.get("TAKTVOLL_DATABASE_URL") or None,
        owner_url=env.get("TAKTVOLL_DATABASE_OWNER_URL") or None,
        keys=Path(env.get("TAKTVOLL_KEYS") or folder / "keys"),
        secrets=Path(env.get("TAKTVOLL_SECRETS") or folder / "secrets"),
        host=host or env.get("TAKTVOLL_HOST", "127.0.0.1"),
        port=port if port is not None else _number("TAKTVOLL_PORT", 8400),
        proxies=env.get("TAKTVOLL_PROXIES", ""),
        pool_size=_number("TAKTVOLL_POOL_SIZE", 10),
    )


def _number(name: str, otherwise: int) -> int:
    given = os.environ.get(name) or str(otherwise)
    if not (given.isascii() and given.isdigit()):
        raise Refused("usage", detail=f"{name} is not a number: {given[:40]}")
    return int(given)


@dataclass(frozen=True, slots=True)
class Database:
    """Where the program and its migrations connect; keep brings a lost embedded server back, release lets it go."""

    app_dsn: str
    owner_dsn: str
    keep: Callable[[], object]
    release: Callable[[], None]


def open_database(settings: Settings, say: Callable[[str], None]) -> Database:
    """Use the configured PostgreSQL, or start and share the embedded one."""
    if settings.database_url:
        owner = settings.owner_url or settings.database_url
        return Database(settings.database_url, owner, lambda: None, lambda: None)
    embedded = EmbeddedPostgres(settings.data, say)
    endpoint = embedded.ensure()
    return Database(endpoint.dsn("app"), endpoint.dsn("owner"), embedded.ensure, embedded.release)


async def migrate_database(database: Database) -> list[str]:
    """Bring the schema up to date; gives what was done now."""
    ran = await migrate(database.owner_dsn, APP_ROLE)
    if await install(database.owner_dsn):
        await grant_jobs(database.owner_dsn, APP_ROLE)
        ran.append("jobs")
    return ran


def utc_now() -> datetime:
    """The one clock; flows receive it, the domain receives its values."""
    return datetime.now(UTC)


def _first_rules(builder: HybridSearchBuilder, guidelines: CelGuidelines) -> Rules:
    """What the first edition of a workspace starts from."""
    confidence, thresholds = default_rules_parts()
    return Rules(
        thresholds,
        confidence,
        texts_version=VERSION,
        search_versions=builder.versions,
        guidelines=guidelines.defaults(),
    )


@asynccontextmanager
async def open_house(
    settings: Settings, database: Database, progress: Progress, *, together: bool = False
) -> AsyncIterator[House]:
    """Put the adapters behind their ports.

    Takes:  together: whether to exchange news with other processes; doors and workers do.
    Raises: Refused("database.role"), Refused("database.schema"), Unavailable.
    """
    pool = Pool(database.app_dsn, settings.pool_size, APP_ROLE)
    push = PostgresPush(pool)
    directory, library = PostgresDirectory(pool), PostgresLibrary(pool)
    cache, encoder = _private(settings.data / "cache"), SentenceEncoder()
    builder = HybridSearchBuilder(cache / "search", encoder)
    topics = PostgresTopics(pool)
    topic_models = TopicModels(cache / "topics", topics, encoder)
    guidelines = CelGuidelines()
    rules = _first_rules(builder, guidelines)
    keys, secrets = FileKeys(settings.keys), _secrets(settings)
    mail = _mail(secrets, keys)
    shelf = DiskShelf(cache / "passages", library, directory, builder, rules, progress, guidelines)
    try:
        await check_ready(pool)
        if together:
            await push.start()
        yield House(
            record=PostgresRecord(pool),
            board=PostgresBoard(pool),
            writing=PostgresWriting(pool),
            files=PostgresFiles(pool),
            uploads=PostgresChatFiles(pool),
            inspector=MimeInspector(),
            finder=PostgresFinder(pool),
            ledger=PostgresLedger(pool),
            library=library,
            learning=PostgresLearning(pool),
            shelf=shelf,
            directory=directory,
            autonomy=PostgresAutonomy(pool),
            guidelines=guidelines,
            understanding=Understander(LanguageReader(), encoder),
            push=push,
            keys=keys,
            passwords=Argon2Passwords(),
            access=_access(pool, secrets),
            reader=FileReader(),
            topics=topics,
            topic_reader=topic_models,
            topic_learner=topic_models,
            hours=PostgresHours(pool),
            holidays=GermanHolidays(),
            phones=GermanPhoneNumbers(),
            calendar_files=ICalendarFiles(),
            now=utc_now,
            first_rules=rules,
            outbox=PostgresOutbox(pool),
            carriers={MAIL: mail.carrier},
            postman=mail.postman,
            mails=PostgresMails(pool),
            mail_reader=MimeReader(MAIL_BYTES_MAX),
            mail_folders=ImapFolders(secrets, mail.tokens),
            tokens=mail.tokens,
            consents=ConsentServers(secrets),
            contacts=PostgresContacts(pool),
            codes=PostgresCodes(pool),
            eraser=PostgresEraser(pool),
        )
    finally:
        await push.close()
        shelf.close()
        await pool.close()


@dataclass(frozen=True, slots=True)
class _Mail:
    """How mail leaves, and the tokens that its ways in and out share."""

    carrier: MailCarrier
    postman: SmtpPostman
    tokens: TokenServers


def _mail(secrets: ReferencedSecrets, keys: FileKeys) -> _Mail:
    """One look-up of secrets for the server's sign-in and the signature's key, one token for both ways."""
    tokens = TokenServers(secrets)
    postman = SmtpPostman(secrets, tokens)
    carrier = MailCarrier(postman, MailWriter(), DkimSigner(secrets), keys, utc_now)
    return _Mail(carrier, postman, tokens)


def _secrets(settings: Settings) -> ReferencedSecrets:
    return ReferencedSecrets(os.environ.get, settings.secrets)


def make_intake(house: House, host: str, port: int, *, lmtp: bool) -> MailIntake:
    """The server that takes mail in from the company's own mail server."""

    async def knows(address: str) -> bool:
        return await mailbox_at(house, address) is not None

    async def take(address: str, raw: bytes) -> None:
        await hand_in_by_address(house, address, raw)

    return MailIntake(host, port, knows, take, utc_now, lmtp=lmtp)


def _access(pool: Pool, secrets: ReferencedSecrets) -> Access:
    return Access(
        sessions=PostgresSessions(pool),
        factors=PostgresFactors(pool),
        staffing=PostgresStaffing(pool),
        keys=PostgresKeys(pool),
        codes=AuthenticatorCodes(),
        server=OpenIdServer(secrets),
    )


def _private(folder: Path) -> Path:
    """Make a folder that others on this machine do not enter: the cache holds passages that are not for everyone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(PermissionError):  # another user's: theirs to close
        folder.chmod(0o700)
    return folder


def make_worker(house: House, database: Database) -> Worker:
    """The worker with its schedule."""
    return Worker(database.app_dsn, schedule(house))


def quiet_logs() -> None:
    """Log what matters, one line each, never a person's words."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("taktvoll").setLevel(logging.INFO)
