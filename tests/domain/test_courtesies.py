"""Politeness, a yes, and a number: what is only that, and what merely looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taktvoll.base.limits import MESSAGE_CHARS_MAX
from taktvoll.domain.conversation.courtesies import affirms, courtesy_of, picked
from taktvoll.domain.conversation.terms import Courtesy

GREETINGS = """
Hallo|hallo!|Hi|Hey|Moin|Moin moin|Servus|Grüß Gott|Gruess Gott|Guten Tag|Guten Morgen!|guten abend
GUTEN TAG|Tach|Hallo zusammen|Hallo Team|Hello|Hello there|Good morning|good afternoon!|Hi there
hallo 👋|Hallo :)|Guten Tag!!!|hallo...
"""
THANKS = """
Danke|danke!|Vielen Dank|vielen Dank!|Herzlichen Dank|Danke schön|Dankeschön|danke sehr
Danke für die schnelle Hilfe|Merci|Ok danke|Super, vielen Dank!|Alles klar, danke|Thanks
thanks a lot!|Thank you very much|thx|Danke 👍|Vielen Dank, das hat mir geholfen|Danke, tschüss
Perfekt, danke dir|Danke, hat geklappt!|Hat geklappt, danke!|danke dir, tschau|Danke, das wars
Super, es hat alles funktioniert. Danke!|Thanks, it worked|Thank you, that's all|Vielen Dank, schönen Tag noch!
"""
GOODBYES = """
Tschüss|tschüß|Tschuess|Auf Wiedersehen!|ciao|Bis bald
Schönen Tag noch|Schönen Abend|Bye|goodbye|See you
"""
NO_COURTESY = """
Hallo, wo ist mein Paket?|Hallo Welt|Guten Tag ich möchte kündigen|Danke, aber das hilft nicht
Danke für nichts|Hallo?? Wann kommt die Rechnung|Ich danke für die Mahnung nicht
Dankeskarte bestellen|Hi-Fi Anlage kaputt|Thanksgiving hours|Bye bye contract
Wie sage ich tschüss zu Ihnen|Vielen Dank. Noch eine Frage: Wo finde ich den Vertrag?|Gutschein
Danke, hat nicht geklappt|Danke, hat geklappt, aber wo ist die Rechnung?|Danke für alles. Tschüss
Thanks, it worked but I was charged twice|Hat es geklappt? Danke|Danke, hat das geklappt?
Danke nein|Tag der offenen Tür|Schönen Tag der Rechnung|hello world|good bye fees
"""
YES = """
ja|Ja!|ja bitte|Ja, gerne|gerne|Gern|bitte|Klar|ok|Okay|jo|jawohl|Ja das wäre nett|sehr gerne
bitte ja|mach das|yes|Yes please|yes, please!|sure|yeah|Please do|ja 👍
"""
NO_YES = """
ja, aber wann?|nein|Ja wo ist sie denn|jaein|ja nein|Jahr|klarmobil|Gerne hätte ich eine Rechnung
bitte kündigen|yes but how|please cancel|okay und jetzt?|no|ja ja der Vertrag|yesterday
"""


def lines(texts: str) -> list[str]:
    """The texts of a list, one parameter each."""
    return [t for line in texts.strip("\n").split("\n") for t in line.split("|")]


@pytest.mark.parametrize("text", lines(GREETINGS))
def test_a_greeting_is_only_a_greeting(text: str) -> None:
    """Whoever says hello is greeted back; a search for "Moin" would find nonsense."""
    assert courtesy_of(text) is Courtesy.GREETING


@pytest.mark.parametrize("text", lines(THANKS))
def test_thanks_are_only_thanks(text: str) -> None:
    """Thanks are returned, not answered with a passage."""
    assert courtesy_of(text) is Courtesy.THANKS


@pytest.mark.parametrize(
    "text",
    [
        "Hallo Frau Berg,\n\nvielen Dank für die schnelle Antwort.\n\nViele Grüße\nEva Muster",
        "Guten Tag,\n\nvielen Dank, hat alles geklappt!\n\nMit freundlichen Grüßen\n\nEva Muster",
        "Super, danke!\n\nLG Eva",
        "Dear Ms Berg,\nthank you very much!\nKind regards\nEva",
    ],
)
def test_thanks_in_the_form_of_a_letter_are_thanks(text: str) -> None:
    """In a mail even two words have a salutation and a name; that makes them no request."""
    assert courtesy_of(text) is Courtesy.THANKS


@pytest.mark.parametrize(
    "text",
    [
        "Vielen Dank!\nGruß Eva\nPS Rückruf",
        "Vielen Dank!\nViele Grüße\nEva Muster\nWann kommt der Techniker",
        "Vielen Dank!\nGruß, bitte zurückrufen",
        "Hallo, wo bleibt die Rechnung?\nDanke",
        "Hallo, Rechnung 4711 fehlt,\nvielen Dank\nGruß Eva",
        "Hallo, bitte kündigen\nDanke",
        "Danke\nGruß\nKündigung zum 1.12.",
        "Vielen Dank\nund wo ist der Vertrag\nGruß Eva",
    ],
)
def test_what_stands_in_a_letters_form_is_read(text: str) -> None:
    """A wish behind the name would be lost with the whole mail."""
    assert courtesy_of(text) is None


@pytest.mark.parametrize("text", lines(GOODBYES))
def test_a_goodbye_is_only_a_goodbye(text: str) -> None:
    """Whoever leaves is let go kindly."""
    assert courtesy_of(text) is Courtesy.GOODBYE


@pytest.mark.parametrize("text", lines(NO_COURTESY))
def test_who_asks_something_wants_an_answer(text: str) -> None:
    """A question behind a greeting, or a complaint behind thanks, must never be answered with a politeness."""
    assert courtesy_of(text) is None


@pytest.mark.parametrize("text", lines(YES))
def test_a_bare_yes_is_a_yes(text: str) -> None:
    """A yes to our offer brings a person."""
    assert affirms(text)


@pytest.mark.parametrize("text", lines(NO_YES))
def test_more_than_a_yes_is_a_message(text: str) -> None:
    """A yes with a condition, or a word that begins like one, accepts nothing."""
    assert not affirms(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        ("2.", 2),
        (" 3) ", 3),
        ("Nummer 2", 2),
        ("nr. 1", 1),
        ("Die 3", 3),
        ("option 2", 2),
        ("Punkt 1", 1),
    ],
)
def test_a_number_picks(text: str, number: int) -> None:
    """Where there is nothing to click, people write the number."""
    assert picked(text) == number


@pytest.mark.parametrize(
    "text", ["", "0", "10", "12", "2 Zähler", "1,5", "die zweite", "Tarif 2", "2026", "-1", "1/2", "²"]
)
def test_a_figure_in_a_message_picks_nothing(text: str) -> None:
    """ "12" is a customer's own figure, not the first choice and then the second."""
    assert picked(text) is None


PIECES = st.sampled_from(
    [
        "ok",
        "okay, ",
        "super,",
        "danke",
        " ",
        ", ",
        "!",
        "hallo",
        "ja",
        "das hat geholfen",
        "bitte",
        "\n",
        "👍",
        "1",
        ")",
    ]
)


@given(text=st.one_of(st.text(max_size=400), st.lists(PIECES, max_size=200).map("".join)))
def test_any_text_is_judged_calmly(text: str) -> None:
    """Strangers write this; nothing may raise, and each kind must stay what it says."""
    assert courtesy_of(text) in (None, *Courtesy)
    assert affirms(text) in (True, False)
    assert picked(text) in (None, *range(1, 10))


@pytest.mark.parametrize(
    "piece",
    "ok,|ok|super, |danke|danke, |, | |!|ja, |das hat geholfen|perfekt|bye |❤️|👍|-|moin".split("|"),
)
def test_the_longest_message_is_judged_to_its_end(piece: str) -> None:
    """A pattern that tries all ways through 4,000 characters would hang the turn, and this test with it."""
    text = (piece * MESSAGE_CHARS_MAX)[: MESSAGE_CHARS_MAX - 1]
    for whole in (text + "x", "danke" + text, "danke" + text[:-5] + "?", "x" + text):
        courtesy_of(whole)
        affirms(whole)
        picked(whole)
