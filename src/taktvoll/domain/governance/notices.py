"""The fixed texts the assistant may say, each in German and English, versioned together.

I decide the words of notices, offers and hints. Wording, the release rules and the doors call me.
I never contain a fact about a company. These texts are part of every edition by their version. A change is a new
version that holds only what changed; earlier ones stay for good, so that a replay says what was said.
"""

from collections.abc import Mapping

from taktvoll.domain.governance.notices_calls import ABOUT_CALLS
from taktvoll.domain.governance.notices_mail import BY_MAIL, OPENED_BY_MAIL

Texts = Mapping[str, tuple[str, str]]

_FIRST: Texts = {
    "ai_notice": (
        "Sie schreiben mit einer KI. Sie antwortet nur aus freigegebenen Texten und kann sich irren. "
        "Ein Mensch ist jederzeit für Sie da: Schreiben Sie einfach „Mensch“.",
        "You are writing with an AI. It answers only from approved texts and can be wrong. "
        "A person is there for you at any time: just write “person”.",
    ),
    "ai_label": ("KI-Assistenz", "AI assistant"),
    "greeting": ("Guten Tag! Wobei kann ich Ihnen helfen?", "Hello! How can I help you?"),
    "thanks": (
        "Gern geschehen. Kann ich sonst noch etwas für Sie tun?",
        "You are welcome. Is there anything else I can do for you?",
    ),
    "goodbye": ("Auf Wiedersehen und einen schönen Tag!", "Goodbye and have a nice day!"),
    "clarify": (
        "Ich bin mir nicht sicher, was Sie meinen. Geht es um eines davon?",
        "I am not sure what you mean. Is it one of these?",
    ),
    "decline": (
        "Dazu habe ich keine geprüfte Auskunft. Soll ich einen Menschen dazuholen?",
        "I have no approved information on this. Shall I bring in a person?",
    ),
    "handover": (
        "Ich gebe Ihr Gespräch an einen Menschen weiter. Alles, was Sie geschrieben haben, liegt dort vor. "
        "Sie können hier weiterschreiben.",
        "I am passing your conversation on to a person. They can see everything you have written. "
        "You can keep writing here.",
    ),
    "only_in": (
        "Diese Auskunft liegt nur in einer anderen Sprache vor:",
        "This information is only available in another language:",
    ),
    "not_text": (
        "Das habe ich nicht verstanden. Schreiben Sie mir bitte in eigenen Worten, worum es geht.",
        "I did not understand that. Please tell me in your own words what it is about.",
    ),
}

_NUMBERS_AND_PEOPLE: Texts = {
    "emergency_medical": (
        "Rufen Sie sofort 112 an: Das ist der Rettungsdienst, kostenlos und rund um die Uhr. Sagen Sie, "
        "wo Sie sind und was geschehen ist, und legen Sie erst auf, wenn die Leitstelle es sagt. Auch bei "
        "einer Vergiftung: 112.\n\n"
        "Dieser Chat kann keine Hilfe schicken. Einen Menschen hole ich trotzdem sofort dazu; warten Sie "
        "nicht darauf.",
        "Call 112 now: the ambulance service, free of charge, day and night. Say where you are and what "
        "has happened, and do not hang up before they tell you to. In case of poisoning, too: 112.\n\n"
        "This chat cannot send help. I am bringing in a person at once all the same; do not wait for them.",
    ),
    "emergency_suicide": (
        "Gut, dass Sie das schreiben. Sie müssen damit nicht allein bleiben.\n\n"
        "Die Telefonseelsorge hört Ihnen jetzt zu: 0800 1110111, kostenlos, anonym und rund um die Uhr. "
        "Wenn Sie in Gefahr sind oder sich etwas angetan haben, rufen Sie bitte sofort 112 an.\n\n"
        "Ich hole sofort einen Menschen dazu. Sie können hier weiterschreiben.",
        "It is good that you are writing this. You do not have to be alone with it.\n\n"
        "In Germany the Telefonseelsorge will listen to you now: 0800 1110111, free of charge, anonymous, "
        "day and night. If you are in danger or have hurt yourself, please call 112 at once.\n\n"
        "I am bringing in a person at once. You can keep writing here.",
    ),
    "emergency_gas": (
        "Gehen Sie jetzt alle ins Freie und lassen Sie die Türen hinter sich offen. Kein Licht, keine "
        "Schalter, keine Klingel, kein Feuer, kein Telefon im Haus.\n\n"
        "Rufen Sie von draußen 112 und den örtlichen Netzbetreiber an. Bei Kopfschmerzen, Schwindel oder "
        "einem Kohlenmonoxid-Alarm: 112. Gehen Sie nicht wieder hinein.\n\n"
        "Einen Menschen hole ich sofort dazu; warten Sie nicht darauf.",
        "Everybody go outside now and leave the doors open behind you. No lights, no switches, no "
        "doorbell, no flames, no phone indoors.\n\n"
        "From outside, call 112 and the local grid operator. With headache, dizziness or a carbon "
        "monoxide alarm: 112. Do not go back in.\n\n"
        "I am bringing in a person at once; do not wait for them.",
    ),
    "emergency_gas_line": (
        "Gehen Sie jetzt alle ins Freie und lassen Sie die Türen hinter sich offen. Kein Licht, keine "
        "Schalter, keine Klingel, kein Feuer, kein Telefon im Haus.\n\n"
        "Rufen Sie von draußen den Gas-Notdienst an: {gas_line}, oder 112. Bei Kopfschmerzen, Schwindel "
        "oder einem Kohlenmonoxid-Alarm: 112. Gehen Sie nicht wieder hinein.\n\n"
        "Einen Menschen hole ich sofort dazu; warten Sie nicht darauf.",
        "Everybody go outside now and leave the doors open behind you. No lights, no switches, no "
        "doorbell, no flames, no phone indoors.\n\n"
        "From outside, call the gas emergency line: {gas_line}, or 112. With headache, dizziness or a "
        "carbon monoxide alarm: 112. Do not go back in.\n\n"
        "I am bringing in a person at once; do not wait for them.",
    ),
    "emergency_violence": (
        "Wenn Sie oder andere bedroht werden: Bringen Sie sich in Sicherheit, wenn es geht, und rufen Sie "
        "sofort die Polizei: 110. Wenn jemand verletzt ist: 112.\n\n"
        "Dieser Chat kann keine Hilfe schicken. Einen Menschen hole ich trotzdem sofort dazu; warten Sie "
        "nicht darauf.",
        "If you or others are threatened: get to safety if you can, and call the police at once: 110. If "
        "anyone is hurt: 112.\n\n"
        "This chat cannot send help. I am bringing in a person at once all the same; do not wait for them.",
    ),
    "emergency_fraud": (
        "Lassen Sie betroffene Karten und Zugänge zum Konto sofort sperren: Sperr-Notruf 116116, rund um "
        "die Uhr. Geben Sie niemandem Passwort, PIN oder TAN, auch nicht hier. Werden Sie gerade "
        "bedrängt, rufen Sie 110 an.\n\n"
        "Ich hole sofort einen Menschen dazu. Sie können hier weiterschreiben.",
        "Have affected cards and account logins blocked at once: in Germany by the blocking hotline "
        "116116, day and night. Give nobody your password, PIN or TAN, not even here. If someone is "
        "putting you under pressure right now, call 110.\n\n"
        "I am bringing in a person at once. You can keep writing here.",
    ),
    "handover_anger": (
        "Es tut mir leid, dass Sie sich ärgern. Ich gebe Ihr Gespräch jetzt an einen Menschen weiter, der "
        "sich darum kümmert. Alles, was Sie geschrieben haben, liegt dort vor; Sie müssen nichts "
        "wiederholen.",
        "I am sorry that you are upset. I am passing your conversation on to a person now who will look "
        "into it. They can see everything you have written; you need not repeat anything.",
    ),
    "handover_distress": (
        "Danke, dass Sie das schreiben. Das klingt gerade sehr schwer. Ich hole einen Menschen dazu, der "
        "für Sie da ist. Sie müssen nichts noch einmal erzählen und können hier jederzeit weiterschreiben.",
        "Thank you for telling us. This sounds very hard. I am bringing in a person who will be there for "
        "you. You need not explain anything again, and you can keep writing here at any time.",
    ),
    "handover_vulnerable": (
        "Ich hole sofort einen Menschen dazu und gebe Ihre Nachricht als dringend weiter. Wenn Leben oder "
        "Gesundheit in Gefahr sind, warten Sie nicht: Rufen Sie 112 an. Sie können hier weiterschreiben.",
        "I am bringing in a person at once and passing your message on as urgent. If life or health is in "
        "danger, do not wait: call 112. You can keep writing here.",
    ),
    "handover_legal_threat": (
        "Ich gebe Ihre Nachricht vollständig an die zuständigen Menschen weiter. Sie prüfen sie und "
        "antworten Ihnen. Sie können hier weiterschreiben.",
        "I am passing your message on in full to the people responsible. They will examine it and reply "
        "to you. You can keep writing here.",
    ),
    "handover_data_protection": (
        "Ihr Anliegen zum Datenschutz ist bei uns eingegangen. Ich habe es an die zuständigen Menschen "
        "weitergegeben; sie bearbeiten es und antworten Ihnen. Sie müssen nichts weiter tun.",
        "Your request about your data has reached us. I have passed it on to the people responsible; they "
        "will deal with it and reply to you. You need not do anything else.",
    ),
    "handover_revocation": (
        "Ihre Erklärung ist bei uns eingegangen. Ich habe sie an die zuständigen Menschen weitergegeben; "
        "sie bearbeiten sie und melden sich bei Ihnen. Sie müssen nichts weiter tun.",
        "Your declaration has reached us. I have passed it on to the people responsible; they will deal "
        "with it and get back to you. You need not do anything else.",
    ),
    "open_question": (
        "Zu Ihrer weiteren Frage habe ich keine geprüfte Auskunft. Soll ich einen Menschen dazuholen?",
        "I have no approved information on your other question. Shall I bring in a person?",
    ),
    "receipt": (
        "Eingegangen am {date} um {time} Uhr ({zone}), mit diesem Inhalt:",
        "Received on {date} at {time} ({zone}), with this content:",
    ),
}

_WHERE_IT_BURNS: Texts = {
    "emergency_gas": (
        "Gehen Sie jetzt alle ins Freie. Bei Gasgeruch: Türen hinter sich offen lassen, kein Licht, keine "
        "Schalter, keine Klingel, kein Feuer, kein Telefon im Haus. Wenn es brennt oder raucht: Türen hinter "
        "sich schließen.\n\n"
        "Rufen Sie von draußen 112 und den örtlichen Netzbetreiber an. Bei Feuer, Kopfschmerzen, Schwindel oder "
        "einem Kohlenmonoxid-Alarm: 112. Gehen Sie nicht wieder hinein.\n\n"
        "Einen Menschen hole ich sofort dazu; warten Sie nicht darauf.",
        "Everybody go outside now. If you smell gas: leave the doors open behind you, no lights, no switches, "
        "no doorbell, no flames, no phone indoors. If there is fire or smoke: close the doors behind you.\n\n"
        "From outside, call 112 and the local grid operator. With fire, headache, dizziness or a carbon "
        "monoxide alarm: 112. Do not go back in.\n\n"
        "I am bringing in a person at once; do not wait for them.",
    ),
    "emergency_gas_line": (
        "Gehen Sie jetzt alle ins Freie. Bei Gasgeruch: Türen hinter sich offen lassen, kein Licht, keine "
        "Schalter, keine Klingel, kein Feuer, kein Telefon im Haus. Wenn es brennt oder raucht: Türen hinter "
        "sich schließen.\n\n"
        "Rufen Sie von draußen den Gas-Notdienst an: {gas_line}, oder 112. Bei Feuer, Kopfschmerzen, Schwindel "
        "oder einem Kohlenmonoxid-Alarm: 112. Gehen Sie nicht wieder hinein.\n\n"
        "Einen Menschen hole ich sofort dazu; warten Sie nicht darauf.",
        "Everybody go outside now. If you smell gas: leave the doors open behind you, no lights, no switches, "
        "no doorbell, no flames, no phone indoors. If there is fire or smoke: close the doors behind you.\n\n"
        "From outside, call the gas emergency line: {gas_line}, or 112. With fire, headache, dizziness or a "
        "carbon monoxide alarm: 112. Do not go back in.\n\n"
        "I am bringing in a person at once; do not wait for them.",
    ),
}
"""Doors stay open where gas gathers, and closed where it burns; a message may mean either, so the text says both."""

_SERVICE_HOURS: Texts = {
    "people_back": (
        "Gerade ist niemand im Service da. Wir sind {when} wieder da.",
        "Nobody is in the service team right now. We are back {when}.",
    ),
    "people_away": (
        "Gerade ist niemand im Service da. Ihre Nachricht bleibt für uns liegen.",
        "Nobody is in the service team right now. Your message will be kept for us.",
    ),
    "offer_callback": (
        "Wenn Sie mögen, wünschen Sie unten einen Rückruf.",
        "If you like, ask for a call back below.",
    ),
    "offer_email": (
        "Sie erreichen uns auch per E-Mail: {email}.",
        "You can also reach us by e-mail: {email}.",
    ),
    "callback_noted": (
        "Ihr Rückruf ist vorgemerkt: {when}, unter {phone}. Sie können ihn unten absagen.",
        "Your call back is noted: {when}, at {phone}. You can cancel it below.",
    ),
    "appointment_phone": (
        "Ihr Termin für ein Telefongespräch steht: {when}. Wir rufen Sie an unter {phone}.",
        "Your appointment for a phone call is set: {when}. We will call you at {phone}.",
    ),
    "appointment_video": (
        "Ihr Termin für ein Videogespräch steht: {when}. Zum Gespräch: {link}",
        "Your appointment for a video call is set: {when}. To join: {link}",
    ),
    "waiting_next": ("Sie sind als Nächstes an der Reihe.", "You are next in line."),
    "waiting_one": ("Vor Ihnen wartet noch eine Person.", "One person is waiting before you."),
    "waiting_some": ("Vor Ihnen warten noch {n} Personen.", "{n} people are waiting before you."),
    "waiting_many": (
        "Vor Ihnen warten mehr als {n} Personen.",
        "More than {n} people are waiting before you.",
    ),
    "usual_minute": ("Zuletzt dauerte es etwa eine Minute.", "Lately it took about one minute."),
    "usual_minutes": (
        "Zuletzt dauerte es etwa {minutes} Minuten.",
        "Lately it took about {minutes} minutes.",
    ),
    "usual_hours": ("Zuletzt dauerte es etwa {hours} Stunden.", "Lately it took about {hours} hours."),
    "call_callback": ("Rückruf vorgemerkt: {when}.", "Call back noted: {when}."),
    "call_phone": ("Telefontermin: {when}.", "Appointment for a phone call: {when}."),
    "call_video": ("Videotermin: {when}.", "Appointment for a video call: {when}."),
    "appointment_title": ("Gespräch mit {company}", "Call with {company}"),
}

_GERMAN_AS_WRITTEN: Texts = {
    "people_back": (
        "Gerade ist niemand im Service da. Wir sind {when}, wieder da.",
        "Nobody is in the service team right now. We are back {when}.",
    ),
    "receipt": (
        "Eingegangen am {date} um {time} Uhr ({local}), mit diesem Inhalt:",
        "Received on {date} at {time} ({zone}), with this content:",
    ),
}

_FILES: Texts = {
    "handover_file": (
        "Dateien kann ich nicht lesen. Ein Mensch sieht sich an, was Sie geschickt haben, und antwortet Ihnen. "
        "Sie können hier weiterschreiben.",
        "I cannot read files. A person will look at what you have sent and reply to you. You can keep writing here.",
    ),
    "file_quoted": ("(Datei „{name}“)", "(File “{name}”)"),
}

VERSIONS: Mapping[str, Texts] = {
    "1": _FIRST,
    "2": _NUMBERS_AND_PEOPLE,
    "3": _WHERE_IT_BURNS,
    "4": BY_MAIL,
    "5": _SERVICE_HOURS,
    "6": _GERMAN_AS_WRITTEN,
    "7": {**_FILES, **ABOUT_CALLS, **OPENED_BY_MAIL},
}
"""Version → what it changed or added, oldest first. Never change one that was published."""

VERSION = "7"
"""The version that new editions say."""


def knows(name: str, version: str) -> bool:
    """Whether a set of texts has a text: what came with it is not said where an earlier set speaks."""
    versions = list(VERSIONS)
    upto = versions[: versions.index(version) + 1] if version in VERSIONS else versions
    return any(name in VERSIONS[v] for v in upto)


def introduced(name: str, version: str = VERSION) -> str:
    """The version from which a set of texts takes a text: the last that changed it, or the first that has it at all.

    An emergency needs its numbers also under an edition whose texts do not know them yet.
    """
    versions = list(VERSIONS)
    upto = versions[: versions.index(version) + 1] if version in VERSIONS else versions
    having = [v for v in reversed(upto) if name in VERSIONS[v]]
    return having[0] if having else next(v for v in versions if name in VERSIONS[v])


def fixed(name: str, language: str, version: str = VERSION) -> str:
    """Give a fixed text in German for "de…", in English otherwise, as a version of the texts has it."""
    german, english = VERSIONS[introduced(name, version)][name]
    return german if spoken(language) == "de" else english


def fixed_by_mail(name: str, language: str, version: str = VERSION, *, familiar: bool = False) -> str:
    """Give a fixed text for a mail: its own wording where there is one, for those who write du if `familiar`."""
    forms = (f"{name}_mail_du", f"{name}_du", f"{name}_mail", name) if familiar else (f"{name}_mail", name)
    return fixed(next(form for form in forms if form in FIXED), language, version)


FIXED: Texts = {name: text for texts in VERSIONS.values() for name, text in texts.items()}
"""Fixed text by name as of now: German, English."""


def spoken(language: str) -> str:
    """The language in which fixed texts are said to someone who speaks `language`."""
    return "de" if language.lower().startswith("de") else "en"
