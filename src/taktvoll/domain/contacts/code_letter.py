"""The mail that carries a one-time code: its words, in German and English.

I decide how it reads. The flow confirm_address calls me. I never hold the code: its place is filled in when it leaves.
"""

from collections.abc import Mapping
from types import MappingProxyType

CODE = "{code}"
"""Where the code stands; filled in by the flow deliver."""

_SUBJECT: Mapping[str, str] = MappingProxyType(
    {"de": "Ihr Code zur Bestätigung", "en": "Your confirmation code"}
)
_TEXT: Mapping[str, str] = MappingProxyType(
    {
        "de": (
            "Guten Tag,\n\n"
            "Ihr Code lautet: {code}\n\n"
            "Bitte tippen Sie ihn in das Chatfenster, in dem Sie diese Adresse angegeben haben. Er gilt {minutes} "
            "Minuten und nur einmal. Geben Sie ihn niemandem weiter; auch wir fragen nie danach.\n\n"
            "Haben Sie keinen Code angefordert, müssen Sie nichts tun.\n\n{company}"
        ),
        "en": (
            "Hello,\n\n"
            "Your code is: {code}\n\n"
            "Please type it into the chat window where you gave this address. It is valid for {minutes} minutes and "
            "only once. Do not pass it on to anyone; we will never ask you for it.\n\n"
            "If you have not asked for a code, you need not do anything.\n\n{company}"
        ),
    }
)


def subject_in(language: str) -> str:
    """The subject of the mail."""
    return _SUBJECT["de" if language.startswith("de") else "en"]


def text_in(language: str, company: str, minutes: int) -> str:
    """The words of the mail, with a place for the code."""
    text = _TEXT["de" if language.startswith("de") else "en"]
    return text.replace("{minutes}", str(minutes)).replace("{company}", company).strip()
