"""Earned autonomy in the running product: judged at the desk, approved, seen on the command line (B5, I3)."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.agents import EMRE, JANA, Desk, take_over
from tests.acceptance.product import Product, command, until, write_lines

LEA = "lea.moser@stadtwerke-auental.example"
INVENTED = "Erfundenes"
TARIFFS = "Welche Stromtarife bieten Sie an und was kosten sie?"
SEEN = {"light": {"width": 1400, "height": 850}, "dark": {"width": 390, "height": 800}}


@pytest.fixture(scope="module")
def signed_in(product: Product, browser: Browser) -> Iterator[Desk]:
    """The desk of a company that judges every answer, with someone who leads; afterwards all is as it was."""
    more = ("--data", product.folder, "--workspace", "auental")
    added = command("staff", "add", LEA, "--name", "Lea Moser", "--role", "lead", "--password-stdin", *more,
                    given=product.password)  # fmt: skip
    assert added.returncode == 0, added.stderr
    autonomy(product, "promise", "--draw", "100")
    yield Desk(product, browser)
    autonomy(product, "promise", "--draw", "5")


def autonomy(product: Product, *words: str) -> str:
    """Run the command; gives what it printed."""
    ran = product.run("autonomy", "--workspace", "auental", *words)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def topic(product: Product, name: str) -> dict[str, Any]:
    """Where a topic stands."""
    lines = (json.loads(line) for line in autonomy(product, "list", "--json").splitlines())
    return next((t for t in lines if t["topic"] == name), {})


def prove(desk: Desk, name: str, count: int = 130) -> None:
    """Load so many right answers of a topic from an evaluation."""
    lines = [{"text": f"{name}, Frage {n}?", "topic": name, "right": True} for n in range(count)]
    file = write_lines(desk.product.folder.with_name("results.jsonl"), lines)
    assert f"{count} new labels" in autonomy(desk.product, "load", str(file), "--random")


def test_drawn_answers_are_judged_by_two_keys(desk: Desk) -> None:
    """Judging must be so easy that it happens every day: two keys, and the next answer is there (B5)."""
    customer = desk.customer(TARIFFS)
    before = topic(desk.product, "Tarife")
    assert before["unjudged"] >= 1
    page = desk.open(JANA)
    page.get_by_role("link", name="Stichprobe").click()
    expect(page.get_by_role("heading", name="Stichprobe")).to_be_visible()
    judged = 0
    while page.locator(".drawn").count():
        conversation = page.locator('input[name="conversation"]').first.get_attribute("value")
        with page.expect_navigation():
            page.keyboard.press("w" if conversation == customer.conversation else "r")
        judged += 1
    assert judged >= 1
    expect(page.get_by_text("Alles beurteilt. Danke!")).to_be_visible()
    with page.expect_navigation():
        page.keyboard.press("u")
    expect(page.get_by_role("status").filter(has_text="Zurückgenommen.")).to_be_visible()
    again = page.locator('input[name="conversation"]').first.get_attribute("value")
    with page.expect_navigation():
        page.keyboard.press("w" if again == customer.conversation else "r")
    after = topic(desk.product, "Tarife")
    assert (after["unjudged"], after["wrong"]) == (0, before["wrong"] + 1)


def test_proposal_is_approved_by_someone_who_leads(desk: Desk) -> None:
    """The machine proposes with its evidence on the table, a person decides, and the log says who (B5)."""
    prove(desk, INVENTED)
    page = desk.open(JANA)
    page.goto(f"{desk.base}/autonomy")
    row = page.locator(f'tr[data-topic="{INVENTED}"]')
    expect(row).to_contain_text("Probe")
    expect(row).to_contain_text("Autopilot, seit")
    expect(row).to_contain_text("Freigeben darf die Leitung.")
    page = desk.open(LEA)
    page.goto(f"{desk.base}/autonomy")
    page.get_by_role("button", name=f"Autopilot für {INVENTED} freigeben").click()
    expect(page.locator(f'tr[data-topic="{INVENTED}"] .light')).to_have_text("Autopilot")
    expect(page.locator(".events li").first).to_contain_text("Autopilot freigegeben. 130 Urteile, 0 falsch")
    expect(page.locator(".events li").first).to_contain_text("Lea Moser")
    assert topic(desk.product, INVENTED)["light"] == "autopilot"


def test_forms_of_autonomy_are_held_to_their_page(desk: Desk) -> None:
    """Another site, a colleague without the right, or a form by hand must not hand autopilot out (H5)."""
    name = "Erfundenes zwei"
    prove(desk, name)
    approve, judge = f"{desk.base}/autonomy/approve", f"{desk.base}/review/judge"
    client, csrf = desk.client(LEA)
    assert client.post(approve, data={"topic": name}).status_code == 403
    assert client.post(approve, data={"topic": name, "csrf": csrf[:-2] + "xx"}).status_code == 403
    agent, of_agent = desk.client(EMRE)
    assert agent.post(approve, data={"topic": name, "csrf": of_agent}).status_code == 403
    assert agent.post(judge, data={"seq": "1", "verdict": "right"}).status_code == 403
    assert agent.post(f"{desk.base}/review/undo", data={}).status_code == 403
    one = {"csrf": of_agent, "conversation": "00000000-0000-7000-8000-000000000000", "seq": "5"}
    assert agent.post(judge, data={**one, "verdict": "right"}).status_code == 404
    assert agent.post(judge, data={**one, "verdict": "maybe"}).status_code == 400
    assert agent.post(judge, data={**one, "seq": "x", "verdict": "right"}).status_code == 400
    assert topic(desk.product, name)["light"] == "probation"
    prove(desk, "Kaum Belegtes", 3)
    refused = client.post(approve, data={"topic": "Kaum Belegtes", "csrf": csrf})
    assert refused.status_code == 409
    assert "noch nicht vorgeschlagen" in refused.text
    assert client.post(approve, data={"topic": "gibt es nicht", "csrf": csrf}).status_code == 404
    for path in ("/autonomy", "/review"):
        assert desk.stranger().get(desk.base + path).status_code == 303


def test_on_copilot_a_person_sends_the_suggestion(desk: Desk) -> None:
    """A suggestion is one click away from the reply, and what becomes of it is evidence (B3, B5)."""
    autonomy(desk.product, "set", "Elektromobilität", "copilot")
    try:
        customer = desk.customer("Muss ich meine Wallbox anmelden?")
        assert customer.read()[-1]["decision"] == "handover"
        page = desk.open(JANA, customer.conversation)
        evidence = page.locator("#evidence")
        expect(evidence).to_contain_text("Auf diesem Thema schlägt die KI nur vor")
        take_over(page)
        evidence.locator("summary", has_text="Vorschlag").click()
        evidence.get_by_role("button", name="In die Antwort übernehmen").click()
        suggestion = page.get_by_label("Ihre Antwort").input_value()
        assert len(suggestion) > 40
        page.get_by_role("button", name="Senden", exact=True).click()
        expect(page.locator(".line.person")).to_have_count(1)
        until(
            lambda: topic(desk.product, "Elektromobilität")["labels"] == 1, "the accepted suggestion counts"
        )
        assert topic(desk.product, "Elektromobilität")["wrong"] == 0
    finally:
        autonomy(desk.product, "set", "Elektromobilität", "probation")


def test_shadow_sends_nothing_and_reports(desk: Desk) -> None:
    """A pilot that a customer could notice is no pilot (I3)."""
    autonomy(desk.product, "shadow", "on", "Glasfaser")
    try:
        customer = desk.customer("Was kostet ein Glasfaser-Anschluss bei Ihnen?")
        assert [m["author"] for m in customer.read()] == ["customer"]
        lines = [json.loads(x) for x in autonomy(desk.product, "report", "--json").splitlines()]
        assert any(line["topic"] == "Glasfaser" and line["messages"] == 1 for line in lines), lines
    finally:
        autonomy(desk.product, "shadow", "off", "Glasfaser")


def test_everyone_can_use_the_pages_of_autonomy(desk: Desk) -> None:
    """Whoever judges and approves may do so with a screen reader and on a phone (G1, WCAG 2.2 AA)."""
    desk.customer(TARIFFS)
    assert topic(desk.product, "Tarife")["unjudged"] >= 1
    for scheme, size in SEEN.items():
        page = desk.open(LEA, viewport=size, color_scheme=scheme)
        for path in ("/autonomy", "/review"):
            page.goto(desk.base + path)
            _seen_by_axe(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        page.get_by_role("main").press("?")
        expect(page.get_by_role("dialog")).to_be_visible()
        _seen_by_axe(page)


def test_pages_speak_english(desk: Desk) -> None:
    """Not everyone who judges reads German."""
    client, _ = desk.client(JANA)
    shown = client.get(f"{desk.base}/autonomy", headers={"Accept-Language": "en"}).text
    assert "Error at most" in shown
    assert "Fehler höchstens" not in shown
    assert "judge" in client.get(f"{desk.base}/review", headers={"Accept-Language": "en"}).text.lower()


def _seen_by_axe(page: Page) -> None:
    found = [v["id"] for v in Axe().run(page).response["violations"]]
    assert not found, f"{page.url}: {found}"
