"""The wish for a person is heard in German and English, in many words, and not where it is not meant."""

import pytest

from taktvoll.domain.conversation.wants_person import wants_person

WISHES = """
kann ich mit einem Menschen sprechen
Mitarbeiter bitte
echter Mensch
Kann ich das bitte mit einem Menschen klären?
Ich möchte das mit jemandem besprechen
kann das bitte ein Mensch klären
Mensch!
„Mensch“
verbinden Sie mich
Bitte verbinden Sie mich mit einem Mitarbeiter
rufen Sie mich an
ruft mich bitte zurück
Kann mich bitte jemand anrufen?
Ich bitte um Rückruf
Ich möchte mit jemandem reden
Gibt es bei Ihnen jemanden, mit dem ich sprechen kann?
Mit wem kann ich darüber sprechen?
Ich will nicht mit einem Bot schreiben
keine Lust mehr auf den Chatbot, ich will einen echten Ansprechpartner
Können Sie mich durchstellen?
stellen Sie mich bitte zum Kundenservice durch
gibts hier auch richtige Menschen?
Geben Sie mir bitte einen Kollegen
Ich brauche einen Sachbearbeiter
Kann sich das bitte ein Mitarbeiter ansehen?
ich möchte lieber persönlich mit jemandem sprechen
Ich will Ihren Chef sprechen
Sie verstehen mich nicht, bitte einen Menschen
hallo? ist da jemand?
Ich würde gerne mit einer Beraterin telefonieren
agent please
talk to someone
I want to speak to a human
can I talk to a real person please
connect me to an agent
get me a human
please call me back
I'd rather speak with one of your colleagues
is there a human there?
I don't want to talk to a bot
person
representative
could someone call me tomorrow?
""".strip().splitlines()

OTHERS = """
Muss ich das mit meinem Vermieter klären?
Gibt es einen Mitarbeiterrabatt?
Wie viele Menschen arbeiten bei Ihnen
Wie viele Mitarbeiter haben Sie?
Person im Haushalt anmelden
Ich möchte eine weitere Person im Haushalt anmelden
Wie melde ich eine zweite Person an?
Was kostet der Tarif für einen Zweipersonenhaushalt?
Ihr Mitarbeiter hat den Zähler abgelesen, stimmt das?
Wie ist die Nummer der Hotline?
Wie erreiche ich den Kundenservice telefonisch?
Kann eine andere Person meinen Vertrag kündigen?
Kann ich jemanden bevollmächtigen?
Wie verbinde ich den Router mit dem WLAN?
Ich möchte Mitarbeiter werden
Ein Mensch wurde verletzt
Sind Sie ein Mensch?
bist du ein roboter oder ein echter mensch?
Rufnummer mitnehmen
agentur für arbeit nachweis
how many people work for you
Can I add a person to my contract?
Can someone else pay my bill?
What number do I call to report an outage?
Are you a real person?
🙂
""".strip().splitlines()


@pytest.mark.parametrize("text", WISHES)
def test_a_wish_for_a_person_is_heard(text: str) -> None:
    """A person is one step away on every channel; whoever asks for one must not have to ask twice."""
    reason = wants_person(text, None)
    assert reason
    assert len(reason) <= 120


@pytest.mark.parametrize("text", OTHERS)
def test_a_look_alike_is_not_a_wish(text: str) -> None:
    """Handing over whoever merely mentions people would flood the desk and leave questions unanswered."""
    assert wants_person(text, "de") is None


@pytest.mark.parametrize("language", [None, "de", "de-AT", "en", "fr"])
def test_a_wish_is_heard_whatever_language_was_told(language: str | None) -> None:
    """The told language may be wrong; the wish counts all the same."""
    assert wants_person("Ich möchte mit einem Menschen sprechen.", language)
    assert wants_person("I want to talk to a human.", language)


def test_the_words_that_showed_it_are_given() -> None:
    """The agent who takes over sees why, and so does the record."""
    assert wants_person("Das hilft mir nicht. Verbinden Sie mich!", "de") == "verbinden sie mich"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "mit " * 1000,
        "ich will " * 450,
        "kann ich mit einem " * 220,
        "\ud800",
        "a" * 4000,
        "an einen " * 440,
    ],
)
def test_odd_messages_are_read_calmly(text: str) -> None:
    """A message may be long and repeat itself; the rules must neither fail nor go round in circles."""
    assert wants_person(text, "de") is None
