"""PDF files: read by a process of its own, put in order here, cut into passages with their pages.

I decide what a page that cannot be read costs and how long one may take. The reader of files calls me.
I never run what a file contains: scripts, forms and attachments are not looked at; the reading process has no secrets.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import BinaryIO

from taktvoll.adapters.documents.document import add_document
from taktvoll.adapters.documents.intake import Intake, one_line
from taktvoll.adapters.documents.pdf_page import Sheetful, page_from
from taktvoll.adapters.documents.pdf_text import folded, write
from taktvoll.adapters.documents.sheet import Sheet
from taktvoll.adapters.documents.terms import unusable
from taktvoll.domain.knowledge.ports import Progress

PAGES_MAX = 5_000
PAGE_S_MAX = 60.0
STARTS_MAX = 6
LINE_BYTES_MAX = 32 * 1024 * 1024
PICTURE_SHARE_MIN = 0.3
UNMAPPED_SHARE_MAX = 0.3
_CHILD = Path(__file__).with_name("pdf_child.py")
_NO_TITLE = re.compile(
    r"(?i)^(?:microsoft (?:word|powerpoint|excel) ?-|untitled|unbenannt|ohne titel|dokument\d*$|document\d*$)"
    r"|\.(?:docx?|pdf|odt|pptx?|xlsx?|indd|qxd|tex|dvi)$"
)


def read_pdf(path: Path, intake: Intake, progress: Progress) -> None:
    """Read one PDF.

    Raises: Unusable where it is encrypted, damaged, or has not one page with text.
    """
    with path.open("rb") as file:
        if b"%PDF-" not in file.read(1024):
            raise unusable("import.wrong_type")
    found = _Found()
    first = 0
    for _ in range(STARTS_MAX):
        first = _read_on(path, first, found, intake, progress)
        if first >= min(found.count, PAGES_MAX):
            break
    else:
        intake.refuse(f"page {first + 1}", unusable("import.pages_beyond"))
    if found.count > PAGES_MAX:
        intake.refuse(f"page {PAGES_MAX + 1}", unusable("import.pages_beyond"))
    if not any(page.pieces for page in found.pages):
        if found.pictures and len(found.pictures) == found.count:
            raise unusable("import.no_text_layer")
        _refuse_pictures(found, intake)
        return
    _refuse_pictures(found, intake)
    sheet = Sheet()
    write(found.pages, found.outline, sheet)
    title = one_line(found.title)
    add_document(sheet, "" if _NO_TITLE.search(title) or len(title) < 4 else title, intake)


@dataclass(slots=True)
class _Found:
    """What was read of a document so far."""

    count: int = 0
    title: str = ""
    pages: list[Sheetful] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)
    outline: dict[int, dict[str, int]] = field(default_factory=dict)


def _refuse_pictures(found: _Found, intake: Intake) -> None:
    for number in found.pictures:
        intake.refuse(f"page {number}", unusable("import.page_no_text_layer"))


def _read_on(path: Path, first: int, found: _Found, intake: Intake, progress: Progress) -> int:
    """Read pages from this one on, until the end or until one breaks the reading process; give the next to read.

    Raises: Unusable where the document itself cannot be opened.
    """
    expected = first
    with closing(_lines(path, first)) as lines:
        for line in lines:
            said = _object(line)
            if "pages" in said:
                found.count = int(str(said["pages"]))
                _note_document(said, found)
            elif said.get("page") == expected:
                _note_page(said, found, intake)
                expected += 1
                progress("pages", expected, min(found.count, PAGES_MAX))
            elif said.get("failed") == "encrypted":
                raise unusable("import.encrypted")
            else:
                break
    if not found.count:
        raise unusable("import.damaged")
    if expected < min(found.count, PAGES_MAX):
        intake.refuse(f"page {expected + 1}", unusable("import.page_damaged"))
        expected += 1
    return expected


def _note_document(said: dict[str, object], found: _Found) -> None:
    found.title = found.title or str(said.get("title") or "")
    bookmarks = said.get("bookmarks")
    for depth, page, title in bookmarks if isinstance(bookmarks, list) else []:
        found.outline.setdefault(int(page) + 1, {}).setdefault(folded(str(title)), int(depth) + 1)


def _note_page(said: dict[str, object], found: _Found, intake: Intake) -> None:
    number = int(str(said["page"])) + 1
    place = f"page {number}"
    if said.get("failed"):
        intake.refuse(place, unusable("import.page_damaged"))
        return
    page = page_from(said)
    chars = sum(len(piece.text) for piece in page.pieces)
    unmapped = said.get("unmapped")
    if isinstance(unmapped, int) and unmapped > UNMAPPED_SHARE_MAX * (chars + unmapped) and unmapped > 20:
        intake.refuse(place, unusable("import.page_no_letters"))
        return
    pictures = said.get("pictures")
    if not chars and isinstance(pictures, float) and pictures >= PICTURE_SHARE_MIN:
        found.pictures.append(number)
    if said.get("beyond"):
        intake.refuse(place, unusable("import.page_too_full"))
    found.pages.append(page)


def _lines(path: Path, first: int) -> Generator[bytes, None, None]:
    """Start the reading process and give its lines; it is ended where one takes too long or is too long."""
    command = [sys.executable, "-P", str(_CHILD), str(first), str(PAGES_MAX)]
    # Nothing of this process's surroundings but where libraries lie: secrets stay out of reach.
    surroundings = {"PYTHONPATH": os.pathsep.join(sys.path)}
    with path.open("rb") as file:
        child = subprocess.Popen(
            command,
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=surroundings,
            cwd="/",
        )
    lines: Queue[bytes] = Queue(maxsize=64)
    assert child.stdout
    Thread(target=_pump, args=(child.stdout, lines), daemon=True).start()
    line = b"\n"
    try:
        while line.endswith(b"\n"):
            try:
                line = lines.get(timeout=PAGE_S_MAX)
            except Empty:
                return
            if line.endswith(b"\n"):
                yield line
    finally:
        child.kill()
        child.wait()
        while line.endswith(b"\n"):  # the thread may wait for room in the queue: let it come to its end
            line = lines.get()


def _pump(stream: BinaryIO, lines: "Queue[bytes]") -> None:
    with stream:
        while True:
            line = stream.readline(LINE_BYTES_MAX)
            lines.put(line)
            if not line.endswith(b"\n"):
                return


def _object(line: bytes) -> dict[str, object]:
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
