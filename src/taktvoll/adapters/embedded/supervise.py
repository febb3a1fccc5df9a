"""The keeper of one embedded PostgreSQL server: a small process that starts, restarts and stops it.

I decide when the server runs: as long as some process holds a shared lock on `users.lock`, and a few seconds longer.
server.py runs me as `python -I -S supervise.py FOLDER BINARIES SOCKETS UID GID LINGER_S`.
I never import anything but the standard library (to stay below 15 MB), and never read or write what the database holds.

Four locks, all given back by the kernel when their holder dies:

    users.lock    shared: a process uses the server; exclusive: I am stopping it, so newcomers wait
    keeper.lock   I run
    server.lock   inherited by every process of the server: while one lives, no second server can start
    setup.lock    a process creates or starts the server (server.py)
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections import namedtuple
from contextlib import suppress
from pathlib import Path

TICK_S = 0.2
RETRY_S_MAX = 2.0
FAST_STOP_S_MAX = 60.0
HARD_STOP_S_MAX = 5.0
LOG_BYTES_MAX = 8 * 1024 * 1024
LOG_BYTES_KEPT = 1024 * 1024

# typing and dataclasses would weigh megabytes here.
Postmaster = namedtuple("Postmaster", ["pid", "ready"])


class Home:
    """Where one embedded server lives: every path, in one place."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "postgres.log"
        self.folder = folder / "postgres"
        self.data = self.folder / "data"
        self.unfinished = self.folder / "data.new"
        self.complete = self.folder / "complete"
        self.sockets = self.folder / "socket"
        self.config = self.folder / "postgresql.conf"
        self.access = self.folder / "pg_hba.conf"
        self.accounts = self.folder / "pg_ident.conf"
        self.users = self.folder / "users.lock"
        self.keeper = self.folder / "keeper.lock"
        self.server = self.folder / "server.lock"
        self.setup = self.folder / "setup.lock"


def try_lock(path: Path, shared: bool = False) -> int | None:
    """Lock a file without waiting; gives the descriptor to close, or None while someone else holds it."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


def find_postmaster(home: Home) -> Postmaster | None:
    """Find the server's living main process by its pid file, which may be stale."""
    try:
        # The folder may belong to a lesser user than we are: follow no link, wait for no pipe.
        descriptor = os.open(home.data / "postmaster.pid", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, encoding="utf-8", errors="replace") as file:
            lines = file.read(4096).splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    if not is_postmaster(home, pid):
        return None
    return Postmaster(pid, len(lines) > 7 and lines[7].strip() == "ready")


def is_postmaster(home: Home, pid: int) -> bool:
    """Say whether this process is our server's main one; numbers are used again, command lines tell."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return command[0].endswith(b"/postgres") and command[1:3] == [b"-D", os.fsencode(home.data)]


def tell(lock: int, starts: int) -> None:
    """Write into keeper.lock who keeps the server, and how often it was started since it last took connections."""
    os.pwrite(lock, f"{os.getpid():10} {starts:10}\n".encode(), 0)


def kept(home: Home) -> int | None:
    """Give the starts that a running keeper tells, None where none runs.

    A killed one is gone a moment before the kernel gives its lock back, so the lock alone does not prove it.
    """
    lock = try_lock(home.keeper, shared=True)
    if lock is not None:
        os.close(lock)
        return None
    try:
        pid, *starts = map(int, home.keeper.read_text(encoding="ascii").split())
        return sum(starts) if Path(f"/proc/{pid}/cmdline").read_bytes() else None
    except (OSError, ValueError):
        return None


class Keeper:
    """Keeps one server running while it is used."""

    def __init__(
        self, home: Home, lock: int, binaries: Path, sockets: Path, who: tuple[int, int], linger_s: float
    ) -> None:
        self._home = home
        self._lock = lock
        self._sockets = sockets
        self._command = [
            *(str(binaries / "postgres"), "-D", str(home.data)),
            *("-c", f"config_file={home.config}", "-c", f"hba_file={home.access}"),
            *("-c", f"ident_file={home.accounts}", "-c", f"unix_socket_directories={sockets}"),
        ]
        self._uid, self._gid = who
        self._linger_s = linger_s
        self._folder_id = _folder_id(home.data)
        self._pid = 0
        self._child: subprocess.Popen[bytes] | None = None
        self._starts = 0
        self._next_start = 0.0

    def run(self) -> None:
        """Keep the server running until nobody uses it, its data is gone, or the machine goes down."""
        signals = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT}
        signal.pthread_sigmask(signal.SIG_BLOCK, signals)
        users = os.open(self._home.users, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        idle_since: float | None = None
        while True:
            if self._is_removed():
                return self._stop()
            self._keep_running()
            self._trim_log()
            if not _lock_now(users):
                idle_since = None
            else:
                idle_since = idle_since or time.monotonic()
                if time.monotonic() - idle_since >= self._linger_s:
                    return self._stop()
                fcntl.flock(users, fcntl.LOCK_UN)
            told = signal.sigtimedwait(signals, TICK_S)
            if told and told.si_signo != signal.SIGCHLD:
                return self._stop()

    def _is_removed(self) -> bool:
        return self._folder_id is None or _folder_id(self._home.data) != self._folder_id

    def _keep_running(self) -> None:
        if self._child and self._child.poll() is not None:
            self._child = None
        if self._pid and is_postmaster(self._home, self._pid):
            if self._starts:
                found = find_postmaster(self._home)
                if found and found.ready:
                    self._starts, self._next_start = 0, 0.0
                    tell(self._lock, 0)
            return
        found = find_postmaster(self._home)
        if found:
            self._pid = found.pid
            return
        self._pid = 0
        if time.monotonic() >= self._next_start:
            self._start()

    def _start(self) -> None:
        lock = try_lock(self._home.server)
        if lock is None:
            return  # What is left of the old server is still going down.
        self._next_start = time.monotonic() + min(RETRY_S_MAX, TICK_S * 2**self._starts)
        self._starts += 1
        tell(self._lock, self._starts)
        # The lock says that no process of the server lives. PostgreSQL would believe the numbers left behind, but they
        # may be another program's by now, or a dead process's that the container's first process never buries.
        for left in (self._home.data / "postmaster.pid", self._sockets / ".s.PGSQL.5432.lock"):
            left.unlink(missing_ok=True)
        try:
            with self._home.log.open("ab") as log:
                self._child = self._spawn(log.fileno(), lock)
            self._pid = self._child.pid
        except (OSError, subprocess.SubprocessError) as error:
            note(self._home, f"cannot run {self._command[0]}: {error}")
        finally:
            os.close(lock)

    def _spawn(self, output: int, lock: int) -> subprocess.Popen[bytes]:
        """Run the server as its user, untouched by the caller's locale and PG variables."""
        other = self._uid != os.geteuid()
        return subprocess.Popen(
            self._command,
            user=self._uid if other else None,
            group=self._gid if other else None,
            extra_groups=[] if other else None,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath},
            cwd="/",
            umask=0o077,
            start_new_session=True,
            pass_fds=(lock,),
        )

    def _stop(self) -> None:
        """Ask in good order, then harder; without its data there is nothing to bring in order."""
        if not self._is_removed():
            self._signal(signal.SIGINT, FAST_STOP_S_MAX)
        self._signal(signal.SIGQUIT, HARD_STOP_S_MAX)
        self._signal(signal.SIGKILL, 1.0)
        if self._sockets != self._home.sockets:
            with suppress(OSError):  # A short folder outside ours; the next start makes it again.
                self._sockets.rmdir()

    def _signal(self, how: signal.Signals, wait_s: float) -> None:
        removed = self._is_removed()
        deadline = time.monotonic() + wait_s
        if self._pid and is_postmaster(self._home, self._pid):
            os.kill(self._pid, how)
        while self._pid and is_postmaster(self._home, self._pid) and time.monotonic() < deadline:
            if self._is_removed() and not removed:
                return  # Removed while we waited.
            time.sleep(0.01)
            if self._child:
                self._child.poll()

    def _trim_log(self) -> None:
        """Keep the end of a long log beside it; the server appends, so emptying the file under it is safe."""
        try:
            size = self._home.log.stat().st_size
            if size <= LOG_BYTES_MAX:
                return
            with self._home.log.open("r+b") as log:
                log.seek(size - LOG_BYTES_KEPT)
                end = log.read(LOG_BYTES_KEPT)
                log.truncate(0)
            older = os.open(f"{self._home.log}.1", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(older, "wb") as file:
                file.write(end)
        except OSError as error:
            note(self._home, f"cannot trim the log: {error}")


def note(home: Home, text: str) -> None:
    """Add a line of our own to the server's log."""
    log = os.open(home.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    with os.fdopen(log, "a", encoding="utf-8") as file:
        file.write(time.strftime("%Y-%m-%d %H:%M:%S UTC taktvoll: ", time.gmtime()) + text + "\n")


def _lock_now(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _folder_id(folder: Path) -> tuple[int, int] | None:
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def main(arguments: list[str]) -> int:
    """Become the keeper in a process of our own, unless there is one; the caller's wait ends once the lock is held."""
    folder, binaries, sockets, uid, gid, linger_s = arguments
    home = Home(Path(folder))
    lock = try_lock(home.keeper)
    if lock is None:
        return 1
    if os.fork():
        os._exit(0)
    tell(lock, 0)
    Keeper(home, lock, Path(binaries), Path(sockets), (int(uid), int(gid)), float(linger_s)).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
