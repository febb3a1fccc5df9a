"""Phrases that show a need beyond doubt are heard, in the spellings people use, and look-alikes are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taktvoll.domain.conversation.needs import phrases_said, reasons_said
from taktvoll.domain.conversation.terms import HandoverReason

R = HandoverReason

SAID = [
    (R.EMERGENCY_MEDICAL, "Meine Mutter ist bewusstlos, bitte helfen Sie"),
    (R.EMERGENCY_MEDICAL, "er atmet nicht mehr"),
    (R.EMERGENCY_MEDICAL, "ich krieg keine luft mehr"),
    (R.EMERGENCY_MEDICAL, "Der Mundwinkel hängt und sie spricht verwaschen"),
    (R.EMERGENCY_MEDICAL, "habe starke Brustschmerzen und mir ist kalt"),
    (R.EMERGENCY_MEDICAL, "Unser Jüngster hat eine Knopfzelle verschluckt"),
    (R.EMERGENCY_MEDICAL, "es hört nicht auf zu bluten"),
    (R.EMERGENCY_MEDICAL, "He is unconscious on your stairs"),
    (R.EMERGENCY_MEDICAL, "my daughter swallowed a button battery"),
    (R.EMERGENCY_SUICIDE, "Ich will einfach nicht mehr leben"),
    (R.EMERGENCY_SUICIDE, "ich bring mich heute noch um"),
    (R.EMERGENCY_SUICIDE, "ohne mich hätten es alle besser"),
    (R.EMERGENCY_SUICIDE, "Ich stehe auf der Brücke"),
    (R.EMERGENCY_SUICIDE, "I want to die"),
    (R.EMERGENCY_SUICIDE, "thinking of killing myself"),
    (R.EMERGENCY_GAS, "Im Keller riecht es stark nach Gas"),
    (R.EMERGENCY_GAS, "Gasgeruch im Treppenhaus!"),
    (R.EMERGENCY_GAS, "der Bagger hat die Gasleitung erwischt"),
    (R.EMERGENCY_GAS, "seit die Therme läuft haben wir alle Kopfschmerzen"),
    (R.EMERGENCY_GAS, "der co-melder piept ununterbrochen"),
    (R.EMERGENCY_GAS, "I can smell gas in the hallway"),
    (R.EMERGENCY_VIOLENCE, "Mein Mann schlägt mich"),
    (R.EMERGENCY_VIOLENCE, "vor der Tür steht einer mit einem Messer"),
    (R.EMERGENCY_VIOLENCE, "Ich weiß wo ihr wohnt"),
    (R.EMERGENCY_VIOLENCE, "I will kill every one of you"),
    (R.FRAUD, "Diese Abbuchung kenne ich nicht"),
    (R.FRAUD, "meine Karte wurde geklaut"),
    (R.FRAUD, "hab meine TAN auf der Seite eingegeben"),
    (R.FRAUD, "there are charges I didn't make"),
    (R.LEGAL_THREAT, "Dann schalte ich meinen Anwalt ein"),
    (R.LEGAL_THREAT, "Wir sehen uns vor Gericht"),
    (R.LEGAL_THREAT, "ich wende mich an die Verbraucherzentrale"),
    (R.LEGAL_THREAT, "you will hear from my lawyer, see you in court"),
    (R.DATA_PROTECTION, "Bitte löschen Sie alle meine Daten"),
    (R.DATA_PROTECTION, "Ich bitte um Auskunft nach Art. 15 DSGVO"),
    (R.DATA_PROTECTION, "hiermit widerspreche ich der Weitergabe an Dritte"),
    (R.DATA_PROTECTION, "ich widerrufe meine Einwilligung"),
    (R.DATA_PROTECTION, "erase my personal data"),
    (R.REVOCATION, "Hiermit kündige ich meinen Vertrag"),
    (R.REVOCATION, "ich widerrufe den Kauf von gestern"),
    (R.REVOCATION, "Kündigung zum nächstmöglichen Zeitpunkt"),
    (R.REVOCATION, "I hereby cancel my contract"),
    (R.VULNERABLE, "Mein Vater hängt am Beatmungsgerät und der Strom ist weg"),
    (R.VULNERABLE, "Meine demente Tante hat bei Ihnen einen Vertrag unterschrieben"),
    (R.REQUEST, "Ich möchte mit einem Menschen sprechen"),
]

NOT_SAID = """
ich sterbe vor Neugier, wann kommt die Ware
Wie ändere ich meinen Notfallkontakt?
Warum ist meine Gasrechnung so hoch?
Wann wird der Gaszähler getauscht?
Mein Bruder schlägt mich jedes Mal im Schach, habt ihr Bücher?
Das war ein Bombenangebot
Wie kann ich meinen Vertrag kündigen?
Bis wann darf man einen Kauf widerrufen?
Ich überlege, ob ich kündige
Ich kündige Ihnen meinen Besuch für Montag an
Mein Anwalt heißt Meier, bitte schicken Sie ihm die Kopie
Enthält der Tarif Rechtsschutz?
Wie lange speichern Sie Rechnungen?
Wo finde ich die Datenschutzerklärung?
Löscht ein Werksreset alle Daten?
Wie erkenne ich Phishing?
Was passiert, wenn meine Karte gestohlen wird?
Vor zwei Jahren hatte ich einen Unfall und war bewusstlos, brauchen Sie den Bericht?
der Film war so gut, ich wollte sterben vor Lachen haha
Wie viel Strom braucht ein Beatmungsgerät, und wie hoch ist der Verbrauch?
Danke, alles bestens!
How do I cancel my contract?
Is your branch wheelchair accessible?
""".strip().splitlines()


@pytest.mark.parametrize(("reason", "text"), SAID)
def test_a_phrase_beyond_doubt_is_heard(reason: HandoverReason, text: str) -> None:
    """Where words leave no doubt, no model may overlook them."""
    assert reason in reasons_said(text, None)


@pytest.mark.parametrize(("reason", "text"), [case for case in SAID if case[0] is not R.REQUEST])
def test_spelling_does_not_matter(reason: HandoverReason, text: str) -> None:
    """People write in capitals, without umlauts, with strange spaces."""
    spelt = text.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    for version in (spelt, text.upper(), text.lower(), text.replace(" ", "  ")):
        assert reason in phrases_said(version)


@pytest.mark.parametrize("text", NOT_SAID)
def test_a_look_alike_says_nothing(text: str) -> None:
    """A false alarm wakes people, and tells a customer to leave the house for a bill."""
    assert phrases_said(text) == {}


def test_each_phrase_is_named_with_the_words_that_said_it() -> None:
    """The person who takes over sees why."""
    found = phrases_said("Guten Tag. Bei uns riecht es nach Gas! Bitte kommen.")
    assert found == {R.EMERGENCY_GAS: [("gas.smell", "riecht es nach gas")]}


@given(st.text(max_size=600))
def test_any_text_is_read(text: str) -> None:
    """A message may be anything."""
    for said in phrases_said(text).values():
        assert all(len(words) <= 120 for _, words in said)


@pytest.mark.parametrize(
    "text", ["kann ich " * 440, "gas riecht " * 360, "a" * 4000, "\ud800 \x00", "ich " * 1000]
)
def test_long_repetitions_are_read_calmly(text: str) -> None:
    """The rules must neither fail nor go round in circles."""
    phrases_said(text)
