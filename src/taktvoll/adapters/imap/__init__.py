"""Fetches mail by IMAP: the protocol by imap-tools over imaplib, each mailbox in a thread of its own."""

from taktvoll.adapters.imap.folder import ImapFolders

__all__ = ["ImapFolders"]
