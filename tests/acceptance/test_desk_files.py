"""Files that go along with a person's reply: at the desk, in the chat, and by mail (B2, C1).

I decide nothing; I claim what must be seen working. pytest calls me. I wait for events only.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from queue import Queue

import httpx
import pytest
from aiosmtpd.controller import Controller
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from tests.acceptance.agents import JANA, Desk, take_over
from tests.acceptance.product import Product, free_port
from tests.contract.letters import letter
from tests.contract.mailserver import parsed

PERSON = "Ich möchte bitte mit einem Menschen sprechen."
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
NAME = "Bestätigung für Frau Yılmaz & Söhne.pdf"
BOX = "anhang@auental.example"
SEEN = {"light": {"width": 1400, "height": 850}, "dark": {"width": 390, "height": 800}}


class Mailbox:
    """The customers' mail server: takes everything and gives mails one by one."""

    def __init__(self) -> None:
        self.port = free_port()
        self.mails: Queue[bytes] = Queue()

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802
        """Keep a mail for whoever asks."""
        self.mails.put(envelope.original_content)  # type: ignore[attr-defined]
        return "250 2.0.0 Ok"


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    """The customers' mail server on loopback."""
    made = Mailbox()
    running = Controller(made, hostname="127.0.0.1", port=made.port)
    running.start()
    yield made
    running.stop()


@pytest.fixture(scope="module")
def token(product: Product, mailbox: Mailbox) -> Iterator[str]:
    """A mailbox of ours that sends there, and the token by which mails are handed in."""
    made = product.run(
        "mailbox", "add", "anhang", "--workspace", "auental", "--address", BOX, "--smtp-host", "127.0.0.1",
        "--smtp-port", str(mailbox.port), "--smtp-security", "none", "--new-token",
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    found = re.search(r"[A-Za-z0-9_-]{43}", made.stdout)
    assert found is not None
    yield found[0]
    product.run("mailbox", "remove", "anhang", "--workspace", "auental")


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    """A file on the agent's computer."""
    made = tmp_path / NAME
    made.write_bytes(PDF)
    return made


def choose(page: Page, *files: Path) -> None:
    """Press the button and choose files, by keyboard."""
    expect(page.get_by_label("Ihre Antwort")).to_be_focused()  # whatever was done before has come to rest
    with page.expect_file_chooser() as opened:
        page.get_by_role("button", name="Anhang", exact=True).press("Enter")
    opened.value.set_files([str(f) for f in files])


def added(page: Page) -> list[str]:
    """The names of what goes along."""
    return page.locator(".composer .added .name").all_inner_texts()


def test_file_goes_to_the_chat_and_only_to_its_customer(desk: Desk, pdf: Path) -> None:
    """The customer gets the very bytes with their name, after a reload too; nobody else gets them (B2)."""
    chat = desk.context(accept_downloads=True).new_page()
    chat.goto(f"{desk.product.base}/w/auental/demo")
    with chat.expect_response("**/chat/sessions") as opened:
        chat.get_by_role("button", name="Haben Sie Fragen?").click()
    conversation = opened.value.json()["conversation"]
    chat.get_by_label("Ihre Nachricht").fill(PERSON)
    chat.get_by_role("button", name="Senden", exact=True).click()
    page = desk.open(JANA, conversation)
    take_over(page)
    choose(page, pdf)
    expect(page.locator(".composer .added")).to_contain_text("10,2 kB")
    page.get_by_label("Ihre Antwort").fill("Anbei die Bestätigung.")
    page.keyboard.press("Control+Enter")
    sent = page.locator(".line.person").get_by_role("link", name=NAME)
    expect(sent).to_be_visible()
    expect(page.locator(".composer .added")).to_have_count(0)
    with page.expect_download() as download:
        sent.click()
    assert download.value.path().read_bytes() == PDF
    assert download.value.suggested_filename == NAME
    chat.reload()
    shown = chat.get_by_role("log").get_by_role("button", name=NAME)
    expect(shown).to_contain_text("10,2 kB")
    with chat.expect_download() as download:
        shown.click()
    assert download.value.path().read_bytes() == PDF
    assert download.value.suggested_filename == NAME
    address = f"/api/v1/chat/files/{_seq(page)}/0"
    with desk.stranger() as anyone:
        assert anyone.get(desk.product.base + address).status_code == 401
        desk_address = sent.get_attribute("href")
        told = anyone.get(desk.product.base + str(desk_address))
        assert (told.status_code, PDF in told.content) == (303, False)
    other = desk.customer(PERSON)
    assert other.http.get(address).status_code == 404


def _seq(page: Page) -> str:
    """Which message carries the file."""
    address = str(page.locator(".line.person .files a").last.get_attribute("href"))
    return address.split("/")[-2]


def test_file_goes_by_mail(desk: Desk, token: str, mailbox: Mailbox, pdf: Path) -> None:
    """A mail's answer carries the file with its umlauts, and the proof of origin covers it (C1)."""
    raw = letter(sender="Selin Yılmaz <selin@kunde.example>", to=BOX)
    taken = httpx.post(
        f"{desk.product.base}/api/v1/w/auental/mail/anhang",
        content=raw,
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
    )
    page = desk.open(JANA, taken.json()["conversation"])
    take_over(page)
    choose(page, pdf)
    expect(page.locator(".composer .added")).to_contain_text(NAME)
    page.get_by_label("Ihre Antwort").fill("Anbei die Bestätigung.")
    page.keyboard.press("Control+Enter")
    arrived = mailbox.mails.get(timeout=60)
    [file] = parsed(arrived).iter_attachments()
    assert (file.get_filename(), file.get_content()) == (NAME, PDF)
    kept = pdf.with_name("mail.eml")
    kept.write_bytes(arrived)
    verified = desk.product.run("mail", "verify", kept)
    assert (verified.returncode, "genuine" in verified.stdout) == (0, True), verified.stdout
    proven = desk.product.run("audit", "verify", "--workspace", "auental")
    assert proven.returncode == 0, proven.stdout + proven.stderr


def test_what_may_not_go_along_is_said_and_nothing_is_lost(desk: Desk, pdf: Path, tmp_path: Path) -> None:
    """A program, a page, a lying picture and a huge file are refused by name; text and good files stay (F4)."""
    bad = {
        "start.exe": (b"MZ" + bytes(60), "Solche Dateien werden nicht verschickt"),
        "seite.html": (b"<script>alert(1)</script>", "Solche Dateien werden nicht verschickt"),
        "bild.svg": (b"<svg onload='alert(1)'/>", "Solche Dateien werden nicht verschickt"),
        "foto.png": (b"%PDF-1.7", "Der Inhalt passt nicht zur Endung"),
        "leer.txt": (b"", "Die Datei ist leer"),
        "film.bin": (bytes(10 * 1024 * 1024 + 1), "Erlaubt sind höchstens 10 MB"),
    }
    page = desk.open(JANA, desk.customer(PERSON).conversation)
    take_over(page)
    answer = page.get_by_label("Ihre Antwort")
    answer.fill("Ein langer Text, der bleiben muss.")
    for name, (content, why) in bad.items():
        (tmp_path / name).write_bytes(content)
        choose(page, tmp_path / name)
        expect(page.locator("#notice")).to_contain_text(f"{name}: ")
        expect(page.locator("#notice")).to_contain_text(why)
        expect(answer).to_have_value("Ein langer Text, der bleiben muss.")
    choose(page, pdf, tmp_path / "start.exe")
    expect(page.locator("#notice")).to_contain_text("start.exe: Solche Dateien")
    assert added(page) == [NAME]
    page.keyboard.press("Control+Enter")
    expect(page.locator("#notice")).to_contain_text("Noch nicht gesendet: Ein Anhang kam nicht an.")
    expect(page.locator(".line.person")).to_have_count(0)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".line.person").get_by_role("link", name=NAME)).to_be_visible()


def test_a_file_is_removed_and_a_hostile_name_is_made_harmless(desk: Desk, pdf: Path, tmp_path: Path) -> None:
    """The agent has the last word on what leaves; a name is shown as text and never as markup."""
    page = desk.open(JANA, desk.customer(PERSON).conversation)
    take_over(page)
    hostile = tmp_path / "<img src=x onerror=alert(1)> 'x' & \"y\".txt"
    hostile.write_bytes(b"Hallo")
    choose(page, pdf, hostile)
    expect(page.locator(".composer .added li")).to_have_count(2)
    assert added(page)[1] == "_img src=x onerror=alert(1)_ 'x' & _y_.txt"
    page.get_by_role("button", name=f"{NAME} entfernen").click()
    expect(page.locator(".composer .added li")).to_have_count(1)
    expect(page.get_by_role("button", name="Anhang", exact=True)).to_be_focused()
    late = list[Route]()
    page.route("**/unattach", lambda route: late.append(route))
    page.get_by_role("button", name=re.compile("entfernen$")).click()
    page.get_by_label("Ihre Antwort").focus()
    page.keyboard.type("Ist der")
    with page.expect_response("**/unattach"):
        late[0].fulfill(status=500)  # it comes to nothing, and so late that somebody is writing
    page.keyboard.type(" Vertrag")
    expect(page.locator("#notice")).to_contain_text("Verbindung")
    page.keyboard.type(" da?")
    expect(page.get_by_label("Ihre Antwort")).to_have_value("Ist der Vertrag da?")
    page.get_by_label("Ihre Antwort").fill("")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#notice")).to_contain_text("Schreiben Sie etwas zu den Anhängen")
    page.reload()
    expect(page.locator(".composer .added li")).to_have_count(1)
    page.get_by_label("Ihre Antwort").fill("Bitte.")
    page.keyboard.press("Control+Enter")
    link = page.locator(".line.person .files a")
    expect(link).to_have_text("_img src=x onerror=alert(1)_ 'x' & _y_.txt")
    client, _ = desk.client(JANA)
    got = client.get(f"{desk.product.base}{link.get_attribute('href')}")
    assert got.content == b"Hallo"
    assert got.headers["content-disposition"].startswith("attachment; ")
    assert got.headers["content-security-policy"].startswith("sandbox;")
    assert (got.headers["x-content-type-options"], got.headers["content-type"]) == (
        "nosniff",
        "application/octet-stream",
    )


def test_a_reply_that_waits_keeps_its_files(desk: Desk, pdf: Path) -> None:
    """Undo brings text and file back into the field; sending again sends both, once."""
    ran = desk.product.run("workspace", "set", "--undo-send", "30", "--workspace", "auental")
    assert ran.returncode == 0, ran.stderr
    try:
        customer = desk.customer(PERSON)
        page = desk.open(JANA, customer.conversation)
        take_over(page)
        choose(page, pdf)
        expect(page.locator(".composer .added li")).to_have_count(1)
        page.get_by_label("Ihre Antwort").fill("Anbei.")
        page.keyboard.press("Control+Enter")
        waiting = page.get_by_role("region", name="Wird gesendet")
        expect(waiting).to_contain_text(NAME)
        expect(page.locator(".composer .added")).to_have_count(0)
        page.get_by_role("button", name="Rückgängig").click()
        expect(page.get_by_label("Ihre Antwort")).to_have_value("Anbei.")
        expect(page.locator(".composer .added")).to_contain_text(NAME)
        page.keyboard.press("Control+Enter")
        expect(waiting).to_be_visible()
        page.keyboard.press("Control+Enter")
        expect(page.locator(".line.person .files a")).to_have_count(1)
        files = [f for m in customer.read() for f in m["files"]]
        assert [(f["name"], f["size"]) for f in files] == [(NAME, len(PDF))]
        got = customer.http.get(f"/api/v1/chat/files/{_seq(page)}/0")
        assert hashlib.sha256(got.content).digest() == hashlib.sha256(PDF).digest()
    finally:
        desk.product.run("workspace", "set", "--undo-send", "0", "--workspace", "auental")


def test_files_need_no_script(desk: Desk, pdf: Path, tmp_path: Path) -> None:
    """A blocked script must not keep a file from its customer, nor lose a word that was typed (B2)."""
    page = desk.open(JANA, desk.customer(PERSON).conversation, java_script_enabled=False)
    take_over(page, script=False)
    bad = tmp_path / "start.exe"
    bad.write_bytes(b"MZ")
    page.get_by_label("Ihre Antwort").fill("Anbei.")
    page.get_by_role("button", name="Anhängen").click()
    expect(page.locator("#notice")).to_contain_text("Wählen Sie zuerst eine Datei aus.")
    page.locator("#reply-files").set_input_files([str(pdf), str(bad)])
    page.get_by_role("button", name="Anhängen").click()
    expect(page.locator("#notice")).to_contain_text("start.exe: Solche Dateien werden nicht verschickt")
    expect(page.get_by_label("Ihre Antwort")).to_have_value("Anbei.")
    assert added(page) == [NAME]
    page.locator("#reply-files").set_input_files(str(pdf))
    page.get_by_role("button", name="Senden", exact=True).click()
    expect(page.locator("#notice")).to_contain_text("hängt noch nicht an")
    expect(page.get_by_label("Ihre Antwort")).to_have_value("Anbei.")
    page.locator("#reply-files").set_input_files(str(pdf))
    page.get_by_role("button", name="Anhängen").click()
    expect(page.locator(".composer .added li")).to_have_count(2)
    page.get_by_role("button", name=f"{NAME} entfernen").first.click()
    expect(page.locator(".composer .added li")).to_have_count(1)
    expect(page.get_by_label("Ihre Antwort")).to_have_value("Anbei.")
    page.get_by_role("button", name="Senden", exact=True).click()
    expect(page.locator(".line.person").get_by_role("link", name=NAME)).to_be_visible()


def test_files_come_by_drop_and_by_paste(desk: Desk) -> None:
    """A picture of a screen is pasted, a file is dropped where it is needed."""
    page = desk.open(JANA, desk.customer(PERSON).conversation)
    take_over(page)
    for kind, field in (("paste", "clipboardData"), ("drop", "dataTransfer")):
        page.evaluate(
            """([kind, field]) => {
                const data = new DataTransfer();
                data.items.add(new File(["Hallo"], `${kind}.txt`, { type: "text/plain" }));
                const made = kind === "paste" ? ClipboardEvent : DragEvent;
                const event = new made(kind, { [field]: data, bubbles: true, cancelable: true });
                document.getElementById("reply-text").dispatchEvent(event);
            }""",
            [kind, field],
        )
        expect(page.locator(".composer .added")).to_contain_text(f"{kind}.txt")
    assert added(page) == ["paste.txt", "drop.txt"]


def test_uploads_are_held_to_our_own_pages(desk: Desk) -> None:
    """Another site cannot make an agent's browser add a file, nor a broken form bring anything down."""
    customer = desk.customer(PERSON)
    client, csrf = desk.client(JANA)
    address = f"{desk.base}/c/{customer.conversation}/files"
    part = {"file": ("a.txt", b"Hallo", "text/plain")}
    assert client.post(address, files=part).status_code == 403
    assert (
        client.post(address, files=part, headers={"X-CSRF": csrf, "Sec-Fetch-Site": "cross-site"}).status_code
        == 403
    )
    heads = {"X-CSRF": csrf, "X-Desk": "1"}
    assert client.post(address, files=part, headers=heads).status_code == 200
    broken = {**heads, "Content-Type": "multipart/form-data; boundary=x"}
    assert client.post(address, content=b"--y\r\nnichts", headers=broken).status_code == 400
    assert (
        client.post(
            address, content=b"", headers={**heads, "Content-Type": "multipart/form-data"}
        ).status_code
        == 400
    )
    large = client.post(address, content=bytes(64 * 1024 * 1024 + 1), headers=broken)
    assert (large.status_code, large.json()["code"]) == (413, "file.total")
    for place in ("1/0", "99999999999999/0", "a/b", "1/-1"):
        assert client.get(f"{address}/{place}").status_code == 404, place
        assert customer.http.get(f"/api/v1/chat/files/{place}").status_code in (404, 400), place
    stranger = desk.stranger()
    assert stranger.post(address, files=part).status_code == 303


@pytest.mark.parametrize("scheme", SEEN)
def test_files_are_accessible(desk: Desk, pdf: Path, scheme: str) -> None:
    """Everyone must be able to send a file, in light and dark, on a screen and on a phone (G1)."""
    page = desk.open(
        JANA,
        desk.customer(PERSON).conversation,
        color_scheme=scheme,
        viewport=SEEN[scheme],
        reduced_motion="reduce",
    )
    take_over(page)
    choose(page, pdf, pdf)
    expect(page.locator(".composer .added li")).to_have_count(2)
    _axe(page, f"{scheme} added")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), scheme
    page.get_by_label("Ihre Antwort").fill("Anbei.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".line.person .files a")).to_have_count(2)
    _axe(page, f"{scheme} sent")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), scheme


def _axe(page: Page, where: str) -> None:
    found = Axe().run(page).response["violations"]
    assert not found, (where, [(v["id"], [n["html"] for n in v["nodes"]]) for v in found])
