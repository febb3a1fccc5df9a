"""Numbers, prices, dates, phone numbers, mail addresses and links come only from approved text.

I decide whether an assistant's message states a fact that its evidence does not. release calls me.
I never check a person's own words and never correct a text.
"""

import re
import unicodedata

from taktvoll.domain.governance.rules.links import links_in
from taktvoll.domain.governance.terms import Author, Draft, Hold, PartKind, ReleaseFacts

# 64 is what a mailbox may have (RFC 5321); without a bound, one long word costs the square of its length.
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(r"\d(?:[\d.,:/ \u00a0\u202f-]*\d)?")


def check(draft: Draft, facts: ReleaseFacts) -> Hold | None:
    """Hold the draft when a listed fact in its text is not found in its evidence.

    The numbers of the fixed texts are approved with them; what the customer wrote themselves is quoted, not stated.
    """
    if draft.author is not Author.ASSISTANT:
        return None
    said = "\n".join(p.text for p in draft.parts if p.kind in (PartKind.TEXT, PartKind.ALERT))
    missing = facts_in(said) - facts_in("\n".join(facts.evidence))
    return Hold(("fact.not_in_evidence",)) if missing else None


def facts_in(text: str) -> frozenset[str]:
    """Collect the facts of listed kinds: digits of every number, mail addresses, links; each normalised."""
    text = unicodedata.normalize("NFKC", text)
    mails = {m.group().lower() for m in _MAIL.finditer(text)}
    links = {link.lower() for link in links_in(text)}
    numbers = {re.sub(r"[^\d,.]", "", m.group()).strip(".,") for m in _NUMBER.finditer(text)}
    return frozenset(mails | links | numbers)
