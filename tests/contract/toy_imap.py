"""A small IMAP server that behaves as badly as a test wants: it stalls, hangs up, counts anew, gives UIDs out twice.

I decide what it says. The tests of watching a mailbox call me; that we speak IMAP at all, a real server proves.
I never listen beyond loopback.
"""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field

Wrong = Callable[[str, str], str]
"""From a command and its words to what goes wrong: "" for nothing, "stall", "hang_up", or an answer to give instead."""


@dataclass
class ToyImap:
    """A server with one folder; change mails, validity and what goes wrong at any time."""

    mails: dict[int, bytes] = field(default_factory=dict)
    validity: int = 1
    next_uid: int = 1
    idles: bool = False
    wrong: Wrong = lambda _command, _words: ""
    seen: list[int] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    port: int = 0
    left: asyncio.Event = field(default_factory=asyncio.Event)
    _server: asyncio.Server | None = None
    _writers: list[asyncio.StreamWriter] = field(default_factory=list)

    def put(self, *mails: bytes) -> None:
        """Mails arrive."""
        for mail in mails:
            self.mails[self.next_uid] = mail
            self.next_uid += 1

    def count_anew(self, validity: int, *, keeps_validity: bool = False) -> None:
        """Every mail gets a new UID, from 1; a broken server does so without saying it."""
        kept = list(self.mails.values())
        self.mails, self.next_uid = {}, 1
        self.validity = self.validity if keeps_validity else validity
        self.put(*kept)

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Hang up on everyone."""
        assert self._server is not None
        self._server.close()
        for writer in self._writers:
            writer.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        writer.write(b"* OK toy\r\n")
        try:
            while line := await reader.readline():
                tag, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
                if not await self._answer(tag, rest, writer):
                    break
        except ConnectionError:
            pass
        writer.close()
        self.left.set()

    async def _answer(self, tag: str, rest: str, writer: asyncio.StreamWriter) -> bool:
        command, _, words = rest.partition(" ")
        command = command.upper()
        if command == "UID":
            command, _, words = words.partition(" ")
            command = "UID " + command.upper()
        self.commands.append(command)
        match self.wrong(command, words):
            case "":
                body = self._body(command, words)
                writer.write(body + f"{tag} OK done\r\n".encode())
            case "stall":
                return True
            case "hang_up":
                return False
            case said:
                writer.write(said.format(tag=tag).encode())
        await writer.drain()
        return command != "LOGOUT"

    def _body(self, command: str, words: str) -> bytes:
        match command:
            case "CAPABILITY":
                return b"* CAPABILITY IMAP4rev1\r\n"
            case "SELECT":
                state = f"* OK [UIDVALIDITY {self.validity}] v\r\n* OK [UIDNEXT {self.next_uid}] n\r\n"
                return f"* {len(self.mails)} EXISTS\r\n{state}".encode()
            case "UID SEARCH":
                asked = re.search(r"UID (\d+):(\d+)", words)
                assert asked is not None, "only windows are asked for"
                after, end = int(asked[1]), int(asked[2])
                found = [uid for uid in self.mails if after <= uid <= end]
                return f"* SEARCH {' '.join(map(str, found))}\r\n".encode()
            case "FETCH":
                seq = int(words.split(maxsplit=1)[0])
                return f"* {seq} FETCH (UID {list(self.mails)[seq - 1]})\r\n".encode()
            case "UID FETCH":
                return self._fetched(words)
            case "UID STORE":
                self.seen.append(int(words.split(maxsplit=1)[0]))
        return b""

    def _fetched(self, words: str) -> bytes:
        named, _, parts = words.partition(" ")
        lines = b""
        if named == "*":
            return (
                f"* {len(self.mails)} FETCH (UID {list(self.mails)[-1]})\r\n".encode() if self.mails else b""
            )
        for uid in (int(one) for one in named.split(",") if int(one) in self.mails):
            mail, place = self.mails[uid], list(self.mails).index(uid) + 1
            if "RFC822.SIZE" in parts:
                lines += f"* {place} FETCH (UID {uid} RFC822.SIZE {len(mail)})\r\n".encode()
            else:
                part = mail.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if "HEADER" in parts else mail
                lines += (
                    f"* {place} FETCH (UID {uid} BODY[]<0> {{{len(part)}}}\r\n".encode() + part + b")\r\n"
                )
        return lines
