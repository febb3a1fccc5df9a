"""What a sender newly wrote, told apart from quotes, signatures and footers."""

# ruff: noqa: E501 - a mail is read on one line

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taktvoll.domain.mail.closings import is_closing, names_after_closing
from taktvoll.domain.mail.footers import is_contact, is_device, is_footer
from taktvoll.domain.mail.quotes import quoted_lines
from taktvoll.domain.mail.sentences import sentences_of
from taktvoll.domain.mail.subjects import subject_of
from taktvoll.domain.mail.written import LINES_READ_MAX, written_of

LETTER = "Guten Tag,\n\nwann kommt die Rechnung?\n\nMit freundlichen Grüßen\nEva Lang"

INTRODUCTIONS = [
    "Am 05.05.2024 um 07:55 schrieb Support:",
    "Am Mo., 6. Mai 2024 um 10:00 Uhr schrieb Support <support@example.com>:",
    "Am Montag, 6. Mai 2024 um 10:00:00 MESZ hat Support <support@example.com> Folgendes geschrieben:",
    "Am 6. Mai 2024 10:00:00 MESZ schrieb Support <support@example.com>:",
    'Am 06.05.24, 10:00 schrieb\n"Support" <support@example.com>:',
    "Support <support@example.com> schrieb am Mo., 6. Mai 2024, 10:00:",
    "Support <support@example.com> hat am 06.05.2024 10:00 geschrieben:",
    "On Mon, May 6, 2024 at 10:00 AM Support <support@example.com> wrote:",
    "On 6 May 2024, at 10:00, Support\n<support@example.com> wrote:",
    "2024-05-06 10:00 GMT+02:00 Support <support@example.com>:",
    "-----Ursprüngliche Nachricht-----\nVon: Support\nGesendet: Montag, 6. Mai 2024 10:00\nAn: Eva\nBetreff: Rechnung",
    "-------- Weitergeleitete Nachricht --------\nBetreff: Rechnung\nDatum: Mon, 6 May 2024\nVon: Support\nAn: Eva",
    "________________________________\nVon: Support <support@example.com>\nGesendet: Montag, 6. Mai 2024 10:00\nAn: Eva\nBetreff: Rechnung",
    "Von: Support <support@example.com>\nDatum: 6. Mai 2024 um 10:00\nAn: Eva <eva@example.org>\nBetreff: Rechnung",
    "From: Support\nSent: Monday, May 6, 2024 10:00 AM\nTo: Eva\nSubject: Rechnung",
    "Gesendet: Montag, 6. Mai 2024 um 10:00 Uhr\nVon: Support\nAn: eva@example.org\nBetreff: Rechnung",
    "---------- Forwarded message ---------\nVon: Support <support@example.com>\nDate: Mo., 6. Mai 2024",
    "Zitat von Support <support@example.com>:",
    "Anfang der weitergeleiteten Nachricht:\n\nVon: Support\nBetreff: Rechnung\nDatum: 6. Mai 2024",
    "*Von:* Support <support@example.com>\n*Gesendet:* Montag, 6. Mai 2024 10:00\n*An:* Eva\n*Betreff:* Rechnung",
]


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
def test_what_follows_an_introduction_is_no_new_text(introduction: str) -> None:
    """Our own words, sent back to us, would otherwise be answered as if the customer had asked them."""
    written = written_of(f"{LETTER}\n\n{introduction}\n\nIhre Rechnung kommt bald. Noch Fragen?")
    assert written.new_text == LETTER
    assert "Noch Fragen?" in written.quoted


@pytest.mark.parametrize(
    "text",
    [
        "Guten Tag,\n\nam 3. Mai schrieb mir Ihr Kollege:\n\n„Das ist erledigt.“\n\nStimmt das?",
        "Von: Köln\nNach: Bonn\n\nWas kostet die Fahrt?",
        "Meine neue Adresse:\n\nHauptstr. 5\n12345 Musterstadt\n\nAb wann gilt sie?",
        "Ich habe am 3.5. geschrieben:\nnichts kam zurück.",
        "Bitte senden Sie die Unterlagen an\n\neva@example.org",
        "Hallo,\n\nkommt ihr?\n\nLG Tom\n\nPS: Ich bringe meinen Zähler mit.",
        "Wieso?\n\nGruß\nEva Lang\nKundennummer: 4711",
    ],
)
def test_what_only_looks_like_a_quote_or_a_signature_stays(text: str) -> None:
    """A line cut by mistake is a question nobody answers."""
    assert written_of(text).new_text == text


def test_answers_between_quoted_lines_stay() -> None:
    """People answer point by point; each answer counts."""
    text = "Am 05.05.2024 um 07:55 schrieb Support:\n> Haben Sie Strom?\n\nJa.\n\n> Und Gas?\n\nNein."
    assert written_of(text).new_text == "Ja.\n\nNein."


def test_broken_off_quoted_lines_are_quoted() -> None:
    """Mail programs wrap quoted lines and leave the end without its mark."""
    long_line = "> Guten Tag Frau Lang, gerne stellen wir Ihren Vertrag zum ersten Juni"
    written = written_of(f"Ja.\n\n{long_line}\nauf Online um\n> und danken Ihnen.")
    assert written.new_text == "Ja."


@pytest.mark.parametrize(
    "line",
    [
        "Von meinem iPhone gesendet",
        "Gesendet von meinem iPad",
        "Gesendet von Outlook für Android",
        "Gesendet mit der WEB.DE Mail App",
        "Diese Nachricht wurde von meinem Android-Mobiltelefon mit GMX Mail gesendet.",
        "Von meinem Samsung Galaxy Smartphone gesendet.",
        "Sent from my iPhone",
        "Get Outlook for iOS",
        "Von unterwegs gesendet",
        "Gesendet von Mail für Windows",
    ],
)
def test_lines_of_phones_and_programs_are_no_new_text(line: str) -> None:
    """They are no words of the customer and would spoil search and language."""
    assert is_device(line)
    assert written_of(f"{LETTER}\n\n{line}").new_text == LETTER


@pytest.mark.parametrize(
    "line",
    [
        "Von meinem Konto wurde Geld gesendet?",
        "Die App läuft auf meinem iPhone nicht.",
        "Gesendet habe ich es gestern.",
    ],
)
def test_sentences_about_phones_stay(line: str) -> None:
    """Customers of an app speak of their phones."""
    assert not is_device(line)


@pytest.mark.parametrize(
    "footer",
    [
        "Geschäftsführer: Uwe Sommer\nAmtsgericht Musterstadt HRB 1234\nUSt-IdNr. DE000000000",
        "Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind, löschen Sie sie.",
        "This e-mail is confidential and intended for the addressee only.",
        "Bitte denken Sie an die Umwelt, bevor Sie diese E-Mail ausdrucken.",
        "Virenfrei. www.avast.com",
        "Lang GmbH\nHauptstr. 5 · 12345 Musterstadt\nTel. 0123 456789",
        "-- \nEva Lang\nTel. 0123 456789",
        "________________________________\nSitz der Gesellschaft: Musterstadt",
    ],
)
def test_footers_are_no_new_text(footer: str) -> None:
    """Legal notices repeat in every mail and hold phone numbers and names of third people."""
    assert written_of(f"{LETTER}\n\n{footer}").new_text == LETTER


@pytest.mark.parametrize(
    ("line", "closes", "named"),
    [
        ("Mit freundlichen Grüßen", True, False),
        ("Gruß Olaf Jensen", True, True),
        ("Viele Grüße aus Köln", True, False),
        ("LG, Sabrina", True, True),
        ("MfG", True, False),
        ("Kind regards,", True, False),
        ("Grüßen Sie bitte Ihre Kollegin", False, False),
        ("Vielen Dank für Ihre Nachricht. Ich melde mich.", False, False),
    ],
)
def test_sign_offs_are_told(line: str, closes: bool, named: bool) -> None:
    """Whether the name stands on the line itself decides whether the next one is a name or a company."""
    assert is_closing(line) is closes
    assert not closes or names_after_closing(line) is named


def test_contact_lines_and_footers_are_told_from_sentences() -> None:
    """A number in a sentence is no phone number beneath a name."""
    assert all(
        map(
            is_contact,
            ["Tel.: 0123 456789", "www.example.de", "12345 Musterstadt", "Hauptstr. 5", "eva@example.org"],
        )
    )
    assert not any(
        map(is_contact, ["1234 kWh habe ich verbraucht", "Rufen Sie mich an.", "Das kostet 20 Euro"])
    )
    assert not is_footer("Können Sie die USt-IdNr. ergänzen?")


@pytest.mark.parametrize(
    ("subject", "base", "reply", "forward"),
    [
        ("AW: Re: [EXT] Rechnung", "Rechnung", True, False),
        ("WG: AW: Rechnung", "Rechnung", False, True),
        ("Fwd: Rechnung", "Rechnung", False, True),
        ("Antwort: Rechnung", "Rechnung", True, False),
        ("RE[2]: Rechnung", "Rechnung", True, False),
        ("SV: Rechnung", "Rechnung", True, False),
        ("Rechnung", "Rechnung", False, False),
        ("Reklamation: Rechnung", "Reklamation: Rechnung", False, False),
        ("", "", False, False),
        ("AW:", "", True, False),
    ],
)
def test_subjects_are_stripped_of_prefixes(subject: str, base: str, reply: bool, forward: bool) -> None:
    """The base decides whether a mail goes on with a matter; a forward is no answer."""
    found = subject_of(subject)
    assert (found.base, found.is_reply, found.is_forward) == (base, reply, forward)


def test_sentences_keep_abbreviations_and_dates_whole() -> None:
    """A question cut at "Art." loses what it is about."""
    text = "Ist z. B. der Buggy (Art. 5521) vom 03. Mai da? Er kostet ca. 5 Euro. Danke."
    assert sentences_of(text) == [
        "Ist z. B. der Buggy (Art. 5521) vom 03. Mai da?",
        "Er kostet ca. 5 Euro.",
        "Danke.",
    ]


@given(st.text(max_size=400))
def test_any_text_can_be_taken_apart(text: str) -> None:
    """Customers write anything; no line is invented, and none stands in two pieces."""
    written = written_of(text)
    lines = [line.strip() for line in text.split("\n")]
    assert all(line.strip() in lines for line in written.new_text.split("\n") if line.strip())
    assert len(quoted_lines(lines)) == len(lines)


@given(
    st.lists(
        st.sampled_from([*INTRODUCTIONS, LETTER, "> Zitat", "", "-- ", "Ja.", "Tel. 0123 456789"]),
        max_size=12,
    )
)
def test_taking_apart_what_is_new_once_more_changes_no_quote(pieces: list[str]) -> None:
    """Mail passes several programs; what is new stays free of marks however often it is read."""
    new = written_of("\n".join(pieces)).new_text
    assert not any(line.startswith(">") for line in new.split("\n"))


def test_a_very_long_mail_stays_whole() -> None:
    """Beyond some thousand lines nothing is taken apart, and nothing is lost."""
    written = written_of("\n".join(f"Zeile {number}" for number in range(LINES_READ_MAX + 50)))
    assert written.new_text.endswith(f"Zeile {LINES_READ_MAX + 49}")
