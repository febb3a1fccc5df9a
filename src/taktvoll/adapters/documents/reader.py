"""Files into passages, by their ending.

I decide which reader a file gets and hold the limits of size. build.py makes me, the import flow calls me through the
port DocumentReader. I never raise for what a file holds: whatever is wrong comes back as a problem.
"""

import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

from taktvoll.adapters.documents.csv_files import read_csv
from taktvoll.adapters.documents.decode import (
    HEAD_BYTES,
    UNREADABLE_BINARY,
    decode,
    decode_narrow,
    is_binary,
    wide_encoding,
)
from taktvoll.adapters.documents.docx_files import read_docx
from taktvoll.adapters.documents.glossary_files import read_terms
from taktvoll.adapters.documents.html_files import read_html
from taktvoll.adapters.documents.intake import Intake
from taktvoll.adapters.documents.json_files import LINE_BYTES_MAX, read_json, read_lines
from taktvoll.adapters.documents.language import split_language
from taktvoll.adapters.documents.markdown_files import read_markdown
from taktvoll.adapters.documents.pdf_files import read_pdf
from taktvoll.adapters.documents.slugs import path_slug
from taktvoll.adapters.documents.terms import Origin, Unusable, unusable
from taktvoll.base.limits import IMPORT_FILE_BYTES_MAX
from taktvoll.base.text import clean
from taktvoll.domain.knowledge.ports import Progress, ReadTerms, quiet
from taktvoll.domain.knowledge.terms import Problem, Read

PAGE_BYTES_MAX = 8 * 1024 * 1024
DOCUMENT_BYTES_MAX = 256 * 1024 * 1024
_TABLES: dict[str, Callable[[str, Intake], None]] = {".json": read_json, ".csv": read_csv, ".tsv": read_csv}
_PAGES: dict[str, Callable[[str, Intake], None]] = {
    ".md": read_markdown, ".markdown": read_markdown, ".html": read_html, ".htm": read_html,
}  # fmt: skip
_LINES = frozenset({".jsonl", ".ndjson"})
_DOCUMENTS: dict[str, Callable[[Path, Intake, Progress], None]] = {".pdf": read_pdf, ".docx": read_docx}
_REFUSED = {".docm": "import.macros", ".doc": "import.old_word"}


class FileReader:
    """Reads FAQ tables, pages and documents from files; implements DocumentReader."""

    def readable(self, path: Path) -> bool:
        """Say whether this reader knows the file's type by its ending."""
        ending = path.suffix.lower()
        return ending in {*_TABLES, *_PAGES, *_LINES, *_DOCUMENTS, *_REFUSED}

    def read(
        self,
        path: Path,
        root: Path,
        collection: str,
        language: str | None,
        *,
        url: str = "",
        progress: Progress = quiet,
    ) -> Read:
        """Read one file; see the port. Raises nothing: an unreadable file is a problem."""
        intake = Intake(_origin(path, root, collection, language, url))
        try:
            _hold_place(path, root)
            _read(path, intake, progress)
        except Unusable as reason:
            intake.refuse("file", reason)
        except (OSError, ValueError):
            detail = "The file cannot be opened. Check that it exists and that you may read it."
            intake.refuse("file", Unusable("import.unreadable", detail))
        return intake.read()

    def terms(self, path: Path) -> ReadTerms:
        """Read a glossary; see the port. Raises nothing."""
        try:
            _hold_size(path, PAGE_BYTES_MAX)
            return read_terms(decode(path.read_bytes()), path.suffix.lower(), path.name)
        except Unusable as reason:
            problem = Problem(path.name, "file", reason.code, reason.detail)
        except (OSError, ValueError):
            detail = "The file cannot be opened. Check that it exists and that you may read it."
            problem = Problem(path.name, "file", "import.unreadable", detail)
        return ReadTerms((), (problem,))


def _origin(path: Path, root: Path, collection: str, language: str | None, url: str) -> Origin:
    base = root if root != path else path.parent
    relative = path.relative_to(base) if path.is_relative_to(base) else Path(path.name)
    stem, suffix_language = split_language(relative.stem)
    place = url if not url or root == path else f"{url.rstrip('/')}/{quote(relative.as_posix())}"
    return Origin(
        source=clean(relative.as_posix()),
        stem=path_slug((*relative.parts[:-1], stem)),
        collection=collection,
        language=suffix_language or language,
        url=place,
    )


def _read(path: Path, intake: Intake, progress: Progress) -> None:
    ending = path.suffix.lower()
    if ending in _REFUSED:
        raise unusable(_REFUSED[ending])
    _hold_size(path, PAGE_BYTES_MAX if ending in _PAGES else IMPORT_FILE_BYTES_MAX)
    if ending in _LINES:
        _read_lines(path, intake)
    elif ending in _TABLES:
        _TABLES[ending](decode(path.read_bytes()), intake)
    elif ending in _PAGES:
        _PAGES[ending](decode(path.read_bytes()), intake)
    elif ending in _DOCUMENTS:
        _hold_size(path, DOCUMENT_BYTES_MAX)
        _DOCUMENTS[ending](path, intake, progress)
    else:
        known = ", ".join(sorted({*_TABLES, *_PAGES, *_LINES, *_DOCUMENTS}))
        raise Unusable("import.unknown_type", f"This type of file is not known. Use one of {known}.")


def _hold_place(path: Path, root: Path) -> None:
    """Keep to the folder that was named: a link in it, perhaps packed by someone else, could lead to any file."""
    if root != path and not path.resolve().is_relative_to(root.resolve()):
        detail = "The link leads out of the folder. Put the file itself there or name it."
        raise Unusable("import.unreadable", detail)


def _hold_size(path: Path, bytes_max: int) -> None:
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise Unusable("import.unreadable", "This is not a file. Name a file or a folder of files.")
    if status.st_size > bytes_max:
        raise Unusable(
            "import.too_large", f"The file is too large. Split it into files of at most {bytes_max} bytes."
        )


def _read_lines(path: Path, intake: Intake) -> None:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        if wide_encoding(head):
            whole = decode(head + file.read())
            read_lines((line.encode() for line in whole.split("\n")), bytes.decode, intake)
            return
        if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
            read_json(decode(head + file.read()), intake)
            return
        if is_binary(head):
            raise Unusable("import.encoding", UNREADABLE_BINARY)
    read_lines(_bounded_lines(path), decode_narrow, intake)


def _bounded_lines(path: Path) -> Iterator[bytes]:
    """Give a file's lines one at a time; of a line beyond the limit only its beginning."""
    with path.open("rb") as file:
        while line := file.readline(LINE_BYTES_MAX + 2):
            yield line[: LINE_BYTES_MAX + 1]
            while line and not line.endswith(b"\n") and len(line) > LINE_BYTES_MAX:
                line = file.readline(LINE_BYTES_MAX + 2)
