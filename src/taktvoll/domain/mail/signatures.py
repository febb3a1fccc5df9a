"""Where a letter ends: the sign-off and the name belong to it, contact details, taglines and legal footers do not.

I decide by the shape of the last lines. `written.py` calls me once quotes are gone. I never cut what still speaks:
a postscript, a question or a customer number beneath the name stays.
"""

import re
from collections.abc import Sequence

from taktvoll.domain.mail.closings import is_closing, is_weak_closing, names_after_closing
from taktvoll.domain.mail.footers import is_contact, is_device, is_footer, is_reference, is_role

LINE_CHARS_READ = 400
CLOSING_LINES_MAX = 60
SIGNATURE_LINES_MAX = 40
NAME_CHARS_MAX = 60
_DELIMITER = re.compile(r"^\s{0,3}(?:-{2,3}|—|–-)\s*$")
_RULE = re.compile(r"^\s*(?:[_\-=*~#+.·•–—]\s?){3,}\s*$")
_POSTSCRIPT = re.compile(
    r"^\s*(?:p\.?\s?p?\.?\s?s\.?\s*[:.\-–]|p\.?s\.?\s+\w|nachtrag\b|nb:|anlagen?\b|anhang\b|anhänge\b|edit:)",
    re.IGNORECASE,
)
_SPEAKS = re.compile(
    r"\b(?:ich|mir|mich|meine?[mnrs]?|bitte|(?-i:I)|my|me|please|i'm|können sie|kannst du)\b", re.IGNORECASE
)
_MOTTO = re.compile(r"^\s*[\"'„“”»«*_~]")
_WORD = re.compile(r"[^\W\d_]+")
_NAME_GOES_ON = re.compile(r"^\s*(?:und|u\.|&|\+|and|sowie|mit|i\. ?a\.|ppa\.?|i\. ?v\.|\()", re.IGNORECASE)


def part_signature(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """Part the lines of a letter.

    Gives:  the lines that belong to it, and those that do not.
    """
    kept = [line for line in lines if not is_device(line[:LINE_CHARS_READ])]
    dropped = [line for line in lines if is_device(line[:LINE_CHARS_READ])]
    kept, below = _cut_delimited(kept)
    kept, peeled = _peeled(kept)
    kept, beneath = _cut_beneath_name(kept)
    kept, again = _peeled(kept)
    return kept, [*again, *beneath, *peeled, *below, *dropped]


def _cut_delimited(lines: list[str]) -> tuple[list[str], list[str]]:
    """Cut at "-- "; a postscript beneath the signature stays, and so does a text that goes on after a mere dash."""
    for at, line in enumerate(lines):
        if not _DELIMITER.match(line):
            continue
        below = lines[at + 1 :]
        said = [one for one in below if one.strip()]
        if len(said) > SIGNATURE_LINES_MAX or (any(map(is_closing, said)) and len(said) > 6):
            continue
        # Three dashes are more often a mere rule; then whatever is a sentence speaks against a signature.
        sure = line.strip() == "--"
        if any(
            _says_more(one[:LINE_CHARS_READ], block=sure, gap=False) and not _POSTSCRIPT.match(one)
            for one in said
        ):
            continue
        postscript = _postscript(below)
        return [*lines[:at], *postscript], [one for one in below if one not in postscript]
    return lines, []


def _postscript(below: Sequence[str]) -> list[str]:
    for at, line in enumerate(below):
        if _POSTSCRIPT.match(line) and line.strip()[:1] in "pP":
            end = next((i for i in range(at, len(below)) if not below[i].strip()), len(below))
            return ["", *below[at:end]]
    return []


def _peeled(lines: list[str]) -> tuple[list[str], list[str]]:
    """Take footers, rules and empty lines off the end, as long as there are any."""
    kept, peeled = list(lines), list[str]()
    while kept:
        last = kept[-1]
        if not last.strip() or _RULE.match(last):
            peeled.insert(0, kept.pop())
            continue
        start = _paragraph_start(kept)
        at = next((i for i in range(start, len(kept)) if _begins_footer(kept, i)), None)
        if at is None:
            break
        peeled[:0] = kept[at:]
        del kept[at:]
    return kept, peeled


def _begins_footer(lines: Sequence[str], at: int) -> bool:
    """Say whether a footer begins with this line; a phrase may be wrapped."""
    joined = " ".join(line.strip() for line in lines[at : at + 3])[:LINE_CHARS_READ]
    return is_footer(joined) and not is_reference(lines[at]) and not _POSTSCRIPT.match(lines[at])


def _paragraph_start(lines: Sequence[str]) -> int:
    start = len(lines) - 1
    while start > 0 and lines[start - 1].strip():
        start -= 1
    return start


def _cut_beneath_name(lines: list[str]) -> tuple[list[str], list[str]]:
    """Cut what stands beneath sign-off and name; where nobody signs off, what is nothing but contact details."""
    closing = _closing(lines)
    if closing is None:
        return _cut_contacts(lines)
    kept, dropped = lines[: closing + 1], list[str]()
    named = int(names_after_closing(lines[closing]))
    firm_first = gap = block = speaking = False
    for at in range(closing + 1, len(lines)):
        line = lines[at][:LINE_CHARS_READ]
        if not line.strip():
            gap, speaking = True, False
            (dropped if block else kept).append(lines[at])
            continue
        if speaking or _says_more(line, block=block, gap=gap):
            speaking = True
        elif _is_name(line) and (
            not named
            or (not gap and not block and (firm_first or _NAME_GOES_ON.match(line)))
            or (not block and _only_name(lines[at:]))
        ):
            firm_first = not named and is_role(line)
            named += 1
        elif not is_reference(line):
            block = True
            dropped.append(lines[at])
            continue
        kept.append(lines[at])
    return kept, dropped


def _closing(lines: Sequence[str]) -> int | None:
    """Find the line with the sign-off: the last of those that are one beyond doubt, else a thank-you near the end."""
    first = max(0, len(lines) - CLOSING_LINES_MAX)
    for at in range(len(lines) - 1, first - 1, -1):
        if is_closing(lines[at][:LINE_CHARS_READ]):
            return at
    said = 0
    for at in range(len(lines) - 1, first - 1, -1):
        line = lines[at][:LINE_CHARS_READ]
        if not line.strip():
            continue
        if is_weak_closing(line):
            return at
        said += 1
        if said > 12 or _says_more(line, block=False, gap=False):
            return None
    return None


def _says_more(line: str, *, block: bool, gap: bool) -> bool:
    """Say whether a line beneath the sign-off is still something said.

    Within a block of details, only what speaks of me; after an empty line, only more than a motto.
    """
    if _POSTSCRIPT.match(line):
        return True
    words = _WORD.findall(line)
    if len(words) < 4 or is_footer(line):
        return False
    speaks = _SPEAKS.search(line) is not None
    if block:
        return (speaks or (line.rstrip().endswith("?") and len(words) > 4)) and not is_contact(line)
    ends = line.rstrip().endswith((".", "?", "!", ":"))
    if gap:
        sentence = ends and len(words) >= 6 and sum(w.islower() for w in words) >= 3
        return speaks or (sentence and not _MOTTO.match(line))
    return speaks or (ends and len(words) > 4 and any(w.islower() for w in words))


def _only_name(rest: Sequence[str]) -> bool:
    """Say whether nothing but a short name is left, so that it is the signer's whatever stood on the line above."""
    said = [line for line in rest if line.strip()]
    words = _WORD.findall(said[0])
    return len(said) == 1 and 0 < len(words) <= 3 and not is_role(said[0]) and not re.search(r"\d", said[0])


def _is_name(line: str) -> bool:
    return len(line.strip()) <= NAME_CHARS_MAX and not is_contact(line) and not _RULE.match(line)


def _cut_contacts(lines: list[str]) -> tuple[list[str], list[str]]:
    """Cut a last paragraph that is nothing but contact details; the name at its head stays unless it stood above."""
    if not lines:
        return lines, []
    start = _paragraph_start(lines)
    block = [line[:LINE_CHARS_READ] for line in lines[start:]]
    contacts = sum(map(is_contact, block))
    before = next((line for line in reversed(lines[:start]) if line.strip()), "")
    if start == 0 or contacts == 0 or before.rstrip().endswith(":"):
        return lines, []
    plain = [line for line in block if not is_contact(line)]
    if (
        any(_says_more(line, block=False, gap=False) or is_reference(line) for line in plain)
        or len(plain) > contacts + 2
    ):
        return lines, []
    if any(_is_prose(line) for line in plain):
        return lines, []
    if contacts < 2 and len(block) < 2 and not re.search(r"[|•·,]", block[0]):
        return lines, []
    head = 1 if _is_name(block[0]) and not is_role(block[0]) and not _looks_signed(before) else 0
    return lines[: start + head], lines[start + head :]


def _is_prose(line: str) -> bool:
    words = _WORD.findall(line)
    return len(words) >= 5 and sum(word.islower() for word in words) >= 3


def _looks_signed(line: str) -> bool:
    words = _WORD.findall(line)
    return (
        0 < len(words) <= 3 and all(w[0].isupper() for w in words) and not line.rstrip().endswith(("?", ":"))
    )
