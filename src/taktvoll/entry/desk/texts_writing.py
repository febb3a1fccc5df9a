"""The desk's texts about writing: suggestions, undo, drafts, macros, who else is here, search; German and English.

I decide how these read. texts.py takes me in. I never hold a text that a customer sees.
"""

from collections.abc import Mapping

WRITING: Mapping[str, tuple[str, str]] = {
    # the suggestion
    "suggestion": ("Vorschlag der KI", "AI suggestion"),
    "suggestion_accept": ("So senden", "Send as it is"),
    "suggestion_edit": ("Ändern", "Change"),
    "suggestion_reject": ("Verwerfen", "Reject"),
    "suggestion_several": (
        "Die Nachricht enthält mehrere Fragen: Prüfen Sie, ob jede beantwortet ist.",
        "The message asks several things: check that each is answered.",
    ),
    "suggestion_open": ("Offen bleibt:", "Left open:"),
    "reject_why": ("Warum? (freiwillig)", "Why? (optional)"),
    "reject_none": ("ohne Angabe", "no reason given"),
    "reject_wrong": ("inhaltlich falsch", "wrong"),
    "reject_outdated": ("veraltet", "outdated"),
    "reject_beside": ("beantwortet die Frage nicht", "does not answer the question"),
    "reject_incomplete": ("unvollständig", "incomplete"),
    "reject_tone": ("falscher Ton", "wrong tone"),
    "rejected": ("Vorschlag verworfen.", "Suggestion rejected."),
    "suggestion_put": (
        "Im Feld stand schon etwas: Der Vorschlag steht jetzt darunter, gesendet ist nichts.",
        "There was text in the field already: the suggestion now stands below it, nothing was sent.",
    ),
    # what a mail has around the words
    "around": ("Kommt dazu:", "Will be added:"),
    "around_text": ("Ihr Text", "Your text"),
    "around_hint": (
        "Begrüßung und Grußformel, die Sie selbst schreiben, kommen nicht doppelt. Beginnt Ihr Text mit einem "
        "Großbuchstaben, steht hinter der Begrüßung ein Ausrufezeichen statt eines Kommas.",
        "A greeting or sign-off that you write yourself is not added again.",
    ),
    # sending, and taking it back
    "leaving": ("Wird gesendet …", "Sending …"),
    "leaving_said": (
        "Wird in {n} Sekunden gesendet. Rückgängig mit Strg+Z.",
        "Will be sent in {n} seconds. Undo with Ctrl+Z.",
    ),
    "undo_send": ("Rückgängig", "Undo"),
    "send_now": ("Jetzt senden", "Send now"),
    "undone": ("Nicht gesendet. Ihr Text steht wieder im Feld.", "Not sent. Your text is back in the field."),
    "came_back": ("{why} Ihr Text steht wieder im Feld.", "{why} Your text is back in the field."),
    "came_back_held": (
        "Die Prüfung vor dem Senden hat die Antwort aufgehalten.",
        "The check before sending held the reply.",
    ),
    "drafted": ("Entwurf", "Draft"),
    "draft_unsaved": ("Entwurf noch nicht gespeichert", "Draft not saved yet"),
    # approved passages
    "macro_greeting": ("Begrüßung", "Greeting"),
    "macro_closing": ("Gruß zum Schluss", "Closing"),
    "macro_list": ("Freigegebene Texte", "Approved texts"),
    "macros_found": ("{n} Texte; mit den Pfeiltasten wählen", "{n} texts; choose by arrow keys"),
    "macros_none": ("Kein freigegebener Text passt.", "No approved text matches."),
    "macro_hint": ("· / fügt freigegebene Texte ein", "· / inserts approved texts"),
    # who else is here
    "also_here": ("Auch hier: {names}", "Also here: {names}"),
    "writes": ("{name} schreibt gerade …", "{name} is writing …"),
    "take_anyway_title": ("Trotzdem übernehmen?", "Take over anyway?"),
    "take_anyway": (
        "{name} schreibt gerade in diesem Gespräch. Wenn Sie übernehmen, kann {name} nicht mehr senden.",
        "{name} is writing in this conversation. If you take over, {name} can no longer send.",
    ),
    "take_anyway_yes": ("Übernehmen", "Take over"),
    "take_anyway_no": ("Abbrechen", "Cancel"),
    # search
    "search": ("Suche", "Search"),
    "search_title": ("Gespräche durchsuchen", "Search conversations"),
    "search_words": ("Wörter, Kontakt oder Kürzel", "Words, contact or code"),
    "search_hint": (
        "Findet Wörter aus Nachrichten und Notizen, Namen und Adressen von Kontakten und das Kürzel eines Gesprächs. "
        "Alle Wörter müssen in einer Nachricht stehen. „…“ sucht wörtlich, - schließt aus, „oder“ sucht eines von "
        "beiden, zähler* auch Zählerstand.",
        "Finds words of messages and notes, names and addresses of contacts, and the code of a conversation. "
        "All words must stand in one message. “…” searches literally, - leaves out, or finds either, meter* also "
        "finds meters.",
    ),
    "search_go": ("Suchen", "Search"),
    "search_status": ("Stand", "Status"),
    "search_person": ("Bei", "With"),
    "search_channel": ("Kanal", "Channel"),
    "search_language": ("Sprache", "Language"),
    "search_from": ("Von", "From"),
    "search_to": ("Bis", "To"),
    "search_hits": ("Treffer", "Hits"),
    "search_none": ("Nichts gefunden.", "Nothing found."),
    "found_code": ("Gespräch {code}", "Conversation {code}"),
    "found_us": ("Antwort", "Reply"),
    "found_open": ("offen bei Menschen", "open with people"),
    "found_assistant": ("bei der KI", "with the AI"),
    "found_closed": ("geschlossen", "closed"),
    "language_de": ("Deutsch", "German"),
    "language_en": ("Englisch", "English"),
    # the key map
    "key_accept": ("Vorschlag so senden", "Send the suggestion as it is"),
    "key_suggestion": ("Vorschlag ändern, verwerfen", "Change, reject the suggestion"),
    "key_undo_send": ("Senden rückgängig", "Undo sending"),
    "key_macro": ("Suche; im Feld: freigegebene Texte", "Search; in the field: approved texts"),
}

WRITING_FOR_SCRIPT = (
    "also_here", "draft_unsaved", "leaving_said", "macro_list", "macros_found", "macros_none", "rejected",
    "suggestion_put", "take_anyway", "undone", "writes",
)  # fmt: skip
"""Those of them that the page's scripts need."""
