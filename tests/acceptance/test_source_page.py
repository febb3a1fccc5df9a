"""The page that shows a source, word for word, whatever the words are."""

from html import escape
from pathlib import Path

import httpx

from tests.acceptance.product import Product, write_lines

ODD = "1 < 2 <Nummer> {{company}} {{language}} ${7*7} %(x)s \"'> \\1 \\g<0>"


def test_a_source_is_shown_word_for_word(product: Product, tmp_path: Path) -> None:
    """What looks like a template or a script is text: whoever checks a source must read what was approved."""
    place = ("--workspace", "wortlaut")
    product.run("workspace", "add", "wortlaut", "--company", "{{text}} <b>GmbH</b>")
    entry = {"id": "odd", "language": "de", "title": "{{text}} Titel", "answer": ODD}
    file = write_lines(tmp_path / "faq.jsonl", [entry])
    done = product.run(*place, "import", file, "--collection", "faq")
    assert "1 passages" in done.stdout, done.stdout + done.stderr
    page = httpx.get(f"{product.base}/w/wortlaut/source/faq/odd/de")
    assert page.status_code == 200
    assert "<Nummer" not in page.text
    assert escape("{{company}} {{language}} ${7*7}") in page.text
    assert "<h1>{{text}} Titel</h1>" in page.text
    assert escape("{{text}} <b>GmbH</b>") in page.text
