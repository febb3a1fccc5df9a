"""The desk's texts about service hours, targets and calls; German and English, by name.

I decide how these read. texts.py takes me in. I never hold a text that a customer sees.
"""

from collections.abc import Mapping

HOURS: Mapping[str, tuple[str, str]] = {
    # the page of hours
    "service_hours": ("Zeiten", "Hours"),
    "hours_closed": ("geschlossen", "closed"),
    "hours_why": (
        "Wann Menschen da sind. Danach richten sich Fristen, und außerhalb sagt die KI, ab wann jemand wieder da ist.",
        "When people are there. Targets count by it, and outside of it the AI says when somebody is back.",
    ),
    "hours_unset": (
        "Noch hat niemand Zeiten festgelegt. Dies ist ein Vorschlag; Kundinnen und Kunden wird nichts davon gesagt, "
        "bis Sie speichern.",
        "Nobody has set hours yet. This is a proposal; customers are told nothing of it until you save.",
    ),
    "hours_saved": ("Gespeichert. Die Zeiten gelten ab sofort.", "Saved. The hours hold from now on."),
    "hours_wrong": ("Noch nicht gespeichert. Bitte prüfen Sie:", "Not saved yet. Please check:"),
    "hours_by": (
        "Fassung {number}, zuletzt geändert {at} ({by}).",
        "Version {number}, last changed {at} ({by}).",
    ),
    "hours_where": ("Ort", "Place"),
    "hours_zone": ("Zeitzone", "Time zone"),
    "hours_land": ("Feiertage", "Holidays"),
    "hours_nationwide": ("nur bundesweite", "nationwide only"),
    "hours_region": ("Teil des Landes", "Part of the Land"),
    "hours_region_none": ("keine Besonderheit", "nothing special"),
    "hours_region_augsburg": ("Stadt Augsburg (Friedensfest)", "City of Augsburg (Peace Festival)"),
    "hours_region_catholic": (
        "katholisch geprägte Gemeinden (Mariä Himmelfahrt in BY, Fronleichnam in SN und TH)",
        "mainly catholic communes (Assumption in BY, Corpus Christi in SN and TH)",
    ),
    "hours_week": ("Woche", "Week"),
    "hours_week_hint": (
        "Wie 08:00-12:00, 13:00-18:00; über Mitternacht wie 22:00-06:00; sonst „geschlossen“.",
        "Like 08:00-12:00, 13:00-18:00; over midnight like 22:00-06:00; otherwise “closed”.",
    ),
    "hours_mon": ("Montag", "Monday"),
    "hours_tue": ("Dienstag", "Tuesday"),
    "hours_wed": ("Mittwoch", "Wednesday"),
    "hours_thu": ("Donnerstag", "Thursday"),
    "hours_fri": ("Freitag", "Friday"),
    "hours_sat": ("Samstag", "Saturday"),
    "hours_sun": ("Sonntag", "Sunday"),
    "hours_days": ("Besondere Tage", "Special days"),
    "hours_days_label": ("Einzelne Tage, einer je Zeile", "Single days, one a line"),
    "hours_days_hint": (
        "Wie 28.12.2026: geschlossen. Sie gelten auch vor Feiertagen.",
        "Like 2026-12-28: closed. They also outrank holidays.",
    ),
    "hours_yearly_label": ("Jedes Jahr, ein Tag je Zeile", "Every year, one day a line"),
    "hours_yearly_hint": (
        "Wie 24.12.: geschlossen oder 31.12.: 08:00-12:00.",
        "Like 12-24: closed or 12-31: 08:00-12:00.",
    ),
    "hours_targets": ("Fristen für Menschen", "Targets for people"),
    "hours_targets_hint": (
        "Wie 15m oder 4h. „Sofort“ zählt rund um die Uhr, alles andere nur, solange jemand da ist. Leer: keine Frist.",
        "Like 15m or 4h. “At once” counts around the clock, everything else only while somebody is there. Empty: none.",
    ),
    "hours_targets_more": (
        "Dazu kommen {n} Fristen für einzelne Warteschlangen aus der Datei; sie bleiben, wie sie sind.",
        "There are {n} more targets for single queues from the file; they stay as they are.",
    ),
    "hours_any": ("Alles andere", "Everything else"),
    "hours_pause_for_customer": (
        "Die Frist zur Lösung ruht, solange wir auf die Kundin oder den Kunden warten",
        "The target for settling stands still while we wait for the customer",
    ),
    "hours_pause_snoozed": ("Fristen ruhen, solange zurückgestellt ist", "Targets stand still while put off"),
    "hours_pause_unanswered": (
        "… auch die Frist der ersten Antwort, bevor ein Mensch geantwortet hat",
        "… the target of the first answer, too, before a person has answered",
    ),
    "hours_contact": ("Was angeboten wird", "What is offered"),
    "hours_callback": ("Rückruf wünschen", "Ask for a call back"),
    "hours_email": (
        "E-Mail-Adresse, die außerhalb der Zeiten genannt wird",
        "E-mail address named out of hours",
    ),
    "hours_appointment": ("Termine für Gespräche", "Appointments for calls"),
    "hours_minutes": ("Dauer eines Termins in Minuten", "Length of an appointment in minutes"),
    "hours_at_once": ("Termine zur gleichen Zeit", "Appointments at the same time"),
    "hours_video": ("Adresse für Videogespräche, mit {token}", "Address for video calls, with {token}"),
    "hours_reminder": ("Erinnern", "Reminders"),
    "hours_remind_desk": (
        "Vor einem Anruf am Arbeitsplatz, wie 10m; „aus“ für nie",
        "Before a call at the desk, like 10m; “off” for never",
    ),
    "hours_remind_customer": (
        "Vor einem Termin per E-Mail an die Kundin oder den Kunden, wie 24h; „aus“ für nie",
        "Before an appointment by e-mail to the customer, like 24h; “off” for never",
    ),
    "hours_save": ("Speichern", "Save"),
    "hours_look": ("Vorschau", "Preview"),
    "hours_preview": ("Die nächsten 14 Tage", "The next 14 days"),
    # targets in a conversation
    "targets": ("Fristen", "Targets"),
    "target_assistant": ("Antwort der KI", "Answer of the AI"),
    "target_first_answer": ("Erste Antwort", "First answer"),
    "target_next_answer": ("Nächste Antwort", "Next answer"),
    "target_resolution": ("Lösung", "Settled"),
    "target_due": ("fällig in", "due in"),
    "target_at": ("({time})", "({time})"),
    "target_missed": ("überfällig seit", "overdue since"),
    "target_still": ("ruht, noch {left}", "stands still, {left} left"),
    "target_still_missed": ("ruht, überfällig", "stands still, overdue"),
    "line_missed": ("Frist verpasst: {name}", "Target missed: {name}"),
    # calls
    "calls": ("Rückrufe", "Calls"),
    "calls_why": (
        "Vorgemerkte Rückrufe und Termine, die nächsten zuerst; überfällige stehen oben.",
        "Call backs and appointments that are noted, the next ones first; overdue ones stand on top.",
    ),
    "calls_none": ("Nichts vorgemerkt.", "Nothing noted."),
    "call_callback": ("Rückruf", "Call back"),
    "call_phone": ("Telefontermin", "Phone appointment"),
    "call_video": ("Videotermin", "Video appointment"),
    "call_late": ("Überfällig: die Zeit ist vorbei", "Overdue: the time has passed"),
    "call_due": ("{call}: {time}", "{call}: {time}"),
    "call_overdue": ("{call} überfällig: {time}", "{call} overdue: {time}"),
    "near": ("Anrufe, die anstehen", "Calls that are near"),
    "near_minutes": ("In {n} Minuten", "In {n} minutes"),
    "near_minute": ("In einer Minute", "In one minute"),
    "near_now": ("Jetzt", "Now"),
    "near_phone": ("Anruf mit {name}", "Call with {name}"),
    "near_video": ("Videogespräch mit {name}", "Video call with {name}"),
    "near_link": ("Video-Link", "Video link"),
    "call_done": ("Erledigt", "Done"),
    "call_missed": ("Niemanden erreicht", "Reached nobody"),
    "call_cancelled": ("Absagen", "Call off"),
    "call_calendar": ("Kalenderdatei", "Calendar file"),
    "call_join": ("Zum Videogespräch", "Join the video call"),
    "call_acts": ("Wie ging es aus?", "How did it go?"),
    "appointment_tool": ("Termin", "Appointment"),
    "appointment_when": ("Wann", "When"),
    "appointment_how": ("Wie", "How"),
    "appointment_by_phone": ("Telefon", "Telephone"),
    "appointment_by_video": ("Video", "Video"),
    "appointment_number": ("Telefonnummer, für ein Telefongespräch", "Phone number, for a phone call"),
    "appointment_make": ("Vereinbaren und mitteilen", "Arrange and tell"),
    "appointment_hint": (
        "Steht schon ein Termin, wird er auf diese Zeit verlegt; Weg und Nummer bleiben.",
        "An appointment that stands already is moved to this time; its way and number stay.",
    ),
    "done_appointment": ("Termin vereinbart und mitgeteilt.", "Appointment arranged and told."),
    "line_callback_wished": ("Wünscht einen Rückruf: {when}", "Asks for a call back: {when}"),
    "line_callback_done": ("{name} hat zurückgerufen", "{name} called back"),
    "line_callback_missed": ("{name} hat niemanden erreicht", "{name} reached nobody"),
    "line_callback_cancelled": ("Rückruf abgesagt", "Call back called off"),
    "line_appointment_made": ("Termin vereinbart: {when}", "Appointment arranged: {when}"),
    "line_appointment_moved": ("Termin verlegt: {when}", "Appointment moved: {when}"),
    "line_appointment_reminded": (
        "Erinnerung an den Termin per E-Mail verschickt",
        "Reminder of the appointment sent by e-mail",
    ),
    "line_appointment_passed": (
        "Die Zeit des Termins ist vorbei; wie ging er aus?",
        "The appointment's time has passed; how did it go?",
    ),
    "line_callback_passed": (
        "Die Zeit des Rückrufs ist vorbei; wie ging er aus?",
        "The call back's time has passed; how did it go?",
    ),
    "line_appointment_done": ("{name}: Termin hat stattgefunden", "{name}: the appointment took place"),
    "line_appointment_missed": (
        "{name}: Termin kam nicht zustande",
        "{name}: the appointment did not come about",
    ),
    "line_appointment_cancelled": ("Termin abgesagt", "Appointment called off"),
}

HOURS_FOR_SCRIPT = ("done_appointment", "near_minute", "near_minutes", "near_now")
