"""Understanding a message: which reader says what about a text, and what becomes of all they say.

I decide which needs count, in which order, and with which words they are explained. build.py puts me behind the
Understanding port. I never reach for the network, and never keep a text.
"""

from collections.abc import Awaitable, Mapping, Set
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from taktvoll.adapters.signals.features import features
from taktvoll.adapters.signals.language import LanguageReader
from taktvoll.adapters.signals.letters import LETTER_FROM_CHARS, pieces_of
from taktvoll.adapters.signals.models import CLASSES, MOODS, Models, Reading
from taktvoll.adapters.signals.weights import Floats, shipped
from taktvoll.domain.conversation import concepts, needs
from taktvoll.domain.conversation.address import address_in
from taktvoll.domain.conversation.claims import DECLARED, asks_how
from taktvoll.domain.conversation.courtesies import affirms, courtesy_of, picked
from taktvoll.domain.conversation.needs import EMERGENCIES, phrases_said, reasons_said
from taktvoll.domain.conversation.questions import follows_up, questions_in
from taktvoll.domain.conversation.terms import HandoverReason, Mood, Need, Signals
from taktvoll.domain.conversation.urgency import urgency_of
from taktvoll.domain.conversation.wants_person import wants_person
from taktvoll.domain.mail.salutations import greets

RULES_VERSION = f"rules-4/{concepts.VERSION}/{needs.VERSION}"
PPM = 1_000_000
WHOLE_CHARS_MAX = 4 * LETTER_FROM_CHARS
DROWNED = (*EMERGENCIES, HandoverReason.ANGER, HandoverReason.DISTRESS)
DROWNED_SURE = 0.65
"""How sure one piece must make us of what the calm words around it drown."""
SECOND_SURE = 0.30
PHRASE_SURE = 0.5
"""The least a phrase beyond doubt makes us believe an emergency, or a contract's end that is declared."""
INSULT_SURE = 0.85
WORDS_MAX = 6


class Encoded(Protocol):
    """A text as numbers of −127…127."""

    @property
    def sentence(self) -> NDArray[np.int8]:
        """The direction of the whole text."""
        ...


class Encoder(Protocol):
    """Turns texts into vectors."""

    @property
    def version(self) -> str:
        """Name and version of the model."""
        ...

    def begin(self, text: str) -> Awaitable[Encoded]:
        """Have a text encoded together with others that wait at this moment."""
        ...


class Understander:
    """Implements Understanding."""

    def __init__(
        self, reader: LanguageReader, encoder: Encoder | None = None, models: Models | None = None
    ) -> None:
        self._reader = reader
        self._models = models or Models(shipped())
        fits = encoder is not None and encoder.version == self._models.encoder
        self._encoder = encoder if fits else None
        self._versions = (reader.version, RULES_VERSION, self._models.version)

    async def read(self, text: str, language: str | None) -> Signals:
        """Understand one message; language is what the conversation has been in so far.

        The sentence vector is the one that the search asks for too, so it is encoded once.
        """
        vector = None
        if self._encoder is not None and any(c.isalpha() for c in text):
            vector = (await self._encoder.begin(text)).sentence
        return self.understand(text, language, vector)

    def understand(
        self, text: str, language: str | None, vector: NDArray[np.generic] | None = None
    ) -> Signals:
        """Understand one message whose sentence vector is known, or is not to be had."""
        found, sure_ppm, mixed = self._reader.tell(text)
        spoken = found or language
        wish, courtesy = wants_person(text, spoken), courtesy_of(text)
        phrases = phrases_said(text)
        ideas = concepts.concepts(text)
        said = [*phrases, *([HandoverReason.REQUEST] if wish is not None else [])]
        reading, parts = self._weigh(text, ideas, said, vector)
        heard = self._needs(text, reading, phrases, wish, ideas, parts) if courtesy is None else ()
        mood = mood_of(reading)
        return Signals(
            language=found,
            language_ppm=sure_ppm,
            wants_person=wish,
            affirms=affirms(text),
            courtesy=courtesy,
            picks=picked(text),
            versions=self._versions,
            mixed_language=mixed,
            address=address_in(text, spoken),
            mood=mood,
            urgency=urgency_of(text, heard, courtesy, mood),
            insults=_sure(reading.moods[MOODS.index("insult")]) >= INSULT_SURE,
            needs=heard,
            follows_up=follows_up(text),
            questions=questions_in(text),
        )

    def _weigh(
        self,
        text: str,
        ideas: Mapping[str, str],
        said: list[HandoverReason],
        vector: NDArray[np.generic] | None,
    ) -> tuple[Reading, frozenset[str]]:
        """Weigh a message, and a letter's pieces as well.

        Gives:  the reading, and which classes a piece speaks of louder than the whole.
        """
        grams = features(text[:WHOLE_CHARS_MAX])
        whole = self._models.read(grams, list(ideas), said, vector)
        letter = len(text) > LETTER_FROM_CHARS
        pieces = [self._weigh_piece(one) for one in pieces_of(text)] if letter or greets(text) else []
        if not pieces:
            return whole, frozenset()
        most = np.max(pieces, axis=0)
        if not letter:
            return self._raised(whole, most)
        bare = self._models.read_letter(grams, list(ideas), said)
        louder = frozenset(name for at, name in enumerate(CLASSES) if most[at] > bare[at])
        raised, drowned = self._raised(Reading(self._models.letter(most, bare), whole.moods), most)
        return raised, louder | drowned

    def _weigh_piece(self, piece: str) -> Floats:
        said = reasons_said(piece, None)
        return self._models.read_letter(features(piece), list(concepts.concepts(piece)), said)

    def _raised(self, whole: Reading, most: Floats) -> tuple[Reading, frozenset[str]]:
        """Raise what a single piece says much louder than all of it."""
        raised = whole.sure.copy()
        louder = [
            at for at in map(CLASSES.index, DROWNED) if most[at] >= DROWNED_SURE and most[at] > raised[at]
        ]
        raised[louder] = most[louder]
        return Reading(raised, whole.moods), frozenset(CLASSES[at] for at in louder)

    def _needs(
        self,
        text: str,
        reading: Reading,
        phrases: Mapping[HandoverReason, list[tuple[str, str]]],
        wish: str | None,
        ideas: Mapping[str, str],
        parts: Set[str],
    ) -> tuple[Need, ...]:
        """Choose the needs that count: the surest first, but an emergency before everything."""
        least = self._models.thresholds
        found: list[tuple[float, HandoverReason]] = []
        for at, name in enumerate(CLASSES[1:], start=1):
            reason, sure = HandoverReason(name), float(reading.sure[at])
            named = [phrase for phrase, _ in phrases.get(reason, ())]
            if DECLARED in named or (named and reason in EMERGENCIES):
                sure = max(sure, PHRASE_SURE)
            if reason is HandoverReason.REQUEST and wish is not None:
                sure = max(sure, min(least[name], SECOND_SURE))
            if reason is HandoverReason.REVOCATION and not named and asks_how(text):
                continue
            if sure >= least[name]:
                found.append((sure, reason))
        found.sort(key=lambda one: (one[1] not in EMERGENCIES, -one[0]))
        source = self._models.version.split("/", 1)[0]
        return tuple(
            Need(
                reason,
                round(sure * PPM),
                _because(reason, phrases, wish, source, part=reason.value in parts),
                _words(reason, phrases, wish, ideas),
            )
            for sure, reason in found
        )


def mood_of(reading: Reading) -> Mood:
    """Bring the moods' log-odds to parts per million; joy lifts the valence, anger, fear and sadness lower it."""
    sure = {name: _sure(reading.moods[at]) for at, name in enumerate(MOODS)}
    dark = max(sure["anger"], sure["sadness"], 0.8 * sure["fear"])
    valence = max(-1.0, min(1.0, sure["joy"] - dark))
    return Mood(
        valence=round(valence * PPM),
        anger=round(sure["anger"] * PPM),
        fear=round(sure["fear"] * PPM),
        sadness=round(sure["sadness"] * PPM),
        joy=round(sure["joy"] * PPM),
    )


def _sure(log_odds: np.float32) -> float:
    return float(1.0 / (1.0 + np.exp(-np.clip(log_odds, -30.0, 30.0))))


def _because(
    reason: HandoverReason,
    phrases: Mapping[HandoverReason, list[tuple[str, str]]],
    wish: str | None,
    source: str,
    *,
    part: bool,
) -> tuple[str, ...]:
    named = [f"phrase:{name}" for name, _ in phrases.get(reason, ())]
    if reason is HandoverReason.REQUEST and wish is not None:
        named.append("phrase:wants_person")
    return (*named, f"model:{source}{'/part' if part else ''}")


def _words(
    reason: HandoverReason,
    phrases: Mapping[HandoverReason, list[tuple[str, str]]],
    wish: str | None,
    ideas: Mapping[str, str],
) -> tuple[str, ...]:
    words = [said for _, said in phrases.get(reason, ())]
    if reason is HandoverReason.REQUEST and wish is not None:
        words.append(wish)
    words += [ideas[idea] for idea in IDEAS_OF[reason] if idea in ideas]
    return tuple(dict.fromkeys(words))[:WORDS_MAX]


IDEAS_OF: Mapping[HandoverReason, tuple[str, ...]] = {
    HandoverReason.EMERGENCY_MEDICAL: tuple(
        "gone breath blood symptom swallow poison injury body rescue".split()
    ),
    HandoverReason.EMERGENCY_SUICIDE: tuple("dying farewell burden give_up method life alone".split()),
    HandoverReason.EMERGENCY_GAS: tuple("gas smell hiss monoxide boiler headache fire".split()),
    HandoverReason.EMERGENCY_VIOLENCE: tuple("attack threat door partner police fear".split()),
    HandoverReason.FRAUD: tuple("debit not_mine stolen phish pretends card ordered".split()),
    HandoverReason.REQUEST: tuple("human talk call bot".split()),
    HandoverReason.ANGER: tuple("insult outrage irony again shouts".split()),
    HandoverReason.DISTRESS: tuple("cry despair loss money fear alone".split()),
    HandoverReason.LEGAL_THREAT: tuple("lawyer court office press charge police ultimatum".split()),
    HandoverReason.DATA_PROTECTION: tuple(
        "privacy delete data copy object consent advert third correct".split()
    ),
    HandoverReason.REVOCATION: tuple("cancel contract no_longer hereby".split()),
    HandoverReason.VULNERABLE: tuple("mind device care infant minor old outage talked alone".split()),
}
