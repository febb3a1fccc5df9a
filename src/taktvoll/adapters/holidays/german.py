"""German public holidays of the nation, a Land, and two kinds of places within a Land.

I decide how a Land and a region become a question to the library. build.py puts me behind the Holidays port.
I never know half days and days of the company's own: those are settings.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

import holidays

_CITIES = {"augsburg": "Augsburg"}


class GermanHolidays:
    """Implements Holidays.

    Source: the library's tables after the Länder's laws; days that a part of a Land alone keeps are its category
            "catholic" (Mariä Himmelfahrt in Bavaria, Fronleichnam in parts of Saxony and Thuringia) and its city
            Augsburg.
    """

    def days(self, land: str, region: str, years: Sequence[int]) -> Mapping[date, str]:
        """Date → German name."""
        return _days(land, region, tuple(years))


@lru_cache(256)
def _days(land: str, region: str, years: tuple[int, ...]) -> Mapping[date, str]:
    kinds = ("public", "catholic") if region == "catholic" else ("public",)
    found = holidays.country_holidays(
        "DE", subdiv=_CITIES.get(region, land) or None, years=years, categories=kinds, language="de"
    )
    return dict(found.items())
