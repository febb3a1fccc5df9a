"""The one path out, rule by rule: who may speak, what must stand before it, and what is never sent."""

from dataclasses import replace

import pytest

from taktvoll.base.limits import MESSAGE_CHARS_MAX, PASSAGE_CHARS_MAX
from taktvoll.domain.conversation.terms import Owner, OwnerKind
from taktvoll.domain.governance.notices import FIXED, fixed, introduced, spoken
from taktvoll.domain.governance.release import release
from taktvoll.domain.governance.rules import RULES
from taktvoll.domain.governance.rules.facts import facts_in
from taktvoll.domain.governance.terms import (
    Amend,
    Author,
    Draft,
    DraftClass,
    Hold,
    Part,
    PartKind,
    Pass,
    ReleaseFacts,
    WrittenUnder,
)
from tests.domain.made import draft, facts

PERSON = Owner(OwnerKind.PERSON, "s-1")
REPLY = draft("Ich kümmere mich.", author=Author.PERSON, author_id="s-1", author_name="Anna")


def reasons(given: Draft, under: ReleaseFacts) -> tuple[str, ...]:
    """Why a draft is held; nothing when it may leave."""
    verdict = release(given, under)
    return verdict.reasons if isinstance(verdict, Hold) else ()


def test_an_ordinary_answer_passes_unchanged() -> None:
    """The check must not touch what is right."""
    assert release(draft("Gern."), facts("Gern.")) == Pass(draft("Gern."))


@pytest.mark.parametrize(
    ("under", "known", "reason"),
    [
        (WrittenUnder(2, 8, 7), facts(), "owner.changed"),
        (WrittenUnder(4, 8, 7), facts(), "owner.changed"),
        (WrittenUnder(3, 7, 7), facts(), "customer.wrote_again"),
        (WrittenUnder(3, 8, 7), facts(owner=PERSON), "owner.not_assistant"),
        (WrittenUnder(3, 8, 7), facts(closed=True), "conversation.closed"),
    ],
)
def test_a_late_answer_is_held(under: WrittenUnder, known: ReleaseFacts, reason: str) -> None:
    """What was written in another state of the conversation must not be said in this one."""
    assert reasons(draft(written_under=under), known) == (reason,)


def test_the_assistant_may_tell_of_its_handover() -> None:
    """The queue owns the conversation already, but nobody speaks yet, and the customer must know."""
    assert reasons(draft(), facts(owner=Owner(OwnerKind.QUEUE, "service"))) == ()


@pytest.mark.parametrize(
    ("owner", "reason"),
    [
        (PERSON, ()),
        (Owner(OwnerKind.PERSON, "s-2"), ("owner.not_you",)),
        (Owner(OwnerKind.QUEUE, "s-1"), ("owner.not_you",)),
        (Owner(OwnerKind.ASSISTANT, "s-1"), ("owner.not_you",)),
    ],
)
def test_only_the_owning_person_replies(owner: Owner, reason: tuple[str, ...]) -> None:
    """Two agents who answer the same customer contradict each other; taking over comes first."""
    assert reasons(REPLY, facts(owner=owner)) == reason


def test_a_person_may_answer_what_came_in_while_writing() -> None:
    """An agent sees new messages; refusing the reply would lose work. Only a changed owner stops it."""
    late = replace(REPLY, written_under=WrittenUnder(3, 5, None))
    assert reasons(late, facts(owner=PERSON)) == ()
    assert reasons(replace(REPLY, written_under=WrittenUnder(2, 8, None)), facts(owner=PERSON)) == (
        "owner.changed",
    )


@pytest.mark.parametrize("parts", [(), ("",), ("  \n", "\t")])
def test_an_empty_message_is_held(parts: tuple[str, ...]) -> None:
    """An empty bubble looks like a defect."""
    empty = draft(parts=tuple(Part(PartKind.TEXT, p, "de") for p in parts))
    assert reasons(empty, facts()) == ("draft.empty",)


def test_length_has_a_limit_for_each_author() -> None:
    """A channel must be able to carry it; passages may be longer than what a person types."""
    owned = facts(owner=PERSON)
    parts = (Part(PartKind.TEXT, "x" * MESSAGE_CHARS_MAX, "de"),)
    assert reasons(replace(REPLY, parts=parts), owned) == ()
    longer = (Part(PartKind.TEXT, "x" * (MESSAGE_CHARS_MAX + 1), "de"),)
    assert reasons(replace(REPLY, parts=longer), owned) == ("draft.too_long",)
    assert reasons(draft("x" * PASSAGE_CHARS_MAX), facts()) == ()
    assert reasons(draft("x" * (PASSAGE_CHARS_MAX + MESSAGE_CHARS_MAX + 1)), facts()) == ("draft.too_long",)


@pytest.mark.parametrize("author", Author)
def test_advertising_never_leaves_without_proven_consent(author: Author) -> None:
    """UWG § 7: as long as no consent can be proven here, none goes out, whoever wrote it."""
    held = draft(draft_class=DraftClass.ADVERTISING, author=author, author_id="s-1")
    assert "advertising.no_consent" in reasons(
        held, facts(owner=PERSON if author is Author.PERSON else Owner(OwnerKind.ASSISTANT))
    )


def test_the_ai_notice_comes_first_and_once() -> None:
    """AI Act Art. 50(1): before or with the first message, in the customer's language; repeating it helps nobody."""
    verdict = release(draft("Gern."), facts("Gern.", notice_shown=None))
    assert isinstance(verdict, Amend)
    assert verdict.reasons == ("notice",)
    assert [p.kind for p in verdict.draft.parts] == [PartKind.NOTICE, PartKind.TEXT]
    assert verdict.draft.parts[0].text == fixed("ai_notice", "de")
    assert verdict.draft.notice == introduced("ai_notice")
    shown = facts("Gern.", notice_shown=introduced("ai_notice"))
    assert release(draft("Gern."), shown) == Pass(draft("Gern."))


def test_a_new_version_of_the_notice_is_shown_again() -> None:
    """Whoever has only seen an older wording has not seen this one."""
    assert isinstance(release(draft(), facts(notice_shown="0")), Amend)


def test_a_person_carries_no_ai_notice() -> None:
    """A notice on a person's words would be untrue."""
    verdict = release(REPLY, facts(owner=PERSON, notice_shown=None))
    assert verdict == Pass(REPLY)


def test_a_text_in_another_language_is_announced() -> None:
    """An English customer who gets a German passage is told why, right before it."""
    foreign = draft("Gern.", language="en")
    verdict = release(foreign, facts("Gern."))
    assert isinstance(verdict, Amend)
    assert verdict.reasons == ("language",)
    assert [(p.kind, p.language) for p in verdict.draft.parts] == [
        (PartKind.HINT, "en"),
        (PartKind.TEXT, "de"),
    ]
    assert release(verdict.draft, facts("Gern.")) == Pass(verdict.draft)


@pytest.mark.parametrize(
    ("language", "text_language"), [("de", "de"), ("de-AT", "de"), ("tr", "en"), ("en-GB", "en")]
)
def test_a_text_in_the_reader_s_own_language_needs_no_hint(language: str, text_language: str) -> None:
    """Regions do not matter, and who speaks neither language reads English."""
    own = draft(language=language, parts=(Part(PartKind.TEXT, "x", text_language),))
    assert release(own, facts("x")) == Pass(own)


def test_notice_and_hint_stand_in_reading_order() -> None:
    """First who speaks, then why in this language, then the text; nothing is dropped by another rule."""
    verdict = release(draft("Gern.", language="en"), facts("Gern.", notice_shown=None))
    assert isinstance(verdict, Amend)
    assert [p.kind for p in verdict.draft.parts] == [PartKind.NOTICE, PartKind.HINT, PartKind.TEXT]
    assert verdict.reasons == ("language", "notice")


def test_all_reasons_are_named_and_a_hold_outranks() -> None:
    """The person who gets the held draft must see everything that is wrong with it."""
    bad = draft("Rufen Sie 0190 an: https://evil.example", draft_class=DraftClass.ADVERTISING)
    found = reasons(bad, facts(notice_shown=None, owner_epoch=9))
    assert found == (
        "owner.changed",
        "advertising.no_consent",
        "link.host_not_listed",
        "fact.not_in_evidence",
    )


def test_the_notice_is_asked_for_last() -> None:
    """No rule after it can drop it again."""
    assert RULES[-1][0] == "notice"
    assert len({name for name, _ in RULES}) == len(RULES)


@pytest.mark.parametrize("name", FIXED)
def test_fixed_texts_stand_in_both_languages_without_facts(name: str) -> None:
    """They are said under every edition: no figure and nothing of a company, but for public emergency numbers."""
    german, english = FIXED[name]
    assert german != english
    for text, language in ((german, "de"), (english, "en")):
        assert fixed(name, language) == text
        assert facts_in(text) <= {"112", "110", "116116", "08001110111"}
        assert name.startswith(("emergency_", "handover_vulnerable")) or not facts_in(text)
        parts = (Part(PartKind.TEXT, text, language),)
        assert reasons(draft(text, language=language, parts=parts), facts(text)) == ()


def test_fixed_texts_are_spoken_in_two_languages() -> None:
    """German for German speakers of every region, English for everyone else."""
    assert [spoken(x) for x in ("de", "DE-at", "gsw", "en", "tr", "")] == ["de", "de", "en", "en", "en", "en"]
