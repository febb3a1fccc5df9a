"""Guidelines as people write them: a file of conditions in CEL, checked word for word, made plain predicates."""

from taktvoll.adapters.guidelines.compiler import CelGuidelines

__all__ = ["CelGuidelines"]
