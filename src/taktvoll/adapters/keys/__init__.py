"""The installation's secrets as files: sealing tokens, hiding secrets, recognising values, signing the record.

`FileKeys` implements the port Keys; build.py makes it, flows and doors call it.
It never writes a secret anywhere but into its own folder, and never logs one.
"""

from taktvoll.adapters.keys.files import FileKeys

__all__ = ["FileKeys"]
