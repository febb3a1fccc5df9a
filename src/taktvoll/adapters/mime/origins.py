"""What servers found out about a sender, read without believing the sender's own words.

I decide what counts as a finding. The reader calls me. I never take for one what stands in a comment, in quotes
or in a value: all of these may hold the envelope's address, which the sender chooses.
Source: RFC 8601, section 2.2.
"""

import re

from taktvoll.adapters.mime.addresses import addresses_of
from taktvoll.adapters.mime.charsets import decoded
from taktvoll.adapters.mime.fields import Fields
from taktvoll.domain.contacts.addresses import ascii_domain
from taktvoll.domain.mail.terms import Address, Check, Origin, domain_of

ORIGINS_MAX = 10
CHARS_READ = 5_000
_RESULT = re.compile(r"\s*(spf|dkim|dmarc)\s*(?:/\s*\d+\s*)?=\s*([a-z]+)(?![\w.@-])", re.IGNORECASE)
_HEADER_FROM = re.compile(r"\sheader\.from\s*=\s*(\S+)", re.IGNORECASE)
_SERVER = re.compile(r"\s*([^\s;()]{1,253})")
_NEITHER = {"pass": Check.PASS, "none": Check.NONE, "neutral": Check.NONE, "temperror": Check.NONE}


def origins_of(fields: Fields, sender: Address) -> tuple[Origin, ...]:
    """Read what servers found out, topmost first: those below may be the sender's invention.

    Takes:  the mail's fields, and whom it is shown to be from.
    """
    raw = fields.raw("authentication-results")[:ORIGINS_MAX]
    named, count = addresses_of(fields.source("from"), 1)
    one_sender = len(fields.raw("from")) == count == 1 and bool(named[0].address)
    return tuple(_origin(decoded(one, "")[0], sender, one_sender=one_sender) for one in raw)


def _origin(text: str, sender: Address, *, one_sender: bool) -> Origin:
    first, *parts = _parted(text[:CHARS_READ])
    found: dict[str, list[Check]] = {"spf": [], "dkim": [], "dmarc": []}
    names: list[str] = []
    for part in parts:
        match = _RESULT.match(part)
        if match is None:
            continue
        method = match[1].lower()
        found[method].append(_NEITHER.get(match[2].lower(), Check.FAIL))
        if method == "dmarc":
            names += _HEADER_FROM.findall(part)
    dmarc = _worst(found["dmarc"])
    if dmarc is Check.PASS:
        dmarc = _about(sender, names, one_sender=one_sender)
    # Of several DKIM signatures one that holds is enough.
    dkim = Check.PASS if Check.PASS in found["dkim"] else _worst(found["dkim"])
    server = _SERVER.match(first)
    return Origin(_worst(found["spf"]), dkim, dmarc, server[1] if server else "")


def _about(sender: Address, names: list[str], *, one_sender: bool) -> Check:
    """What DMARC proves if the domain that was checked is the one that is shown, or if no other can be meant."""
    if not names:
        return Check.PASS if one_sender else Check.NONE
    shown = _plain(domain_of(sender.address))
    checked = {_plain(name) for name in names}
    fits = bool(shown) and all(shown == name or shown.endswith(f".{name}") for name in checked)
    return Check.PASS if fits else Check.FAIL


def _plain(domain: str) -> str:
    """A domain in its ASCII form, without the dot that may end it."""
    bare = domain.strip("\"'").rpartition("@")[2].rstrip(".").lower()
    try:
        return ascii_domain(bare)
    except UnicodeError:
        return bare


def _worst(found: list[Check]) -> Check:
    """What several findings of one method come to: a server that contradicts itself was talked into it."""
    if not found or Check.FAIL in found:
        return Check.FAIL if found else Check.NONE
    return Check.PASS if all(one is Check.PASS for one in found) else Check.NONE


def _parted(text: str) -> list[str]:
    """Part a field at its semicolons, without comments; in a quoted string nothing has a meaning, so it is left out."""
    parts, depth, quoted, escaped = [""], 0, False, False
    kept: list[str] = []
    for letter in text:
        if escaped:
            escaped = False
        elif letter == "\\" and (quoted or depth):
            escaped = True
        elif quoted:
            quoted = letter != '"'
        elif letter == "(":
            depth += 1
        elif depth:
            depth -= letter == ")"
        elif letter == '"':
            quoted = True
            kept.append('""')
        elif letter == ";":
            parts[-1] = "".join(kept)
            parts.append("")
            kept.clear()
        else:
            kept.append(letter)
    parts[-1] = "".join(kept)
    return parts
