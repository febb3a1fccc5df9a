"""Terms of keeping and erasing a contact, as whoever runs the program does it: by commands, after a yes."""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.acceptance.agents import JANA, Desk, take_over
from tests.acceptance.product import Product
from tests.contract.letters import letter

TRUSTED = "mx.auental.example"
GENUINE = f"Authentication-Results: {TRUSTED}; spf=pass; dkim=pass; dmarc=pass\r\n"
BOX = "loeschen@auental.example"
WHY = "Verlangen nach Art. 17 vom 26. November"


@pytest.fixture
def desk(product: Product, browser: Browser) -> Iterator[Desk]:
    """The desk."""
    desk = Desk(product, browser)
    yield desk
    desk.close()


def run(product: Product, *words: str, given: str = "") -> tuple[int, str]:
    """A command for the sample company: its exit code and all that it said."""
    done = product.run(*words, "--workspace", "auental", given=given)
    return done.returncode, done.stdout + done.stderr


def test_terms_are_set_by_command_and_can_be_taken_back(product: Product) -> None:
    """A company says how long originals stay; nothing is erased before it has, and a slip of the keys is refused."""
    code, said = run(product, "workspace", "set", "--keep-originals", "2200", "--keep-unsent-files", "14")
    assert (code, "for 2200 days" in said, "for 14 days" in said) == (0, True, True)
    assert run(product, "workspace", "set", "--keep-originals", "40000")[0] != 0
    code, said = run(product, "workspace", "set", "--keep-originals", "0", "--keep-unsent-files", "30")
    assert (code, "originals of mails are kept for good" in said) == (0, True)


def test_a_contact_is_erased_only_after_a_yes_and_nothing_of_them_is_left(desk: Desk) -> None:
    """What cannot be undone is first said, then asked, then done; who did it and why stands on record (Art. 17)."""
    product = desk.product
    code, said = run(
        product, "mailbox", "add", "loeschen", "--address", BOX, "--trust", TRUSTED, "--new-token"
    )
    token = re.search(r"[A-Za-z0-9_-]{43}", said)
    assert token is not None, said
    raw = letter(
        "Mein Kater Schnurr frisst Kabel.",
        sender="Erna Sander <erna@sander.example>",
        to=BOX,
        headers=GENUINE,
    )
    taken = httpx.post(
        f"{product.base}/api/v1/w/auental/mail/loeschen",
        content=raw,
        headers={"Authorization": f"Bearer {token[0]}"},
        timeout=30,
    )
    conversation = str(taken.json()["conversation"])
    contact = run(product, "contact", "find", "Erna")[1].split()[0]
    page = desk.open(JANA, conversation)
    expect(page.locator("#lines")).to_contain_text("Schnurr")
    take_over(page)
    code, said = run(product, "contact", "erase", contact, "--yes", "--why", WHY)
    assert (code, conversation in said) == (1, True)
    page.locator("#close").click()
    expect(page.locator(".state-closed")).to_be_visible()
    code, said = run(product, "contact", "erase", contact, "--dry-run")
    assert (code, "originals      1" in said) == (0, True)
    assert run(product, "contact", "erase", contact, "--why", WHY, given="nein\n")[0] == 1
    assert contact in run(product, "contact", "find", "Erna")[1]
    assert run(product, "contact", "erase", contact, "--by", "Ina", "--why", WHY, given="erase\n")[0] == 0
    assert "Erna" not in run(product, "contact", "find", "")[1]
    page.reload()
    expect(page.locator("#lines")).to_contain_text("Dieser Text wurde gelöscht.")
    assert "Schnurr" not in page.content()
    listed = run(product, "audit", "erasures")[1]
    assert (contact in listed, "by Ina" in listed, WHY in listed) == (True, True, True)
    assert run(product, "audit", "verify")[0] == 0
    run(product, "mailbox", "remove", "loeschen")
