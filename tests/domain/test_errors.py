"""Every failure has a code from one table, a text in two languages, and somebody who raises it."""

import ast
import string
from collections.abc import Iterator

import pytest

from taktvoll.base.errors import TEXTS, Broken, Refused, TaktvollError, Unavailable
from tests.tidy.tree import Source, sources

KINDS = {"Refused", "Unavailable", "Broken"}


def raised() -> Iterator[tuple[Source, ast.Call, str]]:
    """Every place in the program that names a failure's code."""
    for source in sources("src"):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS:
                code = node.args[0] if node.args else None
                if isinstance(code, ast.Constant):
                    yield source, node, str(code.value)


def placeholders(text: str) -> set[str]:
    """What a text wants to have filled in."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", TEXTS)
def test_each_code_reads_in_both_languages(code: str) -> None:
    """Whoever meets a failure must be told in their language, with the same figures, and end with a full stop."""
    german, english = TEXTS[code]
    assert german != english
    assert placeholders(german) == placeholders(english)
    assert all(text and text == text.strip() and text.endswith((".", "!", "?")) for text in (german, english))


def test_each_raised_code_stands_in_the_table() -> None:
    """A code without text would read as an internal error to a customer who could have mended it."""
    found = list(raised())
    assert len(found) > 40, "the scan above sees nothing"
    missing = [f"{s.path}:{call.lineno}: {code}" for s, call, code in found if code not in TEXTS]
    assert not missing, "\n".join(missing)


def test_each_raiser_fills_its_text() -> None:
    """A text with a question mark where its number should be helps nobody."""
    unfilled = []
    for source, call, code in raised():
        given = {k.arg for k in call.keywords}
        if None in given or code not in TEXTS:
            continue
        if isinstance(call.func, ast.Name) and call.func.id == "Unavailable":
            given.add("retry_after_s")
        if missing := placeholders(TEXTS[code][1]) - given:
            unfilled.append(f"{source.path}:{call.lineno}: {code} lacks {sorted(missing)}")
    assert not unfilled, "\n".join(unfilled)


def test_each_code_is_used() -> None:
    """A table that only grows is read by nobody."""
    named = {
        node.value
        for source in sources("src")
        if source.path != "src/taktvoll/base/errors.py"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert not sorted(TEXTS.keys() - named)


def test_a_failure_speaks_the_reader_s_language() -> None:
    """German readers get German, all others English; a missing figure must not turn a refusal into a crash."""
    refusal = Refused("message.too_long", limit=4000)
    assert "4000 Zeichen" in refusal.text("de-AT")
    assert "4000 characters" in refusal.text("tr")
    assert str(refusal) == f"message.too_long: {refusal.text('en')}"
    assert "?" in Refused("message.too_long").text("en")
    assert Broken("nothing.known").text("en") == TEXTS["internal"][1]


def test_what_is_unavailable_says_when_to_come_back() -> None:
    """Clients that retry at once make an outage worse."""
    away = Unavailable("database.unreachable", 7)
    assert isinstance(away, TaktvollError)
    assert (away.retry_after_s, away.fields["retry_after_s"]) == (7, 7)
