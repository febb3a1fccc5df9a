"""What the embedded PostgreSQL server promises, tried with real processes that are really killed."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

from taktvoll.adapters.embedded import EmbeddedPostgres, Endpoint
from taktvoll.adapters.embedded.account import CannotStart, account, own_folder
from taktvoll.adapters.embedded.supervise import Home, find_postmaster
from taktvoll.base.errors import Unavailable

USER_PROCESS = """
import sys
from pathlib import Path
from taktvoll.adapters.embedded import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), linger_s=float(sys.argv[2]))
sys.stdout.write(server.ensure().dsn("app") + "\\n")
sys.stdout.flush()
sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """An installation's folder; what is left of its server when the test ends stops by itself."""
    yield tmp_path / "dir"
    remove(tmp_path / "dir")
    until(lambda: not processes(tmp_path / "dir"))


@pytest.fixture
def embedded(folder: Path) -> Iterator[EmbeddedPostgres]:
    """A server in this process that goes soon after its last user."""
    embedded = EmbeddedPostgres(folder, linger_s=0.3)
    yield embedded
    embedded.release()


def until(true: Callable[[], object], what: str = "") -> None:
    """Wait for something to become true; a minute is a hang, not a measure."""
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline, what or "never came true"
        threading.Event().wait(0.02)


def remove(folder: Path) -> None:
    """Remove a folder that a server may still write to."""

    def gone() -> bool:
        shutil.rmtree(folder, ignore_errors=True)
        return not folder.exists()

    until(gone)


def processes(folder: Path, name: str = "") -> list[int]:
    """The main processes of this folder's server: its keepers, its postmasters, or both."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            command = (
                (entry / "cmdline").read_bytes().decode("utf-8", "replace") if entry.name.isdigit() else ""
            )
        except OSError:
            continue
        ours = f"supervise.py\0{folder}\0" in command or f"/postgres\0-D\0{folder}/" in command
        if ours and name in command:
            found.append(int(entry.name))
    return found


def keepers(folder: Path) -> list[int]:
    """The keepers of this folder's server."""
    return processes(folder, "supervise.py")


def postmaster(folder: Path) -> int:
    """The number of the server's main process, 0 where none accepts connections."""
    found = find_postmaster(Home(folder.resolve()))
    return found.pid if found and found.ready else 0


def children(process: int) -> list[int]:
    """What a process started and has not seen end."""
    return [int(number) for number in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def start_user(folder: Path, linger_s: float = 0.3) -> "subprocess.Popen[str]":
    """Start a process that uses the server until its input closes."""
    return subprocess.Popen(
        [sys.executable, "-c", USER_PROCESS, str(folder), str(linger_s)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "LC_ALL": "C",
            "LANG": "C",
            "PGHOST": "nowhere.invalid",
            "PGOPTIONS": "-c nonsense=1",
        },
    )


def line(process: "subprocess.Popen[str]") -> str:
    """Read what a user process says once it has the server."""
    assert process.stdout
    return process.stdout.readline().strip()


async def ask(endpoint: Endpoint | str, query: str) -> object:
    """Ask one thing; a server that is just coming back is asked again."""
    dsn = endpoint if isinstance(endpoint, str) else endpoint.dsn("app")
    deadline = time.monotonic() + 60
    while True:
        try:
            connection = await asyncpg.connect(dsn)
        except (OSError, asyncpg.CannotConnectNowError, asyncpg.ConnectionDoesNotExistError):
            assert time.monotonic() < deadline
            threading.Event().wait(0.02)
            continue
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()


async def write(endpoint: Endpoint) -> None:
    """Keep one row as the owner, for the app to find again."""
    connection = await asyncpg.connect(endpoint.dsn("owner"))
    await connection.execute("CREATE TABLE kept (n int)")
    await connection.execute("INSERT INTO kept VALUES (7)")
    await connection.execute("GRANT SELECT ON kept TO taktvoll_app")
    await connection.close()


async def test_a_fresh_server_folds_umlauts_whatever_the_locale(folder: Path) -> None:
    """Under LC_ALL=C, as in many containers, a plain initdb leaves lower('ÄÖÜ') unchanged and search misses words."""
    with start_user(folder) as user:
        dsn = line(user)
        assert await ask(dsn, "SELECT lower('ÄÖÜ')") == "äöü"
        assert await ask(dsn, "SHOW server_encoding") == "UTF8"
        assert await ask(dsn, "SHOW data_checksums") == "on"


async def test_the_roles_can_do_no_more_than_they_need(embedded: EmbeddedPostgres) -> None:
    """Row-level security protects customers only from a role that cannot step around it."""
    endpoint = embedded.ensure()
    rights = "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
    for role in ("app", "owner"):
        dsn = endpoint.dsn("app" if role == "app" else "owner")
        assert await ask(dsn, "SELECT current_user") == f"taktvoll_{role}"
        assert await ask(dsn, rights) is False
    assert await ask(endpoint, "SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user") is False
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
    assert await ask(endpoint, owner) == "taktvoll_owner"


async def test_nothing_listens_on_the_network(embedded: EmbeddedPostgres) -> None:
    """A database without password is safe only where nobody else can reach it."""
    endpoint = embedded.ensure()
    assert await ask(endpoint, "SHOW listen_addresses") == ""
    assert endpoint.sockets.stat().st_mode & 0o077 == 0
    assert endpoint.log.stat().st_mode & 0o077 == 0


async def test_processes_share_one_server(folder: Path, embedded: EmbeddedPostgres) -> None:
    """The program, its workers and the command line meet in one database, and the last one out turns off the light."""
    endpoint = embedded.ensure()
    first = postmaster(folder)
    with start_user(folder) as user:
        assert line(user) == endpoint.dsn("app")
        embedded.release()
        assert await ask(endpoint, "SELECT 1") == 1
        assert postmaster(folder) == first
        assert len(keepers(folder)) == 1
    until(lambda: not processes(folder))


def test_processes_that_start_at_once_get_one_server(folder: Path) -> None:
    """Two servers on one folder would destroy the data."""
    users = [start_user(folder) for _ in range(5)]
    assert len({line(user) for user in users}) == 1
    until(lambda: len(keepers(folder)) == 1)
    assert processes(folder, "/postgres\0-D\0") == [postmaster(folder)]
    for user in users:
        user.communicate()


@pytest.mark.parametrize("whom", ["postmaster", "all"])
async def test_a_killed_server_comes_back_with_its_data(
    folder: Path, embedded: EmbeddedPostgres, whom: str
) -> None:
    """An out-of-memory killer takes the database; what was committed is still there a moment later."""
    endpoint = embedded.ensure()
    await write(endpoint)
    killed = postmaster(folder)
    for process in [killed, *(children(killed) if whom == "all" else ())]:
        os.kill(process, signal.SIGKILL)
    until(lambda: postmaster(folder) not in (0, killed))
    assert await ask(endpoint, "SELECT n FROM kept") == 7


async def test_a_new_keeper_adopts_a_running_server(folder: Path, embedded: EmbeddedPostgres) -> None:
    """If the keeper is killed, work goes on; the next process that asks brings a new one, without a restart."""
    endpoint = embedded.ensure()
    running, keeper = postmaster(folder), keepers(folder)
    os.kill(keeper[0], signal.SIGKILL)
    until(lambda: not keepers(folder))
    assert await ask(endpoint, "SELECT 1") == 1
    embedded.ensure()
    assert postmaster(folder) == running
    until(lambda: len(keepers(folder)) == 1)
    os.kill(running, signal.SIGKILL)
    until(lambda: postmaster(folder) not in (0, running))
    assert await ask(endpoint, "SELECT 1") == 1
    embedded.release()
    until(lambda: not processes(folder))


async def test_the_server_stops_when_its_only_user_is_killed(
    folder: Path, embedded: EmbeddedPostgres
) -> None:
    """Nobody is left to say goodbye after kill -9, and still no server stays behind; its data do."""
    with start_user(folder) as user:
        line(user)
        await write(embedded.ensure())
        embedded.release()
        user.kill()
    until(lambda: not processes(folder))
    assert not (folder / "postgres" / "data" / "postmaster.pid").exists(), "stopped, not killed"
    assert await ask(embedded.ensure(), "SELECT n FROM kept") == 7


def test_the_server_goes_when_its_folder_is_removed(folder: Path, embedded: EmbeddedPostgres) -> None:
    """Whoever deletes an installation must not have to hunt for its processes, and can start anew at once."""
    embedded.ensure()
    remove(folder)
    until(lambda: not processes(folder))
    embedded.ensure()
    assert postmaster(folder)


def test_a_pid_file_left_behind_does_not_keep_the_server_down(
    folder: Path, embedded: EmbeddedPostgres
) -> None:
    """In a restarted container the old number may be another program's; PostgreSQL alone refuses to start then."""
    embedded.ensure()
    embedded.release()
    until(lambda: not processes(folder))
    left = folder / "postgres" / "data" / "postmaster.pid"
    left.write_text(f"{os.getpid()}\n{left.parent}\n0\n5432\n\n\n0 0\nready\n", encoding="utf-8")
    embedded.ensure()
    assert postmaster(folder) not in (0, os.getpid())


async def test_a_cut_off_creation_is_done_again(folder: Path, embedded: EmbeddedPostgres) -> None:
    """The first start may be interrupted anywhere; the second must not find half a cluster or refuse half a set-up."""
    half = folder / "postgres" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n", encoding="ascii")
    assert await ask(embedded.ensure(), "SELECT 1") == 1
    assert not half.exists()
    (folder / "postgres" / "complete").unlink()
    assert await ask(embedded.ensure(), "SELECT 1") == 1
    assert (folder / "postgres" / "complete").exists()


@pytest.mark.parametrize("name", ["mit Leerzeichen & ä", "mit,Komma", "lang" * 30])
async def test_any_folder_can_hold_a_server(tmp_path: Path, name: str) -> None:
    """Sockets have short names, addresses have special characters; an installation's folder may have any."""
    embedded = EmbeddedPostgres(tmp_path / name, linger_s=0)
    endpoint = embedded.ensure()
    assert await ask(endpoint, "SELECT 1") == 1
    assert endpoint.sockets.stat().st_mode & 0o077 == 0
    embedded.release()
    until(lambda: not processes(tmp_path / name))
    assert not any(endpoint.sockets.glob(".s.*"))


def test_a_folder_prepared_by_someone_else_is_refused(tmp_path: Path) -> None:
    """In a shared folder a stranger may have laid a link where our socket goes."""
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    with pytest.raises(CannotStart, match="someone else"):
        own_folder(link, account(lambda _text: None))


def test_data_of_another_user_are_refused_with_a_reason(folder: Path, embedded: EmbeddedPostgres) -> None:
    """Whoever starts with sudo once and without it later must learn why, and must not lose access to the data."""
    embedded.ensure()
    data = folder / "postgres" / "data"
    somebody = account(lambda _text: None).uid + 1
    refusing = replace(account(lambda _text: None), uid=somebody)
    with pytest.raises(CannotStart, match="start taktvoll as the user who made it"):
        embedded._refuse_foreign_data(refusing)
    assert data.stat().st_uid == somebody - 1


def test_a_server_that_cannot_start_says_where_to_look(folder: Path, embedded: EmbeddedPostgres) -> None:
    """A broken setting shall cost minutes, not an evening."""
    (folder / "postgres").mkdir(parents=True)
    (folder / "postgres" / "local.conf").write_text("nonsense = 1\n", encoding="ascii")
    with pytest.raises(Unavailable) as caught:
        embedded.ensure()
    assert caught.value.code == "database.start"
    assert caught.value.fields["log"] == str(folder / "postgres.log")
    assert 'unrecognized configuration parameter "nonsense"' in (folder / "postgres.log").read_text()
    until(lambda: not processes(folder))


def test_the_keeper_stays_small(folder: Path, embedded: EmbeddedPostgres) -> None:
    """It runs beside every installation, on the smallest machines too."""
    embedded.ensure()
    status = Path(f"/proc/{keepers(folder)[0]}/status").read_text(encoding="ascii")
    resident_kb = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    assert resident_kb < 15 * 1024
