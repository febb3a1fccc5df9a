"""Writing at the desk: two agents and customers, each in a browser of their own (B2, B3).

I decide nothing; I claim what must be seen working. pytest calls me. I wait for events only.
"""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import asyncpg
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.agents import EMRE, JANA, Desk, row, take_over
from tests.acceptance.product import Product, until

PERSON = "Ich möchte bitte mit einem Menschen sprechen."
WALLBOX = "Muss ich meine Wallbox anmelden?"
TOPIC = "Elektromobilität"
SEEN = {"light": {"width": 1400, "height": 850}, "dark": {"width": 390, "height": 800}}


@pytest.fixture(scope="module")
def signed_in(product: Product, browser: Browser) -> Iterator[Desk]:
    """The desk of a company that can undo for many seconds, and on one topic only suggests; afterwards as before."""
    undo(product, 30)
    autonomy(product, "set", TOPIC, "copilot")
    yield Desk(product, browser)
    autonomy(product, "set", TOPIC, "probation")
    undo(product, 0)


def undo(product: Product, seconds: int) -> None:
    """Set how long a reply can be taken back."""
    ran = product.run("workspace", "set", "--undo-send", str(seconds), "--workspace", "auental")
    assert ran.returncode == 0, ran.stderr


def autonomy(product: Product, *words: str) -> str:
    """Run the command; gives what it printed."""
    ran = product.run("autonomy", "--workspace", "auental", *words)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def settled(product: Product, conversation: str) -> list[str]:
    """What is on record of a conversation's suggestion; how it counts is shown in tests/simulation."""
    asked = (
        "select convert_from(body, 'UTF8')::jsonb -> 'payload' ->> 'use' from taktvoll.event"
        " where conversation_id = $1 and kind = 'suggestion.settled' order by seq"
    )
    address = product.database().replace("taktvoll_owner", "postgres")

    async def ask() -> list[str]:
        connection = await asyncpg.connect(address)
        found = [str(row[0]) for row in await connection.fetch(asked, conversation)]
        await connection.close()
        return found

    with ThreadPoolExecutor(1) as aside:  # the browser's loop runs in this thread
        return aside.submit(asyncio.run, ask()).result()


def field(page: Page) -> str:
    """What stands in the reply."""
    return page.get_by_label("Ihre Antwort").input_value()


def test_suggestion_is_sent_by_one_key(desk: Desk) -> None:
    """The right answer is there already: one key sends it, with its source beside it, and it counts (B3, B5)."""
    customer = desk.customer(WALLBOX)
    page = desk.open(JANA, customer.conversation)
    shown = page.get_by_role("region", name="Vorschlag der KI")
    expect(shown.get_by_role("link").first).to_be_visible()
    expect(shown.get_by_role("button", name="So senden")).to_have_count(0)
    page.keyboard.press("Alt+Enter")
    expect(page.get_by_role("button", name="Übernehmen", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Ihre Antwort")).to_be_focused()
    text = shown.locator(".said").inner_text()
    page.keyboard.press("Alt+Enter")
    expect(page.get_by_role("region", name="Wird gesendet")).to_be_visible()
    assert [m["author"] for m in customer.read() if m["author"] == "person"] == []
    page.keyboard.press("Control+Enter")
    expect(page.locator(".line.person")).to_have_count(1)
    expect(page.locator(".suggestion")).to_have_count(0)
    assert " ".join(str(customer.read()[-1]["text"]).split()) == " ".join(text.split())
    assert settled(desk.product, customer.conversation) == ["accepted"]


def test_suggestion_is_changed_by_key(desk: Desk) -> None:
    """Editing must be as quick as accepting, or people accept what they should have changed (B3)."""
    page = desk.open(JANA, desk.customer(WALLBOX).conversation)
    take_over(page)
    text = page.locator(".suggestion .said").inner_text()
    page.get_by_role("main").focus()
    page.keyboard.press("e")
    expect(page.get_by_label("Ihre Antwort")).to_be_focused()
    assert " ".join(field(page).split()) == " ".join(text.split())
    page.keyboard.press("Alt+Enter")  # only what stands there unchanged is sent by this key
    expect(page.get_by_role("region", name="Wird gesendet")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.get_by_label("Ihre Antwort")).not_to_have_value("")


def test_suggestion_is_rejected_by_key(desk: Desk) -> None:
    """“No good, and why” is worth as much as “good”, and a key hit by mistake must not say it (B3, B5)."""
    customer = desk.customer(WALLBOX)
    other = desk.open(JANA, customer.conversation)
    take_over(other)
    other.keyboard.press("Escape")
    other.keyboard.press("x")
    expect(other.get_by_label("Warum? (freiwillig)")).to_be_focused()
    other.keyboard.press("Escape")
    expect(other.locator("#suggestion-reject summary")).to_be_focused()
    other.keyboard.press("Enter")
    other.get_by_label("Warum? (freiwillig)").select_option(label="veraltet")
    other.locator("#suggestion-reject button").click()
    expect(other.locator(".suggestion")).to_have_count(0)
    expect(other.locator("#notice")).to_have_text("Vorschlag verworfen.")
    expect(other.get_by_label("Ihre Antwort")).to_be_focused()
    assert settled(desk.product, customer.conversation) == ["rejected"]


def test_sent_reply_can_be_taken_back(desk: Desk) -> None:
    """What is seen in the second after sending must not have reached the customer (B2)."""
    customer = desk.customer(PERSON)
    page = desk.open(JANA, customer.conversation)
    take_over(page)
    page.get_by_label("Ihre Antwort").fill("Liebe Frau Falsch,")
    page.get_by_role("button", name="Senden", exact=True).click()
    expect(page.get_by_role("region", name="Wird gesendet")).to_contain_text("Liebe Frau Falsch,")
    expect(page.locator("#announce")).to_contain_text("Rückgängig mit Strg+Z")
    expect(page.get_by_label("Ihre Antwort")).to_have_value("")
    page.get_by_label("Ihre Antwort").press_sequentially("PS: Grüße")
    page.get_by_role("button", name="Rückgängig").click()
    expect(page.get_by_label("Ihre Antwort")).to_have_value("Liebe Frau Falsch,\n\nPS: Grüße")
    expect(page.get_by_label("Ihre Antwort")).to_be_focused()
    expect(page.locator("#notice")).to_contain_text("Nicht gesendet.")
    assert "Falsch" not in str(customer.read())


def test_reply_goes_out_though_the_tab_is_closed(desk: Desk) -> None:
    """Closing a tab is how people finish work; the reply they sent must not depend on it (G8)."""
    customer = desk.customer(PERSON)
    page = desk.open(JANA, customer.conversation)
    take_over(page)
    undo(desk.product, 2)
    try:
        page.get_by_label("Ihre Antwort").fill("Bis morgen!")
        page.get_by_role("button", name="Senden", exact=True).click()
        expect(page.get_by_role("region", name="Wird gesendet")).to_be_visible()
        page.close()
        until(lambda: "Bis morgen!" in str(customer.read()), "the reply arrives")
    finally:
        undo(desk.product, 30)


def test_reply_comes_back_when_the_customer_writes_meanwhile(desk: Desk) -> None:
    """An answer that crosses the customer's next word answers the wrong question (B2)."""
    customer = desk.customer(PERSON)
    page = desk.open(JANA, customer.conversation)
    take_over(page)
    page.get_by_label("Ihre Antwort").fill("Dann bis Montag.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("region", name="Wird gesendet")).to_be_visible()
    customer.say("Montag geht es doch nicht.")
    expect(page.get_by_role("log")).to_contain_text("Montag geht es doch nicht.")
    page.get_by_role("button", name="Jetzt senden").click()
    expect(page.locator("#notice")).to_contain_text("Ihr Text steht wieder im Feld.")
    expect(page.get_by_label("Ihre Antwort")).to_have_value("Dann bis Montag.")
    assert "Dann bis" not in str(customer.read())
    page.reload()
    expect(page.get_by_label("Ihre Antwort")).to_have_value("Dann bis Montag.")


def test_draft_is_there_on_another_device(desk: Desk) -> None:
    """Begun at the office, finished at home; and the queue says where something is begun (B2)."""
    customer = desk.customer(PERSON)
    page = desk.open(JANA, customer.conversation)
    take_over(page)
    page.get_by_label("Ihre Antwort").press_sequentially("Sehr geehrte Frau")
    queue = desk.open(JANA)
    expect(row(queue, "mine", customer.conversation)).to_contain_text("Entwurf")
    drafts = "Object.keys(sessionStorage).filter(key => key !== 'taktvoll-desk-talk')"
    until(lambda: page.evaluate(drafts) == [], "saved, and not left in the browser")
    home = desk.open(JANA, customer.conversation)
    expect(home.get_by_label("Ihre Antwort")).to_have_value("Sehr geehrte Frau")
    other = desk.open(EMRE, customer.conversation)
    assert field(other) == ""
    home.get_by_label("Ihre Antwort").fill("")
    expect(row(queue, "mine", customer.conversation)).not_to_contain_text("Entwurf")


def test_last_letters_before_a_reload_are_not_lost(desk: Desk) -> None:
    """Half an hour of careful wording must not hang on half a second (B2)."""
    page = desk.open(JANA, desk.customer(PERSON).conversation)
    take_over(page)
    page.route("**/draft", lambda route: route.abort())
    page.get_by_label("Ihre Antwort").press_sequentially("Ohne Netz")
    page.reload()
    expect(page.get_by_label("Ihre Antwort")).to_have_value("Ohne Netz")


def test_approved_text_is_put_in_by_a_slash(desk: Desk) -> None:
    """What is approved must be quicker to reach than what somebody remembers (B3, F1)."""
    page = desk.open(JANA, desk.customer(PERSON).conversation)
    take_over(page)
    answer = page.get_by_label("Ihre Antwort")
    answer.press_sequentially("/")
    options = page.get_by_role("listbox", name="Freigegebene Texte").get_by_role("option")
    expect(options.first).to_contain_text("Begrüßung")
    page.keyboard.press("Enter")
    expect(answer).to_have_value("Guten Tag,")
    answer.press_sequentially("\n/wallbox anmelden")
    expect(options.first).to_contain_text("Wallbox")
    expect(answer).to_have_attribute("aria-activedescendant", "macro-0")
    page.keyboard.press("ArrowDown")
    expect(answer).to_have_attribute("aria-activedescendant", "macro-1")
    page.keyboard.press("ArrowUp")
    text = options.first.locator("span").inner_text()
    page.keyboard.press("Tab")
    expect(answer).to_have_value(re.compile(r"^Guten Tag,\n" + re.escape(text[:30])))
    expect(options).to_have_count(0)
    answer.press_sequentially(" und/oder")
    answer.press_sequentially(" /zähl")
    expect(options.first).to_be_visible()
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(answer).to_be_focused()


def test_open_place_is_not_sent(desk: Desk) -> None:
    """“Liebe {{name}}” must come back to the one who wrote it, at once (F4)."""
    customer = desk.customer(PERSON)
    page = desk.open(JANA, customer.conversation)
    take_over(page)
    page.get_by_label("Ihre Antwort").fill("Liebe {{name}},")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#notice")).to_contain_text("ein Platzhalter offen")
    expect(page.get_by_label("Ihre Antwort")).to_have_value("Liebe {{name}},")


def test_colleagues_see_each_other(desk: Desk) -> None:
    """Two answers to one question cost two people's time and the customer's trust (B2)."""
    customer = desk.customer(PERSON)
    jana = desk.open(JANA, customer.conversation)
    take_over(jana)
    emre = desk.open(EMRE, customer.conversation)
    expect(jana.locator("#present")).to_have_text("Auch hier: Emre Aydın")
    expect(emre.locator("#present")).to_have_text("Auch hier: Jana Brückner")
    jana.get_by_label("Ihre Antwort").press_sequentially("Ich")
    expect(emre.locator("#present")).to_have_text("Jana Brückner schreibt gerade …")
    emre.get_by_role("button", name="Von Jana Brückner übernehmen").click()
    dialog = emre.get_by_role("dialog", name="Trotzdem übernehmen?")
    expect(dialog).to_contain_text("Jana Brückner schreibt gerade in diesem Gespräch.")
    dialog.get_by_role("button", name="Abbrechen").click()
    expect(emre.locator(".state")).to_contain_text("Bei Jana Brückner")
    jana.get_by_label("Ihre Antwort").press_sequentially(" schaue nach")
    expect(emre.locator("#present")).to_have_text("Jana Brückner schreibt gerade …")
    emre.get_by_role("button", name="Von Jana Brückner übernehmen").click()
    dialog.get_by_role("button", name="Übernehmen").click()
    expect(emre.locator(".state")).to_contain_text("Bei mir")
    expect(jana.get_by_label("Ihre Antwort")).to_have_value("Ich schaue nach")
    emre.close()
    expect(jana.locator("#present")).to_have_text("")
    assert "Emre" not in str(customer.read()[:-1])


def test_conversations_are_found_by_their_words(desk: Desk) -> None:
    """“There was somebody with a ferret on the meter” must be enough to find them again (B2)."""
    customer = desk.customer(PERSON, "Auf meinem Zähler wohnt ein <b>Frettchen</b> namens Zerberus.")
    talk = desk.open(JANA, customer.conversation)
    take_over(talk)
    talk.keyboard.press("Escape")
    talk.keyboard.press("n")
    talk.keyboard.type("Tierheim Zerberus angerufen")
    talk.keyboard.press("Control+Enter")
    expect(talk.locator(".line.note")).to_be_visible()
    page = desk.open(EMRE)
    page.keyboard.press("/")
    page.wait_for_url(re.compile("/search$"))
    expect(page.get_by_label("Wörter, Kontakt oder Kürzel")).to_be_focused()
    page.keyboard.type("zerberus")
    page.keyboard.press("Enter")
    hits = page.get_by_role("list", name="Treffer").get_by_role("listitem")
    expect(hits).to_have_count(1)
    expect(hits.first).to_contain_text("Tierheim Zerberus angerufen")
    expect(hits.first.locator("mark")).to_have_text("Zerberus")
    page.get_by_label("Wörter, Kontakt oder Kürzel").fill('"frettchen namens" -umzug')
    page.keyboard.press("Enter")
    expect(hits.first).to_contain_text("<b>Frettchen</b>")
    page.get_by_label("Stand").select_option(label="geschlossen")
    page.get_by_role("button", name="Suchen").click()
    expect(page.get_by_text("Nichts gefunden.")).to_be_visible()
    page.get_by_label("Stand").select_option(label="offen bei Menschen")
    page.locator("select[name=person]").select_option(label="Jana Brückner")
    page.get_by_role("button", name="Suchen").click()
    expect(hits).to_have_count(1)
    hits.first.get_by_role("link").click()
    expect(page.get_by_role("log")).to_contain_text("Frettchen")
    page.go_back()
    expect(hits).to_have_count(1)
    assert "zerberus" not in page.url.casefold()
    page.goto(f"{desk.base}/search")
    page.get_by_role("heading", name="Gespräche durchsuchen").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Mit der Tastatur arbeiten")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_label("Wörter, Kontakt oder Kürzel")).to_be_focused()
    _search(page, "und die")
    expect(page.get_by_role("status").filter(has_text="mindestens einem Wort")).to_be_visible()
    client, csrf = desk.client(JANA)
    for name, bad in (("status", "x"), ("person", "x"), ("from", "gestern"), ("to", "9999-12-31")):
        fields = {"csrf": csrf, "q": "zerberus", name: bad}
        asked = client.post(f"{desk.base}/search", data=fields, follow_redirects=True)
        assert asked.status_code == 400, bad
    asked = client.post(f"{desk.base}/search", data={"csrf": csrf, "q": "zerberus"}, follow_redirects=True)
    assert client.get(f"{asked.url}&after=x").status_code == 400
    assert (
        "Zerberus" not in client.get(f"{asked.url}x").text
    )  # an address that somebody made up finds nothing
    assert client.post(f"{desk.base}/search", data={"q": "zerberus"}).status_code == 403


def test_a_reply_that_came_back_is_changed_and_sent(desk: Desk) -> None:
    """The customer wrote first: the words are back, can be changed after a reload too, and go out once (B2, G8)."""
    customer = desk.customer(PERSON)
    page = desk.open(JANA, customer.conversation)
    take_over(page)
    words = page.get_by_label("Ihre Antwort")
    words.fill("Guten Tag")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("region", name="Wird gesendet")).to_be_visible()
    customer.say("Halt, noch etwas!")
    page.keyboard.press("Control+Enter")
    expect(words).to_have_value("Guten Tag")
    page.reload()
    expect(words).to_have_value("Guten Tag")
    with page.expect_response(lambda answer: answer.url.endswith("/draft")):
        words.fill("Guten Abend")
    page.reload()
    expect(words).to_have_value("Guten Abend")
    page.keyboard.press("r")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("region", name="Wird gesendet")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    page.keyboard.press("Enter")  # whoever closes at once has sent
    expect(page.locator(".state")).to_contain_text("Geschlossen")
    assert [m["text"] for m in customer.read() if m["author"] == "person"] == ["Guten Abend"]


def _search(page: Page, words: str) -> None:
    page.get_by_label("Wörter, Kontakt oder Kürzel").fill(words)
    page.get_by_role("button", name="Suchen").click()


def test_writing_needs_no_script(desk: Desk) -> None:
    """A blocked script must not keep a customer waiting: suggestion, undo and search are plain forms (B2)."""
    customer = desk.customer(WALLBOX)
    page = desk.open(JANA, customer.conversation, java_script_enabled=False)
    take_over(page, script=False)
    page.get_by_role("button", name="So senden").click()
    expect(page.get_by_role("region", name="Wird gesendet")).to_be_visible()
    page.get_by_role("button", name="Rückgängig").click()
    expect(page.get_by_label("Ihre Antwort")).not_to_have_value("")
    page.get_by_role("button", name="Senden", exact=True).click()
    page.get_by_role("button", name="Jetzt senden").click()
    expect(page.locator(".line.person")).to_have_count(1)
    page.get_by_role("link", name="Suche").click()
    page.get_by_label("Wörter, Kontakt oder Kürzel").fill("wallbox*")
    page.get_by_role("button", name="Suchen").click()
    expect(page.get_by_role("list", name="Treffer")).to_be_visible()


@pytest.mark.parametrize("scheme", SEEN)
def test_writing_is_accessible(desk: Desk, scheme: str) -> None:
    """Everyone must be able to do this work, in light and dark, on a screen and on a phone (G1)."""
    customer = desk.customer(WALLBOX)
    page = desk.open(
        JANA, customer.conversation, color_scheme=scheme, viewport=SEEN[scheme], reduced_motion="reduce"
    )
    take_over(page)
    other = desk.open(EMRE, customer.conversation)
    expect(page.locator("#present")).not_to_be_empty()
    _axe(page, f"{scheme} suggestion")
    page.locator("#suggestion-reject summary").click()
    _axe(page, f"{scheme} reject")
    page.keyboard.press("Escape")
    page.get_by_label("Ihre Antwort").press_sequentially("/wallbox")
    expect(page.get_by_role("listbox")).to_be_visible()
    _axe(page, f"{scheme} macros")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("region", name="Wird gesendet")).to_be_visible()
    _axe(page, f"{scheme} leaving")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), scheme
    page.get_by_label("Ihre Antwort").press_sequentially("Ich schreibe")
    expect(other.locator("#present")).to_contain_text("schreibt gerade")
    other.get_by_role("button", name="Von Jana Brückner übernehmen").click()
    _axe(other, f"{scheme} take over")
    page.goto(f"{desk.base}/search")
    _search(page, "wallbox*")
    expect(page.get_by_role("list", name="Treffer")).to_be_visible()
    _axe(page, f"{scheme} search")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), scheme


def _axe(page: Page, where: str) -> None:
    found = Axe().run(page).response["violations"]
    assert not found, (where, [(v["id"], [n["html"] for n in v["nodes"]]) for v in found])
