"""Folders of built searches: written aside, sealed with checksums, put in place in one step, checked before use.

I decide whether a cached search may be mapped. The builder calls me.
I never read a passage and never repair: what is damaged is built anew.
"""

import json
import os
import re
import shutil
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from taktvoll.base.hashing import content_hash

SEAL = "seal.json"
_NAME = re.compile(r"[0-9a-f]{16,128}")
_BLOCK = 1 << 20


class Store:
    """The folder under which searches are kept, one folder per manifest hash."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def place(self, manifest_hash: str) -> Path:
        """Give the folder of a manifest's search, whether it exists or not."""
        return self._root / _name(manifest_hash)

    def sealed(self, folder: Path, versions: Sequence[str]) -> bool:
        """Say whether a folder holds a whole, undamaged search of exactly these versions.

        A damaged file must not be mapped: the vector library would read past its end.
        """
        try:
            seal = json.loads((folder / SEAL).read_text(encoding="utf-8"))
            if seal["versions"] != list(versions):
                return False
            return all(_checksum(folder / name) == known for name, known in seal["files"].items())
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return False

    @contextmanager
    def building(self, manifest_hash: str, versions: Sequence[str]) -> Iterator[Path]:
        """Give an empty folder to build in; on leaving it is sealed and takes the manifest's place.

        Nothing is left behind when building fails; what a killed process left is removed by the next.
        """
        self._root.mkdir(parents=True, exist_ok=True)
        aside = self._root / f"building-{os.getpid()}-{uuid4().hex}"
        self._remove_abandoned()
        aside.mkdir()
        try:
            yield aside
            _seal(aside, versions)
            self._put(aside, self.place(manifest_hash))
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def built(self) -> list[Path]:
        """Give the folders of all searches, newest first; they may be damaged."""
        if not self._root.is_dir():
            return []
        found = [p for p in self._root.iterdir() if _NAME.fullmatch(p.name) and (p / SEAL).is_file()]
        return sorted(found, key=lambda p: (-(p / SEAL).stat().st_mtime, p.name))

    def forget(self, keep: Sequence[str]) -> None:
        """Remove all searches but those of the manifests in keep."""
        kept = {_name(manifest_hash) for manifest_hash in keep}
        for folder in self._root.iterdir() if self._root.is_dir() else ():
            if _NAME.fullmatch(folder.name) and folder.name not in kept:
                self._remove(folder)
        self._remove_abandoned()

    def _put(self, aside: Path, place: Path) -> None:
        if place.exists():
            self._remove(place)
        aside.rename(place)
        _sync(self._root)

    def _remove(self, folder: Path) -> None:
        """Take a folder out of sight in one step, then delete it; mapped files live on until they are closed."""
        trash = self._root / f"building-{os.getpid()}-{uuid4().hex}"
        folder.rename(trash)
        shutil.rmtree(trash, ignore_errors=True)

    def _remove_abandoned(self) -> None:
        for folder in self._root.glob("building-*-*"):
            if not _alive(int(folder.name.split("-")[1])):
                shutil.rmtree(folder, ignore_errors=True)


def _name(manifest_hash: str) -> str:
    """Keep a hash as a folder's name; anything else is hashed, so that no name leaves the folder."""
    return manifest_hash if _NAME.fullmatch(manifest_hash) else content_hash(manifest_hash.encode())


def _seal(folder: Path, versions: Sequence[str]) -> None:
    files = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.endswith(".lock")):
        files[path.relative_to(folder).as_posix()] = _checksum(path)
        _sync(path)
    seal = folder / SEAL
    seal.write_text(json.dumps({"versions": list(versions), "files": files}), encoding="utf-8")
    _sync(seal)
    for inner in {folder, *(p.parent for p in folder.rglob("*"))}:
        _sync(inner)


def _checksum(path: Path) -> list[int]:
    """Give size and CRC-32: it guards against torn and rotten files, not against an attacker with our disk."""
    value, size = 0, 0
    with path.open("rb", buffering=0) as file:
        while block := file.read(_BLOCK):
            value = zlib.crc32(block, value)
            size += len(block)
    return [size, value]


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _alive(process: int) -> bool:
    if process == os.getpid():
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
