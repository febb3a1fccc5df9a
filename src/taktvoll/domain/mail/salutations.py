"""The words with which people begin a letter, German and English, and where a salutation ends.

I decide which words greet. The questions of a mail, courtesies, a mail's wording and the desk's rows call me.
I never take a sentence that merely begins with such a word for a salutation ("Lieber am Montag.").
"""

# ruff: noqa: E501 - a rule is read on one line

import re

NAMED_CHARS_MAX = 60
_WORDS = (
    r"(?:sehr geehrte[rsn]?|werte[rs]?|liebe[rs]?|hallo|hallöchen|hi|hey|hei|moin(?: moin)?|servus|grüezi|gr(?:ü|ue)(?:ß|ss) (?:gott|dich|sie|euch)|"
    r"guten (?:tag|morgen|abend)|gute[nr]? tag|dear|hello|good (?:morning|afternoon|evening|day))"
)
_TITLE = r"\b(?:dr|prof|dipl|ing|med|mr|mrs|ms|st)\."
_OPENED = re.compile(
    rf"\s*{_WORDS}\b(?:{_TITLE}|[^,!?.:\n]){{0,{NAMED_CHARS_MAX}}}[,!:][^\S\n]*", re.IGNORECASE
)
_LINE = re.compile(
    rf"(?!liebe[rs]?\b.*\.)\s*{_WORDS}\b(?:{_TITLE}|[^,!?.:\d\n]){{0,{NAMED_CHARS_MAX}}}[,!:.]?\s*",
    re.IGNORECASE,
)
_FORM = re.compile(rf"{_WORDS}\b[^?\d:]{{0,{NAMED_CHARS_MAX}}}", re.IGNORECASE)


def opened_by(text: str) -> int:
    """Where the salutation ends with which a text begins, its comma and blanks included; 0 where there is none.

    >>> opened_by("Guten Tag Frau Dr. Berg, wann kommt die Rechnung?"), opened_by("Hallo wann kommt sie?")
    (25, 0)
    """
    found = _OPENED.match(text)
    return found.end() if found else 0


def greets(text: str) -> bool:
    """Whether a letter greets by itself: it begins with a salutation, or with a line that is nothing else."""
    first, _, _ = text.lstrip().partition("\n")
    return opened_by(text) > 0 or _LINE.fullmatch(first) is not None


def is_salutation(line: str) -> bool:
    """Whether a line of a letter may be its salutation, if another line follows; commas and names may stand in it."""
    return _FORM.fullmatch(line) is not None
