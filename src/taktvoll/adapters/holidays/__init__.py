"""Public holidays by the library `holidays`."""

from taktvoll.adapters.holidays.german import GermanHolidays

__all__ = ["GermanHolidays"]
