"""Earned autonomy: what proves that a topic may answer by itself, and what takes that away again."""
