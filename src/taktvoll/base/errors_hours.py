"""What failures of service hours, targets and calls are called, with a German and an English text each.

I decide how these read. errors.py takes me into its table. I never carry personal data.
"""

from collections.abc import Mapping

HOURS: Mapping[str, tuple[str, str]] = {
    "hours.file": (
        "Die Datei der Servicezeiten ist nicht lesbar: {detail}. Ein Muster zeigt: taktvoll hours show.",
        "The file of service hours cannot be read: {detail}. For a model: taktvoll hours show.",
    ),
    "hours.field": (
        "Die Servicezeiten kennen kein „{place}“. Entfernen Sie es, oder sehen Sie nach: taktvoll hours show.",
        "The file of service hours knows no “{place}”. Remove it, or look at: taktvoll hours show.",
    ),
    "hours.value": (
        "{place}: „{found}“ geht nicht. Möglich ist: {values}.",
        "{place}: “{found}” does not work. Possible: {values}.",
    ),
    "hours.slot": (
        "{place}: „{found}“ ist keine Zeitspanne. Schreiben Sie sie wie 08:00-12:00, über Mitternacht wie 22:00-06:00.",
        "{place}: “{found}” is no span of time. Write it like 08:00-12:00, over midnight like 22:00-06:00.",
    ),
    "hours.slots": (
        "{place}: zu viele Zeitspannen an einem Tag. Fassen Sie sie zu höchstens {limit} zusammen.",
        "{place}: too many spans on one day. Join them into at most {limit}.",
    ),
    "hours.date": (
        "„{found}“ ist kein Datum. Schreiben Sie es wie 2026-12-28.",
        "“{found}” is no date. Write it like 2026-12-28.",
    ),
    "hours.yearly": (
        "„{found}“ ist kein Tag des Jahres. Schreiben Sie ihn als Monat und Tag, wie 12-24.",
        "“{found}” is no day of the year. Write it as month and day, like 12-24.",
    ),
    "hours.days": (
        "Zu viele besondere Tage. Entfernen Sie vergangene; erlaubt sind {limit}.",
        "Too many special days. Remove past ones; {limit} are allowed.",
    ),
    "hours.zone": (
        "Die Zeitzone „{found}“ gibt es nicht. Schreiben Sie sie wie Europe/Berlin.",
        "There is no time zone “{found}”. Write it like Europe/Berlin.",
    ),
    "hours.land": (
        "Das Land „{found}“ gibt es nicht. Möglich ist: {values}.",
        "There is no Land “{found}”. Possible: {values}.",
    ),
    "hours.region": (
        "Die Region „{found}“ passt nicht zum Land. Möglich ist: {values}.",
        "The region “{found}” does not fit the Land. Possible: {values}.",
    ),
    "hours.span": (
        "{place}: „{found}“ ist keine Frist. Schreiben Sie sie wie 15m oder 4h, höchstens {limit} Tage.",
        "{place}: “{found}” is no time limit. Write it like 15m or 4h, at most {limit} days.",
    ),
    "hours.targets": (
        "Zu viele Ziele. Fassen Sie sie zu höchstens {limit} zusammen.",
        "Too many targets. Join them into at most {limit}.",
    ),
    "hours.target_twice": (
        "Zwei Ziele gelten für dieselbe Dringlichkeit und Warteschlange. Entfernen Sie eines.",
        "Two targets hold for the same urgency and queue. Remove one.",
    ),
    "hours.email": (
        "„{found}“ ist keine E-Mail-Adresse. Schreiben Sie sie wie service@example.com.",
        "“{found}” is no e-mail address. Write it like service@example.com.",
    ),
    "hours.video": (
        "Die Adresse für Videogespräche beginnt mit https:// und enthält {{token}}, wie https://meet.example.com/{{token}}.",
        "The address for video calls begins with https:// and holds {{token}}, like https://meet.example.com/{{token}}.",
    ),
    "callback.phone": (
        "Diese Telefonnummer kann es nicht geben. Schreiben Sie sie mit Vorwahl, wie 0821 1234567 oder +43 1 234567.",
        "There can be no such phone number. Write it with its area code, like 0821 1234567 or +43 1 234567.",
    ),
    "callback.window": (
        "Diese Zeit ist nicht mehr frei. Bitte wählen Sie eine andere.",
        "This time is no longer free. Please choose another one.",
    ),
    "callback.off": (
        "Rückrufe und Termine werden hier nicht angeboten. Schreiben Sie einfach hier weiter.",
        "Call-backs and appointments are not offered here. Just keep writing here.",
    ),
    "callback.not_waiting": (
        "Das geht, sobald ein Mensch übernehmen soll. Schreiben Sie „Mensch“, um einen zu rufen.",
        "This works once a person is to take over. Write “person” to call one.",
    ),
    "callback.twice": (
        "Es ist schon ein Rückruf oder Termin vorgemerkt. Sagen Sie ihn ab, um einen anderen zu wählen.",
        "A call-back or appointment is noted already. Cancel it to choose another one.",
    ),
    "callback.unknown": (
        "Diesen Rückruf oder Termin gibt es nicht mehr. Laden Sie die Seite neu.",
        "This call-back or appointment does not exist any more. Reload the page.",
    ),
}
