"""Guidelines on CEL: what is let through means what it says; all else is refused with its place and a remedy."""

import re
from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taktvoll.adapters.guidelines import CelGuidelines
from taktvoll.base.limits import (
    GUIDELINE_CHARS_MAX,
    GUIDELINE_COST_MAX,
    GUIDELINE_TEXT_CHARS_MAX,
    GUIDELINES_FILE_BYTES_MAX,
    GUIDELINES_MAX,
)
from taktvoll.domain.conversation.guidelines import FACTS, Action, Facts, Guideline, facts_of
from taktvoll.domain.conversation.terms import HandoverReason, Mood, Need, State, Turn, Urgency
from tests.domain.made import candidate, signals

CEL = CelGuidelines()
HEARD = signals(
    mood=Mood(valence=-600_000, anger=800_000),
    urgency=Urgency.HIGH,
    insults=True,
    needs=(Need(HandoverReason.EMERGENCY_GAS, 1, ()), Need(HandoverReason.ANGER, 1, ())),
)
TURN = Turn(2, HEARD, candidates=(candidate("umzug"),), confidences=(420_000,))
FACTS_HEARD = facts_of(State(channel="webchat", account="web", declines=1), TURN, "de")


def guideline(when: str, **more: object) -> Guideline:
    """A guideline with this condition."""
    plain = Guideline(
        name="regel", when=when, then=Action.HAND_OVER, why=("Darum.", "Because."), owner="anna",
        reason=HandoverReason.GUIDELINE,
    )  # fmt: skip
    return replace(plain, **cast("dict[str, Any]", more))


def asked(when: str, facts: Facts = FACTS_HEARD) -> bool:
    """Ask a condition that must be sound."""
    assert CEL.check([guideline(when)]) == ()
    (ready,) = CEL.compile([guideline(when)])
    return ready.applies(facts)


@pytest.mark.parametrize(
    ("when", "applies"),
    [
        ('anger > 0.7 && urgency == "high"', True),
        ('"emergency_gas" in needs', True),
        ('"revocation" in needs || "anger" in needs', True),
        ('emergency == "gas"', True),
        ("emergency == 'medical'", False),
        ("valence < -0.5", True),
        ("valence < 0", True),
        ("!insults", False),
        ("!(insults && anger >= 1)", True),
        ("insults == true && mood_falling != true", True),
        ('urgency in ["high", "critical"]', True),
        ("declines >= 1 && declines < 2.5", True),
        ("size(needs) == 2", True),
        ('language == "de" && address == ""', True),
        ('channel.startsWith("web") && account.contains("e") && source.endsWith("zug")', True),
        ('confidence < 0.5 && collection == "hilfe"', True),
        ("insults || anger > 0.9 && false", True),
        ("(insults || anger > 0.9) && false", False),
        ("  insults\t", True),
    ],
)
def test_a_sound_condition_means_what_it_says(when: str, applies: bool) -> None:
    """People who never programmed read these; they must hold by the plain meaning of words and brackets."""
    assert asked(when) is applies


@pytest.mark.parametrize(
    ("when", "code", "position"),
    [
        ("", "guideline.missing", None),
        ("anger >", "guideline.ends", 8),
        ("(insults", "guideline.ends", 9),
        ("insults)", "guideline.syntax", 8),
        ("insults mood_falling", "guideline.syntax", 9),
        ("anger", "guideline.truth", 1),
        ("insults && anger", "guideline.truth", 12),
        ("!anger", "guideline.truth", 2),
        ('"x"', "guideline.truth", 1),
        ('anger > "x"', "guideline.kinds", 7),
        ('false && language > "a"', "guideline.kinds", 19),
        ('needs == "anger"', "guideline.kinds", 7),
        ("anger in needs", "guideline.kinds", 7),
        ("size(anger) > 1", "guideline.kinds", 1),
        ("anger.contains(language)", "guideline.syntax", 7),
        ("true || wut > 1", "guideline.name", 9),
        ("emergency == null", "guideline.name", 14),
        ("Anger > 0.5", "guideline.name", 1),
        ('urgency == "hoch"', "guideline.never", 12),
        ('"emergancy_gas" in needs', "guideline.never", 1),
        ('urgency in ["high", "sofort"]', "guideline.never", 21),
        ("anger > 70", "guideline.never", 9),
        ("valence < -2", "guideline.never", 12),
        ("anger > 0.5 und insults", "guideline.write", 13),
        ("anger > 0.5 & insults", "guideline.write", 13),
        ("anger = 0.5", "guideline.write", 7),
        ("not insults", "guideline.write", 1),
        ("1/declines > 2", "guideline.syntax", 2),
        ("anger + fear > 1", "guideline.syntax", 7),
        ("needs[9] == 'anger'", "guideline.syntax", 6),
        ("[].size() > 1", "guideline.syntax", 1),
        ("needs.exists(n, n == 'anger')", "guideline.syntax", 7),
        ('language.matches("(a+)+$")', "guideline.syntax", 10),
        ("insults ? true : false", "guideline.syntax", 9),
        ('language == "de', "guideline.syntax", 13),
        ('language == "\\u0000"', "guideline.syntax", 13),
        ("language == “de”", "guideline.syntax", 13),
        ("anger > 1e999", "guideline.syntax", 9),
        ("anger > .5", "guideline.syntax", 9),
        ("\x00", "guideline.syntax", 1),
        ("\ud800", "guideline.syntax", 1),
        ("(" * 20 + "insults" + ")" * 20, "guideline.cost", None),
        ("!" * 20 + "insults", "guideline.cost", None),
        ("||".join(["true"] * GUIDELINE_COST_MAX), "guideline.cost", None),
        ("insults" + " " * GUIDELINE_CHARS_MAX, "guideline.long", None),
    ],
)
def test_what_could_fail_is_refused_with_its_place(when: str, code: str, position: int | None) -> None:
    """A bad condition is found when it is published, by name, place and remedy; never when someone waits."""
    (problem,) = CEL.check([guideline(when)])
    assert (problem.code, problem.fields.get("position")) == (code, position)
    for language in ("de", "en"):
        text = problem.text(language)
        assert "regel" in text
        assert "?" not in re.sub(r"[„“”]\S*[„“”]", "", text), "a field of the text is missing"


PARTS = st.sampled_from(
    [*FACTS, "==", "!=", "<", ">=", "&&", "||", "!", "(", ")", "in", '"high"', '"anger"', '"gas"', "0.5", "1", "-1",
     "true", "[", "]", ",", ".", "size", "contains"]
)  # fmt: skip


@given(words=st.lists(PARTS, max_size=9))
def test_whatever_is_let_through_can_be_asked(words: list[str]) -> None:
    """The check is ours and the asking is CEL's: they may not differ on a single condition."""
    one = guideline(" ".join(words) or "x")
    if not CEL.check([one]):
        (ready,) = CEL.compile([one])
        assert ready.applies(FACTS_HEARD) in (True, False)


@given(text=st.text(max_size=60))
def test_no_text_breaks_the_check(text: str) -> None:
    """People paste anything."""
    CEL.check([guideline(text)])
    CEL.read(text)


def test_guidelines_that_ask_about_the_find_are_marked() -> None:
    """The engine asks them after the search and not before."""
    later = [r.later for r in CEL.compile([guideline("insults"), guideline("insults || confidence < 0.5")])]
    assert later == [False, True]


def test_an_edition_s_guidelines_share_nothing_between_messages() -> None:
    """Facts are handed to CEL once a message; those of the message before must not linger."""
    first, second = CEL.compile([guideline("insults"), guideline("anger > 0.5")])
    calm = facts_of(State(), Turn(2, signals()), "de")
    answers = [(first.applies(f), second.applies(f)) for f in (FACTS_HEARD, calm, FACTS_HEARD, calm)]
    assert answers == [(True, True), (False, False)] * 2


def test_a_guideline_of_a_newer_program_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    """Two versions run side by side during an update; the older one must go on answering, and say what it misses."""
    ready = CEL.compile([guideline("weather == 'rain'", name="neu"), guideline("insults")])
    assert [r.guideline.name for r in ready] == ["regel"]
    assert "neu" in caplog.text


def test_the_program_s_own_guidelines_are_sound_and_careful() -> None:
    """Every installation starts with them: sound, reasoned in both languages, and no need forgotten."""
    defaults = CEL.defaults()
    assert CEL.check(defaults) == ()
    assert all(len(g.why[0]) > 40 and len(g.why[1]) > 40 and g.why[0] != g.why[1] for g in defaults)
    ready = CEL.compile(defaults)
    mild = signals(mood=Mood(valence=-300_000, anger=500_000), insults=False)
    assert not any(r.applies(facts_of(State(), Turn(2, mild), "de")) for r in ready)
    for reason in ("vulnerable", "distress", "legal_threat", "anger"):
        heard = signals(needs=(Need(HandoverReason(reason), 1, ()),))
        facts = facts_of(State(), Turn(2, heard), "de")
        assert next(r.guideline.reason for r in ready if r.applies(facts)) == reason


def test_a_file_comes_back_as_it_was_written() -> None:
    """`guideline show` gives the file that `guideline set` takes."""
    text = ('Ja, „so“.\nUnd "so".', "Yes 'so' \\ \x7f.")
    odd = guideline('language == "de"', name="üß", then=Action.SAY, reason=None, text=text)
    both = guideline("language == \"de\" && channel != 'x'", name="beide")
    kept = (*CEL.defaults(), odd, both)
    assert CEL.read(CEL.write(kept)) == (kept, ())


ENTRY = {
    "name": '"x"', "when": '"insults"', "then": '"hand_over"', "reason": '"anger"', "why_de": '"a"', "why_en": '"b"',
    "owner": '"c"',
}  # fmt: skip


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"when": None}, "guideline.missing"),
        ({"reason": None}, "guideline.missing"),
        ({"why_en": '" "'}, "guideline.missing"),
        ({"then": '"say"', "reason": None}, "guideline.missing"),
        ({"then": '"say"'}, "guideline.field"),
        ({"weather": '"x"'}, "guideline.field"),
        ({"then": '"shout"'}, "guideline.value"),
        ({"reason": '"wut"'}, "guideline.value"),
        ({"urgency": '"sofort"'}, "guideline.value"),
        ({"owner": "7"}, "guideline.value"),
        ({"when": "[1]"}, "guideline.value"),
        ({"then": "{}"}, "guideline.value"),
        ({"why_de": '"' + "x" * (GUIDELINE_TEXT_CHARS_MAX + 1) + '"'}, "guideline.long"),
        ({"name": '"' + "x" * 61 + '"'}, "guideline.long"),
    ],
)
def test_an_entry_that_is_not_whole_is_named(more: dict[str, str | None], code: str) -> None:
    """One bad entry must not hide another, and the message says which field of which guideline."""
    fields = {k: v for k, v in (ENTRY | more).items() if v is not None}
    entry = "[[guideline]]\n" + "".join(f"{k} = {v}\n" for k, v in fields.items())
    sound = "[[guideline]]\n" + "".join(f"{k} = {v}\n" for k, v in (ENTRY | {"name": '"gut"'}).items())
    found, problems = CEL.read(entry + sound)
    assert [p.code for p in problems] == [code]
    assert [g.name for g in found] == ["gut"]


@pytest.mark.parametrize(
    "text",
    [
        "[[guideline", "guideline = 3", "guideline = [3]", "[rule]\nx = 1", "\ud800",
        "x" * (GUIDELINES_FILE_BYTES_MAX + 1),
        "guideline = " + "[" * 5_000,
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_refused(text: str) -> None:
    """Whatever lies in the file, the answer is a sentence and not a crash."""
    found, problems = CEL.read(text)
    assert (found, [p.code for p in problems]) == ((), ["guideline.file"])


def test_an_empty_file_means_no_guidelines() -> None:
    """Switching all of them off is a choice one can make."""
    assert CEL.read("# nothing\n") == ((), ())


def test_names_are_given_once_and_numbers_bounded() -> None:
    """The record names guidelines; two of one name could not be told apart, and ten thousand would slow each turn."""
    assert [p.code for p in CEL.check([guideline("insults"), guideline("insults")])] == ["guideline.twice"]
    many = [guideline("insults", name=f"r{n}") for n in range(GUIDELINES_MAX + 1)]
    assert [p.code for p in CEL.check(many)] == ["guideline.many"]
