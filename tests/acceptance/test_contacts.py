"""Contacts end to end: one person by mail and chat, a code that nobody guesses, and the desk by keyboard.

I decide nothing; I claim what must be seen working (C1, G7). pytest calls me. I wait for events only.
"""

import re
from collections.abc import Iterator
from queue import Queue

import httpx
import pytest
from aiosmtpd.controller import Controller
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.agents import JANA, Desk, reply, take_over
from tests.acceptance.product import Product, free_port
from tests.contract.letters import answering, letter
from tests.contract.mailserver import parsed

TRUSTED = "mx.auental.example"
GENUINE = f"Authentication-Results: {TRUSTED}; spf=pass; dkim=pass; dmarc=pass\r\n"
BOX = "kontakt@auental.example"


class Mailboxes:
    """The customers' mail server: takes everything and gives mails one by one."""

    def __init__(self) -> None:
        self.mails: Queue[tuple[str, bytes]] = Queue()

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802
        """Keep a mail for whoever asks."""
        self.mails.put((envelope.rcpt_tos[0], envelope.original_content))  # type: ignore[attr-defined]
        return "250 2.0.0 Ok"

    def next(self, address: str) -> bytes:
        """The next mail to an address."""
        while True:
            to, raw = self.mails.get(timeout=60)
            if to == address:
                return raw


@pytest.fixture(scope="module")
def mailboxes() -> Iterator[Mailboxes]:
    """The customers' mail server on loopback."""
    boxes, port = Mailboxes(), free_port()
    running = Controller(boxes, hostname="127.0.0.1", port=port)
    running.start()
    boxes.port = port  # type: ignore[attr-defined]
    yield boxes
    running.stop()


@pytest.fixture(scope="module")
def token(product: Product, mailboxes: Mailboxes) -> Iterator[str]:
    """A mailbox that sends to it, and the token by which mails are handed in."""
    made = product.run(
        "mailbox", "add", "kontakt", "--workspace", "auental", "--address", BOX, "--smtp-host", "127.0.0.1",
        "--smtp-port", str(mailboxes.port), "--smtp-security", "none", "--trust", TRUSTED, "--new-token",  # type: ignore[attr-defined]
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    found = re.search(r"[A-Za-z0-9_-]{43}", made.stdout)
    assert found is not None
    yield found[0]
    product.run("mailbox", "remove", "kontakt", "--workspace", "auental")


@pytest.fixture(scope="module")
def signed_in(product: Product, token: str, browser: Browser) -> Desk:
    """The desk, with its sign-ins kept for all tests here."""
    return Desk(product, browser)


def hand_in(product: Product, token: str, raw: bytes) -> str:
    """The company's mail server hands a mail in; gives its conversation."""
    taken = httpx.post(
        f"{product.base}/api/v1/w/auental/mail/kontakt",
        content=raw,
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
    )
    assert taken.status_code in (200, 201), taken.text
    return str(taken.json()["conversation"])


def code_in(raw: bytes) -> str:
    """The six digits that someone reads in their mail."""
    body = parsed(raw).get_body(("plain",))
    assert body is not None
    found = re.search(r"\b\d{6}\b", body.get_content())
    assert found is not None
    return found[0]


def seen_by_axe(page: Page) -> None:
    """Nothing that an accessibility check finds."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_one_person_by_mail_and_chat_is_one_contact_and_goes_on_by_mail(
    desk: Desk, token: str, mailboxes: Mailboxes
) -> None:
    """C1 and G7: a customer known by mail proves the address in the chat, leaves, and gets the answer by mail."""
    eva = "eva@kundin-eins.example"
    by_mail = hand_in(desk.product, token, letter(sender=f"Eva Meier <{eva}>", to=BOX, headers=GENUINE))
    chat = desk.context().new_page()
    chat.goto(f"{desk.product.base}/w/auental/demo")
    with chat.expect_response("**/chat/sessions") as opened:
        chat.get_by_role("button", name="Haben Sie Fragen?").click()
    conversation = opened.value.json()["conversation"]
    chat.get_by_label("Ihre Nachricht").fill("Ich möchte bitte mit einem Menschen sprechen.")
    chat.get_by_role("button", name="Senden", exact=True).click()
    chat.get_by_role("button", name="Antwort per E-Mail").click()
    seen_by_axe(chat)
    expect(chat.get_by_label("Ihre E-Mail-Adresse")).to_be_focused()
    chat.keyboard.type(eva)
    chat.keyboard.press("Enter")
    expect(chat.get_by_label("Code aus der E-Mail")).to_be_focused()
    chat.keyboard.type("000000")
    chat.keyboard.press("Enter")
    expect(chat.locator("taktvoll-chat")).to_contain_text("Der Code stimmt nicht")
    chat.get_by_label("Code aus der E-Mail").fill(code_in(mailboxes.next(eva)))
    chat.keyboard.press("Enter")
    expect(chat.get_by_role("button", name="Gleich per E-Mail antworten")).to_be_focused()
    chat.keyboard.press("Enter")

    jana = desk.open(JANA, conversation)
    panel = jana.get_by_role("region", name="Kontakt")
    expect(panel).to_contain_text("Eva Meier")
    expect(panel).to_contain_text("durch geprüfte E-Mail bestätigt")
    expect(panel.locator(f'a[href$="/c/{by_mail}"]')).to_be_visible()
    expect(jana.locator("#lines")).to_contain_text("Antworten gehen auf Wunsch per E-Mail")
    take_over(jana)
    around = jana.locator("#around")
    expect(around).to_contain_text("Guten Tag Eva Meier,")
    around.locator("summary").focus()
    jana.keyboard.press("Enter")
    expect(around).to_contain_text("Freundliche Grüße")
    seen_by_axe(jana)
    jana.set_viewport_size({"width": 360, "height": 740})
    assert jana.evaluate("document.documentElement.scrollWidth <= innerWidth")
    jana.set_viewport_size({"width": 1280, "height": 720})
    reply(jana, "Wir haben bis 18 Uhr geöffnet.")
    answer = parsed(mailboxes.next(eva))
    said = answer.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert said.split("\r\n\r\n")[0] == "Guten Tag Eva Meier!"
    back = letter(
        "Danke, das hilft mir weiter, und am Samstag?",
        sender=f"Eva Meier <{eva}>",
        to=BOX,
        subject=f"Re: {answer['Subject']}",
        headers=GENUINE + answering(str(answer["Message-ID"])),
    )
    assert hand_in(desk.product, token, back) == conversation
    expect(jana.locator("#lines")).to_contain_text("und am Samstag?")


def test_a_stranger_of_the_same_name_is_not_joined_and_an_unproven_sender_is_said_to_be(
    desk: Desk, token: str
) -> None:
    """A name proves nothing, and neither does an address that the mail server did not confirm (C1)."""
    eva = "Eva Muster <eva@kundin-zwei.example>"
    known = hand_in(desk.product, token, letter(sender=eva, to=BOX, headers=GENUINE))
    other = hand_in(
        desk.product, token, letter(sender="Eva Muster <eva@fremd-zwei.example>", to=BOX, headers=GENUINE)
    )
    forged = hand_in(desk.product, token, letter("Wie hoch ist mein Abschlag?", sender=eva, to=BOX))
    jana = desk.open(JANA, other)
    panel = jana.get_by_role("region", name="Kontakt")
    expect(panel).to_contain_text("eva@fremd-zwei.example")
    expect(panel).not_to_contain_text("kundin-zwei")
    expect(panel).to_contain_text("Keine weiteren.")
    jana.goto(f"{desk.base}/c/{forged}")
    expect(panel).to_contain_text("nicht bestätigt")
    expect(panel.locator(f'a[href$="/c/{known}"]')).to_have_count(0)
    seen_by_axe(jana)
    panel.get_by_role("button", name="Ich habe geprüft").click()
    expect(panel.locator(f'a[href$="/c/{known}"]')).to_be_visible()


def test_no_answer_tells_who_is_known(desk: Desk, token: str) -> None:
    """Enumeration: a known and an unknown address get the same reply; guessing a code fails in the same words (D7)."""
    hand_in(desk.product, token, letter(sender="Max <max@kundin-drei.example>", to=BOX, headers=GENUINE))
    visitor = desk.customer("Guten Tag")
    replies = [
        visitor.post("address", {"address": address})
        for address in ("max@kundin-drei.example", "nie@gesehen.example")
    ]
    assert {(r.status_code, r.text) for r in replies} == {(202, replies[0].text)}
    guesses = [visitor.post("code", {"code": f"{n:06d}"}) for n in range(8)]
    assert {(r.status_code, r.json()["code"]) for r in guesses} == {(400, "code.wrong")}


def test_merge_and_undo_by_keyboard(desk: Desk, token: str) -> None:
    """Two addresses of one person become one contact and two again, without a mouse, in both languages (C1)."""
    first = hand_in(
        desk.product, token, letter(sender="Lena Graf <lena@privat.example>", to=BOX, headers=GENUINE)
    )
    second = hand_in(
        desk.product, token, letter(sender="L. Graf <graf@arbeit.example>", to=BOX, headers=GENUINE)
    )
    jana = desk.open(JANA)
    jana.goto(f"{desk.base}/contacts")
    seen_by_axe(jana)
    jana.get_by_label("Name oder Adresse").focus()
    jana.keyboard.type("lena@privat")
    jana.keyboard.press("Enter")
    jana.get_by_role("link", name="Lena Graf").focus()
    jana.keyboard.press("Enter")
    expect(jana.get_by_role("heading", level=1)).to_have_text("Lena Graf")
    jana.get_by_label("Welcher Kontakt ist dieselbe Person?").focus()
    jana.keyboard.type("arbeit.example")
    jana.keyboard.press("Enter")
    jana.get_by_role("link", name="L. Graf").focus()
    jana.keyboard.press("Enter")
    expect(jana.locator("#merge")).to_contain_text("„L. Graf“ geht in „Lena Graf“ auf")
    seen_by_axe(jana)
    jana.get_by_role("button", name="Jetzt zusammenführen").focus()
    jana.keyboard.press("Enter")
    talks = jana.get_by_role("region", name="Gespräche")
    for conversation in (first, second):
        expect(talks.locator(f'a[href$="/c/{conversation}"]')).to_be_visible()
    seen_by_axe(jana)
    jana.get_by_role("button", name="Zusammenführung mit L. Graf aufheben").focus()
    jana.keyboard.press("Enter")
    expect(jana.locator(".notice")).to_have_text("Die Zusammenführung ist aufgehoben.")
    expect(talks.locator(f'a[href$="/c/{second}"]')).to_have_count(0)
    jana.get_by_label("Anrede").select_option("du")
    jana.get_by_label("Notizen zum Kontakt").fill("Ruft gern an.")
    jana.get_by_role("button", name="Speichern").click()
    expect(jana.locator(".notice")).to_have_text("Gespeichert.")
    english = desk.open(JANA, locale="en-GB")
    english.goto(jana.url)
    expect(english.get_by_label("Form of address")).to_have_value("du")
    seen_by_axe(english)


def test_what_was_joined_wrongly_is_split(desk: Desk, token: str) -> None:
    """Two people behind one mailbox: the chosen conversation moves to a contact of its own, the other stays."""
    family = "Familie Roth <familie@roth.example>"
    first = hand_in(
        desk.product, token, letter("Frage eins zum Zähler", sender=family, to=BOX, headers=GENUINE)
    )
    second = hand_in(
        desk.product, token, letter("Frage zwei zur Rechnung", sender=family, to=BOX, headers=GENUINE)
    )
    jana = desk.open(JANA, first)
    jana.get_by_role("region", name="Kontakt").get_by_role("link", name="Familie Roth").click()
    jana.locator(f'input[name="thing-{second}"]').check()
    jana.get_by_role("button", name="In neuen Kontakt verschieben").click()
    expect(jana.locator(".notice")).to_have_text("Das ist der neue Kontakt.")
    talks = jana.get_by_role("region", name="Gespräche")
    expect(talks.locator(f'a[href$="/c/{second}"]')).to_be_visible()
    expect(talks.locator(f'a[href$="/c/{first}"]')).to_have_count(0)
