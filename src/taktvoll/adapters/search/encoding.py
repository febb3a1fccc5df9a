"""What a search needs of an encoder; build.py puts one behind me.

I decide the shapes between search and encoder. I never load a model.
"""

from collections.abc import Awaitable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Encoded(Protocol):
    """A text as numbers of −127…127: a row for all of it, a row for each piece that carries meaning, their weights."""

    @property
    def sentence(self) -> NDArray[np.int8]:
        """The direction of the whole text."""
        ...

    @property
    def words(self) -> NDArray[np.int8]:
        """The directions of its pieces, one row each, at least one."""
        ...

    @property
    def weights(self) -> NDArray[np.float32]:
        """How much each piece says of what is asked; they add up to 1."""
        ...


class Encoder(Protocol):
    """Turns texts into vectors."""

    @property
    def version(self) -> str:
        """Name and version of the model and of how its vectors are kept."""
        ...

    @property
    def dimensions(self) -> int:
        """How many numbers a sentence has."""
        ...

    @property
    def word_dimensions(self) -> int:
        """How many numbers a piece has."""
        ...

    def begin(self, text: str) -> Awaitable[Encoded]:
        """Have a question encoded together with others that wait at this moment."""
        ...

    def questions(self, texts: Sequence[str]) -> Sequence[Encoded]:
        """Encode questions at once."""
        ...

    def passages(self, texts: Sequence[str], windows: int = 1) -> Sequence[Encoded]:
        """Encode texts with a heading in the first line at once, each cut into as many stretches at most."""
        ...
