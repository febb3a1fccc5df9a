"""A real taktvoll on its own data folder: its commands run as a person would run them, its processes watched.

I decide how the measured processes are started and ended. run.py and measure.py call me.
I never reach into them: whatever I learn comes from the command line, from HTTP or from /proc.
"""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from chat.processes import cpu_ms, family, peak_mb, postmaster_of, pss_mb, words_of

START_S_MAX = 300.0
STOP_S_MAX = 20.0
WATCH_S = 0.25
PARTS = {"server": "serve", "worker": "work"}


@dataclass(frozen=True)
class Ran:
    """A command that ended: how long it took, what memory it took at most, what it printed."""

    seconds: float
    cpu_s: float
    peak_pss_mb: float
    peak_rss_mb: float
    output: str


class CommandFailed(Exception):  # noqa: N818 - reads as what it says
    """A command of taktvoll ended with an error."""


@dataclass
class Installation:
    """One data folder and the processes that run on it."""

    data: Path
    port: int = field(default_factory=lambda: free_port())
    _up: subprocess.Popen[bytes] | None = None

    def command(self, *words: str, accept: tuple[int, ...] = (0,)) -> Ran:
        """Run a command to its end and watch its memory.

        Raises: CommandFailed.
        """
        started = time.perf_counter()
        log = self.data.parent / f"{self.data.name}.command.log"
        with log.open("wb") as output:
            process = subprocess.Popen(self._words(*words), stdout=output, stderr=subprocess.STDOUT)
            pss = rss = cpu = 0.0
            while process.poll() is None:
                pss, rss = max(pss, pss_mb([process.pid])), max(rss, peak_mb(process.pid))
                cpu = max(cpu, cpu_ms([process.pid]) / 1000)
                time.sleep(WATCH_S if time.perf_counter() - started > 1 else 0.02)
        seconds = time.perf_counter() - started
        said = log.read_text(encoding="utf-8", errors="replace")
        if process.returncode not in accept:
            raise CommandFailed(
                f"taktvoll {' '.join(words)} ended with {process.returncode}:\n{said[-2000:]}"
            )
        return Ran(seconds, cpu, pss, rss, said)

    def up(self, workspace: str, *words: str) -> float:
        """Start everything by one command; gives the seconds from the command to the first answer."""
        started = time.perf_counter()
        with (self.data.parent / f"{self.data.name}.log").open("ab") as log:
            self._up = subprocess.Popen(
                self._words("up", "--port", str(self.port), *words), stdout=log, stderr=subprocess.STDOUT
            )
        self._first_answer(workspace)
        return time.perf_counter() - started

    def parts(self) -> dict[str, list[int]]:
        """The processes by part."""
        ours = family([self._up.pid]) if self._up else []
        found = {part: [pid for pid in ours if word in words_of(pid)] for part, word in PARTS.items()}
        return found | {"postgres": [pid] if (pid := postmaster_of(self.data)) else []}

    def stop(self) -> None:
        """End everything and wait until the database is down."""
        if self._up:
            self._up.send_signal(signal.SIGTERM)
            try:
                self._up.wait(STOP_S_MAX)
            except subprocess.TimeoutExpired:
                for pid in family([self._up.pid]):
                    os.kill(pid, signal.SIGKILL)
                self._up.wait()
            self._up = None
        deadline = time.perf_counter() + STOP_S_MAX
        while postmaster_of(self.data) and time.perf_counter() < deadline:
            time.sleep(0.1)

    def _first_answer(self, workspace: str) -> None:
        """Ask until the chat answers, every few milliseconds, as an impatient customer would.

        Raises: CommandFailed when the command ended or nothing answers in time.
        """
        deadline = time.perf_counter() + START_S_MAX
        while time.perf_counter() < deadline:
            if self._up is None or self._up.poll() is not None:
                raise CommandFailed(f"taktvoll up ended; see {self.data.name}.log beside its data")
            try:
                self._ask(workspace, "Wie melde ich meinen Zählerstand?")
            except (OSError, http.client.HTTPException, KeyError, ValueError):
                time.sleep(0.02)
            else:
                return
        raise CommandFailed("no answer in time")

    def _ask(self, workspace: str, text: str) -> dict[str, object]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        kind = {"Content-Type": "application/json"}
        try:
            opening = json.dumps({"account": "web", "language": "de"})
            connection.request("POST", f"/api/v1/w/{workspace}/chat/sessions", opening, kind)
            token = json.loads(connection.getresponse().read())["session"]
            message = json.dumps({"id": str(uuid4()), "text": text})
            signed = kind | {"Authorization": f"Bearer {token}"}
            connection.request("POST", "/api/v1/chat/messages", message, signed)
            reply: dict[str, object] = json.loads(connection.getresponse().read())
            if not reply["messages"]:
                raise ValueError("accepted but not answered")
            return reply
        finally:
            connection.close()

    def _words(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "taktvoll", "--data", str(self.data), *words]


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
