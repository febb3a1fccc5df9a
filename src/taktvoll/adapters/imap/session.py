"""One connection to a mail server, blocking: connect, secure, sign in, open a folder, fetch, settle, wait for news.

I decide how we talk IMAP and what each failure is called. `folder.py` calls me from a thread of its own.
I never fetch more than I was allowed, never trust a certificate that does not hold, and never expunge others' mail.
"""

import imaplib
import re
import select
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from typing import Any

from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError
from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.utils import encode_folder

from taktvoll.base.errors import Refused, TaktvollError, Unavailable
from taktvoll.domain.mail.bearer import bearer_of, closing, opening
from taktvoll.domain.mail.intake_ports import Place
from taktvoll.domain.mail.mailbox import Afterwards, Fetching, Privacy

RETRY_S = 30
SIZES_AT_ONCE = 500
WINDOW_MAILS = 20_000
"""UIDs have ten digits at most, so a window's line stays below 220 KB, whatever the folder's size."""
ANSWER_BYTES_MAX = 4 * 1024 * 1024
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UID = re.compile(rb"UID (\d+)")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_PLACE = re.compile(rb"(\d+) \(.*?\bUID (\d+)")
_NEWS = re.compile(rb"\* \d+ (?:EXISTS|RECENT)\b", re.IGNORECASE)


class Session:
    """A connection; every method may raise Refused or Unavailable with a code mailbox.…"""

    def __init__(
        self, fetching: Fetching, user_secret: str, context: ssl.SSLContext, window: int = WINDOW_MAILS
    ) -> None:
        """Take the password, or the access token where the setting names one's source.

        `window`: of how many mails at most a server names the UIDs at once.
        """
        self._set = fetching
        self._secret = user_secret
        self._context = context
        self._box: BaseMailBox | None = None
        self._idles = False
        self._capabilities: frozenset[str] = frozenset()
        self._bytes_max = ANSWER_BYTES_MAX
        self._window = window

    def open(self) -> Place:
        """Connect, secure, sign in, open the folder."""
        with _named_failures():
            self._box = self._connected()
            # A server that announces a huge answer would otherwise fill the memory before anyone looks at it.
            self._client.read = self._read
            self._sign_in()
            self._select()
            return self._place()

    def uids(self, after: int, since: date | None) -> tuple[int, ...]:
        """The next UIDs above `after`, ascending, of at most so many mails as stand in a window; () only at the end.

        A server names all that a search finds in one line, which grows with the folder until nobody takes it.
        Windows are asked for by UID, so nothing is left out whatever is deleted meanwhile; how wide one is follows from
        where its mails stand in the folder, so that gaps of any width are passed at once.
        """
        with _named_failures():
            self._client.noop()  # so that a server tells what came
            last_seq, last_uid = self._last()
            while after < last_uid:
                end = last_uid if last_uid - after <= self._window else self._end_of(after, last_seq)
                if found := self._found(after, end, since):
                    return found
                after = end
        return ()

    def _last(self) -> tuple[int, int]:
        """Place and UID of the last mail; 0 in an empty folder, where some servers take "*" for a mistake."""
        try:
            _, data = self._checked(self._client.uid("FETCH", "*", "(UID)"))
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            if int(self._opened.folder.status(self._set.folder, ["MESSAGES"])["MESSAGES"]):
                raise
            return 0, 0
        return max(_places(data).items(), default=(0, 0))

    def _end_of(self, after: int, last_seq: int) -> int:
        """The last UID of the window that begins above `after`: a place is halved towards, then a window further."""
        low, high = 1, last_seq
        while low < high:
            middle = (low + high) // 2
            if self._uid_at(middle) > after:
                high = middle
            else:
                low = middle + 1
        return max(self._uid_at(min(low + self._window - 1, last_seq)), after + self._window)

    def _uid_at(self, seq: int) -> int:
        _, data = self._checked(self._client.fetch(str(seq), "(UID)"))
        return _places(data)[seq]

    def _found(self, after: int, end: int, since: date | None) -> tuple[int, ...]:
        wanted = f"UID {after + 1}:{end}"
        if since is not None:
            wanted += f" SINCE {since.day}-{_MONTHS[since.month - 1]}-{since.year}"
        _, data = self._checked(self._client.uid("SEARCH", wanted))
        found = {int(one) for line in data if line for one in line.split() if one.isdigit()}
        return tuple(sorted(uid for uid in found if after < uid <= end))

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """Sizes before anything is fetched."""
        found: dict[int, int] = {}
        with _named_failures():
            for start in range(0, len(uids), SIZES_AT_ONCE):
                named = ",".join(str(uid) for uid in uids[start : start + SIZES_AT_ONCE])
                _, data = self._checked(self._client.uid("FETCH", named, "(UID RFC822.SIZE)"))
                for line in data:
                    text = b"".join(line) if isinstance(line, tuple) else line or b""
                    uid, size = _UID.search(text), _SIZE.search(text)
                    if uid and size:
                        found[int(uid[1])] = int(size[1])
        return found

    def fetch(self, uid: int, bytes_max: int, whole: bool) -> bytes | None:
        """The bytes, or the headers; asked for with their limit, and held to it."""
        part = "BODY.PEEK[]" if whole else "BODY.PEEK[HEADER]"
        self._bytes_max = bytes_max + ANSWER_BYTES_MAX
        try:
            with _named_failures():
                wanted = f"(UID {part}<0.{bytes_max}>)"
                _, data = self._checked(self._client.uid("FETCH", str(uid), wanted))
        finally:
            self._bytes_max = ANSWER_BYTES_MAX
        return next((one[1][:bytes_max] for one in data if isinstance(one, tuple)), None)

    def settle(self, uid: int) -> None:
        """Mark as seen, or move; the library's own ways expunge the whole folder, so its words are used one by one."""
        try:
            with _named_failures():
                if self._set.afterwards is Afterwards.SEEN:
                    self._checked(self._client.uid("STORE", str(uid), "+FLAGS.SILENT", "(\\Seen)"))
                elif self._set.afterwards is Afterwards.MOVE:
                    self._move(str(uid))
        except Unavailable as error:
            if error.code != "mailbox.answer":
                raise
            raise Refused("mailbox.settle") from error

    def _move(self, uid: str) -> None:
        target = encode_folder(self._set.move_to)
        if "MOVE" in self._capabilities:
            self._checked(self._client.uid("MOVE", uid, target))
            return
        self._checked(self._client.uid("COPY", uid, target))
        self._checked(self._client.uid("STORE", uid, "+FLAGS.SILENT", "(\\Deleted)"))
        if "UIDPLUS" in self._capabilities:
            self._checked(self._client.uid("EXPUNGE", uid))

    @property
    def idles(self) -> bool:
        """Whether the server tells of news by itself."""
        return self._idles

    def begin_idle(self) -> None:
        """Ask to be told. Source: RFC 2177."""
        with _named_failures():
            idle: Any = self._opened.idle  # written without types
            idle.start()

    def end_idle(self) -> None:
        """Ask no longer."""
        with _named_failures():
            idle: Any = self._opened.idle
            idle.stop()

    def news(self, within_s: float) -> bool:
        """Whether the server told of mail within a moment; raises where the connection is gone."""
        with _named_failures():
            client = self._client
            if not self._holds_something():
                waiter = select.poll()
                waiter.register(client.sock.fileno(), select.POLLIN)
                if not waiter.poll(within_s * 1000):
                    return False
                held = self._holds_something()
                if held is None:  # the TLS layer spoke to itself
                    return False
                if not held:
                    raise client.abort("the server closed the connection")
            line: bytes = client._get_line()
            if line.upper().startswith(b"* BYE"):
                raise client.abort("the server said good-bye")
            return _NEWS.match(line) is not None

    def _holds_something(self) -> bool | None:
        """Whether bytes have been read that no poll of the socket shows; None where TLS has none to give."""
        client = self._client
        client.sock.settimeout(0)
        try:
            return bool(client.file.peek(1))
        except ssl.SSLWantReadError:
            return None
        finally:
            client.sock.settimeout(self._set.timeout_s)

    def shut(self) -> None:
        """Cut the connection; whatever a thread waits for on it ends."""
        if self._box is not None:
            client: Any = self._box.client
            with suppress(OSError):
                client.sock.shutdown(socket.SHUT_RDWR)
            with suppress(OSError):
                client.shutdown()

    def _connected(self) -> BaseMailBox:
        host, port, timeout = self._set.host, self._set.port, self._set.timeout_s
        match self._set.privacy:
            case Privacy.TLS:
                return MailBox(host, port, timeout=timeout, ssl_context=self._context)
            case Privacy.STARTTLS:
                return MailBoxStartTls(host, port, timeout=timeout, ssl_context=self._context)
            case Privacy.NONE:
                return MailBoxUnencrypted(host, port, timeout=timeout)

    def _sign_in(self) -> None:
        if self._set.oauth is not None:
            self._sign_in_by_token()
        else:
            box = self._opened
            plain = self._set.user.isascii() and self._secret.isascii()
            (box.login if plain else box.login_utf8)(self._set.user, self._secret, None)
        # Many servers name what they can do only after signing in, and imaplib asks but once.
        _, data = self._checked(self._client.capability())
        named = b" ".join(line for line in data if line).decode("ascii", "replace")
        self._capabilities = frozenset(named.upper().split())
        self._client.capabilities = tuple(self._capabilities)
        self._idles = "IDLE" in self._capabilities

    def _sign_in_by_token(self) -> None:
        """Sign in by a token in place of a password; a server that refuses says first why (see bearer)."""
        offered = [name[5:] for name in self._client.capabilities if name.upper().startswith("AUTH=")]
        bearer = bearer_of(offered)
        if bearer is None:
            raise Refused("mailbox.oauth_unoffered")
        words = [
            opening(bearer, self._set.user, self._set.host, self._set.port, self._secret),
            closing(bearer),
        ]
        try:
            self._client.authenticate(bearer.value, lambda _: words.pop(0) if words else None)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            raise Refused("mailbox.oauth_sign_in") from None  # what the server wrote may repeat the token

    def _select(self) -> None:
        box = self._opened
        box.folder.set(self._set.folder, readonly=self._set.afterwards is Afterwards.KEEP)
        if self._set.afterwards is Afterwards.MOVE and not box.folder.exists(self._set.move_to):
            box.folder.create(self._set.move_to)

    def _place(self) -> Place:
        found = {}
        for name in ("UIDVALIDITY", "UIDNEXT"):
            _, data = self._client.response(name)
            found[name] = int(data[0]) if data and data[0] else 0
        if not found["UIDVALIDITY"] or not found["UIDNEXT"]:
            told = self._opened.folder.status(self._set.folder, ["UIDVALIDITY", "UIDNEXT"])
            found = {name: found[name] or int(told.get(name, 0)) for name in found}
        return Place(found["UIDVALIDITY"], found["UIDNEXT"])

    def _read(self, size: int) -> bytes:
        if size > self._bytes_max:
            raise self._client.abort("the answer is larger than allowed")
        read: bytes = self._client.file.read(size)
        return read

    def _checked(self, answer: tuple[str, list[Any]]) -> tuple[str, list[Any]]:
        if answer[0] != "OK":
            raise self._client.error(answer[0])
        return answer

    @property
    def _opened(self) -> BaseMailBox:
        assert self._box is not None, "open first"
        return self._box

    @property
    def _client(self) -> Any:
        return self._opened.client


def _places(data: Sequence[Any]) -> dict[int, int]:
    """UIDs by their places in the folder; what a server tells besides, of flags for example, names none."""
    found = (_PLACE.match(line) for line in data if isinstance(line, bytes))
    return {int(one[1]): int(one[2]) for one in found if one}


@contextmanager
def _named_failures() -> Iterator[None]:
    """Give every failure one of our codes; what the server wrote stays out of it: it may quote a user's name."""
    try:
        yield
    except TaktvollError:
        raise
    except ssl.SSLCertVerificationError as error:
        raise Refused("mailbox.certificate") from error
    except (ssl.SSLError, UnicodeError) as error:
        raise Unavailable("mailbox.no_tls", RETRY_S) from error
    except TimeoutError as error:
        raise Unavailable("mailbox.timeout", RETRY_S) from error
    except MailboxLoginError as error:
        raise Refused("mailbox.sign_in") from error
    except MailboxFolderSelectError as error:
        raise Refused("mailbox.folder") from error
    except imaplib.IMAP4.readonly as error:
        raise Refused("mailbox.read_only") from error
    except imaplib.IMAP4.abort as error:
        raise Unavailable("mailbox.lost", RETRY_S) from error
    except (imaplib.IMAP4.error, ImapToolsError, ValueError, LookupError, TypeError, AttributeError) as error:
        # Answers that no server should give end in the library's own confusion.
        raise Unavailable("mailbox.answer", RETRY_S) from error
    except OSError as error:
        raise Unavailable("mailbox.unreachable", RETRY_S) from error
