"""The desk's view of mails: who really wrote, what came along, how it looked, and whether the mailboxes are read.

I decide what an agent sees of a mail and how its pieces leave us: never as something a browser would run. router.py
takes my routes in, pages.py my lines. I never load anything from the network.
"""

import asyncio
import base64
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from taktvoll.base.downloads import MEDIA_TYPE, SANDBOX, download_headers, picture_headers
from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId
from taktvoll.base.time import rfc3339
from taktvoll.domain.conversation.chat_files import PICTURES
from taktvoll.domain.mail.intake import KeptMail
from taktvoll.domain.mail.terms import Attachment, Mail
from taktvoll.domain.people.permissions import Permission
from taktvoll.entry.desk import session
from taktvoll.entry.desk.file_lines import FileLine, file_line
from taktvoll.entry.desk.render import NO_STORE, page
from taktvoll.entry.desk.session import DESK, Visit
from taktvoll.entry.desk.texts import texts
from taktvoll.entry.desk.texts_mail import AUTOMATIC, OPENED, OTHER, SILENT, proof_of, said
from taktvoll.flows.house import House
from taktvoll.flows.set_up_mailbox import Shown, mailboxes
from taktvoll.flows.take_over import access_for_staff

MAIL = DESK + "/c/{conversation}/mail/{mail}"
APART_MAX = 100
PICTURE_BYTES_MAX = 2_000_000
VIEW = SANDBOX + "; img-src data:; style-src 'unsafe-inline'"
_CID = re.compile(r'(<img\b[^>]*?\bsrc=")cid:([^"]{1,250})"', re.IGNORECASE)
LOGO_BYTES_MAX = 50_000
"""A picture within the text that is smaller is a signature's decoration; telephones put photographs there, too."""
Handler = Callable[..., Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class MailLine:
    """What stands above the words of a mail; `related` is a conversation it only refers to."""

    id: str
    at: str
    subject: str
    sender: str
    proof: str
    forged: bool
    marks: tuple[str, ...]
    files: tuple[FileLine, ...]
    to: str
    cc: str
    conversation: str
    related: str
    related_why: str
    has_html: bool
    blocked: int


@dataclass(frozen=True, slots=True)
class BoxLine:
    """A mailbox and how it is; `bad` where people must do something."""

    name: str
    addresses: str
    state: str
    bad: bool


def mail_routes(house: House) -> tuple[tuple[str, str, Handler], ...]:
    """Method, path and handler of each address."""
    pages = MailPages(house)
    return (
        ("GET", DESK + "/mail", pages.overview),
        ("GET", MAIL, pages.mail),
        ("GET", MAIL + "/original", pages.original),
        ("GET", MAIL + "/view", pages.view),
        ("GET", MAIL + "/files/{place}", pages.file),
        ("GET", MAIL + "/files/{place}/picture", pages.picture),
    )


async def mail_lines(house: House, visit: Visit, conversation: ConversationId) -> Mapping[int, MailLine]:
    """The mails of a conversation by the seq of their message."""
    found = await house.mails.mails(visit.workspace.id, conversation)
    return {kept.seq: _line(kept, visit.language) for kept in found}


async def alarms_of(house: House, visit: Visit) -> tuple[str, ...]:
    """What must be said above the queue: mailboxes that are not read."""
    told = texts(visit.language)["mail_alarm"]
    shown = await mailboxes(house, visit.workspace.id)
    return tuple(
        f"{told.format(name=one.mailbox.account.name)} {Refused(one.problem).text(visit.language)}"
        for one in shown
        if one.urgent
    )


class MailPages:
    """The pages and pieces of mails."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def overview(self, request: Request, workspace: str) -> Response:
        """Show the mailboxes, and what machines wrote."""
        visit = await session.enter(self._house, request, workspace, Permission.CONVERSATION_READ)
        shown = await mailboxes(self._house, visit.workspace.id)
        apart = await self._house.mails.apart(visit.workspace.id, APART_MAX)
        return page(
            "mail.html",
            visit.language,
            visit=visit,
            boxes=[_box(one, visit) for one in shown],
            apart=[_line(kept, visit.language) for kept in apart],
            now=rfc3339(self._house.now()),
        )

    async def mail(self, request: Request, workspace: str, conversation: str, mail: str) -> Response:
        """Show all that is known of a mail."""
        visit, kept = await self._enter(request, workspace, conversation, mail)
        original = await self._house.mails.original(visit.workspace.id, kept.id)
        hosts: tuple[str, ...] = ()
        if original is not None and kept.facts is not None and kept.facts.images_blocked:
            hosts = (await self._read(original.raw)).image_hosts
        return page(
            "mail_one.html",
            visit.language,
            visit=visit,
            mail=_line(kept, visit.language),
            hosts=hosts,
            erased=erased_text(kept, visit) if original is None else "",
            now=rfc3339(self._house.now()),
        )

    async def original(self, request: Request, workspace: str, conversation: str, mail: str) -> Response:
        """Hand out the bytes as they came, for the agent's own mail program or for a court."""
        visit, kept = await self._enter(request, workspace, conversation, mail)
        return _download(await self._raw(visit, kept), f"{kept.at:%Y-%m-%d}-{str(kept.id)[-6:]}.eml")

    async def view(self, request: Request, workspace: str, conversation: str, mail: str) -> Response:
        """Show the mail's own HTML in a page that may neither run nor load anything."""
        visit, kept = await self._enter(request, workspace, conversation, mail)
        read = await self._read(await self._raw(visit, kept))
        body = await asyncio.to_thread(_with_pictures, read)
        head = '<!doctype html><meta charset="utf-8"><meta name="robots" content="noindex"><title>–</title>'
        return HTMLResponse(head + body, headers={**NO_STORE, "Content-Security-Policy": VIEW})

    async def file(
        self, request: Request, workspace: str, conversation: str, mail: str, place: str
    ) -> Response:
        """Hand out an attachment, to be saved and not to be shown."""
        found = await self._attachment(request, workspace, conversation, mail, place)
        return _download(found.content, found.name)

    async def picture(
        self, request: Request, workspace: str, conversation: str, mail: str, place: str
    ) -> Response:
        """Show an attached picture; what its bytes do not prove to be one is only to be saved."""
        found = await self._attachment(request, workspace, conversation, mail, place)
        if found.sniffed not in PICTURES:
            raise Refused("file.unknown")
        return Response(found.content, media_type=found.sniffed, headers=dict(picture_headers()))

    async def _attachment(
        self, request: Request, workspace: str, conversation: str, mail: str, place: str
    ) -> Attachment:
        visit, kept = await self._enter(request, workspace, conversation, mail)
        read = await self._read(await self._raw(visit, kept))
        if not (place.isascii() and place.isdigit()) or int(place) >= len(read.attachments):
            raise Refused("mail.unknown")
        return read.attachments[int(place)]

    async def _enter(
        self, request: Request, workspace: str, conversation: str, mail: str
    ) -> tuple[Visit, KeptMail]:
        """Let staff in who may read the conversation that the mail belongs to."""
        visit = await session.enter(self._house, request, workspace, Permission.CONVERSATION_READ)
        talk = session.conversation_id(conversation)
        await access_for_staff(self._house, visit.staff, talk)
        try:
            kept = await self._house.mails.mail(visit.workspace.id, UUID(mail))
        except ValueError as error:
            raise Refused("mail.unknown") from error
        if kept.conversation != talk:
            raise Refused("mail.unknown")
        return visit, kept

    async def _raw(self, visit: Visit, kept: KeptMail) -> bytes:
        original = await self._house.mails.original(visit.workspace.id, kept.id)
        if original is None:
            raise Refused("mail.erased")
        return original.raw

    async def _read(self, raw: bytes) -> Mail:
        return await asyncio.to_thread(self._house.mail_reader.read, raw)


def erased_text(kept: KeptMail, visit: Visit) -> str:
    """That the original is gone, and whether because its term was over."""
    said = texts(visit.language)
    if not kept.on_schedule or kept.erased_at is None:
        return said["mail_erased"]
    return said["mail_erased_term"].format(day=f"{kept.erased_at.astimezone(visit.zone):%d.%m.%Y}")


def _line(kept: KeptMail, language: str) -> MailLine:
    facts = kept.facts
    erased = texts(language)["mail_erased"]
    forged = kept.silent == "not_authentic"
    return MailLine(
        id=str(kept.id),
        at=rfc3339(kept.at),
        subject=(facts.subject or texts(language)["mail_no_subject"]) if facts else erased,
        sender=str(facts.sender) if facts else "",
        proof=proof_of(facts, language) if facts else "",
        forged=forged,
        marks=_marks(kept, language),
        files=tuple(
            file_line(
                f.name,
                f.size,
                f.sniffed or f.type,
                f"/c/{kept.conversation}/mail/{kept.id}/files/{f.place}",
                language,
                shown=bool(f.sniffed) and not forged and not (f.inline and f.size < LOGO_BYTES_MAX),
            )
            for f in kept.enclosed
        ),
        to=", ".join(facts.to) if facts else "",
        cc=", ".join(facts.cc) if facts else "",
        conversation=str(kept.conversation),
        related=facts.related if facts else "",
        related_why=said(OPENED[facts.opened], language) if facts and facts.opened in OPENED else "",
        has_html=bool(facts and facts.has_html),
        blocked=facts.images_blocked if facts else 0,
    )


def _marks(kept: KeptMail, language: str) -> tuple[str, ...]:
    """What an agent should know before reading."""
    found = [
        table[key] for table, key in ((AUTOMATIC, kept.automatic), (SILENT, kept.silent)) if key in table
    ]
    facts = kept.facts
    if facts is not None:
        found += [OTHER["cut"]] if facts.cut else []
        found += [OTHER["signed"]] if facts.signed else []
        found += [OTHER[p] for p in facts.problems if p in OTHER]
    marks = [said(one, language) for one in found]
    if facts is not None and facts.reply_to:
        marks.append(said(OTHER["reply_to"], language).format(address=facts.reply_to))
    if facts is not None and facts.form:
        named = facts.answers_to if facts.answers_to != facts.sender.address else ""
        marks.append(said(OTHER["form" if named else "form_empty"], language).format(address=named))
    return tuple(marks)


def _box(shown: Shown, visit: Visit) -> BoxLine:
    words, mailbox = texts(visit.language), shown.mailbox
    if shown.problem:
        state = Refused(shown.problem).text(visit.language)
    elif mailbox.fetching is None:
        state = words["mail_takes"]
    elif shown.standing.checked_at is None:
        state = words["mail_waiting"]
    else:
        at = shown.standing.checked_at.astimezone(visit.zone)
        state = words["mail_well"].format(time=at.strftime("%d.%m. %H:%M"))
    return BoxLine(mailbox.account.name, ", ".join(mailbox.addresses), state, bool(shown.problem))


def _with_pictures(mail: Mail) -> str:
    """Put the mail's own small pictures into its HTML."""
    own = {a.content_id: a for a in mail.attachments if a.content_id and a.sniffed in PICTURES}
    room = PICTURE_BYTES_MAX

    def shown(match: re.Match[str]) -> str:
        nonlocal room
        found = own.get(match[2])
        if found is None or found.size > room:
            return f'{match[1]}"'
        room -= found.size
        return f'{match[1]}data:{found.sniffed};base64,{base64.b64encode(found.content).decode("ascii")}"'

    return _CID.sub(shown, mail.html)


def _download(content: bytes, name: str) -> Response:
    """Bytes to save: no browser shows or runs them, whatever they claim to be."""
    headers = {**NO_STORE, **download_headers(name)}
    return Response(content, media_type=MEDIA_TYPE, headers=headers)
