"""Links lead only to hosts the company lists.

I decide which links may be shown. release calls me. I never follow a link.
"""

import re
from urllib.parse import urlsplit

from taktvoll.domain.governance.terms import THEIR_WORDS, Draft, Hold, ReleaseFacts

# As wide as the widest reader: the chat makes a link of "https://" anywhere, up to white space, quote or angle bracket.
LINK = re.compile(r"(?:https?:[/\\]{2}|\bwww\.)[^\s<>\"]+", re.IGNORECASE)
CLOSING = ".,;:!?…“”„‘’‚'*»«)]}"
SCHEME = re.compile(r"\b(?:javascript|data|vbscript|file)\s*:", re.IGNORECASE)
OUR_PAGE = re.compile(r"/(?![/\\])[^\s\\]*")


def links_in(text: str) -> tuple[str, ...]:
    """Find web addresses in a text, without closing punctuation and brackets."""
    return tuple(m.group().rstrip(CLOSING) for m in LINK.finditer(text))


def host_of(link: str) -> str:
    """The host a web address leads to, lower case, without user, port and trailing dot; empty where it has none.

    A backslash counts as a slash, as it does in browsers; other schemes than http and https lead to no host.
    """
    link = link.replace("\\", "/")
    try:
        parts = urlsplit(link if "://" in link else f"https://{link}")
        host = parts.hostname if parts.scheme in ("http", "https") else None
    except ValueError:
        return ""
    return (host or "").rstrip(".").lower()


def listed(host: str, hosts: tuple[str, ...]) -> bool:
    """Whether a host is one of the listed ones or lies beneath one of them."""
    return any(host == h or host.endswith("." + h) for h in hosts)


def check(draft: Draft, facts: ReleaseFacts) -> Hold | None:
    """Hold a draft with a link to an unlisted host, in its text or its sources; a source's own page "/…" is ours.

    What is quoted of the customer is shown as plain text and leads nowhere.
    """
    said = [p.text for p in draft.parts if p.kind not in THEIR_WORDS]
    if any(SCHEME.search(text) for text in said):
        return Hold(("link.scheme",))
    links = [*links_in("\n\n".join(said)), *(s.url for s in draft.sources if not OUR_PAGE.fullmatch(s.url))]
    if all(listed(host_of(link), facts.link_hosts) for link in links):
        return None
    return Hold(("link.host_not_listed",))
