"""The addresses of a reply's files: adding, removing, and handing out what was sent.

I decide how an upload becomes files and how several refusals read as one. router.py takes my routes in and does the
checking. I never show a file: it leaves us to be saved. Only a picture that its own bytes prove to be one is shown.
"""

from collections.abc import Sequence
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from taktvoll.base.downloads import MEDIA_TYPE, download_headers, picture_headers
from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId
from taktvoll.base.limits import CLIENT_ID_CHARS_MAX
from taktvoll.domain.conversation.chat_files import PICTURES
from taktvoll.domain.conversation.files import HEAD_BYTES, Enclosure
from taktvoll.domain.people.permissions import Permission
from taktvoll.entry.desk import session
from taktvoll.entry.desk.session import Upload, Visit
from taktvoll.entry.desk.work import TALK, Act, Fields, Handler
from taktvoll.flows.attach_file import attach_file, detach_file, sent_file
from taktvoll.flows.house import House
from taktvoll.flows.take_over import access_for_staff
from taktvoll.flows.write_reply import keep_draft

ATTACH = TALK + "/files"
SENT = ATTACH + "/{seq}/{place}"
PICTURE = SENT + "/picture"


def file_routes(house: House, act: Act) -> tuple[tuple[str, str, Handler], ...]:
    """Method, path and handler of each address; act checks the form and answers."""
    files = Files(house, act)
    return (("POST", ATTACH, files.attach), ("POST", TALK + "/unattach", files.detach))


class Files:
    """Each form as the flow that it means."""

    def __init__(self, house: House, act: Act) -> None:
        self._house = house
        self._act = act

    async def attach(self, request: Request, workspace: str, conversation: str) -> Response:
        """Add files, and keep what stands in the field: without a script the whole form comes here."""

        async def deed(visit: Visit, talk: ConversationId, fields: Fields) -> None:
            uploads = session.uploads_of(request)
            if not uploads:
                raise Refused("file.none")
            why = await self._add(visit, talk, uploads)
            await self._keep_text(visit, talk, fields)
            if why:
                raise Refused("file.refused", detail=why)

        return await self._act(request, workspace, conversation, Permission.CONVERSATION_REPLY, deed)

    async def _add(self, visit: Visit, talk: ConversationId, uploads: Sequence[Upload]) -> str:
        """Add what can be added; gives why the others were not, each by its name."""
        refused = []
        for name, content in uploads:
            try:
                await attach_file(self._house, visit.staff, talk, name, content)
            except Refused as refusal:
                if not refusal.code.startswith("file."):
                    raise
                refused.append(f"{name}: {refusal.text(visit.language)}")
        return " ".join(refused)

    async def detach(self, request: Request, workspace: str, conversation: str) -> Response:
        """Remove a file, and keep what stands in the field."""

        async def deed(visit: Visit, talk: ConversationId, fields: Fields) -> None:
            for file in ids_from(fields.get("unattach", "")):
                await detach_file(self._house, visit.staff, talk, file)
            await self._keep_text(visit, talk, fields)

        return await self._act(request, workspace, conversation, Permission.CONVERSATION_REPLY, deed)

    async def _keep_text(self, visit: Visit, talk: ConversationId, fields: Fields) -> None:
        text, client_id = fields.get("text", ""), fields.get("id", "")
        fits = 0 < len(client_id) <= CLIENT_ID_CHARS_MAX and client_id.replace("-", "").isalnum()
        if text.strip() and fits:
            await keep_draft(self._house, visit.staff, talk, text, client_id)


class SentFiles:
    """What was sent, for those who may read the conversation."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def file(
        self, request: Request, workspace: str, conversation: str, seq: str, place: str
    ) -> Response:
        """Hand out a file that was sent, to be saved."""
        about, content = await self._sent(request, workspace, conversation, seq, place)
        return Response(content, media_type=MEDIA_TYPE, headers=dict(download_headers(about.name)))

    async def picture(
        self, request: Request, workspace: str, conversation: str, seq: str, place: str
    ) -> Response:
        """Show a picture that was sent; what its bytes do not prove to be one is only to be saved."""
        about, content = await self._sent(request, workspace, conversation, seq, place)
        found = self._house.inspector.inspect(content[:HEAD_BYTES], about.name)
        if found.sniffed not in PICTURES:
            raise Refused("file.unknown")
        return Response(content, media_type=found.sniffed, headers=dict(picture_headers()))

    async def _sent(
        self, request: Request, workspace: str, conversation: str, seq: str, place: str
    ) -> tuple[Enclosure, bytes]:
        visit = await session.enter(self._house, request, workspace, Permission.CONVERSATION_READ)
        talk = session.conversation_id(conversation)
        await access_for_staff(self._house, visit.staff, talk)
        numbers = [int(n) for n in (seq, place) if n.isascii() and n.isdigit() and len(n) <= 9]
        if len(numbers) != 2:
            raise Refused("file.unknown")
        return await sent_file(self._house, visit.workspace.id, talk, *numbers)


def ids_from(text: str) -> tuple[UUID, ...]:
    """Read the ids of files from a form: parted by blanks.

    Raises: Refused("file.gone") for what is no id.
    """
    try:
        return tuple(dict.fromkeys(UUID(one) for one in text.split()))
    except ValueError as error:
        raise Refused("file.gone") from error
