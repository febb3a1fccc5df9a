"""Whatever strangers send to the chat: refused with a reason, or taken as the plain text it is."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPConnection
from itertools import cycle
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, expect

from taktvoll.adapters.keys import FileKeys
from taktvoll.base.errors import TEXTS
from taktvoll.base.limits import MESSAGE_CHARS_MAX, REQUEST_BYTES_MAX, STREAMS_PER_CONVERSATION_MAX
from tests.acceptance.product import Product, Visitor, until

MARK = "kornblumenblau7731"
"""Stands in everything we send, so that the last test can look for it where it must not be."""

ADDRESSES = cycle(f"127.0.7.{host}" for host in range(1, 250))
"""Where our visitors come from, one after the other: each address has a pace of its own."""


def visitor(product: Product, language: str = "de", workspace: str = "auental") -> Visitor:
    """A visitor from an address that hardly anyone else comes from."""
    return Visitor(product.base, workspace, language, address=next(ADDRESSES))


def refusal(response: httpx.Response, status: int, code: str, language: str = "de") -> None:
    """Check that a refusal is problem details in the asked language and shows neither insides nor words."""
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    body = response.json()
    german, english = TEXTS[code]
    assert (body["code"], body["status"]) == (code, status)
    assert body["detail"].startswith((german if language == "de" else english).partition("{")[0])
    assert "{" not in body["detail"]
    assert not any(inside in response.text for inside in ("Traceback", ".py", "asyncpg", MARK))
    assert response.headers["x-content-type-options"] == "nosniff"


NO_MESSAGES = [
    ("", 400, "message.empty"),
    (" \n\t \u00a0 ", 400, "message.empty"),
    ("\u202e\u2066\x00", 400, "message.empty"),
    (f"{MARK}" + "".join(map(chr, range(32))) * 9, 400, "message.unreadable"),
    (MARK + "a" * MESSAGE_CHARS_MAX, 413, "message.too_long"),
    (MARK + "a" * (REQUEST_BYTES_MAX - 600), 413, "message.too_long"),
]


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(
    ("text", "status", "code"), NO_MESSAGES, ids=[n[2] + str(len(n[0])) for n in NO_MESSAGES]
)
def test_what_is_no_message_is_refused_with_a_reason(
    product: Product, text: str, status: int, code: str, language: str
) -> None:
    """A customer who is refused must learn what to do, in their language; nothing is put on record."""
    with visitor(product, language) as stranger:
        refusal(stranger.post("messages", {"id": str(uuid4()), "text": text}), status, code, language)
        assert stranger.read() == []


ODD_TEXTS = {
    "right to left": (f"{MARK} \u202eedoc\u202c \u2067abc\u2069", f"{MARK} edoc abc"),
    "emoji": (f"{MARK} 👩‍👩‍👧‍👦 🇩🇪 🤷🏽‍♀️ 😀", None),
    "script": (f"<script>alert('{MARK}')</script><img src=x onerror=alert(1)>", None),
    "statement": (f"'; drop table conversation; -- {MARK} $1 %s {{0}}", None),
    "one zero byte": (f"{MARK} a\x00b", f"{MARK} ab"),
    "decomposed": (f"{MARK} Za\u0308hler", f"{MARK} Zähler"),
    "template": (f"{{{{ 7*7 }}}} ${{7*7}} {MARK} %(x)s", None),
    "path": (f"../../etc/passwd {MARK} file:///etc/passwd", None),
    "arabic": (f"أين عداد الكهرباء؟ {MARK}", None),
}


@pytest.mark.parametrize("name", ODD_TEXTS)
def test_odd_text_is_kept_as_text(product: Product, name: str) -> None:
    """People paste anything; it is answered or declined like any text, and read back as it was meant."""
    said, kept = ODD_TEXTS[name]
    with visitor(product) as stranger:
        reply = stranger.say(said)
        assert reply["messages"][-1]["author"] == "assistant"
        assert stranger.read()[0]["text"] == (kept or said)
        assert stranger.http.get("/api/v1/chat/messages").headers["content-type"] == "application/json"


def test_a_browser_shows_markup_as_text(product: Product, browser: Browser) -> None:
    """A stranger's script must never run at the desk or in anybody's chat."""
    text = f"<img src=x onerror=\"document.title='owned'\"><b id='evil'>{MARK}</b><script>owned=1</script>"
    page = browser.new_page(locale="de-DE")
    page.goto(f"{product.base}/w/auental/demo")
    page.get_by_role("button", name="Haben Sie Fragen?").click()
    page.get_by_role("textbox", name="Ihre Nachricht").fill(text)
    page.keyboard.press("Enter")
    expect(page.locator("article.own .bubble")).to_have_text(text)
    expect(page.locator("article[data-author=assistant]").last).to_be_visible()
    assert page.locator("#evil, .bubble img, .bubble script, .bubble b").count() == 0
    assert page.title() != "owned"
    page.close()


BODIES: dict[str, Any] = {
    "nothing": b"",
    "half": b'{"id": "1", "te',
    "no text": json.dumps({"id": MARK}).encode(),
    "no id": json.dumps({"text": MARK}).encode(),
    "id of another kind": json.dumps({"id": f"{MARK} ' or 1=1", "text": MARK}).encode(),
    "long id": json.dumps({"id": MARK * 9, "text": MARK}).encode(),
    "number": b"7",
    "list": json.dumps([MARK]).encode(),
    "text of another type": json.dumps({"id": "1", "text": {"text": MARK}}).encode(),
    "choice of another type": json.dumps({"id": "1", "text": MARK, "choice": MARK}).encode(),
    "half a character": b'{"id": "1", "text": "' + MARK.encode() + b'\\ud800"}',
    "no UTF-8": b'{"id": "1", "text": "\xff\xfe' + MARK.encode() + b'"}',
    "deep": b'{"id": "1", "text": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    "many zero bytes": b"\x00" * 9_000,
}  # fmt: skip


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", BODIES)
def test_a_malformed_request_is_refused(product: Product, name: str, language: str) -> None:
    """A program that speaks wrongly is told so; nothing is put on record and no insides are shown."""
    with visitor(product, language) as stranger:
        kind = {"Content-Type": "application/json"}
        got = stranger.http.post("/api/v1/chat/messages", content=BODIES[name], headers=kind)
        refusal(got, 400, "request.malformed", language)
        assert stranger.read() == []


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_another_content_type_is_refused(product: Product, kind: str) -> None:
    """A foreign page's form can send these without asking; they must do nothing."""
    with visitor(product) as stranger:
        body = json.dumps({"id": "1", "text": MARK}).encode()
        got = stranger.http.post("/api/v1/chat/messages", content=body, headers={"Content-Type": kind})
        refusal(got, 400, "request.malformed")
        assert stranger.read() == []


@pytest.mark.parametrize("streamed", [False, True], ids=["with a length", "without a length"])
def test_a_megabyte_is_refused_before_it_is_read(product: Product, streamed: bool) -> None:
    """Large bodies are the cheapest attack; the limit holds whether or not the length is told."""
    body = json.dumps({"id": "1", "text": MARK * 60_000}).encode()
    pieces = (body[at : at + 16_384] for at in range(0, len(body), 16_384))
    with visitor(product, "en") as stranger:
        kind = {"Content-Type": "application/json"}
        got = stranger.http.post("/api/v1/chat/messages", content=pieces if streamed else body, headers=kind)
        refusal(got, 413, "request.too_large", "en")
        assert stranger.read() == []


@pytest.mark.parametrize("streamed", [False, True], ids=["with a length", "without a length"])
def test_a_file_too_large_to_be_read_names_the_limit_of_files(product: Product, streamed: bool) -> None:
    """Whoever sends a film must learn how large a file may be, not how many bytes a request has."""
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="film.mov"\r\n\r\n'
    pieces = [head, *(b"x" * 65_536 for _ in range(180))]
    with visitor(product) as stranger:
        kind = {"Content-Type": "multipart/form-data; boundary=b"}
        content = iter(pieces) if streamed else b"".join(pieces)
        got = stranger.http.post("/api/v1/chat/files", content=content, headers=kind)
        refusal(got, 413, "file.large")
        assert "10 MB" in got.json()["detail"]


def test_no_other_token_opens_a_conversation(product: Product) -> None:
    """The token is all that stands between two customers: anything but a genuine, fresh one is refused."""
    with visitor(product) as genuine:
        token = str(genuine.start["session"])
        keys = FileKeys(product.folder / "keys")
        fields = json.loads(keys.unseal("webchat session", token) or b"")
        expired = keys.seal("webchat session", json.dumps([*fields[:5], fields[5] - 25 * 3600]).encode())
        other_purpose = keys.seal("desk session", json.dumps(fields).encode())
        foreign = json.dumps([str(uuid4()), *fields[1:]]).encode().hex()
        parts = token.split(".")
        tokens = [
            "",
            "x",
            token[:-1],
            token.upper(),
            f"{parts[0]}.{foreign}.{parts[2]}",
            expired,
            other_purpose,
        ]
        headers: list[dict[str, Any]] = [
            {},
            {"Authorization": f"Basic {token}"},
            {"Authorization": token.encode() + b"\xff"},
        ]
        headers += [{"Authorization": f"Bearer {t}".strip()} for t in tokens]
        with httpx.Client(base_url=product.base, headers={"Accept-Language": "en"}, timeout=60) as thief:
            for header in headers:
                body = {"id": str(uuid4()), "text": MARK, "seq": 1, "value": "helped", "up_to": 9}
                for way in ("messages", "person", "feedback", "receipts", "typing"):
                    got = thief.post(f"/api/v1/chat/{way}", json=body, headers=header)
                    refusal(got, 401, "session.invalid", "en")
                for way in ("messages", "stream"):
                    refusal(thief.get(f"/api/v1/chat/{way}", headers=header), 401, "session.invalid", "en")
        assert genuine.read() == []


def test_nobody_reaches_a_foreign_conversation(product: Product) -> None:
    """Ids of others in a request change nothing: the token alone names the conversation."""
    with visitor(product) as owner, visitor(product) as thief, visitor(product, workspace="default") as away:
        owner.say(f"Wie teile ich meinen Zählerstand mit? {MARK}")
        before = owner.read()
        for other in (thief, away):
            body = {
                "id": str(uuid4()),
                "text": MARK,
                "conversation": owner.conversation,
                "workspace": "auental",
            }
            other.post("messages", body)
            other.http.get("/api/v1/chat/messages", params={"conversation": owner.conversation})
            answer = {"id": str(uuid4()), "seq": 9_999, "value": "helped", "conversation": owner.conversation}
            refusal(other.post("feedback", answer), 404, "conversation.unknown")
            assert other.post("receipts", {"up_to": 9_999}).status_code == 204
        assert owner.read() == before
        assert all(m["text"] != before[0]["text"] for m in (*thief.read(), *away.read()))


def test_a_repeated_request_is_one_message_with_one_answer(product: Product) -> None:
    """Networks repeat requests; a customer must not be answered, or billed, twice."""
    with visitor(product) as customer:
        body = {"id": str(uuid4()), "text": f"Wie teile ich meinen Zählerstand mit? {MARK}"}
        with ThreadPoolExecutor(6) as pool:
            replies = list(pool.map(lambda _: customer.post("messages", body), range(6)))
        assert {r.status_code for r in replies} == {200}
        assert {r.json()["accepted"]["seq"] for r in replies} == {2}
        messages = customer.answered("the repeated message")
        assert [m["author"] for m in messages] == ["customer", "assistant"]
        again = customer.post("messages", body).json()
        assert again["messages"] == messages[1:]


def test_an_id_belongs_to_one_conversation(product: Product) -> None:
    """Whoever guesses another customer's message id must neither read nor block anything with it."""
    with visitor(product) as first, visitor(product) as second:
        same = str(uuid4())
        first.say(f"Hallo {MARK}", id=same)
        refusal(second.post("messages", {"id": same, "text": MARK}), 409, "message.known")
        assert second.read() == []
        assert second.say(MARK)["accepted"]["seq"] == 2
        assert len([m for m in first.read() if m["author"] == "customer"]) == 1


def test_a_flood_is_bounded_and_blocks_nobody_else(product: Product) -> None:
    """One visitor who sends 10,000 messages gets a pace; others are served, and what was acknowledged stays."""

    def flood(lane: int) -> list[tuple[str, int, str | None]]:
        seen = []
        line = HTTPConnection("127.0.0.1", product.port, timeout=60)
        headers = {
            "Authorization": flooder.http.headers["Authorization"],
            "Content-Type": "application/json",
        }
        for number in range(2_500):
            name = f"flood-{flooder.conversation}-{lane}-{number}"
            line.request("POST", "/api/v1/chat/messages", json.dumps({"id": name, "text": MARK}), headers)
            got = line.getresponse()
            got.read()
            seen.append((name, got.status, got.getheader("Retry-After")))
        line.close()
        return seen

    with visitor(product) as flooder, visitor(product) as other, ThreadPoolExecutor(4) as pool:
        lanes = [pool.submit(flood, lane) for lane in range(4)]
        answered = other.say(f"Wie teile ich meinen Zählerstand mit? {MARK}")
        assert answered["messages"][-1]["decision"] is not None
        assert not all(lane.done() for lane in lanes), "the other visitor was served only after the flood"
        outcomes = [outcome for lane in lanes for outcome in lane.result()]
        assert {status for _, status, _ in outcomes} == {200, 429}
        assert all(int(wait or 0) >= 1 for _, status, wait in outcomes if status == 429)
        acknowledged = sorted(name for name, status, _ in outcomes if status == 200)
        assert len(acknowledged) < 2_000
        assert sorted(m["id"] for m in flooder.read() if m["author"] == "customer") == acknowledged


def test_a_conversation_has_few_streams(product: Product) -> None:
    """An open stream costs memory as long as it lives, so a stranger gets a handful and the next one waits."""
    with visitor(product) as watcher, ExitStack() as streams:
        open_ones = []
        for _ in range(STREAMS_PER_CONVERSATION_MAX):
            response = streams.enter_context(watcher.http.stream("GET", "/api/v1/chat/stream"))
            open_ones.append(response.iter_raw())  # kept, because a forgotten iterator closes its stream
            assert next(open_ones[-1]).startswith(b":")
        refused = watcher.http.get("/api/v1/chat/stream")
        refusal(refused, 429, "request.too_many")
        assert int(refused.headers["Retry-After"]) >= 1
        streams.close()
        until(lambda: opens(watcher), "closed streams make room")


def opens(watcher: Visitor) -> bool:
    """Say whether one more stream is given."""
    with watcher.http.stream("GET", "/api/v1/chat/stream") as response:
        return response.status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", f"/{MARK}", 404, "page.unknown"),
        ("GET", "/api/v1/chat/../../etc/passwd", 404, "page.unknown"),
        ("POST", "/api/v1/w/%00/chat/sessions", 404, "page.unknown"),
        ("POST", f"/api/v1/w/{MARK}'--/chat/sessions", 404, "workspace.unknown"),
        ("DELETE", "/api/v1/chat/messages", 405, "request.method"),
        ("GET", "/w/auental/source/hilfe/nothing/de", 404, "passage.unknown"),
    ],
)
def test_an_address_that_does_not_exist_says_so(
    product: Product, method: str, path: str, status: int, code: str
) -> None:
    """Programs and people who are lost get the same readable answer everywhere, in their language."""
    with httpx.Client(base_url=product.base, timeout=60) as lost:
        for language in ("de", "en"):
            got = lost.request(
                method, path, headers={"Accept-Language": language}, json={} if method == "POST" else None
            )
            assert (got.status_code, got.json()["code"]) == (status, code)
            german, english = TEXTS[code]
            assert got.json()["detail"].startswith(
                (german if language == "de" else english).partition("{")[0]
            )


@pytest.mark.parametrize("account", ["", "nothing", "\x00", "a" * 61, "'; --"])
def test_an_account_that_does_not_exist_opens_nothing(product: Product, account: str) -> None:
    """The account comes from the embedding page and so from anyone."""
    with httpx.Client(base_url=product.base, timeout=60) as lost:
        got = lost.post("/api/v1/w/auental/chat/sessions", json={"account": account})
        assert got.status_code in (400, 404)
        assert got.json()["code"] in ("account.unknown", "request.malformed")


def test_logs_hold_no_customers_words(product: Product) -> None:
    """Logs are copied, shipped and kept; what customers wrote must not travel with them. Runs last in this file."""
    assert MARK not in product.log.read_text(encoding="utf-8", errors="replace")
    for log in product.folder.rglob("*.log*"):
        assert MARK not in log.read_text(encoding="utf-8", errors="replace"), log.name
    assert "Traceback" not in product.log.read_text(encoding="utf-8", errors="replace")
