"""A customer writes by mail, and people at the desk see it: from a real mail server to a real browser."""

import re
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.acceptance.agents import JANA, Desk
from tests.acceptance.pictures import picture
from tests.acceptance.product import Product, environment, until
from tests.contract.dovecot import PASSWORD, USER, Dovecot, running
from tests.contract.letters import letter

# A guard against hanging only: the first test here also waits for the product, the mail server and some commands.
pytestmark = pytest.mark.timeout(400)

QUESTION = "Wie oft bekomme ich eine Rechnung, und wo finde ich sie?"
CHECKED = "Authentication-Results: mx.auental.example; spf=pass; dkim=pass; dmarc=pass\r\n"
HTML = """From: Karl Bunt <karl@kunde.example>\r
To: service@auental.example\r
Subject: Bunte Post mit Anhang\r
Message-ID: <bunt@kunde.example>\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=g\r
\r
--g\r
Content-Type: text/html; charset=utf-8\r
\r
<p>Mein Zähler ist <b>kaputt</b>.</p><script>document.title='lief'</script>\r
<img src="https://zaehlpixel.spaeher.example/a.gif"><p>Viele Grüße</p>\r
--g\r
Content-Type: text/html; name="rechnung.html"\r
Content-Disposition: attachment; filename="rechnung.html"\r
\r
<script>alert(1)</script>\r
--g--\r
""".encode()


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    """A mail server."""
    with running() as server:
        yield server


@pytest.fixture(scope="module")
def fetching(product: Product, server: Dovecot) -> Product:
    """The product with a mailbox that fetches from the server."""
    keep(product.folder / "secrets", "post", PASSWORD)
    keep(product.folder / "secrets", "ca", server.certificate.read_text(encoding="ascii"))
    done = product.run(
        "mailbox", "add", "service", "--workspace", "auental", "--address", "service@auental.example",
        "--name", "Stadtwerke Auental", "--imap-host", "localhost", "--imap-port", str(server.tls), "--user", USER,
        "--secret", "file:post", "--ca-file", "file:ca", "--start", "all", "--trust", "mx.auental.example",
        "--new-token",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (product.folder / "token.txt").write_text(done.stdout.split("Bearer ")[1].strip(), encoding="ascii")
    return product


@pytest.fixture
def desk(fetching: Product, browser: Browser) -> Iterator[Desk]:
    """The desk; its browsers are closed after each test."""
    desk = Desk(fetching, browser)
    yield desk
    desk.close()


def keep(folder: Path, name: str, text: str) -> None:
    """Lay a secret down as a person would."""
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    (folder / name).chmod(0o600)


def test_a_mail_reaches_the_desk_with_what_an_agent_must_know(desk: Desk, server: Dovecot) -> None:
    """Who wrote, whether they really did, about what, with the assistant's suggestion: at one glance (A5, G2)."""
    server.put(
        letter(
            f"Guten Tag,\n\n{QUESTION}\n\nMit freundlichen Grüßen\nEva Meier",
            subject="Rechnungen",
            headers=CHECKED,
        )
    )
    page = desk.open(JANA)
    waiting = page.locator("[data-part=waiting]")
    expect(waiting).to_contain_text(QUESTION, timeout=60_000)
    mine = waiting.get_by_role("link").filter(has_text=QUESTION)
    expect(mine.locator(".about")).to_have_text("E-Mail Eva Meier · Rechnungen")
    mine.click()
    log = page.get_by_role("log")
    expect(log).to_contain_text("Rechnungen")
    expect(log).to_contain_text("Eva Meier <eva@kundin.example>")
    expect(log).to_contain_text("Absender geprüft (mx.auental.example)")
    until(
        lambda: all("Seen" in flags for flags in server.flags().values()), "the mail was not marked as seen"
    )
    listed = desk.product.run("mailbox", "list", "--workspace", "auental")
    assert listed.returncode == 0, listed.stdout
    assert "ok, read" in listed.stdout
    tried = desk.product.run("mailbox", "test", "service", "--workspace", "auental")
    assert (tried.returncode, "signed in, folder INBOX opened; 0 new" in tried.stdout) == (0, True), (
        tried.stderr
    )


def test_nothing_of_a_mail_runs_or_loads_at_the_desk(desk: Desk, server: Dovecot) -> None:
    """A mail is the classic way into a company: its script, its pixel and its attachment stay what they are, data."""
    server.put(HTML)
    page = desk.open(JANA)
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    found = page.locator("[data-part=waiting]").get_by_role("link").filter(has_text="Mein Zähler ist kaputt")
    expect(found).to_be_visible(timeout=60_000)
    found.click()
    page.get_by_role("link", name="Alles zu dieser E-Mail").click()
    expect(page.get_by_text("Bunte Post mit Anhang")).to_have_count(1)
    expect(page.get_by_role("link", name="Alles zu dieser E-Mail")).to_have_count(0)
    page.get_by_text("Welche Server sie fragen wollte").click()
    expect(page.get_by_role("main")).to_contain_text("zaehlpixel.spaeher.example")
    assert not [v for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")]
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=re.compile("So sah die E-Mail aus")).click()
    view = opened.value
    expect(view.locator("b")).to_have_text("kaputt")
    assert "lief" not in view.title()
    assert not [url for url in asked if "spaeher" in url]
    client, _ = desk.client(JANA)
    base = page.url
    file = client.get(f"{base}/files/0")
    raw = client.get(f"{base}/original")
    for answer in (file, raw):
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert (file.content.strip(), raw.content) == (b"<script>alert(1)</script>", HTML)
    assert "sandbox" in client.get(f"{base}/view").headers["content-security-policy"]
    assert client.get(f"{base}/files/7").status_code == 404
    assert httpx.get(f"{base}/original", follow_redirects=False).status_code == 303


def with_pictures() -> bytes:
    """A mail as a telephone writes it: the photograph within the text, a logo beneath, and a file that lies."""
    mail = EmailMessage()
    mail["From"], mail["To"] = "Rosa Funk <rosa@kundin.example>", "service@auental.example"
    mail["Subject"], mail["Message-ID"] = "Foto vom Zähler", "<foto@kundin.example>"
    mail.set_content("Anbei das Foto von meinem Zähler, bitte ansehen.")
    photo = picture(1200, 800, noise=True)
    for name, content, within in (
        ("IMG_0815.png", photo, "inline"),
        ("logo.png", picture(), "inline"),
        ("zaehler.png", b"<script>alert(1)</script>" * 9, "attachment"),
        ("scan.png", picture(), "attachment"),
    ):
        mail.add_attachment(content, "image", "png", filename=name, disposition=within)
    return CHECKED.encode() + mail.as_bytes(policy=SMTP)


def test_pictures_of_a_mail_are_shown_to_who_may_read_it(desk: Desk, server: Dovecot) -> None:
    """Half of what comes with mails are photographs of meters and damages; whoever must save each first, skips them."""
    server.put(with_pictures())
    page = desk.open(JANA)
    found = page.locator("[data-part=waiting]").get_by_role("link").filter(has_text="Foto von meinem Zähler")
    expect(found).to_be_visible(timeout=60_000)
    found.click()
    shown = page.locator(".files .preview img")
    expect(shown).to_have_count(2)
    for at, name in enumerate(("IMG_0815.png", "scan.png")):
        expect(shown.nth(at)).to_have_attribute("alt", f"Vorschau: {name}")
        shown.nth(at).scroll_into_view_if_needed()
        expect(shown.nth(at)).to_have_js_property("complete", True)
        assert shown.nth(at).evaluate("picture => picture.naturalWidth") > 0
    client, _ = desk.client(JANA)
    address = str(shown.first.evaluate("picture => picture.src"))
    answer = client.get(address)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert client.get(address.replace("/files/0/", "/files/2/")).status_code == 404
    assert httpx.get(str(answer.url), follow_redirects=False).status_code == 303


def test_a_suggestion_for_several_questions_says_so(desk: Desk, server: Dovecot) -> None:
    """A suggestion may settle the first of two questions only; sent by one key, the second would be lost."""
    server.put(
        letter(
            "Ich habe zwei Fragen: Wie teile ich Ihnen meinen Zählerstand mit? Und wie kann ich meinen monatlichen "
            "Abschlag ändern?",
            subject="Zwei Fragen",
            headers=CHECKED,
        )
    )
    page = desk.open(JANA)
    found = page.locator("[data-part=waiting]").get_by_role("link").filter(has_text="Ich habe zwei Fragen")
    expect(found).to_be_visible(timeout=60_000)
    found.click()
    suggestion = page.get_by_role("region", name="Vorschlag der KI")
    expect(suggestion).to_contain_text("Offen bleibt: Und wie kann ich meinen monatlichen Abschlag ändern?")
    evidence = page.get_by_role("complementary", name="Was die KI gefunden hat")
    expect(evidence).to_contain_text("E-Mails beantwortet die KI nur bei Themen im Autopiloten selbst")


def test_programs_hand_mails_in_with_a_token(fetching: Product) -> None:
    """A repeat is told from a new mail; without the token nobody learns whether there is such a mailbox."""
    door = f"{fetching.base}/api/v1/w/auental/mail/service"
    token = {"Authorization": f"Bearer {(fetching.folder / 'token.txt').read_text(encoding='ascii')}"}
    mail = letter("Ich habe eine Frage zum Umzug.", message_id="<http@kundin.example>")
    first = httpx.post(door, content=mail, headers=token, timeout=60)
    again = httpx.post(door, content=mail, headers=token, timeout=60)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["conversation"] == again.json()["conversation"]
    large = httpx.post(
        door, content=letter("x" * 300_000, message_id="<gross@kundin.example>"), headers=token, timeout=60
    )
    assert large.status_code == 201
    refused = [
        httpx.post(door, content=mail, headers={"Authorization": "Bearer falsch"}),
        httpx.post(door, content=mail),
        httpx.post(door.replace("service", "anderes"), content=mail, headers=token),
        httpx.post(door.replace("auental", "anderswo"), content=mail, headers=token),
    ]
    assert {(r.status_code, r.json()["code"]) for r in refused} == {(401, "mailbox.token")}
    assert httpx.post(door, content=b"", headers=token).status_code == 400
    large = httpx.post(door, content=b"x" * 26_300_000, headers=token, timeout=60)
    assert (large.status_code, large.json()["code"]) == (413, "request.too_large")


def test_the_own_mail_server_hands_mails_in(fetching: Product) -> None:
    """`taktvoll mail listen` takes mail for its mailboxes from Postfix and its like, and nothing else."""
    process = subprocess.Popen(
        [sys.executable, "-m", "taktvoll", "mail", "listen", "--port", "0", "--data", str(fetching.folder)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8", env=environment(),
    )  # fmt: skip
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline().split(":")[1].split()[0])
        with smtplib.SMTP("127.0.0.1", port, timeout=60) as client:
            assert (
                client.sendmail("eva@kundin.example", ["service@auental.example"], letter("Per SMTP.")) == {}
            )
            client.mail("eva@kundin.example")
            assert client.rcpt("fremd@anderswo.example")[0] == 550
    finally:
        process.terminate()
        process.wait(30)
        if process.stdout is not None:
            process.stdout.close()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (("--secret", "file:gibtesnicht"), "file:gibtesnicht"),
        (("--imap-port", "9"), "cannot be reached"),
        (("--folder", "Gibt es nicht"), "folder does not exist"),
        (("--ca-file", "file:post"), "file:post"),
        (
            ("--smtp-host", "127.0.0.1", "--smtp-port", "9", "--smtp-security", "none"),
            "mail server cannot be reached",
        ),
    ],
)
def test_what_is_wrong_with_a_mailbox_is_said(
    fetching: Product, server: Dovecot, changed: tuple[str, ...], says: str
) -> None:
    """Whoever sets up a mailbox sees at once which of six settings is the wrong one."""
    name = f"probe-{says[:4].strip().lower().replace(':', '')}"
    made = fetching.run(
        "mailbox", "add", name, "--workspace", "auental", "--address", f"{name}@auental.example",
        "--imap-host", "localhost", "--imap-port", str(server.tls), "--user", USER, "--secret", "file:post",
        "--ca-file", "file:ca", *changed,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    tried = fetching.run("mailbox", "test", name, "--workspace", "auental")
    removed = fetching.run("mailbox", "remove", name, "--workspace", "auental")
    assert (tried.returncode, removed.returncode) == (1, 0)
    assert says in tried.stderr.replace("\n", " ")


def test_people_see_a_mailbox_that_is_not_read_and_what_machines_wrote(desk: Desk, server: Dovecot) -> None:
    """A wrong password is told above the queue; an absence note keeps nobody busy but can be found."""
    machine = "Auto-Submitted: auto-replied\r\n"
    server.put(letter("Ich bin bis Montag nicht da.", subject="Abwesend: Umbau", headers=machine))
    made = desk.product.run(
        "mailbox", "add", "kaputt", "--workspace", "auental", "--address", "kaputt@auental.example",
        "--imap-host", "localhost", "--imap-port", str(server.tls), "--user", "niemand", "--secret", "file:post",
        "--ca-file", "file:ca",
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    assert "taktvoll --workspace auental mailbox test kaputt" in made.stdout
    until(lambda: desk.product.run("mailbox", "list", "--workspace", "auental").returncode == 1)
    listed = desk.product.run("mailbox", "list", "--workspace", "auental").stdout
    assert "NOT WELL (never read): The mail server refuses user and password." in listed
    without = ("mailbox", "set", "kaputt", "--workspace", "auental", "--footer", "gibtsnicht.txt")
    assert "gibtsnicht.txt" in desk.product.run(*without).stderr.replace("\n", " ")
    page = desk.open(JANA)
    alarm = page.get_by_role("alert")
    expect(alarm).to_contain_text("Postfach kaputt wird nicht gelesen")
    alarm.get_by_role("link").click()
    until(lambda: page.reload() and page.get_by_text("Abwesend: Umbau").count())
    expect(page.get_by_role("listitem").filter(has_text="Abwesend: Umbau")).to_contain_text(
        "Abwesenheitsnotiz"
    )
    assert desk.product.run("mailbox", "remove", "kaputt", "--workspace", "auental").returncode == 0
    page.goto(f"{desk.base}/")
    expect(page.get_by_role("alert")).to_have_count(0)
