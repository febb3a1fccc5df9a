"""A customer's first minutes with the chat, in a real browser."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from tests.acceptance.product import Product, until

QUESTION = "Wie teile ich meinen Zählerstand mit?"
KEPT = "() => JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}])"


@dataclass
class Device:
    """A customer's browser window with the demo page, and what it asked for and complained of."""

    product: Product
    context: BrowserContext
    page: Page
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def visit(self) -> None:
        """Load the page with the chat element on it."""
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on(
            "console", lambda m: self.errors.append(m.text) if m.type in ("error", "warning") else None
        )
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(f"{self.product.base}/w/auental/demo", wait_until="networkidle")
        expect(self.launcher).to_be_visible()

    @property
    def launcher(self) -> Locator:
        """The button that opens the chat."""
        return self.page.get_by_role("button", name="Haben Sie Fragen?")

    @property
    def entry(self) -> Locator:
        """Where the customer writes."""
        return self.page.get_by_role("textbox", name="Ihre Nachricht")

    @property
    def own(self) -> Locator:
        """The customer's messages."""
        return self.page.locator("article.own .bubble")

    @property
    def answers(self) -> Locator:
        """The assistant's messages on record."""
        return self.page.locator("article[data-author=assistant]")

    def open(self) -> None:
        """Open the chat and wait until it greets."""
        self.launcher.click()
        expect(self.page.get_by_text("hier sind die Stadtwerke Auental").first).to_be_visible()

    def write(self, text: str) -> None:
        """Write a message and press Enter."""
        self.entry.fill(text)
        self.entry.press("Enter")

    def on_record(self) -> list[dict[str, Any]]:
        """The messages as the server has them."""
        kept = self.page.evaluate(
            "() => Object.values(sessionStorage).map(JSON.parse).find(kept => kept.token)"
        )
        found = httpx.get(
            f"{self.product.base}/api/v1/chat/messages", headers={"Authorization": f"Bearer {kept['token']}"}
        )
        messages: list[dict[str, Any]] = found.json()["messages"]
        return messages


def device_of(product: Product, browser: Browser, **options: Any) -> Iterator[Device]:
    """Open a window, and hold it to an empty console when the test is done."""
    context = browser.new_context(
        **{"locale": "de-DE", "viewport": {"width": 1100, "height": 800}, **options}
    )
    device = Device(product, context, context.new_page())
    device.visit()
    yield device
    context.close()
    assert device.errors == []


@pytest.fixture
def device(product: Product, browser: Browser) -> Iterator[Device]:
    """A desktop window."""
    yield from device_of(product, browser)


def test_nothing_is_stored_or_asked_for_before_the_chat_is_opened(device: Device) -> None:
    """Visitors who only read the page leave no trace, and no third party ever learns of anyone (TDDDG § 25)."""
    assert device.page.evaluate(KEPT) == '["",{},{}]'
    assert device.context.cookies() == []
    assert not [url for url in device.requests if "/api/" in url]
    device.open()
    device.write(QUESTION)
    expect(device.answers.first).to_be_visible()
    assert {urlsplit(url).netloc for url in device.requests} == {urlsplit(device.product.base).netloc}
    assert device.context.cookies() == []
    cookie, local, _ = device.page.evaluate(f"() => JSON.parse(({KEPT})())")
    assert (cookie, local) == ("", {})


def test_a_question_is_answered_with_its_source_under_a_lasting_label(device: Device) -> None:
    """The promise of the first minute: an approved answer, where it comes from, and who is speaking."""
    device.open()
    dialog = device.page.get_by_role("dialog", name="Chat mit Stadtwerke Auental")
    expect(dialog).to_have_accessible_description("KI-Assistenz")
    expect(device.page.locator(".notice").first).to_contain_text("Sie schreiben mit einer KI")
    device.write(QUESTION)
    answer = device.answers.last
    expect(answer).to_contain_text("Kundenportal „Mein Auental“")
    source = answer.get_by_role("link", name="Zählerstand mitteilen")
    address = f"{device.product.base}/w/auental/source/hilfe/zaehlerstand_mitteilen/de"
    expect(source).to_have_attribute("href", address)
    assert "Kundenportal „Mein Auental“" in httpx.get(address).text
    expect(source).to_have_attribute("rel", "noopener noreferrer")
    expect(device.page.locator(".notice")).to_have_count(1)
    expect(dialog).to_have_accessible_description("KI-Assistenz")


def test_feedback_is_kept(device: Device) -> None:
    """Feedback that gets lost is worse than none: the customer has taken the trouble."""
    device.open()
    device.write(QUESTION)
    device.page.get_by_role("button", name="Hat geholfen").click()
    expect(device.page.get_by_text("Danke für Ihre Rückmeldung.")).to_be_visible()
    until(lambda: device.on_record()[-1]["feedback"] == "helped")
    device.page.reload()
    expect(device.page.get_by_role("button", name="Hat geholfen")).to_have_attribute("aria-pressed", "true")


def test_a_person_is_one_word_away(device: Device) -> None:
    """Nobody may be kept in a conversation with a machine: one word, and they wait for a person."""
    device.open()
    device.write("Mensch")
    expect(device.page.locator(".owner")).to_have_text("Wartet auf einen Menschen")
    expect(device.answers.last).to_contain_text("an einen Menschen")
    device.write("Es geht um meine Rechnung.")
    expect(device.own.last).to_have_text("Es geht um meine Rechnung.")
    until(lambda: device.on_record()[-1]["author"] == "customer")


def test_an_english_question_is_answered_in_english(device: Device) -> None:
    """Customers write in their own language on a German page."""
    device.open()
    device.write("How do I submit my meter reading?")
    expect(device.answers.last.locator(".bubble")).to_have_attribute("lang", "en")
    expect(device.answers.last).to_contain_text("customer portal")


def test_a_reload_keeps_everything(device: Device) -> None:
    """People reload and follow links; the conversation must still be there, once."""
    device.open()
    device.write(QUESTION)
    expect(device.answers).to_have_count(1)
    device.write("Mensch")
    expect(device.answers).to_have_count(2)
    before = device.page.locator(".log").inner_text()
    device.page.reload()
    expect(device.answers).to_have_count(2)
    until(lambda: device.page.locator(".log").inner_text() == before, "the reload changed the conversation")
    expect(device.page.locator(".owner")).to_have_text("Wartet auf einen Menschen")


def test_a_message_written_offline_arrives_once(device: Device) -> None:
    """Trains have tunnels: what was written there is sent by itself, and not twice."""
    device.open()
    device.context.set_offline(True)
    device.write(QUESTION)
    device.write("Mensch")
    expect(device.page.get_by_text("Keine Verbindung").first).to_be_attached()
    device.context.set_offline(False)
    expect(device.answers).to_have_count(2, timeout=30_000)
    expect(device.own).to_have_text([QUESTION, "Mensch"])
    written = [m["text"] for m in device.on_record() if m["author"] == "customer"]
    assert written == [QUESTION, "Mensch"]
    device.errors[:] = [e for e in device.errors if "ERR_INTERNET_DISCONNECTED" not in e]


def test_a_lost_reply_does_not_double_the_message(device: Device) -> None:
    """The worst moment for the line to break is after the server has understood."""
    lost: list[int] = []

    def lose_the_first(route: Route) -> None:
        if lost or route.request.method != "POST":
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    device.open()
    device.page.route("**/api/v1/chat/messages", lose_the_first)
    device.write(QUESTION)
    expect(device.answers).to_have_count(1, timeout=30_000)
    expect(device.own).to_have_text([QUESTION])
    assert lost == [200]
    assert [m["author"] for m in device.on_record()] == ["customer", "assistant"]
    device.page.unroute_all(behavior="wait")
    device.errors[:] = [e for e in device.errors if "ERR_FAILED" not in e]


def test_offered_choices_can_be_clicked(device: Device) -> None:
    """Where the assistant is unsure it offers what it knows; a click is quicker than another guess."""
    device.open()
    device.write("Wie kündige ich?")
    offers = device.page.get_by_role("group", name="Auswahl").get_by_role("button")
    expect(offers.first).to_be_visible()
    chosen = offers.first.inner_text()
    offers.first.click()
    expect(device.own.last).to_have_text(chosen)
    expect(device.answers).to_have_count(2)
    expect(device.answers.last.get_by_role("link")).not_to_have_count(0)
    assert device.on_record()[-1]["decision"] == "answer"


def test_the_chat_works_by_keyboard_alone(device: Device) -> None:
    """Who cannot use a mouse gets to everything, sees where they are, and gets out again."""
    keyboard = device.page.keyboard
    tab_to(device, "Haben Sie Fragen?")
    keyboard.press("Enter")
    expect(device.entry).to_be_focused()
    keyboard.type(QUESTION)
    keyboard.press("Enter")
    expect(device.answers).to_have_count(1)
    expect(device.entry).to_be_focused()
    tab_to(device, "Hat geholfen")
    keyboard.press("Space")
    expect(device.page.get_by_text("Danke für Ihre Rückmeldung.")).to_be_visible()
    tab_to(device, "Mit einem Menschen sprechen")
    keyboard.press("Enter")
    expect(device.page.locator(".owner")).to_have_text("Wartet auf einen Menschen")
    keyboard.press("Escape")
    expect(device.launcher).to_be_focused()


def tab_to(device: Device, name: str) -> None:
    """Press Tab until a button of this name has the focus; everything must be within a page's round."""
    target = device.page.get_by_role("button", name=name, exact=True)
    for _ in range(40):
        if target.evaluate("element => element.getRootNode().activeElement === element"):
            return
        device.page.keyboard.press("Tab")
    pytest.fail(f"Tab never reaches {name}")


LOOKS: dict[str, dict[str, Any]] = {
    "light": {"reduced_motion": "reduce", "color_scheme": "light"},
    "dark": {"reduced_motion": "reduce", "color_scheme": "dark"},
    "phone light": {
        "reduced_motion": "reduce",
        "color_scheme": "light",
        "viewport": {"width": 360, "height": 640},
    },
    "phone dark": {
        "reduced_motion": "reduce",
        "color_scheme": "dark",
        "viewport": {"width": 360, "height": 640},
    },
}


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_bars_people_with_disabilities(product: Product, browser: Browser, look: str) -> None:
    """WCAG 2.2 AA holds in both colour schemes and on the smallest phone, closed, open and in conversation."""
    for device in device_of(product, browser, **LOOKS[look]):
        no_serious_findings(device)
        device.open()
        no_serious_findings(device)
        device.write(QUESTION)
        expect(device.answers).to_have_count(1)
        device.write("Wie kündige ich?")
        expect(device.page.get_by_role("group", name="Auswahl")).to_be_visible()
        no_serious_findings(device)
        width = device.page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert width <= 0, "the page scrolls sideways"


def no_serious_findings(device: Device) -> None:
    """Let axe look at the page as it is; it moves nothing, or a half-shown text would count as pale."""
    found = Axe().run(device.page).response["violations"]
    serious = [
        f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found if v["impact"] in ("serious", "critical")
    ]
    assert serious == []
