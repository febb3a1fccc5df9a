"""The desk's texts about earned autonomy and the review of drawn answers, German and English, by name.

I decide how lights, evidence and proposals read. texts.py takes me in. I never hold a text that a customer sees.
"""

from collections.abc import Mapping

AUTONOMY: Mapping[str, tuple[str, str]] = {
    "pages": ("Seiten", "Pages"),
    "autonomy": ("Autonomie", "Autonomy"),
    "review": ("Stichprobe", "Review"),
    # the lights
    "light_human": ("Mensch", "Human"),
    "light_copilot": ("Kopilot", "Copilot"),
    "light_probation": ("Probe", "Probation"),
    "light_autopilot": ("Autopilot", "Autopilot"),
    "lights_mean": (
        "Mensch: Menschen schreiben. Kopilot: Die KI schlägt vor, Menschen senden. Probe: Die KI sendet freigegebene "
        "Texte wörtlich. Autopilot: Die KI antwortet; das ist verdient und kann verloren gehen.",
        "Human: people write. Copilot: the AI suggests, people send. Probation: the AI sends approved text word for "
        "word. Autopilot: the AI answers; this is earned and can be lost.",
    ),
    # the table of topics
    "promise": (
        "Toleriert sind höchstens {error} falsche Antworten, bewiesen mit {confidence} Sicherheit. Geurteilt wird über "
        "{draw} aller Antworten, vom Los gezogen.",
        "At most {error} wrong answers are tolerated, proven with {confidence} confidence. {draw} of all answers are "
        "judged, drawn by lot.",
    ),
    "topic": ("Thema", "Topic"),
    "light": ("Ampel", "Light"),
    "labels": ("Urteile", "Labels"),
    "wrong": ("davon falsch", "of those wrong"),
    "bound": ("Fehler höchstens", "Error at most"),
    "missing": ("Es fehlen noch", "Still missing"),
    "proposal": ("Vorschlag", "Proposal"),
    "missing_right": ("{n}, alle richtig", "{n}, all right"),
    "missing_none": ("nichts", "nothing"),
    "waiting_labels": ("{n} warten auf ein Urteil", "{n} wait for a judgement"),
    "overdue_labels": ("{n} seit über 14 Tagen", "{n} for over 14 days"),
    "warned": ("Zuletzt auffällig viele Fehler", "Conspicuously many errors of late"),
    "in_shadow": ("Probelauf", "Shadow mode"),
    "life": ("{n}. Anlauf", "Attempt {n}"),
    "proposed_since": ("Autopilot, seit {date}", "Autopilot, since {date}"),
    "approve": ("Freigeben", "Approve"),
    "approve_named": ("Autopilot für {topic} freigeben", "Approve autopilot for {topic}"),
    "leads_approve": ("Freigeben darf die Leitung.", "Team leads may approve."),
    "no_proposal": ("–", "–"),
    "no_topics": (
        "Noch kein Thema hat Urteile. Sie entstehen, sobald die KI geantwortet hat und Antworten gezogen wurden.",
        "No topic has labels yet. They come once the AI has answered and answers have been drawn.",
    ),
    "all_in_shadow": (
        "Probelauf für alle Themen: Die KI antwortet nur für sich, gesendet wird nichts.",
        "Shadow mode for all topics: the AI answers only to itself, nothing is sent.",
    ),
    # the log
    "history": ("Verlauf", "History"),
    "history_none": ("Noch ist nichts geschehen.", "Nothing has happened yet."),
    "by_itself": ("von selbst", "by itself"),
    "log_autopilot.proposed": (
        "{topic}: Autopilot vorgeschlagen. {labels} Urteile, {wrong} falsch, Fehler höchstens {bound}.",
        "{topic}: autopilot proposed. {labels} labels, {wrong} wrong, error at most {bound}.",
    ),
    "log_proposal.withdrawn": (
        "{topic}: Vorschlag zurückgezogen. Fehler jetzt höchstens {bound}.",
        "{topic}: proposal withdrawn. Error now at most {bound}.",
    ),
    "log_autopilot.approved": (
        "{topic}: Autopilot freigegeben. {labels} Urteile, {wrong} falsch, Fehler höchstens {bound}.",
        "{topic}: autopilot approved. {labels} labels, {wrong} wrong, error at most {bound}.",
    ),
    "log_light.fell_back": (
        "{topic}: zurückgefallen auf {to}. {reason}",
        "{topic}: fell back to {to}. {reason}",
    ),
    "log_light.set": ("{topic}: von Hand auf {to} gesetzt.", "{topic}: set to {to} by hand."),
    "log_shadow.set": ("{topic}: Probelauf {on}.", "{topic}: shadow mode {on}."),
    "log_judgement.undone": (
        "{topic}: Urteil „{verdict}“ zurückgenommen.",
        "{topic}: judgement “{verdict}” taken back.",
    ),
    "log_promise.set": (
        "Toleriert: {tolerated}, Sicherheit {confidence}, gezogen {draw}.",
        "Tolerated: {tolerated}, confidence {confidence}, drawn {draw}.",
    ),
    "reason_alarm": (
        "Der Fehler liegt nachweislich über dem tolerierten.",
        "The error is demonstrably above the tolerated one.",
    ),
    "reason_not_proven_again": (
        "Die letzten 1 000 Urteile haben den Beweis nicht erneuert.",
        "The last 1,000 labels did not renew the proof.",
    ),
    "reason_not_judged": (
        "Zu viele gezogene Antworten hat niemand beurteilt.",
        "Too many drawn answers were judged by nobody.",
    ),
    "on": ("an", "on"),
    "off": ("aus", "off"),
    "everything": ("Alle Themen", "All topics"),
    # the review
    "review_waiting": ("{n} Antworten warten auf Ihr Urteil.", "{n} answers wait for your judgement."),
    "review_one": ("Eine Antwort wartet auf Ihr Urteil.", "One answer waits for your judgement."),
    "review_none": ("Alles beurteilt. Danke!", "All judged. Thank you!"),
    "review_why": (
        "Das Los hat diese Antwort gezogen. Ihr Urteil entscheidet mit, was die KI allein darf.",
        "This answer was drawn by lot. Your judgement helps decide what the AI may do alone.",
    ),
    "asked": ("Gefragt wurde", "Asked"),
    "answered_text": ("Geantwortet wurde", "Answered"),
    "would_have": ("Nur für sich geantwortet hätte die KI", "To itself the AI would have answered"),
    "erased_text": ("Dieser Text wurde gelöscht.", "This text has been erased."),
    "to_conversation": ("Zum Gespräch", "To the conversation"),
    "right": ("Richtig", "Right"),
    "is_wrong": ("Falsch", "Wrong"),
    "judge_question": ("Beantwortet das die Frage richtig?", "Does this answer the question correctly?"),
    "judged_meanwhile": (
        "Jemand war schneller. Hier ist die nächste.",
        "Someone was quicker. Here is the next one.",
    ),
    "last_judged": ("Ihr letztes Urteil: {verdict}.", "Your last judgement: {verdict}."),
    "take_back": ("Zurücknehmen", "Take it back"),
    "taken_back": (
        "Zurückgenommen. Die Antwort wartet wieder auf ein Urteil.",
        "Taken back. The answer waits for a judgement again.",
    ),
    "key_judge": ("Stichprobe: richtig, falsch", "Review: right, wrong"),
    "key_undo": ("Stichprobe: letztes Urteil zurücknehmen", "Review: take the last judgement back"),
    # why people answer
    "because_light_human": ("Auf diesem Thema antworten Menschen.", "On this topic people answer."),
    "because_light_copilot": (
        "Auf diesem Thema schlägt die KI nur vor; der Vorschlag steht unten.",
        "On this topic the AI only suggests; the suggestion stands below.",
    ),
    "because_light_mail": (
        "E-Mails beantwortet die KI nur bei Themen im Autopiloten selbst; hier schlägt sie höchstens etwas vor.",
        "The AI answers e-mails by itself only on topics on autopilot; here it suggests at most.",
    ),
    "because_shadow": (
        "Probelauf: Die KI hat nur für sich geantwortet.",
        "Shadow mode: the AI answered only to itself.",
    ),
    "use_suggestion": ("In die Antwort übernehmen", "Put into the reply"),
    "suggested": ("Vorschlag", "Suggestion"),
}
