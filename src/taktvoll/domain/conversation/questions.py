"""The questions of a message, where it holds several, and whether it only makes sense after the one before it.

I decide by sentences: which of them ask, and which of these only lean on another. The understanding adapter calls me.
I never split a sentence.
"""

# ruff: noqa: E501 - a rule is read on one line

import re

QUESTIONS_MAX = 8
FOLLOWS_WORDS_MAX = 9
_SENTENCE = re.compile(r"[^.?!\n…]+(?:[.](?=\S)[^.?!\n…]*)*[.?!…]*")
_WORD = re.compile(r"[^\W_]+")
_ASKS_FIRST = frozenset(
    """
    wie wann wo wohin woher warum wieso weshalb was welche welcher welches welchen wer wen wem wieviel womit wofür wofuer woran
    kann können koennen könnt koennt darf dürfen muss müssen muessen gibt ist sind hat haben geht gilt bekomme bekommen kriege soll sollte
    brauche brauch kostet lässt laesst werden wird bieten akzeptieren
    how when where why what which who can could do does is are may must will should have
    """.split()
)
_LEANS = re.compile(
    r"^\W*(?:und |also |and |oder |or |but |aber )?(?:geht das|ist das (?:so )?(?:normal|richtig|moeglich|möglich|korrekt)|stimmt das|oder|oder nicht|"
    r"was (?:soll|kann|muss) ich (?:jetzt |nun |da |denn )?(?:tun|machen)|was (?:mache|tue) ich (?:jetzt|nun|da)|können sie (?:mir )?(?:da |bitte )?helfen|"
    r"koennen sie (?:mir )?(?:da |bitte )?helfen|könnt ihr (?:mir )?(?:da )?helfen|was nun|wie geht das|wissen sie (?:da )?(?:was|mehr)|richtig|ok|okay|ja|nein|"
    r"hab ich recht|verstehen sie|wie kann das sein|warum|wieso|is that (?:ok|okay|right|normal|possible)|can you help(?: me)?|what (?:should|do) i do|right)\W*$",
    re.IGNORECASE,
)
_AND = re.compile(
    r"^\W*(?:und|oder|aber|and|or|but|also|what about|how about|was ist mit|wie ist es mit|wie sieht(?:'s| es)? (?:das )?(?:mit|bei))\b",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:das|dies|dafür|dafuer|damit|davon|dazu|daran|dabei|dann|denn|da|dort|es|die|der|den|sie|it|that|this|then|there|those|them)\b",
    re.IGNORECASE,
)
_ELLIPSIS = re.compile(
    r"^\W*(?:(?:und |and )?(?:auf|am|im|in|bei|für|fuer|mit|ohne|per|über|ueber|ab|bis|zum|zur|als|wenn|falls|on|for|with|without|in|at|if|by)\b|"
    r"(?:auch|nur|gleich|ebenso|also|even|only) \w+ \w+\W*$|(?:auch|nur|sonst|ansonsten|jetzt noch|noch|immer|warum|wieso|wann|wo|wie lange|wie oft|wie viel|wieviel|seit wann|bis wann|why|when|where|how long|how much|how often|since when)\W*$)",
    re.IGNORECASE,
)
_SELF_STANDING = re.compile(r"\b(?:ich|wir|mein\w*|unser\w*|i|we|my|our)\b", re.IGNORECASE)
_THIS = re.compile(
    r"\b(?:das|dies|dafür|dafuer|damit|davon|dazu|daran|dabei|dort|it|that|this|there)\b", re.IGNORECASE
)


def questions_in(text: str) -> tuple[tuple[int, int], ...]:
    """Give the places (start, end) of the questions of a message, if it holds several; greetings and story are left out.

    What only makes sense after the question before it ("Kostet das was?") is no question of its own.
    """
    found: list[tuple[int, int]] = []
    for match in _SENTENCE.finditer(text):
        sentence = match.group()
        if asks(sentence) and not leans(sentence) and not (found and _points_back(sentence)):
            start = match.start() + len(sentence) - len(sentence.lstrip())
            found.append((start, start + len(sentence.strip())))
    return tuple(found[:QUESTIONS_MAX]) if len(found) > 1 else ()


def asks(sentence: str) -> bool:
    """Say whether one sentence is a question: by its mark, or by a question word at its head."""
    words = _WORD.findall(sentence)
    if len(words) < 2:
        return False
    leading = words[0].casefold() in _ASKS_FIRST and len(words) >= 3
    return "?" in sentence or (leading and not sentence.rstrip().endswith(("!", ".")))


def leans(sentence: str) -> bool:
    """Say whether a sentence asks nothing by itself: "Ist das so richtig?", "Was soll ich jetzt tun?"."""
    return _LEANS.match(sentence) is not None


def follows_up(text: str) -> bool:
    """Say whether a message leans on the one before it: "und auf dem iPhone?", "geht das auch am Wochenende"."""
    words = _WORD.findall(text)
    if not 1 <= len(words) <= FOLLOWS_WORDS_MAX:
        return False
    if _AND.match(text):
        return True
    if _ELLIPSIS.match(text):
        return len(words) <= 6 and not (len(words) > 3 and _SELF_STANDING.search(text))
    return _points_back(text)


def _points_back(text: str) -> bool:
    """Say whether a short question is about "it" or "this" and names nothing of its own: "Kostet das was?"."""
    words = _WORD.findall(text)
    if len(words) > 1 and words[0].casefold() in ("und", "aber", "and", "but"):
        words = words[1:]
    leading = 0 < len(words) <= FOLLOWS_WORDS_MAX and words[0].casefold() in _ASKS_FIRST
    return leading and bool(_THIS.search(text)) and not _names(words)


def _names(words: list[str]) -> bool:
    """Say whether a short question names its own subject: a noun of some length, or what belongs to the customer."""
    nouns = [w for w in words[1:] if w[0].isupper() and len(w) >= 6 and w.casefold() not in _COMMON]
    return bool(nouns) or any(w.casefold() in _OWNED for w in words)


_OWNED = frozenset("mein meine meinen meiner meinem unser unsere my our".split())
_COMMON = frozenset(
    "wochenende ausland handy internet samstag sonntag feiertag montag online weekend abroad telefon computer".split()
)
