"""The fixed texts about calls that are moved, called off or near, each in German and English; those in _du for du.

I decide only words; `notices.py` puts me under a version with the others. A text "…_mail" stands in a mail.
I never contain a fact about a company.
"""

from collections.abc import Mapping

ABOUT_CALLS: Mapping[str, tuple[str, str]] = {
    "moved_phone": (
        "Ihr Termin für ein Telefongespräch ist verlegt, auf {when}. Wir rufen Sie an unter {phone}.",
        "Your appointment for a phone call has been moved to {when}. We will call you at {phone}.",
    ),
    "moved_video": (
        "Ihr Termin für ein Videogespräch ist verlegt, auf {when}. Zum Gespräch: {link}",
        "Your appointment for a video call has been moved to {when}. To join: {link}",
    ),
    "cancelled_callback": (
        "Ihr Rückruf ist abgesagt: {when}.",
        "Your call back is cancelled: {when}.",
    ),
    "cancelled_phone": (
        "Ihr Termin für ein Telefongespräch ist abgesagt: {when}.",
        "Your appointment for a phone call is cancelled: {when}.",
    ),
    "cancelled_video": (
        "Ihr Termin für ein Videogespräch ist abgesagt: {when}.",
        "Your appointment for a video call is cancelled: {when}.",
    ),
    "reminder_subject": ("Erinnerung an Ihren Termin", "Reminder of your appointment"),
    "reminder_subject_du": ("Erinnerung an deinen Termin", "Reminder of your appointment"),
    "reminder_phone_mail": (
        "Ihr Termin für ein Telefongespräch ist am {when}. Wir rufen Sie an unter {phone}.\n\n"
        "Der Termin liegt als Kalenderdatei bei. Wenn die Zeit nicht mehr passt, sagen Sie den Termin im Chat ab oder "
        "antworten Sie auf diese E-Mail.",
        "Your appointment for a phone call is on {when}. We will call you at {phone}.\n\n"
        "The appointment is attached as a calendar file. If the time no longer suits you, cancel it in the chat or "
        "reply to this e-mail.",
    ),
    "reminder_phone_mail_du": (
        "Dein Termin für ein Telefongespräch ist am {when}. Wir rufen dich an unter {phone}.\n\n"
        "Der Termin liegt als Kalenderdatei bei. Wenn die Zeit nicht mehr passt, sag den Termin im Chat ab oder "
        "antworte auf diese E-Mail.",
        "Your appointment for a phone call is on {when}. We will call you at {phone}.\n\n"
        "The appointment is attached as a calendar file. If the time no longer suits you, cancel it in the chat or "
        "reply to this e-mail.",
    ),
    "reminder_video_mail": (
        "Ihr Termin für ein Videogespräch ist am {when}. Zum Gespräch: {link}\n\n"
        "Der Termin liegt als Kalenderdatei bei. Wenn die Zeit nicht mehr passt, sagen Sie den Termin im Chat ab oder "
        "antworten Sie auf diese E-Mail.",
        "Your appointment for a video call is on {when}. To join: {link}\n\n"
        "The appointment is attached as a calendar file. If the time no longer suits you, cancel it in the chat or "
        "reply to this e-mail.",
    ),
    "reminder_video_mail_du": (
        "Dein Termin für ein Videogespräch ist am {when}. Zum Gespräch: {link}\n\n"
        "Der Termin liegt als Kalenderdatei bei. Wenn die Zeit nicht mehr passt, sag den Termin im Chat ab oder "
        "antworte auf diese E-Mail.",
        "Your appointment for a video call is on {when}. To join: {link}\n\n"
        "The appointment is attached as a calendar file. If the time no longer suits you, cancel it in the chat or "
        "reply to this e-mail.",
    ),
}
