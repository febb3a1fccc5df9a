"""Secrets by reference: environment variables of one prefix, and files of one folder; never from the database."""

from taktvoll.adapters.secrets.references import ReferencedSecrets

__all__ = ["ReferencedSecrets"]
