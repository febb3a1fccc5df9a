"""An upgrade whose search measures otherwise: the edition in force is fitted to it before a customer asks."""

from dataclasses import replace
from pathlib import Path

from taktvoll.adapters.encoder import SentenceEncoder
from taktvoll.adapters.postgres.connect import Pool
from taktvoll.flows.renew_editions import renew_editions
from tests.simulation.town import settle


async def test_an_edition_is_renewed_once_and_says_what_it_said(pool: Pool, tmp_path: Path) -> None:
    """Confidences learned from another search would answer wrongly with full conviction."""
    town = await settle(pool, tmp_path, SentenceEncoder(), 3)
    house, workspace = town.house, town.place.id
    before = await house.library.head(workspace)
    assert before.edition
    mine = {w.id: w.name for w in await house.directory.workspaces()}[workspace]
    rules = replace(house.first_rules, search_versions=("another",))
    upgraded = replace(house, first_rules=rules)
    assert mine in dict(await renew_editions(upgraded))
    after = await house.library.head(workspace)
    assert after.edition == before.edition + 1
    (old, _), (new, known) = [
        await house.library.manifest(workspace, n) for n in (before.edition, after.edition)
    ]
    assert new.entries == old.entries
    assert known.search_versions == ("another",)
    assert mine not in dict(await renew_editions(upgraded))
    town.close()
