"""A real IMAP server for tests: Debian's dovecot on loopback, as an ordinary user, with its own folder and certificate.

I decide how it is set up, and how mails get into it. The tests of the mail channel call me.
I never leave a server or a folder behind.
"""

import imaplib
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from imap_tools.utils import encode_folder

USER, PASSWORD = "service", "Kiesel und Birke 7"

MAILDIR = "maildir:{folder}/mail/%u"
_SETTINGS = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_location = {mail}
mail_max_userip_connections = 50
first_valid_uid = 1
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login {bearers}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN {folder}/users
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2.conf.ext
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/home/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
auth_failure_delay = 0
service stats {{
  chroot =
}}
"""

_OAUTH2 = """
introspection_mode = post
introspection_url = {introspection}
force_introspection = yes
username_attribute = username
active_attribute = active
active_value = true
"""


class Dovecot:
    """A running server; `plain` and `tls` are its ports, `certificate` what it is trusted by."""

    def __init__(self, folder: Path, introspection: str = "", bearers: str = "", mail: str = MAILDIR) -> None:
        """Take where it asks about tokens, by which mechanisms they come, and where mail lies, in dovecot's words."""
        self._mail = mail.format(folder=folder)
        self._folder = folder
        self._introspection, self._bearers = introspection, bearers
        self.plain, self.tls = _free_port(), _free_port()
        self.certificate = folder / "cert.pem"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it greets."""
        program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        assert program, "the tests of mail need dovecot: make test finds or installs it"
        owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        self._write(owner)
        as_user = (
            {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
        )
        self._process = subprocess.Popen(
            [program, "-F", "-c", str(self._folder / "dovecot.conf")],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **as_user,  # type: ignore[call-overload] # either form fits
        )  # fmt: skip
        for _ in range(1_200):
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", self.plain)) == 0:
                    return
            threading.Event().wait(0.05)
        raise AssertionError((self._folder / "dovecot.log").read_text(errors="replace")[-3_000:])

    def stop(self) -> None:
        """Stop it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)

    def _write(self, owner: pwd.struct_passwd) -> None:
        import grp

        group = grp.getgrgid(owner.pw_gid).gr_name
        names = {
            "folder": self._folder,
            "user": owner.pw_name,
            "group": group,
            "bearers": self._bearers,
            "mail": self._mail,
        }
        text = _SETTINGS.format(**names, plain=self.plain, tls=self.tls)
        (self._folder / "dovecot.conf").write_text(text, encoding="utf-8")
        (self._folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n", encoding="utf-8")
        asked = _OAUTH2.format(introspection=self._introspection or "http://127.0.0.1:9/")
        (self._folder / "oauth2.conf.ext").write_text(asked, encoding="utf-8")
        _certify(self._folder)
        for name in ("run", "state", "mail", "home"):
            (self._folder / name).mkdir()
        if os.geteuid() == 0:
            for path in (self._folder, *self._folder.rglob("*")):
                os.chown(path, owner.pw_uid, owner.pw_gid)
            self._folder.chmod(0o755)

    def lay(self, name: str, mbox: bytes) -> None:
        """Lay a whole folder down as one file, as fast as the disk is; only for a server whose mail lies in mbox."""
        place = self._folder / "mail" / USER / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(mbox)
        if os.geteuid() == 0:
            owner = pwd.getpwnam("nobody")
            for path in (place.parent, place):
                os.chown(path, owner.pw_uid, owner.pw_gid)

    @contextmanager
    def opened(self) -> Iterator[imaplib.IMAP4]:
        """A customer's or colleague's own connection, for putting mails in and looking at what became of them."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        with imaplib.IMAP4_SSL("localhost", self.tls, ssl_context=context) as client:
            client.login(USER, PASSWORD)
            yield client

    def put(self, *mails: bytes, folder: str = "INBOX", days_ago: int = 0) -> None:
        """Put mails into a folder, as if they had arrived then."""
        at = imaplib.Time2Internaldate(datetime.now(UTC) - timedelta(days=days_ago))
        with self.opened() as client:
            client.create(name := encoded(folder))
            for mail in mails:
                assert client.append(name, "", at, mail)[0] == "OK"

    def flags(self, folder: str = "INBOX") -> dict[int, str]:
        """The flags of every mail, by UID."""
        with self.opened() as client:
            client.select(encoded(folder), readonly=True)
            _, lines = client.uid("FETCH", "1:*", "(FLAGS)")
        texts = [line.decode() for line in lines if isinstance(line, bytes)]
        return {int(t.split("UID ")[1].split()[0].rstrip(")")): t for t in texts}

    def count_anew(self, folder: str) -> None:
        """Make the server give every mail of a folder another UID under another validity."""
        with self.opened() as client:
            folder = encoded(folder)
            client.create("Zwischenlager")
            client.select(folder)
            client.copy("1:*", "Zwischenlager")
            client.unselect()
            client.delete(folder)
            client.rename("Zwischenlager", folder)


@contextmanager
def running(introspection: str = "", bearers: str = "", mail: str = MAILDIR) -> Iterator[Dovecot]:
    """A server in a folder of its own; sockets need a short path.

    Takes:  introspection: where it asks whether a token holds; bearers: the mechanisms by which it takes tokens;
            mail: where mail lies, in dovecot's words.
    """
    folder = Path(tempfile.mkdtemp(prefix="tv-imap-"))
    server = Dovecot(folder, introspection, bearers, mail)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def encoded(name: str) -> str:
    """A folder's name as it travels."""
    return bytes(encode_folder(name)).decode("ascii")


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def _certify(folder: Path) -> None:
    """Write a key and a certificate that is its own issuer, for "localhost" alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(secret)
