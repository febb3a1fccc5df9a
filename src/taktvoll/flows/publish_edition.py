"""The working copy becomes an edition: checked, numbered, its caches built, then put in force in one step.

I decide what a new edition consists of. The commands import and edition call me.
I never put an edition in force before its search is ready.
"""

from collections.abc import Sequence
from dataclasses import replace

from taktvoll.base.errors import Refused
from taktvoll.base.hashing import content_hash
from taktvoll.base.ids import WorkspaceId
from taktvoll.domain.conversation.guidelines import Guideline
from taktvoll.domain.governance.rules.links import host_of, links_in, listed
from taktvoll.domain.knowledge.terms import Passage
from taktvoll.domain.library.terms import Entry, Manifest, Rules
from taktvoll.flows.house import House

HOSTS_MAX = 500


async def publish_edition(
    house: House, workspace: WorkspaceId, by: str, guidelines: Sequence[Guideline] | None = None
) -> Manifest:
    """Publish what the working copy holds.

    Takes:  guidelines: those to publish; without them those in force stay, or the program's where there were none yet.
    Gives:  the edition's manifest; the one in force, if nothing has changed since.
    Raises: Refused("form.stale") if someone else published at the same moment; Refused("guideline.…") for a guideline
            that cannot be used.
    """
    head = await house.library.head(workspace)
    entries = tuple(sorted(await house.library.working(workspace)))
    current, old = await house.library.manifest(workspace, head.edition) if head.edition else (None, None)
    rules = await rules_for(house, workspace, entries, old, guidelines)
    editions = await house.library.editions(workspace)
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


async def rules_for(
    house: House,
    workspace: WorkspaceId,
    entries: tuple[Entry, ...],
    old: Rules | None,
    guidelines: Sequence[Guideline] | None = None,
) -> Rules:
    """The rules of a new edition: the program's thresholds, and the link hosts that the settings or the texts name.

    Takes:  old: the rules in force, whose guidelines stay where no others are given.
    """
    place = await house.directory.workspace_by_id(workspace)
    settings = place.settings
    configured = settings.get("link_hosts")
    learnt = await house.topics.working(workspace)
    chosen = _guidelines(house, guidelines, old)
    rules = replace(
        house.first_rules,
        company=str(settings.get("company", "")),
        greetings=_greetings(settings.get("greetings")),
        gas_line=str(settings.get("gas_line", "")),
        time_zone=str(settings.get("time_zone", "")),
        guidelines=chosen,
        topics=learnt.hash if learnt else "",
        glossary=await house.learning.glossary(workspace),
    )
    if isinstance(configured, list):
        hosts = tuple(sorted(str(h).lower() for h in configured))
        _refuse_links(chosen, hosts)
        return replace(rules, link_hosts=hosts)
    found = {host for guideline in chosen for host in _hosts_of(guideline)}
    async for passage in house.library.stored(place.id, [e.hash for e in entries]):
        found |= _hosts(passage)
    return replace(rules, link_hosts=tuple(sorted(found)[:HOSTS_MAX]))


def _guidelines(house: House, given: Sequence[Guideline] | None, old: Rules | None) -> tuple[Guideline, ...]:
    """Choose the guidelines of a new edition, and refuse what cannot be used: never at answer time."""
    kept = old.guidelines if old else None
    chosen = kept if given is None else tuple(given)
    if chosen is None:
        chosen = house.first_rules.guidelines or ()
    for problem in house.guidelines.check(chosen):
        raise problem
    return chosen


def _refuse_links(guidelines: tuple[Guideline, ...], hosts: tuple[str, ...]) -> None:
    for guideline in guidelines:
        for host in _hosts_of(guideline):
            if not listed(host, hosts):
                raise Refused("guideline.link", name=guideline.name, host=host)


def _hosts_of(guideline: Guideline) -> set[str]:
    return {host for link in links_in("\n".join(guideline.text or ())) if (host := host_of(link))}


def _hosts(passage: Passage) -> set[str]:
    links = [*links_in(passage.text), *([passage.url] if passage.url else [])]
    return {host for link in links if (host := host_of(link))}


def _greetings(given: object) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((str(k), str(v)) for k, v in given.items())) if isinstance(given, dict) else ()


async def still_named(house: House) -> list[str]:
    """Contents that an edition of any workspace names, older ones too, so that a roll-back is quick."""
    places = await house.directory.workspaces()
    return [e.content_hash for place in places for e in await house.library.editions(place.id)]
