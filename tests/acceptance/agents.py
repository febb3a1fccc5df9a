"""People at the desk, each in a browser of their own.

I decide how a test signs in and finds a conversation. The desk's tests call me. I never act for the customer.
"""

import re
from contextlib import suppress
from dataclasses import dataclass, field

import httpx
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.acceptance.product import Product, Visitor

JANA = "jana.brueckner@stadtwerke-auental.example"
EMRE = "emre.aydin@stadtwerke-auental.example"
TOBIAS_WHO_EDITS = "tobias.kern@stadtwerke-auental.example"


@dataclass
class Desk:
    """The desk of the sample company, through browsers."""

    product: Product
    browser: Browser
    signed_in: dict[str, object] = field(default_factory=dict)
    contexts: list[BrowserContext] = field(default_factory=list)
    clients: list[httpx.Client] = field(default_factory=list)
    customers: list[Visitor] = field(default_factory=list)

    @property
    def base(self) -> str:
        """Where the desk begins."""
        return f"{self.product.base}/w/auental/desk"

    def open(self, email: str, conversation: str = "", **options: object) -> Page:
        """Open the queue or a conversation as someone; everyone signs in once for all tests."""
        if email not in self.signed_in:
            context = self.context()
            sign_in(context.new_page(), self.base, email, self.product.password)
            self.signed_in[email] = context.storage_state()
        page = self.context(storage_state=self.signed_in[email], **options).new_page()
        page.goto(f"{self.base}/c/{conversation}" if conversation else f"{self.base}/")
        return page

    def context(self, **options: object) -> BrowserContext:
        """A fresh browser that asks for German."""
        context = self.browser.new_context(**{"locale": "de-DE", **options})  # type: ignore[arg-type]
        context.set_default_timeout(20_000)
        self.contexts.append(context)
        return context

    def customer(self, *said: str, workspace: str = "auental") -> Visitor:
        """Someone new in the chat who has written already."""
        customer = Visitor(self.product.base, workspace)
        self.customers.append(customer)
        for text in said:
            customer.say(text)
        return customer

    def stranger(self) -> httpx.Client:
        """Someone without browser and session."""
        client = httpx.Client(headers={"Accept-Language": "de"}, timeout=30)
        self.clients.append(client)
        return client

    def client(self, email: str) -> tuple[httpx.Client, str]:
        """Someone's session without their browser, and the token that their forms carry."""
        page = self.open(email)
        csrf = page.locator("#desk").get_attribute("data-csrf")
        assert csrf, "every page of the desk carries its token"
        client = self.stranger()
        for cookie in page.context.cookies():
            client.cookies.set(cookie.get("name", ""), cookie.get("value", ""))
        return client, csrf

    def close(self) -> None:
        """Close the browsers and clients of one test, and the conversations that it opened."""
        self._leave_nobody_waiting()
        for customer in self.customers:
            customer.http.close()
        self.customers.clear()
        for client in self.clients:
            client.close()
        self.clients.clear()
        for context in self.contexts:
            context.close()
        self.contexts.clear()

    def _leave_nobody_waiting(self) -> None:
        """Close the customers' conversations as Jana would: all tests share the queue, and its page has an end."""
        state = self.signed_in.get(JANA)
        if not isinstance(state, dict) or not self.customers:
            return
        with httpx.Client(timeout=30) as jana, suppress(httpx.HTTPError):  # some tests leave no server behind
            for cookie in state["cookies"]:
                jana.cookies.set(cookie["name"], cookie["value"])
            token = re.search(r'data-csrf="([^"]+)"', jana.get(f"{self.base}/").text)
            for customer in self.customers if token else ():
                for deed in ("take-over", "close"):
                    door = f"{self.base}/c/{customer.conversation}/{deed}"
                    jana.post(door, data={"csrf": token[1] if token else "", "epoch": "0"})


def sign_in(page: Page, base: str, email: str, password: str) -> None:
    """Fill in the sign-in form."""
    page.goto(f"{base}/sign-in")
    page.get_by_label("E-Mail-Adresse").fill(email)
    page.get_by_label("Passwort").fill(password)
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_url(lambda address: not address.endswith("/sign-in"))


def row(page: Page, part: str, conversation: str) -> Locator:
    """A conversation's row in one part of the queue."""
    return page.locator(f'[data-part="{part}"] [data-key="{conversation}"]')


def take_over(page: Page, *, script: bool = True) -> None:
    """Take the open conversation over and wait until it is mine, and the script has led to the reply."""
    page.get_by_role("button", name="Übernehmen", exact=True).click()
    expect(page.locator(".state")).to_contain_text("Bei mir")
    if script:  # a key pressed before would be typed into it
        expect(page.get_by_label("Ihre Antwort")).to_be_focused()


def take_over_from(page: Page, colleague: str) -> None:
    """Take a conversation over from a colleague who may be writing just then: then one is asked once more."""
    page.get_by_role("button", name=f"Von {colleague} übernehmen").click()
    asked, taken = page.get_by_role("dialog", name="Trotzdem übernehmen?"), page.locator(".state-me")
    expect(asked.or_(taken)).to_be_visible()
    if asked.is_visible():
        asked.get_by_role("button", name="Übernehmen").click()
    expect(taken).to_be_visible()


def reply(page: Page, text: str) -> None:
    """Write and send a reply, and wait until it stands in the conversation."""
    page.get_by_label("Ihre Antwort").fill(text)
    page.get_by_role("button", name="Senden", exact=True).click()
    expect(page.locator(".line.person").filter(has_text=text)).to_be_visible()
