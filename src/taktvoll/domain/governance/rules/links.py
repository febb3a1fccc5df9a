"""Links lead only to hosts the company lists.

I decide which links may be shown. release calls me. I never follow a link.
"""

import re
from urllib.parse import urlsplit

from taktvoll.domain.governance.terms import Draft, Hold, ReleaseFacts

LINK = re.compile(r"\b(?:https?://|www\.)[^\s<>\"'()\[\]{}]+", re.IGNORECASE)
SCHEME = re.compile(r"\b(?:javascript|data|vbscript|file)\s*:", re.IGNORECASE)


def links_in(text: str) -> tuple[str, ...]:
    """Find web addresses in a text, without closing punctuation."""
    return tuple(m.group().rstrip(".,;:!?…“”’*") for m in LINK.finditer(text))


def host_of(link: str) -> str:
    """The host a link leads to, lower case, without user, port and trailing dot; empty where it has none."""
    try:
        host = urlsplit(link if "://" in link else f"https://{link}").hostname
    except ValueError:
        return ""
    return (host or "").rstrip(".").lower()


def listed(host: str, hosts: tuple[str, ...]) -> bool:
    """Whether a host is one of the listed ones or lies beneath one of them."""
    return any(host == h or host.endswith("." + h) for h in hosts)


def check(draft: Draft, facts: ReleaseFacts) -> Hold | None:
    """Hold a draft with a link to an unlisted host, in its text or its sources; a source's own page "/…" is ours."""
    if any(SCHEME.search(p.text) for p in draft.parts):
        return Hold(("link.scheme",))
    links = [*links_in(draft.text), *(s.url for s in draft.sources if not s.url.startswith("/"))]
    if all(listed(host_of(link), facts.link_hosts) for link in links):
        return None
    return Hold(("link.host_not_listed",))
