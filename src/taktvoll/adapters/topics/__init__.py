"""Topics: learnt from examples by a small kernel machine over sentence vectors and word pieces, found by grouping."""

from taktvoll.adapters.topics.models import TopicModels

__all__ = ["TopicModels"]
