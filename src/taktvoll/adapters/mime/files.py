"""Attachments: a safe name, what the first bytes show, whether it is encrypted.

I decide under which name a file may be kept and what it really is. The reader calls me.
I never open an archive or a document: nothing is unpacked here.
"""

import hashlib
import re
from pathlib import PurePosixPath

from taktvoll.adapters.mime.fields import one_line
from taktvoll.domain.mail.terms import Attachment

NAME_CHARS_MAX = 120
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')
_RESERVED = re.compile(r"^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\x89PNG\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"{\\rtf", "application/rtf"),
    (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-executable"),
    (b"#!", "text/x-script"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "application/ogg"),
    (b"BEGIN:VCALENDAR", "text/calendar"),
    (b"BEGIN:VCARD", "text/vcard"),
    (b"-----BEGIN PGP MESSAGE-----", "application/pgp-encrypted"),
    (b"-----BEGIN PGP SIGNATURE-----", "application/pgp-signature"),
    (b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (b"<?xml", "text/xml"),
    (b"<!DOCTYPE html", "text/html"),
    (b"<html", "text/html"),
)
_ENDINGS = {
    "application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "text/plain": ".txt",
    "text/html": ".html", "text/calendar": ".ics", "text/vcard": ".vcf", "message/rfc822": ".eml",
    "application/zip": ".zip", "application/ms-tnef": ".dat", "application/pkcs7-mime": ".p7m", "text/csv": ".csv",
}  # fmt: skip
_TYPES = {ending: type_ for type_, ending in _ENDINGS.items()} | {
    ".jpeg": "image/jpeg",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".webp": "image/webp",
    ".heic": "image/heic",
    ".mp4": "video/mp4",
}
GENERIC = frozenset(
    {
        "application/octet-stream",
        "application/binary",
        "application/x-unknown",
        "application/force-download",
        "",
    }
)
_DANGEROUS = frozenset({"application/x-msdownload", "application/x-executable", "text/x-script"})
_SEALED_NAME = re.compile(r"\.(?:pgp|gpg|asc|p7m)$", re.IGNORECASE)


def attachment_of(
    content: bytes, declared: str, name: str, number: int, *, inline: bool = False, content_id: str = ""
) -> tuple[Attachment, str]:
    """Make an attachment.

    Takes:  its bytes, the type and the name it claims, and its number among the attachments of the mail.
    Gives:  the attachment, and the code of a problem, "" for none: attachment_type, attachment_name.
    """
    sniffed = sniff(content)
    shown = safe_name(name) or f"attachment-{number}{_ENDINGS.get(declared, _ENDINGS.get(sniffed, '.bin'))}"
    ending = PurePosixPath(shown).suffix.lower()
    type_ = declared if declared not in GENERIC else _TYPES.get(ending, sniffed) or "application/octet-stream"
    made = Attachment(
        name=shown,
        type=type_,
        sniffed=sniffed,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        inline=inline,
        encrypted=_is_encrypted(content, sniffed, type_, shown),
        content_id=content_id,
    )
    problem = "attachment_type" if _contradicts(sniffed, type_, ending) else ""
    return made, problem or ("attachment_name" if name and shown != name.strip() else "")


def safe_name(name: str) -> str:
    """Give a name that is one file on every system: no path, no control characters, limited, its ending kept."""
    base = one_line(name).replace("\\", "/").rsplit("/", 1)[-1]
    base = _FORBIDDEN.sub("_", base).strip(" .")
    if _RESERVED.match(base):
        base = f"_{base}"
    if len(base) > NAME_CHARS_MAX:
        ending = PurePosixPath(base).suffix[:20]
        base = base[: NAME_CHARS_MAX - len(ending)] + ending
    return base


def sniff(content: bytes) -> str:
    """Say what the first bytes show, "" where they say nothing."""
    head = content[:64].lstrip(b"\xef\xbb\xbf")
    if head[4:8] == b"ftyp":
        return "image/heic" if head[8:12] in (b"heic", b"heix", b"mif1") else "video/mp4"
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12], "")
    return next((type_ for magic, type_ in _MAGIC if head.startswith(magic)), "")


def _contradicts(sniffed: str, type_: str, ending: str) -> bool:
    """Say whether a file pretends: a program under another name, or a picture or PDF that is none."""
    if sniffed in _DANGEROUS:
        return type_ != sniffed or ending not in (".exe", ".dll", ".sh", ".bin", ".msi")
    if not sniffed:
        return type_ in ("application/pdf", "image/png", "image/jpeg", "image/gif")
    claimed = type_ if type_ in _ENDINGS else _TYPES.get(ending, "")
    return claimed in ("application/pdf", "image/png", "image/jpeg", "image/gif") and sniffed != claimed


def _is_encrypted(content: bytes, sniffed: str, type_: str, name: str) -> bool:
    if type_ in (
        "application/pgp-encrypted",
        "application/pkcs7-mime",
        "application/x-pkcs7-mime",
    ) or _SEALED_NAME.search(name):
        return b"BEGIN PGP SIGNATURE" not in content[:200] and b"BEGIN PGP PUBLIC KEY" not in content[:200]
    if sniffed == "application/zip":
        return len(content) > 7 and bool(content[6] & 1)
    if sniffed == "application/pdf":
        return b"/Encrypt" in content[-8192:]
    return (
        sniffed == "application/x-ole-storage" and "EncryptedPackage".encode("utf-16-le") in content[:65536]
    )
