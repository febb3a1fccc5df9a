"""Addresses as they are compared: two spellings of one mailbox or telephone are one key.

I decide when two addresses are the same. Flows and the store call me before anything is looked up or kept.
I never guess: dots, plus-tags and similar-looking letters stay what they are.
"""

import re
import unicodedata

from taktvoll.base.errors import Refused
from taktvoll.domain.contacts.terms import PHONE
from taktvoll.domain.conversation.terms import MAIL

MAIL_CHARS_MAX = 254
_LOCAL = re.compile(
    r"[^\s@<>\"(),:;\\\[\]\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]{1,64}"
)
LABEL_CHARS_MAX = 63
_DEVIATING = frozenset("ßς")
"""Letters that RFC 3490 made others of, and RFC 5892 keeps."""
_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")
_PHONE_MARKS = re.compile(r"[\s()/.\-–\u00a0\u202f]+")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def key_of(channel: str, written: str, country: str = "49") -> str:
    """Give the key by which an address of a channel is found.

    Takes:  country: the calling code of numbers that name none.
    Raises: Refused("address.malformed").
    """
    if channel == MAIL:
        return mail_key(written)
    if channel == PHONE:
        return phone_key(written, country)
    raise Refused("address.malformed")


def mail_key(written: str) -> str:
    """Normalise a mail address for matching.

    Takes:  the address alone, without a name.
    Gives:  lower case in NFC, the domain in its Unicode form, without other widths and ligatures of letters, under
            which no domain is registered. Case never tells two mailboxes apart in practice
            (RFC 5321, section 2.4 discourages it); dots and plus-tags do for many servers, so they stay.
    Raises: Refused("address.malformed").
    Source: RFC 5890 to 5892: a domain's Unicode and ASCII forms are one; ß is a letter of its own, not ss.
    """
    text = unicodedata.normalize("NFC", written.strip())
    local, at, domain = text.rpartition("@")
    labels = [_label(label) for label in domain_key(domain).split(".")]
    whole = bool(at and _LOCAL.fullmatch(local)) and len(labels) > 1 and len(text) <= MAIL_CHARS_MAX
    if not whole or not all(_LABEL.fullmatch(label) for label in labels):
        raise Refused("address.malformed")
    return f"{local.lower()}@{'.'.join(labels)}"


def compared(written: str) -> str:
    """An address as it is compared, also one that no mailbox can have: in lower case, as it stands."""
    try:
        return mail_key(written)
    except Refused:
        return written.lower()


def domain_key(domain: str) -> str:
    """A domain as it is compared, each label in the form in which it stands: no case, width or dot at the end counts.

    ß is not folded to ss: these are two domains.
    Source: UTS 46, section 4; RFC 5892, section 2.2.
    """
    return unicodedata.normalize("NFKC", domain).lower().rstrip(".")


def ascii_domain(domain: str) -> str:
    """A domain under the name that servers know it by.

    Raises: UnicodeError where it can have none.
    Source: RFC 5891, section 4.4; the language's own codec knows only RFC 3490, which makes another domain of ß.
    """
    labels = domain.split(".")
    if "" in labels[:-1]:
        raise UnicodeError("an empty label")
    return ".".join(map(_ascii, labels))


def _ascii(label: str) -> str:
    lowered = domain_key(label)
    if not set(lowered) & _DEVIATING:
        return label.encode("idna").decode("ascii")
    name = "xn--" + lowered.encode("punycode").decode("ascii")
    if not _LABEL.fullmatch(lowered) or len(name) > LABEL_CHARS_MAX:
        raise UnicodeError("no label")
    return name


def _label(label: str) -> str:
    """A label of a domain in its Unicode form; what cannot be decoded stays."""
    if not label.startswith("xn--"):
        return label
    try:
        decoded = unicodedata.normalize("NFC", label[4:].encode("ascii").decode("punycode").lower())
    except UnicodeError:
        return label
    # A fake: it decodes to something that would never have been written this way.
    return decoded if decoded and not decoded.isascii() and _LABEL.fullmatch(decoded) else label


def phone_key(written: str, country: str = "49") -> str:
    """Normalise a telephone number to E.164.

    Takes:  country: the calling code of numbers that begin with a single zero.
    Raises: Refused("address.malformed") for extensions, letters, and what is too short or too long.
    Source: ITU-T E.164; DIN 5008 for "(0)" after the calling code.
    """
    text = _PHONE_MARKS.sub("", re.sub(r"\(0\)", "", written.strip()))
    if text.startswith("00"):
        text = "+" + text[2:]
    elif text.startswith("0"):
        text = f"+{country}{text[1:]}"
    if not _E164.fullmatch(text):
        raise Refused("address.malformed")
    return text
