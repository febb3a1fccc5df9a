"""A mailbox is set up, changed, tried out, or taken out of use.

I decide what must hold before a mailbox's settings are kept. The command line calls me. I never delete an account: the
conversations that came by it name it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from taktvoll.base.errors import Refused, TaktvollError
from taktvoll.base.ids import AccountId, WorkspaceId, public_token, uuid7
from taktvoll.base.limits import MAIL_BYTES_MAX
from taktvoll.domain.conversation.ports import Account
from taktvoll.domain.conversation.terms import MAIL
from taktvoll.domain.delivery.outgoing import SETTING as OUTGOING
from taktvoll.domain.delivery.outgoing import outgoing_from
from taktvoll.domain.delivery.terms import Later, Outcome, Why
from taktvoll.domain.mail.intake import NOWHERE
from taktvoll.domain.mail.intake_ports import Standing
from taktvoll.domain.mail.mailbox import SETTING as INCOMING
from taktvoll.domain.mail.mailbox import Mailbox, mailbox_of
from taktvoll.domain.mail.oauth import PROVIDERS, with_provider
from taktvoll.domain.mail.oauth import SETTING as OAUTH
from taktvoll.flows.hand_in_mail import REMOVED, intake_digest, mailbox_at
from taktvoll.flows.house import House
from taktvoll.flows.watch_mailbox import stalled

LASTING = frozenset(
    {
        "mailbox.sign_in",
        "mailbox.certificate",
        "mailbox.folder",
        "mailbox.read_only",
        "mailbox.setting",
        "mailbox.oauth_not_connected",
        "mailbox.oauth_consent",
        "mailbox.oauth_client",
        "mailbox.oauth_request",
        "mailbox.oauth_not_kept",
        "mailbox.oauth_sign_in",
        "mailbox.oauth_unoffered",
        "secret.missing",
        "secret.malformed",
    }
)
"""Failures that do not pass by themselves: people are told of them at once, of others when they last."""

WRONG = "mailbox.settings"


@dataclass(frozen=True, slots=True)
class Shown:
    """A mailbox and how far it is; `problem` is the code of what is wrong, `urgent` says that people must act."""

    mailbox: Mailbox
    standing: Standing
    problem: str
    urgent: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """What trying a mailbox out found: how many mails its folder would bring, or what failed."""

    mails: int = 0
    too_large: int = 0
    error: TaktvollError | None = None


async def add_mailbox(
    house: House, workspace: WorkspaceId, name: str, settings: Mapping[str, object]
) -> Mailbox:
    """Set up a mailbox.

    Raises: Refused("mailbox.exists"), Refused("mailbox.taken"), Refused("mailbox.setting").
    """
    known = await _account(house, workspace, name)
    if known is not None and not known.settings.get(REMOVED):
        raise Refused("mailbox.exists", name=name)
    if _provider(settings) in PROVIDERS:  # it serves both ways, unless told otherwise later
        settings = {INCOMING: {}, OUTGOING: {}, **settings}
    settings = with_provider(settings, settings, _unique(workspace, name))
    new = AccountId(uuid7(house.now()))
    draft = replace(known, settings=settings) if known else Account(new, workspace, MAIL, name, settings)
    await _checked(house, draft)
    made = known or await house.directory.make_account(workspace, MAIL, name, house.now())
    return await _keep(house, replace(made, settings=settings), None)


async def change_mailbox(
    house: House, workspace: WorkspaceId, name: str, changed: Mapping[str, object]
) -> Mailbox:
    """Change what is given of a mailbox's settings, part by part.

    Raises: Refused("mailbox.unknown"), Refused("mailbox.taken"), Refused("mailbox.setting").
    """
    account = await mailbox_account(house, workspace, name)
    before = _place(account)
    settings, chosen = dict(account.settings), _provider(changed)
    for key, value in changed.items():
        known = settings.get(key)
        if isinstance(value, Mapping) and isinstance(known, Mapping) and not (key == OAUTH and chosen):
            settings[key] = {**known, **value}
        else:
            settings[key] = value
    if chosen:
        settings = with_provider(settings, changed, _unique(workspace, name))
    return await _keep(house, replace(account, settings=settings), before)


async def remove_mailbox(house: House, workspace: WorkspaceId, name: str) -> None:
    """Take a mailbox out of use: nothing is fetched, taken in or sent by it; its conversations stay."""
    account = await mailbox_account(house, workspace, name)
    kept = {"addresses": account.settings.get("addresses"), REMOVED: True}
    await house.directory.set_account(workspace, MAIL, name, kept)


async def new_token(house: House, workspace: WorkspaceId, name: str) -> str:
    """Make the token for handing mails in over HTTP; an older one opens nothing any more.

    Gives:  the token, which is kept nowhere.
    """
    token = public_token()
    await change_mailbox(house, workspace, name, {"intake": intake_digest(token)})
    return token


async def mailbox_account(house: House, workspace: WorkspaceId, name: str) -> Account:
    """Find a mailbox's account; raises Refused("mailbox.unknown")."""
    account = await _account(house, workspace, name)
    if account is None or account.settings.get(REMOVED):
        raise Refused("mailbox.unknown", name=name[:60])
    return account


async def mailboxes(house: House, workspace: WorkspaceId) -> tuple[Shown, ...]:
    """The mailboxes of a workspace, and what is wrong with each."""
    found = []
    for account in await house.directory.accounts(MAIL):
        if account.workspace != workspace or account.settings.get(REMOVED):
            continue
        standing = await house.mails.standing(workspace, account.id)
        try:
            mailbox = mailbox_of(account)
        except Refused:  # one that is set up wrongly is shown as such, and all others as they are
            found.append(Shown(Mailbox(account=account, addresses=()), standing, WRONG, True))
            continue
        late = mailbox.fetching is not None and stalled(mailbox, standing, house.now())
        problem = standing.failure or ("mailbox.stalled" if late else "")
        found.append(Shown(mailbox, standing, problem, late or problem in LASTING))
    return tuple(sorted(found, key=lambda s: s.mailbox.account.name))


async def try_tokens(house: House, mailbox: Mailbox) -> TaktvollError | None:
    """Fetch a token as the worker would; gives what failed, None where nothing did or none is needed."""
    if mailbox.oauth is None or house.tokens is None:
        return None
    try:
        await house.tokens.token(mailbox.oauth)
    except TaktvollError as error:
        return error
    return None


async def try_mailbox(house: House, mailbox: Mailbox) -> Tried:
    """Connect as the worker would, and look without changing anything."""
    if mailbox.fetching is None:
        return Tried()
    folder = house.mail_folders.folder(mailbox.fetching)
    try:
        place = await folder.open()
        standing = await house.mails.standing(mailbox.account.workspace, mailbox.account.id)
        ours = standing.cursor is not None and standing.cursor.validity == place.validity
        after = standing.cursor.uid if ours and standing.cursor else 0
        mails = large = 0
        while uids := await folder.uids(after):
            sizes = await folder.sizes(uids)
            mails, after = mails + len(sizes), uids[-1]
            large += sum(size > MAIL_BYTES_MAX for size in sizes.values())
        return Tried(mails, large)
    except TaktvollError as error:
        return Tried(error=error)
    finally:
        await folder.close()


async def try_sending(house: House, mailbox: Mailbox) -> Outcome | None:
    """Connect to the server that takes its mail, as the worker would: secure, sign in, and hand over nothing.

    Gives:  what hinders it, None where nothing does.
    """
    outgoing = outgoing_from(mailbox.account.settings)
    if outgoing is None or house.postman is None:
        return Later(Why.NO_MAILBOX)
    async with house.postman.session(outgoing) as session:
        return session.refusal


async def _account(house: House, workspace: WorkspaceId, name: str) -> Account | None:
    try:
        return await house.directory.account(workspace, MAIL, name)
    except Refused:
        return None


def _provider(settings: Mapping[str, object]) -> str:
    """Which provider of tokens is chosen here; "" where none is."""
    given = settings.get(OAUTH)
    return str(given.get("provider") or "") if isinstance(given, Mapping) else ""


def _unique(workspace: WorkspaceId, name: str) -> str:
    """Name a mailbox so that no other workspace's is meant: all share one folder of secrets."""
    return f"{name}-{str(workspace)[-8:]}"


def _place(account: Account) -> tuple[object, ...]:
    """Which folder of which mailbox of which server is read."""
    given = account.settings.get(INCOMING)
    return (
        tuple(given.get(n) for n in ("host", "port", "user", "folder")) if isinstance(given, Mapping) else ()
    )


async def _keep(house: House, account: Account, before: tuple[object, ...] | None) -> Mailbox:
    """Keep settings that hold; an address leads to one mailbox only, and the first one sends if none is named.

    Takes:  before: the place that was read until now, None where nothing was; another place is begun anew.
    """
    mailbox = await _checked(house, account)
    account = mailbox.account
    standing = await house.mails.standing(account.workspace, account.id)
    if standing.cursor is not None and before != _place(account):
        await house.mails.move(account.workspace, account.id, NOWHERE, house.now(), reset=True)
    await house.directory.set_account(account.workspace, MAIL, account.name, account.settings)
    return mailbox


async def _checked(house: House, account: Account) -> Mailbox:
    """Hold settings to what must hold, before anything is kept; gives the mailbox with them completed.

    Raises: Refused("mailbox.taken"), Refused("mailbox.setting").
    """
    mailbox = mailbox_of(account)
    sending = account.settings.get(OUTGOING)
    if isinstance(sending, Mapping):
        completed = {"address": mailbox.addresses[0], "name": mailbox.name, **sending}
        mailbox = mailbox_of(replace(account, settings={**account.settings, OUTGOING: completed}))
    outgoing_from(mailbox.account.settings)
    for address in mailbox.addresses:
        owner = await mailbox_at(house, address)
        if owner is not None and owner.account.id != account.id:
            raise Refused("mailbox.taken", name=address)
    return mailbox
