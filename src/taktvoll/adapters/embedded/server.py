"""The embedded PostgreSQL server as its users see it: make sure it runs, know where it is, let go of it.

I decide when a server is created and when a keeper is started for it. build.py and the tests call me.
I never stop the server: its keeper (supervise.py) does, once the last process that called me is gone.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from taktvoll.adapters.embedded import supervise
from taktvoll.adapters.embedded.account import (
    Account,
    CannotStart,
    Progress,
    account,
    open_package,
    open_way,
    own_folder,
    socket_folder,
)
from taktvoll.adapters.embedded.cluster import (
    APP,
    DATABASE,
    OWNER,
    PORT,
    binaries,
    create,
    furnish,
    write_settings,
)
from taktvoll.adapters.embedded.supervise import Home, find_postmaster, kept, note, try_lock
from taktvoll.base.errors import Unavailable

STARTS_MAX = 4
NO_SERVER_S_MAX = 60.0
RECOVERY_S_MAX = 600.0
LOCK_S_MAX = 120.0
POLL_S = 0.005
LINGER_S = 5.0

Role = Literal["owner", "app"]


@dataclass(frozen=True)
class Endpoint:
    """Where a running server is reached."""

    sockets: Path
    log: Path

    def dsn(self, role: Role, database: str = DATABASE) -> str:
        """Write the address for asyncpg: the owner changes the schema, the app lives under row-level security."""
        user = OWNER if role == "owner" else APP
        return f"postgresql:///{quote(database)}?host={quote(str(self.sockets))}&user={user}&port={PORT}"


class EmbeddedPostgres:
    """One PostgreSQL server beneath FOLDER/postgres, shared by every process that asks for it."""

    def __init__(self, folder: Path, progress: Progress | None = None, linger_s: float = LINGER_S) -> None:
        """Take the installation's folder; the server stops linger_s after its last user process is gone."""
        self._root = folder.resolve()
        self._home = Home(self._root)
        self._progress = progress or (lambda _text: None)
        self._linger_s = linger_s
        self._use: int | None = None

    def ensure(self) -> Endpoint:
        """Create the server if it is new, start it if it is down, and count this process among its users.

        Blocks for a second or two the first time, for a millisecond when it runs; many processes may call at once.
        Raises: Unavailable("database.start") with the path of the log, which says why.
        """
        was_user = self._use is not None
        try:
            self._make_home()
            self._become_user()
            sockets = socket_folder(self._home)
            if not self._serves():
                with self._setting_up():
                    self._bring_up(sockets)
        except (CannotStart, OSError, subprocess.SubprocessError) as reason:
            if not was_user:
                self.release()
            self._progress(f"the database does not start: {reason}")
            self._note(str(reason))
            raise Unavailable("database.start", 5, log=str(self._home.log)) from reason
        return Endpoint(sockets, self._home.log)

    def release(self) -> None:
        """Stop counting this process among the users; the end of the process does the same."""
        if self._use is not None:
            os.close(self._use)
            self._use = None

    def _make_home(self) -> None:
        self._root.mkdir(parents=True, exist_ok=True)
        # Root's server runs as another user, who passes through to its own folders and reads the settings, no more.
        mode = 0o711 if os.geteuid() == 0 else 0o700
        self._home.folder.mkdir(mode=mode, exist_ok=True)
        if self._home.folder.stat().st_mode & 0o777 != mode:
            self._home.folder.chmod(mode)

    def _become_user(self) -> None:
        if self._use is not None and not _same_file(self._use, self._home.users):
            self.release()  # The folder was removed and made anew.
        if self._use is None:
            self._use = _wait_for_lock(self._home.users, shared=True)

    def _serves(self) -> bool:
        found = find_postmaster(self._home)
        return bool(found and found.ready) and self._home.complete.exists() and kept(self._home) is not None

    @contextmanager
    def _setting_up(self) -> Iterator[None]:
        lock = _wait_for_lock(self._home.setup)
        try:
            yield
        finally:
            os.close(lock)

    def _bring_up(self, sockets: Path) -> None:
        if self._serves():
            return  # Another process did it while we waited.
        who = account(self._progress)
        self._refuse_foreign_data(who)
        programs = binaries()
        if who.uid != os.geteuid():
            for path in (self._home.data, sockets, programs / "postgres"):
                open_way(path, self._progress)
            open_package(programs, self._progress)
        own_folder(sockets, who)
        write_settings(self._home, who)
        if not self._home.data.exists():
            self._progress("creating the database")
            self._home.complete.unlink(missing_ok=True)
            create(self._home, programs, who)
        self._start(programs, sockets, who)
        if not self._home.complete.exists():
            furnish(self._home, programs, sockets)

    def _refuse_foreign_data(self, who: Account) -> None:
        if self._home.data.exists() and (owner := self._home.data.stat().st_uid) != who.uid:
            raise CannotStart(
                f"{self._home.data} belongs to user id {owner}, but the server would run as {who.uid};"
                " start taktvoll as the user who made it"
            )

    def _start(self, programs: Path, sockets: Path, who: Account) -> None:
        self._progress("starting the database")
        began = seen = time.monotonic()
        starts_before: int | None = None
        while True:
            starts = kept(self._home)
            found = find_postmaster(self._home)
            if starts is None:
                self._start_keeper(programs, sockets, who)
            elif found and found.ready:
                return
            else:
                starts_before = starts if starts_before is None else min(starts_before, starts)
                if starts - starts_before >= STARTS_MAX:
                    raise CannotStart(
                        f"the server did not come up in {STARTS_MAX} tries; see the lines above"
                    )
            now = time.monotonic()
            seen = now if found else seen
            if now - seen > NO_SERVER_S_MAX or now - began > RECOVERY_S_MAX:
                raise CannotStart("the server did not come up in time; see the lines above")
            time.sleep(POLL_S)

    def _start_keeper(self, programs: Path, sockets: Path, who: Account) -> None:
        """Run the keeper by its file, isolated and without site packages: small, quick, whatever the caller is."""
        log = os.open(self._home.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            subprocess.run(
                [
                    *(sys.executable, "-I", "-S", supervise.__file__),
                    *(str(self._root), str(programs), str(sockets)),
                    *(str(who.uid), str(who.gid), str(self._linger_s)),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                check=False,
                timeout=30,
            )
        finally:
            os.close(log)

    def _note(self, text: str) -> None:
        try:
            note(self._home, text)
        except OSError as error:
            self._progress(f"cannot write {self._home.log}: {error}")


def _wait_for_lock(path: Path, shared: bool = False) -> int:
    deadline = time.monotonic() + LOCK_S_MAX
    while (lock := try_lock(path, shared)) is None:
        if time.monotonic() > deadline:
            raise CannotStart(f"another process has held {path} for too long")
        time.sleep(POLL_S)
    return lock


def _same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False
