"""A document with pages into passages: what its sheet shows, below the document's own name.

I decide what a document is called. The readers of PDF and DOCX call me. I never read a file.
"""

from taktvoll.adapters.documents.html_text import parsed
from taktvoll.adapters.documents.intake import Intake
from taktvoll.adapters.documents.page import Page, add_page
from taktvoll.adapters.documents.sheet import Sheet
from taktvoll.adapters.documents.terms import Entry


def add_document(sheet: Sheet, title: str, intake: Intake) -> None:
    """Cut a document into passages.

    Takes:  title: what it calls itself, or "": then its first heading names it, or its file.
    """
    markup, titled = sheet.markup()
    origin = intake.origin
    name = "" if titled else title or origin.name
    shared = Entry(text="", id=origin.stem, title=name, url=origin.url, page="")
    add_page(parsed(markup), Page(shared, origin.name), intake)
