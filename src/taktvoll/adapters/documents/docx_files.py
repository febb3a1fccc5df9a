"""Word files (.docx): the text as it would be accepted now, with headings, lists, tables and notes.

I decide what of a Word file is text. The reader of files calls me. I never run macros, follow a link, or show what
was deleted, hidden or commented.
"""

from pathlib import Path

from taktvoll.adapters.documents.document import add_document
from taktvoll.adapters.documents.docx_body import Body
from taktvoll.adapters.documents.docx_package import Package
from taktvoll.adapters.documents.docx_styles import Numbering, Styles
from taktvoll.adapters.documents.intake import Intake
from taktvoll.adapters.documents.sheet import Sheet
from taktvoll.domain.knowledge.ports import Progress


def read_docx(path: Path, intake: Intake, progress: Progress) -> None:
    """Read one Word file.

    Raises: Unusable where it is no Word file, encrypted, damaged, holds macros, or is built to harm.
    """
    package = Package(path)
    try:
        sheet = Sheet()
        styles = Styles(package.beside("styles"))
        numbering = Numbering(package.beside("numbering"))
        Body(sheet, styles, numbering, package.links(), package.beside("footnotes")).write(
            package.main(), progress
        )
        add_document(sheet, package.title(), intake)
    finally:
        package.close()
