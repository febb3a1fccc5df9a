"""Processes die at any moment; customers notice a pause, never a loss."""

from random import Random

from tests.acceptance.product import Product
from tests.acceptance.siege import (
    Siege,
    check_conversations,
    check_proofs,
    check_record,
    kill_parts,
    moments_for,
)

CUSTOMERS = 60


async def test_no_kill_loses_or_doubles_a_message(mortal: Product) -> None:
    """Machines fail in the middle of everything: what was acknowledged is kept, answered once, and provable."""
    chance = Random(20261122)
    parts = [["serve"], ["work"], ["serve", "work"]]
    siege = Siege(
        mortal,
        CUSTOMERS,
        moments_for(chance, CUSTOMERS, [kill_parts(mortal, p) for p in parts]),
        patience_s=110,
    )
    await siege.run()
    check_conversations(siege)
    await check_record(siege)
    check_proofs(mortal, CUSTOMERS)
