"""Understanding a message by rules and a small language model: the first form of the signals.

I decide which reader says what about a text. build.py puts me behind the Understanding port.
I never reach for the network.
"""

from taktvoll.adapters.signals.language import LanguageReader
from taktvoll.domain.conversation.courtesies import affirms, courtesy_of, picked
from taktvoll.domain.conversation.terms import Signals
from taktvoll.domain.conversation.wants_person import wants_person

RULES_VERSION = "rules-1"


class Understander:
    """Implements Understanding."""

    def __init__(self, reader: LanguageReader) -> None:
        self._reader = reader

    async def read(self, text: str, language: str | None) -> Signals:
        """Understand one message; microseconds, so it runs in place."""
        found, sure_ppm = self._reader.read(text)
        spoken = found or language
        return Signals(
            language=found,
            language_ppm=sure_ppm,
            wants_person=wants_person(text, spoken),
            affirms=affirms(text),
            courtesy=courtesy_of(text),
            picks=picked(text),
            versions=(self._reader.version, RULES_VERSION),
        )
