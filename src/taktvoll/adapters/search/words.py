"""How a text becomes words: folding of case and umlauts, stems, stop words; the same for passages and questions.

I decide when two spellings count as the same word. The vocabulary and the question analysis call me.
I never look at what a corpus contains.
"""

import re
import unicodedata
from functools import lru_cache

import tantivy

WORDS_VERSION = "words-1"
WORD_CHARS_MAX = 64

_WORD = re.compile(r"[^\W_]+")
_E_MAIL = re.compile(r"\be[-\u2010\u2011 ]mail")
_WRITTEN_UMLAUT = re.compile(r"[ao]e|(?<![aeq])ue")
_DIGIT = re.compile(r"\d")

_STOP_WORDS_TEXT = """
aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes auch auf aus
bei beim bin bis bist bitte da dabei dadurch dafür dagegen daher damit dann daran darauf daraus darf
dargestellt darin darum darüber das dass dasselbe davon dazu dein deine deinem deinen deiner deines dem den
denn der des deshalb die dies diese diesem diesen dieser dieses dir doch dort du durch eben ein eine einem
einen einer eines einfach einmal er es etwa etwas euch euer eure eurem euren eurer für gab geben gehen geht
gerade gern gerne gibt haben habe habt hab hallo hast hat hatte hatten hier hin hätte hätten ich ihm ihn
ihnen ihr ihre ihrem ihren ihrer ihres im immer in ins irgendwie ist ja jede jedem jeden jeder jedes jetzt
kann kannst kein keine keinem keinen keiner konnte können könnt könnte könnten mal man manche mehr mein
meine meinem meinen meiner meines mich mir mit muss musst müssen müsst möchte möchten nach nicht nichts noch
nun nur ob oder ohne schon sehr sein seine seinem seinen seiner seit sich sie sind so sobald sogar solche
soll sollen sollte sollten sondern sonst soviel sowie um und uns unser unsere unserem unseren unserer unter
viel vom von vor wann war waren warum was weil welche welchem welchen welcher welches wenn wer werde werden
wie wieder will wir wird wirst wo wobei wofür woher wohin wollen wollte worden wurde wurden während wäre
wären würde würden zu zum zur zwar über danke guten tag moin servus liebe lieber grüße gruß frage
a about all also am an and any are as at be been being but by can could did do does doing each for from get
had has have having he hello hello her here him his how i if in into is it its just let like me might more
most my no not of on or other our out over please she should so some such than thank thanks that the their
them then there these they this those to too under until up us very want was we were what when where which
while who why will with would you your yours
"""

_BOUND_PARTS_TEXT = """
bar haft heit isch keit lich losen ling nis schaft tum ung ungen innen sein chen lein ende
"""


def fold(text: str) -> str:
    """Write a text so that equal words have equal letters: ä and a are one, ß is ss, case and accents are gone."""
    lowered = unicodedata.normalize("NFC", text).casefold()
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def without_written_umlauts(word: str) -> str:
    """Write a folded word as if its ae, oe and ue were umlauts ("kuendigung" as "kundigung").

    It is a second reading, never the only one: "steuererklarung" and "risikoermittlung" contain no umlaut there.
    """
    return _WRITTEN_UMLAUT.sub(lambda m: m.group()[0], word)


def words(text: str) -> list[str]:
    """Split a text into folded words and numbers; single letters are left out."""
    lowered = _E_MAIL.sub("email", unicodedata.normalize("NFC", text).casefold())
    found = (w if w.isascii() else _folded(w) for w in _WORD.findall(lowered))
    return [w[:WORD_CHARS_MAX] for w in found if len(w) > 1 or w.isdigit()]


_folded = lru_cache(maxsize=16384)(fold)


class Stemmer:
    """Brings the forms of a word to one stem, German and English alike, so that neither text needs a known language.

    Source: Porter's Snowball stemmer for German (in tantivy), then endings it leaves: participles, -ing, -ed.
    """

    def __init__(self) -> None:
        self._snowball = (
            tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw())
            .filter(tantivy.Filter.stemmer("german"))
            .build()
        )

    def stem(self, word: str) -> str:
        """Give the stem of one folded word; numbers and codes stay as they are."""
        if len(word) < 4 or _DIGIT.search(word):
            return word
        shortened: str = self._snowball.analyze(word)[0]
        if word.endswith("ing") and len(shortened) > 6:
            return shortened.removesuffix("ing")
        if word.endswith("ed") and len(shortened) > 5:
            return shortened.removesuffix("ed")
        return _without_participle(shortened)


def _without_participle(stem: str) -> str:
    """Bring "gekundigt" and "bezahlt" to the stems of kündigen and bezahlen."""
    if len(stem) < 6 or not stem.endswith("t"):
        return stem
    root = stem.removesuffix("t")
    if root.startswith("ge") and len(root) > 5:
        return root.removeprefix("ge")
    if root.startswith(("be", "ver", "er", "ent", "zer")) and len(root) > 5:
        return root
    return stem


STOP_WORDS = frozenset(fold(w) for w in _STOP_WORDS_TEXT.split())
BOUND_PARTS = frozenset(_BOUND_PARTS_TEXT.split())
