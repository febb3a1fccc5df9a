"""An appointment as an iCalendar file that every calendar program reads.

I decide what stands in the file. build.py puts me behind the CalendarFiles port. I never send it.
"""

from datetime import UTC

from icalendar import Calendar, Event

from taktvoll.domain.hours.ports import Appointment


class ICalendarFiles:
    """Implements CalendarFiles.

    Source: RFC 5545; times in UTC, so that no table of zones has to travel along.
    """

    def write(self, appointment: Appointment) -> bytes:
        """One event, published and not an invitation: nobody is asked to reply to it."""
        calendar = Calendar()
        calendar.add("prodid", "-//taktvoll//taktvoll//DE")
        calendar.add("version", "2.0")
        calendar.add("method", "PUBLISH")
        event = Event()
        event.add("uid", appointment.uid)
        event.add("sequence", appointment.moves)
        event.add("dtstamp", appointment.made_at.astimezone(UTC))
        event.add("dtstart", appointment.since.astimezone(UTC))
        event.add("dtend", appointment.until.astimezone(UTC))
        event.add("summary", appointment.summary)
        event.add("description", appointment.description)
        if appointment.place:
            event.add("location", appointment.place)
        calendar.add_component(event)
        return bytes(calendar.to_ical())
