"""Files that customers send in the chat: added, sent, seen by whoever may, refused in words that help (B2, F4, G1).

I decide nothing; I claim what must be seen working. pytest calls me. I wait for events only.
"""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Route, expect

from tests.acceptance.agents import JANA, Desk, reply, take_over
from tests.acceptance.pictures import picture
from tests.acceptance.product import Product, Visitor, until

QUESTION = "Wie teile ich meinen Zählerstand mit?"
HANDED = "Dateien kann ich nicht lesen. Ein Mensch sieht sich an, was Sie geschickt haben"
NAME = "Zähler & Straße 7.png"
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
SEEN = {"light": {"width": 1100, "height": 800}, "dark": {"width": 390, "height": 780}}


PHOTO = picture()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture on the customer's device."""
    made = tmp_path / NAME
    made.write_bytes(PHOTO)
    return made


class Chat:
    """A customer's window with the chat opened, and what it complained of."""

    def __init__(self, desk: Desk, **options: object) -> None:
        self.page: Page = desk.context(accept_downloads=True, **options).new_page()
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(f"{desk.product.base}/w/auental/demo")
        with self.page.expect_response("**/chat/sessions") as opened:
            self.page.get_by_role("button", name="Haben Sie Fragen?").click()
        self.start = opened.value.json()
        self.http = desk.stranger()
        self.http.base_url = httpx.URL(desk.product.base)
        self.http.headers["Authorization"] = f"Bearer {self.start['session']}"

    @property
    def entry(self) -> Locator:
        """Where the customer writes."""
        return self.page.get_by_role("textbox", name="Ihre Nachricht")

    @property
    def along(self) -> Locator:
        """What goes along with the next message."""
        return self.page.get_by_role("list", name="Dateien, die mitgehen").get_by_role("listitem")

    @property
    def own(self) -> Locator:
        """The customer's messages."""
        return self.page.locator("article.own .bubble")

    def choose(self, *files: Path) -> None:
        """Press the paper clip by keyboard and choose files."""
        with self.page.expect_file_chooser() as opened:
            self.page.get_by_role("button", name="Datei anhängen").press("Enter")
        opened.value.set_files([str(f) for f in files])

    def arrived(self, count: int = 1) -> None:
        """Wait until so many files are on the server."""
        expect(self.along).to_have_count(count)
        expect(self.along.get_by_role("progressbar")).to_have_count(0)

    def send(self) -> None:
        """Press the button."""
        self.page.get_by_role("button", name="Senden", exact=True).click()

    def messages(self) -> list[dict[str, Any]]:
        """The conversation as the server has it."""
        found: list[dict[str, Any]] = self.http.get("/api/v1/chat/messages").json()["messages"]
        return found


def bring(visitor: Visitor, name: str, content: bytes, upload: str = "") -> httpx.Response:
    """Upload a file as the element does."""
    form = {"id": upload or str(uuid4())}
    return visitor.http.post(
        "/api/v1/chat/files", data=form, files={"file": (name, content, "application/x-lie")}
    )


def test_a_photo_goes_to_a_person_who_sees_it_and_answers(desk: Desk, photo: Path) -> None:
    """The whole way: chosen by keyboard, sent alone, honestly handed over, seen, saved, answered, still there after a
    reload, and on record (B2, F4)."""
    chat = Chat(desk)
    assert not [url for url in chat.requests if url.endswith("/widget/files.js")], "nobody needs it yet"
    chat.choose(photo)
    chat.arrived()
    expect(chat.along).to_contain_text(NAME)
    chat.send()
    expect(chat.own).to_contain_text(NAME)
    expect(chat.page.get_by_role("log")).to_contain_text(HANDED)
    expect(chat.along).to_have_count(0)
    page = desk.open(JANA, chat.start["conversation"])
    line = page.locator(".line.customer").last
    expect(line.get_by_role("link", name=NAME, exact=True)).to_be_visible()
    expect(line.locator(".size")).to_contain_text("B · PNG")
    expect(page.locator("#head")).to_contain_text("Hat eine Datei geschickt")
    shown = line.get_by_role("img", name=f"Vorschau: {NAME}")
    expect(shown).to_be_visible()
    assert shown.evaluate("i => i.decode().then(() => [i.naturalWidth, i.naturalHeight])") == [32, 24]
    with page.expect_download() as download:
        line.get_by_role("link", name=NAME, exact=True).click()
    assert download.value.path().read_bytes() == PHOTO
    assert download.value.suggested_filename == NAME
    take_over(page)
    reply(page, "Danke, der Stand ist eingetragen.")
    expect(chat.page.get_by_role("log")).to_contain_text("Danke, der Stand ist eingetragen.")
    chat.page.reload()
    again = chat.own.get_by_role("button", name=NAME)
    expect(again).to_be_visible()
    with chat.page.expect_download() as download:
        again.click()
    assert download.value.path().read_bytes() == PHOTO
    assert chat.errors == []
    kept = chat.page.evaluate("() => JSON.stringify([document.cookie, {...localStorage}])")
    assert kept == '["",{}]', "only the tab's session is kept (TDDDG section 25)"
    proven = desk.product.run("audit", "verify", "--workspace", "auental")
    assert proven.returncode == 0, proven.stdout + proven.stderr
    talk = chat.start["conversation"]
    told = desk.product.run("audit", "explain", talk, "--workspace", "auental")
    assert NAME in told.stdout
    same = desk.product.run("audit", "replay", talk, "--workspace", "auental")
    assert same.returncode == 0, same.stdout + same.stderr


def test_a_question_with_a_file_goes_to_a_person_with_what_the_assistant_would_have_said(
    desk: Desk, photo: Path
) -> None:
    """Not proven, the answer to the words is a suggestion: the assistant cannot know what the file says."""
    chat = Chat(desk)
    chat.choose(photo)
    chat.arrived()
    chat.entry.fill(QUESTION)
    chat.entry.press("Enter")
    expect(chat.page.get_by_role("log")).to_contain_text(HANDED)
    assert [m["author"] for m in chat.messages()] == ["customer", "assistant"]
    expect(chat.own).to_contain_text(QUESTION)
    page = desk.open(JANA, chat.start["conversation"])
    expect(page.get_by_role("region", name="Vorschlag")).to_contain_text("Kundenportal „Mein Auental“")
    expect(page.locator("#evidence")).to_contain_text("Es kam eine Datei mit")


def test_an_emergency_comes_before_any_file(desk: Desk, photo: Path) -> None:
    """Whoever smells gas and sends a picture needs the number first."""
    chat = Chat(desk)
    chat.choose(photo)
    chat.arrived()
    chat.entry.fill("Es riecht hier stark nach Gas!")
    chat.send()
    expect(chat.page.get_by_role("alert").first).to_contain_text("112")


def test_what_cannot_go_along_is_said_and_nothing_typed_is_lost(
    desk: Desk, photo: Path, tmp_path: Path
) -> None:
    """A program under another name, a page, a lying picture, too big, too many: each by its name, with what to do."""
    bad = {
        "foto.jpg": (b"MZ" + bytes(60), "Programme, Skripte"),
        "rechnung.exe": (b"%PDF-1.7", "Programme, Skripte"),
        "seite.txt": (b"<script>alert(1)</script>", "Programme, Skripte"),
        "makro.docx": (b"PK\x03\x04" + bytes(40) + b"word/vbaProject.bin", "Dateien mit Makros"),
        "bild.png": (b"%PDF-1.7", "Der Inhalt passt nicht zur Endung"),
        "leer.txt": (b"", "Die Datei ist leer"),
        "film.bin": (bytes(10 * 1024 * 1024 + 1), "Erlaubt sind höchstens 10 MB"),
    }
    chat = Chat(desk)
    chat.entry.fill("Ein langer Text, der bleiben muss.")
    for name, (content, why) in bad.items():
        (tmp_path / name).write_bytes(content)
        chat.choose(tmp_path / name)
        expect(chat.along).to_contain_text(why)
        expect(chat.along.get_by_role("progressbar")).to_have_count(0)
        chat.send()
        expect(chat.page.get_by_text("Noch nicht gesendet: Entfernen Sie erst").first).to_be_visible()
        expect(chat.entry).to_have_value("Ein langer Text, der bleiben muss.")
        chat.page.get_by_role("button", name=f"{name} entfernen").press("Enter")
        expect(chat.along).to_have_count(0)
        expect(chat.page.get_by_role("button", name="Datei anhängen")).to_be_focused()
    many = [tmp_path / f"{n}.png" for n in range(6)]
    for one in many:
        one.write_bytes(PHOTO)
    chat.choose(*many)
    expect(chat.along.last).to_contain_text("Eine Nachricht trägt höchstens 5 Dateien")
    chat.page.get_by_role("button", name="5.png entfernen").click()
    chat.arrived(5)
    chat.send()
    expect(chat.own).to_contain_text("Ein langer Text, der bleiben muss.")
    expect(chat.own.get_by_role("button")).to_have_count(5)
    assert [f["name"] for f in chat.messages()[0]["files"]] == [f"{n}.png" for n in range(5)]
    assert chat.errors == []


def test_english_visitors_read_english(desk: Desk, tmp_path: Path) -> None:
    """A refusal that is not understood is a file that never arrives."""
    page = desk.context(locale="en-GB").new_page()
    page.route("**/w/auental/demo", _in_english)
    page.goto(f"{desk.product.base}/w/auental/demo")
    page.get_by_role("button", name="Any questions?").click()
    bad = tmp_path / "photo.jpg"
    bad.write_bytes(b"MZ" + bytes(60))
    with page.expect_file_chooser() as opened:
        page.get_by_role("button", name="Attach a file").click()
    opened.value.set_files(str(bad))
    expect(page.get_by_role("list", name="Files that go along")).to_contain_text("programs, scripts")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Not sent yet: first remove the file").first).to_be_visible()


def _in_english(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace('language="de"', 'language="en"'))


def test_a_lost_network_makes_no_second_file(desk: Desk, photo: Path) -> None:
    """The first answer is lost after the server has kept the file: the repeat is the same file (idempotency)."""
    chat = Chat(desk)
    answers: list[int] = []
    chat.page.on("response", lambda r: answers.append(r.status) if r.url.endswith("/chat/files") else None)
    chat.page.evaluate(
        """() => {
            const { open } = XMLHttpRequest.prototype;
            let lost = false;
            XMLHttpRequest.prototype.open = function (...how) {
                if (!lost) this.addEventListener("load", (event) => {
                    event.stopImmediatePropagation();
                    this.dispatchEvent(new Event("error"));
                });
                lost = true;
                open.apply(this, how);
            };
        }"""
    )
    chat.choose(photo)
    chat.arrived()
    chat.send()
    expect(chat.own.get_by_role("button", name=NAME)).to_have_count(1)
    assert answers == [201, 201]
    assert len(chat.messages()[0]["files"]) == 1


def test_sent_too_early_it_goes_when_all_is_there(desk: Desk, photo: Path) -> None:
    """Whoever presses “Senden” while a photograph is on its way need not press again."""
    chat = Chat(desk)
    held: list[Route] = []
    chat.page.route("**/api/v1/chat/files", lambda route: held.append(route))
    with chat.page.expect_request("**/api/v1/chat/files"):
        chat.choose(photo)
    expect(chat.along.get_by_role("progressbar")).to_be_visible()
    chat.entry.fill(QUESTION)
    chat.send()
    expect(chat.page.get_by_text("sobald die Dateien hochgeladen sind").first).to_be_visible()
    expect(chat.entry).to_have_value(QUESTION)
    for route in held:
        route.continue_()
    expect(chat.own).to_contain_text(NAME)
    expect(chat.entry).to_have_value("")


def test_files_come_by_drop_and_by_paste_and_a_table_stays_text(desk: Desk) -> None:
    """A screenshot is pasted, a file is dropped anywhere on the chat; copied cells are text, not a picture of them."""
    chat = Chat(desk)
    made = """([kind, field, target, text]) => {
        const data = new DataTransfer();
        data.items.add(new File(["Hallo"], `${kind}.txt`, { type: "text/plain" }));
        if (text) data.setData("text/plain", text);
        const event = new (kind === "paste" ? ClipboardEvent : DragEvent)(kind, {
            [field]: data, bubbles: true, cancelable: true, composed: true });
        document.querySelector("taktvoll-chat").shadowRoot.querySelector(target).dispatchEvent(event);
        return event.defaultPrevented;
    }"""
    assert chat.page.evaluate(made, ["paste", "clipboardData", "textarea", ""])
    chat.arrived()
    assert chat.page.evaluate(made, ["drop", "dataTransfer", ".log", ""])
    chat.arrived(2)
    assert not chat.page.evaluate(made, ["paste", "clipboardData", "textarea", "a\tb"])
    expect(chat.along).to_have_count(2)


def test_a_message_that_was_not_taken_brings_its_files_back(desk: Desk, photo: Path) -> None:
    """The file was swept meanwhile: the message says so, and editing it brings text and file anew."""
    chat = Chat(desk)
    chat.choose(photo)
    chat.arrived()
    chat.entry.fill(QUESTION)

    swept: list[str] = []

    def sweep_once(route: Route) -> None:
        if not swept:
            swept.extend((route.request.post_data_json or {})["files"])
            for one in swept:
                assert chat.http.post("/api/v1/chat/files/remove", json={"file": one}).status_code == 204
        route.continue_()

    chat.page.route("**/api/v1/chat/messages", sweep_once)
    chat.send()
    expect(chat.page.locator(".problem")).to_contain_text("Eine Datei ist nicht mehr da")
    chat.page.get_by_role("button", name="Bearbeiten").click()
    expect(chat.entry).to_have_value(QUESTION)
    chat.arrived()
    chat.send()
    expect(chat.own.get_by_role("button", name=NAME)).to_be_visible()


def test_nobody_else_gets_a_file(desk: Desk) -> None:
    """Not another visitor, nor one of another company, nor its own sender before it is sent, nor anyone without a
    session; and whoever does, gets it as something to save."""
    mine = desk.customer()
    kept = bring(mine, "foto.png", PHOTO)
    assert kept.status_code == 201, kept.text
    file = kept.json()["id"]
    said = mine.post("messages", {"id": str(uuid4()), "text": "", "files": [file]})
    seq = said.json()["accepted"]["seq"]
    address = f"/api/v1/chat/files/{seq}/0"
    got = mine.http.get(address)
    assert (got.content, got.headers["content-type"]) == (PHOTO, "application/octet-stream")
    assert got.headers["content-disposition"].startswith("attachment; ")
    assert got.headers["content-security-policy"].startswith("sandbox;")
    for other in (desk.customer(QUESTION), desk.customer("Hallo", workspace="default")):
        assert other.http.get(address).status_code == 404
        stolen = other.post("messages", {"id": str(uuid4()), "text": "", "files": [file]})
        assert (stolen.status_code, stolen.json()["code"]) == (409, "upload.gone")
    with desk.stranger() as anyone:
        assert anyone.get(desk.product.base + address).status_code == 401
        assert anyone.post(f"{desk.product.base}/api/v1/chat/files", content=b"x" * 100).status_code == 401
        shown = f"{desk.base}/c/{mine.conversation}/files/{seq}/0/picture"
        assert anyone.get(shown).status_code == 303
    client, _ = desk.client(JANA)
    picture_shown = client.get(shown)
    assert (picture_shown.content, picture_shown.headers["content-type"]) == (PHOTO, "image/png")
    assert picture_shown.headers["content-security-policy"].startswith("sandbox;")
    assert picture_shown.headers["x-content-type-options"] == "nosniff"
    assert client.get(
        f"{desk.product.base}/w/default/desk/c/{mine.conversation}/files/{seq}/0"
    ).status_code in (
        303,
        404,
    )


def test_only_a_proven_picture_is_shown(desk: Desk) -> None:
    """What its bytes do not prove to be a picture is never handed to a browser as something to show."""
    customer = desk.customer()
    kept = bring(customer, "brief.pdf", PDF).json()
    said = customer.post("messages", {"id": str(uuid4()), "text": "", "files": [kept["id"]]})
    seq = said.json()["accepted"]["seq"]
    client, _ = desk.client(JANA)
    address = f"{desk.base}/c/{customer.conversation}/files/{seq}/0"
    assert client.get(f"{address}/picture").status_code == 404
    assert client.get(address).content == PDF
    page = desk.open(JANA, customer.conversation)
    line = page.locator(".line.customer").last
    expect(line.locator(".size")).to_contain_text("kB · PDF")
    expect(line.locator("img")).to_have_count(0)


def test_broken_and_endless_uploads_bring_nothing_down(desk: Desk) -> None:
    """Strangers speak to this door: whatever they send is refused in words, and its pace is limited."""
    visitor = Visitor(desk.product.base, address="127.0.0.41")
    desk.customers.append(visitor)
    door = "/api/v1/chat/files"
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    assert visitor.http.post(door, content=b"--y\r\nnichts", headers=broken).status_code == 400
    assert visitor.http.post(door, json={"id": "a"}).status_code == 400
    assert visitor.http.post(door, data={"id": "a"}, files={"other": b"x"}).status_code == 400
    assert bring(visitor, "a.txt", b"Hallo", "../a b").status_code == 400
    assert bring(visitor, "a.bin", bytes(11 * 1024 * 1024 + 1)).status_code == 413
    first = bring(visitor, "a.txt", b"Hallo", "einmal")
    again = bring(visitor, "a.txt", b"Hallo", "einmal")
    assert first.json() == again.json()
    assert bring(visitor, "b.txt", b"anders", "einmal").status_code == 400
    statuses = [bring(visitor, "a.txt", b"Hallo").status_code for _ in range(12)]
    assert statuses[-1] == 429
    assert set(statuses) == {201, 429}


@pytest.mark.parametrize("scheme", SEEN)
def test_sending_a_file_is_accessible(desk: Desk, photo: Path, tmp_path: Path, scheme: str) -> None:
    """Everyone must be able to send a photograph, in light and dark, on a screen and on a phone, and to see it (G1)."""
    chat = Chat(desk, color_scheme=scheme, viewport=SEEN[scheme], reduced_motion="reduce")
    bad = tmp_path / "ein sehr langer Name, der auf keinem Telefon in eine Zeile passt und umbricht.exe"
    bad.write_bytes(b"MZ")
    chat.choose(photo, bad)
    expect(chat.along.last).to_contain_text("Programme")
    chat.along.first.get_by_role("progressbar").wait_for(state="detached")
    _axe(chat.page, f"{scheme} added")
    assert chat.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), scheme
    chat.page.get_by_role("button", name=f"{bad.name} entfernen").click()
    chat.send()
    expect(chat.own.get_by_role("button", name=NAME)).to_be_visible()
    expect(chat.page.get_by_role("log")).to_contain_text(HANDED)
    _axe(chat.page, f"{scheme} sent")
    assert chat.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), scheme
    page = desk.open(JANA, chat.start["conversation"], color_scheme=scheme, viewport=SEEN[scheme])
    expect(page.locator(".line.customer img")).to_be_visible()
    _axe(page, f"{scheme} desk")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), scheme


def _axe(page: Page, where: str) -> None:
    found = Axe().run(page).response["violations"]
    assert not found, (where, [(v["id"], [n["html"] for n in v["nodes"]]) for v in found])


def test_a_session_that_has_ended_loses_no_file(desk: Desk, photo: Path) -> None:
    """The tab was open for days: text and file go with a new session, as words alone do."""
    chat = Chat(desk)
    chat.choose(photo)
    chat.arrived()
    refused: list[str] = []

    def end_once(route: Route) -> None:
        if refused:
            route.continue_()
            return
        refused.append(route.request.url)
        route.fulfill(status=401, content_type="application/problem+json", body='{"detail": "Abgelaufen."}')

    chat.page.route("**/api/v1/chat/files", end_once)
    second = photo.with_name("zweites.png")
    second.write_bytes(PHOTO + b"2")
    chat.choose(second)
    chat.arrived(2)
    chat.entry.fill(QUESTION)
    chat.send()
    expect(chat.own.get_by_role("button")).to_have_count(2)
    expect(chat.own).to_contain_text(QUESTION)
    assert refused


@pytest.fixture
def site(product: Product) -> Iterator[str]:
    """The company's own website, of another origin, with the chat on it and a policy that lets nothing else in."""
    base = product.base
    page = f'<!doctype html><html lang="de"><title>Kunde</title><script src="{base}/widget/taktvoll.js"'
    page += ' data-workspace="auental" async></script>'

    class Website(BaseHTTPRequestHandler):
        """Gives the page."""

        def do_GET(self) -> None:
            """Answer."""
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            policy = f"default-src 'none'; script-src {base}; connect-src {base}; img-src 'self'"
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Website)
    Thread(target=server.serve_forever, daemon=True).start()
    origin = f"http://localhost:{server.server_port}"
    allowed = product.run("workspace", "allow", origin, "--workspace", "auental")
    assert allowed.returncode == 0, allowed.stderr
    door = f"{base}/api/v1/w/auental/chat/sessions"

    def listed() -> bool:
        """Whether the server has read its list anew."""
        return "Access-Control-Allow-Origin" in httpx.options(door, headers={"Origin": origin}).headers

    until(listed, "the site is never allowed")
    yield origin
    server.shutdown()
    server.server_close()


def test_another_site_s_chat_sends_files_under_a_strict_policy(desk: Desk, photo: Path, site: str) -> None:
    """The company's own page embeds the chat: the later script and the upload pass its policy and the rules of CORS."""
    page = desk.context().new_page()
    errors: list[str] = []
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.goto(f"{site}/")
    page.get_by_role("button", name="Haben Sie Fragen?").click()
    with page.expect_file_chooser() as opened:
        page.get_by_role("button", name="Datei anhängen").click()
    opened.value.set_files(str(photo))
    along = page.get_by_role("list", name="Dateien, die mitgehen")
    expect(along).to_contain_text(NAME)
    expect(along.get_by_role("progressbar")).to_have_count(0)
    page.get_by_role("button", name="Senden", exact=True).click()
    expect(page.locator("article.own").get_by_role("button", name=NAME)).to_be_visible()
    assert errors == []
