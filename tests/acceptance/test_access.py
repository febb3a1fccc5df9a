"""Coming in and staying in: roles at every door, second factor, the company's sign-in server, sessions, links, keys.

I decide nothing; I claim who gets in where and how (H5). pytest calls me. I never weaken a door to get through it.
"""

import re
import time
from collections.abc import Iterator
from typing import cast

import httpx
import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi.routing import APIRoute
from playwright.sync_api import Browser, Page, expect

from taktvoll.domain.people.terms import Role
from taktvoll.entry.desk.router import desk_router
from taktvoll.flows.house import House
from tests.acceptance.agents import Desk, sign_in
from tests.acceptance.product import Product, good
from tests.acceptance.routes import DOOR, ROUTES
from tests.contract.provider import CLIENT, SECRET, Provider

PLACE = "zugang"
PASSWORD = "ein ganzer langer Satz"
NOBODY = "00000000-0000-7000-8000-000000000000"
PERSON = "Ich möchte bitte mit einem Menschen sprechen."
SEEN = {"light": {"width": 1400, "height": 850}, "dark": {"width": 390, "height": 800}}


def routes() -> list[str]:
    """Every route that the desk has, as it is mounted; nothing is asked of the house for that."""
    router = desk_router(cast("House", None))
    found = [(r.methods, r.path) for r in router.routes if isinstance(r, APIRoute)]
    return [
        f"{method} {path.removeprefix('/w/{workspace}/desk')}"
        for methods, path in found
        for method in sorted(methods or ())
        if path.startswith("/w/{workspace}/desk")
    ]


def email(role: str) -> str:
    """The address of the one who has a role."""
    return f"{role}@zugang.example"


@pytest.fixture(scope="module")
def place(product: Product) -> Product:
    """A workspace of its own with one of each role."""
    _run(product, "workspace", "add", PLACE, "--company", "Zugang", at="")
    for role in Role:
        words = ("staff", "add", email(role), "--name", role.value.title(), "--role", role.value)
        _run(product, *words, "--password-stdin", given=PASSWORD)
    return product


@pytest.fixture
def desk(place: Product, browser: Browser) -> Iterator[Desk]:
    """The desk; its browsers are closed after each test."""
    opened = Desk(place, browser)
    yield opened
    opened.close()


@pytest.fixture
def provider() -> Iterator[Provider]:
    """The company's sign-in server."""
    made = Provider()
    yield made
    made.close()


def test_every_route_stands_in_the_table() -> None:
    """A new page that nobody thought about would be open to whom its author had in mind, or to all."""
    assert sorted(routes()) == sorted(ROUTES)


def test_every_route_lets_in_whom_it_should(desk: Desk) -> None:
    """Each door is tried by each role: what the matrix promises must hold where people knock (H5)."""
    wrong = []
    for role in Role:
        client, csrf = _client(desk, role)
        headers = {"X-Desk": "1", "X-CSRF": csrf}
        for route, allowed in ROUTES.items():
            if allowed is DOOR:
                continue
            method, path = route.split(" ", 1)
            path = (
                path.replace("{conversation}", NOBODY)
                .replace("{person}", NOBODY)
                .replace("{contact}", NOBODY)
                .replace("{rest:path}", "nowhere")
            )
            with client.stream(method, _base(desk) + path, headers=headers) as answer:
                refused = answer.status_code == 403 and b"permission.missing" in answer.read()
                lost = "/sign-in" in answer.headers.get("location", "") or answer.status_code in (401, 500)
                if lost or refused is (role.value in allowed.split()):
                    wrong.append(f"{role.value} {route}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_without_a_session_no_route_but_the_door_opens(desk: Desk) -> None:
    """What is behind the door must not even say that it is there."""
    client = desk.stranger()
    for route, allowed in ROUTES.items():
        if allowed is DOOR:
            continue
        method, path = route.split(" ", 1)
        answer = client.request(
            method, _base(desk) + path.replace("{rest:path}", "nowhere"), headers={"X-Desk": "1"}
        )
        assert answer.status_code == 401, route


def test_an_auditor_reads_a_conversation_and_finds_nothing_to_press(desk: Desk) -> None:
    """Whoever checks must see what agents see, and no button that would only lead to a refusal."""
    _run(desk.product, "staff", "add", "pruef@auental.example", "--name", "Prüferin", "--role", "auditor",
         "--password-stdin", given=PASSWORD, at="auental")  # fmt: skip
    customer = desk.customer(PERSON)
    page = desk.context().new_page()
    sign_in(page, desk.base, "pruef@auental.example", PASSWORD)
    page.goto(f"{desk.base}/c/{customer.conversation}")
    expect(page.get_by_role("log").get_by_text(PERSON)).to_be_visible()
    expect(page.get_by_role("button", name="Übernehmen")).to_have_count(0)
    expect(page.get_by_label("Ihre Antwort")).to_be_hidden()
    expect(page.locator(".tool")).to_have_count(0)


def test_a_second_factor_is_set_up_and_asked_for(desk: Desk) -> None:
    """A stolen password must help nobody; a code read over a shoulder must not either (H5, RFC 6238)."""
    page = desk.context().new_page()
    sign_in(page, _base(desk), email("lead"), PASSWORD)
    page.goto(f"{_base(desk)}/account/factor")
    page.get_by_label("Jetziges Passwort").fill("falsch")
    page.get_by_role("button", name="Einrichten").click()
    expect(page.get_by_role("alert")).to_have_text("Das Passwort stimmt nicht.")
    codes = _enrol(page)
    assert len(set(codes)) == 10
    recovery = codes[0]
    page.get_by_role("link", name="Ich habe sie aufbewahrt: weiter").click()
    expect(page.get_by_text("Noch 10 Wiederherstellungscodes")).to_be_visible()
    secret = page.evaluate("window.name")

    page = _halfway(desk, "lead")
    for path in ("/", "/account", "/account/factor"):
        page.goto(_base(desk) + path)
        page.wait_for_url(re.compile("/sign-in/code"))
    code = pyotp.TOTP(secret).at(int(time.time()) + 30)
    assert _give(page, "000000") == 401
    expect(page.get_by_role("alert")).to_contain_text("Dieser Code stimmt nicht")
    assert _give(page, code) == 303
    expect(page.get_by_role("heading", name="Bei mir")).to_be_visible()

    page = _halfway(desk, "lead")
    assert _give(page, code) == 401
    assert _give(page, recovery.upper().replace("-", " ")) == 303
    page = _halfway(desk, "lead")
    assert _give(page, recovery) == 401

    assert "by password alone" in _run(desk.product, "staff", "reset-factor", email("lead"))
    sign_in(desk.context().new_page(), _base(desk), email("lead"), PASSWORD)
    log = _run(desk.product, "staff", "log")
    for kind in ("factor.enrolled", "recovery.used", "factor.reset"):
        assert f"{kind} {email('lead')}" in log
    assert secret not in log


def test_guessing_codes_is_stopped(desk: Desk) -> None:
    """Six digits are a million tries: whoever has the password gets five, from wherever they come."""
    page = desk.context().new_page()
    sign_in(page, _base(desk), email("editor"), PASSWORD)
    page.goto(f"{_base(desk)}/account/factor")
    _enrol(page)
    page = _halfway(desk, "editor")
    assert [_give(page, f"00000{n}") for n in range(6)] == [401, 401, 401, 401, 401, 429]
    expect(page.get_by_role("alert")).to_contain_text(re.compile(r"Wieder möglich ab \d\d:\d\d Uhr\."))
    assert f"sign_in.locked {email('editor')}" in _run(desk.product, "staff", "log")
    _run(desk.product, "staff", "reset-factor", email("editor"))


def test_a_demanded_factor_comes_before_everything_else(desk: Desk) -> None:
    """A rule that can be put off until tomorrow protects nobody today."""
    assert "second factor: auditor" in _run(desk.product, "access", "second-factor", "auditor")
    try:
        page = desk.context().new_page()
        sign_in(page, _base(desk), email("auditor"), PASSWORD)
        expect(page.get_by_text("Für Ihre Rolle ist ein zweiter Faktor Pflicht.")).to_be_visible()
        page.goto(f"{_base(desk)}/staff")
        page.wait_for_url(re.compile("/account/factor$"))
        before = _token(page)
        _enrol(page, password=False)
        assert _token(page) != before
        page.get_by_role("link", name="Ich habe sie aufbewahrt: weiter").click()
        expect(page.get_by_role("heading", name="Bei mir")).to_be_visible()
        page.goto(f"{_base(desk)}/account/factor")
        expect(page.get_by_role("button", name="Zweiten Faktor entfernen")).to_have_count(0)
    finally:
        assert "second factor: none" in _run(desk.product, "access", "second-factor", "none")
    _run(desk.product, "staff", "reset-factor", email("auditor"))


def test_sessions_are_seen_and_ended(desk: Desk) -> None:
    """A browser left open elsewhere must be one's own to close, and an administrator's anybody's."""
    here, there = desk.context().new_page(), desk.context().new_page()
    for page in (here, there):
        sign_in(page, _base(desk), email("agent"), PASSWORD)
    here.goto(f"{_base(desk)}/account")
    expect(here.get_by_text("dieses Gerät")).to_have_count(1)
    expect(here.get_by_role("rowheader", name=re.compile("Linux"))).not_to_have_count(1)
    here.get_by_role("button", name="Alle anderen abmelden").click()
    expect(here.get_by_role("rowheader", name=re.compile("Linux"))).to_have_count(1)
    there.goto(f"{_base(desk)}/")
    there.wait_for_url(re.compile("/sign-in"))

    admin = desk.context().new_page()
    sign_in(admin, _base(desk), email("admin"), PASSWORD)
    admin.goto(f"{_base(desk)}/staff")
    admin.get_by_role("link", name="Agent", exact=True).click()
    admin.get_by_role("button", name="Überall abmelden").click()
    expect(admin.get_by_text("Gerade nirgends angemeldet.")).to_be_visible()
    here.goto(f"{_base(desk)}/account")
    here.wait_for_url(re.compile("/sign-in"))


def test_a_new_password_ends_what_the_old_one_opened(desk: Desk) -> None:
    """People change a password when they fear that someone else has it (H5)."""
    here, there = desk.context().new_page(), desk.context().new_page()
    for page in (here, there):
        sign_in(page, _base(desk), email("agent"), PASSWORD)
    here.goto(f"{_base(desk)}/account")
    for old, new, again, said in (
        (
            PASSWORD,
            "noch ein langer Satz",
            "ein anderer langer Satz",
            "Die beiden neuen Passwörter sind verschieden.",
        ),
        ("falsch", "noch ein langer Satz", "noch ein langer Satz", "Das Passwort stimmt nicht."),
    ):
        _change_password(here, old, new, again)
        expect(here.get_by_role("alert")).to_contain_text(said)
    _change_password(here, PASSWORD, "noch ein langer Satz", "noch ein langer Satz")
    expect(here.get_by_text("Das Passwort ist geändert.")).to_be_visible()
    there.goto(f"{_base(desk)}/")
    there.wait_for_url(re.compile("/sign-in"))
    _run(desk.product, "staff", "add", email("agent"), "--name", "Agent", "--role", "agent", "--password-stdin",
         given=PASSWORD)  # fmt: skip


def test_someone_joins_by_a_link_that_works_once(desk: Desk) -> None:
    """Nobody but its owner may know a password, and a forwarded link must not be a second key."""
    admin = desk.context().new_page()
    sign_in(admin, _base(desk), email("admin"), PASSWORD)
    admin.goto(f"{_base(desk)}/staff")
    admin.get_by_label("Name", exact=True).fill("Mia Ohlsen")
    admin.get_by_label("E-Mail-Adresse").fill("Mia@Zugang.example")
    admin.get_by_role("button", name="Einladen und Link zeigen").click()
    link = admin.get_by_label("Link").input_value()
    assert link.startswith(f"{_base(desk)}/join/")

    mia, late = desk.context().new_page(), desk.context().new_page()
    for page in (mia, late):
        page.goto(link)
    for page in (mia, late):
        page.get_by_label("Neues Passwort", exact=True).fill("Mias ganzer langer Satz")
        page.get_by_label("Neues Passwort noch einmal").fill("Mias ganzer langer Satz")
        page.get_by_role("button", name="Passwort setzen und anmelden").click()
    expect(mia.get_by_role("heading", name="Bei mir")).to_be_visible()
    expect(late.get_by_role("heading", name="Hier ist nichts")).to_be_visible()
    admin.goto(f"{_base(desk)}/staff")
    expect(admin.get_by_text("Mia Ohlsen hat das Passwort gesetzt (Mia Ohlsen)")).to_be_visible()

    admin.get_by_role("link", name="Mia Ohlsen").click()
    admin.get_by_label("Rolle", exact=True).select_option("editor")
    admin.get_by_role("button", name="Rolle speichern").click()
    expect(admin.get_by_text("Die Rolle ist geändert.")).to_be_visible()
    mia.goto(f"{_base(desk)}/")
    expect(mia.get_by_role("heading", name="Keine Berechtigung")).to_be_visible()
    admin.get_by_role("button", name="Deaktivieren").click()
    expect(admin.get_by_text("Deaktiviert und abgemeldet.")).to_be_visible()
    mia.goto(f"{_base(desk)}/account")
    mia.wait_for_url(re.compile("/sign-in"))


def test_the_last_administrator_stays(desk: Desk) -> None:
    """One wrong click must not leave a company without anyone who can undo it."""
    admin = desk.context().new_page()
    sign_in(admin, _base(desk), email("admin"), PASSWORD)
    admin.goto(f"{_base(desk)}/staff")
    admin.get_by_role("link", name="Admin", exact=True).click()
    admin.get_by_role("button", name="Deaktivieren").click()
    expect(admin.get_by_role("alert")).to_contain_text(
        "Das ist die letzte Person mit der Rolle Administration."
    )
    ran = desk.product.run("staff", "role", email("admin"), "agent", "--workspace", PLACE)
    assert ran.returncode == 1
    assert "last administrator" in ran.stderr


def test_staff_come_in_through_their_company(desk: Desk, provider: Provider) -> None:
    """One sign-in for everything is what companies ask for; it must let in their people and nobody else (H5)."""
    _use(desk, provider)
    provider.claims = {"sub": "u-1", "email": email("agent"), "email_verified": True, "name": "Agent"}
    try:
        customer_like = f"{_base(desk)}/sign-in?to={NOBODY}"
        page = desk.context().new_page()
        page.goto(customer_like)
        page.get_by_role("link", name="Mit dem Firmenkonto anmelden").click()
        page.wait_for_url(f"{_base(desk)}/c/{NOBODY}")
        page.goto(f"{_base(desk)}/account")
        expect(page.get_by_role("definition").filter(has_text=email("agent"))).to_be_visible()

        provider.claims = {"sub": "u-2", "email": "neu@zugang.example", "email_verified": True, "name": "Neu"}
        _enter_by_company(desk, "hier haben Sie keinen Zugang")
        _use(desk, provider, "--create", "agent", "--domain", "zugang.example")
        _enter_by_company(desk)
        provider.claims |= {"sub": "u-3", "email": "neu@anderswo.example"}
        _enter_by_company(desk, "hier haben Sie keinen Zugang")
        provider.claims |= {"email": email("admin"), "email_verified": False}
        _enter_by_company(desk, "hier haben Sie keinen Zugang")

        mapped = ("--role-claim", "groups", "--role", "desk-revision=auditor")
        _use(desk, provider, *mapped)
        provider.claims = {"sub": "u-2", "email": "neu@zugang.example", "groups": ["desk-revision"]}
        _enter_by_company(desk)
        assert "auditor  neu@zugang.example" in _run(desk.product, "staff", "list")
        provider.claims["groups"] = ["kantine"]
        _enter_by_company(desk, "hier haben Sie keinen Zugang")
        provider.lies = {"denies": True}
        _enter_by_company(desk, "hat nicht geklappt")
    finally:
        _run(desk.product, "access", "no-sign-in-server")


@pytest.mark.parametrize("where", ["file:/run/secrets/desk", "file:../desk", "env:PATH", "geheim"])
def test_a_sign_in_server_names_no_other_programs_secret(desk: Desk, where: str) -> None:
    """Whoever may set up a server could else have any file of this machine sent to an address of theirs."""
    words = ("access", "sign-in-server", "https://login.example", "--client-id", "desk", "--secret", where)
    ran = desk.product.run(*words, "--address", "https://desk.example", "--workspace", PLACE)
    assert (ran.returncode, where in ran.stderr, "TAKTVOLL_SECRET_" in ran.stderr) == (2, False, True)


def test_a_way_back_from_elsewhere_needs_a_way_there(desk: Desk, provider: Provider) -> None:
    """A link with somebody else's code must not sign a victim in as the attacker, nor lead them off our pages."""
    _use(desk, provider)
    provider.claims = {"sub": "u-9", "email": email("agent"), "email_verified": True}
    try:
        client = desk.stranger()
        for query in ("", "?code=x&state=y", "?code=x&state="):
            assert client.get(f"{_base(desk)}/sign-in/return{query}").status_code == 401
        left = client.get(f"{_base(desk)}/sign-in/company?to=https://evil.example/")
        back = client.get(left.headers["location"]).headers["location"]
        wrong = back.replace("state=", "state=x")
        assert client.get(wrong).status_code == 401
        assert client.get(back).status_code == 401  # the first attempt has used up the cookie
        left = client.get(f"{_base(desk)}/sign-in/company?to=//evil.example/")
        done = client.get(client.get(left.headers["location"]).headers["location"])
        assert (done.status_code, done.headers["location"]) == (303, f"/w/{PLACE}/desk/")
        cookies = [c for c in left.headers.get_list("set-cookie") if "_way=" in c]
        assert len(cookies) == 1
        assert "HttpOnly" in cookies[0]
        assert provider.asked[-1]["nonce"] not in cookies[0]
    finally:
        _run(desk.product, "access", "no-sign-in-server")


def test_a_program_reads_a_conversation_by_its_key(desk: Desk) -> None:
    """The first use of the API: what the key is for and no more, page by page, until it is revoked."""
    made = _run(desk.product, "key", "make", "CRM", "--scope", "conversation.read", at="auental").strip()
    bare = _run(
        desk.product, "key", "make", "Wissen", "--scope", "knowledge.read", "--days", "1", at="auental"
    ).strip()
    assert re.fullmatch(r"tv_[a-z2-7]{10}_[A-Za-z0-9_-]{43}", made)
    customer = desk.customer("Wie oft bekomme ich eine Rechnung?", "Und wann?", PERSON)
    api = f"{desk.product.base}/api/v1/w/auental"
    client = httpx.Client(timeout=30, headers={"Authorization": f"Bearer {made}", "Accept-Language": "en"})
    desk.clients.append(client)
    me = good(client.get(f"{api}/me"))
    assert (me["name"], me["scopes"], me["handle"]) == ("CRM", ["conversation.read"], made[:13])

    wanted = f"{api}/conversations/{customer.conversation}"
    whole = good(client.get(wanted))
    assert whole["next"] is None
    assert whole["owner"]["kind"] == "queue"
    pages = [good(client.get(wanted, params={"limit": 2}))]
    while cursor := pages[-1]["next"]:
        pages.append(good(client.get(wanted, params={"limit": 2, "cursor": cursor})))
    assert all(len(page["messages"]) <= 2 for page in pages)
    messages = [message for page in pages for message in page["messages"]]
    assert messages == whole["messages"]
    assert [m["text"] for m in messages if m["author"] == "customer"][-1] == PERSON

    stranger = {"Authorization": f"Bearer {made[:-1]}{'A' if made[-1] != 'A' else 'B'}"}
    for path, headers, status, code in (
        (wanted, {"Authorization": f"Bearer {bare}"}, 403, "key.scope"),
        (wanted, stranger, 401, "key.unknown"),
        (wanted, {"Authorization": ""}, 401, "key.unknown"),
        (f"{desk.product.base}/api/v1/w/{PLACE}/me", {}, 401, "key.unknown"),
        (f"{desk.product.base}/api/v1/w/gibt-es-nicht/me", {}, 401, "key.unknown"),
        (f"{api}/conversations/{NOBODY}", {}, 404, "conversation.unknown"),
        (f"{api}/conversations/x", {}, 404, "conversation.unknown"),
        (f"{wanted}?cursor=zzzz", {}, 400, "request.malformed"),
        (f"{wanted}?limit=0", {}, 400, "request.malformed"),
    ):
        answer = client.get(path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code), path
        assert answer.headers["content-type"] == "application/problem+json"
        assert ("www-authenticate" in answer.headers) is (status == 401)

    listed = _run(desk.product, "key", "list", at="auental")
    assert f"{made[:13]} open" in listed
    assert made not in listed
    _run(desk.product, "key", "revoke", made[:13], at="auental")
    assert client.get(f"{api}/me").status_code == 401


def test_guessing_keys_is_slowed_down(desk: Desk) -> None:
    """Nobody guesses 256 bits, but nobody should keep our database busy by trying either."""
    transport = httpx.HTTPTransport(local_address="127.0.0.77")
    client = httpx.Client(timeout=30, transport=transport, headers={"Authorization": "Bearer tv_x"})
    desk.clients.append(client)
    statuses = [client.get(f"{desk.product.base}/api/v1/w/auental/me").status_code for _ in range(30)]
    assert set(statuses) == {401, 429}
    assert statuses[:20] == [401] * 20


def test_an_administrator_makes_and_revokes_keys(desk: Desk) -> None:
    """Keys are made by those who answer for them, shown once, and gone with one click."""
    page = desk.context().new_page()
    sign_in(page, _base(desk), email("admin"), PASSWORD)
    page.goto(f"{_base(desk)}/keys")
    page.get_by_label("Wofür").fill("Abgleich")
    page.get_by_role("button", name="Schlüssel machen").click()
    expect(page.get_by_role("alert")).to_contain_text("Diese Rechte kann ein Schlüssel nicht haben")
    expect(page.get_by_label("Wofür")).to_have_value("Abgleich")
    page.get_by_label("Gespräche lesen").check()
    page.get_by_label("Kontakte lesen").check()
    page.get_by_role("button", name="Schlüssel machen").click()
    key = page.get_by_label("Schlüssel", exact=True).input_value()
    me = f"{desk.product.base}/api/v1/w/{PLACE}/me"
    headers = {"Authorization": f"Bearer {key}"}
    assert good(httpx.get(me, headers=headers))["scopes"] == ["contact.read", "conversation.read"]
    page.goto(f"{_base(desk)}/keys")
    expect(page.locator("body")).not_to_contain_text(key)
    page.get_by_role("button", name="Abgleich widerrufen").click()
    expect(page.get_by_text("Widerrufen. Der Schlüssel öffnet nichts mehr.")).to_be_visible()
    assert httpx.get(me, headers=headers).status_code == 401


def test_everyone_can_use_the_pages(desk: Desk) -> None:
    """Administrators and auditors work with screen readers, magnifiers and phones too (G1, WCAG 2.2 AA)."""
    for scheme, size in SEEN.items():
        page = desk.context(viewport=size, color_scheme=scheme).new_page()
        sign_in(page, _base(desk), email("admin"), PASSWORD)
        for path in ("/account", "/account/factor", "/staff", "/keys", "/mail", "/hours", "/search", "/team"):
            page.goto(_base(desk) + path)
            _seen_by_axe(page)
        page.goto(f"{_base(desk)}/staff")
        page.get_by_role("link", name="Editor", exact=True).click()
        _seen_by_axe(page)
        page.get_by_role("button", name="Neuer Link für ein Passwort").click()
        link = page.get_by_label("Link").input_value()
        _seen_by_axe(page)
        page.goto(f"{_base(desk)}/account/factor")
        page.get_by_label("Jetziges Passwort").fill(PASSWORD)
        page.get_by_role("button", name="Einrichten").press("Enter")
        _seen_by_axe(page)
        page.context.clear_cookies()
        page.goto(link)
        _seen_by_axe(page)


def _seen_by_axe(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def _base(desk: Desk) -> str:
    return f"{desk.product.base}/w/{PLACE}/desk"


def _run(product: Product, *words: str, given: str | None = None, at: str = PLACE) -> str:
    from tests.acceptance.product import command

    where = ("--workspace", at) if at else ()
    ran = command(*words, *where, "--data", product.folder, given=given)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def _client(desk: Desk, role: Role) -> tuple[httpx.Client, str]:
    """Someone's session without a browser, and the token that their forms carry."""
    page = desk.context().new_page()
    sign_in(page, _base(desk), email(role), PASSWORD)
    page.goto(f"{_base(desk)}/account")
    csrf = page.locator("#desk").get_attribute("data-csrf") or ""
    client = desk.stranger()
    for cookie in page.context.cookies():
        client.cookies.set(cookie.get("name", ""), cookie.get("value", ""))
    return client, csrf


def _token(page: Page) -> str:
    return next(
        c.get("value", "") for c in page.context.cookies() if c.get("name") == f"taktvoll_desk_{PLACE}"
    )


def _enrol(page: Page, *, password: bool = True) -> list[str]:
    """Set up a factor; gives the recovery codes and leaves the secret in the window's name."""
    if password:
        page.get_by_label("Jetziges Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Einrichten").click()
    expect(page.get_by_role("img", name="QR-Code für die Authenticator-App")).to_be_visible()
    secret = page.locator(".secret").inner_text().replace(" ", "")
    page.get_by_label("Code").fill("12")
    page.get_by_role("button", name="Bestätigen").click()
    expect(page.get_by_role("alert")).to_contain_text("Dieser Code passt nicht")
    expect(page.locator("body")).not_to_contain_text(secret[:4])
    page.get_by_label("Code").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Bestätigen").click()
    expect(page.get_by_role("heading", name="Wiederherstellungscodes")).to_be_visible()
    page.evaluate("secret => { window.name = secret }", secret)
    return page.locator(".codes code").all_inner_texts()


def _halfway(desk: Desk, role: str) -> Page:
    """Sign in by password, up to where the code is asked for."""
    page = desk.context().new_page()
    sign_in(page, _base(desk), email(role), PASSWORD)
    page.wait_for_url(re.compile("/sign-in/code"))
    return page


def _give(page: Page, code: str) -> int:
    page.get_by_label("Code").fill(code)
    with page.expect_response(re.compile("/sign-in/code")) as answer:
        page.get_by_role("button", name="Weiter").click()
    page.wait_for_load_state()
    return answer.value.status


def _change_password(page: Page, old: str, new: str, again: str) -> None:
    page.get_by_label("Jetziges Passwort").fill(old)
    page.get_by_label("Neues Passwort", exact=True).fill(new)
    page.get_by_label("Neues Passwort noch einmal").fill(again)
    page.get_by_role("button", name="Passwort ändern").click()


def _use(desk: Desk, provider: Provider, *more: str) -> None:
    """Name the company's server, with its secret in a file."""
    secret = desk.product.folder / "secrets" / "desk"
    secret.parent.mkdir(mode=0o700, exist_ok=True)
    secret.write_text(SECRET + "\n", encoding="utf-8")
    secret.chmod(0o600)
    _run(desk.product, "access", "sign-in-server", provider.issuer, "--client-id", CLIENT,
         "--secret", "file:desk", "--address", desk.product.base, *more)  # fmt: skip


def _enter_by_company(desk: Desk, refused: str = "") -> None:
    page = desk.context().new_page()
    page.goto(f"{_base(desk)}/sign-in")
    page.get_by_role("link", name="Mit dem Firmenkonto anmelden").click()
    if refused:
        expect(page.get_by_role("alert")).to_contain_text(refused)
    else:
        expect(page.get_by_role("heading", name="Bei mir")).to_be_visible()
