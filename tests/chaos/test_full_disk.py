"""The disk runs full under a running product: customers are told, nothing acknowledged is lost, and it recovers.

A small file system of its own is needed to fill, which only root may mount: run as root, in a container for instance.
"""

import os
import subprocess
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import pytest

from tests.acceptance.product import LIBRARY, Product, Visitor, command, until, write_lines

DISK_MB = 400
QUESTIONS = list(islice(cycle(str(e["question"]) for e in LIBRARY if e["language"] == "de"), 12))
ADDRESSES = cycle(f"127.0.10.{host}" for host in range(1, 250))


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system in memory."""
    assert os.geteuid() == 0, (
        "filling a disk needs one of its own, and only root may mount one: run make chaos as root"
    )
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=755", "tmpfs", str(place)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert mounted.returncode == 0, f"this machine mounts nothing, so no disk can be filled: {mounted.stderr}"
    yield place
    until(lambda: subprocess.run(["umount", str(place)], capture_output=True, check=False).returncode == 0)


@pytest.fixture
def product(disk: Path) -> Iterator[Product]:
    """A product whose data lies on the small disk."""
    product = Product(disk / "data", ("--no-sample",))
    imported = command("import", write_lines(disk / "library.jsonl", LIBRARY), "--data", product.folder)
    assert imported.returncode == 0, imported.stderr
    product.start()
    yield product
    product.stop()


def fill(disk: Path) -> Path:
    """Write until not a byte more fits."""
    path = disk / "filling"
    with path.open("wb", buffering=0) as file:
        for size in (1_048_576, 4_096, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                continue
    return path


@pytest.mark.timeout(400)
def test_a_full_disk_loses_nothing_and_is_told(disk: Path, product: Product) -> None:
    """Disks run full at night: the chat must say so, keep what it confirmed, and go on once there is room."""
    acknowledged: dict[str, list[str]] = {}
    refused = 0
    visitors = [Visitor(product.base, "default", address=next(ADDRESSES)) for _ in QUESTIONS]
    for visitor, question in zip(visitors, QUESTIONS, strict=True):
        acknowledged[visitor.conversation] = [visitor.say(question)["accepted"]["id"]]
    filling = fill(disk)
    for round_number in range(40):
        for visitor, question in zip(visitors, QUESTIONS, strict=True):
            name = f"full-{visitor.conversation}-{round_number}"
            got = visitor.post("messages", {"id": name, "text": f"{question} {'Ja. ' * 900}"})
            if got.is_success:
                acknowledged[visitor.conversation].append(name)
                continue
            assert got.status_code in (429, 503), got.text
            assert got.headers["content-type"] == "application/problem+json"
            assert int(got.headers["Retry-After"]) >= 1
            refused += got.status_code == 503
        if refused:
            break
    assert refused, "the disk never ran full"
    filling.unlink()
    for visitor, question in zip(visitors, QUESTIONS, strict=True):
        until(lambda v=visitor, q=question: comes_through(v, q, acknowledged), "no way back", within_s=120)  # type: ignore[misc]
    for visitor in visitors:
        said = [m["id"] for m in visitor.answered("after the full disk") if m["author"] == "customer"]
        assert [name for name in said if name in acknowledged[visitor.conversation]] == acknowledged[
            visitor.conversation
        ]
        assert len(said) == len(set(said))
        visitor.http.close()
    verified = product.run("audit", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    replayed = product.run("audit", "replay")
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr


def comes_through(visitor: Visitor, question: str, acknowledged: dict[str, list[str]]) -> bool:
    """Try one message after there is room again."""
    name = f"after-{visitor.conversation}"
    got = visitor.post("messages", {"id": name, "text": question})
    if got.is_success and name not in acknowledged[visitor.conversation]:
        acknowledged[visitor.conversation].append(name)
    return got.is_success
