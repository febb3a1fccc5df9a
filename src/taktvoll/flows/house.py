"""Everything a flow may reach for, behind ports.

I decide nothing: I am the list of what the outside offers. build.py fills me once, every flow takes me first.
I never hold state of my own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from taktvoll.domain.autonomy.ports import AutonomyStore
from taktvoll.domain.contacts.ports import Codes, Contacts
from taktvoll.domain.conversation.board import Board
from taktvoll.domain.conversation.chat_files import ChatFiles
from taktvoll.domain.conversation.files import FileInspector, ReplyFiles
from taktvoll.domain.conversation.finding import Finder
from taktvoll.domain.conversation.ports import Ledger, Push, Record, Understanding
from taktvoll.domain.conversation.writing import Writing
from taktvoll.domain.delivery.ports import Carrier, Outbox, Postman
from taktvoll.domain.governance.keeping import Eraser
from taktvoll.domain.hours.ports import CalendarFiles, Holidays, HoursStore, PhoneNumbers
from taktvoll.domain.knowledge.ports import DocumentReader, TopicLearner, TopicReader, TopicStore
from taktvoll.domain.library.ports import EditionShelf, Guidelines, LearningStore, LibraryStore
from taktvoll.domain.library.terms import Rules
from taktvoll.domain.mail.intake_ports import MailFolders, MailStore
from taktvoll.domain.mail.oauth_ports import AccessTokens, Consents
from taktvoll.domain.mail.ports import MailReader
from taktvoll.domain.people.access_ports import (
    Factors,
    KeyStore,
    OneTimeCodes,
    Sessions,
    SignOnServer,
    Staffing,
)
from taktvoll.domain.people.ports import Directory, Keys, Passwords


@dataclass(frozen=True, slots=True)
class Access:
    """The ports by which staff and programs come in."""

    sessions: Sessions
    factors: Factors
    staffing: Staffing
    keys: KeyStore
    codes: OneTimeCodes
    server: SignOnServer


@dataclass(frozen=True, slots=True)
class House:
    """The ports, the clock, the rules that new editions start from, and a carrier for each channel that we send by."""

    record: Record
    board: Board
    writing: Writing
    files: ReplyFiles
    uploads: ChatFiles
    inspector: FileInspector
    finder: Finder
    ledger: Ledger
    library: LibraryStore
    learning: LearningStore
    shelf: EditionShelf
    directory: Directory
    autonomy: AutonomyStore
    guidelines: Guidelines
    understanding: Understanding
    push: Push
    keys: Keys
    passwords: Passwords
    access: Access
    reader: DocumentReader
    topics: TopicStore
    topic_reader: TopicReader
    topic_learner: TopicLearner
    hours: HoursStore
    holidays: Holidays
    phones: PhoneNumbers
    calendar_files: CalendarFiles
    now: Callable[[], datetime]
    first_rules: Rules
    outbox: Outbox
    mails: MailStore
    mail_reader: MailReader
    mail_folders: MailFolders
    contacts: Contacts
    codes: Codes
    eraser: Eraser
    carriers: Mapping[str, Carrier] = field(default_factory=dict)
    postman: Postman | None = None
    tokens: AccessTokens | None = None
    consents: Consents | None = None
