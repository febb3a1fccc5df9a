"""Places in approved texts that are filled when a person writes: greeting, the customer's name, their own.

I decide what such a place is called and what stands there, in the form of address that the customer uses. The desk's
macros and the release rule call me. I never guess a name: a place for one that is not known stays open.
"""

import re
from dataclasses import dataclass

from taktvoll.domain.conversation.terms import Address

_PLACE = re.compile(r"\{\{ ?(anrede|greeting|name|gruss|gruß|closing|ich|agent) ?\}\}", re.IGNORECASE)
_MEANS = {"anrede": "greeting", "gruss": "closing", "gruß": "closing", "ich": "agent"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of both; `name` is how the customer is addressed by name, "" where it is not known."""

    language: str
    address: Address | None
    agent: str
    name: str = ""


def filled(text: str, facts: Facts) -> str:
    """Fill the places of a text; what is not known stays as it is, for a person to fill."""

    def fill(found: re.Match[str]) -> str:
        word = found[1].lower()
        match _MEANS.get(word, word):
            case "greeting":
                return greeting(facts)
            case "closing":
                return closing(facts)
            case "agent":
                return facts.agent
        return facts.name or found[0]

    return _PLACE.sub(fill, text)


def unfilled(text: str) -> tuple[str, ...]:
    """The places of a text that nobody has filled."""
    return tuple(found[0] for found in _PLACE.finditer(text))


def greeting(facts: Facts) -> str:
    """A greeting in the customer's language and form of address."""
    word = "Hello" if facts.language != "de" else "Hallo" if facts.address is Address.DU else "Guten Tag"
    return f"{word} {facts.name}," if facts.name else f"{word},"


def closing(facts: Facts) -> str:
    """A closing with the agent's name."""
    if facts.language != "de":
        return f"Kind regards\n{facts.agent}"
    return f"{'Viele' if facts.address is Address.DU else 'Freundliche'} Grüße\n{facts.agent}"
