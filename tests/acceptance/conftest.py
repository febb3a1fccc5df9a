"""What acceptance tests share: one running product with the sample company, and a real browser."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.acceptance.agents import Desk
from tests.acceptance.place import Place
from tests.acceptance.product import LIBRARY, Product, command, write_lines

# A guard against hanging, not a measurement: other tests run beside these.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """`taktvoll up` on a fresh folder, with the sample company; tests that kill things start their own.

    Replies are sent at once; test_desk_writing.py is about those that wait.
    """
    product = Product(tmp_path_factory.mktemp("product") / "data")
    product.start()
    at_once = product.run("workspace", "set", "--undo-send", "0", "--workspace", "auental")
    assert at_once.returncode == 0, at_once.stderr
    yield product
    product.stop()


@pytest.fixture(scope="session")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product to kill parts of, with a small library's knowledge; whoever kills waits until it is back."""
    place = tmp_path_factory.mktemp("mortal")
    product = Product(place / "data", ("--no-sample",))
    imported = command("import", write_lines(place / "library.jsonl", LIBRARY), "--data", product.folder)
    assert imported.returncode == 0, imported.stderr
    product.start()
    yield product
    product.stop()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Place]:
    """A place where nothing was ever done."""
    place = Place(tmp_path)
    yield place
    place.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium. Once per module, because its loop must be gone before another module's async tests run."""
    path = os.environ.get("TAKTVOLL_TEST_CHROMIUM") or shutil.which("chromium")
    assert path, "the browser tests need Chromium: make test finds or installs one"
    unsafe = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=Path(path), args=[*unsafe, "--disable-background-networking", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def signed_in(product: Product, browser: Browser) -> Desk:
    """The desk, with its sign-ins kept for all tests of a file."""
    return Desk(product, browser)


@pytest.fixture
def desk(signed_in: Desk) -> Iterator[Desk]:
    """The desk; its browsers are closed after each test."""
    yield signed_in
    signed_in.close()
