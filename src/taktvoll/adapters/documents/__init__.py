"""Documents into passages: FAQ tables (JSON, JSON Lines, CSV, TSV), Markdown and HTML.

`FileReader` implements the port DocumentReader; build.py makes it, the import flow calls it.
It never reaches the network, never runs what a document contains and never writes.
"""

from taktvoll.adapters.documents.reader import FileReader

__all__ = ["FileReader"]
