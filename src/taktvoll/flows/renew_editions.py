"""After an upgrade: the edition in force, published again with what the new program measures by.

I decide when an edition needs renewing: its confidences were learned from what another search measured. The command
`up` calls me before it opens the doors, `edition renew` when asked. I never change what the assistant may say.
"""

from dataclasses import replace

from taktvoll.base.hashing import content_hash
from taktvoll.domain.library.terms import Manifest
from taktvoll.domain.people.terms import Workspace
from taktvoll.flows.house import House
from taktvoll.flows.publish_edition import rules_for, still_named

PROGRAM = "taktvoll"


async def renew_editions(house: House) -> tuple[tuple[str, int], ...]:
    """Renew what needs it in every workspace.

    Gives:  the workspaces' names with the numbers of their new editions; nothing where all fit the program.
    """
    renewed = []
    for place in await house.directory.workspaces():
        number = await _renew(house, place)
        if number:
            renewed.append((place.name, number))
    if renewed:
        house.shelf.tidy(await still_named(house))
    return tuple(renewed)


async def _renew(house: House, place: Workspace) -> int | None:
    head = await house.library.head(place.id)
    if head.edition is None:
        return None
    manifest, rules = await house.library.manifest(place.id, head.edition)
    if rules.search_versions == house.first_rules.search_versions:
        return None
    renewed = replace(await rules_for(house, place.id, manifest.entries), glossary=rules.glossary)
    editions = await house.library.editions(place.id)
    made = Manifest(
        number=max(e.number for e in editions) + 1,
        made_at=house.now(),
        made_by=PROGRAM,
        approved_by=manifest.approved_by,
        parent=head.edition,
        rules_hash=content_hash(renewed.body()),
        entries=manifest.entries,
    )
    await house.shelf.prepare(place.id, made)
    await house.library.publish(place.id, made, renewed)
    return made.number
