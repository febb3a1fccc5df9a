"""Needs: every reason leads where it must, in the assistant's conversations and in others', with words that fit."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from taktvoll.domain.conversation.engine import advance
from taktvoll.domain.conversation.reasons import EMERGENCIES, LEAST, NOTICES, RIGHTS, emergency_of, urgency_of
from taktvoll.domain.conversation.state import fold
from taktvoll.domain.conversation.steps import HandOver, Heard, Queued, Say, Speech, Wait
from taktvoll.domain.conversation.terms import (
    Decision,
    Event,
    HandoverReason,
    Need,
    Owner,
    OwnerKind,
    Signals,
    State,
    Urgency,
)
from taktvoll.domain.governance.notices import FIXED, VERSION, VERSIONS, fixed, introduced
from taktvoll.domain.governance.release import release
from taktvoll.domain.governance.speaking import speak
from taktvoll.domain.governance.terms import Amend, Draft, Hold, PartKind
from taktvoll.domain.knowledge.confidence import PPM
from taktvoll.domain.library.terms import EditionView
from tests.domain.made import NOW, RULES, VIEW, draft, facts, signals
from tests.domain.test_engine import HEARD, decided, go

R = HandoverReason
NUMBERS = {
    R.EMERGENCY_MEDICAL: "112",
    R.EMERGENCY_SUICIDE: "0800 1110111",
    R.EMERGENCY_GAS: "112",
    R.EMERGENCY_VIOLENCE: "110",
    R.FRAUD: "116116",
}


def needing(*reasons: HandoverReason, **more: object) -> Signals:
    """A message in which these needs were heard, the gravest first."""
    return signals(needs=tuple(Need(r, PPM, ("rule",)) for r in reasons), **more)


def said(
    reasons: tuple[HandoverReason, ...], language: str = "de", view: EditionView = VIEW, claimed: str = ""
) -> Draft:
    """What the customer reads when a message with these needs is handed over."""
    state = replace(HEARD, language=language, customer_at=datetime(2026, 11, 25, 19, 5, tzinfo=UTC))
    state, _, step = go(state, Heard(2, needing(*reasons, language=language)), Queued("service"), view=view)
    assert isinstance(step, Say)
    verdict = speak(step.speech, state, view, {}, "c-1", claimed)
    assert not isinstance(verdict, Hold), verdict
    return verdict.draft


@pytest.mark.parametrize("reason", EMERGENCIES)
@pytest.mark.parametrize("language", ["de", "en"])
def test_an_emergency_gives_the_right_number_and_a_person(reason: HandoverReason, language: str) -> None:
    """Seconds count: the number stands first, before any notice, in the customer's language, and passes the release."""
    draft = said((reason,), language)
    assert draft.parts[0].kind is PartKind.ALERT
    assert NUMBERS[reason] in draft.parts[0].text
    assert draft.parts[0].language == language
    assert [p.kind for p in draft.parts[1:]] == [PartKind.NOTICE]
    assert draft.decision is Decision.HANDOVER


def test_the_gas_line_of_the_workspace_is_named() -> None:
    """Whoever smells gas calls those who can shut it off; without a number of our own, the grid operator and 112."""
    own = replace(VIEW, rules=replace(RULES, gas_line="0800 0000 4799"))
    assert "0800 0000 4799" in said((R.EMERGENCY_GAS,), view=own).text
    assert "Netzbetreiber" in said((R.EMERGENCY_GAS,)).text
    assert "{" not in said((R.EMERGENCY_GAS,)).text + said((R.EMERGENCY_GAS,), "en", own).text


def test_an_edition_from_before_knows_the_numbers_too() -> None:
    """A company that has not published since the update must not leave a caller without 112."""
    assert RULES.texts_version == "1"
    assert "112" in said((R.EMERGENCY_MEDICAL,)).text


def test_life_comes_before_money() -> None:
    """Of two emergencies the one that can kill decides, in whatever order they were heard."""
    for reasons in ((R.FRAUD, R.EMERGENCY_SUICIDE), (R.EMERGENCY_SUICIDE, R.FRAUD)):
        found = emergency_of(needing(*reasons).needs)
        assert found is not None
        assert found.reason is R.EMERGENCY_SUICIDE
    assert emergency_of(needing(R.ANGER).needs) is None


@pytest.mark.parametrize("reason", HandoverReason)
@pytest.mark.parametrize("heard", Urgency)
def test_no_reason_is_less_urgent_than_it_must_be(reason: HandoverReason, heard: Urgency) -> None:
    """What sounds harmless and is not must not wait in the queue; what sounds urgent is never put back."""
    order = list(Urgency)
    soon = urgency_of(reason, heard)
    assert order.index(soon) >= max(order.index(heard), order.index(LEAST.get(reason, Urgency.NORMAL)))
    assert soon is Urgency.CRITICAL or reason not in EMERGENCIES or reason is R.FRAUD


@pytest.mark.parametrize("reason", sorted(RIGHTS))
def test_a_right_is_confirmed_with_time_and_content(reason: HandoverReason) -> None:
    """§ 312k and § 356a BGB: content, day and time of receipt; routed, and not one word against it."""
    words = "Hiermit kündige ich Vertrag 4711 zum 31.12., siehe http://boese.example"
    draft = said((reason,), claimed=words)
    assert [p.kind for p in draft.parts] == [
        PartKind.NOTICE,
        PartKind.TEXT,
        PartKind.TEXT,
        PartKind.QUOTE,
    ]
    assert "25.11.2026 um 20:05 Uhr (CET)" in draft.parts[2].text
    now = replace(VIEW, rules=replace(VIEW.rules, texts_version=VERSION))
    today = said((reason,), view=now, claimed=words)
    assert "25.11.2026 um 20:05 Uhr (MEZ)" in today.parts[2].text
    assert draft.parts[3].text == words
    assert draft.parts[1].text == fixed(f"handover_{reason}", "de")
    english = said((reason,), "en", claimed="I hereby cancel")
    assert "2026-11-25 at 20:05" in english.text


def test_a_right_heard_beside_a_graver_need_is_confirmed_as_well() -> None:
    """Who grieves and cancels gets warm words first, and the receipt all the same."""
    draft = said((R.DISTRESS, R.REVOCATION), claimed="Mein Mann ist tot, bitte kündigen Sie alles.")
    assert draft.parts[1].text == fixed("handover_distress", "de")
    assert draft.parts[-1].kind is PartKind.QUOTE


def test_a_right_outranks_guidelines_and_courtesy() -> None:
    """No edition can switch the law off."""
    _, events, step = go(HEARD, Heard(2, needing(R.REVOCATION)))
    assert step == HandOver(R.REVOCATION, Urgency.NORMAL)
    assert decided(events)["stage"] == "rights"


def test_a_wish_for_a_person_names_what_else_was_heard() -> None:
    """ "Ich bin stinksauer, geben Sie mir einen Menschen" is routed as anger, and always handed over."""
    assert go(HEARD, Heard(2, needing(R.REQUEST)))[2] == HandOver(R.REQUEST, Urgency.NORMAL)
    assert go(HEARD, Heard(2, needing(R.ANGER, wants_person="mensch")))[2] == HandOver(
        R.ANGER, Urgency.NORMAL
    )
    assert go(HEARD, Heard(2, needing(R.ANGER), asked_person=True))[2] == HandOver(R.REQUEST, Urgency.NORMAL)


@pytest.mark.parametrize("reason", [r for r in HandoverReason if r not in EMERGENCIES])
def test_other_needs_lead_nowhere_by_themselves(reason: HandoverReason) -> None:
    """What a need leads to is for the guidelines to say; only rights and the wish for a person stand above them."""
    step = go(HEARD, Heard(2, needing(reason)))[2]
    assert isinstance(step, HandOver) == (reason in RIGHTS or reason is R.REQUEST)


@pytest.mark.parametrize("reason", NOTICES)
def test_every_notice_exists_and_promises_nothing(reason: HandoverReason) -> None:
    """Calm words: no admission, no argument, no price, no deadline."""
    for text in FIXED[NOTICES[reason]]:
        lower = text.lower()
        assert not any(
            w in lower for w in ("schuld", "fehler", "erstatt", "leider", "fault", "refund", "unfortunately")
        )


PERSON = replace(HEARD, owner=Owner(OwnerKind.PERSON, "s-1"), owner_epoch=2)
QUEUE = replace(HEARD, owner=Owner(OwnerKind.QUEUE, "service"), owner_epoch=1)


def test_in_a_person_s_conversation_only_the_desk_is_told() -> None:
    """The machine does not talk into it, and the person must not overlook it."""
    state, events, step = go(PERSON, Heard(2, needing(R.EMERGENCY_MEDICAL)))
    assert step == Wait()
    assert [e.kind for e in events] == ["signals.read", "urgency.raised"]
    assert (state.urgency, state.reasons, state.owner) == (
        Urgency.CRITICAL,
        (R.EMERGENCY_MEDICAL,),
        PERSON.owner,
    )
    assert go(state, Heard(2, needing(R.EMERGENCY_MEDICAL)))[1] == [], "once is enough"


def test_whoever_waits_in_the_queue_gets_the_number_at_once() -> None:
    """Nobody is there yet to say it; the conversation keeps its place, its owner and its epoch."""
    state, events, step = go(QUEUE, Heard(2, needing(R.EMERGENCY_GAS)))
    assert step == Say(Speech(Decision.HANDOVER, "de", fixed="emergency_gas"))
    assert [e.kind for e in events] == ["signals.read", "answer.decided"]
    assert (state.owner, state.owner_epoch, state.urgency) == (QUEUE.owner, 1, Urgency.CRITICAL)
    assert go(state, Heard(2, needing(R.EMERGENCY_GAS)))[2] == Wait(), "the number has been said"
    assert isinstance(go(state, Heard(2, needing(R.EMERGENCY_MEDICAL)))[2], Say), (
        "another emergency has another"
    )


@pytest.mark.parametrize("state", [PERSON, QUEUE])
@pytest.mark.parametrize("reason", [r for r in HandoverReason if r not in EMERGENCIES])
def test_nothing_else_disturbs_other_people_s_conversations(state: State, reason: HandoverReason) -> None:
    """Anger, rights and wishes are read by those who have the conversation."""
    assert advance(VIEW, state, Heard(2, needing(reason)), NOW) == ((), Wait())


def test_urgency_ends_when_the_conversation_comes_back() -> None:
    """What a person has dealt with must not stay red for ever."""
    state, _, _ = go(PERSON, Heard(2, needing(R.EMERGENCY_MEDICAL)))
    for kind in ("conversation.handed_back", "conversation.closed"):
        after = fold(state, Event(9, kind, NOW, "staff:s-1", {"epoch": 3, "staff": "s-1"}))
        assert (after.urgency, after.reasons) == (Urgency.NORMAL, ())


def test_texts_stay_as_they_were_said() -> None:
    """A replay of an old conversation composes with the texts of then."""
    assert list(VERSIONS) == ["1", "2", "3", "4", "5", "6", "7"]
    assert list(VERSIONS)[-1] == VERSION
    assert fixed("handover", "de", "1") == VERSIONS["1"]["handover"][0]
    assert introduced("ai_notice", "1") == introduced("ai_notice", "2") == "1"
    assert introduced("emergency_gas", "1") == "2"
    assert introduced("ai_notice", "99") == "1", "an older program reads a newer edition"


def test_a_new_set_of_texts_does_not_repeat_an_unchanged_notice() -> None:
    """Whoever has read it need not read it again because other texts changed."""
    seen = facts("Gern.", notice_shown="1")
    assert not isinstance(release(draft("Gern.", texts="2"), seen), Amend)
    assert isinstance(release(draft("Gern.", texts="2"), facts("Gern.", notice_shown=None)), Amend)


def test_the_gas_text_also_fits_a_fire() -> None:
    """“Es brennt im Keller am Zähler” may be heard as gas; open doors would feed the fire, so the text says both."""
    for name in ("emergency_gas", "emergency_gas_line"):
        assert introduced(name) == "3"
        assert "Türen hinter sich schließen" in fixed(name, "de")
        assert "close the doors" in fixed(name, "en")
