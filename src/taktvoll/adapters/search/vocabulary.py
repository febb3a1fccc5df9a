"""What a corpus calls things: its terms, how common they are, how compounds fall apart, which term a typo means.

I decide which terms stand for a word. Building and finding call me with the same answer for the same word.
I never see whole texts and never rank anything.
"""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

import numpy as np

from taktvoll.adapters.search import mapped
from taktvoll.adapters.search.words import BOUND_PARTS, STOP_WORDS, Stemmer, fold

PART_CHARS_MIN = 4
COMPOUND_CHARS_MIN = 8
PARTS_MAX = 4
# A word that is this many times as common as its rarest part is rather one of its own; values from 1 up find alike.
SPLIT_OFTEN = 8
TYPO_CHARS_MIN = 4
TYPO_TWO_CHARS_MIN = 8
TYPO_LOOKED_AT_MAX = 400

# Common parts of German service words, so that a small corpus, too, splits what its customers write.
SEEDS = """
abbuchung ablesung abrechnung abschlag adresse anbieter änderung angabe angebot anmeldung anruf anschluss
anschrift antrag antwort anzahl arbeit arzt aufgabe auftrag ausweis auszahlung auto bahn bank barriere
beitrag beleg berater bericht bescheid bestellung besuch betrag betrieb bild brief buchung bus code daten
datum dauer dienst eingang einzug energie ermäßigung ersatz erstattung fahrrad fahrt familie fehler feld
firma formular foto frei frist garten gas gebühr geburt gehalt geld gerät geschäft gesundheit grund
grundstück gutschein gutschrift haus haushalt heizung hilfe jahr kabel karte kasse kauf kinder konto kontakt
kosten kraft kredit kunde kunden kündigung laden lade lager land lastschrift leben leitung lieferung liste
mahnung meldung messung miete mieter minute mitglied mobil monat müll nachweis name netz not notdienst
nummer öffnung online ordnung ort paket partner passwort person plan platz post preis privat probe programm
prüfung rabatt rate raum recht rechner rechnung reise rente reparatur restmüll rückgabe rücksendung sache
satz schaden schein schloss schlüssel schnell schreiben schutz schule seite service sicherheit sofort sonder
spar speicher sperre sperrung sprache stadt stand start stelle stellung steuer störung strasse strecke strom
stunde system tabelle tage tarif tarife techniker telefon termin test ticket tonne überweisung übersicht
umzug unfall unterlagen urlaub vergleich verkehr verlust versand versicherung vertrag verwaltung vollmacht
wagen wahl ware wasser wechsel wechsler weg wert widerruf wohnung zahl zahlung zähler zeit zeitraum zentrale
zettel ziel zimmer zins zone zugang zusatz
""".split()


class _Frequencies(Protocol):
    def frequency(self, stem: str) -> int:
        """How often the stem stands as a word of its own; 0 when unknown."""
        ...


class Splitter:
    """Splits German compounds along stems that the corpus itself uses.

    Source: Koehn and Knight 2003, empirical methods for compound splitting; here the rarest part decides.
    """

    def __init__(self, known: _Frequencies, stemmer: Stemmer) -> None:
        self._known, self._stemmer = known, stemmer

    def parts(self, word: str) -> tuple[str, ...]:
        """Give the stems of the parts of a folded word, from left to right; nothing when it is one piece."""
        if len(word) < COMPOUND_CHARS_MIN or not word.isalpha():
            return ()
        whole = self._known.frequency(self._stemmer.stem(word))
        rarest, stems = self._cut(word, PARTS_MAX)
        return stems if rarest * SPLIT_OFTEN >= whole else ()

    def _best(self, word: str, parts_left: int) -> tuple[int, tuple[str, ...]]:
        """Give the frequency of the rarest part and the parts, one where it is a word; (0, ()) when it is none."""
        alone = self._part(word)
        if alone is not None:
            return self._known.frequency(alone), (alone,)
        return self._cut(word, parts_left) if parts_left > 1 else (0, ())

    def _cut(self, word: str, parts_left: int) -> tuple[int, tuple[str, ...]]:
        """Give the best split into two parts or more, the same way."""
        best: tuple[int, tuple[str, ...]] = (0, ())
        for cut in range(len(word) - PART_CHARS_MIN, PART_CHARS_MIN - 1, -1):
            left = self._part(word[:cut])
            if left is None:
                continue
            rest, stems = self._best(word[cut:], parts_left - 1)
            rarest = min(rest, self._known.frequency(left))
            if stems and rarest > best[0]:
                best = rarest, (left, *stems)
        return best

    def _part(self, piece: str) -> str | None:
        """Give the stem of a piece that stands as a word, with or without a linking letter."""
        for form in (piece, piece.removesuffix("s"), piece.removesuffix("n")):
            if len(form) < PART_CHARS_MIN - 1 or form in BOUND_PARTS or form in STOP_WORDS:
                continue
            stem = self._stemmer.stem(form)
            if len(stem) >= 3 and self._known.frequency(stem):
                return stem
        return None


class Learned:
    """The stems counted while a corpus is read; the seeds count as seen once."""

    def __init__(self, counts: Mapping[str, int], stemmer: Stemmer) -> None:
        self.counts = Counter({stem: n for stem, n in counts.items() if n})
        for seed in SEEDS:
            self.counts[stemmer.stem(fold(seed))] += 1

    def frequency(self, stem: str) -> int:
        """How often the stem stands as a word of its own, seeds included."""
        return self.counts.get(stem, 0)


class Vocabulary:
    """The terms of a built corpus, mapped from disk; a term's number is its place in the order of hashes."""

    def __init__(self, folder: Path) -> None:
        self._hashes = mapped.numbers(folder / "term_hash.npy")
        self.documents = mapped.numbers(folder / "term_documents.npy")
        self._frequency = mapped.numbers(folder / "term_frequency.npy")
        self._letters = mapped.array(folder / "term_letters.npy")
        self._lengths = mapped.array(folder / "term_length.npy")
        self._texts = mapped.Texts(folder / "terms.bin", folder / "term_start.npy")
        self._corrected = lru_cache(maxsize=2048)(self._correct)

    def number(self, term: str) -> int | None:
        """Give the number of a term, or None when the corpus does not have it."""
        sought = term_hash(term)
        at = bisect_left(self._hashes, sought)
        return at if at < len(self._hashes) and self._hashes[at] == sought else None

    def frequency(self, stem: str) -> int:
        """How often the stem stood as a word of its own when the corpus was read."""
        at = self.number(stem)
        return 0 if at is None else self._frequency[at]

    def term(self, number: int) -> str:
        """Give the term with a number."""
        return self._texts[number]

    def corrected(self, term: str) -> tuple[int, ...]:
        """Give the numbers of up to three terms an unknown term may be a typo of, nearest and most common first."""
        return self._corrected(term)

    def _correct(self, term: str) -> tuple[int, ...]:
        if len(term) < TYPO_CHARS_MIN or not term.isalpha():
            return ()
        allowed = 2 if len(term) >= TYPO_TWO_CHARS_MIN else 1
        near = np.abs(self._lengths - np.int16(len(term))) <= allowed
        differing = np.bitwise_count(self._letters ^ np.uint32(_letters(term)))
        looked_at = np.flatnonzero(near & (differing <= 2 * allowed))
        if len(looked_at) > TYPO_LOOKED_AT_MAX:
            order = np.argsort(differing[looked_at], kind="stable")
            looked_at = looked_at[order[:TYPO_LOOKED_AT_MAX]]
        found = []
        for at in map(int, looked_at):
            documents, other = self.documents[at], self._texts[at]
            changes = edits(term, other, allowed) if documents else allowed + 1
            if changes <= allowed:
                found.append((changes, other[0] != term[0], -documents, at))
        found.sort()
        return tuple(at for changes, *_, at in found[:3] if changes == found[0][0])

    def close(self) -> None:
        """Let go of the mapped terms."""
        self._texts.close()


def write_vocabulary(
    folder: Path, documents: Mapping[str, int], frequency: Mapping[str, int]
) -> dict[str, int]:
    """Write the terms of a corpus and give each term's number.

    Takes:  documents: in how many passages a term stands; frequency: how often a stem stands as a word of its own.
    """
    by_hash = {term_hash(term): term for term in documents.keys() | frequency.keys()}
    order = sorted(by_hash)
    terms = [by_hash[h] for h in order]
    np.save(folder / "term_hash.npy", np.array(order, dtype=np.uint64))
    np.save(folder / "term_documents.npy", np.array([documents.get(t, 0) for t in terms], dtype=np.uint32))
    np.save(folder / "term_frequency.npy", np.array([frequency.get(t, 0) for t in terms], dtype=np.uint32))
    np.save(folder / "term_length.npy", np.array([len(t) for t in terms], dtype=np.int16))
    np.save(folder / "term_letters.npy", np.array([_letters(t) for t in terms], dtype=np.uint32))
    mapped.write_texts(folder / "terms.bin", folder / "term_start.npy", [t.encode() for t in terms])
    return {term: at for at, term in enumerate(terms)}


def term_hash(term: str) -> int:
    """Name a term by 64 bits; two of a million terms share one with a chance of three in a hundred million."""
    return int.from_bytes(blake2b(term.encode(), digest_size=8).digest(), "big")


def rarity(documents: float, passages: int) -> float:
    """Weigh a term by how few passages have it.

    Source: Robertson and Zaragoza 2009, BM25's inverse document frequency in Lucene's never-negative form.
    """
    return math.log(1 + (passages - documents + 0.5) / (documents + 0.5))


def edits(one: str, other: str, most: int) -> int:
    """Count insertions, deletions, changes and swaps between two words; `most + 1` stands for any more.

    Source: Damerau 1964; optimal string alignment, given up early.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: Sequence[int] = ()
    row: list[int] = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        current = [i]
        for j, b in enumerate(other, 1):
            cost = min(row[j] + 1, current[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        if min(current) > most:
            return most + 1
        before, row = row, current
    return row[-1]


def _letters(term: str) -> int:
    """Mark which of 31 classes of letters a term has, to rule out most terms before edits are counted."""
    mask = 0
    for c in term:
        mask |= 1 << (ord(c) % 31)
    return mask
