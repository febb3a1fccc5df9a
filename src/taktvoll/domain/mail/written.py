"""What the sender of a mail newly wrote: its text without quotes, signature, footers and phone lines.

I decide the order in which a text is taken apart. `reading.py` and the automatic-mail rules call me.
I never change a word of what is kept.
"""

import re

from taktvoll.domain.mail.quotes import quoted_lines
from taktvoll.domain.mail.signatures import part_signature
from taktvoll.domain.mail.terms import Written

LINES_READ_MAX = 3_000
_EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")


def written_of(text: str) -> Written:
    """Tell what was newly written from what was not.

    Takes:  the text of a mail, line ends as "\\n".
    Gives:  the three pieces, each without empty lines around it; greeting and name belong to what was newly written.
    """
    every = [line.rstrip() for line in text.split("\n")]
    lines, beyond = every[:LINES_READ_MAX], every[LINES_READ_MAX:]
    quoted = quoted_lines(lines)
    own = [line for line, is_quoted in zip(lines, quoted, strict=True) if not is_quoted]
    rest = [line for line, is_quoted in zip(lines, quoted, strict=True) if is_quoted]
    if beyond:
        # Nobody's letter is that long: what goes on there goes on as its last line.
        (rest if quoted[-1] else own).extend(beyond)
        return Written(_joined(own), _joined(rest), "")
    kept: list[str] = []
    signature: list[str] = []
    for run in _runs(lines, quoted):
        belongs, does_not = part_signature(run)
        kept += belongs if run[-1].strip() else [*belongs, ""]
        signature += does_not
    return Written(_joined(kept), _joined(rest), _joined(signature))


def _runs(lines: list[str], quoted: list[bool]) -> list[list[str]]:
    """Give the stretches between quoted lines: an answer beneath a quote belongs to no sign-off above it."""
    runs: list[list[str]] = [[]]
    for line, is_quoted in zip(lines, quoted, strict=True):
        if not is_quoted:
            runs[-1].append(line)
        elif any(one.strip() for one in runs[-1]):
            runs.append([])
    return [run for run in runs if any(line.strip() for line in run)]


def _joined(lines: list[str]) -> str:
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip("\n").rstrip()
