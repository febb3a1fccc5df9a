"""The sources as parsed files, read once for all tidiness tests.

I decide which files count. The tests beside me call me. I never import what I read.
"""

import ast
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Source:
    """One Python file: its path from the repository's root, its text and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    def within(self, *folders: str) -> bool:
        """Say whether the file lies in, or is, one of these paths."""
        return any(self.path == f or self.path.startswith(f.rstrip("/") + "/") for f in folders)


@dataclass(frozen=True)
class Finding:
    """A place that breaks a rule."""

    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


def parse(path: str, text: str) -> Source:
    """Make a source of a text, as if it stood at that path."""
    return Source(path, text, ast.parse(text, filename=path))


@cache
def sources(folder: str) -> tuple[Source, ...]:
    """Read every Python file beneath a folder of the repository."""
    return tuple(
        parse(str(path), text) for path, text in texts() if path.suffix == ".py" and _in(path, folder)
    )


@cache
def texts() -> tuple[tuple[PurePosixPath, str], ...]:
    """Read every text file that belongs to the project: tracked or about to be."""
    return tuple((path, text) for path in paths() if (text := _text(ROOT / path)) is not None)


@cache
def paths() -> tuple[PurePosixPath, ...]:
    """List every file that belongs to the project; without git (an unpacked archive) what lies in the known folders."""
    git = shutil.which("git")
    if git and (ROOT / ".git").exists():
        command = [git, "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        # A checkout that belongs to another user is refused by git: then read the folders.
        listed = subprocess.run(command, capture_output=True, text=True, check=False)
        if listed.returncode == 0:
            names = sorted({name for name in listed.stdout.split("\0") if name})
            return tuple(PurePosixPath(name) for name in names if (ROOT / name).is_file())
    return tuple(sorted(_walk()))


def _walk() -> Iterator[PurePosixPath]:
    for entry in ROOT.iterdir():
        if entry.is_file():
            yield PurePosixPath(entry.name)
    for folder in (".ci", "bench", "docs", "examples", "requirements", "src", "tests", "training"):
        for file in (ROOT / folder).rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                yield PurePosixPath(file.relative_to(ROOT).as_posix())


def _text(file: Path) -> str | None:
    data = file.read_bytes()
    if b"\0" in data[:8192]:
        return None
    return data.decode("utf-8", errors="replace")


def _in(path: PurePosixPath, folder: str) -> bool:
    return path.parts[: len(PurePosixPath(folder).parts)] == PurePosixPath(folder).parts
