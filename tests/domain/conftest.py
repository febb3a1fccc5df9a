"""How properties are tried in this folder: no example is judged by its duration."""

from hypothesis import settings

settings.register_profile("taktvoll", deadline=None, max_examples=50)
settings.load_profile("taktvoll")
