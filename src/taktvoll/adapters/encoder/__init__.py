"""Texts as vectors: a small German and English sentence encoder of our own, run by onnxruntime on one thread."""

from taktvoll.adapters.encoder.encoder import Encoded, SentenceEncoder

__all__ = ["Encoded", "SentenceEncoder"]
