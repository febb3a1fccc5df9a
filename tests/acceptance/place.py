"""A data folder that tests drive by commands alone.

I decide how a command is run on a folder and its output read. The command line's tests call me.
I never keep anything between tests.
"""

import json
from pathlib import Path
from typing import Any

from taktvoll.adapters.embedded import EmbeddedPostgres
from tests.acceptance.product import command, write_lines

Outcome = tuple[int, str, str]


class Place:
    """A data folder whose database stays up between commands, as it does beside a running `taktvoll up`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "data"
        self.files = folder
        self._database = EmbeddedPostgres(self.folder)
        self._database.ensure()

    def close(self) -> None:
        """Let the database go."""
        self._database.release()

    def run(self, *words: str | Path, **more: str) -> Outcome:
        """Run a command here."""
        ran = command("--data", self.folder, *words, **more)
        assert "Traceback" not in ran.stderr, ran.stderr
        return ran.returncode, ran.stdout, ran.stderr

    def ask(self, text: str) -> dict[str, Any]:
        """Ask one question; gives the whole decision."""
        code, out, err = self.run("ask", "--json", "--", text)
        assert code == 0, err
        answer: dict[str, Any] = json.loads(out)
        return answer

    def ask_all(self, *lines: str | dict[str, Any]) -> list[dict[str, Any]]:
        """Ask a batch; texts stand for plain questions."""
        batch, out = self.files / "batch.jsonl", self.files / "answers.jsonl"
        write_lines(batch, [{"text": line} if isinstance(line, str) else line for line in lines])
        code, _, err = self.run("ask", "--batch", batch, "--out", out)
        assert code == 0, err
        return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]

    def file(self, name: str, text: str) -> Path:
        """Write a file to import."""
        path = self.files / name
        path.write_text(text, encoding="utf-8")
        return path
