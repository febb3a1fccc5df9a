"""The wording of a mail: whom it greets and how, what stands in which order, and what is never said."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taktvoll.domain.conversation.reasons import NOTICES
from taktvoll.domain.conversation.steps import Asked, Away, Speech
from taktvoll.domain.conversation.terms import MAIL, Address, Choice, Decision, HandoverReason, State
from taktvoll.domain.governance.mail_wording import Frame, house_parts, person_parts
from taktvoll.domain.governance.notices import FIXED, VERSION, fixed, fixed_by_mail, introduced
from taktvoll.domain.governance.notices_mail import BY_MAIL
from taktvoll.domain.governance.release import release
from taktvoll.domain.governance.salutation import NOBODY, Addressee, addressee_of, greeting
from taktvoll.domain.governance.terms import Amend, Author, Draft, Hold, Part, PartKind, Pass
from taktvoll.domain.governance.wording import Words, compose, needs_words, text_of_json
from tests.domain.made import NOW, draft, facts, passage

STATE = State(channel=MAIL, language="de", owner_epoch=3, last_customer_seq=8, last_seq=8, customer_at=NOW)
STAND, UMZUG = passage("stand"), passage("umzug", "Melden Sie den Umzug vorher.")
LETTER = "Wie melde ich den Zählerstand? Was muss ich beim Umzug tun? Gibt es Freibier?"
FIRST, SECOND, THIRD = (0, 30), (31, 59), (60, 77)
K = PartKind


def offered(name: str) -> Choice:
    """An entry by name and content."""
    entry = {"stand": STAND, "umzug": UMZUG}[name]
    return Choice(entry.key, entry.hash)


def composed(speech: Speech, state: State = STATE, gas_line: str = "", texts: str = VERSION) -> Draft:
    """Put a speech into words and let the release check complete it."""
    known = {p.hash: p for p in (STAND, UMZUG)}
    words = Words(
        claimed=LETTER, customer="Selin Yılmaz", company="Stadtwerke Auental", gas_line=gas_line, texts=texts
    )
    said, evidence = compose(
        speech, state, known, conversation="c", workspace="auental", edition=7, words=words
    )  # fmt: skip
    verdict = release(said, facts(*evidence))
    assert isinstance(verdict, Amend), verdict
    return verdict.draft


def kinds(said: Draft) -> list[PartKind]:
    """The order of the parts."""
    return [p.kind for p in said.parts]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Selin Yılmaz", Addressee("Selin", "Yılmaz")),
        ("Frau Selin Yılmaz", Addressee("Selin", "Yılmaz", "frau")),
        ("Yılmaz, Selin", Addressee("Selin", "Yılmaz")),
        ("Herr Dr. Karl-Heinz Müller", Addressee("Karl-Heinz", "Müller", "herr", "Dr.")),
        ("Prof. Dr. Eva Klein", Addressee("Eva", "Klein", "", "Prof. Dr.")),
        ("Dr. med. Eva Klein", Addressee("Eva", "Klein", "", "Dr.")),
        ("Mrs Ann O'Neill", Addressee("Ann", "O'Neill", "frau")),
        ("Anna von der Heide", Addressee("Anna", "von der Heide")),
        ("Herr Müller", Addressee("", "Müller", "herr")),
        ("Selin", Addressee("Selin")),
        ('"Selin Yılmaz"', Addressee("Selin", "Yılmaz")),
        ("", NOBODY),
        ("Müller GmbH", NOBODY),
        ("Info", NOBODY),
        ("Kundenservice Nord", NOBODY),
        ("selin@example.org", NOBODY),
        ("Selin 1984", NOBODY),
        ("Jetzt 500 Euro gewinnen www.boese.example", NOBODY),
        ("Bitte hier klicken und sofort Geld bekommen", NOBODY),
        ("x" * 61, NOBODY),
    ],
)  # fmt: skip
def test_only_names_of_people_are_taken_for_names(name: str, expected: Addressee) -> None:
    """A greeting is no place for a firm, a function, or a stranger's message in our mail."""
    assert addressee_of(name) == expected


WHO = {
    "nobody": NOBODY,
    "full": Addressee("Selin", "Yılmaz"),
    "given": Addressee("Selin"),
    "frau": Addressee("Selin", "Yılmaz", "frau"),
    "herr": Addressee("", "Müller", "herr"),
    "dr": Addressee("Eva", "Klein", "frau", "Dr."),
}
GREETED = {
    ("nobody", "de", False): "Guten Tag,", ("nobody", "de", True): "Hallo,", ("nobody", "en", False): "Hello,",
    ("nobody", "en", True): "Hello,", ("full", "de", False): "Guten Tag Selin Yılmaz,",
    ("full", "de", True): "Hallo Selin,", ("full", "en", False): "Dear Selin Yılmaz,",
    ("full", "en", True): "Dear Selin,", ("given", "de", False): "Guten Tag Selin,",
    ("given", "de", True): "Hallo Selin,", ("given", "en", False): "Dear Selin,", ("given", "en", True): "Dear Selin,",
    ("frau", "de", False): "Guten Tag Frau Yılmaz,", ("frau", "de", True): "Hallo Selin,",
    ("frau", "en", False): "Dear Ms Yılmaz,", ("frau", "en", True): "Dear Selin,",
    ("herr", "de", False): "Guten Tag Herr Müller,", ("herr", "de", True): "Hallo Herr Müller,",
    ("herr", "en", False): "Dear Mr Müller,", ("herr", "en", True): "Dear Herr Müller,",
    ("dr", "de", False): "Guten Tag Frau Dr. Klein,", ("dr", "de", True): "Hallo Eva,",
    ("dr", "en", False): "Dear Ms Dr. Klein,", ("dr", "en", True): "Dear Eva,",
}  # fmt: skip


@pytest.mark.parametrize(("who", "language", "familiar"), list(GREETED))
def test_every_greeting_fits(who: str, language: str, familiar: bool) -> None:
    """A wrong gender or a wrong du is the first thing a customer reads."""
    for address in (Address.DU,) if familiar else (Address.SIE, None):
        assert greeting(WHO[who], language, address) == GREETED[(who, language, familiar)]


@given(st.text(max_size=80))
def test_no_name_brings_signs_or_digits_into_the_greeting(name: str) -> None:
    """Whatever a display name holds, the greeting is one line of letters."""
    said = greeting(addressee_of(name), "de", None)
    assert not re.search(r"[\d@/<>\n\r:]", said)
    assert len(said) <= 80


def test_one_answer_has_greeting_notice_answer_way_on_and_sign_off() -> None:
    """The order in which people expect a mail; the notice stands before the first word of the AI's answer."""
    said = composed(Speech(Decision.ANSWER, "de", passage=offered("stand")))
    assert kinds(said) == [K.GREETING, K.NOTICE, K.TEXT, K.TEXT, K.CLOSING]
    assert [p.text for p in said.parts] == [
        "Guten Tag Selin Yılmaz,\n\nvielen Dank für Ihre Nachricht.",
        fixed("ai_notice_mail", "de"),
        STAND.text,
        fixed("mail_further", "de"),
        "Freundliche Grüße\nDie KI-Assistenz\nStadtwerke Auental",
    ]
    assert [s.title for s in said.sources] == ["Stand"]


def test_questions_are_answered_one_by_one_and_what_is_open_is_named() -> None:
    """Whoever asked three things wants to see which answer belongs to which, and that nothing was overlooked."""
    asked = (Asked(*FIRST, offered("stand")), Asked(*SECOND, offered("umzug")), Asked(*THIRD))
    speech = Speech(
        Decision.ANSWER, "de", passage=offered("stand"), more=(offered("umzug"),), open=True, asked=asked
    )
    said = composed(speech)
    assert kinds(said) == [
        K.GREETING, K.NOTICE, K.TEXT, K.LEAD, K.TEXT, K.LEAD, K.TEXT, K.TEXT, K.LEAD, K.CLOSING,
    ]  # fmt: skip
    assert [p.text for p in said.parts][2:-1] == [
        fixed("mail_questions", "de"),
        "Wie melde ich den Zählerstand?",
        STAND.text,
        "Was muss ich beim Umzug tun?",
        UMZUG.text,
        fixed("mail_open_one", "de"),
        "Gibt es Freibier?",
    ]


def test_one_entry_that_answers_two_questions_is_said_once() -> None:
    """Reading the same paragraph twice looks like a machine that does not understand."""
    asked = (Asked(*FIRST, offered("stand")), Asked(*SECOND, offered("stand")), Asked(*THIRD))
    speech = Speech(Decision.ANSWER, "de", passage=offered("stand"), open=True, asked=asked)
    said = [p.text for p in composed(speech).parts]
    assert said.count(STAND.text) == 1
    assert said.index("Was muss ich beim Umzug tun?") < said.index(STAND.text)


@pytest.mark.parametrize("open_ones", [1, 2])
def test_open_questions_are_counted_in_words(open_ones: int) -> None:
    """One question is not several."""
    places = (SECOND, THIRD)[:open_ones]
    asked = (Asked(*FIRST, offered("stand")), *(Asked(*p) for p in places))
    said = composed(Speech(Decision.ANSWER, "de", passage=offered("stand"), open=True, asked=asked))
    name = "mail_open_one" if open_ones == 1 else "mail_open_more"
    assert fixed(name, "de") in [p.text for p in said.parts]


@pytest.mark.parametrize("address", [None, Address.SIE, Address.DU])
@pytest.mark.parametrize("language", ["de", "en"])
def test_our_own_sentences_speak_as_the_customer_does(language: str, address: Address | None) -> None:
    """Approved passages stay as they are; around them nobody who writes du is called Sie."""
    asked = (Asked(*FIRST, offered("stand")), Asked(*SECOND, offered("umzug")), Asked(*THIRD))
    speech = Speech(
        Decision.ANSWER, language, passage=offered("stand"), more=(offered("umzug"),), open=True, asked=asked
    )
    said = composed(speech, replace(STATE, address=address, language=language))
    ours = " ".join(
        p.text for p in said.parts if p.text not in (STAND.text, UMZUG.text) and p.kind is not K.LEAD
    )
    if language == "de" and address is Address.DU:
        assert not re.search(r"\b(?:Ihnen|Ihre?[nmrs]?|Sie (?!kann))\b", ours.replace("Sie kann", "")), ours
    else:
        assert not re.search(r"\b(?:du|dir|dich|deine?[nmrs]?)\b", ours), ours


AWAY = Away(NOW + timedelta(hours=20), "Europe/Berlin")


@pytest.mark.parametrize("name", sorted(n for n in NOTICES.values() if n.startswith("emergency_")))
@pytest.mark.parametrize("language", ["de", "en"])
def test_nothing_delays_what_saves_lives(name: str, language: str) -> None:
    """Who reads one line of the mail must have read the number; no politeness, no opening hours, the notice last."""
    state = replace(STATE, address=Address.DU, language=language)
    said = composed(Speech(Decision.HANDOVER, language, fixed=name, away=AWAY), state)
    assert kinds(said) == [K.ALERT, K.NOTICE, K.CLOSING]
    assert said.parts[0].text == fixed_by_mail(name, language).format(gas_line="")
    assert "Chat" not in said.text
    assert not re.search(r"wieder da|are back|niemand im Service", said.text)


def test_an_emergency_that_also_claims_a_right_has_both() -> None:
    """The number first; that the cancellation has come in is confirmed all the same, once."""
    speech = Speech(
        Decision.HANDOVER, "de", fixed="emergency_gas", receipt=HandoverReason.REVOCATION, away=AWAY
    )
    assert kinds(composed(speech)) == [K.ALERT, K.TEXT, K.QUOTE, K.NOTICE, K.CLOSING]


def test_a_mail_of_then_is_composed_as_it_was_then() -> None:
    """A replay of last week's mails must find the words of last week."""
    urgent = composed(Speech(Decision.HANDOVER, "de", fixed="emergency_gas", away=AWAY), texts="6")
    assert kinds(urgent) == [K.ALERT, K.GREETING, K.NOTICE, K.TEXT, K.CLOSING]
    answer = composed(Speech(Decision.ANSWER, "de", passage=offered("stand")), texts="6")
    assert answer.parts[0].text == "Guten Tag Selin Yılmaz,"
    assert introduced("mail_opening") == "7"


@pytest.mark.parametrize(
    ("address", "language", "fixed_text", "opened"),
    [
        (Address.SIE, "de", "", "Guten Tag Selin Yılmaz,\n\nvielen Dank für Ihre Nachricht."),
        (None, "de", "handover", "Guten Tag Selin Yılmaz,\n\nvielen Dank für Ihre Nachricht."),
        (Address.DU, "de", "handover", "Hallo Selin,\n\nvielen Dank für deine Nachricht."),
        (None, "en", "handover", "Dear Selin Yılmaz,\n\nThank you for your message."),
        (
            Address.SIE,
            "de",
            "handover_distress",
            "Guten Tag Selin Yılmaz,\n\nIhre Nachricht ist bei uns angekommen.",
        ),
        (Address.DU, "de", "handover_distress", "Hallo Selin,\n\ndeine Nachricht ist bei uns angekommen."),
        (None, "en", "handover_vulnerable", "Dear Selin Yılmaz,\n\nYour message has reached us."),
    ],
)
def test_what_follows_the_greeting_is_spelt_right(
    address: Address | None, language: str, fixed_text: str, opened: str
) -> None:
    """German goes on in lower case after the comma; the approved text stays word for word, a paragraph of its own."""
    speech = Speech(Decision.HANDOVER, language, fixed=fixed_text)
    if not fixed_text:
        speech = Speech(Decision.ANSWER, language, passage=offered("stand"))
    said = composed(speech, replace(STATE, address=address, language=language))
    assert said.parts[0].text == opened
    assert all(p.text == STAND.text for p in said.parts[2:3] if not fixed_text)


def test_the_gas_line_of_the_company_is_named() -> None:
    """The number in a mail is the same as in the chat."""
    said = composed(Speech(Decision.HANDOVER, "de", fixed="emergency_gas"), gas_line="0800 0000 4799")
    assert "0800 0000 4799" in said.parts[0].text


def test_a_claimed_right_is_confirmed_with_time_and_content() -> None:
    """§ 312k and § 356a BGB want the receipt on a durable medium: this mail is one."""
    speech = Speech(Decision.HANDOVER, "de", fixed="handover_revocation", receipt=HandoverReason.REVOCATION)
    said = composed(speech)
    assert kinds(said) == [K.GREETING, K.NOTICE, K.TEXT, K.TEXT, K.QUOTE, K.CLOSING]
    assert "02.11.2026 um 10:30 Uhr" in said.parts[3].text
    assert said.parts[4].text == LETTER


@pytest.mark.parametrize("familiar", [False, True])
@pytest.mark.parametrize("name", sorted({"handover", *NOTICES.values()}))
def test_no_notice_by_mail_speaks_of_a_chat(name: str, familiar: bool) -> None:
    """“You can keep writing here” means nothing in a mail."""
    for language in ("de", "en"):
        text = fixed_by_mail(name, language, familiar=familiar)
        promises = "Sie können hier" in text or "keep writing here" in text or "chat" in text.lower()
        assert not promises or name not in ("handover", "handover_distress", "handover_vulnerable")
        assert not promises or not name.startswith("emergency_")


def test_the_gas_text_of_a_mail_also_fits_a_fire() -> None:
    """What the chat's text was mended for must not be missing in a mail: open doors would feed a fire."""
    for name in ("emergency_gas", "emergency_gas_line"):
        assert "Türen hinter sich schließen" in fixed_by_mail(name, "de")
        assert "close the doors" in fixed_by_mail(name, "en")


def test_each_du_has_its_sie() -> None:
    """A text that exists only familiarly would be said to strangers."""
    for name in BY_MAIL:
        if name.endswith("_du"):
            base = name.removesuffix("_du")
            assert base in FIXED or base.removesuffix("_mail") in FIXED


def test_each_mail_of_the_assistant_has_the_notice() -> None:
    """A mail is read by itself and passed on: the chat's “once is enough” does not hold (AI Act Art. 50(1))."""
    mail = draft("Gern.", channel=MAIL)
    seen = facts("Gern.", notice_shown="3")
    first = release(mail, seen)
    assert isinstance(first, Amend)
    again = release(first.draft, seen)
    assert not isinstance(again, Hold)
    assert [p.kind for p in again.draft.parts].count(K.NOTICE) == 1
    assert isinstance(release(replace(mail, channel="webchat"), facts("Gern.", notice_shown="1")), Pass)


def test_the_customers_words_are_no_evidence_and_no_statement() -> None:
    """Their question may hold a price or a link; neither may pass as ours, nor hold the answer back."""
    text = "Kostet das wirklich 999 Euro, wie auf http://boese.example steht?"
    asked = (Asked(0, len(text), offered("stand")), Asked(0, 0, offered("umzug")))
    speech = Speech(Decision.ANSWER, "de", passage=offered("stand"), more=(offered("umzug"),), asked=asked)
    said, evidence = compose(
        speech, STATE, {p.hash: p for p in (STAND, UMZUG)}, conversation="c", workspace="a", edition=7,
        words=Words(claimed=text, customer="Selin"),
    )  # fmt: skip
    assert text in said.text
    assert not any("999" in e for e in evidence)
    assert not isinstance(release(said, facts(*evidence)), Hold)
    invented = replace(said, parts=(*said.parts, Part(K.TEXT, "Ja, 999 Euro.", "de")))
    assert release(invented, facts(*evidence)) == Hold(("fact.not_in_evidence",))


def test_a_foreign_passage_is_announced_in_a_mail_too() -> None:
    """The release rules hold for mail as for the chat."""
    said = composed(Speech(Decision.ANSWER, "en", passage=offered("stand")), replace(STATE, language="en"))
    assert kinds(said) == [K.GREETING, K.NOTICE, K.HINT, K.TEXT, K.TEXT, K.CLOSING]


ANNA = Frame(
    language="de", who=Addressee("Selin", "Yılmaz"), company="Stadtwerke Auental", signer="Anna Beispiel"
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Das erledige ich.", [K.GREETING, K.TEXT, K.CLOSING]),
        ("Lieber am Montag.", [K.GREETING, K.TEXT, K.CLOSING]),
        ("Grüß Gott Frau Dr. Yılmaz,\nerledigt.", [K.TEXT, K.CLOSING]),
        ("Grüßen Sie bitte Ihre Kollegin.", [K.GREETING, K.TEXT, K.CLOSING]),
        ("Guten Tag Frau Yılmaz,\n\ndas erledige ich.", [K.TEXT, K.CLOSING]),
        ("Das erledige ich.\n\nMit freundlichen Grüßen\nAnna Beispiel", [K.GREETING, K.TEXT, K.CLOSING]),
        ("Hallo,\nerledigt.\n\nViele Grüße\nAnna Beispiel\nStadtwerke Auental", [K.TEXT]),
        ("Dear Selin,\ndone.\n\nKind regards", [K.TEXT, K.CLOSING]),
    ],
)
def test_a_person_writes_only_what_is_missing(text: str, shown: list[PartKind]) -> None:
    """Nobody wants to be greeted twice, and nobody wants to type the company's name."""
    parts = person_parts(ANNA, text)
    assert [p.kind for p in parts] == shown
    whole = "\n".join(p.text for p in parts)
    assert "Anna Beispiel" in whole
    assert whole.count("Stadtwerke Auental") == 1


@pytest.mark.parametrize(
    ("text", "hello"),
    [
        ("das erledige ich.", "Guten Tag Selin Yılmaz,"),
        ("Das erledige ich.", "Guten Tag Selin Yılmaz!"),
        ("Ihre Rechnung kommt morgen.", "Guten Tag Selin Yılmaz,"),
        ("Sie haben recht.", "Guten Tag Selin Yılmaz,"),
        ("12 Euro.", "Guten Tag Selin Yılmaz,"),
        ("Siebzehn Euro.", "Guten Tag Selin Yılmaz!"),
    ],
)
def test_a_greeting_ends_as_a_persons_first_letter_wants_it(text: str, hello: str) -> None:
    """A person's words, and an approved text that they send, are not changed; “Guten Tag, Das …” would be wrong."""
    first, said, *_ = person_parts(ANNA, text)
    assert (first.text, said.text) == (hello, text)
    english = person_parts(replace(ANNA, language="en"), text)
    assert english[0].text == "Dear Selin Yılmaz,"


def test_a_persons_frame_does_not_count_as_their_text() -> None:
    """The limit is for what a person writes; greeting and sign-off must not push a long reply over it."""
    written = "a" * 3_990
    mail = replace(
        draft(channel=MAIL, author=Author.PERSON, author_id="s-1"), parts=person_parts(ANNA, written)
    )
    assert not any("too_long" in r for r in getattr(release(mail, facts()), "reasons", ()))


def test_text_of_a_kept_mail_is_what_was_said() -> None:
    """Search, suggestions and the desk's rows show the words, not the politeness around them."""
    content = (
        '{"parts":[{"kind":"greeting","text":"Hallo,"},{"kind":"text","text":"Ja."},'
        '{"kind":"closing","text":"Gruß"}]}'
    )
    assert text_of_json(content) == "Ja."


def test_a_mail_needs_the_customers_words() -> None:
    """Replay must know that without them nothing can be compared."""
    assert needs_words(Speech(Decision.ANSWER, "de"), MAIL)
    assert not needs_words(Speech(Decision.ANSWER, "de"), "webchat")


@pytest.mark.parametrize(
    ("address", "hello"), [(Address.DU, "Hallo Selin!"), (None, "Guten Tag Selin Yılmaz,")]
)
def test_a_mail_of_the_house_is_spelt_right_after_its_greeting(address: Address | None, hello: str) -> None:
    """After a comma German goes on in lower case, but for the formal words: "Hallo Selin, Dein Termin" is wrong."""
    frame = Frame(language="de", who=Addressee("Selin", "Yılmaz"), address=address)
    first, said, *_ = house_parts(frame, frame.say("reminder_phone_mail"))
    assert (first.text, said.text[:4]) == (hello, "Dein" if address else "Ihr ")
