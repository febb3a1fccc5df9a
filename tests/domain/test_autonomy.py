"""Earned autonomy: the bound and the alarm, what may count, when a light changes, and the draw."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taktvoll.base.errors import Refused
from taktvoll.base.ids import ConversationId
from taktvoll.domain.autonomy.bounds import (
    alarm_after,
    alarm_height,
    alarm_over,
    labels_missing,
    no_alarm,
    trust,
    upper_bound,
)
from taktvoll.domain.autonomy.comparing import Use, alike, nearest, use_of, verdict_on
from taktvoll.domain.autonomy.draw import answered_with, case_of, is_drawn, may_count, ticket
from taktvoll.domain.autonomy.lights import Lights, topic_of
from taktvoll.domain.autonomy.standing import (
    JUDGED_WITHIN,
    PROOF_LABELS_MAX,
    UNJUDGED_MAX,
    Move,
    alpha_of,
    falls_to,
    lapsed,
    move,
    stand,
)
from taktvoll.domain.autonomy.terms import Case, Origin, Promise, Seen, TopicLight, Verdict
from taktvoll.domain.conversation.terms import Event, Light
from taktvoll.domain.knowledge.confidence import PPM
from tests.domain.made import NOW, passage

PROMISE = Promise()
COUNTS = st.integers(0, 3_000).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, min(n, 200))))
ALPHAS = st.sampled_from([0.001, 0.01, 0.04, 0.05, 0.2])
TALK = ConversationId(UUID(int=77))


@settings(max_examples=40)
@given(COUNTS, ALPHAS)
def test_right_labels_lower_the_bound_and_wrong_ones_raise_it(counts: tuple[int, int], alpha: float) -> None:
    """A label must never speak against what it says."""
    n, w = counts
    bound = upper_bound(n, w, alpha)
    assert upper_bound(n + 1, w, alpha) <= bound + 1e-9
    assert upper_bound(n + 1, w + 1, alpha) >= bound - 1e-9
    assert (w / n if n else 0) <= bound <= 1


@settings(max_examples=40)
@given(COUNTS, ALPHAS, st.sampled_from([0.005, 0.03, 0.1]))
def test_missing_labels_are_just_enough(counts: tuple[int, int], alpha: float, error: float) -> None:
    """The page promises a number: with so many right ones the proof is there, with one fewer it is not."""
    n, w = counts
    more = labels_missing(n, w, error, alpha)
    assert upper_bound(n + more, w, alpha) <= error + 1e-9
    if more:
        assert upper_bound(n + more - 1, w, alpha) > error - 1e-9


def test_more_confidence_needs_more_labels() -> None:
    """Five per cent of doubt are cheaper than one; nobody proves three per cent with a handful of labels."""
    needed = [labels_missing(0, 0, 0.03, alpha) for alpha in (0.2, 0.05, 0.01)]
    assert needed == sorted(needed)
    assert needed[0] > math.log(0.2) / math.log(0.97)
    assert labels_missing(0, 0, 0.03, 0.05) == 118


@pytest.mark.parametrize("error", [0.01, 0.03, 0.2])
def test_a_bet_on_a_true_claim_is_fair_at_best(error: float) -> None:
    """Ville's inequality rests on this: the expected wealth after one more label is not above the wealth before."""
    for n, w in ((0, 0), (5, 1), (100, 2), (400, 30)):
        right, wrong = float(trust(n + 1, w, error)), float(trust(n + 1, w + 1, error))
        expected = (1 - error) * math.exp(right) + error * math.exp(wrong)
        assert expected <= math.exp(float(trust(n, w, error))) * (1 + 1e-9)


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=12))
def test_bound_covers_rates_that_change(rates: Sequence[float]) -> None:
    """While the mean of changing rates is not below the error, the expected wealth is at most 1 (exactly computed)."""
    error = max(0.02, min(0.5, float(np.mean(rates))))
    if float(np.mean(rates)) < error:
        return
    chances = np.array([1.0])
    for rate in rates:
        chances = np.convolve(chances, [1 - rate, rate])
    wealth = np.exp(trust(np.full(len(chances), len(rates)), np.arange(len(chances)), error))
    assert float(chances @ wealth) <= 1 + 1e-9


@pytest.mark.parametrize("error", [0.01, 0.03, 0.2])
def test_alarm_grows_by_one_a_label_at_most_while_all_is_well(error: float) -> None:
    """From this follows that a false alarm takes as many labels as its height says, on average at least."""
    alarm = no_alarm()
    for wrong in (False, False, True, False, True):
        alarm = alarm_after(alarm, wrong, error)
        right, bad = (float(alarm_height(alarm_after(alarm, x, error))) for x in (False, True))
        assert (1 - error) * right + error * bad <= float(alarm_height(alarm)) + 1 + 1e-9


@given(st.lists(st.booleans(), max_size=60))
def test_both_forms_of_the_alarm_agree(wrongs: list[bool]) -> None:
    """One is for a topic, one for thousands; the simulation proves only what they share."""
    alarm = no_alarm()
    for wrong in wrongs:
        alarm = alarm_after(alarm, wrong, 0.03)
    assert alarm_over(wrongs, 0.03) == pytest.approx(float(alarm_height(alarm)))


def test_a_long_good_past_does_not_hide_a_bad_present() -> None:
    """Ten thousand right answers say nothing about today."""
    bad = [True, False, True, True, False, True, True]
    assert alarm_over([False] * 10_000 + bad, 0.03) >= alarm_over(bad, 0.03)


def test_all_lives_together_keep_the_promise() -> None:
    """A topic that may begin anew as often as it likes must not wear the promise out."""
    shares = [alpha_of(PROMISE, life) for life in range(1, 5_000)]
    assert sum(shares) <= 0.05 + 1e-9
    assert shares == sorted(shares, reverse=True)


@pytest.mark.parametrize("bad", [(0, 950_000, 1), (30_000, 950_000, 0)])
def test_a_promise_of_nothing_is_refused(bad: tuple[int, int, int]) -> None:
    """No drawn answers, no evidence; no tolerated error, no proof ever."""
    with pytest.raises(Refused):
        Promise(*bad)


def topic(light: Light = Light.PROBATION, life: int = 1) -> TopicLight:
    """A topic that began long ago."""
    return TopicLight("Abschlag", light, False, life, NOW, NOW)


def seen(*verdicts: Verdict | None) -> list[Seen]:
    """Evidence taken minute by minute."""
    return [Seen(NOW + timedelta(minutes=n + 1), v) for n, v in enumerate(verdicts)]


RIGHT, WRONG = Verdict.RIGHT, Verdict.WRONG
SOON, LATE = NOW + timedelta(days=1), NOW + JUDGED_WITHIN + timedelta(days=2)


def test_what_was_drawn_later_waits_for_what_was_drawn_before() -> None:
    """Judging the easy ones first must not bring the proof forward."""
    mixed = seen(RIGHT, None, *[RIGHT] * 300)
    early = stand(PROMISE, topic(), mixed, SOON)
    assert (early.labels, early.unjudged, early.overdue, early.proven) == (1, 1, 0, False)
    late = stand(PROMISE, topic(), mixed, LATE)
    assert (late.labels, late.wrong, late.overdue, late.proven) == (302, 1, 1, True)


def test_proof_leads_to_a_proposal_and_no_further() -> None:
    """The evidence proposes; only a person promotes."""
    needed = labels_missing(0, 0, 0.03, alpha_of(PROMISE, 1))
    almost = stand(PROMISE, topic(), seen(*[RIGHT] * (needed - 1)), SOON)
    assert (almost.missing, move(Light.PROBATION, almost)) == (1, None)
    enough = stand(PROMISE, topic(), seen(*[RIGHT] * needed), SOON)
    assert move(Light.COPILOT, enough) is Move.PROPOSE
    assert move(Light.AUTOPILOT, enough) is None
    assert enough.bound < 0.03 <= almost.bound


def test_whoever_fell_back_must_show_more() -> None:
    """The second time the same evidence is not enough."""
    needed = labels_missing(0, 0, 0.03, alpha_of(PROMISE, 1))
    assert not stand(PROMISE, topic(life=2), seen(*[RIGHT] * needed), SOON).proven


def test_nothing_is_proposed_while_the_latest_labels_look_bad() -> None:
    """A proof by a good past, with the last answers wrong, is no proof of today."""
    verdicts = [RIGHT] * 900 + [WRONG, WRONG, RIGHT, WRONG, WRONG]
    standing = stand(PROMISE, topic(), seen(*verdicts), SOON)
    assert standing.proven
    assert standing.warned
    assert move(Light.COPILOT, standing) is None


def test_alarm_takes_the_light_at_once() -> None:
    """Error above the tolerated one: then people send; where people send already nothing is taken."""
    standing = stand(PROMISE, topic(Light.AUTOPILOT), seen(*[RIGHT] * 500, *[WRONG] * 6), SOON)
    assert move(Light.AUTOPILOT, standing) is Move.ALARM
    assert move(Light.PROBATION, standing) is Move.ALARM
    assert move(Light.COPILOT, standing) is None
    assert falls_to(Move.ALARM) is Light.COPILOT


def test_autopilot_is_lost_when_nobody_judges() -> None:
    """An autopilot that nobody watches is trusted for no reason."""
    standing = stand(PROMISE, topic(Light.AUTOPILOT), seen(*[None] * UNJUDGED_MAX), LATE)
    assert move(Light.AUTOPILOT, standing) is Move.NOT_JUDGED
    assert falls_to(Move.NOT_JUDGED) is Light.PROBATION


def test_what_nobody_judged_before_the_promotion_does_not_take_it_back() -> None:
    """On copilot many a suggestion is never replied to; a proven topic must not fall back for them the next hour."""
    waited = topic(Light.AUTOPILOT)
    promoted = replace(waited, since=NOW + timedelta(minutes=UNJUDGED_MAX + 300))
    evidence = seen(*[None] * UNJUDGED_MAX, *[RIGHT] * 300)
    assert move(Light.AUTOPILOT, stand(PROMISE, waited, evidence, LATE)) is Move.NOT_JUDGED
    standing = stand(PROMISE, promoted, evidence, LATE)
    assert (standing.overdue, standing.neglected, move(Light.AUTOPILOT, standing)) == (UNJUDGED_MAX, 0, None)


def test_autopilot_must_be_earned_again() -> None:
    """Each thousand labels prove it anew: a slight worsening that no alarm sees does not last."""
    slight = ([False] * 24 + [True]) * (PROOF_LABELS_MAX // 25)
    good = ([False] * 199 + [True]) * (PROOF_LABELS_MAX // 200)
    assert not lapsed(good + slight[:-1], PROMISE)
    assert lapsed(good + slight, PROMISE)
    standing = stand(PROMISE, topic(Light.AUTOPILOT), seen(*[WRONG if x else RIGHT for x in slight]), SOON)
    assert move(Light.AUTOPILOT, replace(standing, alarm=0.0)) is Move.NOT_PROVEN


@given(st.uuids(), st.integers(0, 10_000))
def test_the_draw_can_be_done_again(conversation: UUID, seq: int) -> None:
    """Who doubts that the judged answers were drawn can draw them again, from the record alone."""
    talk = ConversationId(conversation)
    lot = ticket(talk, seq)
    assert lot == ticket(talk, seq)
    assert 0 <= lot < PPM
    assert is_drawn(talk, seq, lot + 1)
    assert not is_drawn(talk, seq, lot)


def test_the_draw_takes_its_share() -> None:
    """Five per cent are five per cent, for every place in a conversation."""
    drawn = [is_drawn(ConversationId(UUID(int=n)), n % 9, 50_000) for n in range(20_000)]
    assert 0.045 < sum(drawn) / len(drawn) < 0.055


def decided(**more: object) -> Event:
    """A decision that answers from a passage of a topic."""
    plain: dict[str, object] = {
        "customer_seq": 2, "decision": "answer", "light": "probation", "passage": ["hilfe", "a", "de", "h"],
        "topic": "Abschlag",
    }  # fmt: skip
    return Event(4, "answer.decided", NOW, "assistant", plain | more, 7)


SUGGESTED = {
    "because": "confident",
    "choices": [],
    "decision": "answer",
    "passage": ["hilfe", "a", "de", "h"],
}
ALL = Promise(draw_ppm=PPM)


@pytest.mark.parametrize(
    ("event", "origin"),
    [
        (decided(), Origin.DRAW),
        (decided(decision="handover", passage=None, light="copilot", suggestion=SUGGESTED), Origin.COPILOT),
        (decided(decision="handover", passage=None, shadow=True, suggestion=SUGGESTED), Origin.DRAW),
        (decided(decision="clarify", passage=None), None),
        (decided(decision="handover", passage=None), None),
        (decided(topic=None), None),
    ],
)
def test_only_statements_of_a_topic_are_evidence(event: Event, origin: Origin | None) -> None:
    """Asking back and giving way are not right or wrong; in shadow what would have been said is."""
    case = case_of(TALK, event, ALL)
    assert (case.origin if case else None) == origin


def test_every_suggestion_counts_and_only_drawn_answers() -> None:
    """All of what is suggested speaks for all suggestions; of what is sent only the lot may choose."""
    never = Promise(draw_ppm=1)
    suggested = decided(decision="handover", passage=None, light="copilot", suggestion=SUGGESTED)
    assert case_of(TALK, decided(), never) is None
    taken = case_of(TALK, suggested, never)
    assert taken is not None
    assert taken.rate_ppm == PPM
    assert may_count(Origin.COPILOT, taken)


def test_a_draw_that_its_hash_does_not_bear_out_does_not_count() -> None:
    """Whoever writes a case by hand gets nothing for it."""
    lot = ticket(TALK, 2)
    case = Case(conversation=TALK, seq=4, customer_seq=2, topic="t", origin=Origin.DRAW, light=Light.PROBATION,
                edition=1, rate_ppm=max(1, lot), at=NOW)  # fmt: skip
    assert not may_count(Origin.DRAW, case)
    assert may_count(Origin.DRAW, replace(case, rate_ppm=lot + 1))
    assert not may_count(Origin.DRAW, None)
    assert [may_count(Origin.FILE, None, random=r) for r in (True, False)] == [True, False]


OURS = "Den Abschlag ändern Sie im Portal. Die Änderung gilt ab dem 1. des nächsten Monats und kostet 0 Euro."


@pytest.mark.parametrize(
    ("reply", "use"),
    [
        (OURS, Use.ACCEPTED),
        (f"Guten Tag Frau Ott,\n{OURS}\nViele Grüße", Use.ACCEPTED),
        (OURS.replace("ändern Sie im Portal", "ändern Sie ganz einfach im Portal"), Use.REWORDED),
        (f"Kein Problem, gern!\n{OURS}\nZögern Sie nicht, noch einmal zu schreiben.", Use.ACCEPTED),
        (OURS.replace("0 Euro", "5 Euro"), Use.EDITED),
        (OURS.replace("Die Änderung gilt", "Die Änderung gilt nicht"), Use.EDITED),
        (f"Das stimmt leider nicht mehr: {OURS}", Use.EDITED),
        (f"{OURS} Ab Juli sind es aber 5 Euro.", Use.EDITED),
        (f"{OURS} {'Wichtiger ist für Sie etwas anderes. ' * 10}", Use.EDITED),
        ("Bitte rufen Sie uns an.", Use.REJECTED),
    ],
)
def test_what_a_person_made_of_a_suggestion(reply: str, use: Use) -> None:
    """A changed number or a denial is another answer, wherever it stands; a friendlier word is not."""
    assert use_of(OURS, reply) is use
    assert verdict_on(use) is (RIGHT if use in (Use.ACCEPTED, Use.REWORDED) else WRONG)


def test_an_erased_suggestion_is_no_acceptance() -> None:
    """Nothing is contained in everything; it must not count as right."""
    assert use_of("", "Guten Tag") is Use.REJECTED


@given(st.text(max_size=80), st.text(max_size=80))
def test_likeness_is_mutual(one: str, other: str) -> None:
    """Who resembles whom must not depend on who is asked."""
    assert alike(one, other) == alike(other, one)
    assert 0.0 <= alike(one, other) <= 1.0


def test_the_nearest_source_is_found() -> None:
    """The comparison in shadow mode asks which source a person's answer rests on."""
    texts = {"a": OURS, "b": "Den Zählerstand melden Sie im Portal oder am Telefon."}
    assert nearest("Den Zählerstand können Sie am Telefon melden.", texts) == "b"
    assert nearest("???", texts) is None
    assert nearest("Hallo", {}) is None


def test_topics_are_named_by_section_or_collection() -> None:
    """Every passage has a topic, so that no answer escapes the lights."""
    assert topic_of(passage(section="Abschlag > Ändern")) == "Abschlag"
    assert topic_of(passage(section="")) == "hilfe"
    assert len(topic_of(passage(section="x" * 500))) == 100


def test_what_nobody_set_is_on_probation() -> None:
    """A new topic answers as carefully as before there were lights."""
    lights = Lights({"A": Light.HUMAN}, frozenset({"B"}))
    assert [lights.of(t) for t in ("A", "B", None)] == [Light.HUMAN, Light.PROBATION, Light.PROBATION]
    assert [lights.shadows(t) for t in ("A", "B", None)] == [False, True, False]
    assert Lights(shadow=True).shadows(None)


def test_an_answer_to_several_questions_is_all_of_its_passages() -> None:
    """Whoever judges it must see all that was said, and a reply that uses half of it is no acceptance."""
    both = [["hilfe", "a", "de", "h1"], ["hilfe", "b", "de", "h2"]]
    assert answered_with(decided(passages=both)) == ("h1", "h2")
    suggested = SUGGESTED | {"passages": both}
    assert answered_with(decided(decision="handover", passage=None, suggestion=suggested)) == ("h1", "h2")
    assert answered_with(decided()) == ("h",)
    assert answered_with(decided(decision="decline", passage=None)) == ()
