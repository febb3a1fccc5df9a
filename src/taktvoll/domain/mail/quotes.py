"""Which lines of a mail are quoted from an earlier one, by every habit of mail programs we know of.

I decide line by line: marked with ">", introduced by a sentence ("Am … schrieb …:"), or everything beneath an
Outlook block or a separator. `written.py` calls me. I never drop an answer that stands between quoted lines.
"""

# ruff: noqa: E501 - a rule is read on one line

import re
from collections.abc import Sequence
from enum import Enum

LINE_CHARS_READ = 400
INTRODUCTION_LINES_MAX = 5
BLOCK_LINES_MAX = 24
WRAPPED_AFTER_CHARS = 55
WRAPPED_CHARS_MAX = 45

_MARKED = re.compile(r"^\s{0,3}>")
_ESCAPED_FROM = re.compile(r"^>From ")
_MAIL = r"[^\s<>@]{1,80}@[^\s<>]{1,120}"
_DATE = re.compile(
    r"\d{1,2}\. ?(?:\d{1,2}\.|[A-Za-zä]{3,9})|\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{2,4}|\d{1,2}:\d\d|\d{1,2} [A-Za-z]{3,9}\.? \d{4}|[A-Za-z]{3,9}\.? \d{1,2}, \d{4}"
)
_ADDRESS = re.compile(_MAIL)
# Whoever writes "Am 5. Mai schrieb mir Ihr Kollege:" quotes in his own words.
_TOLD = re.compile(
    r"\b(?:schrieb(?:en)?|hat(?:ten)?|haben|habe|wrote|geschrieben)\s+(?:ich|mir|uns|wir|sie mir|sie uns|sie|me|us|to me|to us)\b|\b(?:ich|wir|mir|uns|i|we)\s+(?:schrieb(?:en)?|habe|haben|wrote)\b|\b(?:mir|uns)\b.{0,40}\bgeschrieben",
    re.IGNORECASE,
)
_INTRODUCTIONS = (
    re.compile(r"^am\b.{4,300}\bschrieb(?:en)?\b.{0,200}$", re.IGNORECASE),
    re.compile(r"^am\b.{4,300}\bha(?:t|ben)\b.{1,200}\bgeschrieben\W{0,3}$", re.IGNORECASE),
    re.compile(
        r"^(?:den|le|il|el|op|em|a|dne|w dniu)\b.{4,300}\b(?:schreef|a écrit|ha scritto|escribió|escreveu|skrev|napsal\w*|napisał\w*)\b.{0,120}$",
        re.IGNORECASE,
    ),
    re.compile(r"^on\b.{4,300}\bwrote\b.{0,20}$", re.IGNORECASE),
    re.compile(
        r"^.{1,160}\b(?:schrieb|wrote)\b(?: (?:am|on|um|at)\b.{4,80}| folgendes)?\W{0,4}$", re.IGNORECASE
    ),
    re.compile(r"^.{2,160}\bhat(?: am\b.{4,60}| folgendes)? geschrieben\W{0,3}$", re.IGNORECASE),
    re.compile(
        rf"^\d{{4}}-\d\d-\d\d \d\d?:\d\d(?::\d\d)?,? (?:(?:GMT|UTC|MES?Z)?(?:[+-]\d\d:?\d\d)?,? )?.{{0,120}}<?{_MAIL}>?\s*:$"
    ),
)
_BARE_INTRODUCTION = re.compile(
    r"^(?:zitat von .{2,200}|quoting .{2,200}|begin forwarded message|anfang der (?:weitergeleiteten|ursprünglichen) (?:nachricht|e-?mail)|"
    r"ursprüngliche nachricht|originalnachricht|weitergeleitete nachricht|nachricht weitergeleitet von .{2,120}):$",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r"^[\s*]*[-_=]{2,}\s*(?:urspr(?:ü|ue)ngliche[rns]? ?(?:nachricht|e-?mail|mail|text|anfrage)|original(?:[- ]?(?:nachricht|message|e-?mail|mail))|"
    r"weitergeleitete[rs]? (?:nachricht|e-?mail|mail)|forwarded (?:message|mail)|(?:forwarded|weitergeleitet|weitergeleitet durch) (?:by|von)\b.{0,160}|.{1,120}\bschrieb:|"
    r"start of forwarded message|anfang der weitergeleiteten nachricht|(?:ihre|vorherige) (?:ursprüngliche )?(?:nachricht|anfrage)|reply message|message d'origine|messaggio originale|"
    r"this is a copy of (?:the|your) message.{0,80}|the header of the original message.{0,60}|below this line is a copy of the message\.?|original message (?:follows|headers?).{0,40}|"
    r"kopie der (?:ursprünglichen )?nachricht.{0,60})[\s*]*[-_=]*\s*$",
    re.IGNORECASE,
)
_BELOW = re.compile(
    r"^\s*(?:#{2,}|-{2,}|={2,})?\s*(?:bitte (?:nur )?(?:ober|über)halb dieser (?:linie|zeile) (?:antworten|schreiben)|please (?:type|reply|write) (?:your reply )?above this line|reply above this line|antworten sie (?:bitte )?oberhalb dieser (?:linie|zeile)).{0,40}$",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*(?:_{5,}|-{5,}|={5,}|\*{5,})\s*$")


class _Key(Enum):
    FROM = r"von|from|absender|de|da|van"
    SENT = r"gesendet(?: am)?|sent|datum|date|gesendet um|versendet|verschickt|envoyé|inviato"
    TO = r"an|to|empf(?:ä|ae)nger|à"
    COPY = r"cc|kopie|bcc|blindkopie|cc/kopie"
    SUBJECT = r"betreff|subject|betr\.?|objet|oggetto"
    OTHER = r"antwort an|reply-to|priorit(?:ä|ae)t|wichtigkeit|importance|anlagen?|attachments?|anhang|anhänge|organisation"


_KEYED = re.compile(
    r"^\s{0,8}[*_|]{0,3}(?:"
    + "|".join(f"(?P<{key.name}>{key.value})" for key in _Key)
    + r")[*_]{0,2}\s{0,4}:[*_|]{0,2}(?=\s|$|<|\S)",
    re.IGNORECASE,
)
_ONE_LINE = re.compile(
    r"^\s*[*_]{0,2}(?:von|from)\s?:[*_]{0,2}.{3,200}\b(?:gesendet|sent|datum|date)\s?:.{3,120}\b(?:an|to)\s?:.{2,300}\b(?:betreff|subject)\s?:",
    re.IGNORECASE,
)


def quoted_lines(lines: Sequence[str]) -> list[bool]:
    """Say of every line whether it is quoted.

    Takes:  the lines of a plain text, any number.
    Gives:  one answer a line.
    """
    quoted = [False] * len(lines)
    at = 0
    while at < len(lines):
        if _is_marked(lines, at):
            quoted[at] = True
            at += 1
            continue
        length = _beginning(lines, at)
        if not length:
            at += 1
            continue
        after = _next_said(lines, at + length)
        if after < len(lines) and _is_marked(lines, after):
            quoted[at:after] = [True] * (after - at)
            at = after
        else:
            quoted[at:] = [True] * (len(lines) - at)
            break
    _mark_wrapped(lines, quoted)
    return quoted


def _is_marked(lines: Sequence[str], at: int) -> bool:
    return _MARKED.match(lines[at]) is not None and not _ESCAPED_FROM.match(lines[at])


def _beginning(lines: Sequence[str], at: int) -> int:
    """Give how many lines introduce a quote here; 0 where none begins."""
    line = " ".join(lines[at][:LINE_CHARS_READ].split())  # runs of blanks mean nothing, and cost their square
    if not line:
        return 0
    if _SEPARATOR.match(line) or _BELOW.match(line) or _ONE_LINE.match(line):
        after = _next_said(lines, at + 1)
        return after - at + _block(lines, after, sure=True) if after < len(lines) else 1
    if _RULE.match(line):
        after = _next_said(lines, at + 1)
        length = _block(lines, after, sure=True) if after - at <= 2 else 0
        return after - at + length if length else 0
    return _block(lines, at, sure=False) or _introduction(lines, at)


def _next_said(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _block(lines: Sequence[str], at: int, *, sure: bool) -> int:
    """Give the length of a block of header lines (Von, Gesendet, An, Betreff); `sure` asks for two lines only."""
    keys: list[str] = []
    end, position, addressed = at, at, False
    while position < min(len(lines), at + BLOCK_LINES_MAX):
        line = lines[position][:LINE_CHARS_READ]
        match = _KEYED.match(line)
        if match and match.lastgroup:
            keys.append(match.lastgroup)
            end = position + 1
        elif not keys or not (_continues(line) or (not line.strip() and _keyed_next(lines, position))):
            break
        else:
            end = position + 1
        addressed = addressed or _ADDRESS.search(line) is not None
        position += 1
    named = set(keys)
    dated = bool(named & {"SENT", "SUBJECT"})
    if "FROM" not in named or not dated or len(named) < 2:
        return 0
    mail_like = {"SENT", "SUBJECT"} <= named or addressed or {"COPY", "SUBJECT"} <= named
    return end - at if sure or (len(named) >= 3 and mail_like) or (addressed and len(named) >= 2) else 0


def _continues(line: str) -> bool:
    """Say whether a line goes on with the header line above: indented, or more addresses."""
    return bool(line.strip()) and (line[:1] in " \t" or _ADDRESS.search(line) is not None) and len(line) < 300


def _keyed_next(lines: Sequence[str], at: int) -> bool:
    return at + 1 < len(lines) and _KEYED.match(lines[at + 1][:LINE_CHARS_READ]) is not None


def _introduction(lines: Sequence[str], at: int) -> int:
    """Give how many lines the sentence has that introduces a quote; it may be wrapped."""
    joined = ""
    for length in range(1, INTRODUCTION_LINES_MAX + 1):
        if at + length > len(lines) or not lines[at + length - 1].strip():
            return 0
        joined = f"{joined} {lines[at + length - 1].strip()}".strip()[:LINE_CHARS_READ]
        if length > 1 and _is_marked(lines, at + length - 1):
            return 0
        if _introduces(joined, lines, at + length):
            return length
        if joined.endswith((".", "!", "?")) and not _DATE.search(joined[-8:]):
            return 0
    return 0


def _introduces(sentence: str, lines: Sequence[str], after: int) -> bool:
    if _BARE_INTRODUCTION.match(sentence):
        return True
    if not any(pattern.match(sentence) for pattern in _INTRODUCTIONS) or _TOLD.search(sentence):
        return False
    addressed = _ADDRESS.search(sentence) is not None
    if not addressed and not _DATE.search(sentence):
        return False
    following = _next_said(lines, after)
    marked = following < len(lines) and _is_marked(lines, following)
    return sentence.endswith(":") or marked or (addressed and sentence.endswith(">"))


def _mark_wrapped(lines: Sequence[str], quoted: list[bool]) -> None:
    """Mark the ends of quoted lines that a mail program has broken off and left without their mark."""
    for at in range(1, len(lines) - 1):
        line = lines[at].strip()
        if (
            line
            and not quoted[at]
            and _MARKED.match(lines[at - 1])
            and _MARKED.match(lines[at + 1])
            and len(lines[at - 1]) >= WRAPPED_AFTER_CHARS
            and len(line) <= WRAPPED_CHARS_MAX
            and not lines[at - 1].rstrip().endswith((".", "!", "?", ":", ","))
            and not line.endswith("?")
        ):
            quoted[at] = True
