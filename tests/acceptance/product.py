"""The real program on a temporary data folder, and visitors who chat with it over HTTP.

I decide how tests start, kill and ask taktvoll. The acceptance and chaos tests call me.
I never reach into the program: what I know, its users know too.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

START_S_MAX = 100
Reply = dict[str, Any]


def until(true: Callable[[], object], what: str = "", within_s: float = 60) -> None:
    """Wait for something to become true; a minute is a hang, not a measure."""
    deadline = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < deadline, what or "never came true"
        threading.Event().wait(0.05)


def environment(**more: str) -> dict[str, str]:
    """The surroundings of a command: ours, without settings of a taktvoll that runs on this machine."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TAKTVOLL_")}
    return kept | {"PYTHONUNBUFFERED": "1"} | more


def command(*words: str | Path, given: str | None = None, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run one command of taktvoll to its end, in UTF-8 whatever the locale says."""
    return subprocess.run(
        [sys.executable, "-m", "taktvoll", *map(str, words)],
        input=given,
        stdin=subprocess.DEVNULL if given is None else None,
        capture_output=True,
        encoding="utf-8",
        env=environment(**more),
        timeout=110,
        check=False,
    )


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@dataclass
class Product:
    """One `taktvoll up` with its folder; start, stop and kill it as often as a test needs."""

    folder: Path
    options: tuple[str, ...] = ()
    port: int = field(default_factory=free_port)
    announced: list[str] = field(default_factory=list)
    _process: "subprocess.Popen[str] | None" = None

    @property
    def base(self) -> str:
        """The address of the web process."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """Everything the processes wrote to standard error, over all starts."""
        return self.folder.with_name(self.folder.name + ".stderr")

    @property
    def pid(self) -> int:
        """The process of `taktvoll up`."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it and wait for its announcement."""
        words = ["up", "--data", str(self.folder), "--port", str(self.port), *self.options]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "taktvoll", *words],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, encoding="utf-8", env=environment(),
            )  # fmt: skip
        assert self._process.stdout is not None
        self.announced = []
        hanging = threading.Timer(START_S_MAX, self._process.kill)
        hanging.start()
        for line in self._process.stdout:
            self.announced.append(line.rstrip("\n"))
            if line.startswith("Stop with"):
                break
        hanging.cancel()
        if not self.announced:
            self.kill()
        assert self.announced, self.log.read_text(encoding="utf-8", errors="replace")[-4000:]

    def stop(self) -> int:
        """Stop it as Ctrl+C does; gives the exit code."""
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        code = self._process.wait(60)
        assert self._process.stdout is not None
        self._process.stdout.close()
        return code

    def kill(self) -> None:
        """kill -9 of `taktvoll up` itself."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(60)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def processes(self, *words: str) -> list[int]:
        """Living processes whose command line names our folder and all of the words."""
        wanted = [str(self.folder), *words]
        return [pid for pid, line in running() if all(w in line for w in wanted)]

    def children(self, name: str) -> list[int]:
        """The processes of one part: serve, work, keeper or postgres."""
        if name == "keeper":
            return self.processes("supervise.py")
        if name == "postgres":
            postmasters = self.processes("bin/postgres", "-D")
            return [*postmasters, *(pid for pid, _ in running() if parent(pid) in postmasters)]
        return self.processes(f"taktvoll {name} ")

    def sign_in(self) -> tuple[str, str]:
        """Address and password of the sample company's agent."""
        lines = (self.folder / "sample-sign-in.txt").read_text(encoding="utf-8").splitlines()
        return lines[0], lines[1]

    @property
    def password(self) -> str:
        """The password of everyone in the sample company."""
        return self.sign_in()[1]

    def run(self, *words: str | Path, **more: str) -> "subprocess.CompletedProcess[str]":
        """Run a command on our folder."""
        return command(*words, "--data", self.folder, **more)

    def database(self) -> str:
        """The address of the database for its owner, who may change everything."""
        sockets = next(
            word.removeprefix("unix_socket_directories=")
            for pid, _ in running()
            if pid in self.processes("bin/postgres", "-D")
            for word in words_of(pid)
            if word.startswith("unix_socket_directories=")
        )
        return f"postgresql:///taktvoll?host={sockets}&user=taktvoll_owner&port=5432"


def running() -> list[tuple[int, str]]:
    """Every process with its command line, words parted and ended by a blank."""
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [(pid, " ".join(words) + " ") for pid in pids if (words := words_of(pid))]


def words_of(pid: int) -> list[str]:
    """The command line of a process; none if it is gone."""
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return []
    return [w.decode("utf-8", "replace") for w in raw.split(b"\0") if w]


def parent(pid: int) -> int:
    """The parent of a process; 0 if it is gone."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    except (OSError, ValueError):
        return 0


class Visitor:
    """Someone in the chat, over HTTP as the widget speaks it."""

    def __init__(
        self, base: str, workspace: str = "auental", language: str = "de", address: str = "127.0.0.1"
    ) -> None:
        """Open a session.

        Takes:  address: where the visitor comes from; all of 127.0.0.0/8 is this machine, each with a pace of its own.
        """
        transport = httpx.HTTPTransport(local_address=address)
        self.http = httpx.Client(
            base_url=base, headers={"Accept-Language": language}, timeout=60, transport=transport
        )
        opened = self.http.post(
            f"/api/v1/w/{workspace}/chat/sessions", json={"account": "web", "language": language}
        )
        assert opened.status_code == 201, opened.text
        self.start: Reply = opened.json()
        self.http.headers["Authorization"] = f"Bearer {self.start['session']}"

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    @property
    def conversation(self) -> str:
        """The conversation's id."""
        return str(self.start["conversation"])

    def post(self, what: str, body: object) -> httpx.Response:
        """Post to the chat as the widget does, and give whatever comes back."""
        return self.http.post(f"/api/v1/chat/{what}", json=body)

    def say(self, text: str, id: str | None = None, choice: object = None) -> Reply:
        """Write a message that must be accepted; gives the reply."""
        body = {"id": id or str(uuid4()), "text": text} | ({"choice": choice} if choice else {})
        return good(self.post("messages", body))

    def want_person(self) -> Reply:
        """Press the button for a person."""
        return good(self.post("person", {"id": str(uuid4())}))

    def read(self, after: int = 0) -> list[Reply]:
        """The messages on record."""
        found: list[Reply] = good(self.http.get("/api/v1/chat/messages", params={"after": after}))["messages"]
        return found

    def answered(self, text: str) -> list[Reply]:
        """Wait until every message of ours has a reply after it; gives all messages."""
        until(lambda: self.read() and self.read()[-1]["author"] != "customer", f"no answer to {text}")
        return self.read()


def good(response: httpx.Response) -> Reply:
    """The body of a response that must not be a refusal."""
    assert response.is_success, f"{response.status_code} {response.text}"
    body: Reply = response.json() if response.content else {}
    return body


def write_lines(path: Path, entries: list[dict[str, Any]]) -> Path:
    """Write entries as JSON Lines."""
    path.write_text(
        "".join(json.dumps(e, ensure_ascii=False) + "\n" for e in entries), encoding="utf-8", newline="\n"
    )
    return path


LIBRARY: list[dict[str, Any]] = [
    {"id": "oeffnungszeiten", "language": "de", "question": "Wann hat die Bücherei Moosgrund geöffnet?",
     "answer": "Die Bücherei Moosgrund ist dienstags bis samstags von 10 bis 18 Uhr geöffnet.",
     "url": "https://www.buecherei-moosgrund.example/zeiten"},
    {"id": "ausweis", "language": "de", "question": "Was kostet der Leseausweis?",
     "answer": "Der Leseausweis kostet 15 Euro im Jahr. Für Kinder ist er kostenfrei."},
    {"id": "verlaengern", "language": "de", "question": "Wie verlängere ich die Leihfrist meiner Bücher?",
     "answer": "Die Leihfrist verlängern Sie im Katalog unter „Mein Konto“, höchstens zweimal."},
    {"id": "mahngebuehr", "language": "de", "question": "Wie hoch ist die Mahngebühr bei Verspätung?",
     "answer": "Für jede angefangene Woche nehmen wir eine Mahngebühr von einem Euro je Buch."},
    {"id": "fernleihe", "language": "de", "question": "Kann ich Bücher per Fernleihe bestellen?",
     "answer": "Ja. Eine Fernleihe bestellen Sie an der Theke; sie dauert etwa zwei Wochen."},
    {"id": "oeffnungszeiten", "language": "en", "question": "When is the Moosgrund library open?",
     "answer": "The Moosgrund library is open from Tuesday to Saturday, 10 am to 6 pm."},
]  # fmt: skip
"""An invented library's help texts, for tests that need a little knowledge and not the sample company."""
