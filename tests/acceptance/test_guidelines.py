"""Guidelines as their owners meet them: on the command line, in an answer's reasons, in the chat, and at the desk."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.acceptance.agents import sign_in
from tests.acceptance.place import Place
from tests.acceptance.product import LIBRARY, Product, Visitor, write_lines

PASSWORD = "sehr-lang-und-geheim"


def rule(name: str, when: str, then: str, **more: str) -> str:
    """A guideline as it stands in a file."""
    fields = {
        "name": name, "when": when, "then": then, **more, "why_de": "Weil es so besser ist.",
        "why_en": "Because it is better so.", "owner": "anna",
    }  # fmt: skip
    return "[[guideline]]\n" + "".join(f"{k} = {json.dumps(v)}\n" for k, v in fields.items())


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A place with the small library's knowledge."""
    place = Place(tmp_path_factory.mktemp("guided"))
    code, _, err = place.run("import", write_lines(place.files / "hilfe.jsonl", LIBRARY))
    assert code == 0, err
    yield place
    place.close()


def test_a_new_edition_comes_with_guidelines(library: Place) -> None:
    """A newcomer is careful from the first import on, and can read why."""
    code, out, _ = library.run("guideline", "list")
    assert code == 0
    for name in ("vulnerable", "distress", "legal_threat", "anger"):
        assert name in out
    assert "[taktvoll]" in out
    _, written, _ = library.run("guideline", "show")
    assert library.run("guideline", "check", library.file("again.toml", written))[0] == 0
    code, one, _ = library.run("guideline", "show", "anger")
    assert (code, one.count("[[guideline]]")) == (0, 1)
    code, _, err = library.run("guideline", "show", "wut")
    assert (code, "guideline list" in err) == (1, True)


def test_a_bad_file_is_refused_whole(library: Place) -> None:
    """Every problem is named with its place, in the shell's language; nothing half is published."""
    text = (
        rule("a", "anger > 70", "decline")
        + rule("b", "anger und insults", "decline")
        + rule("c", "insults", "x")
    )
    bad = library.file("bad.toml", text)
    before = library.run("edition", "list")[1]
    for action in ("check", "set", "simulate"):
        code, _, err = library.run("guideline", action, bad, LC_ALL="C.UTF-8")
        said = " ".join(err.split())
        assert code == 1
        assert "“a”, character 9" in said
        assert "write && instead of “und”" in said
        assert "“then” cannot be “x”" in said
    assert library.run("edition", "list")[1] == before
    code, _, err = library.run("guideline", "check", library.files / "none.toml")
    assert (code, "none.toml" in err) == (1, True)


def test_a_guideline_decides_and_says_so(library: Place) -> None:
    """Published, it holds for the next message; the answer names it, the audit replays it, rolling back undoes it."""
    file = library.file(
        "own.toml",
        rule("gebuehren", 'source == "mahngebuehr"', "copilot", urgency="low")
        + rule("fernleihe", 'source == "fernleihe" && confidence > 0.1', "hand_over", reason="vulnerable")
        + rule(
            "ausweis",
            'source == "ausweis"',
            "say",
            text_de="Das sagt nur die Theke.",
            text_en="Ask at the desk.",
        ),
    )
    assert library.ask("Was kostet der Leseausweis?")["decision"] == "answer"
    code, out, _ = library.run("guideline", "simulate", file)
    assert code == 0
    assert "answer → answer" not in out
    assert "ausweis              would decide 1" in out
    code, out, err = library.run("guideline", "set", file)
    assert (code, out.startswith("edition ")) == (0, True), err

    fee, loan, card = library.ask_all(
        "Wie hoch ist die Mahngebühr bei Verspätung?",
        "Kann ich Bücher per Fernleihe bestellen?",
        "Was kostet der Leseausweis?",
    )
    assert fee["decision"] == "handover"
    assert fee["handover"] == {"reason": "guideline", "urgency": "low", "because": ["guideline:gebuehren"]}
    assert (loan["handover"]["reason"], loan["handover"]["urgency"], loan["urgency"]) == (
        "vulnerable",
        "high",
        "high",
    )
    assert "112" in loan["text"]
    assert (card["decision"], card["text"], card["sources"]) == ("answer", "Das sagt nur die Theke.", [])
    assert (card["emergency"], card["handover"]) == (None, None)

    code, out, _ = library.run("guideline", "simulate", "--json", library.file("none.toml", ""))
    changes = [json.loads(line) for line in out.splitlines()]
    assert (code, len(changes) >= 2) == (0, True)
    assert all(c["before"] != c["after"] for c in changes)

    code, out, err = library.run("audit", "replay")
    assert (code, " 0 different" in out) == (0, True), out + err
    library.run("edition", "rollback", "1")
    assert library.ask("Was kostet der Leseausweis?")["sources"]


def test_an_import_keeps_the_guidelines_in_force(library: Place) -> None:
    """Knowledge changes daily; whoever imports must not switch off what someone else decided."""
    own = library.file("keep.toml", rule("nur_diese", "insults", "decline"))
    assert library.run("guideline", "set", own)[0] == 0
    assert library.run("import", write_lines(library.files / "neu.jsonl", LIBRARY[:1]))[0] == 0
    assert "nur_diese" in library.run("guideline", "list")[1]
    assert library.run("guideline", "set", "--defaults")[0] == 0
    assert "nur_diese" not in library.run("guideline", "list")[1]
    assert library.run("guideline", "set")[0] == 2


def test_the_mood_is_told_with_every_answer(library: Place) -> None:
    """Evaluations read it; the keys and their ranges are pinned."""
    answer = library.ask("Was kostet der Leseausweis?")
    mood = answer["mood"]
    assert set(mood) == {"valence", "anger", "fear", "sadness", "joy"}
    assert -1 <= mood.pop("valence") <= 1
    assert all(0 <= value <= 1 for value in mood.values())
    assert answer["urgency"] in ("low", "normal", "high", "critical")
    assert answer["address"] in (None, "sie", "du")


def test_the_gas_line_is_set_and_published(library: Place) -> None:
    """The number stands in the next text about gas, and something that is no number is refused."""
    assert library.run("workspace", "set", "--gas-line", "anrufen")[0] == 1
    code, out, err = library.run("workspace", "set", "--gas-line", "0800 0000 4799")
    assert (code, "0800 0000 4799" in out) == (0, True), err
    gas = library.file("gas.toml", rule("gas", 'channel == "command"', "hand_over", reason="emergency_gas"))
    assert library.run("guideline", "set", gas)[0] == 0
    answer = library.ask("Was kostet der Leseausweis?")
    assert "0800 0000 4799" in answer["text"]
    assert (answer["emergency"], answer["urgency"]) == ("gas", "critical")
    assert library.run("guideline", "set", "--defaults")[0] == 0


@pytest.fixture(scope="module")
def hotline(product: Product, tmp_path_factory: pytest.TempPathFactory) -> Product:
    """A company in which every chat message is an emergency, so that its look can be tested without waiting for one."""
    folder: Path = tmp_path_factory.mktemp("hotline")
    gas, life = folder / "gas.toml", folder / "life.toml"
    gas.write_text(rule("gas", 'channel == "webchat"', "hand_over", reason="emergency_gas"), encoding="utf-8")
    life.write_text(rule("leben", 'channel == "webchat"', "hand_over", reason="anger"), encoding="utf-8")
    for name, file in (("hotline", gas), ("aergerlich", life)):
        for words in (
            ("workspace", "add", name, "--gas-line", "0800 0000 4799"),
            ("guideline", "set", file, "--workspace", name),
        ):
            ran = product.run(*words)
            assert ran.returncode == 0, ran.stderr
    staff = (
        "staff",
        "add",
        "anna@hotline.example",
        "--name",
        "Anna",
        "--password-stdin",
        "--workspace",
        "hotline",
    )
    assert product.run(*staff, given=PASSWORD + "\n").returncode == 0
    return product


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A German browser."""
    made = browser.new_context(locale="de-DE")
    made.set_default_timeout(20_000)
    yield made
    made.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1100, 390])
def test_an_emergency_stands_out_and_dials(
    hotline: Product, browser: Browser, scheme: str, width: int
) -> None:
    """On a phone in the dark: heard at once, seen at once, one touch to call, nothing in the way."""
    context = browser.new_context(
        locale="de-DE", color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": width, "height": 800},
    )  # fmt: skip
    page = context.new_page()
    page.goto(f"{hotline.base}/w/hotline/demo", wait_until="networkidle")
    page.get_by_role("button", name="Haben Sie Fragen?").click()
    entry = page.get_by_role("textbox", name="Ihre Nachricht")
    entry.fill("Es riecht so komisch im Keller")
    entry.press("Enter")
    alert = page.locator("taktvoll-chat").get_by_role("alert")
    expect(alert).to_contain_text("Gehen Sie jetzt alle ins Freie")
    expect(alert.get_by_role("link", name="0800 0000 4799")).to_have_attribute("href", "tel:080000004799")
    expect(alert.get_by_role("link", name="112").first).to_have_attribute("href", "tel:112")
    clean(page)
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
    context.close()


def test_the_desk_shows_why_and_how_soon(hotline: Product, context: BrowserContext) -> None:
    """Whoever opens the queue sees what cannot wait before what has waited longest."""
    page = context.new_page()
    base = f"{hotline.base}/w/hotline/desk"
    sign_in(page, base, "anna@hotline.example", PASSWORD)
    with Visitor(hotline.base, "hotline") as first, Visitor(hotline.base, "hotline") as second:
        first.want_person()
        second.say("Hier stimmt etwas nicht")
        rows = page.locator('[data-part="waiting"] [data-key]')
        urgent = page.locator(f'[data-part="waiting"] [data-key="{second.conversation}"]')
        expect(urgent).to_contain_text("Sofort")
        expect(urgent).to_contain_text("Gas oder Kohlenmonoxid")
        expect(page.locator(f'[data-key="{first.conversation}"]')).to_contain_text("Möchte einen Menschen")
        keys = [r.get_attribute("data-key") for r in rows.all()]
        assert keys.index(second.conversation) < keys.index(first.conversation)
        clean(page)

        urgent.get_by_role("link").click()
        head = page.locator(".head")
        expect(head).to_contain_text("Sofort")
        expect(head).to_contain_text("Leitlinie gas")
        page.get_by_role("button", name="An KI zurückgeben").click()
        expect(page.locator(".state")).to_contain_text("KI-Assistenz antwortet")
        second.say("Es wird schlimmer")
        expect(head.get_by_role("img", name="Stimmung")).to_be_visible()
        clean(page)
        page.emulate_media(color_scheme="dark")
        clean(page)
        page.set_viewport_size({"width": 390, "height": 800})
        clean(page)
        assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


def test_anger_gets_an_apology_and_a_person(hotline: Product) -> None:
    """The notice fits the reason, and carries no alarm."""
    with Visitor(hotline.base, "aergerlich") as customer:
        said = customer.say("Das ist jetzt das dritte Mal!")["messages"][-1]
        assert (said["alert"], said["decision"], said["quote"]) == (False, "handover", None)
        assert said["text"].startswith("Es tut mir leid")


def clean(page: Page) -> None:
    """Let axe look."""
    found = Axe().run(page).response["violations"]
    serious = [
        f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found if v["impact"] in ("serious", "critical")
    ]
    assert serious == []
