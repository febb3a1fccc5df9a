"""German-like help entries of any number, and questions about them, made from a seed.

I decide what the speed of a chat is measured on. run.py writes my entries into a file that is imported, and hands my
questions to the client. I never stand for quality: nobody wrote these sentences; measure.py measures that.
"""

import json
import random
from collections.abc import Iterator
from pathlib import Path

THINGS = """
Abschlag Anschluss Antrag Ausweis Beitrag Bescheid Bestellung Bonus Brief Erstattung Fahrkarte Garantie Gerät Gutschein
Haushalt Heizung Karte Kaution Konto Kredit Kunden Lager Lastschrift Leitung Lieferung Mahnung Mandat Miete Nachweis
Netz Paket Passwort Police Prämie Rechnung Reise Reparatur Rücksendung Schaden Schlüssel Solar Speicher Steuer Strom
Tarif Umzug Verbrauch Vertrag Wallbox Wärme Wasser Werkstatt Zahlung Zähler Zins Zubehör
""".split()
PARTS = """
abgleich abrechnung adresse änderung anzeige auskunft bedingung berechnung bestätigung betrag daten datum formular frist
gebühr grenze guthaben historie kennung liste meldung nummer preis protokoll prüfung rabatt schutz sperre stand stelle
termin übersicht umstellung unterlage verfahren verlauf wechsel wert zeitraum zusage
""".split()
DOINGS = {
    "kündigen": "Kündigung", "ändern": "Änderung", "beantragen": "Antrag", "verlängern": "Verlängerung",
    "melden": "Meldung", "prüfen": "Prüfung", "bezahlen": "Zahlung", "widerrufen": "Widerruf", "finden": "Suche",
    "übertragen": "Übertragung", "sperren": "Sperre", "hochladen": "Übermittlung", "einsehen": "Einsicht",
    "verschieben": "Verschiebung", "korrigieren": "Korrektur", "bestätigen": "Bestätigung",
}  # fmt: skip
CASES = [
    case
    for line in """
nach einem Umzug|bei einem Todesfall|ohne Internet|für ein Gewerbe|im Ausland|als Mieterin|als Vermieter|per Telefon
vor Ablauf der Frist|nach einer Mahnung|mit einer Vollmacht|in der App|im Kundenportal|für ein zweites Konto|bei Verzug
nach einem Gerätetausch|für Studierende|bei einer Familie|am Wochenende|trotz Sperre
""".split("\n")
    for case in line.split("|")
    if case
]
ADVICE = (
    "Öffnen Sie im Kundenportal den Bereich {thing} und wählen Sie dort {doing}.",
    "Halten Sie Ihre Kundennummer und den Vermerk {code} bereit.",
    "Die Bearbeitung dauert in der Regel {days} Werktage.",
    "Eine Gebühr von {euros} Euro fällt nur an, wenn die Frist {case} schon verstrichen ist.",
    "Sie erhalten danach eine Bestätigung mit der Nummer {code}.",
    "{case_start} gilt das auch für {other}.",
    "Fehlt uns eine Angabe zu {other}, fragen wir einmal nach und setzen den Vorgang so lange aus.",
    "Ein formloses Schreiben genügt, wenn {thing} und {other} darin genannt sind.",
    "Wer {other} schon übermittelt hat, muss nichts weiter tun.",
)
WAYS_OF_ASKING = (
    "Wie kann ich {thing} {doing}?",
    "{thing} {doing} {case}, geht das?",
    "Hallo, ich möchte {case} {thing} {doing}. Was muss ich tun?",
    "Wo finde ich {thing}? Ich will das {doing}",
    "wie lange dauert die {noun} von {thing} {case}",
    "Guten Tag, meine Mutter fragt, ob man {case} {thing} {doing} darf.",
    "{noun} {thing} {case}",
    "Was kostet es, {case} {thing} zu {doing}?",
    "Kann mir jemand sagen, wie {thing} {case} funktioniert? Es geht um {noun}.",
    "muss {thing} {doing} – {case} – bitte um hilfe",
)


def write_entries(path: Path, count: int, seed: int = 20) -> None:
    """Write entries as JSON Lines, as a company would export them; equal seeds give equal files."""
    with path.open("w", encoding="utf-8") as file:
        for subject, entry in _entries(count, seed):
            file.write(json.dumps(entry | {"section": subject["thing"]}, ensure_ascii=False) + "\n")


def questions(count: int, entries: int, seed: int = 20, asked_seed: int = 21) -> list[str]:
    """Ask about entries drawn from such a file, each question different, one in five mistyped."""
    chance = random.Random(asked_seed)
    drawn = set(chance.sample(range(entries), min(count, entries)))
    asked: dict[str, None] = {}
    for number, (subject, _) in enumerate(_entries(entries, seed)):
        if number in drawn:
            text = chance.choice(WAYS_OF_ASKING).format(**subject)
            asked[_mistyped(text, chance) if chance.random() < 0.2 else text] = None
    found = list(asked)
    chance.shuffle(found)
    return found


def _entries(count: int, seed: int) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """Give subjects and entries; a thing of many parts turns up seldom, as in any large help centre."""
    chance = random.Random(seed)
    things = _things(chance)
    doings, numbers = list(DOINGS), range(len(things))
    for number in range(count):
        thing = things[int(len(things) * chance.random() ** 2)]
        doing, case = chance.choice(doings), chance.choice(CASES)
        subject = {"thing": thing, "doing": doing, "noun": DOINGS[doing], "case": case}
        other = things[chance.choice(numbers)]
        yield subject, _entry(number, subject, other, chance)


def _entry(number: int, subject: dict[str, str], other: str, chance: random.Random) -> dict[str, str]:
    case = subject["case"]
    filled = subject | {
        "other": other, "case_start": case[0].upper() + case[1:], "code": f"{chance.choice('ABKRTX')}{number:05d}",
        "days": str(chance.randint(2, 21)), "euros": f"{chance.randint(1, 60)},{chance.choice(('00', '50', '90'))}",
    }  # fmt: skip
    sentences = [s.format(**filled) for s in chance.sample(ADVICE, chance.randint(3, 6))]
    return {
        "id": f"entry-{number}",
        "language": "de",
        "question": f"Wie kann ich {case} {subject['thing']} {subject['doing']}?",
        "answer": " ".join(sentences),
    }


def _things(chance: random.Random) -> list[str]:
    pairs = [f"{a}{p}" for a in THINGS for p in PARTS]
    longer = [f"{a}{b.lower()}{p}" for a in THINGS for b in THINGS[::3] for p in PARTS[::4] if a != b]
    chance.shuffle(pairs)
    chance.shuffle(longer)
    return pairs + longer


def _mistyped(text: str, chance: random.Random) -> str:
    """Leave out or double one letter, as fingers do."""
    place = chance.randrange(1, len(text) - 1)
    return text[:place] + (text[place] * 2 if chance.random() < 0.5 else "") + text[place + 1 :]
