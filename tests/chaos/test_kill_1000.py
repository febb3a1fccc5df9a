"""A thousand conversations while every kind of process is killed, `taktvoll up` itself included."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.acceptance.product import LIBRARY, Product, command, write_lines
from tests.acceptance.siege import (
    Kill,
    Siege,
    check_conversations,
    check_proofs,
    check_record,
    kill_parts,
    moments_for,
)

CUSTOMERS = 1_000
SEED = 20261122


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Product]:
    """A product to kill, with a small library's knowledge."""
    product = Product(tmp_path / "data", ("--no-sample",))
    imported = command("import", write_lines(tmp_path / "library.jsonl", LIBRARY), "--data", product.folder)
    assert imported.returncode == 0, imported.stderr
    product.start()
    yield product
    product.stop()


def kill_all(product: Product) -> Kill:
    """kill -9 of everything at once, as a power cut does; then start again, as an administrator does."""

    def kill() -> None:
        product.kill()
        for part in ("serve", "work", "keeper", "postgres"):
            kill_parts(product, [part])()
        product.start()

    return kill


def kill_up(product: Product) -> Kill:
    """kill -9 of `taktvoll up` alone, and start it again."""

    def kill() -> None:
        product.kill()
        product.start()

    return kill


@pytest.mark.timeout(1_500)
@pytest.mark.parametrize("seed", [SEED])
async def test_a_thousand_conversations_survive_every_kill(mortal: Product, seed: int) -> None:
    """The promise at scale: whatever dies and when, what was acknowledged is kept, answered once, and provable."""
    chance = Random(seed)
    kills = [
        kill_parts(mortal, [part]) for part in ("serve", "work", "postgres", "keeper", "serve", "postgres")
    ]
    kills += [kill_parts(mortal, ["postgres", "keeper"]), kill_parts(mortal, ["serve", "work", "postgres"])]
    chance.shuffle(kills)
    kills.insert(len(kills) // 2, kill_up(mortal))
    kills.append(kill_all(mortal))
    siege = Siege(mortal, CUSTOMERS, moments_for(chance, CUSTOMERS, kills), patience_s=1_200)
    await siege.run()
    check_conversations(siege)
    await check_record(siege)
    check_proofs(mortal, CUSTOMERS)
