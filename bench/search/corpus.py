"""A German-like corpus of any size, made from a seed: support words, long tails of compounds, glue words between.

I decide what the speed of searching is measured on. speed.py calls me.
I never stand for quality: nobody wrote these sentences.
"""

import random
from collections.abc import Iterator
from itertools import accumulate

from taktvoll.domain.knowledge.terms import Passage

BASES = """
Abschlag Zähler Vertrag Rechnung Tarif Kündigung Umzug Zahlung Lastschrift Mahnung Adresse Konto Störung
Netz Strom Wasser Gas Wärme Anschluss Termin Techniker Lieferung Paket Bestellung Rückgabe Gutschein
Garantie Reparatur Karte Limit Kredit Beitrag Schaden Police Antrag Frist Nachweis Bescheid Ausweis Wohnung
Garten Tonne Abholung Fahrrad Wallbox Speicher Solar Heizung Prämie Bonus Kunde Portal Passwort Anmeldung
Brief Nummer Datum Auskunft Widerruf Vollmacht Person Familie Kind Steuer Zins
""".split()
ENDS = """
nummer stand wechsel gebühr prüfung meldung formular übersicht daten änderung frist stelle service wert
zeitraum preis
""".split()
VERBS = """
kündigen melden prüfen zahlen ändern beantragen erhalten senden sperren verlängern ablesen anmelden
bestätigen finden
""".split()
GLUE = """
der die das und oder mit für auf in bei von zu nach ist sind wird eine einen Sie Ihre wir uns nicht auch
wenn
""".split()


def passages(count: int, seed: int = 7) -> Iterator[Passage]:
    """Yield passages of 40–80 words with a question each; equal seeds give equal passages."""
    chance = random.Random(seed)
    vocabulary = _vocabulary(chance)
    weights = list(accumulate(1 / (rank + 10) ** 0.9 for rank in range(len(vocabulary))))
    for number in range(count):
        words = chance.choices(vocabulary, cum_weights=weights, k=chance.randint(20, 40))
        text = " ".join(f"{chance.choice(GLUE)} {word}" for word in words) + "."
        question = f"Wie kann ich {chance.choice(words)} {chance.choice(words)} {chance.choice(VERBS)}?"
        yield Passage(
            id=str(number),
            collection="bench",
            language="de",
            title=question,
            question=question,
            text=text,
            source="bench",
        )


def questions(count: int, size: int, seed: int = 11) -> list[str]:
    """Give questions made of a passage's own words, some mistyped: each has an answer."""
    chance = random.Random(seed)
    wanted = sorted(chance.sample(range(size), min(count, size)))
    found, asked = set(wanted), []
    for number, passage in enumerate(passages(size)):
        if number in found:
            words = [w for w in passage.text.strip(".").split() if w not in GLUE]
            picked = chance.sample(words, chance.randint(2, 5))
            if chance.random() < 0.2:
                cut = chance.randrange(1, len(picked[0]))
                picked[0] = picked[0][:cut] + picked[0][cut + 1 :]
            asked.append(f"Hallo, {chance.choice(GLUE)} {' '.join(picked)} {chance.choice(VERBS)}?")
    return asked


def _vocabulary(chance: random.Random) -> list[str]:
    words = [*BASES, *VERBS]
    words += [f"{base}{end}" for base in BASES for end in ENDS]
    words += [f"{a}{b.lower()}{end}" for a in BASES for b in BASES for end in ENDS[:6] if a != b]
    words += [f"{base}{number}" for base in BASES[:20] for number in range(100, 600)]
    tail = words[len(BASES) + len(VERBS) :]
    chance.shuffle(tail)
    return words[: len(BASES) + len(VERBS)] + tail
