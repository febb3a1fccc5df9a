"""How a customer is greeted by name: what their own mail says they are called, and nothing that it does not say.

I decide which display names are names of people. The wording of a mail calls me. I never guess a gender: "Frau" and
"Herr" stand only where the customer wrote them, and a name that could be a message is no name.
"""

import re
from dataclasses import dataclass

from taktvoll.domain.conversation.terms import Address
from taktvoll.domain.governance.notices import VERSION, fixed_by_mail, spoken

NAME_CHARS_MAX = 60
WORDS_MAX = 4
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?")
_TITLE = re.compile(r"^(?:(frau|herr|herrn|mr|mrs|ms|miss)\.?)\s+", re.IGNORECASE)
_DEGREE = re.compile(
    r"^((?:(?:prof|dr)\.?(?:\s|(?=dr\b)))+)(?:(?:med|rer|nat|phil|jur|ing|h\.?c)\.?\s+)*", re.IGNORECASE
)
_NO_PERSON = re.compile(
    r"\b(?:gmbh|ag|kg|ohg|gbr|mbh|ug|e\.?v|inc|ltd|llc|team|info|service|kundenservice|support|office|kontakt|contact|"
    r"buchhaltung|rechnung|noreply|no-reply|postmaster|mailer|daemon|admin|administrator|webmaster|familie|praxis|kanzlei|"
    r"verein|schule|hausverwaltung|sekretariat|vertrieb|einkauf|newsletter|www|http)\b",
    re.IGNORECASE,
)
_WOMAN = ("frau", "mrs", "ms", "miss")


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who is greeted: the given and family names as written; title is "frau", "herr" or "" where none was stated."""

    given: str = ""
    family: str = ""
    title: str = ""
    degree: str = ""


NOBODY = Addressee()


def addressee_of(name: str) -> Addressee:
    """Read a display name.

    Gives:  NOBODY for firms, functions, addresses, and whatever is too long or holds digits or signs: the greeting is
            no place for a stranger's message.
    """
    text = " ".join(name.replace("„", "").replace("“", "").strip("\"' ").split())
    if not text or len(text) > NAME_CHARS_MAX or _NO_PERSON.search(text):
        return NOBODY
    if text.count(",") == 1:  # "Yılmaz, Selin"
        family, _, given = text.partition(",")
        text = f"{given.strip()} {family.strip()}"
    said = _TITLE.match(text)
    title = "" if said is None else "frau" if said[1].lower() in _WOMAN else "herr"
    text = text[said.end() :] if said else text
    degrees = _DEGREE.match(text)
    degree = (
        "" if degrees is None else " ".join(_degree(d) for d in re.findall(r"prof|dr", degrees[1].lower()))
    )
    words = (text[degrees.end() :] if degrees else text).split()
    if not 1 <= len(words) <= WORDS_MAX or not all(_WORD.fullmatch(w) for w in words):
        return NOBODY
    if len(words) == 1:  # a family name only where a title says so
        return Addressee("", words[0], title, degree) if title or degree else Addressee(words[0])
    split = next(
        (i for i, w in enumerate(words) if i and w.lower() in ("von", "van", "de", "zu", "der")),
        len(words) - 1,
    )
    return Addressee(" ".join(words[:split]), " ".join(words[split:]), title, degree)


def _degree(word: str) -> str:
    return "Prof." if word == "prof" else "Dr."


def greeting(
    who: Addressee, language: str, address: Address | None, texts: str = VERSION, *, full: bool = False
) -> str:
    """Greet: "Guten Tag Frau Yılmaz," where the title is known, else by the full name, else without one.

    Takes:  address: du gives "Hallo Selin,"; whoever writes Sie or neither is greeted formally; full: a new sentence
            follows: "Guten Tag Frau Yılmaz!".
    """
    end = "_full" if full else ""
    german, familiar = spoken(language) == "de", address is Address.DU
    name = _informal(who) if familiar else _formal(who, german)
    if not name:
        return fixed_by_mail(f"mail_greeting{end}", language, texts, familiar=familiar)
    return fixed_by_mail(f"mail_greeting_named{end}", language, texts, familiar=familiar).format(name=name)


def _informal(who: Addressee) -> str:
    return who.given or " ".join(p for p in (_title(who, german=True), who.family) if p)


def _formal(who: Addressee, german: bool) -> str:
    title = _title(who, german)
    if title and who.family:
        return " ".join(p for p in (title, who.degree, who.family) if p)
    return " ".join(p for p in (who.degree, who.given, who.family) if p)


def _title(who: Addressee, german: bool) -> str:
    if not who.title:
        return ""
    if german:
        return "Frau" if who.title == "frau" else "Herr"
    return "Ms" if who.title == "frau" else "Mr"
