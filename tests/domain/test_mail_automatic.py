"""Machines are told from people, by headers and by wording."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taktvoll.domain.mail.automatic import verdict_of
from taktvoll.domain.mail.reading import reading_of
from taktvoll.domain.mail.terms import Address, Automatic, Delivered, Headers, Report
from tests.domain.mails import mail

OFFICE, BOUNCE, TICKET, LIST = (
    Automatic.OUT_OF_OFFICE,
    Automatic.BOUNCE,
    Automatic.TICKET_SYSTEM,
    Automatic.LIST,
)

MACHINES = [
    ("Ich bin vom 12. bis 23. Juli nicht im Büro. In dringenden Fällen hilft Frau Meier.", OFFICE),
    ("Vielen Dank für Ihre Nachricht. Ich bin ab dem 03.06. wieder für Sie da.", OFFICE),
    ("Bin bis 14.8. nicht erreichbar.", OFFICE),
    ("Unser Büro ist vom 24.12. bis 02.01. geschlossen. Wir wünschen Ihnen frohe Festtage.", OFFICE),
    ("Während meiner Elternzeit vertritt mich Herr Klein. Ihre Nachricht wird nicht gelesen.", OFFICE),
    (
        "Frau Lenz ist nicht mehr in unserem Unternehmen beschäftigt. Bitte wenden Sie sich an info@example.com.",
        OFFICE,
    ),
    ("I am out of the office until 5 May. For urgent matters please contact Jane.", OFFICE),
    ("Ihre Anfrage ist eingegangen. Ihre Ticketnummer lautet 4711.", TICKET),
    ("Wir haben Ihre Nachricht erhalten und melden uns so bald wie möglich.", TICKET),
    ("Ihre Nachricht an max@example.com konnte nicht zugestellt werden.", BOUNCE),
    ("A message that you sent could not be delivered. This is a permanent error.", BOUNCE),
    ("Der Mai wird bunt.\nNewsletter abbestellen: hier klicken", LIST),
    ("Dies ist eine automatisch generierte Nachricht. Ihr Paket ist da.", Automatic.OTHER),
]

PEOPLE = [
    "ich bin ab Montag im Urlaub, bitte vorher anrufen",
    "Ich bin vom 3.6. bis 10.6. nicht erreichbar. Bitte verschieben Sie den Termin mit dem Techniker.",
    "Ich bin bis Freitag im Urlaub. Kann ich die Ablesung danach machen?",
    "Seit gestern ist Ihr Büro nicht erreichbar. Was ist da los?",
    "Ihre Hotline ist derzeit nicht erreichbar.",
    "Ich habe Ihre Nachricht erhalten, aber der Anhang lässt sich nicht öffnen.",
    "Ich bekomme nur automatische Antworten von Ihnen. Das ist unverschämt!",
    "Meine E-Mail an Sie konnte nicht zugestellt werden. Ist meine Adresse falsch hinterlegt?",
    "Wie kann ich den Newsletter abbestellen?",
    "Danke für Ihre Antwort. Leider funktioniert es immer noch nicht.",
    "Vielen Dank für Ihre Nachricht. Ich bin ab Montag wieder zu Hause, dann schicke ich Ihnen den Zählerstand.",
]


@pytest.mark.parametrize(("text", "kind"), MACHINES)
def test_machines_without_headers_are_told_by_their_words(text: str, kind: Automatic) -> None:
    """Many set no header; an answer to one starts a loop or a useless case."""
    verdict = verdict_of(mail(subject="Re: Rechnung", text=text), text)
    assert (verdict.automatic, verdict.kind) == (True, kind)


@pytest.mark.parametrize("text", PEOPLE)
def test_people_are_people_whatever_they_mention(text: str) -> None:
    """A person taken for a machine never gets an answer, and nobody notices."""
    assert not verdict_of(mail(text=text), text).automatic


@pytest.mark.parametrize(
    ("headers", "because"),
    [
        (Headers(auto_submitted="auto-replied"), "header.auto-submitted"),
        (Headers(auto_reply="yes"), "header.x-autoreply"),
        (Headers(precedence="bulk"), "header.bulk"),
        (Headers(list_id="<a.example>"), "header.list"),
        (Headers(null_sender=True), "header.return-path"),
    ],
)
def test_headers_of_machines_are_believed(headers: Headers, because: str) -> None:
    """RFC 3834: who says that it is automatic is."""
    verdict = verdict_of(mail(headers=headers, text="Wann kommen Sie?"), "Wann kommen Sie?")
    assert (verdict.automatic, verdict.because) == (True, because)


@pytest.mark.parametrize(
    "headers", [Headers(auto_submitted="no"), Headers(suppress="all"), Headers(precedence="normal")]
)
def test_headers_that_people_have_as_well_prove_nothing(headers: Headers) -> None:
    """Exchange suppresses absences for everybody; that makes nobody a machine."""
    assert not verdict_of(mail(headers=headers), "Wann kommen Sie?").automatic


@pytest.mark.parametrize(
    ("action", "kind"),
    [("failed", BOUNCE), ("delayed", Automatic.DELIVERY_NOTICE), ("delivered", Automatic.DELIVERY_NOTICE)],
)
def test_reports_are_told_by_their_action(action: str, kind: Automatic) -> None:
    """Only a failed delivery means that a customer did not get our mail."""
    report = Report("delivery-status", (Delivered("eva@example.net", action, "5.1.1", ""),))
    assert verdict_of(mail(report=report), "").kind is kind


@pytest.mark.parametrize(
    ("subject", "text", "automatic"),
    [
        ("Abwesend bis 03.06.", "Ich melde mich nach meiner Rückkehr.", True),
        ("AW: Automatische Antwort: Rechnung", "Danke. Wer vertritt Sie denn?", False),
        ("Unzustellbar", "Das Paket kam zurück. Schicken Sie es noch einmal?", False),
        ("WG: Undelivered Mail Returned to Sender", "Das kam gerade. Was mache ich falsch?", False),
        ("Gelesen: Rechnung", "Ihre Nachricht wurde gelesen.", True),
    ],
)
def test_subjects_count_only_where_the_text_agrees(subject: str, text: str, automatic: bool) -> None:
    """People answer under the subjects of machines."""
    assert verdict_of(mail(subject=subject, text=text), text).automatic is automatic


def test_addresses_that_take_no_answer_are_machines_unless_they_name_another() -> None:
    """A contact form writes from no-reply and names the customer to answer to."""
    form = mail(sender="noreply@example.com", reply_to=(Address("", "eva@example.org"),))
    assert verdict_of(mail(sender="noreply@example.com"), "Ihr Paket ist da.").automatic
    assert not verdict_of(form, "Wann kommen Sie?").automatic
    assert verdict_of(mail(sender="mailer-daemon@example.com"), "Mailbox full, user unknown").kind is BOUNCE
    assert verdict_of(mail(calendar_method="REPLY"), "Zugesagt").automatic


def test_a_machine_asks_nothing() -> None:
    """A question in a receipt is not the customer's."""
    reading = reading_of(mail(text="Ihre Anfrage ist eingegangen. Bitte geben Sie die Ticketnummer an."))
    assert (reading.verdict.automatic, reading.questions) == (True, ())


@given(st.text(max_size=500), st.text(max_size=80))
def test_any_text_gets_a_verdict(text: str, subject: str) -> None:
    """Whatever arrives, there is a verdict, and a machine has a kind and a reason."""
    verdict = verdict_of(mail(subject=subject, text=text), text)
    assert verdict.automatic == bool(verdict.kind and verdict.because)
