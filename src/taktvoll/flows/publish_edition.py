"""The working copy becomes an edition: checked, numbered, its caches built, then put in force in one step.

I decide what a new edition consists of. The commands import and edition call me.
I never put an edition in force before its search is ready.
"""

from dataclasses import replace

from taktvoll.base.hashing import content_hash
from taktvoll.base.ids import WorkspaceId
from taktvoll.domain.governance.rules.links import host_of, links_in
from taktvoll.domain.knowledge.terms import Passage
from taktvoll.domain.library.terms import Entry, Manifest, Rules
from taktvoll.flows.house import House

HOSTS_MAX = 500


async def publish_edition(house: House, workspace: WorkspaceId, by: str) -> Manifest:
    """Publish what the working copy holds.

    Gives:  the edition's manifest; the one in force, if nothing has changed since.
    Raises: Refused("form.stale") if someone else published at the same moment.
    """
    head = await house.library.head(workspace)
    entries = tuple(sorted(await house.library.working(workspace)))
    rules = await rules_for(house, workspace, entries)
    editions = await house.library.editions(workspace)
    current = (await house.library.manifest(workspace, head.edition))[0] if head.edition else None
    rules_hash = content_hash(rules.body())
    if current and current.entries == entries and current.rules_hash == rules_hash:
        return current
    manifest = Manifest(
        number=max((e.number for e in editions), default=0) + 1,
        made_at=house.now(),
        made_by=by,
        approved_by=by,
        parent=head.edition,
        rules_hash=rules_hash,
        entries=entries,
    )
    await house.shelf.prepare(workspace, manifest)
    await house.library.publish(workspace, manifest, rules)
    house.shelf.tidy(await still_named(house))
    return manifest


async def rules_for(house: House, workspace: WorkspaceId, entries: tuple[Entry, ...]) -> Rules:
    """The rules of a new edition: the program's thresholds, the glossary, link hosts that settings or texts name."""
    place = await house.directory.workspace_by_id(workspace)
    settings = place.settings
    configured = settings.get("link_hosts")
    company, greetings = str(settings.get("company", "")), _greetings(settings.get("greetings"))
    learnt = await house.topics.working(workspace)
    rules = replace(
        house.first_rules,
        company=company,
        greetings=greetings,
        topics=learnt.hash if learnt else "",
        glossary=await house.learning.glossary(workspace),
    )
    if isinstance(configured, list):
        return replace(rules, link_hosts=tuple(sorted(str(h).lower() for h in configured)))
    hosts: set[str] = set()
    async for passage in house.library.stored(workspace, [e.hash for e in entries]):
        hosts |= _hosts(passage)
    return replace(rules, link_hosts=tuple(sorted(hosts)[:HOSTS_MAX]))


def _hosts(passage: Passage) -> set[str]:
    links = [*links_in(passage.text), *([passage.url] if passage.url else [])]
    return {host for link in links if (host := host_of(link))}


def _greetings(given: object) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((str(k), str(v)) for k, v in given.items())) if isinstance(given, dict) else ()


async def still_named(house: House) -> list[str]:
    """Contents that an edition of any workspace names, older ones too, so that a roll-back is quick."""
    places = await house.directory.workspaces()
    return [e.content_hash for place in places for e in await house.library.editions(place.id)]
