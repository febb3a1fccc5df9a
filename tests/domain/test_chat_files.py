"""What customers' files make of a message: what may come, who looks at it, what the assistant says besides."""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from taktvoll.base.errors import Refused
from taktvoll.base.limits import (
    CHAT_FILE_BYTES_MAX,
    CHAT_FILES_BYTES_MAX,
    CHAT_FILES_MAX,
    CHAT_UPLOAD_BYTES_MAX,
    REPLY_FILE_BYTES_MAX,
)
from taktvoll.domain.conversation.chat_files import demand_together, type_of
from taktvoll.domain.conversation.confirmed import by_reply
from taktvoll.domain.conversation.engine import advance
from taktvoll.domain.conversation.events import files_from, files_in, files_payload
from taktvoll.domain.conversation.files import Enclosure, Inspected, demand_sendable, enclosed_with, recorded
from taktvoll.domain.conversation.state import fold, snapshot, state_from
from taktvoll.domain.conversation.steps import (
    Done,
    Found,
    HandOver,
    Heard,
    Input,
    Passed,
    Queued,
    Say,
    Search,
    Speech,
    Step,
)
from taktvoll.domain.conversation.terms import (
    Courtesy,
    Decision,
    Event,
    HandoverReason,
    Light,
    Need,
    NewEvent,
    OwnerKind,
    Signals,
    State,
)
from taktvoll.domain.governance.wording import (
    asked_in,
    customer_content,
    file_names_of,
    released_event,
    text_of_json,
)
from taktvoll.flows.read_conversation import messages_of
from tests.domain.made import NOW, VIEW, candidate, draft, signals

HEARD = State(channel="webchat", language="de", last_customer_seq=2, last_seq=2, undecided=1)
SURE, UNSURE, LOST = candidate("stand"), candidate("stand", 400_000), candidate("stand", 0)
ONE = Enclosure(UUID(int=1), "Zähler.jpg", "image/jpeg", 3, "a" * 64)


def walk(state: State, *inputs: Input) -> tuple[State, list[NewEvent], list[Step]]:
    """Walk the engine as the flow does; gives the state, the events and the step after each input."""
    events, steps = list[NewEvent](), list[Step]()
    for one in inputs:
        new, step = advance(VIEW, state, one, NOW)
        for e in new:
            state = fold(state, Event(state.last_seq + 1, e.kind, e.at, e.actor, e.payload, e.edition))
        events += new
        steps.append(step)
    return state, events, steps


def decided_in(events: list[NewEvent]) -> dict[str, Any]:
    """The decision's payload."""
    return next(dict(e.payload) for e in events if e.kind == "answer.decided")


def heard(**more: object) -> Heard:
    """A message with one file."""
    return replace(Heard(2, signals(), files=1), **more)  # type: ignore[arg-type]


def released() -> Passed:
    """What was said has passed."""
    return Passed(released_event(draft("Im Portal."), NOW, "assistant"))


def test_a_file_alone_is_for_a_person_without_a_search() -> None:
    """There is nothing in it that we could read, so nothing is searched, guessed or pretended."""
    state, events, steps = walk(HEARD, heard(wordless=True), Queued("service"))
    decided = decided_in(events)
    assert (decided["handover"], decided["because"], decided["stage"]) == ("file", "file", "file_alone")
    assert "suggestion" not in decided
    assert isinstance(steps[0], HandOver)
    assert steps[1] == Say(Speech(Decision.HANDOVER, "de", fixed="handover_file"))
    assert (state.owner.kind, state.reasons) == (OwnerKind.QUEUE, (HandoverReason.FILE,))


def found(light: Light, *candidates: Any, topic: str | None = "Zählerstand", shadow: bool = False) -> Found:
    """What a search brought, on a topic with this light."""
    return Found(candidates or (SURE,), topic=topic, light=light, shadow=shadow)


def test_on_autopilot_the_answer_to_the_words_is_said_and_a_person_looks_at_the_file() -> None:
    """Proven answers are right without the file; the customer has them at once, and the file is not forgotten."""
    state, events, steps = walk(
        HEARD, heard(), found(Light.AUTOPILOT), released(), Queued("service"), released()
    )
    decided = decided_in(events)
    assert (decided["decision"], decided["handover"], decided["because"]) == (
        "answer",
        "file",
        "file_answered",
    )
    assert decided["passage"] is not None
    search, say, hand_over, notice, done = steps
    assert isinstance(search, Search)
    assert isinstance(say, Say)
    assert say.speech.decision is Decision.ANSWER
    assert isinstance(hand_over, HandOver)
    assert (hand_over.reason, hand_over.quiet) == (HandoverReason.FILE, False)
    assert notice == Say(Speech(Decision.HANDOVER, "de", fixed="handover_file"))
    assert done == Done()
    assert [e.kind for e in events] == [
        "signals.read", "evidence.found", "answer.decided", "message.released", "conversation.handed_over",
        "message.released",
    ]  # fmt: skip
    assert (state.owner.kind, state.reasons) == (OwnerKind.QUEUE, (HandoverReason.FILE,))


@pytest.mark.parametrize(
    "brought",
    [
        found(Light.PROBATION),
        found(Light.COPILOT),
        found(Light.HUMAN),
        found(Light.AUTOPILOT, UNSURE),
        found(Light.AUTOPILOT, topic=None),
    ],
)
def test_what_is_not_proven_becomes_a_suggestion(brought: Found) -> None:
    """An answer that takes no notice of the picture beside it may be the wrong one; a person decides."""
    state, events, steps = walk(HEARD, heard(), brought, Queued("service"))
    decided = decided_in(events)
    assert (decided["decision"], decided["handover"], decided["because"]) == ("handover", "file", "file")
    assert decided["suggestion"]["decision"] in ("answer", "clarify")
    assert steps[-1] == Say(Speech(Decision.HANDOVER, "de", fixed="handover_file"))
    assert state.reasons == (HandoverReason.FILE,)


@pytest.mark.parametrize("declines", [0, 1])
def test_not_knowing_the_words_is_no_answer_to_the_file(declines: int) -> None:
    """“I have no information on this” would be said of a picture that nobody has looked at."""
    _, events, _ = walk(replace(HEARD, declines=declines), heard(), found(Light.AUTOPILOT, LOST), Queued("s"))
    decided = decided_in(events)
    assert (decided["handover"], decided["because"]) == ("file", "file")
    assert "suggestion" not in decided


@pytest.mark.parametrize("courtesy", list(Courtesy))
def test_a_greeting_with_a_file_is_no_mere_greeting(courtesy: Courtesy) -> None:
    """“Hello” and a photograph: what is wanted is in the photograph."""
    _, events, _ = walk(HEARD, heard(signals=signals(courtesy=courtesy)), Queued("service"))
    assert decided_in(events)["handover"] == "file"


def needing(reason: HandoverReason) -> Signals:
    """Signals in which a reason was heard."""
    return signals(needs=(Need(reason, 990_000, ("phrase:x",)),))


@pytest.mark.parametrize(
    ("reason", "notice"),
    [
        (HandoverReason.EMERGENCY_GAS, "emergency_gas"),
        (HandoverReason.REVOCATION, "handover_revocation"),
        (HandoverReason.REQUEST, "handover"),
    ],
)
def test_what_is_heard_in_the_words_keeps_its_own_way(reason: HandoverReason, notice: str) -> None:
    """An emergency has its number and a withdrawal its receipt, whatever came along."""
    state, events, steps = walk(HEARD, heard(signals=needing(reason)), Queued("service"))
    assert decided_in(events)["handover"] == reason.value
    assert isinstance(steps[-1], Say)
    assert steps[-1].speech.fixed == notice
    assert state.reasons[0] is reason


def test_shadow_says_nothing_of_files_either() -> None:
    """Where the assistant answers only to itself, a file changes nothing of that."""
    _, events, steps = walk(
        HEARD, heard(shadow=True), found(Light.AUTOPILOT, shadow=True), Queued("service", quiet=True)
    )
    assert decided_in(events)["decision"] == "handover"
    assert isinstance(steps[1], HandOver)
    assert steps[1].quiet
    assert steps[2] == Done()


def test_people_hear_of_a_file_by_seeing_it() -> None:
    """In a conversation that a person has, the assistant says nothing about a file."""
    mine = replace(HEARD, owner=replace(HEARD.owner, kind=OwnerKind.PERSON, id="s"), owner_epoch=2)
    assert walk(mine, heard(wordless=True))[1] == []


def test_files_are_remembered_in_the_middle_of_a_turn() -> None:
    """A snapshot between two steps forgets nothing; records from before there were files read as without."""
    state, _, _ = walk(HEARD, heard(wordless=False, files=2))
    again = state_from(json.loads(json.dumps(snapshot(state))))
    assert again is not None
    assert again.turn is not None
    assert (again.turn.files, again.turn.wordless) == (2, False)
    assert files_payload(0, False) == {}
    assert files_from({}) == (0, False)
    assert files_from(files_payload(1, True)) == (1, True)


def test_a_question_about_a_picture_teaches_no_wording() -> None:
    """“What is this?” beside a photograph, answered by an entry, must not become a wording of that entry."""
    asked = Event(
        2, "message.received", NOW, "customer", {"id": "a"}, content=customer_content("Was ist das?")
    )
    for files, taught in ((0, True), (1, False)):
        _, events, _ = walk(HEARD, heard(files=files), found(Light.COPILOT, UNSURE))
        placed = [asked, *(Event(3 + n, e.kind, NOW, e.actor, e.payload) for n, e in enumerate(events))]
        assert (by_reply(placed, UNSURE.key) is not None) == taught


def received(text: str, *files: Enclosure) -> Event:
    """A customer's message as it is kept."""
    payload: dict[str, object] = {"id": "a"} | ({"files": recorded(files)} if files else {})
    return Event(2, "message.received", NOW, "customer", payload, content=customer_content(text, files=files))


def test_names_lie_beside_the_chain_and_hashes_in_it() -> None:
    """A file's name says who someone is; erasing the text must take it along, and the hash must stay."""
    event = received("", ONE)
    assert "Zähler" not in json.dumps(event.payload, ensure_ascii=False)
    assert enclosed_with(event) == (ONE,)
    assert enclosed_with(replace(event, content=None)) == ()
    assert files_in(event) == 1
    assert (text_of_json(event.content), file_names_of(event.content)) == ("", ("Zähler.jpg",))
    assert asked_in(event.content) == "Zähler.jpg"
    assert asked_in(received("Passt das?", ONE).content) == "Passt das?"
    assert asked_in(None) == ""


def test_the_visitor_sees_what_was_sent() -> None:
    """After a reload the message is there with its file; a text that was erased takes the file along."""
    event = received("", ONE)
    [shown] = messages_of([event], "de")
    assert shown["text"] == ""
    assert shown["files"] == [
        {"place": 0, "name": "Zähler.jpg", "size": 3, "shown": "3 B", "type": "image/jpeg"}
    ]
    [erased] = messages_of([replace(event, content=None)], "de")
    assert (erased["text"], erased["files"]) == ("Dieser Text wurde gelöscht.", [])


def looked(name: str, type_: str, sniffed: str, content: bytes = b"x") -> Inspected:
    """A file as it was looked at."""
    return Inspected(name, type_, sniffed, "a" * 64, content)


@pytest.mark.parametrize(
    ("file", "type_"),
    [
        (looked("a.jpg", "image/jpeg", "image/jpeg"), "image/jpeg"),
        (looked("a.bin", "application/octet-stream", "image/png"), "image/png"),
        (looked("a.webp", "image/webp", ""), "application/octet-stream"),
        (looked("a.txt", "text/plain", ""), "text/plain"),
        (looked("a.docx", "application/vnd.openxmlformats-officedocument.x", "application/zip"),
         "application/vnd.openxmlformats-officedocument.x"),
        (looked("a.pdf", "application/pdf", "application/pdf"), "application/pdf"),
    ],
)  # fmt: skip
def test_the_bytes_say_what_a_file_is(file: Inspected, type_: str) -> None:
    """An agent decides by it what to open, the desk what to show; an ending costs a liar nothing."""
    assert type_of(file) == type_


@pytest.mark.parametrize(
    ("content", "sniffed"),
    [
        (b"PK\x03\x04" + bytes(9000) + b"word/vbaProject.bin", "application/zip"),
        (b"PK\x03\x04" + bytes(9000) + b"word/VBAPROJECT.bin", "application/zip"),
        (b"PK\x03\x04" + bytes(9000) + b"xl/macrosheets/sheet1.xml", "application/zip"),
        (b"\xd0\xcf\x11\xe0" + bytes(9000) + "_VBA_PROJECT".encode("utf-16-le"), "application/x-ole-storage"),
    ],
)
def test_macros_are_refused_under_any_name(content: bytes, sniffed: str) -> None:
    """Whoever renames a macro file means harm; old Office files hide theirs behind an ending that is allowed."""
    with pytest.raises(Refused, match=r"file\.type"):
        demand_sendable(looked("brief.doc", "application/msword", sniffed, content))
    harmless = "brief.docx" if sniffed == "application/zip" else "brief.doc"
    demand_sendable(looked(harmless, "application/msword", sniffed, content[:9000]))
    demand_sendable(looked("notiz.txt", "text/plain", "", b"vbaProject.bin"))


def test_a_message_carries_so_many_and_so_much() -> None:
    """What a person gets in one message must stay what a person can look at."""
    demand_together([ONE] * CHAT_FILES_MAX)
    with pytest.raises(Refused, match=r"upload\.many"):
        demand_together([ONE] * (CHAT_FILES_MAX + 1))
    big = replace(ONE, size=CHAT_FILES_BYTES_MAX // 2)
    demand_together([big, big])
    with pytest.raises(Refused, match=r"upload\.total"):
        demand_together([big, big, ONE])


def test_the_limits_fit_each_other() -> None:
    """A file at its limit passes the door that it comes through, and the check that replies' files share."""
    assert CHAT_FILE_BYTES_MAX <= REPLY_FILE_BYTES_MAX
    assert CHAT_FILE_BYTES_MAX + 64 * 1024 < CHAT_UPLOAD_BYTES_MAX
