"""Answers to another address at the desk: shown plainly, confirmed by one step of a person, taken back.

I decide nothing; I claim what must be seen working (A5, H2). pytest calls me. I wait for events only.
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
from tests.contract.letters import letter
from tests.contract.mailserver import parsed

TRUSTED = "mx.auental.example"
GENUINE = f"Authentication-Results: {TRUSTED}; spf=pass; dkim=pass; dmarc=pass\r\n"
FORGED = f"Authentication-Results: {TRUSTED}; dmarc=fail\r\n"
BOX, FORM = "anfragen@auental.example", "formular@auental.example"
SHOP = "Laden am Markt <bestellung@laden.example>"


class Arrivals:
    """The customers' mail server: takes everything and gives mails one by one."""

    def __init__(self) -> None:
        self.port = free_port()
        self.mails: Queue[tuple[str, bytes]] = Queue()

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802
        """Keep a mail for whoever asks."""
        self.mails.put((envelope.rcpt_tos[0], envelope.original_content))  # type: ignore[attr-defined]
        return "250 2.0.0 Ok"


@pytest.fixture(scope="module")
def arrivals() -> Iterator[Arrivals]:
    """The customers' mail server on loopback."""
    arrivals = Arrivals()
    running = Controller(arrivals, hostname="127.0.0.1", port=arrivals.port)
    running.start()
    yield arrivals
    running.stop()


@pytest.fixture(scope="module")
def token(product: Product, arrivals: Arrivals) -> Iterator[str]:
    """A mailbox that sends to it and has a form, and the token by which mails are handed in."""
    made = product.run(
        "mailbox", "add", "anfragen", "--workspace", "auental", "--address", BOX, "--smtp-host", "127.0.0.1",
        "--smtp-port", str(arrivals.port), "--smtp-security", "none", "--trust", TRUSTED, "--new-token",
        "--forms", FORM,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    found = re.search(r"[A-Za-z0-9_-]{43}", made.stdout)
    assert found is not None
    yield found[0]
    product.run("mailbox", "remove", "anfragen", "--workspace", "auental")


@pytest.fixture(scope="module")
def signed_in(product: Product, token: str, browser: Browser) -> Desk:
    """The desk, with its sign-ins kept for all tests here."""
    return Desk(product, browser)


def hand_in(desk: Desk, token: str, to: str, headers: str = GENUINE, sender: str = SHOP) -> str:
    """The company's mail server hands a mail in that asks to be answered elsewhere; gives its conversation."""
    taken = httpx.post(
        f"{desk.product.base}/api/v1/w/auental/mail/anfragen",
        content=letter(
            "Wo bleibt meine Bestellung?", sender=sender, to=BOX, headers=f"Reply-To: {to}\r\n{headers}"
        ),
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
    )
    assert taken.status_code == 201, taken.text
    return str(taken.json()["conversation"])


def open_waiting(desk: Desk, talk: str) -> Page:
    """Open a conversation once the assistant has given it to people: until then who owns it still changes."""
    page = desk.open(JANA, talk)
    expect(page.locator(".state")).to_contain_text("Wartet auf einen Menschen")
    return page


def seen_by_axe(page: Page) -> None:
    """Nothing that an accessibility check finds."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_person_confirms_by_keyboard_and_takes_it_back(desk: Desk, token: str, arrivals: Arrivals) -> None:
    """The whole address stands there with what is known of the sender, nothing is chosen, and one step decides."""
    talk = hand_in(desk, token, "kunde@müller.example")
    page = open_waiting(desk, talk)
    box = page.get_by_role("region", name="Antwort an eine andere Adresse?")
    expect(box).to_contain_text("bestellung@laden.example")
    expect(box).to_contain_text(f"Absender geprüft ({TRUSTED})")
    expect(box).to_contain_text("kunde@müller.example (kunde@xn--mller-kva.example)")
    expect(box).to_contain_text("genau hinsehen")
    expect(box).to_contain_text("Wer einen Absender fälscht")
    seen_by_axe(page)
    take_over(page)
    confirm = box.get_by_role(
        "button", name="Antworten an kunde@müller.example (kunde@xn--mller-kva.example) schicken"
    )
    confirm.focus()
    page.keyboard.press("Enter")
    now = page.get_by_role("region", name="Antwortadresse", exact=True)
    expect(now).to_contain_text("kunde@müller.example")
    back = now.get_by_role("button", name="Wieder an bestellung@laden.example antworten")
    expect(back).to_be_focused()
    expect(box).to_have_count(0)
    expect(page.get_by_role("log")).to_contain_text(
        "Jana Brückner hat bestätigt: Antworten gehen an kunde@müller.example (kunde@xn--mller-kva.example)."
    )
    seen_by_axe(page)
    reply(page, "Sie kommt morgen.")
    assert arrivals.mails.get(timeout=60)[0] == "kunde@xn--mller-kva.example"
    back.focus()
    page.keyboard.press("Enter")
    expect(box).to_be_visible()
    expect(page.get_by_role("log")).to_contain_text("Antworten gehen wieder an den Absender")
    reply(page, "Noch etwas.")
    assert arrivals.mails.get(timeout=60)[0] == "bestellung@laden.example"


def test_it_works_without_script_and_in_english(desk: Desk, token: str, arrivals: Arrivals) -> None:
    """A form is a form; whoever works in English reads the same."""
    talk = hand_in(desk, token, "kunde@web.de")
    open_waiting(desk, talk)
    page = desk.open(JANA, talk, java_script_enabled=False)
    take_over(page, script=False)
    page.get_by_role("button", name="Antworten an kunde@web.de schicken").click()
    expect(page.get_by_role("region", name="Antwortadresse", exact=True)).to_contain_text("kunde@web.de")
    page.get_by_label("Ihre Antwort").fill("Sie kommt morgen.")
    page.get_by_role("button", name="Senden", exact=True).click()
    assert arrivals.mails.get(timeout=60)[0] == "kunde@web.de"
    page.goto(f"{desk.base}/c/{talk}")
    page.get_by_role("button", name="Wieder an bestellung@laden.example antworten").click()
    expect(page.get_by_role("region", name="Antwort an eine andere Adresse?")).to_be_visible()
    english = desk.open(JANA, talk, locale="en-GB")
    box = english.get_by_role("region", name="Answer to another address?")
    expect(box).to_contain_text("nobody has checked whose it is")
    expect(box.get_by_role("button", name="Send answers to kunde@web.de")).to_be_visible()
    seen_by_axe(english)


def test_a_forged_sender_offers_nothing_to_confirm(desk: Desk, token: str) -> None:
    """The trick works by one careless click; there is none to make."""
    page = desk.open(JANA, hand_in(desk, token, "dieb@fremd.example", FORGED))
    box = page.get_by_role("region", name="Antwort an eine andere Adresse?")
    expect(box).to_contain_text("Der Absender ist vermutlich gefälscht")
    expect(box.get_by_role("button")).to_have_count(0)
    seen_by_axe(page)


def test_who_filled_in_the_form_is_the_customer(desk: Desk, token: str, arrivals: Arrivals) -> None:
    """Nothing has to be confirmed for the company's own form; that nobody has checked the address stays said."""
    talk = hand_in(desk, token, "Kim Kunde <kim@web.de>", GENUINE, f"Kontaktformular <{FORM}>")
    page = open_waiting(desk, talk)
    expect(page.get_by_role("log")).to_contain_text(
        "Antworten gehen an kim@web.de; wem sie gehört, ist nicht geprüft."
    )
    panel = page.get_by_role("region", name="Kontakt")
    expect(panel).to_contain_text("Kim Kunde")
    expect(panel).to_contain_text("nicht bestätigt")
    expect(page.get_by_role("region", name="Antwort an eine andere Adresse?")).to_have_count(0)
    seen_by_axe(page)
    take_over(page)
    reply(page, "Sie kommt morgen.")
    to, raw = arrivals.mails.get(timeout=60)
    assert to == "kim@web.de"
    body = parsed(raw).get_body(("plain",))
    assert body is not None
    assert "Guten Tag Kim Kunde" in body.get_content()
