"""The desk as agents live it: two real browsers, a customer's and an agent's, around one running product.

I decide nothing; I claim what must be seen working (B1, B2). pytest calls me. I wait for events only.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx
from playwright.sync_api import Page, Route, expect

from tests.acceptance.agents import EMRE, JANA, Desk, reply, row, take_over, take_over_from

BILL = "Wie oft bekomme ich eine Rechnung?"
PERSON = "Ich möchte bitte mit einem Menschen sprechen."


def test_person_takes_over_answers_and_gives_back(desk: Desk) -> None:
    """The whole handover, seen from both sides at once: nobody is left waiting without knowing who speaks (B1, G1)."""
    chat = desk.context().new_page()
    conversation = _open_chat(chat, desk)
    queue = desk.open(JANA)
    _write(chat, BILL)
    expect(chat.get_by_role("log")).to_contain_text("KI-Assistenz")
    _write(chat, PERSON)
    expect(row(queue, "waiting", conversation)).to_be_visible()

    row(queue, "waiting", conversation).get_by_role("link").click()
    expect(queue.get_by_role("log")).to_contain_text(BILL)
    take_over(queue)
    reply(queue, "Guten Tag, hier ist Jana. Ich sehe gleich nach.")
    expect(chat.get_by_role("log")).to_contain_text("Ich sehe gleich nach.")
    expect(chat.locator("taktvoll-chat")).to_contain_text("Jana Brückner")

    _write(chat, "Das ist nett, vielen Dank!")
    expect(queue.get_by_role("log")).to_contain_text("Das ist nett, vielen Dank!")
    queue.get_by_role("button", name="An KI zurückgeben").click()
    expect(queue.locator(".state")).to_contain_text("KI-Assistenz antwortet")
    expect(chat.get_by_role("log")).to_contain_text("Ab hier antwortet wieder die KI-Assistenz.")
    queue.get_by_role("button", name="Schließen", exact=True).click()
    expect(queue.locator(".state")).to_contain_text("Geschlossen")
    expect(chat.get_by_role("log")).to_contain_text("Das Gespräch wurde beendet.")


def test_waiting_conversation_shows_itself(desk: Desk) -> None:
    """Whoever has the desk open learns of someone waiting without looking, by eye, title and screen reader (B2)."""
    page = desk.open(JANA)
    expect(page.locator("[data-part]")).to_have_count(3)
    customer = desk.customer(PERSON)
    waiting = row(page, "waiting", customer.conversation)
    expect(waiting).to_be_visible()
    expect(waiting.locator(".wait")).to_have_text(re.compile(r"wartet \d+ (s|min)"))
    expect(page).to_have_title(re.compile(r"^\([1-9]\d*\) Warteschlange"))
    expect(page.locator("#announce")).to_contain_text("Ein neues Gespräch wartet")

    other = desk.open(EMRE, customer.conversation)
    take_over(other)
    expect(waiting).to_have_count(0)
    expect(row(page, "others", customer.conversation)).to_contain_text("Emre Aydın")


def test_agent_sees_what_the_assistant_found_and_why(desk: Desk) -> None:
    """An agent who cannot see what the AI rested on must ask the customer everything again (B1, H2)."""
    customer = desk.customer()
    answer = customer.say(BILL)["messages"][-1]
    assert customer.post("feedback", {"id": "f", "seq": answer["seq"], "value": "not_helped"}).is_success
    customer.say(PERSON)
    page = desk.open(JANA, customer.conversation)
    evidence = page.get_by_role("complementary", name="Was die KI gefunden hat")
    expect(evidence).to_contain_text("In der Nachricht wurde nach einem Menschen gefragt.")
    expect(evidence).to_contain_text(BILL)
    expect(evidence.locator(".percent").first).to_have_text(re.compile(r"\d\d?\s%"))
    expect(page.locator(".line.assistant").first).to_contain_text(re.compile(r"Sicherheit \d\d?\s%"))
    expect(page.get_by_role("log")).to_contain_text("Hat nicht geholfen")
    evidence.locator("summary").first.click()
    expect(evidence.locator("details[open] .said")).not_to_be_empty()


def test_late_reply_is_refused_and_its_text_kept(desk: Desk) -> None:
    """A reply that crosses a colleague's take-over must not reach the customer, and must not be lost either (B2)."""
    customer = desk.customer(PERSON)
    jana = desk.open(JANA, customer.conversation)
    take_over(jana)
    jana.get_by_label("Ihre Antwort").fill("Zu spät geschrieben.")
    jana.route("**/fragment*", lambda route: route.abort())  # her page does not hear of it in time
    emre = desk.open(EMRE, customer.conversation)
    take_over_from(emre, "Jana Brückner")
    expect(emre.locator(".state")).to_contain_text("Bei mir")

    jana.get_by_role("button", name="Senden", exact=True).click()
    expect(jana.locator("#notice")).to_contain_text("Ihre Antwort wurde nicht gesendet.")
    expect(jana.get_by_label("Ihre Antwort")).to_have_value("Zu spät geschrieben.")
    reply(emre, "Ich übernehme hier.")
    texts = [str(m["text"]) for m in customer.read()]
    assert "Zu spät geschrieben." not in texts
    assert "Ich übernehme hier." in texts


def test_losing_a_conversation_shows_at_once_and_keeps_the_draft(desk: Desk) -> None:
    """Someone in the middle of a sentence sees who has the conversation now, with the sentence still there (B2)."""
    customer = desk.customer(PERSON)
    jana = desk.open(JANA, customer.conversation)
    take_over(jana)
    jana.get_by_label("Ihre Antwort").fill("Mitten im Satz")
    emre = desk.open(EMRE, customer.conversation)
    take_over_from(emre, "Jana Brückner")
    expect(jana.locator(".state")).to_contain_text("Bei Emre Aydın")
    expect(jana.locator("#notice")).to_contain_text("Sie haben dieses Gespräch nicht mehr.")
    expect(jana.get_by_label("Ihre Antwort")).to_have_value("Mitten im Satz")
    expect(jana.get_by_role("button", name="Senden", exact=True)).to_be_disabled()


def test_two_who_reach_for_it_at_once_do_not_take_it_from_each_other(desk: Desk) -> None:
    """The second click of a race must not silently take a conversation from the colleague who was quicker (B2)."""
    customer = desk.customer(PERSON)
    jana, emre = desk.open(JANA, customer.conversation), desk.open(EMRE, customer.conversation)
    emre.route("**/fragment*", lambda route: route.abort())
    take_over(jana)
    emre.get_by_role("button", name="Übernehmen", exact=True).click()
    expect(emre.locator("#notice")).to_contain_text("Jemand war schneller.")
    jana.reload()
    expect(jana.locator(".state")).to_contain_text("Bei mir")


def test_double_click_sends_once(desk: Desk) -> None:
    """A customer who gets everything twice thinks they are talking to a machine after all (G8)."""
    customer = desk.customer(PERSON)
    page = desk.open(JANA, customer.conversation)
    take_over(page)
    page.get_by_label("Ihre Antwort").fill("Nur einmal, bitte.")
    page.get_by_role("button", name="Senden", exact=True).dblclick()
    expect(page.locator(".line.person")).to_have_count(1)
    page.get_by_label("Ihre Antwort").fill("Danach.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".line.person")).to_have_count(2)
    assert [m["text"] for m in customer.read() if m["author"] == "person"] == [
        "Nur einmal, bitte.",
        "Danach.",
    ]


def test_same_reply_sent_at_the_same_moment_goes_out_once(desk: Desk) -> None:
    """Without its script a page sends a double click as two requests that run side by side (G8)."""
    customer = desk.customer(PERSON)
    page = desk.open(JANA, customer.conversation)
    take_over(page)
    epoch = page.locator(".head").get_attribute("data-epoch")
    together = Barrier(6)

    def send(client: httpx.Client, csrf: str) -> int:
        client.get(f"{desk.base}/fragment")  # the connection stands before the race begins
        together.wait()
        fields = {"csrf": csrf, "epoch": epoch, "id": "one-and-the-same", "text": "Einmal genügt."}
        return client.post(f"{desk.base}/c/{customer.conversation}/reply", data=fields).status_code

    clients = [desk.client(JANA) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(lambda c: send(*c), clients))
    assert statuses == [303] * 6
    assert [m["text"] for m in customer.read() if m["author"] == "person"] == ["Einmal genügt."]


def test_lost_confirmation_is_sent_again_without_a_double(desk: Desk) -> None:
    """When the line drops after sending, the agent sends again; the customer still reads it once (G8)."""
    customer = desk.customer(PERSON)
    page = desk.open(JANA, customer.conversation)
    take_over(page)
    page.route("**/fragment*", lambda route: route.abort())
    page.route("**/reply", _deliver_and_lose_the_answer, times=1)
    page.get_by_label("Ihre Antwort").fill("Kommt das an?")
    page.get_by_role("button", name="Senden", exact=True).click()
    expect(page.locator("#notice")).to_contain_text("doppelt kommt es nicht an")
    page.reload()
    page.unroute("**/fragment*")
    expect(page.get_by_label("Ihre Antwort")).to_have_value("Kommt das an?")
    page.get_by_role("button", name="Senden", exact=True).click()
    expect(page.get_by_label("Ihre Antwort")).to_have_value("")
    assert [m["text"] for m in customer.read() if m["author"] == "person"] == ["Kommt das an?"]


def test_draft_survives_a_reload(desk: Desk) -> None:
    """Half an hour of careful wording must not hang on one key (B2)."""
    customer = desk.customer(PERSON)
    page = desk.open(JANA, customer.conversation)
    take_over(page)
    page.get_by_label("Ihre Antwort").press_sequentially("Sehr geehrte")
    page.reload()
    expect(page.get_by_label("Ihre Antwort")).to_have_value("Sehr geehrte")


def test_customer_sees_that_a_person_is_writing(desk: Desk) -> None:
    """Silence after a handover reads as being forgotten (B1)."""
    chat = desk.context().new_page()
    conversation = _open_chat(chat, desk)
    _write(chat, PERSON)
    page = desk.open(JANA, conversation)
    take_over(page)
    expect(chat.locator("taktvoll-chat")).to_contain_text("Jana Brückner")
    page.get_by_label("Ihre Antwort").press_sequentially("Ich")
    expect(chat.locator("taktvoll-chat")).to_contain_text("Jana Brückner schreibt")


def test_keyboard_is_enough(desk: Desk) -> None:
    """Whoever answers two hundred people a day, or cannot use a mouse, works by keyboard alone (B2, G1)."""
    customer = desk.customer(PERSON)
    page = desk.open(JANA)
    expect(row(page, "waiting", customer.conversation)).to_be_visible()
    rows = page.locator("#queue .row").count()
    target = row(page, "waiting", customer.conversation).get_by_role("link")
    for _ in range(rows):
        if target.evaluate("link => link === document.activeElement"):
            break
        page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".state")).to_contain_text("Wartet auf einen Menschen")
    page.keyboard.press("t")
    expect(page.get_by_label("Ihre Antwort")).to_be_focused()
    page.keyboard.type("Mit der Tastatur.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".line.person")).to_contain_text("Mit der Tastatur.")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Ihre Antwort")).not_to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(page.get_by_label("Ihre Antwort")).to_be_focused()


def test_desk_works_without_its_script(desk: Desk) -> None:
    """A blocked script must not keep a customer waiting: forms alone take over, reply and give back (B2)."""
    customer = desk.customer(PERSON)
    page = desk.open(JANA, customer.conversation, java_script_enabled=False)
    take_over(page, script=False)
    page.get_by_label("Ihre Antwort").fill("Ganz ohne Skript.")
    page.get_by_role("button", name="Senden", exact=True).click()
    expect(page.locator(".line.person")).to_contain_text("Ganz ohne Skript.")
    assert "Ganz ohne Skript." in [m["text"] for m in customer.read()]
    page.get_by_role("button", name="An KI zurückgeben").click()
    expect(page.locator(".state")).to_contain_text("KI-Assistenz antwortet")


def _open_chat(chat: Page, desk: Desk) -> str:
    """Open the sample page's chat; gives what the desk calls the conversation."""
    chat.goto(f"{desk.product.base}/w/auental/demo")
    with chat.expect_response("**/chat/sessions") as opened:
        chat.get_by_role("button", name="Haben Sie Fragen?").click()
    conversation: str = opened.value.json()["conversation"]
    return conversation


def _write(chat: Page, text: str) -> None:
    chat.get_by_label("Ihre Nachricht").fill(text)
    chat.get_by_role("button", name="Senden", exact=True).click()
    expect(chat.get_by_role("log")).to_contain_text(text)


def _deliver_and_lose_the_answer(route: Route) -> None:
    route.fetch()
    route.abort()
