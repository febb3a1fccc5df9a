"""Calendar files by the library `icalendar`."""

from taktvoll.adapters.calendar_files.files import ICalendarFiles

__all__ = ["ICalendarFiles"]
