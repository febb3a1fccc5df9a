"""Reads e-mail: MIME by rules of our own over the standard library, safe HTML by nh3, which is ammonia (Rust)."""

from taktvoll.adapters.mime.inspect import MimeInspector
from taktvoll.adapters.mime.reader import MimeReader

__all__ = ["MimeInspector", "MimeReader"]
