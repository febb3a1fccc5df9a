"""How a file reads at the desk, whichever way it came or went: name, size, what its first bytes say, a preview or none.

I decide what an agent is told of a file. pages.py and mail.py make their lines by me, _files.html shows them.
I never open a file.
"""

from dataclasses import dataclass

from taktvoll.base.downloads import size_of
from taktvoll.domain.conversation.chat_files import PICTURES
from taktvoll.entry.desk.texts import texts

_CALLED = {
    "application/pdf": "PDF",
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WebP",
    "image/heic": "HEIC",
    "image/tiff": "TIFF",
    "image/bmp": "BMP",
    "video/mp4": "MP4",
    "audio/mpeg": "MP3",
    "application/zip": "ZIP",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
    "application/x-ole-storage": "Office",
    "text/plain": "Text",
    "text/csv": "CSV",
}


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file and where it is fetched, below the desk's own address; `picture` is where it is shown, "" for none."""

    name: str
    size: str
    address: str
    kind: str = ""
    picture: str = ""


def file_line(
    name: str, size: int, type_: str, address: str, language: str, *, shown: bool = False
) -> FileLine:
    """Make a line.

    Takes:  type_: what the first bytes show; shown: whether there is an address that shows pictures.
    """
    return FileLine(
        name=name or "–",
        size=size_of(size, language),
        address=address,
        kind=_CALLED.get(type_, "") or (texts(language)["file_unknown"] if type_ else ""),
        picture=f"{address}/picture" if shown and type_ in PICTURES else "",
    )
