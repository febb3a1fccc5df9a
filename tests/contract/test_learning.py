"""What the port LearningStore promises, held against PostgreSQL, and the flows that fill it, on the real record."""

from collections.abc import AsyncIterator, Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest

from taktvoll.adapters.documents.reader import FileReader
from taktvoll.adapters.postgres.learning import PostgresLearning
from taktvoll.base.errors import Refused, Unavailable
from taktvoll.base.ids import ConversationId, WordingId, uuid7
from taktvoll.base.limits import WORDING_CHARS_MAX, WORDINGS_MAX, WORDINGS_PROPOSED_MAX
from taktvoll.domain.conversation.events import candidates_payload, choices_payload, signals_payload
from taktvoll.domain.conversation.terms import NewEvent, State
from taktvoll.domain.knowledge.synonyms import Glossary, Term
from taktvoll.domain.knowledge.terms import Passage, PassageKey
from taktvoll.domain.knowledge.wordings import Proposal, Standing, Why
from taktvoll.flows.approve_wording import approve_wording, reject_wording
from taktvoll.flows.give_feedback import give_feedback
from taktvoll.flows.house import House
from taktvoll.flows.import_knowledge import import_knowledge
from taktvoll.flows.keep_glossary import add_term, import_terms, remove_term
from taktvoll.flows.propose_wording import propose_chosen, propose_sent
from tests.contract.conftest import NOW, Place, change, folded, talk, wrote
from tests.domain.made import candidate, choice, passage, signals

STAND = passage("stand", question="Wie teile ich meinen Zählerstand mit?")
ASKED = "Hallo, wohin mit den Zahlen vom Stromkasten? Kundennummer 4711-0815"
MASKED = "wohin mit den Zahlen vom Stromkasten? Kundennummer …"


def proposal(
    conversation: ConversationId, seq: int = 2, why: Why = Why.CHOSEN, text: str = ASKED
) -> Proposal:
    """A proposal for the entry, about the message at seq."""
    return Proposal(
        id=WordingId(uuid7(NOW)),
        key=STAND.key,
        conversation=conversation,
        seq=seq,
        why=why,
        at=NOW,
        text=text,
    )


def house_of(place: Place) -> House:
    """As much of a house as these flows reach for, all of it real."""
    made = SimpleNamespace(
        record=place.record,
        library=place.library,
        learning=PostgresLearning(place.pool),
        push=SimpleNamespace(publish=lambda changed: None),
        reader=FileReader(),
        now=lambda: NOW,
    )
    return cast("House", made)


async def stock(place: Place, *entries: Passage) -> None:
    """Put entries into the working copy."""

    async def given() -> AsyncIterator[Sequence[Passage]]:
        yield entries

    await place.library.stock(place.id, given(), NOW)


async def asked_back_and_chosen(
    place: Place, text: str = ASKED, because: str = "chosen", heard: dict[str, object] | None = None
) -> tuple[ConversationId, State, tuple[Any, ...]]:
    """A customer asks, is asked back, writes again and is answered with the entry."""
    conversation = talk()
    accepted = await place.record.accept(wrote(place, conversation, f"{conversation}-1", text))
    first = accepted.state
    turn = (
        _heard(first.last_customer_seq, **(heard or {})),
        _found(first.last_customer_seq),
        _decided(first.last_customer_seq, "clarify", "unsure", choices=choices_payload([choice("stand")])),
    )
    await place.record.decide(change(place, conversation, first, *turn))
    accepted = await place.record.accept(wrote(place, conversation, f"{conversation}-2", "1"))
    answered = (
        _heard(accepted.seq, picks=1 if because == "chosen" else None),
        _found(accepted.seq),
        _decided(accepted.seq, "answer", because, passage=[*STAND.key, STAND.hash]),
        NewEvent("message.released", NOW, "assistant", {"author": "assistant", "notice": "1"}),
    )
    decided = await place.record.decide(change(place, conversation, accepted.state, *answered))
    assert decided.events
    return conversation, folded(accepted.state, answered), decided.events


def _heard(seq: int, **more: object) -> NewEvent:
    return NewEvent("signals.read", NOW, "assistant", signals_payload(seq, signals(**more), False, None))


def _found(seq: int) -> NewEvent:
    found = {
        "candidates": candidates_payload([candidate("stand")], [500_000]),
        "customer_seq": seq,
        "search": [],
    }
    return NewEvent("evidence.found", NOW, "assistant", found)


def _decided(seq: int, decision: str, because: str, **more: object) -> NewEvent:
    plain = {
        "answer_at": 700_000,
        "because": because,
        "choices": [],
        "customer_seq": seq,
        "decision": decision,
        "passage": None,
    }
    return NewEvent("answer.decided", NOW, "assistant", plain | more)


async def open_ones(house: House, place: Place) -> tuple[Proposal, ...]:
    """What waits for an editor."""
    return await house.learning.proposals(place.id, Standing.OPEN, None, 100)


async def test_a_choice_proposes_the_question_that_was_asked(place: Place) -> None:
    """The customer said twice what they meant; the first way of saying it is worth learning (issue 3)."""
    house = house_of(place)
    await stock(place, STAND)
    conversation, _, events = await asked_back_and_chosen(place)
    await propose_chosen(house, place.id, conversation, events)
    await propose_chosen(house, place.id, conversation, events)
    (found,) = await open_ones(house, place)
    assert (found.key, found.text, found.why, found.confirmed) == (STAND.key, ASKED, Why.CHOSEN, 1)
    assert await house.learning.count_open(place.id) == 1


async def test_help_after_asking_back_proposes_it_too(place: Place) -> None:
    """Whoever rephrases instead of choosing, and is helped, has confirmed as much; both together count twice."""
    house = house_of(place)
    await stock(place, STAND)
    conversation, _, events = await asked_back_and_chosen(place, because="confident")
    await propose_chosen(house, place.id, conversation, events)
    assert await open_ones(house, place) == ()
    for _ in range(2):
        await give_feedback(house, place.id, conversation, events[-1].seq, "helped")
    (found,) = await open_ones(house, place)
    assert (found.why, found.confirmed) == (Why.HELPED, 1)
    again, _, later = await asked_back_and_chosen(
        place, "wohin mit den zahlen vom Stromkasten, Kundennummer 4711-0815"
    )
    await propose_chosen(house, place.id, again, later)
    (found,) = await open_ones(house, place)
    assert found.confirmed == 2


async def test_what_an_agent_sends_proposes_it_too(place: Place) -> None:
    """An agent who answers with the entry knows better than the search what the question meant."""
    house = house_of(place)
    await stock(place, STAND)
    conversation = talk()
    accepted = await place.record.accept(wrote(place, conversation, "m1", ASKED))
    turn = (_heard(accepted.seq), _found(accepted.seq), _decided(accepted.seq, "decline", "not_known"))
    await place.record.decide(change(place, conversation, accepted.state, *turn))
    await propose_sent(house, place.id, conversation, STAND.key, "Ganz andere Worte.")
    await propose_sent(house, place.id, conversation, PassageKey("hilfe", "fremd", "de"), STAND.text)
    assert await open_ones(house, place) == ()
    await propose_sent(house, place.id, conversation, STAND.key, f"Guten Tag! {STAND.text}")
    (found,) = await open_ones(house, place)
    assert (found.why, found.text) == (Why.SENT, ASKED)


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("Wie teile ich meinen Zaehlerstand mit", {}),
        ("Ja", {}),
        ("Und auf dem Handy, wie geht es da?", {"follows_up": True}),
        ("Wohin mit dem Stand? Und was kostet das?", {"questions": ((0, 19), (20, 40))}),
        ("Worte " * 200, {}),
    ],
)
async def test_what_does_not_stand_for_itself_is_not_proposed(
    place: Place, text: str, heard: dict[str, object]
) -> None:
    """An entry's own question, half a thought or two at once would teach the search nothing good."""
    house = house_of(place)
    await stock(place, STAND)
    conversation, _, events = await asked_back_and_chosen(place, text, heard=heard)
    await propose_chosen(house, place.id, conversation, events)
    assert await open_ones(house, place) == ()


async def test_a_customer_is_answered_though_nothing_can_be_kept(place: Place) -> None:
    """The answer has gone out already; a proposal that cannot be stored must not turn it into an error."""
    house = house_of(place)
    conversation, _, events = await asked_back_and_chosen(place)

    async def gone(*_: object) -> None:
        raise Unavailable("database.unreachable", 2)

    away = cast("House", SimpleNamespace(**{**vars(house), "learning": SimpleNamespace(entry=gone)}))
    await propose_chosen(away, place.id, conversation, events)


async def test_an_approved_wording_enters_the_working_copy_and_stays(place: Place, tmp_path: Any) -> None:
    """What an editor approved must survive tonight's import of a file that does not know of it."""
    house = house_of(place)
    file = tmp_path / "hilfe.jsonl"
    file.write_text(
        '{"id":"stand","language":"de","question":"Wie teile ich meinen Zählerstand mit?","answer":"Im Portal."}'
    )

    async def read() -> tuple[int, int]:
        report = await import_knowledge(
            house, place.id, [file], collection=None, language=None, progress=lambda *_: None
        )
        return report.stocked.changed, report.stocked.unchanged

    await read()
    conversation, _, events = await asked_back_and_chosen(place)
    await propose_chosen(house, place.id, conversation, events)
    (found,) = await open_ones(house, place)
    entry = await approve_wording(house, place.id, found.id, "staff:anna")
    assert entry.wordings == (MASKED,)
    assert await house.learning.entry(place.id, STAND.key) == entry
    assert await read() == (0, 1)
    file.write_text(
        '{"id":"stand","language":"de","question":"Wie teile ich meinen Zählerstand mit?","answer":"Im neuen Portal."}'
    )
    assert await read() == (1, 0)
    kept = await house.learning.entry(place.id, STAND.key)
    assert kept is not None
    assert (kept.text, kept.wordings) == ("Im neuen Portal.", (MASKED,))


async def test_a_proposal_is_decided_once_and_its_like_comes_no_more(place: Place) -> None:
    """Two editors at one list, and a question that comes every day: neither decides twice nor is asked again."""
    house = house_of(place)
    await stock(place, STAND)
    conversation, _, events = await asked_back_and_chosen(place)
    await propose_chosen(house, place.id, conversation, events)
    (found,) = await open_ones(house, place)
    await reject_wording(house, place.id, found.id, "anna")
    for attempt in (
        reject_wording(house, place.id, found.id, "bernd"),
        approve_wording(house, place.id, found.id, "bernd"),
    ):
        with pytest.raises(Refused) as caught:
            await attempt
        assert caught.value.code == "wording.decided"
    again, _, later = await asked_back_and_chosen(place, ASKED.lower())
    await propose_chosen(house, place.id, again, later)
    assert await open_ones(house, place) == ()
    (kept,) = await house.learning.proposals(place.id, Standing.REJECTED, None, 10)
    assert kept.id == found.id


@pytest.mark.parametrize("text", ["", "Ja", "x" * (WORDING_CHARS_MAX + 1), "… …", "a.b@c.example"])
async def test_an_unusable_text_is_refused_and_the_proposal_stays(place: Place, text: str) -> None:
    """An editor who slips must be able to try again."""
    house = house_of(place)
    await stock(place, STAND)
    conversation, _, events = await asked_back_and_chosen(place)
    await propose_chosen(house, place.id, conversation, events)
    (found,) = await open_ones(house, place)
    with pytest.raises(Refused) as caught:
        await approve_wording(house, place.id, found.id, "anna", text)
    assert caught.value.code == "wording.text"
    assert await open_ones(house, place) == (found,)


async def test_a_full_entry_takes_no_more(place: Place) -> None:
    """The editor is told, not fooled into believing that it counts."""
    house = house_of(place)
    ways = tuple(f"Frage {chr(97 + n)}{chr(98 + n)}x nach {chr(99 + n)}yz" for n in range(WORDINGS_MAX))
    await stock(place, passage("stand", question=STAND.question, wordings=ways))
    conversation, _, events = await asked_back_and_chosen(place)
    await propose_chosen(house, place.id, conversation, events)
    (found,) = await open_ones(house, place)
    with pytest.raises(Refused) as caught:
        await approve_wording(house, place.id, found.id, "anna")
    assert caught.value.code == "wording.full"


async def test_erasing_the_message_erases_the_proposal(place: Place, raw: Any) -> None:
    """The right to erasure holds for what is only proposed: no copy of the customer's words stands elsewhere."""
    house = house_of(place)
    await stock(place, STAND)
    conversation, _, events = await asked_back_and_chosen(place)
    await propose_chosen(house, place.id, conversation, events)
    (found,) = await open_ones(house, place)
    await raw.execute(
        "update personal_text set content = null, salt = null where conversation_id = $1", conversation
    )
    assert await open_ones(house, place) == ()
    assert await house.learning.count_open(place.id) == 0
    with pytest.raises(Refused) as caught:
        await approve_wording(house, place.id, found.id, "anna")
    assert caught.value.code == "wording.unknown"
    columns = await raw.fetch(
        "select data_type from information_schema.columns where table_name = 'wording_proposal'"
    )
    assert "jsonb" not in {r[0] for r in columns}


async def test_one_conversation_does_not_fill_the_list(place: Place) -> None:
    """Somebody who clicks choices all day must not bury what other customers call things (D4, bad input)."""
    await stock(place, STAND)
    store, one, other = PostgresLearning(place.pool), talk(), talk()
    kept = [await store.propose(place.id, proposal(one, seq), None) for seq in range(2, 9)]
    assert kept == [True] * WORDINGS_PROPOSED_MAX + [False] * (7 - WORDINGS_PROPOSED_MAX)
    assert await store.propose(place.id, proposal(other), None)


async def test_a_stranger_s_proposal_does_not_exist(place: Place, other: Place) -> None:
    """An id from another company opens nothing."""
    house = house_of(other)
    await stock(other, STAND)
    conversation, _, events = await asked_back_and_chosen(other)
    await propose_chosen(house, other.id, conversation, events)
    (found,) = await open_ones(house, other)
    for attempt in (approve_wording, reject_wording):
        with pytest.raises(Refused) as caught:
            await attempt(house_of(place), place.id, found.id, "anna")
        assert caught.value.code == "wording.unknown"


async def test_the_glossary_is_kept_and_terms_grow(place: Place, other: Place) -> None:
    """Words come one by one from the people who hear them; a term's name is spelled as it was first."""
    house = house_of(place)
    await add_term(house, place.id, "Abschlag", ["Rate"], "anna")
    term = await add_term(house, place.id, " abschlag ", ["monatliche  Zahlung", "rate"], "bernd")
    assert term == Term("Abschlag", ("Rate", "monatliche Zahlung"))
    assert await house.learning.glossary(place.id) == Glossary((term,))
    assert await house.learning.glossary(other.id) == Glossary()
    await remove_term(house, place.id, "ABSCHLAG")
    assert await house.learning.glossary(place.id) == Glossary()
    with pytest.raises(Refused) as caught:
        await remove_term(house, place.id, "Abschlag")
    assert caught.value.code == "glossary.unknown"


@pytest.mark.parametrize(
    ("term", "synonyms"),
    [("", ["a"]), ("Abschlag", []), ("Abschlag", ["?!"]), ("A", ["a"]), ("A", ["x" * 101])],
)
async def test_a_term_without_another_word_is_refused(place: Place, term: str, synonyms: list[str]) -> None:
    """A glossary of empty lines looks full and helps nobody."""
    with pytest.raises(Refused) as caught:
        await add_term(house_of(place), place.id, term, synonyms, "anna")
    assert caught.value.code == "glossary.term"


@pytest.mark.parametrize(
    ("name", "text", "kept", "problems"),
    [
        ("a.csv", "term,synonyms\nAbschlag,Rate;monatliche Zahlung\nMarktlokation,Malo\n", 2, 0),
        ("b.csv", "Begriff;Synonyme\nAbschlag;Rate;monatliche Zahlung\n;x\nUmzug;\n", 1, 2),
        ("c.jsonl", '{"term":"Abschlag","synonyms":["Rate"]}\n\nkaputt\n{"term":1}\n', 1, 2),
        ("d.json", '[{"term":"Abschlag","synonyms":"Rate, Betrag"},{"term":"abschlag","synonyms":["Geld"]}]', 1, 0),
        ("e.csv", "a,b\nc,d\n", 0, 1),
        ("f.json", "[", 0, 1),
        ("g.csv", "", 0, 1),
    ],
)  # fmt: skip
async def test_terms_come_from_files(
    place: Place, tmp_path: Any, name: str, text: str, kept: int, problems: int
) -> None:
    """A list that exists already is imported as it is; what is unusable is said line by line."""
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    read = await import_terms(house_of(place), place.id, file, "anna")
    assert (read.kept, len(read.problems)) == (kept, problems)
    assert len((await PostgresLearning(place.pool).glossary(place.id)).terms) == kept


async def test_a_missing_file_of_terms_is_a_problem(place: Place, tmp_path: Any) -> None:
    """Whoever mistypes the name reads why nothing happened."""
    read = await import_terms(house_of(place), place.id, tmp_path / "nichts.csv", "anna")
    assert [p.code for p in read.problems] == ["import.unreadable"]
