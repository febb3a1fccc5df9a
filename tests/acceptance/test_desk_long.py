"""Finding one's way at the desk: by a conversation's code, through a long conversation, by keyboard, on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.acceptance.agents import EMRE, JANA, Desk, take_over

PERSON = "Ich möchte mit einem Menschen sprechen"
NOTES = 110
PHONE = {"width": 390, "height": 844}


def search(page: Page, words: str) -> None:
    """Search as people do, from wherever they are."""
    page.keyboard.press("/")
    page.wait_for_url("**/search")
    expect(page.get_by_label("Wörter, Kontakt oder Kürzel")).to_be_focused()
    page.keyboard.type(words)
    page.keyboard.press("Enter")


def seen_by_axe(page: Page) -> None:
    """No violation of what axe can see of WCAG 2.2 AA."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()


def test_a_code_leads_to_its_conversation(desk: Desk) -> None:
    """“Can you look at FF0B?” is how colleagues hand over: typed into the search, it must come first (B2)."""
    customer = desk.customer(PERSON)
    code = customer.conversation.replace("-", "")[-4:].upper()
    desk.customer(f"Meine Zählernummer endet auf {code}")
    page = desk.open(EMRE)
    search(page, code.lower())
    hits = page.get_by_role("list", name="Treffer").get_by_role("listitem")
    expect(hits.first).to_contain_text(f"Gespräch {code}")
    expect(hits.filter(has_text="Meine Zählernummer")).to_have_count(
        1
    )  # others may hold these four signs, too
    hits.first.get_by_role("link").click()
    expect(page.get_by_role("heading", name=f"Gespräch {code}")).to_be_visible()


def test_a_long_conversation_shows_its_end_and_all_of_it_on_demand(desk: Desk) -> None:
    """Agents need the last words at once, and the first ones when they look for them, with and without script (B2)."""
    customer = desk.customer(PERSON, "Mein Zähler heißt Methusalem.")
    client, csrf = desk.client(JANA)
    address = f"{desk.base}/c/{customer.conversation}/note"
    for n in range(NOTES):
        answer = client.post(address, data={"csrf": csrf, "note": f"Notiz Nummer {n} dazu"})
        assert answer.status_code == 303, answer.text
    plain = desk.open(JANA, customer.conversation, java_script_enabled=False)
    expect(plain.locator("#lines > li")).to_have_count(100)
    plain.get_by_role("link", name="Ältere anzeigen").click()
    expect(plain.get_by_role("log")).to_contain_text("Methusalem")
    expect(plain.get_by_role("link", name="Ältere anzeigen")).to_have_count(0)

    page = desk.open(EMRE, customer.conversation)
    older = page.get_by_role("link", name="Ältere anzeigen")
    expect(page.get_by_text(f"Notiz Nummer {NOTES - 1} dazu")).to_be_in_viewport()
    first = page.locator("#lines > li").first.inner_text()
    page.get_by_role("log").focus()
    page.keyboard.press("Tab")
    expect(older).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("Methusalem")
    expect(page.locator("#lines > li").filter(has_text=first.splitlines()[-1]).first).to_be_in_viewport()
    customer.say("Noch eine Frage")
    expect(page.locator("#lines > li").last).to_contain_text("Noch eine Frage")

    found = desk.open(EMRE)
    search(found, "methusalem")
    found.get_by_role("list", name="Treffer").get_by_role("link").first.click()
    sought = found.locator(".line.sought")
    expect(sought).to_contain_text("Methusalem")
    expect(sought).to_be_in_viewport()


def test_one_is_somewhere_in_the_queue_from_the_first_moment(desk: Desk) -> None:
    """Whoever works by keyboard must see where Enter leads before any key, and be back where they were (G1)."""
    customer = desk.customer(PERSON)
    desk.customer(PERSON)
    page = desk.open(JANA)
    expect(page.locator("#queue .row").first).to_be_focused()
    assert page.evaluate("document.activeElement.matches(':focus-visible')")
    page.goto(f"{desk.base}/c/{customer.conversation}")
    take_over(page)
    page.keyboard.press("Escape")
    page.keyboard.press("q")
    expect(page.locator(f'#queue [data-key="{customer.conversation}"] a')).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_administrators_bar_is_one_line_on_a_phone(desk: Desk, scheme: str) -> None:
    """Eleven links in four lines leave no room for the customer; in a menu they are large enough for a thumb (G1)."""
    made = desk.product.run(
        "staff", "add", f"{scheme}@auental.example", "--name", "Anna Verwalterin", "--role", "admin",
        "--password-stdin", "--workspace", "auental", given=desk.product.password + "\n",
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    page = desk.open(f"{scheme}@auental.example", viewport=PHONE, color_scheme=scheme)
    bar = page.locator("header.bar").bounding_box()
    assert bar is not None
    assert bar["height"] <= 64
    page.locator(".menu summary").click()
    menu = page.locator(".menu nav a")
    expect(menu).to_have_count(12)
    for box in (one.bounding_box() for one in menu.all()):
        assert box is not None
        assert box["height"] >= 24
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    seen_by_axe(page)
    expect(page.locator(".menu").get_by_role("button", name="Abmelden")).to_be_visible()
    menu.filter(has_text="Zeiten").click()
    expect(page.get_by_role("heading", name="Zeiten").first).to_be_visible()
    bar = page.locator("header.bar").bounding_box()
    assert bar is not None
    assert bar["height"] <= 64
