"""The release rules, one file each, in the order they are asked; a rule gives None, an amended draft, or a hold."""

from collections.abc import Callable

from taktvoll.domain.governance.rules import (
    advertising,
    facts,
    files,
    language,
    links,
    notice,
    ownership,
    places,
    substance,
)
from taktvoll.domain.governance.terms import Draft, Hold, ReleaseFacts

Rule = Callable[[Draft, ReleaseFacts], Draft | Hold | None]

RULES: tuple[tuple[str, Rule], ...] = (
    ("ownership", ownership.check),
    ("substance", substance.check),
    ("places", places.check),
    ("files", files.check),
    ("advertising", advertising.check),
    ("language", language.check),
    ("links", links.check),
    ("facts", facts.check),
    ("notice", notice.check),
)
