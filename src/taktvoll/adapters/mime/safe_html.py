"""HTML that may be shown: no script, style or form, nothing from elsewhere; the mail's own pictures as references.

I decide what is left of a mail's markup. The reader calls me; nh3 does the parsing and the writing.
I never let a picture load from the network: it would tell the sender that, when and where the mail was read.
"""

# ruff: noqa: E501 - a rule is read on one line

import re

import nh3

HTML_CHARS_MAX = 1_000_000
OPEN_TAGS_MAX = 120
OPEN_FORMATS_MAX = 24
TAGS_MAX = 20_000
STRUCTURE_CHARS_MAX = 3_000_000
HOSTS_MAX = 50
AMPERSANDS_MAX = 20_000
_TEXT_TAGS = frozenset(
    """
    a abbr b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn div dl dt em figcaption figure font
    h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strike strong sub sup table tbody td tfoot th
    thead time tr tt u ul var
    """.split()
)
_WITH_CONTENT = {
    "script",
    "style",
    "title",
    "noscript",
    "template",
    "iframe",
    "object",
    "embed",
    "svg",
    "math",
    "select",
    "textarea",
    "button",
}
_SHOWN: dict[str, set[str]] = {
    "*": {"dir", "lang", "title", "align", "background", "style"},
    "a": {"href"},
    "img": {"src", "srcset", "alt", "width", "height"},
    "td": {"colspan", "rowspan", "valign"},
    "th": {"colspan", "rowspan", "valign"},
    "ol": {"start", "type"},
    "font": {"color"},
}
_STRUCTURE: dict[str, set[str]] = {
    "*": {"class", "id", "style", "name", "type", "hidden"},
    "a": {"href"},
    "img": {"alt"},
    "ol": {"start"},
}
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})([^<>]*)>?")
# Tags that need no end, or end by themselves where the next one begins; they cannot nest without one that does.
_UNCOUNTED = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li td th tr dd dt option tbody thead tfoot html head body".split()
)
# A parser opens these anew in every paragraph, as often as they are open.
_FORMATS = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_LINK = re.compile(r"^\s*(?:https?://|mailto:|tel:)", re.IGNORECASE)
_OWN_PICTURE = re.compile(
    r"^\s*(?:cid:[^\s\"'<>]+|data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+)\s*$", re.IGNORECASE
)
_HOST = re.compile(r"//(?:[^/\s@\"'()<>]{0,100}@)?([A-Za-z0-9.-]{1,253})")
_FETCHES = re.compile(r"url\s*\(|@import|image-set", re.IGNORECASE)


def safe_view(html: str, hosts: set[str] | None = None) -> tuple[str, int]:
    """Sanitise a mail's HTML for showing.

    Takes:  HTML of any kind; its first 1,000,000 characters are read; hosts: gets the names of those that would have
            been asked for what was blocked.
    Gives:  the view, and how many pictures and backgrounds from elsewhere were blocked.
    """
    blocked = 0

    def note(value: str) -> None:
        if hosts is not None and len(hosts) < HOSTS_MAX:
            hosts.update(host.lower() for host in _HOST.findall(value))

    def kept(tag: str, name: str, value: str) -> str | None:
        nonlocal blocked
        if name in ("src", "srcset", "background"):
            if name == "src" and _OWN_PICTURE.match(value):
                return value.strip()
            blocked += 1
            note(value)
            return None
        if name == "style":
            if _FETCHES.search(value):
                blocked += 1
                note(value)
            return None
        if name == "href":
            return value.strip() if _LINK.match(value) else None
        return value

    view = nh3.clean(
        _tamed(html),
        tags=set(_TEXT_TAGS),
        clean_content_tags=_WITH_CONTENT,
        attributes=_SHOWN,
        attribute_filter=kept,
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
        link_rel="noopener noreferrer nofollow",
    )
    return view.strip(), blocked


def structure(html: str) -> str:
    """Give well-formed markup with what tells quotes and signatures apart; for reading as text, never for showing."""
    return nh3.clean(
        _tamed(html),
        tags=set(_TEXT_TAGS),
        clean_content_tags=_WITH_CONTENT,
        attributes=_STRUCTURE,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )[:STRUCTURE_CHARS_MAX]


def _tamed(html: str) -> str:
    """Leave out what costs too much: of tags that nest too deep the parser's time grows with the square of the depth."""
    opened: dict[str, int] = {}
    depth = formats = tags = 0

    def kept(match: re.Match[str]) -> str:
        nonlocal depth, formats, tags
        tags += 1
        name = match[2].lower()
        if tags > TAGS_MAX:
            return " "
        if match[3].endswith("/") or name in _UNCOUNTED:
            return match[0]
        if match[1]:
            if not opened.get(name):
                return ""
            opened[name] -= 1
            depth -= 1
            formats -= name in _FORMATS
            return match[0]
        if depth >= OPEN_TAGS_MAX or (name in _FORMATS and formats >= OPEN_FORMATS_MAX):
            return " "
        opened[name] = opened.get(name, 0) + 1
        depth += 1
        formats += name in _FORMATS
        return match[0]

    html = html[:HTML_CHARS_MAX]
    if html.count("&") > AMPERSANDS_MAX:  # with their number, too, the time grows by the square
        *first, rest = html.split("&", AMPERSANDS_MAX)
        html = f"{'&'.join(first)}&{rest.replace('&', ' ')}"
    return _TAG.sub(kept, html)
