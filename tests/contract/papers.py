"""Documents as the tests need them: PDF typeset or written by hand, Word files made by another program.

I decide how small the examples are. The tests of PDF and DOCX call me. I never read what I make.
"""

import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence

import typst
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

A4 = "0 0 595 842"


def typeset(source: str) -> bytes:
    """Set a PDF; German hyphenation, ten points."""
    head = '#set text(lang: "de", size: 10pt, hyphenate: true)\n#set par(justify: true)\n'
    made = typst.compile((head + source).encode())
    assert isinstance(made, bytes)
    return made


def pdf(contents: Sequence[str], objects: Mapping[int, str] | None = None, trailer: str = "") -> bytes:
    """Write a PDF by hand: one content stream a page, Helvetica as /F1, Helvetica-Bold as /F2.

    Takes:  objects: further objects by number from 1,000 up, or others in place of ours (1: catalogue, 2: page tree).
    """
    pages = range(len(contents))
    made = {
        1: "<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Kids [{' '.join(f'{10 + 2 * n} 0 R' for n in pages)}] /Count {len(contents)} >>",
        3: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        4: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    }
    for n in pages:
        drawn = contents[n].encode("cp1252")
        made[10 + 2 * n] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{A4}] /Contents {11 + 2 * n} 0 R /Resources "
            "<< /Font << /F1 3 0 R /F2 4 0 R >> /XObject << /Im1 1000 0 R >> >> >>"
        )
        made[11 + 2 * n] = f"<< /Length {len(drawn)} >>\nstream\n{contents[n]}\nendstream"
    return assembled({**made, **(objects or {})}, trailer)


def assembled(objects: Mapping[int, str | bytes], trailer: str = "") -> bytes:
    """Put objects together with the table that says where each lies."""
    out, places = bytearray(b"%PDF-1.7\n"), {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        raw = body.encode("cp1252") if isinstance(body, str) else body
        out += f"{number} 0 obj\n".encode() + raw + b"\nendobj\n"
    at = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        out += f"{number} 1\n{place:010d} 00000 n \n".encode()
    out += f"trailer\n<< /Root 1 0 R /Size {max(objects) + 1} {trailer} >>\nstartxref\n{at}\n%%EOF\n".encode()
    return bytes(out)


def text_at(x: float, y: float, text: str, size: float = 10, font: str = "F1") -> str:
    """Write a line at a place, counted from the bottom left corner."""
    said = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT /{font} {size} Tf {x} {y} Td ({said}) Tj ET\n"


def picture() -> dict[int, str]:
    """A grey picture as object 1000; shown over the whole page by PICTURE."""
    return {1000: "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
                  " /Length 1 >>\nstream\n@\nendstream"}  # fmt: skip


PICTURE = "q 595 0 0 842 0 0 cm /Im1 Do Q\n"


def flated(chunk: bytes, times: int) -> bytes:
    """A content stream that grows from little to times the chunk when it is unpacked."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(chunk) for _ in range(times)) + packer.flush()
    return f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode() + packed + b"\nendstream"


def word(*paragraphs: str | tuple[str, str], title: str = "") -> bytes:
    """A Word file of paragraphs, plain or with the name of their style."""
    document = Document()
    document.core_properties.title = title
    for paragraph in paragraphs:
        text, style = paragraph if isinstance(paragraph, tuple) else (paragraph, None)
        document.add_paragraph(text, style)
    return saved(document)


def saved(document: object) -> bytes:
    """Save a Word file in memory."""
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def with_run(paragraph: Paragraph, within: str, text_tag: str, text: str) -> None:
    """Add a run within a mark of tracked changes: "w:del" with "w:delText", "w:ins" with "w:t"."""
    mark, run, words = OxmlElement(within), OxmlElement("w:r"), OxmlElement(text_tag)
    words.text = text
    words.set(qn("xml:space"), "preserve")
    run.append(words)
    mark.append(run)
    paragraph._p.append(mark)


def changed(package: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Put other contents into a zip package; a part that was not there is added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def part_of(package: bytes, name: str) -> bytes:
    """Give one part of a zip package."""
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return opened.read(name)
