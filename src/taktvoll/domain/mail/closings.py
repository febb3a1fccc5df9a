"""The lines with which people sign off, German and English, and whether a name follows on the same line.

I decide which words sign off. `signatures.py` calls me; the questions of a mail are read without such lines.
I never take a sentence that merely contains a greeting for one ("Grüßen Sie Ihre Kollegin von mir").
"""

# ruff: noqa: E501 - a rule is read on one line

import re

CLOSING_CHARS_MAX = 90
_GREETING = (
    r"(?:(?:mit|m\.|und|u\.|&|danke|dank|vielen|liebe[nr]?|lieben|viele|vielen|beste[n]?|freundl\.?|freundlich(?:e|en|em|er|st|sten)?|herzlich(?:e|en|er|ste|sten|em)?|sch(?:ö|oe)ne[n]?|nette[n]?|sonnige[n]?|"
    r"kollegiale[n]?|hoffnungsvolle[n]?|verärgerte[n]?|fr(?:ö|oe)hliche[n]?|winterliche[n]?|sommerliche[n]?|sportliche[n]?|weihnachtliche[n]?|adventliche[n]?|verregnete[n]?|genervte[n]?|ratlose[n]?|zufriedene[n]?|\w{3,20}(?:ige|liche|ische|ende|ste)n?|die|den|einen|ganz|recht|sehr|im|voraus|noch|tausend|1000|besten)[,!.]?\s+){0,6}"
    r"gr(?:ü|u|ue)(?:ß|ss|s)(?:e|en|le|chen|li)?\b"
)
_STRONG = (
    rf"{_GREETING}|mfg|m\.f\.g\.?|lg|l\.g\.|vg|bg|hg|glg|vlg|liebgruß|hochachtungsvoll|herzlichst|freundlichst|mit (?:vorzüglicher|ausgezeichneter) hochachtung|"
    r"(?:with )?(?:kind(?:est)?|best|warm(?:est)?|many)? ?regards|best wishes|all the best|(?:yours )?(?:sincerely|faithfully|truly)(?: yours)?|yours|cheers|"
    r"gru(?:ß|ss)|grüßle|greetings|servus und|ahoi"
)
_WEAK = (
    r"(?:(?:vielen|herzlichen|besten|lieben|schon ?mal|schonmal|schon|im voraus|tausend|1000|many|big|danke|ganz)[, ]+)*(?:dank|danke|dankesch(?:ö|oe)n|merci|thanks|thank you|thx)\b|(?:danke|thanks)\b|"
    r"(?:(?:einen?|noch|ein|ihnen|und|ich wünsche(?: ihnen| euch| dir)?|wünsche)\s+){0,4}(?:sch(?:ö|oe)ne[nrs]?|angenehme[nrs]?|gute[nrs]?|erholsame[nrs]?)\s+(?:tag|abend|woche|wochenende|feierabend|zeit|feiertage|weihnachten|start)\b|"
    r"bis (?:bald|dann|später|demnächst|morgen)|tschüss?|tschau|ciao|alles (?:gute|liebe)|mach'?s gut|ihre?\b|dein|deine|euer|eure|best|best,|have a (?:nice|good|great) \w+|looking forward.{0,40}|in erwartung ihrer.{0,40}"
)
_TAIL = r"(?P<tail>[\s,;.!:\-–—/&+()☺😀-🙏]*.{0,60})$"
_AT_START = re.compile(rf"^\s*(?P<words>{_STRONG})(?![\w-]){_TAIL}", re.IGNORECASE)
_AT_END = re.compile(rf"^.{{3,300}}[.!?)…]\s+(?P<words>{_STRONG})(?![\w-]){_TAIL}", re.IGNORECASE)
_WEAK_START = re.compile(rf"^\s*(?P<words>{_WEAK})(?![\w-]){_TAIL}", re.IGNORECASE)
_GOES_ON = re.compile(
    r"^\W*(?:sie|ihn|ihm|bitte|an (?!alle)|von mir|die|der|das|dass|euch bitte|muss|ist|sind|war|hat|haben|kann|wird|wurde|und (?:bitte|können|wann|wie)|\w+ (?:ist|sind|war|hat|kann|wird|wurde|kam|kommt|muss)\b)",
    re.IGNORECASE,
)
_AFTER_NAME = re.compile(
    r"\b(?:aus|vom|von|dem|der|den|an|alle|alles|team|ihr|ihre|sonnigen|nach|in|im|voraus|vorab|sendet|ihnen|dir|euch|und|u)\b",
    re.IGNORECASE,
)
_STRONG_INSIDE = re.compile(rf"\b(?:{_STRONG})(?!\w)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")


def is_closing(line: str) -> bool:
    """Say whether a line signs off beyond doubt."""
    return _closing(line) is not None


def is_weak_closing(line: str) -> bool:
    """Say whether a line may sign off: thanks or a good wish, where only names and details follow."""
    match = _WEAK_START.match(line) if len(line) <= CLOSING_CHARS_MAX else None
    return match is not None and not match["tail"].rstrip().endswith(("?", ":"))


def names_after_closing(line: str) -> bool:
    """Say whether a name stands on the line of the sign-off itself: "Gruß Olaf Jensen"."""
    match = _closing(line) or _WEAK_START.match(line)
    if match is None:
        return False
    tail = match["tail"]
    if re.match(r"^\s*(?:aus|vom|von|nach)\b", tail, re.IGNORECASE):
        # "Grüße aus Köln" names a place, "Grüße aus Köln, Eva" a person as well.
        tail = re.sub(
            r"^\s*(?:aus|vom|von|nach)\s+(?:(?:dem|der|den)\s+)?(?:\w+\s+)??[\w-]+",
            "",
            tail,
            count=1,
            flags=re.IGNORECASE,
        )
    rest = _AFTER_NAME.sub(" ", _STRONG_INSIDE.sub(" ", tail))
    return any(word[0].isupper() for word in _WORD.findall(rest)) and not re.match(
        r"^\W*(?:für|for|im voraus|schon|und)\b", match["tail"], re.IGNORECASE
    )


def _closing(line: str) -> re.Match[str] | None:
    if not line.strip():
        return None
    match = _AT_START.match(line) if len(line.strip()) <= CLOSING_CHARS_MAX else None
    match = match or _AT_END.match(line)
    if match is None or _GOES_ON.match(match["tail"]) or match["tail"].rstrip().endswith("?"):
        return None
    return match
