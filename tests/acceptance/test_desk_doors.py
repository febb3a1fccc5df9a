"""The desk's doors: who gets in, which forms count, what a stranger learns, and that everyone can use the pages.

I decide nothing; I claim what must not happen (H5, G1). pytest calls me. I never weaken a door to get through it.
"""

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.acceptance.agents import EMRE, JANA, TOBIAS_WHO_EDITS, Desk, sign_in, take_over
from tests.acceptance.product import Product

PERSON = "Ich möchte bitte mit einem Menschen sprechen."
NOBODY = "00000000-0000-7000-8000-000000000000"
SEEN = {"light": {"width": 1400, "height": 850}, "dark": {"width": 390, "height": 800}}


@pytest.fixture(scope="module")
def elsewhere(product: Product) -> str:
    """A second workspace on the same installation."""
    product.run("workspace", "add", "nachbar", "--company", "Nachbar")
    return "nachbar"


def test_form_without_its_token_is_refused(desk: Desk) -> None:
    """Another site must not take over or answer a conversation through an agent's open browser (H5)."""
    customer = desk.customer(PERSON)
    client, csrf = desk.client(JANA)
    address = f"{desk.base}/c/{customer.conversation}/take-over"
    epoch = {"epoch": "1"}
    assert client.post(address, data=epoch).status_code == 403
    assert client.post(address, data={**epoch, "csrf": csrf[:-2] + "xx"}).status_code == 403
    assert client.post(address, json=epoch).status_code == 403
    genuine = {**epoch, "csrf": csrf}
    assert client.post(address, data=genuine, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post(address, data=genuine, headers={"Origin": "https://evil.example"}).status_code == 403
    assert [m["author"] for m in customer.read()] == ["customer", "assistant"]
    assert client.post(address, data=genuine, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303


def test_token_of_another_session_is_refused(desk: Desk) -> None:
    """A colleague's token in my form would make two sessions one (H5)."""
    customer = desk.customer(PERSON)
    client, _ = desk.client(JANA)
    _, foreign = desk.client(EMRE)
    answer = client.post(
        f"{desk.base}/c/{customer.conversation}/take-over", data={"epoch": "1", "csrf": foreign}
    )
    assert answer.status_code == 403
    assert "Bitte neu laden" in answer.text


def test_without_a_session_every_page_leads_to_sign_in(desk: Desk) -> None:
    """A link to a conversation that someone finds must show nothing of it (H5)."""
    customer = desk.customer(PERSON)
    client = desk.stranger()
    for path in ("/", "/fragment", f"/c/{customer.conversation}", "/stream", "/anything"):
        answer = client.get(desk.base + path)
        assert (answer.status_code, "/sign-in" in answer.headers.get("location", "")) == (303, True), path
    wrong = {"Cookie": "taktvoll_desk_auental=not-a-session"}
    assert client.get(f"{desk.base}/c/{customer.conversation}", headers=wrong).status_code == 303
    assert client.get(f"{desk.base}/fragment", headers={"X-Desk": "1"}).status_code == 401
    assert client.post(f"{desk.base}/c/{customer.conversation}/close").status_code == 303


def test_ended_session_goes_to_sign_in_and_back_to_the_conversation(desk: Desk) -> None:
    """After twelve hours the work in progress must be one sign-in away, not lost (B2, H5)."""
    customer = desk.customer(PERSON)
    page = desk.context().new_page()
    sign_in(page, desk.base, EMRE, desk.product.password)
    page.goto(f"{desk.base}/c/{customer.conversation}")
    take_over(page)
    page.get_by_label("Ihre Antwort").fill("Noch nicht fertig")
    page.context.clear_cookies()
    page.keyboard.press("Control+Enter")  # no click: the draft that is kept meanwhile may lead there first
    page.wait_for_url(re.compile("/sign-in"))
    page.get_by_label("E-Mail-Adresse").fill(EMRE)
    page.get_by_label("Passwort").fill(desk.product.password)
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_url(f"**/c/{customer.conversation}")
    expect(page.get_by_label("Ihre Antwort")).to_have_value("Noch nicht fertig")


def test_conversations_of_another_workspace_do_not_exist_here(desk: Desk, elsewhere: str) -> None:
    """Two companies on one installation must not even learn that the other has a conversation (contracts.md)."""
    foreign = desk.customer(PERSON, workspace=elsewhere)
    client, csrf = desk.client(JANA)
    answers = [client.get(f"{desk.base}/c/{name}") for name in (foreign.conversation, NOBODY, "not-an-id")]
    assert [a.status_code for a in answers] == [404, 404, 404]
    assert len({a.text for a in answers}) == 1
    for verb in ("take-over", "hand-back", "close", "reply", "typing"):
        fields = {"csrf": csrf, "epoch": "1", "text": "Hallo", "id": "a"}
        assert client.post(f"{desk.base}/c/{foreign.conversation}/{verb}", data=fields).status_code == 404, (
            verb
        )
    assert client.get(f"{desk.base}/c/{foreign.conversation}/stream").status_code == 404
    assert client.get(f"{desk.base}/c/{foreign.conversation}/fragment").status_code == 404
    assert foreign.conversation not in client.get(f"{desk.base}/").text


def test_what_no_database_can_hold_is_no_fault_of_ours(desk: Desk) -> None:
    """A crafted link or form must read as malformed, not wake whoever looks after the installation (H4)."""
    customer = desk.customer(PERSON)
    client, csrf = desk.client(JANA)
    for query in ("search?s=%00", "contacts?s=a%00", "?view=open&queue=%00", "?view=open&tag=%00"):
        assert client.get(f"{desk.base}/{query}").status_code == 400, query
    here = f"{desk.base}/c/{customer.conversation}"
    for body in (
        {"text": "\ud800a"},
        {"text": "a", "entry": '["\\u0000", "a", "de"]'},
        {"text": "b", "entry": '["\\ud800", "a", "de"]'},
    ):
        sent = json.dumps({"id": "a", **body})
        headers = {"X-CSRF": csrf, "Content-Type": "application/json"}
        assert client.post(f"{here}/draft", content=sent, headers=headers).status_code == 200, body


def test_session_of_one_workspace_opens_no_other(desk: Desk, elsewhere: str) -> None:
    """A cookie carried over by hand must not open a neighbour's desk (H5)."""
    client, _ = desk.client(JANA)
    token = client.cookies["taktvoll_desk_auental"]
    base = f"{desk.product.base}/w/{elsewhere}/desk"
    answer = desk.stranger().get(f"{base}/", headers={"Cookie": f"taktvoll_desk_{elsewhere}={token}"})
    assert answer.status_code == 303


def test_unknown_workspace_is_a_calm_page(desk: Desk) -> None:
    """A typing error in the address must not look like a broken product."""
    for name in ("gibt-es-nicht", "%00", "..%2f"):
        answer = desk.stranger().get(f"{desk.product.base}/w/{name}/desk/sign-in")
        assert answer.status_code == 404, name
    page = desk.context().new_page()
    page.goto(f"{desk.product.base}/w/gibt-es-nicht/desk/")
    expect(page.get_by_role("heading", name="Hier ist nichts")).to_be_visible()


def test_newcomers_are_told_whom_they_can_sign_in_as(desk: Desk) -> None:
    """Whoever tries the product must find the lead's and the admin's pages, not only an agent's (A1)."""
    told = [" ".join(line.split()) for line in desk.product.announced]
    for line in (f"editor {TOBIAS_WHO_EDITS}", "lead petra.lindner@stadtwerke-auental.example",
                 "admin sabine.vogt@stadtwerke-auental.example"):  # fmt: skip
        assert line in told
    assert desk.product.sign_in()[0] == JANA


def test_editors_do_not_serve(desk: Desk) -> None:
    """Whoever writes help texts has no business in customers' conversations (H5, least privilege)."""
    customer = desk.customer(PERSON)
    page = desk.context().new_page()
    sign_in(page, desk.base, TOBIAS_WHO_EDITS, desk.product.password)
    expect(page.get_by_role("heading", name="Formulierungen")).to_be_visible()
    page.goto(f"{desk.base}/")
    expect(page.get_by_role("heading", name="Keine Berechtigung")).to_be_visible()
    expect(page.get_by_role("link", name="Anmelden")).to_have_count(0)  # they are signed in
    page.get_by_role("link", name="Zur Startseite").click()
    expect(page.get_by_role("heading", name="Formulierungen")).to_be_visible()
    answer = page.goto(f"{desk.base}/c/{customer.conversation}")
    assert answer is not None
    assert answer.status == 403
    expect(page.get_by_text(PERSON)).to_have_count(0)


def test_guessing_passwords_is_stopped_and_the_page_says_until_when(desk: Desk) -> None:
    """Guessing must not pay, and an agent who forgot must know how long to wait (H5, brute force)."""
    locked_out = "ausgesperrt@stadtwerke-auental.example"  # nobody else's tests need to come in as them
    added = desk.product.run("staff", "add", locked_out, "--name", "Ute Sperr", "--workspace", "auental",
                             "--password-stdin", given=desk.product.password)  # fmt: skip
    assert added.returncode == 0, added.stderr
    page = desk.context().new_page()
    page.goto(f"{desk.base}/sign-in")
    statuses = [_try(page, locked_out, f"falsch {n}") for n in range(6)]
    assert statuses == [401, 401, 401, 401, 401, 429]
    expect(page.get_by_role("alert")).to_contain_text(re.compile(r"Wieder möglich ab \d\d:\d\d Uhr\."))
    assert _try(page, locked_out, desk.product.password) == 429


def test_signing_in_often_with_the_right_password_locks_nobody_out(desk: Desk) -> None:
    """Only guesses are held back: an agent with a phone and three machines is no attacker (H5)."""
    for _ in range(8):
        sign_in(desk.context().new_page(), desk.base, JANA, desk.product.password)


def test_wrong_address_and_wrong_password_read_the_same(desk: Desk) -> None:
    """Whoever tries addresses must not learn who works here (H5, enumeration)."""
    page = desk.context().new_page()
    page.goto(f"{desk.base}/sign-in")
    for email in (EMRE, "niemand@stadtwerke-auental.example"):
        assert _try(page, email, "falsch") == 401
        expect(page.get_by_role("alert")).to_have_text("E-Mail-Adresse oder Passwort stimmen nicht.")
        expect(page.get_by_label("E-Mail-Adresse")).to_have_value(email)


def test_sign_out_ends_the_session(desk: Desk) -> None:
    """On a shared computer the next person must not be the last one (H5)."""
    page = desk.context().new_page()
    sign_in(page, desk.base, JANA, desk.product.password)
    cookie = next(c for c in page.context.cookies() if c["name"] == "taktvoll_desk_auental")
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Lax", "/w/auental/desk")
    page.get_by_role("button", name="Abmelden").click()
    page.wait_for_url(re.compile("/sign-in$"))
    header = {"Cookie": f"taktvoll_desk_auental={cookie['value']}"}
    assert desk.stranger().get(f"{desk.base}/", headers=header).status_code == 303


def test_pages_are_neither_kept_nor_embedded(desk: Desk) -> None:
    """What customers wrote must not lie in a browser's cache, and no other site may frame the desk (H4, H5)."""
    client, _ = desk.client(JANA)
    for path in ("/", "/fragment", f"/c/{NOBODY}"):
        answer = client.get(desk.base + path)
        assert answer.headers["cache-control"] == "no-store", path
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]


def test_everyone_can_use_the_desk(desk: Desk) -> None:
    """Agents work with screen readers, magnifiers and high contrast too (G1, WCAG 2.2 AA)."""
    customer = desk.customer()
    customer.say("Wie oft bekomme ich eine Rechnung?")
    customer.say(PERSON)
    for scheme, size in SEEN.items():
        page = desk.open(JANA, viewport=size, color_scheme=scheme)
        expect(page.locator(f'[data-key="{customer.conversation}"]')).to_be_visible()
        _seen_by_axe(page)
        page.get_by_role("main").press("?")
        _seen_by_axe(page)
        page.goto(f"{desk.base}/c/{customer.conversation}")
        if page.locator(".state-me").count() == 0:
            take_over(page)
        _seen_by_axe(page)
        page.goto(f"{desk.base}/c/{customer.conversation}#evidence")
        _seen_by_axe(page)
        page.goto(f"{desk.base}/c/{NOBODY}")
        _seen_by_axe(page)
        page.context.clear_cookies()
        page.goto(f"{desk.base}/sign-in")
        _seen_by_axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def _seen_by_axe(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


def _try(page: Page, email: str, password: str) -> int:
    page.get_by_label("E-Mail-Adresse").fill(email)
    page.get_by_label("Passwort").fill(password)
    with page.expect_response(re.compile("/sign-in$")) as answer:
        page.get_by_role("button", name="Anmelden").click()
    page.wait_for_load_state()
    return answer.value.status
