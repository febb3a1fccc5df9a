"""Values that the domain's tests are made of, and event sequences such as conversations really produce.

I decide what counts as a legal sequence: only what the flows can append. Tests call me. I never assert anything.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from hypothesis import strategies as st

from taktvoll.base.time import rfc3339
from taktvoll.domain.conversation.events import (
    candidates_payload,
    choices_payload,
    light_payload,
    signals_payload,
)
from taktvoll.domain.conversation.state import fold
from taktvoll.domain.conversation.terms import (
    Address,
    Choice,
    Courtesy,
    Decision,
    Event,
    HandoverReason,
    Mood,
    Need,
    Owner,
    OwnerKind,
    Signals,
    State,
    Urgency,
)
from taktvoll.domain.governance.terms import Author, Draft, Part, PartKind, ReleaseFacts, WrittenUnder
from taktvoll.domain.knowledge.confidence import PPM, ConfidenceModel
from taktvoll.domain.knowledge.terms import Candidate, Features, Passage, PassageKey
from taktvoll.domain.library.terms import EditionView, Rules, Thresholds

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
MODEL = ConfidenceModel(
    "test", bias=-4_000_000, lexical=3_000_000, question=4_000_000, answer=PPM, overlap=PPM, lead=PPM
)
RULES = Rules(Thresholds(answer_at=700_000, clarify_at=250_000), MODEL, link_hosts=("auental.example",))
VIEW = EditionView(7, RULES, "de", "auental")


def signals(**more: object) -> Signals:
    """An ordinary German message without anything special."""
    plain = Signals(
        language="de",
        language_ppm=900_000,
        wants_person=None,
        affirms=False,
        courtesy=None,
        picks=None,
        versions=("rules-1",),
    )
    return replace(plain, **cast("dict[str, Any]", more))


def passage(name: str = "stand", text: str = "Tragen Sie den Wert im Portal ein.", **more: object) -> Passage:
    """One approved entry."""
    plain = Passage(
        id=name, collection="hilfe", language="de", title=name.title(), text=text, source="hilfe.jsonl"
    )
    return replace(plain, **cast("dict[str, Any]", more))


def candidate(name: str = "stand", strength: int = 900_000) -> Candidate:
    """A found entry, equally strong in everything that is measured."""
    features = Features(strength, strength, strength, strength, strength)
    return Candidate(PassageKey("hilfe", name, "de"), "0" * 64, strength, features)


def choice(name: str) -> Choice:
    """An entry that was offered."""
    return Choice(PassageKey("hilfe", name, "de"), "0" * 64)


def draft(*texts: str, **more: object) -> Draft:
    """An assistant's German draft that every rule lets pass but for the notice."""
    plain = Draft(
        conversation="c",
        recipient="c",
        channel="webchat",
        author=Author.ASSISTANT,
        written_under=WrittenUnder(3, 8, 7),
        parts=tuple(Part(PartKind.TEXT, t, "de") for t in (texts or ("Gern.",))),
        language="de",
    )
    return replace(plain, **cast("dict[str, Any]", more))


def facts(*evidence: str, **more: object) -> ReleaseFacts:
    """The facts under which the draft above was written; the notice has been shown."""
    plain = ReleaseFacts(
        owner=Owner(OwnerKind.ASSISTANT),
        owner_epoch=3,
        last_customer_seq=8,
        closed=False,
        notice_shown="1",
        evidence=evidence,
        link_hosts=("auental.example",),
    )
    return replace(plain, **cast("dict[str, Any]", more))


NAMES = st.sampled_from(["stand", "umzug", "abschlag", "garten"])
NEEDS = st.lists(
    st.builds(Need, st.sampled_from(HandoverReason), st.integers(0, PPM), st.just(("rule",))),
    max_size=3,
    unique_by=lambda n: n.reason,
).map(tuple)
SIGNALS = st.builds(
    Signals,
    language=st.sampled_from(["de", "en", None]),
    language_ppm=st.integers(0, PPM),
    wants_person=st.sampled_from([None, ""]),
    affirms=st.booleans(),
    courtesy=st.sampled_from([None, *Courtesy]),
    picks=st.none() | st.integers(1, 9),
    versions=st.just(("rules-1",)),
    address=st.sampled_from([None, *Address]),
    mood=st.builds(
        Mood,
        st.integers(-PPM, PPM),
        st.integers(0, PPM),
        st.integers(0, PPM),
        st.integers(0, PPM),
        st.integers(0, PPM),
    ),
    urgency=st.sampled_from(Urgency),
    insults=st.booleans(),
    needs=NEEDS,
)
CANDIDATES = st.lists(st.builds(candidate, NAMES, st.integers(0, PPM)), max_size=4).map(tuple)

SETTLING = (
    "callback.done", "callback.missed", "callback.cancelled",
    "appointment.done", "appointment.missed", "appointment.cancelled",
)  # fmt: skip
TELLING = (
    "callback.announced", "callback.passed", "appointment.announced", "appointment.passed", "appointment.reminded",
)  # fmt: skip


@st.composite
def histories(draw: st.DrawFn, most: int = 14) -> tuple[Event, ...]:
    """A conversation's events in an order that the flows can make them, with odd but possible contents."""
    events = [_event(1, "conversation.started", {"account": "web", "channel": "webchat", "language": None})]
    state = fold(State(), events[0])
    for _ in range(draw(st.integers(0, most))):
        kind = draw(st.sampled_from(_possible(state)))
        event = _event(state.last_seq + 1, kind, draw(_payload(kind, state)))
        events.append(event)
        state = fold(state, event)
    return tuple(events)


def _possible(state: State) -> list[str]:
    """Kinds that may come next: what a machine says needs its ownership, what people do is possible at any time."""
    kinds = [
        "message.received",
        "person.requested",
        "feedback.given",
        "delivery.confirmed",
        "something.newer",
    ]
    kinds += ["conversation.taken_over", "message.released", "conversation.handed_back"]
    kinds += ["conversation.reopened"] if state.closed else ["conversation.closed"]
    kinds += ["note.written", "tag.added", "tag.removed"]
    if not state.closed:
        kinds += ["conversation.assigned", "conversation.transferred"]
    if state.owner.kind is not OwnerKind.ASSISTANT:
        kinds += ["conversation.snoozed", "conversation.woken"]
    if state.owner.kind is OwnerKind.ASSISTANT and state.undecided:
        kinds += ["signals.read"]
    if state.turn is not None:
        kinds += ["evidence.found", "answer.decided", "draft.held", "conversation.handed_over"]
    if state.owner.kind is OwnerKind.PERSON and state.undecided:
        kinds += ["urgency.raised"]
    return [
        *kinds,
        "callback.wished",
        "appointment.made",
        *((*SETTLING, *TELLING, "appointment.moved") if state.calls else ()),
    ]


def _payload(kind: str, state: State) -> st.SearchStrategy[dict[str, object]]:
    epoch, seq = state.owner_epoch + 1, state.last_customer_seq
    moved = st.sampled_from([["queue", "technik"], ["person", "s-2"]]).map(
        lambda to: {"epoch": epoch, "from": [state.owner.kind.value, state.owner.id], "to": to}
    )
    tag: st.SearchStrategy[dict[str, object]] = st.sampled_from(["rückruf", "vip"]).map(
        lambda name: {"tag": name}
    )
    made: dict[str, st.SearchStrategy[dict[str, object]]] = {
        "conversation.assigned": moved,
        "conversation.transferred": moved,
        "conversation.snoozed": st.just({"until": "2026-11-03T08:00:00.000000Z"}),
        "conversation.woken": st.just({"because": "time"}),
        "tag.added": tag,
        "tag.removed": tag,
        "note.written": st.just({"mentions": []}),
        "signals.read": st.builds(
            lambda heard, topic: signals_payload(*heard) | light_payload(topic, None, False),
            st.tuples(st.just(seq), SIGNALS, st.booleans(), st.none() | NAMES.map(lambda n: choice(n).key)),
            st.none() | NAMES,
        ),
        "evidence.found": CANDIDATES.flatmap(
            lambda found: st.lists(st.integers(0, PPM), min_size=len(found), max_size=len(found)).map(
                lambda sure: {
                    "candidates": candidates_payload(found, sure),
                    "customer_seq": seq,
                    "search": [],
                }
            )
        ),
        "answer.decided": st.builds(
            lambda decision, names, reason, urgency: {
                "choices": choices_payload([choice(n) for n in names]),
                "customer_seq": seq,
                "decision": decision.value,
                "handover": reason.value if decision is Decision.HANDOVER else None,
                "urgency": urgency.value,
            },
            st.sampled_from(Decision),
            st.lists(NAMES, max_size=3, unique=True),
            st.sampled_from(HandoverReason),
            st.sampled_from(Urgency),
        ),
        "urgency.raised": st.builds(
            lambda reason, urgency: {"customer_seq": seq, "reason": reason.value, "urgency": urgency.value},
            st.sampled_from(HandoverReason),
            st.sampled_from(Urgency),
        ),
        "message.released": st.builds(
            lambda author, notice: {"author": author, "notice": notice},
            st.sampled_from(["assistant", "person"]),
            st.sampled_from([None, "1"]),
        ),
        "conversation.handed_over": st.just({"epoch": epoch, "from": "assistant", "queue": "service"}),
        "conversation.taken_over": st.just({"epoch": epoch, "staff": "s-1"}),
        "conversation.handed_back": st.just({"epoch": epoch, "staff": "s-1"}),
        "conversation.closed": st.just({"epoch": epoch, "staff": "s-1"}),
        "callback.wished": st.just({"window": [rfc3339(NOW), rfc3339(NOW)]}),
        "appointment.made": st.just({"window": [rfc3339(NOW), rfc3339(NOW)], "medium": "video"}),
        "appointment.moved": st.sampled_from([c.seq for c in state.calls] or [0]).map(
            lambda seq: _about(seq) | {"window": [rfc3339(NOW), rfc3339(NOW)]}
        ),
        **dict.fromkeys(TELLING, st.sampled_from([c.seq for c in state.calls] or [0]).map(_about)),
        **dict.fromkeys(SETTLING, st.sampled_from([c.seq for c in state.calls] or [0]).map(_about)),
    }
    return made.get(kind, st.just({}))


def _about(seq: int) -> dict[str, object]:
    return {"about": seq}


def _event(seq: int, kind: str, payload: Mapping[str, object]) -> Event:
    return Event(seq, kind, NOW + timedelta(seconds=seq), "someone", payload, edition=7)
