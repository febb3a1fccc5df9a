"""Learning from customers, end to end: a choice is proposed, an editor approves it, the next edition knows it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.agents import Desk, sign_in, take_over
from tests.acceptance.product import LIBRARY, Product, Reply, Visitor, command, write_lines

PLACE = "default"
QUESTION = "Was kostet es, wenn der Schmöker zu spät zurückkommt?"
ASKED = f"Hallo, mein Name ist Hans Meier, Ausweis 4711-0815. {QUESTION}"
AGENT = "alma@moosgrund.example"
EDITOR, PASSWORD = "edda@moosgrund.example", "lang genug zum Merken"


@pytest.fixture(scope="module")
def learning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product with the small library's knowledge, all its own: what is learnt here would change others' answers."""
    place = tmp_path_factory.mktemp("learning")
    product = Product(place / "data", ("--no-sample",))
    product.start()
    _run(product, "import", write_lines(place / "library.jsonl", LIBRARY))
    words = ("staff", "add", EDITOR, "--name", "Edda", "--role", "editor", "--password-stdin")
    assert "may sign in" in _run(product, *words, given=PASSWORD)
    assert "undone for 0 s" in _run(product, "workspace", "set", "--undo-send", "0")
    yield product
    product.stop()


@pytest.fixture
def desk(learning: Product, browser: Browser) -> Iterator[Desk]:
    """The desk; its browsers are closed after each test."""
    opened = Desk(learning, browser)
    yield opened
    opened.close()


def test_what_a_customer_chose_is_learnt_once_an_editor_approves(desk: Desk, learning: Product) -> None:
    """The second customer who asks like the first is answered at once, and nobody's name went along (issue 3)."""
    with Visitor(learning.base, PLACE) as first:
        offered = first.say(ASKED)["messages"][-1]["choices"]
        chosen = offered[-1]
        first.say(chosen["label"], choice={k: chosen[k] for k in ("collection", "id", "language")})
    assert _sources(learning) != [chosen["id"]]

    page = _editor(desk, learning)
    expect(page.get_by_role("heading", name=chosen["label"])).to_be_visible()
    field = page.get_by_label("Neue Formulierung")
    expect(field).to_have_value(f"mein Name ist …, Ausweis …. {QUESTION}")
    expect(page.locator("body")).not_to_contain_text("Meier")
    for scheme, width in (("light", 1400), ("dark", 390)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 800})
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.get_by_role("main").press("j")
    expect(field).to_be_focused()
    field.fill("Ja")
    field.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("mindestens zwei Wörter")
    field.fill(QUESTION)
    field.press("Control+Enter")
    expect(page.get_by_role("status").filter(has_text="Freigegeben.")).to_be_visible()
    expect(page.get_by_text("Keine Vorschläge.")).to_be_visible()

    assert _sources(learning) != [chosen["id"]]
    assert "is in force" in _run(learning, "edition", "publish")
    assert _sources(learning) == [chosen["id"]]


def test_an_agent_who_sends_an_entry_teaches_it(desk: Desk, learning: Product) -> None:
    """The agent knew which entry answers the question, and the search did not: nobody else could tell it (issue 3)."""
    words = ("staff", "add", AGENT, "--name", "Alma", "--role", "agent", "--password-stdin")
    assert "may sign in" in _run(learning, *words, given=PASSWORD)
    question = "Oma sucht ihren Wälzer, was nun tun damit?"
    with Visitor(learning.base, PLACE) as customer:
        customer.say(question)
        customer.say("Mensch bitte")
        page = desk.context().new_page()
        sign_in(page, f"{learning.base}/w/{PLACE}/desk", AGENT, PASSWORD)
        page.goto(f"{learning.base}/w/{PLACE}/desk/c/{customer.conversation}")
        take_over(page)
        field = page.get_by_label("Ihre Antwort")
        field.fill("Guten Tag!")
        evidence = page.locator("#evidence")
        evidence.locator("summary").last.click()
        evidence.get_by_role("button", name="In die Antwort übernehmen").click()
        assert field.input_value().startswith("Guten Tag!\n\n"), "what stood there must not be lost"
        page.get_by_role("button", name="Senden", exact=True).click()
        expect(page.locator(".line.person")).to_have_count(1)
    listed = _run(learning, "wording", "list")
    assert question in listed
    assert _run(learning, "wording", "reject", listed.split()[0]) == "rejected\n"


def test_forms_of_the_page_are_held_to_their_session(desk: Desk, learning: Product) -> None:
    """Another site must not approve what a stranger wrote; an id that is none opens nothing (H5)."""
    page = _editor(desk, learning)
    csrf = page.locator("#desk").get_attribute("data-csrf") or ""
    client = desk.stranger()
    for cookie in page.context.cookies():
        client.cookies.set(cookie.get("name", ""), cookie.get("value", ""))
    base = f"{learning.base}/w/{PLACE}/desk/wordings"
    assert client.post(f"{base}/approve", data={"id": "x", "text": "Ein Text"}).status_code == 403
    assert client.post(f"{base}/reject", data={"id": "x", "csrf": csrf}).status_code == 404
    assert desk.stranger().get(base).status_code == 303


def test_the_command_line_knows_glossary_and_wordings(learning: Product, tmp_path: Path) -> None:
    """Who works without a browser, or by script, does the same by commands."""
    with Visitor(learning.base, PLACE) as customer:
        offered = customer.say("Tante Erna fragt, ob sie den Wälzer länger behalten darf")["messages"][-1][
            "choices"
        ]
        customer.say("1")
    listed = _run(learning, "wording", "list")
    assert "Tante Erna fragt" in listed
    assert offered[0]["id"] in listed
    assert _run(learning, "wording", "reject", listed.split()[0]) == "rejected\n"
    assert _run(learning, "wording", "list") == ""

    file = tmp_path / "glossar.csv"
    file.write_text("term,synonyms\nLeseausweis,Büchereikarte;Lesekarte\n", encoding="utf-8")
    assert _run(learning, "glossary", "import", file) == "1 terms from glossar.csv\n"
    assert _run(learning, "glossary", "add", "Fernleihe", "Leihverkehr") == "Fernleihe = Leihverkehr\n"
    assert _run(learning, "glossary", "list").splitlines() == [
        "Fernleihe = Leihverkehr", "Leseausweis = Büchereikarte, Lesekarte",
    ]  # fmt: skip
    assert _run(learning, "glossary", "remove", "fernleihe") == "removed: fernleihe\n"
    before = _asked(learning)
    assert "is in force" in _run(learning, "edition", "publish")
    after = _asked(learning)
    assert after["candidates"][0]["id"] == "ausweis"
    assert after["confidence"] > before["confidence"]


def _editor(desk: Desk, learning: Product) -> Page:
    page = desk.context().new_page()
    sign_in(page, f"{learning.base}/w/{PLACE}/desk", EDITOR, PASSWORD)
    expect(page.get_by_role("heading", name="Formulierungen")).to_be_visible()
    return page


def _sources(learning: Product) -> list[str]:
    """What a new customer is answered with who asks the question plainly."""
    with Visitor(learning.base, PLACE) as customer:
        reply: Reply = customer.say(QUESTION)
    return [s["id"] for m in reply["messages"] for s in m["sources"]]


def _asked(learning: Product) -> dict[str, Any]:
    """The decision about a question in words that only the glossary brings to the entry's."""
    asked: dict[str, Any] = json.loads(_run(learning, "ask", "--json", "Was kostet die Büchereikarte?"))
    return asked


def _run(learning: Product, *words: str | Path, given: str | None = None) -> str:
    ran = command("--data", learning.folder, *words, given=given)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
