"""Which light each topic is on, and how a passage names its topic.

I decide what holds where nothing was set: probation. The shelf hands me out with the edition, flows ask me.
I never change a light.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from taktvoll.domain.conversation.terms import Light
from taktvoll.domain.knowledge.terms import Passage

TOPIC_CHARS_MAX = 100
SECTION_PARTS = " > "
STRICTNESS = (Light.HUMAN, Light.COPILOT, Light.PROBATION, Light.AUTOPILOT)
"""The lights, from what leaves least to the assistant to what leaves most."""


@dataclass(frozen=True, slots=True)
class Lights:
    """The lights in force in a workspace; `shadowed` topics, or all with `shadow`, answer only to themselves."""

    by_topic: Mapping[str, Light] = field(default_factory=dict)
    shadowed: frozenset[str] = frozenset()
    shadow: bool = False

    def of(self, topic: str | None) -> Light:
        """The light of a topic; one that nobody set, or a text without topic, is on probation."""
        return self.by_topic.get(topic or "", Light.PROBATION)

    def shadows(self, topic: str | None) -> bool:
        """Whether the assistant answers only to itself here."""
        return self.shadow or topic in self.shadowed


def topic_of(passage: Passage) -> str:
    """Name the topic a passage belongs to: the first part of its section, else its collection."""
    first = passage.section.split(SECTION_PARTS)[0].strip()
    return (first or passage.collection)[:TOPIC_CHARS_MAX]
