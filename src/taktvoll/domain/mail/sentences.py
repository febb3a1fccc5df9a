"""The sentences of a letter, across wrapped lines, with abbreviations and dates left whole.

I decide where a sentence ends. The rules for questions and for automatic mail call me. I never change a word.
"""

import re

SENTENCES_MAX = 2_000
JOINED_FROM_CHARS = 58
_ITEM = re.compile(r"^\s*(?:[-*•–·]|\(?\d{1,2}[.)]+\)?|\(?[a-z]\))\s+")
_END = re.compile(r"[.!?…]+[)\"“”»«']*(?=\s|$)")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(„\"])(?:z|b|d|h|u|a|o|i|v|s|e|t|bzw|ca|evtl|ggf|inkl|exkl|nr|art|str|tel|abs|st|dr|prof|hr|fr|hrn|mio|mrd|max|min|usw|etc|vgl|vs|mfg|lt|bspw|"
    r"zzgl|bzgl|betr|dipl|ing|mag|sog|gem|kd|rg|best|jan|feb|apr|jun|jul|aug|sept?|okt|nov|dez|mo|di|mi|do|sa|so|std|tägl|mind|insb|geb|mr|mrs|ms|no|e\.g|i\.e|approx|"
    r"[\w.-]*\d{1,2}|[a-zäöü]\.\s?[a-zäöü])$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?:^|\s)\d{1,2}$")


def sentences_of(text: str) -> list[str]:
    """Give the sentences in their order, each on one line, list marks taken off."""
    found: list[str] = []
    for piece in _pieces(text):
        found.extend(_parted(piece))
        if len(found) >= SENTENCES_MAX:
            break
    return found[:SENTENCES_MAX]


def _pieces(text: str) -> list[str]:
    """Join lines that a mail program has wrapped; a list item, a short line and a paragraph stand for themselves."""
    pieces: list[str] = []
    open_ended, last_chars = False, 0
    for line in text.split("\n"):
        bare = line.strip()
        if not bare:
            open_ended = False
            continue
        item = _ITEM.match(line)
        goes_on = open_ended and not item and (bare[0].islower() or last_chars >= JOINED_FROM_CHARS)
        words = _ITEM.sub("", line).strip()
        if goes_on:
            pieces[-1] = f"{pieces[-1]} {bare}"
        elif words:
            pieces.append(words)
        open_ended = bool(pieces) and not bare.endswith((".", "!", "?", ":", "…"))
        last_chars = len(bare)
    return pieces


def _parted(piece: str) -> list[str]:
    found, start = [], 0
    for match in _END.finditer(piece):
        rest = piece[match.end() :].lstrip()
        if match.group().startswith(".") and len(match.group()) == 1 and rest:
            head = piece[max(start, match.start() - 24) : match.start()]
            if _ABBREVIATION.search(head) and not (rest[0].isupper() and _number_ends(head, rest)):
                continue
        found.append(piece[start : match.end()].strip())
        start = match.end()
    found.append(piece[start:].strip())
    return [one for one in found if one]


def _number_ends(head: str, rest: str) -> bool:
    """Say whether a number before a full stop ends the sentence: long ones do, "03." and "5. Mai" do not."""
    number = re.search(r"\d+$", head)
    return number is not None and (len(number.group()) > 2 or re.search(r"\.\d{1,2}$", head) is not None)
