"""Hybrid search in process: tantivy for words, usearch and a sentence encoder for meaning, one folder per edition."""

from taktvoll.adapters.search.defaults import default_rules_parts
from taktvoll.adapters.search.encoding import Encoded, Encoder
from taktvoll.adapters.search.hybrid import HybridSearch, HybridSearchBuilder

__all__ = ["Encoded", "Encoder", "HybridSearch", "HybridSearchBuilder", "default_rules_parts"]
