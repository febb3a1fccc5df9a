"""The fixed texts of a mail, each in German and English; those that end in _du for customers who write du.

I decide only words; `notices.py` puts me under a version with the others. A text "…_mail" replaces the chat's "…" in a
mail. I never contain a fact about a company.
"""

from collections.abc import Mapping

BY_MAIL: Mapping[str, tuple[str, str]] = {
    "ai_notice_mail": (
        "Diese E-Mail hat eine KI aus freigegebenen Texten zusammengestellt. Sie kann sich irren. Ein Mensch ist "
        "jederzeit für Sie da: Antworten Sie einfach auf diese E-Mail mit dem Wort „Mensch“.",
        "An AI put this e-mail together from approved texts. It can be wrong. A person is there for you at any time: "
        "just reply to this e-mail with the word “person”.",
    ),
    "ai_notice_mail_du": (
        "Diese E-Mail hat eine KI aus freigegebenen Texten zusammengestellt. Sie kann sich irren. Ein Mensch ist "
        "jederzeit für dich da: Antworte einfach auf diese E-Mail mit dem Wort „Mensch“.",
        "An AI put this e-mail together from approved texts. It can be wrong. A person is there for you at any time: "
        "just reply to this e-mail with the word “person”.",
    ),
    "mail_greeting": ("Guten Tag,", "Hello,"),
    "mail_greeting_named": ("Guten Tag {name},", "Dear {name},"),
    "mail_greeting_du": ("Hallo,", "Hello,"),
    "mail_greeting_named_du": ("Hallo {name},", "Dear {name},"),
    "mail_closing": ("Freundliche Grüße", "Kind regards"),
    "mail_closing_du": ("Viele Grüße", "Kind regards"),
    "mail_questions": (
        "Ihre Fragen beantworte ich der Reihe nach.",
        "I answer your questions one by one.",
    ),
    "mail_questions_du": (
        "Deine Fragen beantworte ich der Reihe nach.",
        "I answer your questions one by one.",
    ),
    "mail_open_one": (
        "Zu dieser Frage habe ich keine geprüfte Auskunft. Ich habe sie an einen Menschen weitergegeben; er antwortet "
        "Ihnen darauf:",
        "I have no approved information on this question. I have passed it on to a person who will answer it:",
    ),
    "mail_open_one_du": (
        "Zu dieser Frage habe ich keine geprüfte Auskunft. Ich habe sie an einen Menschen weitergegeben; er antwortet "
        "dir darauf:",
        "I have no approved information on this question. I have passed it on to a person who will answer it:",
    ),
    "mail_open_more": (
        "Zu diesen Fragen habe ich keine geprüfte Auskunft. Ich habe sie an einen Menschen weitergegeben; er antwortet "
        "Ihnen darauf:",
        "I have no approved information on these questions. I have passed them on to a person who will answer them:",
    ),
    "mail_open_more_du": (
        "Zu diesen Fragen habe ich keine geprüfte Auskunft. Ich habe sie an einen Menschen weitergegeben; er antwortet "
        "dir darauf:",
        "I have no approved information on these questions. I have passed them on to a person who will answer them:",
    ),
    "mail_further": (
        "Hilft Ihnen das nicht weiter, antworten Sie einfach auf diese E-Mail.",
        "If this does not help you, just reply to this e-mail.",
    ),
    "mail_further_du": (
        "Hilft dir das nicht weiter, antworte einfach auf diese E-Mail.",
        "If this does not help you, just reply to this e-mail.",
    ),
    "mail_assistant": ("Die KI-Assistenz", "The AI assistant"),
    "mail_sources": ("Quellen:", "Sources:"),
    "mail_subject": ("Ihre Anfrage", "Your request"),
    "mail_wrote": ("Am {date} um {time} Uhr schrieb {name}:", "On {date} at {time}, {name} wrote:"),
    "mail_unsubscribe": ("Keine Werbung mehr erhalten:", "Receive no more advertising:"),
    "emergency_medical_mail": (
        "Rufen Sie sofort 112 an: Das ist der Rettungsdienst, kostenlos und rund um die Uhr. Sagen Sie, wo Sie sind "
        "und was geschehen ist, und legen Sie erst auf, wenn die Leitstelle es sagt. Auch bei einer Vergiftung: 112."
        "\n\nPer E-Mail kann niemand Hilfe schicken. Ein Mensch liest Ihre E-Mail so bald wie möglich; warten Sie "
        "nicht darauf.",
        "Call 112 now: the ambulance service, free of charge, day and night. Say where you are and what has happened, "
        "and do not hang up before they tell you to. In case of poisoning, too: 112.\n\n"
        "Nobody can send help by e-mail. A person will read your e-mail as soon as possible; do not wait for that.",
    ),
    "emergency_suicide_mail": (
        "Gut, dass Sie das schreiben. Sie müssen damit nicht allein bleiben.\n\n"
        "Die Telefonseelsorge hört Ihnen jetzt zu: 0800 1110111, kostenlos, anonym und rund um die Uhr. Wenn Sie in "
        "Gefahr sind oder sich etwas angetan haben, rufen Sie bitte sofort 112 an.\n\n"
        "Ein Mensch liest Ihre E-Mail so bald wie möglich und antwortet Ihnen. Bitte warten Sie nicht so lange.",
        "It is good that you are writing this. You do not have to be alone with it.\n\n"
        "In Germany the Telefonseelsorge will listen to you now: 0800 1110111, free of charge, anonymous, day and "
        "night. If you are in danger or have hurt yourself, please call 112 at once.\n\n"
        "A person will read your e-mail as soon as possible and answer you. Please do not wait that long.",
    ),
    "emergency_gas_mail": (
        "Gehen Sie jetzt alle ins Freie. Bei Gasgeruch: Türen hinter sich offen lassen, kein Licht, keine Schalter, "
        "keine Klingel, kein Feuer, kein Telefon im Haus. Wenn es brennt oder raucht: Türen hinter sich schließen.\n\n"
        "Rufen Sie von draußen 112 und den örtlichen Netzbetreiber an. Bei Feuer, Kopfschmerzen, Schwindel oder "
        "einem Kohlenmonoxid-Alarm: 112. Gehen Sie nicht wieder hinein.\n\n"
        "Per E-Mail kann niemand Hilfe schicken; warten Sie nicht auf eine Antwort.",
        "Everybody go outside now. If you smell gas: leave the doors open behind you, no lights, no switches, no "
        "doorbell, no flames, no phone indoors. If there is fire or smoke: close the doors behind you.\n\n"
        "From outside, call 112 and the local grid operator. With fire, headache, dizziness or a carbon "
        "monoxide alarm: 112. Do not go back in.\n\n"
        "Nobody can send help by e-mail; do not wait for an answer.",
    ),
    "emergency_gas_line_mail": (
        "Gehen Sie jetzt alle ins Freie. Bei Gasgeruch: Türen hinter sich offen lassen, kein Licht, keine Schalter, "
        "keine Klingel, kein Feuer, kein Telefon im Haus. Wenn es brennt oder raucht: Türen hinter sich schließen.\n\n"
        "Rufen Sie von draußen den Gas-Notdienst an: {gas_line}, oder 112. Bei Feuer, Kopfschmerzen, Schwindel oder "
        "einem Kohlenmonoxid-Alarm: 112. Gehen Sie nicht wieder hinein.\n\n"
        "Per E-Mail kann niemand Hilfe schicken; warten Sie nicht auf eine Antwort.",
        "Everybody go outside now. If you smell gas: leave the doors open behind you, no lights, no switches, no "
        "doorbell, no flames, no phone indoors. If there is fire or smoke: close the doors behind you.\n\n"
        "From outside, call the gas emergency line: {gas_line}, or 112. With fire, headache, dizziness or a carbon "
        "monoxide alarm: 112. Do not go back in.\n\n"
        "Nobody can send help by e-mail; do not wait for an answer.",
    ),
    "emergency_violence_mail": (
        "Wenn Sie oder andere bedroht werden: Bringen Sie sich in Sicherheit, wenn es geht, und rufen Sie sofort die "
        "Polizei: 110. Wenn jemand verletzt ist: 112.\n\n"
        "Per E-Mail kann niemand Hilfe schicken. Ein Mensch liest Ihre E-Mail so bald wie möglich; warten Sie nicht "
        "darauf.",
        "If you or others are threatened: get to safety if you can, and call the police at once: 110. If anyone is "
        "hurt: 112.\n\n"
        "Nobody can send help by e-mail. A person will read your e-mail as soon as possible; do not wait for that.",
    ),
    "emergency_fraud_mail": (
        "Lassen Sie betroffene Karten und Zugänge zum Konto sofort sperren: Sperr-Notruf 116116, rund um die Uhr. "
        "Geben Sie niemandem Passwort, PIN oder TAN, auch nicht per E-Mail. Werden Sie gerade bedrängt, rufen Sie "
        "110 an.\n\n"
        "Ein Mensch liest Ihre E-Mail so bald wie möglich; warten Sie mit dem Sperren nicht darauf.",
        "Have affected cards and account logins blocked at once: in Germany by the blocking hotline 116116, day and "
        "night. Give nobody your password, PIN or TAN, not by e-mail either. If someone is putting you under pressure "
        "right now, call 110.\n\n"
        "A person will read your e-mail as soon as possible; do not wait for that before you block.",
    ),
    "handover_mail": (
        "Ihre E-Mail ist angekommen. Ein Mensch antwortet Ihnen.",
        "Your e-mail has arrived. A person will answer you.",
    ),
    "handover_mail_du": (
        "Deine E-Mail ist angekommen. Ein Mensch antwortet dir.",
        "Your e-mail has arrived. A person will answer you.",
    ),
    "handover_distress_mail": (
        "Danke, dass Sie das schreiben. Das klingt gerade sehr schwer. Ein Mensch liest Ihre E-Mail und antwortet "
        "Ihnen so bald wie möglich. Sie müssen nichts noch einmal erzählen.",
        "Thank you for telling us. This sounds very hard. A person will read your e-mail and answer you as soon as "
        "possible. You need not explain anything again.",
    ),
    "handover_distress_mail_du": (
        "Danke, dass du das schreibst. Das klingt gerade sehr schwer. Ein Mensch liest deine E-Mail und antwortet dir "
        "so bald wie möglich. Du musst nichts noch einmal erzählen.",
        "Thank you for telling us. This sounds very hard. A person will read your e-mail and answer you as soon as "
        "possible. You need not explain anything again.",
    ),
    "handover_vulnerable_mail": (
        "Ihre E-Mail geht als dringend an einen Menschen. Wenn Leben oder Gesundheit in Gefahr sind, warten Sie nicht "
        "auf die Antwort: Rufen Sie 112 an.",
        "Your e-mail goes to a person as urgent. If life or health is in danger, do not wait for the answer: call 112.",
    ),
    "handover_vulnerable_mail_du": (
        "Deine E-Mail geht als dringend an einen Menschen. Wenn Leben oder Gesundheit in Gefahr sind, warte nicht auf "
        "die Antwort: Ruf 112 an.",
        "Your e-mail goes to a person as urgent. If life or health is in danger, do not wait for the answer: call 112.",
    ),
    "handover_data_protection_mail_du": (
        "Dein Anliegen zum Datenschutz ist bei uns eingegangen. Ich habe es an die zuständigen Menschen weitergegeben; "
        "sie bearbeiten es und antworten dir. Du musst nichts weiter tun.",
        "Your request about your data has reached us. I have passed it on to the people responsible; they will deal "
        "with it and reply to you. You need not do anything else.",
    ),
    "handover_revocation_mail_du": (
        "Deine Erklärung ist bei uns eingegangen. Ich habe sie an die zuständigen Menschen weitergegeben; sie "
        "bearbeiten sie und melden sich bei dir. Du musst nichts weiter tun.",
        "Your declaration has reached us. I have passed it on to the people responsible; they will deal with it and "
        "get back to you. You need not do anything else.",
    ),
}

OPENED_BY_MAIL: Mapping[str, tuple[str, str]] = {
    "mail_opening": ("vielen Dank für Ihre Nachricht.", "Thank you for your message."),
    "mail_opening_du": ("vielen Dank für deine Nachricht.", "Thank you for your message."),
    "mail_opening_grave": ("Ihre Nachricht ist bei uns angekommen.", "Your message has reached us."),
    "mail_opening_grave_du": ("deine Nachricht ist bei uns angekommen.", "Your message has reached us."),
    "mail_greeting_full": ("Guten Tag!", "Hello,"),
    "mail_greeting_full_du": ("Hallo!", "Hello,"),
    "mail_greeting_named_full": ("Guten Tag {name}!", "Dear {name},"),
    "mail_greeting_named_full_du": ("Hallo {name}!", "Dear {name},"),
}
"""German goes on in lower case after a greeting's comma, and an approved text begins as it was approved: so a sentence
of ours stands between them, or, before a person's words, an exclamation mark. Nobody in distress is thanked twice."""
