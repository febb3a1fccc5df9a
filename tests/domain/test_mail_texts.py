"""Texts of mails as customers and machines write them, read to the end; each was written to break a rule."""

import json
from pathlib import Path
from typing import Any

import pytest

from taktvoll.domain.mail.reading import reading_of
from tests.domain.mails import mail

TEXTS = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "mails" / "texts.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]


@pytest.mark.parametrize("expected", TEXTS, ids=lambda one: one["subject"][:40])
def test_every_text_is_read_right(expected: dict[str, Any]) -> None:
    """What is new, how much is asked and whether a machine wrote decide together what happens to a mail."""
    reading = reading_of(mail(subject=expected["subject"], text=expected["text"]))
    assert reading.written.new_text == expected["new_text"]
    assert len(reading.questions) == expected["questions"], reading.questions
    assert reading.verdict.automatic is expected["automatic"]
