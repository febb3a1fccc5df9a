"""Service hours, end to end: what a customer is told when nobody is there, a call back, a target that passes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from icalendar import Calendar as CalendarFile
from playwright.sync_api import Browser, BrowserContext, Page, expect

from taktvoll.domain.hours.telling import from_when
from tests.acceptance.agents import sign_in, take_over
from tests.acceptance.product import Product, Visitor, good

PLACE = "zeiten"
RITA = "rita@zeitwerk.example"
PASSWORD = "ein langes Passwort, Rita"
WANTED = "Ich möchte mit einem Menschen sprechen"
ALWAYS = "[week]\n" + "".join(
    f'{d} = "00:00-24:00"\n' for d in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
)
QUICK = "[[target]]\nfirst_answer = '2s'\ntime = 'clock'\n"
CALLS = "[contact]\nemail = 'hallo@zeitwerk.example'\n[appointment]\nvideo = 'https://video.zeitwerk.example/{token}'\n"


@dataclass
class Company:
    """A workspace of its own on the running product, and browsers that visit it."""

    product: Product
    browser: Browser
    files: Path
    name: str = PLACE
    contexts: list[BrowserContext] = field(default_factory=list)
    visitors: list[Visitor] = field(default_factory=list)

    @property
    def desk(self) -> str:
        """Where its desk begins."""
        return f"{self.product.base}/w/{self.name}/desk"

    def hours(self, text: str) -> None:
        """Put a file of hours in force, by the command."""
        file = self.files / "hours.toml"
        file.write_text(text, encoding="utf-8")
        done = self.product.run("hours", "set", file, "--workspace", self.name)
        assert done.returncode == 0, done.stderr

    def closed_for_days(self, days: int) -> datetime:
        """Be closed today and on the next days, and open around the clock after them; gives when."""
        today = datetime.now(UTC).astimezone().date()
        closed = [today + timedelta(days=n) for n in range(-1, days + 1)]
        self.hours(
            "zone = 'UTC'\n" + ALWAYS + "[days]\n" + "".join(f"'{d}' = 'closed'\n" for d in closed) + CALLS
        )
        return datetime.combine(closed[-1] + timedelta(days=1), datetime.min.time(), UTC)

    def page(self) -> Page:
        """A fresh browser's page."""
        context = self.browser.new_context(locale="de-DE")
        context.set_default_timeout(20_000)
        self.contexts.append(context)
        return context.new_page()

    def chat(self) -> Page:
        """A customer in the chat who has asked for a person."""
        page = self.page()
        page.goto(f"{self.product.base}/w/{self.name}/demo", wait_until="networkidle")
        page.get_by_role("button", name="Haben Sie Fragen?").click()
        entry = page.get_by_role("textbox", name="Ihre Nachricht")
        entry.fill(WANTED)
        entry.press("Enter")
        expect(page.get_by_text("Ich gebe Ihr Gespräch an einen Menschen weiter").first).to_be_visible()
        return page

    def rita(self, path: str = "/") -> Page:
        """Rita, who leads, at the desk."""
        page = self.page()
        sign_in(page, self.desk, RITA, PASSWORD)
        page.goto(self.desk + path)
        return page

    def waiting(self) -> Visitor:
        """A customer over HTTP who has asked for a person."""
        visitor = Visitor(self.product.base, self.name)
        self.visitors.append(visitor)
        visitor.say(WANTED)
        return visitor


def found(product: Product, name: str) -> None:
    """Set up a company with Rita in it."""
    made = product.run("workspace", "add", name, "--company", "Zeitwerk")
    assert made.returncode == 0, made.stderr
    words = ("staff", "add", RITA, "--name", "Rita Ruhig", "--role", "lead", "--password-stdin")
    added = product.run(*words, "--workspace", name, given=PASSWORD + "\n")
    assert added.returncode == 0, added.stderr


@pytest.fixture(scope="module")
def staffed(product: Product) -> Product:
    """The product with one more company."""
    found(product, PLACE)
    return product


@pytest.fixture
def company(staffed: Product, browser: Browser, tmp_path: Path) -> Iterator[Company]:
    """Give the company, and close what visited it."""
    company = Company(staffed, browser, tmp_path)
    yield company
    for visitor in company.visitors:
        visitor.http.close()
    for context in company.contexts:
        context.close()


def seen_by_axe(page: Page) -> None:
    """No violation of what axe can see of WCAG 2.2 AA."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()


def test_out_of_hours_the_chat_says_when_people_are_back_and_notes_a_call(company: Company) -> None:
    """Nobody should wait before a silent chat all night: it says when, and offers what can be done meanwhile (B1)."""
    back = company.closed_for_days(2)
    chat = company.chat()
    when = from_when(back, datetime.now(UTC), "UTC", "de")
    expect(chat.get_by_text(f"Wir sind {when}, wieder da.").first).to_be_visible()
    expect(chat.get_by_role("button", name="Rückruf oder Termin")).to_be_visible()
    expect(chat.locator(".waiting .said")).to_be_hidden()  # the message above has said so
    expect(chat.get_by_text("hallo@zeitwerk.example").first).to_be_visible()

    chat.get_by_role("button", name="Rückruf oder Termin").click()
    chat.get_by_label("Ihre Telefonnummer").fill("12")
    seen_by_axe(chat)
    chat.get_by_role("button", name="Vormerken").click()
    expect(chat.get_by_role("alert").filter(has_text="Telefonnummer")).to_be_visible()
    chat.get_by_label("Ihre Telefonnummer").fill("0821 324-0")
    chat.get_by_role("button", name="Vormerken").click()
    expect(chat.get_by_text("Ihr Rückruf ist vorgemerkt").first).to_be_visible()
    expect(chat.locator(".arranged")).to_contain_text("Rückruf vorgemerkt")
    seen_by_axe(chat)

    desk = company.rita("/calls")
    expect(desk.get_by_role("link", name="+498213240")).to_be_visible()
    seen_by_axe(desk)
    desk.get_by_role("button", name="Erledigt").click()
    expect(desk.get_by_text("hat zurückgerufen")).to_be_visible()
    expect(chat.locator(".arranged")).to_be_hidden()


def test_a_customer_takes_an_appointment_and_calls_it_off(company: Company) -> None:
    """An appointment is a promise of both sides: one link, one file for the calendar, and a way to call it off (B1)."""
    company.hours(ALWAYS + CALLS)
    customer = company.waiting()
    offered = good(customer.http.get("/api/v1/chat/calls"))["appointment"]
    wish = {"id": "w-1", "wish": "video", "since": offered[3]["since"], "phone": ""}
    waiting = good(customer.post("calls", wish))["waiting"]
    assert good(customer.post("calls", wish))["waiting"]["call"] == waiting["call"]
    assert waiting["call"]["link"].startswith("https://video.zeitwerk.example/")
    assert waiting["call"]["link"] in customer.read()[-1]["text"]
    file = customer.http.get(f"/api/v1/chat/calls/{waiting['call']['seq']}/calendar")
    event = next(iter(CalendarFile.from_ical(file.content).walk("VEVENT")))
    assert event.decoded("dtstart") == datetime.fromisoformat(offered[3]["since"])
    assert str(event["location"]) == waiting["call"]["link"]

    other = company.waiting()
    late = other.post("calls", wish | {"id": "w-2"})
    assert (late.status_code, late.json()["code"]) == (409, "callback.window")
    assert offered[3] not in good(other.http.get("/api/v1/chat/calls"))["appointment"]
    assert good(customer.post("calls/cancel", {"seq": waiting["call"]["seq"]}))["waiting"]["call"] is None
    assert offered[3] in good(other.http.get("/api/v1/chat/calls"))["appointment"]
    stranger = other.http.get(f"/api/v1/chat/calls/{waiting['call']['seq']}/calendar")
    assert stranger.status_code == 404


def test_an_agent_arranges_an_appointment_by_telephone(company: Company) -> None:
    """Who speaks with the customer already can fix a time, and the customer reads it in the same conversation (B1)."""
    company.hours(ALWAYS + CALLS)
    customer = company.waiting()
    desk = company.rita(f"/c/{customer.conversation}")
    take_over(desk)
    desk.get_by_text("Termin", exact=False).and_(desk.locator("summary")).click()
    desk.get_by_label("Telefonnummer, für ein Telefongespräch").fill("+43 1 58858")
    desk.get_by_role("button", name="Vereinbaren und mitteilen").click()
    expect(desk.locator(".call")).to_contain_text("Telefontermin")
    said = customer.read()[-1]
    assert (said["author"], said["name"]) == ("person", "Rita Ruhig")
    assert "+43158858" in said["text"]


def test_a_near_call_stands_on_every_live_page_without_reload(company: Company) -> None:
    """Whoever has to call must not have to look for it: it comes to queue and conversations by itself (B1)."""
    company.name = "termine"
    found(company.product, company.name)
    company.hours(ALWAYS + CALLS + "[reminder]\ndesk = '48h'\n")
    queue, customer, other = company.rita(), company.waiting(), company.waiting()
    talk = company.rita(f"/c/{other.conversation}")
    expect(talk.locator(".near p")).to_have_count(0)
    offered = good(customer.http.get("/api/v1/chat/calls"))["appointment"]
    wish = {"id": "w-1", "wish": "video", "since": offered[0]["since"], "phone": ""}
    call = good(customer.post("calls", wish))["waiting"]["call"]
    code = str(customer.conversation)[-4:].upper()
    for page in (queue, talk):
        near = page.locator(".near p")
        expect(near).to_contain_text(f"Videogespräch mit Gespräch {code}")
        expect(near.locator("b")).to_have_text(re.compile(r"In \d+ Minuten"))
        expect(near.get_by_role("link", name="Video-Link")).to_have_attribute("href", call["link"])
        expect(page.locator("#announce")).to_contain_text("Videogespräch mit")
        seen_by_axe(page)
    row = queue.locator(f'#queue [data-key="{customer.conversation}"]').first
    expect(row.locator(".due", has_text="Videotermin: ")).to_be_visible()
    talk.get_by_role("link", name=f"Videogespräch mit Gespräch {code}").click()
    expect(talk.get_by_role("heading", name=code)).to_be_visible()
    expect(talk.locator(".near p")).to_have_count(1)
    good(customer.post("calls/cancel", {"seq": call["seq"]}))
    for page in (queue, talk):
        expect(page.locator(".near p")).to_have_count(0)


def test_a_customer_moves_an_appointment_and_an_agent_does(company: Company) -> None:
    """Whoever cannot come at that time says another one where they are, and each side reads what the other did (B1)."""
    company.hours(ALWAYS + CALLS)
    chat = company.chat()
    chat.get_by_role("button", name="Rückruf oder Termin").click()
    chat.get_by_label("Wie?").select_option("video")
    chat.get_by_label("Wann?").select_option(index=2)
    chat.get_by_role("button", name="Vormerken").click()
    arranged = chat.locator(".arranged p")
    expect(arranged).to_contain_text("Videotermin")
    first = arranged.inner_text()
    chat.get_by_role("button", name="Verlegen").click()
    chat.get_by_label("Wann?").select_option(index=5)
    seen_by_axe(chat)
    chat.locator("form.arrange").get_by_role("button", name="Verlegen").click()
    expect(arranged).not_to_have_text(first)
    expect(chat.get_by_text("Ihr Termin für ein Videogespräch ist verlegt").first).to_be_visible()
    second = arranged.inner_text()

    desk = company.rita("/calls")
    desk.locator("li", has_text=second.partition(": ")[2].removesuffix(".")).get_by_role(
        "link", name=re.compile("^Gespräch ")
    ).click()
    take_over(desk)
    desk.get_by_text("Termin", exact=False).and_(desk.locator("summary")).click()
    desk.locator("#appointment-since").select_option(index=9)
    desk.get_by_role("button", name="Vereinbaren und mitteilen").click()
    expect(desk.get_by_text("Termin verlegt").nth(1)).to_be_visible()
    expect(arranged).not_to_have_text(second)
    desk.locator(".call").get_by_role("button", name="Absagen").click()
    expect(chat.get_by_text("Ihr Termin für ein Videogespräch ist abgesagt").first).to_be_visible()
    expect(chat.locator(".arranged")).to_be_hidden()


def test_within_hours_the_chat_tells_the_place_in_line_and_it_moves(company: Company) -> None:
    """An honest place shortens the wait that people feel; it must move when somebody before them is served (B1)."""
    found(company.product, "reihe")
    company.name = "reihe"
    company.hours(ALWAYS)
    first = company.waiting()
    chat = company.chat()
    expect(chat.locator(".waiting .said")).to_have_text("Vor Ihnen wartet noch eine Person.")
    take_over(company.rita(f"/c/{first.conversation}"))
    expect(chat.locator(".waiting .said")).to_have_text("Sie sind als Nächstes an der Reihe.", timeout=40_000)


def test_a_target_that_passes_shows_itself_at_the_desk(company: Company) -> None:
    """Whoever leads must not have to count minutes: row and conversation say it by themselves, in words (B2)."""
    company.hours(ALWAYS + QUICK.replace("2s", "25s"))
    queue = company.rita()
    customer = company.waiting()
    desk = company.rita(f"/c/{customer.conversation}")
    expect(desk.locator(".target").filter(has_text="Erste Antwort")).to_contain_text("fällig in")
    late = desk.locator(".target.missed").filter(has_text="Erste Antwort")
    expect(late).to_contain_text("überfällig seit", timeout=60_000)
    expect(desk.get_by_text("Frist verpasst: Erste Antwort")).to_be_visible()
    expect(queue.locator(f'[data-key="{customer.conversation}"] .due.breached').first).to_contain_text(
        "Überfällig"
    )
    seen_by_axe(desk)
    verified = company.product.run("audit", "verify", "--workspace", PLACE)
    assert verified.returncode == 0, verified.stdout


def test_the_page_of_hours_says_what_is_wrong_and_shows_the_coming_days(company: Company) -> None:
    """Hours are set by people who do not read manuals: a mistake is named by its field, and nothing typed is lost."""
    company.hours(ALWAYS + CALLS)
    page = company.rita("/hours")
    seen_by_axe(page)
    page.get_by_label("Montag").fill("8 bis 18")
    page.get_by_label("Jedes Jahr").fill("24.12.: geschlossen\n12-31: 08:00-12:00")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("alert")).to_contain_text("Montag: „8 bis 18“ ist keine Zeitspanne")
    expect(page.get_by_label("Montag")).to_have_value("8 bis 18")
    expect(page.get_by_label("Jedes Jahr")).to_have_value("24.12.: geschlossen\n12-31: 08:00-12:00")
    page.get_by_label("Montag").fill("08:00-12:00, 13:00-18:00")
    page.get_by_label("Feiertage").select_option("BY")
    page.get_by_role("button", name="Vorschau").click()
    expect(page.locator(".coming > div")).to_have_count(14)
    expect(page.locator(".coming")).to_contain_text("08:00-12:00, 13:00-18:00")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("status").filter(has_text="Gespeichert")).to_be_visible()
    expect(page.get_by_text("zuletzt geändert")).to_contain_text("Rita Ruhig")
    expect(page.get_by_label("Jedes Jahr")).to_have_value("24.12.: geschlossen\n31.12.: 08:00-12:00")
    seen_by_axe(page)
    shown = company.product.run("hours", "show", "--workspace", PLACE).stdout
    assert 'mon = "08:00-12:00, 13:00-18:00"' in shown
    assert 'land = "BY"' in shown
    assert 'video = "https://video.zeitwerk.example/{token}"' in shown


def test_a_file_with_mistakes_is_refused_whole(company: Company, tmp_path: Path) -> None:
    """Half a calendar in force would be worse than none: every mistake is named, and nothing changes."""
    company.hours(ALWAYS)
    before = company.product.run("hours", "show", "--workspace", PLACE).stdout
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("land = 'XX'\n[week]\nmon = '8'\n", encoding="utf-8")
    refused = company.product.run("hours", "set", wrong, "--workspace", PLACE)
    assert refused.returncode == 1
    assert "week.mon" in refused.stderr
    assert "XX" in refused.stderr
    assert company.product.run("hours", "show", "--workspace", PLACE).stdout == before
    days = company.product.run("hours", "days", "--workspace", PLACE).stdout.splitlines()
    assert len(days) == 14


def test_without_hours_customers_are_told_nothing_of_them(product: Product) -> None:
    """A company that never set hours has promised none: no time and no place in line may be made up."""
    assert product.run("workspace", "add", "ohne", "--company", "Ohne").returncode == 0
    with Visitor(product.base, "ohne") as customer:
        said = customer.say(WANTED)["messages"][-1]["text"]
        assert "wieder da" not in said
        refused = customer.post(
            "calls", {"id": "1", "wish": "callback", "since": "2026-01-01T00:00:00Z", "phone": "0"}
        )
        assert refused.json()["code"] in ("callback.off", "callback.phone")
        assert good(customer.http.get("/api/v1/chat/calls")) == {"callback": [], "appointment": []}


def test_another_customers_calls_are_not_theirs_to_see(company: Company) -> None:
    """Numbers and links are personal: only the session of that very conversation reads or cancels them (H4)."""
    company.closed_for_days(1)
    mine, other = company.waiting(), company.waiting()
    since = good(mine.http.get("/api/v1/chat/calls"))["callback"][0]["since"]
    call = good(mine.post("calls", {"id": "1", "wish": "callback", "since": since, "phone": "0821 3240"}))[
        "waiting"
    ]["call"]
    assert other.post("calls/cancel", {"seq": call["seq"]}).json()["code"] == "callback.unknown"
    with httpx.Client(base_url=company.product.base) as nobody:
        assert nobody.get("/api/v1/chat/calls").status_code == 401
