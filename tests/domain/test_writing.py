"""What is written before it is sent, as plain values: open suggestions, places to fill, words to look for."""

from dataclasses import replace
from typing import Any

import pytest

from taktvoll.domain.conversation.finding import WORDS_CHARS_MAX, pieces_of, sought_from
from taktvoll.domain.conversation.terms import Address, Event
from taktvoll.domain.conversation.writing import UNDO_S_DEFAULT, open_suggestion, settled_use, undo_s
from taktvoll.domain.governance.placeholders import Facts, filled, unfilled
from taktvoll.domain.governance.rules import places
from taktvoll.domain.governance.terms import Hold, Part, PartKind
from tests.domain.made import NOW, draft, facts

PASSAGE = ["hilfe", "stand", "de", "h"]


def decided(seq: int, **more: Any) -> Event:
    """A decision that suggests an answer."""
    suggestion = {"decision": "answer", "passage": PASSAGE, "passages": [], "choices": [], "because": "sure"}
    payload: dict[str, Any] = {
        "decision": "handover",
        "suggestion": suggestion,
        "topic": "t",
        "light": "copilot",
    }
    return Event(seq, "answer.decided", NOW, "assistant", payload | more)


def sent(seq: int, author: str) -> Event:
    """A message that went out."""
    return Event(seq, "message.released", NOW, "x", {"author": author})


def settled(seq: int, of: int, use: str = "rejected") -> Event:
    """What somebody made of a suggestion."""
    return Event(seq, "suggestion.settled", NOW, "staff:s", {"of": of, "use": use})


def test_suggestion_is_open_until_somebody_deals_with_it() -> None:
    """A suggestion that stands there after it was dealt with would be counted, or sent, a second time (B5)."""
    first = decided(3)
    assert open_suggestion([]) is None
    assert open_suggestion([first]) is first
    assert open_suggestion([first, sent(4, "assistant")]) is first
    assert open_suggestion([first, sent(4, "person")]) is None
    assert open_suggestion([first, settled(4, 3)]) is None
    second = decided(9)
    assert open_suggestion([first, sent(4, "person"), second]) is second
    assert open_suggestion([first, decided(9, suggestion=None)]) is None


@pytest.mark.parametrize(
    "more",
    [{"shadow": True}, {"suggestion": {"decision": "ask_back", "passage": None}}, {"suggestion": None}],
)
def test_what_is_no_suggestion_is_never_shown(more: dict[str, Any]) -> None:
    """In shadow people's words must be their own; and there is nothing to send where nothing was found (I3)."""
    assert open_suggestion([decided(3, **more)]) is None


def test_first_settlement_counts() -> None:
    """Whatever comes later, one suggestion is one piece of evidence (B5)."""
    first, later = settled(4, 3, "edited"), settled(5, 3, "accepted")
    assert settled_use([decided(3), first, later], 3) is first
    assert settled_use([first], 9) is None


@pytest.mark.parametrize(("given", "wanted"), [(0, 0), (30, 30), (31, 30), (-1, 0), ("x", 5), (None, 5)])
def test_seconds_to_undo_stay_within_reason(given: object, wanted: int) -> None:
    """A setting that someone mistyped must neither hold replies back for hours nor break sending."""
    assert undo_s({"undo_s": given}) == wanted
    assert undo_s({}) == UNDO_S_DEFAULT


def test_places_are_filled_in_the_form_of_address() -> None:
    """Whoever says du is not answered with the stiffest greeting, and nobody types their own name all day."""
    text = "{{anrede}}\n\nIhr Zähler.\n\n{{Gruß}}"
    formal = Facts("de", None, "Jana Brückner")
    assert filled(text, formal) == "Guten Tag,\n\nIhr Zähler.\n\nFreundliche Grüße\nJana Brückner"
    familiar = Facts("de", Address.DU, "Jana", "Kim")
    assert filled(text, familiar) == "Hallo Kim,\n\nIhr Zähler.\n\nViele Grüße\nJana"
    assert filled("{{greeting}} {{ agent }}", Facts("en", None, "Jana")) == "Hello, Jana"
    assert filled("Liebe {{name}}, {{unbekannt}}", formal) == "Liebe {{name}}, {{unbekannt}}"
    assert filled("{{name}}", Facts("de", None, "J", "{{ich}}")) == "{{ich}}"


def test_open_place_never_leaves_the_house() -> None:
    """“Liebe {{name}}” tells a customer that nobody read their letter; an answer by the AI is held like a person's."""
    whole = draft()
    spoilt = replace(whole, parts=(Part(PartKind.TEXT, "Liebe {{name}},", "de"),))
    quoted = replace(whole, parts=(Part(PartKind.QUOTE, "{{name}}", "de"),))
    assert places.check(spoilt, facts()) == Hold(("place.open",))
    assert places.check(whole, facts()) is None
    assert places.check(quoted, facts()) is None
    assert unfilled("{{Name}} {{ICH}} {{x}}") == ("{{Name}}", "{{ICH}}")


def test_words_are_read_as_people_type_them() -> None:
    """A star at a word's end finds all that begin so; anything else is left to the search."""
    sought = sought_from('  zähler*  "genau so" -umzug ü* ')
    assert sought.starts == ("zähler",)
    assert sought.words == '"genau so" -umzug ü*'
    assert sought_from("x" * 999).words == "x" * WORDS_CHARS_MAX
    assert sought_from("a*b c*d").starts == ()


def test_german_words_and_quotes_search_as_english_ones_do() -> None:
    """The hint shows „…“, and people write "oder": as words of a search both found nothing, in silence."""
    assert sought_from("„zwei Fragen“ oder »Umzug«").words == '"zwei Fragen" or "Umzug"'
    assert sought_from("Gas Oder Strom").words == "Gas or Strom"
    assert sought_from("“heute oder morgen” Moderator").words == '"heute oder morgen" Moderator'


def test_marks_become_pieces() -> None:
    """What a customer wrote is shown as text: marks are places in it, never markup."""
    assert pieces_of("Der <Zähler> und <Stand>.", "<", ">") == ("Der ", "Zähler", " und ", "Stand", ".")
    assert pieces_of("nichts", "<", ">") == ("nichts",)
    assert pieces_of("<ganz>", "<", ">") == ("", "ganz", "")
