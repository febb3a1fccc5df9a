"""The desk as a place of work: two agents, a lead and customers, each in a browser of their own.

I decide nothing; I claim what must be seen working (B2). pytest calls me. I wait for events only.
"""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor

import asyncpg
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import APIResponse, Page, Route, expect

from tests.acceptance.agents import EMRE, JANA, Desk, reply, row, take_over
from tests.acceptance.product import Product

PERSON = "Ich möchte bitte mit einem Menschen sprechen."
PETRA_WHO_LEADS = "petra.lindner@stadtwerke-auental.example"
SEEN = {"light": {"width": 1400, "height": 850}, "dark": {"width": 390, "height": 800}}


def tool(page: Page, name: str) -> None:
    """Open a tool by mouse."""
    page.locator(f"#tool-{name} summary").click()


def fetched(page: Page, late: list[Route]) -> APIResponse:
    """Let the server do what the page has asked for, and keep its answer back."""
    while not late:
        page.wait_for_timeout(10)
    return late[-1].fetch()


def test_conversation_goes_from_one_to_the_other_with_its_reason(desk: Desk) -> None:
    """Two agents and a customer: the second reads why, the customer reads who, and nobody speaks over anybody (B2)."""
    chat = desk.context().new_page()
    chat.goto(f"{desk.product.base}/w/auental/demo")
    with chat.expect_response("**/chat/sessions") as opened:
        chat.get_by_role("button", name="Haben Sie Fragen?").click()
    conversation = opened.value.json()["conversation"]
    chat.get_by_label("Ihre Nachricht").fill(PERSON)
    chat.get_by_role("button", name="Senden", exact=True).click()
    emre = desk.open(EMRE)
    jana = desk.open(JANA, conversation)
    take_over(jana)
    jana.get_by_label("Ihre Antwort").fill("Noch nicht fertig")
    tool(jana, "transfer")
    jana.get_by_label("An wen?").first.select_option(label="Emre Aydın")
    jana.get_by_label(re.compile("Warum")).fill("Er kennt den Vertrag, geheim.")
    jana.locator("#tool-transfer").get_by_role("button", name="Weitergeben").click()
    expect(jana.locator(".state")).to_contain_text("Bei Emre Aydın")
    expect(jana.get_by_role("button", name="Senden", exact=True)).to_be_disabled()
    expect(jana.get_by_label("Ihre Antwort")).to_have_value("Noch nicht fertig")

    expect(row(emre, "mine", conversation)).to_be_visible()
    expect(emre.locator("#announce")).to_contain_text("Sie haben ein Gespräch bekommen")
    row(emre, "mine", conversation).get_by_role("link").click()
    expect(emre.locator(".line.note")).to_contain_text("Er kennt den Vertrag, geheim.")
    reply(emre, "Guten Tag, hier ist Emre.")
    expect(chat.get_by_role("log")).to_contain_text("Emre Aydın kümmert sich jetzt um Ihr Anliegen.")
    expect(chat.get_by_role("log")).to_contain_text("hier ist Emre")
    expect(chat.locator("taktvoll-chat")).not_to_contain_text("geheim")


def test_note_stays_inside_and_reaches_whom_it_mentions(desk: Desk) -> None:
    """A note that the customer reads ends all trust; one that the colleague does not see helps nobody (B2)."""
    customer = desk.customer(PERSON)
    emre = desk.open(EMRE)
    before = int(emre.locator('[data-count-of="mentioned"]').inner_text())
    jana = desk.open(JANA, customer.conversation)
    jana.keyboard.press("n")
    jana.keyboard.type("Kennst du den Fall, @em")
    expect(jana.get_by_role("listbox")).to_contain_text("Emre Aydın")
    jana.keyboard.press("Enter")
    jana.keyboard.type("?")
    jana.keyboard.press("Control+Enter")
    note = jana.locator(".line.note")
    expect(note).to_contain_text("Kennst du den Fall, @Emre Aydın ?")
    expect(note).to_contain_text("Interne Notiz")
    expect(jana.locator("#notice")).to_have_text("Notiz gespeichert.")
    expect(jana.locator("#tool-note summary")).to_be_focused()
    expect(emre.locator('[data-count-of="mentioned"]')).to_have_text(str(before + 1))
    expect(emre.locator("#announce")).to_have_text("Sie wurden erwähnt")
    emre.goto(f"{desk.base}/?view=mentioned")
    expect(row(emre, "mentioned", customer.conversation)).to_contain_text("Neu")
    row(emre, "mentioned", customer.conversation).get_by_role("link").click()
    emre.goto(f"{desk.base}/?view=mentioned")
    expect(emre.locator('[data-count-of="mentioned"]')).to_have_text(str(before))
    assert "Kennst du" not in str(customer.read())


def test_keys_that_come_too_fast_never_put_a_note_into_the_reply(desk: Desk) -> None:
    """Focus that jumps from the note to the reply would send a candid word to the customer (B2)."""
    customer = desk.customer(PERSON)
    jana = desk.open(JANA, customer.conversation)
    jana.keyboard.press("t")
    expect(jana.locator(".state")).to_contain_text("Bei mir")
    jana.keyboard.press("Escape")
    jana.keyboard.press("n")
    jana.keyboard.type("Schwieriger Kunde")
    expect(jana.get_by_label("Interne Notiz")).to_have_value("Schwieriger Kunde")
    jana.keyboard.press("Control+Enter")
    expect(jana.locator(".line.note")).to_contain_text("Schwieriger Kunde")
    assert "Schwieriger" not in str(customer.read())


def test_a_late_answer_takes_no_keys_from_a_note(desk: Desk) -> None:
    """The stream shows that it is mine before the answer comes; whoever goes on meanwhile keeps the focus (B2)."""
    customer = desk.customer(PERSON)
    jana = desk.open(JANA, customer.conversation)
    late = list[Route]()
    jana.route(re.compile("/(take-over|reply|note)$"), lambda route: late.append(route))
    jana.keyboard.press("t")
    answer = fetched(jana, late)
    expect(jana.locator(".state")).to_contain_text("Bei mir")
    expect(jana.get_by_label("Ihre Antwort")).to_be_focused()
    jana.keyboard.type("Guten Tag")
    jana.keyboard.press("Control+Enter")
    jana.keyboard.press("Escape")
    jana.keyboard.press("n")
    jana.keyboard.type("Schwieriger ")
    with jana.expect_response("**/fragment?**"):
        late.pop(0).fulfill(response=answer)
    answer = fetched(jana, late)
    with jana.expect_response("**/fragment?**"):
        late.pop(0).fulfill(response=answer)
    expect(jana.get_by_label("Ihre Antwort")).to_have_value("")
    jana.keyboard.type("Kunde")
    note = jana.get_by_label("Interne Notiz")
    expect(note).to_have_value("Schwieriger Kunde")
    jana.keyboard.press("Control+Enter")
    answer = fetched(jana, late)
    jana.keyboard.type("Aber im Recht")
    late.pop(0).fulfill(response=answer)
    expect(jana.locator("#notice")).to_have_text("Notiz gespeichert.")
    expect(note).to_have_value("Aber im Recht")
    expect(note).to_be_focused()
    assert "Schwieriger" not in str(customer.read())


def test_a_press_is_not_lost_to_news(desk: Desk) -> None:
    """A customer who writes in the very moment of a click must not make it go nowhere (B2)."""
    customer = desk.customer(PERSON)
    jana = desk.open(JANA, customer.conversation)
    jana.get_by_role("button", name="Übernehmen", exact=True).hover()
    late = list[Route]()
    jana.route(
        re.compile(f"/c/{customer.conversation}/fragment"),
        lambda route: route.continue_() if late else late.append(route),
    )
    customer.say("Hallo? Ist da jemand?")
    answer = fetched(jana, late)
    jana.mouse.down()
    with jana.expect_response(f"**/c/{customer.conversation}/fragment?**"):
        late[0].fulfill(response=answer)
    jana.wait_for_timeout(100)  # in which the page would show it
    jana.mouse.up()
    expect(jana.locator(".state")).to_contain_text("Bei mir")
    expect(jana.get_by_role("log")).to_contain_text("Ist da jemand?")


def test_all_of_it_works_by_keyboard_alone(desk: Desk) -> None:
    """Whoever works here all day, or cannot use a mouse, needs no mouse; keys in a field are text (B2, G1)."""
    customer = desk.customer(PERSON)
    page = desk.open(PETRA_WHO_LEADS, customer.conversation)
    page.keyboard.press("l")
    page.keyboard.type("Rückruf sofort")
    page.keyboard.press("Enter")
    expect(page.locator(".tags")).to_contain_text("rückruf-sofort")
    expect(page.get_by_label("Schlagwort anbringen")).to_be_focused()
    expect(page.get_by_label("Schlagwort anbringen")).to_have_value("")
    page.keyboard.press("Escape")
    expect(page.locator("#tool-tag summary")).to_be_focused()
    page.keyboard.press("s")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.locator("#assign-to")).to_be_focused()
    page.locator("#assign-to").select_option(label="Petra Lindner")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".state")).to_contain_text("Bei mir")
    page.keyboard.press("s")
    expect(page.get_by_label("Bis wann?")).to_be_focused()
    page.get_by_label("Bis wann?").select_option("tomorrow")
    page.keyboard.press("Tab")
    for _ in range(9):  # a time has a field for each of its parts
        if page.evaluate("document.activeElement.matches('#tool-snooze button')"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".asleep")).to_contain_text("Zurückgestellt bis")
    page.keyboard.press("c")
    expect(page.get_by_role("button", name="Schließen", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".state")).to_contain_text("Geschlossen")
    page.keyboard.press("o")
    expect(page.get_by_role("button", name="Wieder öffnen")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Ihre Antwort")).to_be_focused()
    page.keyboard.type("nsal?")
    expect(page.get_by_label("Ihre Antwort")).to_have_value("nsal?")
    expect(page.locator(".tool[open]")).to_have_count(0)


def test_what_is_put_off_is_out_of_the_way_until_the_customer_writes(desk: Desk) -> None:
    """A queue full of what cannot be done today hides what can; and nobody may miss the customer's next word (B2)."""
    customer = desk.customer(PERSON)
    queue = desk.open(JANA)
    page = desk.open(EMRE, customer.conversation)
    expect(row(queue, "waiting", customer.conversation)).to_be_visible()
    tool(page, "snooze")
    page.get_by_label("Tag und Uhrzeit").fill("2026-01-01T10:00")
    page.locator("#tool-snooze").get_by_role("button").click()
    expect(page.locator("#tool-snooze")).to_contain_text("in der Zukunft")
    page.get_by_label("Bis wann?").select_option("monday")
    page.locator("#tool-snooze").get_by_role("button").click()
    expect(page.locator(".asleep")).to_contain_text("09:00")
    expect(row(queue, "waiting", customer.conversation)).to_have_count(0)
    queue.keyboard.press("5")
    expect(row(queue, "snoozed", customer.conversation)).to_contain_text("kommt wieder")
    customer.say("Es eilt doch.")
    expect(row(queue, "snoozed", customer.conversation)).to_have_count(0)
    queue.keyboard.press("2")
    expect(row(queue, "waiting", customer.conversation)).to_contain_text("Es eilt doch.")
    expect(page.get_by_role("log")).to_contain_text("Wieder da: Es kam eine Nachricht")


def test_work_needs_no_script(desk: Desk) -> None:
    """A blocked script must not stop the work: every tool is a plain form, and refusals keep what was typed (B2)."""
    customer = desk.customer(PERSON)
    page = desk.open(PETRA_WHO_LEADS, customer.conversation, java_script_enabled=False)
    take_over(page, script=False)
    tool(page, "note")
    page.get_by_label("Interne Notiz").fill("Ohne Skript, @Jana")
    page.get_by_role("button", name="Notiz speichern").click()
    expect(page.locator(".line.note")).to_contain_text("Ohne Skript")
    tool(page, "tag")
    page.get_by_label("Schlagwort anbringen").fill("a/b")
    page.get_by_role("button", name="Anbringen").click()
    expect(page.locator("#notice")).to_contain_text("Ein Schlagwort besteht aus")
    expect(page.get_by_label("Ihre Antwort")).to_have_value("")
    tool(page, "tag")
    page.get_by_label("Schlagwort anbringen").fill("ohne-skript")
    page.get_by_role("button", name="Anbringen").click()
    expect(page.locator(".tags")).to_contain_text("ohne-skript")
    page.get_by_role("button", name="Schlagwort ohne-skript abnehmen").click()
    expect(page.locator(".tags")).to_have_count(0)
    tool(page, "snooze")
    page.locator("#tool-snooze").get_by_role("button").click()
    expect(page.locator(".asleep")).to_be_visible()
    page.get_by_role("button", name="Jetzt zurückholen").click()
    expect(page.locator(".asleep")).to_have_count(0)
    tool(page, "assign")
    page.locator("#assign-to").select_option(label="Jana Brückner")
    page.locator("#tool-assign").get_by_role("button").click()
    expect(page.locator(".state")).to_contain_text("Bei Jana Brückner")


def test_queue_is_narrowed_by_tag_and_by_queue(desk: Desk) -> None:
    """What belongs together is found together; a queue of its own shows only its own (B2)."""
    product = desk.product
    made = product.run("--workspace", "auental", "queue", "set", "recht", "--de", "Kündigungen", "--en", "Leaving",
                       "--reason", "revocation")  # fmt: skip
    assert made.returncode == 0, made.stderr
    served = product.run("--workspace", "auental", "staff", "serves", EMRE, "recht")
    assert served.returncode == 0, served.stderr
    try:
        leaving = desk.customer("Hiermit kündige ich meinen Stromvertrag.")
        other = desk.customer(PERSON)
        page = desk.open(EMRE)
        expect(row(page, "waiting", leaving.conversation)).to_contain_text("Kündigungen")
        expect(row(page, "waiting", other.conversation)).to_be_visible()
        jana = product.run("--workspace", "auental", "staff", "serves", JANA, "service")
        assert jana.returncode == 0, jana.stderr
        page.reload()
        expect(row(page, "waiting", leaving.conversation)).to_be_visible()
        expect(row(page, "waiting", other.conversation)).to_have_count(0)
        page.get_by_role("combobox", name="Warteschlange").select_option("service")
        page.wait_for_url(re.compile("queue=service"))
        expect(row(page, "waiting", other.conversation)).to_be_visible()
        listed = product.run("--workspace", "auental", "queue", "list").stdout
        assert "reasons revocation; served by Emre Aydın" in listed

        talk = desk.open(JANA, other.conversation)
        tool(talk, "tag")
        talk.get_by_label("Schlagwort anbringen").fill("Umzug 2026")
        talk.get_by_role("button", name="Anbringen").click()
        expect(talk.locator(".tags")).to_contain_text("umzug-2026")
        page.goto(f"{desk.base}/?view=open")
        page.get_by_role("combobox", name="Schlagwort").select_option("umzug-2026")
        page.wait_for_url(re.compile("tag=umzug-2026"))
        expect(page.locator("#queue .row")).to_have_count(1)
        expect(row(page, "open", other.conversation)).to_be_visible()
    finally:
        for who in (EMRE, JANA):
            product.run("--workspace", "auental", "staff", "serves", who)
        assert product.run("--workspace", "auental", "queue", "remove", "recht").returncode == 0


def test_lead_sees_who_has_what_and_agents_do_not(desk: Desk) -> None:
    """Load that nobody sees is carried by one; figures of people are for those who answer for them (B2)."""
    customer = desk.customer(PERSON)
    page = desk.open(JANA, customer.conversation)
    take_over(page)
    lead = desk.open(PETRA_WHO_LEADS)
    lead.get_by_role("link", name="Team").click()
    jana = lead.get_by_role("row").filter(has_text="Jana Brückner")
    expect(jana.get_by_role("cell").first).to_have_text(re.compile(r"[1-9]\d*"))
    expect(lead.locator(".figures")).to_contain_text("Bis zur ersten Antwort eines Menschen")
    client, _ = desk.client(JANA)
    assert client.get(f"{desk.base}/team").status_code == 403


def test_the_leads_figures_stay_fresh_by_themselves(desk: Desk) -> None:
    """On a screen on the wall nobody presses a button, and an old figure is believed (B2)."""
    page = desk.open(PETRA_WHO_LEADS)
    page.clock.install()
    page.goto(f"{desk.base}/team")
    waiting = (
        page.get_by_role("region", name="Was wartet").get_by_role("row").nth(1).get_by_role("cell").first
    )
    before = int(waiting.inner_text())
    link = page.get_by_role("link", name="Aktualisieren")
    link.focus()
    desk.customer(PERSON)
    page.clock.fast_forward("00:20")
    expect(waiting).to_have_text(str(before + 1))
    expect(link).to_be_focused()


def test_pages_of_the_queue_follow_one_another(desk: Desk, product: Product) -> None:
    """An address of a page that someone made up must lead nowhere odd, and a page says which view it shows."""
    client, _ = desk.client(JANA)
    for bad in ("view=nothing", "view=open&after=x", "view=open&after=9~a~b~c"):
        assert client.get(f"{desk.base}/?{bad}").status_code == 400, bad
    last = "view=open&after=3~~~ffffffff-ffff-7fff-bfff-ffffffffffff"
    page = client.get(f"{desk.base}/?{last}")
    assert page.status_code == 200
    assert "Nichts offen." in page.text
    assert "Zum Anfang" in page.text


def test_a_conversation_wakes_by_itself(desk: Desk, product: Product) -> None:
    """The worker brings back what was put off, and whoever looks sees it come."""
    customer = desk.customer(PERSON)
    page = desk.open(JANA, customer.conversation)
    tool(page, "snooze")
    page.get_by_label("Bis wann?").select_option("hour")
    page.locator("#tool-snooze").get_by_role("button").click()
    expect(page.locator(".asleep")).to_be_visible()
    _let_time_pass(product, customer.conversation)
    expect(page.locator(".asleep")).to_have_count(0, timeout=60_000)
    expect(page.get_by_role("log")).to_contain_text("Wieder da: Die Zeit ist um")


@pytest.mark.parametrize("scheme", SEEN)
def test_pages_of_work_are_accessible(desk: Desk, scheme: str) -> None:
    """Everyone must be able to do this work, in light and dark, on a screen and on a phone (G1)."""
    customer = desk.customer(PERSON)
    page = desk.open(
        PETRA_WHO_LEADS,
        customer.conversation,
        color_scheme=scheme,
        viewport=SEEN[scheme],
        reduced_motion="reduce",
    )
    take_over(page)
    for name in ("note", "transfer", "assign", "snooze", "tag"):
        tool(page, name)
        expect(page.locator(f"#tool-{name} form")).to_be_visible()
        _axe(page, f"{scheme} {name}")
        page.keyboard.press("Escape")
    tool(page, "note")
    page.get_by_label("Interne Notiz").press_sequentially("@")
    expect(page.get_by_role("listbox")).to_be_visible()
    _axe(page, f"{scheme} mention")
    for path in ("/", "/?view=waiting", "/?view=snoozed", "/?view=mentioned", "/team"):
        page.goto(desk.base + path)
        _axe(page, f"{scheme} {path}")


def _axe(page: Page, where: str) -> None:
    found = Axe().run(page).response["violations"]
    assert not found, (where, [(v["id"], [n["html"] for n in v["nodes"]]) for v in found])


def _let_time_pass(product: Product, conversation: str) -> None:
    """Move a conversation's time into the past, as an hour would."""
    moving = (
        "update taktvoll.conversation set snoozed_until = now() - interval '1 second',"
        " snapshot = jsonb_set(snapshot, '{snoozed_until}', '\"2026-01-01T00:00:00.000000Z\"') where id = $1"
    )
    address = product.database().replace("taktvoll_owner", "postgres")

    async def move() -> None:
        connection = await asyncpg.connect(address)
        await connection.execute(moving, conversation)
        await connection.close()

    with ThreadPoolExecutor(1) as aside:  # the browser's loop runs in this thread
        aside.submit(asyncio.run, move()).result()
