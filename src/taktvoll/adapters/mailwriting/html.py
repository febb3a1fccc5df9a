"""The HTML form of a letter: plain paragraphs that read well in light and dark, with nothing to fetch.

I decide the marks. The writer calls me. I never take a mark over from a text: everything is escaped.
"""

import re
from html import escape

from taktvoll.domain.delivery.letter import Block, Letter
from taktvoll.domain.governance.notices import fixed
from taktvoll.domain.governance.rules.links import CLOSING, LINK
from taktvoll.domain.governance.terms import PartKind

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:40em;margin:1em}"
    "blockquote{margin:0 0 1em;padding:0 0 0 .8em;border-left:3px solid}"
    "strong.alert{display:block;padding:.6em;border:2px solid}"
    ".notice,footer{font-size:14px}"
)


def html_of(letter: Letter) -> str:
    """Write the HTML of a letter; colours are the reader's own, so dark screens stay dark."""
    shown = [_shown(block, letter.language) for block in letter.blocks if block.kind is not PartKind.CLOSING]
    closing = [_shown(block, letter.language) for block in letter.blocks if block.kind is PartKind.CLOSING]
    below = [*_unsubscribe(letter), *_footer(letter), *_quoted(letter)]
    body = "\n".join([*shown, *_links(letter), *closing, *below])
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(letter.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(letter.subject)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _shown(block: Block, language: str) -> str:
    lang = "" if block.language == language else f' lang="{escape(block.language)}"'
    linked = block.kind not in (PartKind.LEAD, PartKind.QUOTE, PartKind.GREETING)
    marked = ' class="notice"' if block.kind is PartKind.NOTICE else ""
    text = "\n".join(
        f"<p{marked}{lang}>{_lines(p, linked=linked)}</p>" for p in block.text.split("\n\n") if p.strip()
    )
    if block.kind in (PartKind.LEAD, PartKind.QUOTE):
        return f"<blockquote>{text}</blockquote>"
    if block.kind is PartKind.ALERT:
        return f'<div role="alert"><strong class="alert">{_lines(block.text, linked=True)}</strong></div>'
    return text


def _lines(text: str, *, linked: bool) -> str:
    """Escape a paragraph; web addresses of ours become links, the customer's do not."""
    if not linked:
        return escape(text.strip("\n")).replace("\n", "<br>\n")
    pieces, place = [], 0
    text = text.strip("\n")
    for match in LINK.finditer(text):
        url = match.group().rstrip(CLOSING)
        pieces.append(escape(text[place : match.start()]))
        href = url if re.match(r"https?:", url, re.IGNORECASE) else f"https://{url}"
        pieces.append(f'<a href="{escape(href)}">{escape(url)}</a>')
        place = match.start() + len(url)
    return "".join([*pieces, escape(text[place:])]).replace("\n", "<br>\n")


def _links(letter: Letter) -> list[str]:
    if not letter.links:
        return []
    rows = [
        f'<li><a href="{escape(link.url)}">{escape(link.title)}</a></li>'
        if link.url
        else f"<li>{escape(link.title)}</li>"
        for link in letter.links
    ]
    return [f"<p>{escape(letter.links_title)}</p>\n<ul>\n" + "\n".join(rows) + "\n</ul>"]


def _unsubscribe(letter: Letter) -> list[str]:
    if not letter.unsubscribe:
        return []
    words = fixed("mail_unsubscribe", letter.language)
    link = f'<a href="{escape(letter.unsubscribe)}">{escape(letter.unsubscribe)}</a>'
    return [f"<footer><p>{escape(words)} {link}</p></footer>"]


def _footer(letter: Letter) -> list[str]:
    if not letter.footer:
        return []
    lines = "\n".join(f"<p>{_lines(p, linked=True)}</p>" for p in letter.footer.split("\n\n") if p.strip())
    return [f"<footer>{lines}</footer>"]


def _quoted(letter: Letter) -> list[str]:
    if letter.quoted is None:
        return []
    text = escape(letter.quoted.text).replace("\n", "<br>\n")
    return [f'<p>{escape(letter.quoted.intro)}</p>\n<blockquote type="cite">{text}</blockquote>']
