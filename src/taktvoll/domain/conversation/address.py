"""The form of address that a customer uses: Sie, or du and ihr.

I decide by the words for you, where they cannot mean she or they. The understanding adapter calls me.
I never guess: a message that addresses nobody has no form.
"""

# ruff: noqa: E501 - a rule is read on one line

import re

from taktvoll.domain.conversation.terms import Address

_DU = re.compile(
    r"\b(?:du|dir|dich|dein(?:e[nmrs]?)?|euch|eure?(?:n|m|r|s)?|euer)\b|"
    r"\b(?:habt|seid|könnt|koennt|wisst|wollt|müsst|muesst|macht|bietet|schickt|gebt|nehmt|liefert|braucht|werdet) ihr\b|"
    r"\bihr (?:habt|seid|könnt|koennt|wollt|macht|müsst|muesst|bietet|mir|mich|uns)\b|"
    r"\b(?:kannst|hast|bist|weißt|weisst|willst|machst|gibst|hilfst|musst|sollst|könntest|koenntest|würdest|wuerdest)\b|"
    r"\b(?:habter|könnter|hobts|habts|könnts|kannste|haste|biste|gibts ihr)\b"
)
_SIE_WORDS = re.compile(r"(?<![.?!:]\s)(?<!^)\b(?:Sie|Ihnen|Ihr(?:e[nmrs]?)?)\b")
_SIE_VERBS = re.compile(
    r"\b(?:haben|können|koennen|könnten|koennten|würden|wuerden|sind|bieten|möchten|moechten|wollen|werden|müssen|muessen|"
    r"dürfen|akzeptieren|nehmen|liefern|schicken|geben|rufen|senden|teilen|melden|sagen|helfen|prüfen|pruefen|lassen|machen|"
    r"löschen|loeschen|bestätigen|bestaetigen|verbinden|stellen|brauchen|benötigen|benoetigen|versenden|wissen|verlangen|"
    r"berechnen|sehen|finden|kommen|schauen|bitten|buchen|ziehen|tun|schreiben|erklären|erklaeren) sie\b|\bsehr geehrte|\bwerte damen|\bihnen\b",
    re.IGNORECASE,
)
_LETTER = re.compile(r"\bsehr geehrte", re.IGNORECASE)


def address_in(text: str, language: str | None) -> Address | None:
    """Tell how the customer addresses us; None in other languages than German, and where nobody is addressed.

    Takes:  language: BCP 47 as told for this text, or None.
    """
    if language is not None and language.split("-", 1)[0] != "de":
        return None
    formal = len(_SIE_WORDS.findall(text)) + len(_SIE_VERBS.findall(text)) + 2 * len(_LETTER.findall(text))
    familiar = len(_DU.findall(text.lower()))
    if formal == familiar:
        return None
    return Address.SIE if formal > familiar else Address.DU
