"""Small messages that are only a politeness, a yes, or the number of an offered choice.

I decide by plain rules over short texts, German and English. The understanding adapter calls me.
I never read anything into a longer message: whoever asks something wants an answer, not a greeting.
"""

import re

from taktvoll.domain.conversation.terms import Courtesy
from taktvoll.domain.mail.closings import is_closing
from taktvoll.domain.mail.salutations import is_salutation

_FILL = r"(?:\s*[!.,…:;)\-–☺😀-🙏👋👍❤️🏻-🏿]*)"
_NAMES = r"(?:\s+(?:zusammen|alle|team|liebes team|leute|there|everyone|all|nochmal))?"
_GREETING = re.compile(
    r"(?:hallo|hallöchen|hi|hey|hei|moin(?: moin)?|servus|grüezi|gr(?:ü|ue)(?:ß|ss)(?: gott| dich| sie)?|tach|"
    r"guten (?:tag|morgen|abend)|gut[e']n tach|hello|good (?:morning|afternoon|evening|day))" + _NAMES,
    re.IGNORECASE,
)
_WORKED = (
    r"(?:(?:jetzt|es|das)\s){0,2}hat(?:\s(?:alles|jetzt|super|gut|prima|sofort|mir|sehr))*"
    r"\s(?:geklappt|funktioniert|geholfen)"
    r"|das (?:war es|war['’]?s|war alles|reicht mir)|(?:it|that|this) (?:all )?(?:worked|helped)"
    r"|that(?:['’]s| is) (?:all|it)"
)
"""How people say that they are done; with a “nicht” or “not” among the words it is something else."""

_THANKS = re.compile(
    r"(?:ok(?:ay)?[, ]*|super[, ]*|prima[, ]*|alles klar[, ]*|perfekt[, ]*|top[, ]*|great[, ]*|perfect[, ]*)*"
    r"(?:(?:" + _WORKED + r")[,.!]*\s)?"
    r"(?:(?:vielen|herzlichen|besten|tausend|lieben) dank|danke?(?: ?sch(?:ö|oe)n| sehr| dir| ihnen| euch| vielmals)?"
    r"|dankesch(?:ö|oe)n|merci|thanks(?: a lot)?|thank you(?: very much| so much)?|thx|cheers)"
    r"(?: f(?:ü|ue)r (?:die|ihre|deine|eure) (?:schnelle |nette |gute )?(?:hilfe|antwort|auskunft|info))?"
    r"(?:[,.! ]*(?:" + _WORKED + r"|sehr nett|perfekt|super|tsch(?:ü|ue)(?:ss|ß)|tschau|ciao|bye"
    r"|sch(?:ö|oe)nen tag(?: noch)?))*",
    re.IGNORECASE,
)
_GOODBYE = re.compile(
    r"(?:tsch(?:ü|ue)(?:ss|ß|s)i?|auf wiedersehen|ciao|bis (?:bald|dann|später)|"
    r"sch(?:ö|oe)nen (?:tag|abend)(?: noch)?|(?:good)?bye(?: bye)?|see you)",
    re.IGNORECASE,
)
_YES = re.compile(
    r"(?:ja|jo|jap|jep|jawohl|klar|gerne?|bitte|"
    r"ja[, ]+(?:bitte|gerne?|genau|klar|unbedingt|das w(?:ä|ae)re (?:gut|nett|toll))|"
    r"bitte ja|sehr gerne?|ok(?:ay)?|machen sie das|mach das|yes(?:[, ]+please)?|yeah|yep|sure|please(?: do)?)",
    re.IGNORECASE,
)
_PICK = re.compile(r"(?:nr\.?|nummer|number|punkt|die|das|option)?\s*([1-9])\s*[.)]?", re.IGNORECASE)
_WORDS_MAX = 12
_ONLY_NAMES = re.compile(r"(?!PS\b)(?:[A-ZÄÖÜ][\w.'’-]*[ ,]*){1,4}")
_ASKS = re.compile(r"\?|\b(?:bitte|please|ps)\b|p\.\s?s\.", re.IGNORECASE)
"""What may not stand in a letter's first or last lines, if these are to be no more than form."""


def courtesy_of(text: str) -> Courtesy | None:
    """Say whether a message is nothing but a greeting, thanks or a goodbye, be it in the form of a letter."""
    text = _without_form(text)
    if len(text.split()) > _WORDS_MAX:
        return None
    for kind, pattern in (
        (Courtesy.THANKS, _THANKS),
        (Courtesy.GOODBYE, _GOODBYE),
        (Courtesy.GREETING, _GREETING),
    ):
        if _whole(pattern, text):
            return kind
    return None


def _without_form(text: str) -> str:
    """What stands between a letter's salutation and its sign-off; the text as it is where either might say more."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()][: _WORDS_MAX + 1]
    if len(lines) < 2:
        return text
    begin = 1 if is_salutation(lines[0]) and not _ASKS.search(lines[0]) else 0
    end = next((n for n in range(begin + 1, len(lines)) if is_closing(lines[n])), len(lines))
    form = lines[end:]
    only_form = all(_ONLY_NAMES.fullmatch(line) for line in form[1:])
    if form and (not only_form or _ASKS.search(form[0]) or len(form[0].split()) > 5):
        return text
    return " ".join(lines[begin:end])


def affirms(text: str) -> bool:
    """Say whether a message is a bare yes."""
    return _whole(_YES, text)


def picked(text: str) -> int | None:
    """Give the number of an offered choice, if the message is nothing but one."""
    match = _PICK.fullmatch(text.strip())
    return int(match.group(1)) if match else None


def _whole(pattern: re.Pattern[str], text: str) -> bool:
    return re.fullmatch(f"(?:{pattern.pattern}){_FILL}", text.strip(), re.IGNORECASE) is not None
