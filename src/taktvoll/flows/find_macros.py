"""Approved passages to put into a reply, found by a few words, with their places filled.

I decide what is offered while someone writes. The desk's composer calls me. I never offer what an edition does not
hold, what was withdrawn, or what is not for everyone.
"""

from dataclasses import dataclass

from taktvoll.base.ids import ConversationId
from taktvoll.domain.governance.placeholders import Facts, closing, filled, greeting
from taktvoll.domain.knowledge.terms import Passage, PassageKey
from taktvoll.domain.people.permissions import Permission
from taktvoll.domain.people.terms import Staff
from taktvoll.flows.house import House
from taktvoll.flows.take_over import access_for_staff

MACROS_MAX = 6


@dataclass(frozen=True, slots=True)
class Macro:
    """Something to put into a reply; `key` is None for a greeting or closing, which no edition holds."""

    name: str
    title: str
    text: str
    language: str
    key: PassageKey | None = None


async def find_macros(
    house: House, staff: Staff, conversation: ConversationId, words: str
) -> tuple[Macro, ...]:
    """Offer a greeting and a closing, and the approved passages that the words are about.

    Takes:  words: what was typed behind the slash; nothing offers the greeting and the closing alone.
    Gives:  the best first; `name` is "greeting", "closing" or "passage".
    Raises: Refused("permission.missing"), Refused("conversation.unknown").
    """
    stored = await access_for_staff(house, staff, conversation, Permission.CONVERSATION_REPLY)
    language = (stored.state.language or "de").split("-", 1)[0]
    facts = Facts(language, stored.state.address, staff.name)
    fixed = (
        Macro("greeting", "", greeting(facts), language),
        Macro("closing", "", closing(facts), language),
    )
    asked = " ".join(words.split())[:200]
    if not asked:
        return fixed
    found = await _passages(house, staff, asked, language)
    return tuple(
        Macro("passage", p.question or p.title or p.id, filled(p.text, facts), p.language, p.key)
        for p in found
    )


async def _passages(house: House, staff: Staff, words: str, language: str) -> list[Passage]:
    edition = await house.shelf.at(staff.workspace, await house.library.head(staff.workspace))
    candidates = await edition.search.find(words, language, edition.usable, house.now(), MACROS_MAX)
    found = [await edition.passage(c.key, c.hash) for c in candidates]
    return [p for p in found if p is not None and p.audience == "public"]
