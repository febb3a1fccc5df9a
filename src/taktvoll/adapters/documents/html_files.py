"""HTML files: language, address and title from the head, passages from the body.

I decide what of a page's head counts. The reader of files calls me. I never follow a link or run a script.
"""

from taktvoll.adapters.documents.html_text import attribute, parsed
from taktvoll.adapters.documents.intake import Intake, one_line
from taktvoll.adapters.documents.language import language_tag
from taktvoll.adapters.documents.page import Page, add_page
from taktvoll.adapters.documents.terms import Entry


def read_html(text: str, intake: Intake) -> None:
    """Read one page.

    Raises: Unusable where the parser gives up on it.
    """
    tree = parsed(text)
    top, title, canonical = tree.find("html"), tree.find("title"), tree.find("link", rel="canonical")
    shared = Entry(
        text="",
        id=intake.origin.stem,
        title=one_line(title.get_text()) if title else "",
        language=language_tag(attribute(top, "lang")) or "" if top else "",
        url=(attribute(canonical, "href").split("#")[0] if canonical else "") or intake.origin.url,
    )
    add_page(tree, Page(shared, intake.origin.name), intake)
