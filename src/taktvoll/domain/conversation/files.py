"""Files that people send along with a reply: what may go along, how the record names them, who keeps them.

I decide which kinds of files leave the house and how many. The reply's flows and the release call me, the store
implements ReplyFiles. I never open a file: its name and its first bytes are all I look at.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, Protocol, cast
from uuid import UUID

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId, StaffId, WorkspaceId
from taktvoll.base.limits import MB, REPLY_FILE_BYTES_MAX, REPLY_FILES_BYTES_MAX, REPLY_FILES_MAX
from taktvoll.domain.conversation.terms import Event

HEAD_BYTES = 4096
DANGEROUS_ENDINGS = frozenset(
    """
    .accda .accde .action .ade .adp .apk .app .appimage .appinstaller .application .appref-ms .appx .asp .aspx .bash
    .bat .cab .chm .cmd .com .command .cpl .csh .deb .desktop .diagcab .diagcfg .diagpkg .dll .dmg .docm .dotm .exe
    .gadget .hlp .hta .htm .html .img .inf .ins .iqy .iso .isp .jar .jnlp .job .js .jse .jsp .ksh .lib .library-ms
    .lnk .mam .mda .mde .mht .mhtml .mjs .msc .msi .msix .msp .mst .nsh .ocx .odc .one .oqy .php .pif .pkg .pl .potm
    .ppa .ppam .ppkg .ppsm .pptm .ps1 .ps1xml .psd1 .psm1 .py .pyc .pyw .rb .rdp .reg .rpm .rqy .scf .scr .sct
    .search-ms .searchconnector-ms .settingcontent-ms .sh .shb .shtml .sldm .slk .svg .svgz .swf .sys .terminal
    .theme .themepack .udl .url .vb .vbe .vbs .vhd .vhdx .vxd .wasm .webloc .website .wiz .workflow .ws .wsc .wsf
    .wsh .xbap .xht .xhtml .xla .xlam .xll .xlm .xlsb .xlsm .xltm .xsl .xslt .zsh
    """.split()
)
"""What a double click or a browser would run, and what a table would fetch or may hold macros in under any name."""

_DANGEROUS_TYPES = frozenset(
    {"application/x-msdownload", "application/x-executable", "text/x-script", "text/html", "image/svg+xml"}
)
_DANGEROUS_STARTS = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"\xfe\xed\xfa\xcf",
    b"L\0\0\0\x01\x14\x02\0",
    b"\0asm",
)
"""Programs for Windows, Linux, Java and macOS, scripts, Windows shortcuts, WebAssembly."""

_MACROS = (b"vbaproject.bin", "_vba_project".encode("utf-16-le"), b"xl/macrosheets/")
"""What an Office file holds where it holds macros, whatever its ending says: new ones are archives, old ones OLE.

In lower case: in neither does case tell names apart.
"""

_OLD_OFFICE = frozenset({".doc", ".dot", ".xls", ".xlt", ".ppt", ".pps", ".pot", ".rtf", ".wbk"})
"""Endings under which Office runs the macros of an archive too, whatever the part that holds them is called there."""

_OFFICE = frozenset({"application/zip", "application/x-ole-storage"})

_MARKUP = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).){0,4000}-->\s*|<!doctype[^>]*>\s*)*"
    rb"<(?:!doctype\s+(?:html|svg)|html|head|body|script|svg|iframe|meta|style|object|embed)\b",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file as its first bytes show it: a safe name, the type to send it under, whether the two contradict.

    `sniffed` is "" where the bytes say nothing.
    """

    name: str
    type: str
    sniffed: str
    sha256: str
    content: bytes = field(repr=False)
    contradicts: bool = False


class FileInspector(Protocol):
    """Looks at a file without opening it, as it looks at what customers send."""

    def inspect(self, content: bytes, name: str) -> Inspected:
        """Give the file's safe name, its type, and whether name and content fit."""
        ...


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file of a reply, without its bytes; the name is personal and stands beside the chain."""

    id: UUID
    name: str
    type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """A file that someone has added to what they write."""

    workspace: WorkspaceId
    staff: StaffId
    conversation: ConversationId
    about: Enclosure
    content: bytes = field(repr=False)


class ReplyFiles(Protocol):
    """Keeps the files of replies; every method works within one workspace."""

    async def add(self, file: NewFile, at: datetime) -> None:
        """Keep a file with what someone is writing in a conversation."""
        ...

    async def unsent(
        self, workspace: WorkspaceId, staff: StaffId, conversation: ConversationId
    ) -> tuple[Enclosure, ...]:
        """What someone has added in a conversation and not sent, what waits with a reply too; oldest first."""
        ...

    async def drop(
        self, workspace: WorkspaceId, staff: StaffId, conversation: ConversationId, file: UUID
    ) -> bool:
        """Remove a file that neither waits nor was sent; False where there is none."""
        ...

    async def content(self, workspace: WorkspaceId, conversation: ConversationId, file: UUID) -> bytes | None:
        """The bytes of a file that was sent; None where they were erased."""
        ...


def demand_sendable(found: Inspected) -> None:
    """Refuse what no message may carry, a reply of ours or a customer's.

    Raises: Refused("file.empty"), Refused("file.large"), Refused("file.type"), Refused("file.lies").
    """
    if not found.content:
        raise Refused("file.empty")
    if len(found.content) > REPLY_FILE_BYTES_MAX:
        raise Refused("file.large", limit=REPLY_FILE_BYTES_MAX // MB)
    head = found.content[:HEAD_BYTES]
    runs = found.sniffed in _DANGEROUS_TYPES or head.startswith(_DANGEROUS_STARTS)
    lowered = found.content.lower() if found.sniffed in _OFFICE else b""
    macros = any(sign in lowered for sign in _MACROS)
    if runs or macros or dangerous(found.name) or _MARKUP.match(head):
        raise Refused("file.type")
    if found.contradicts or (found.sniffed == "application/zip" and ending_of(found.name) in _OLD_OFFICE):
        raise Refused("file.lies")


def dangerous(name: str) -> bool:
    """Whether a file of this name would be run by whoever opens it."""
    return ending_of(name) in DANGEROUS_ENDINGS


def ending_of(name: str) -> str:
    """A file's ending as the system reads it: blanks and dots behind it are dropped."""
    return PurePosixPath(name.casefold().rstrip(". ")).suffix


def why_not_together(files: Sequence[Enclosure]) -> str:
    """The code of what keeps these files from going along with one reply; "" where nothing does."""
    if len(files) > REPLY_FILES_MAX:
        return "file.many"
    if sum(f.size for f in files) > REPLY_FILES_BYTES_MAX:
        return "file.total"
    return "file.type" if any(dangerous(f.name) for f in files) else ""


def refused_by(code: str) -> Refused:
    """The refusal that a code stands for, which may be kept for a while; with its figure where it is about files."""
    if code == "file.many":
        return Refused("file.many", limit=REPLY_FILES_MAX)
    if code == "file.total":
        return Refused("file.total", limit=REPLY_FILES_BYTES_MAX // MB)
    return Refused(code)


def recorded(files: Sequence[Enclosure]) -> list[dict[str, object]]:
    """How the chain names files: what proves which bytes were sent, and nothing personal."""
    return [{"sha256": f.sha256, "size": f.size, "type": f.type} for f in files]


def kept_beside(files: Sequence[Enclosure]) -> list[dict[str, object]]:
    """How the personal text of a message names its files, in the same order."""
    return [{"id": str(f.id), "name": f.name, "size": f.size} for f in files]


def enclosed_with(message: Event) -> tuple[Enclosure, ...]:
    """The files of a message, received or released; none where its text was erased."""
    content: dict[str, Any] = json.loads(message.content) if message.content else {}
    on_record = cast("list[dict[str, Any]]", message.payload.get("files", []))
    return tuple(
        Enclosure(UUID(beside["id"]), beside["name"], proof["type"], proof["size"], proof["sha256"])
        for beside, proof in zip(content.get("files", []), on_record, strict=False)
    )
