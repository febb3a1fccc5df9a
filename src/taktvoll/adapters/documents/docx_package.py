"""A Word file's parts as trees: only those that hold text, only as large as we can bear, never with XML definitions.

I decide which part is the text and what of a hostile package is refused. docx_files calls me. I never read macros,
embedded objects or anything outside the file, and trust no size that the file states.
"""

import posixpath
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser
from zipfile import BadZipFile, LargeZipFile, ZipFile

from taktvoll.adapters.documents.terms import unusable

PART_BYTES_MAX = 64 * 1024 * 1024
DIRECTORY_BYTES_MAX = 2 * 1024 * 1024
ELEMENTS_MAX = 2_000_000
DEPTH_MAX = 200
_CHUNK_BYTES = 256 * 1024
_END = b"PK\x05\x06"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_WORD = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
)
_DAMAGED = (BadZipFile, LargeZipFile, zlib.error, EOFError, NotImplementedError, KeyError, struct.error)


class Package:
    """An opened Word file."""

    def __init__(self, path: Path) -> None:
        """Open it.

        Raises: Unusable where it is no Word file, encrypted, damaged or holds macros.
        """
        _sniff(path)
        try:
            self._zip = ZipFile(path)
        except _DAMAGED:
            raise unusable("import.damaged") from None
        try:
            self._main = self._find_main()
        except BaseException:
            self._zip.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()

    def main(self) -> Element:
        """Give the text itself."""
        tree = self._tree(self._main)
        if tree is None:
            raise unusable("import.damaged")
        return tree

    def beside(self, kind: str) -> Element | None:
        """Give a part that belongs to the text: "styles", "numbering", "footnotes"; None where there is none."""
        name = next(
            (to for end, to, outside in self._relations(self._main) if end == kind and not outside), None
        )
        return self._tree(name) if name else None

    def links(self) -> Mapping[str, str]:
        """Give the web addresses that the text refers to, by the name it uses for them."""
        return {
            element.get("Id", ""): element.get("Target", "")
            for element in self._relation_elements(self._main)
            if element.get("TargetMode") == "External" and element.get("Type", "").endswith("/hyperlink")
        }

    def title(self) -> str:
        """Give the title in the file's properties, or ""."""
        tree = self._tree("docProps/core.xml")
        found = tree.find("{http://purl.org/dc/elements/1.1/}title") if tree is not None else None
        return (found.text or "") if found is not None else ""

    def _find_main(self) -> str:
        kinds = self._tree("[Content_Types].xml")
        if kinds is None:
            raise unusable("import.wrong_type")
        main = next(
            (to for end, to, outside in self._relations("") if end == "officeDocument" and not outside), ""
        )
        kind = next(
            (k.get("ContentType", "") for k in kinds if k.get("PartName", "").lstrip("/") == main), ""
        )
        if "macroenabled" in kind.lower():
            raise unusable("import.macros")
        if "wordprocessingml" not in kind or main not in self._zip.NameToInfo:
            raise unusable("import.wrong_type")
        return main

    def _relations(self, part: str) -> list[tuple[str, str, bool]]:
        folder = posixpath.dirname(part)
        found = []
        for element in self._relation_elements(part):
            target, outside = element.get("Target", ""), element.get("TargetMode") == "External"
            name = (
                target.lstrip("/")
                if target.startswith("/")
                else posixpath.normpath(posixpath.join(folder, target))
            )
            found.append((element.get("Type", "").rpartition("/")[2], name, outside))
        return found

    def _relation_elements(self, part: str) -> list[Element]:
        folder, name = posixpath.split(part)
        tree = self._tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        return list(tree) if tree is not None else []

    def _tree(self, name: str) -> Element | None:
        """Parse one part; None where it is missing.

        Raises: Unusable where it is damaged, encrypted, too large, or brings definitions of its own.
        """
        if name not in self._zip.NameToInfo:
            return None
        guarded = _Guarded()
        parser = XMLParser(target=guarded)  # noqa: S314 - guarded: no definitions, so no entities
        read = 0
        try:
            with self._zip.open(name) as part:
                while chunk := part.read(_CHUNK_BYTES):
                    read += len(chunk)
                    if read > PART_BYTES_MAX:
                        raise unusable("import.bomb")
                    parser.feed(chunk)
            parser.close()
        except RuntimeError:
            raise unusable("import.encrypted") from None
        except (*_DAMAGED, ParseError, OSError, ValueError):
            raise unusable("import.damaged") from None
        return guarded.tree


class _Guarded:
    """Builds a tree in bounds; names of Word's own words lose their namespace."""

    def __init__(self) -> None:
        self.tree: Element | None = None
        self._builder = TreeBuilder()
        self._depth = self._elements = 0

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        raise unusable("import.entities")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > DEPTH_MAX or self._elements > ELEMENTS_MAX:
            raise unusable("import.bomb")
        self._builder.start(_own(tag), {_own(key): value for key, value in attributes.items()})

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._builder.end(_own(tag))

    def data(self, text: str) -> None:
        self._builder.data(text)

    def close(self) -> None:
        self.tree = self._builder.close()


def _own(name: str) -> str:
    for space in _WORD:
        if name.startswith(space):
            return name[len(space) :]
    return name


def _sniff(path: Path) -> None:
    """Look at what the file is before it is opened."""
    with path.open("rb") as file:
        head = file.read(8)
        if head == _OLE:
            # A password turns a Word file into a container of the old kind.
            whole = file.read(4 * 1024 * 1024)
            locked = "EncryptedPackage".encode("utf-16-le") in whole
            raise unusable("import.encrypted" if locked else "import.old_word")
        if not head.startswith(b"PK"):
            raise unusable("import.wrong_type")
        size = file.seek(0, 2)
        file.seek(max(0, size - 66_000))
        tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        raise unusable("import.damaged")
    directory_bytes = int.from_bytes(tail[at + 12 : at + 16], "little")
    if directory_bytes > DIRECTORY_BYTES_MAX:
        raise unusable("import.bomb")
