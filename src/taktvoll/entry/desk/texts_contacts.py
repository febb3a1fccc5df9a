"""The desk's texts about contacts, German and English, by name.

I decide how these read. texts.py takes me in. I never hold a text that a customer sees.
"""

from collections.abc import Mapping

CONTACTS: Mapping[str, tuple[str, str]] = {
    "contact": ("Kontakt", "Contact"),
    "contacts": ("Kontakte", "Contacts"),
    "contact_open": ("Kontakt öffnen", "Open contact"),
    "contact_none": ("Wer hier schreibt, ist nicht bestätigt.", "Who writes here is not confirmed."),
    "contact_claim": ("nicht bestätigt", "not confirmed"),
    "contact_claim_why": (
        "Der Mailserver hat nicht bestätigt, dass die E-Mail wirklich von dieser Adresse kommt. Geben Sie nichts "
        "Persönliches weiter.",
        "The mail server has not confirmed that the mail really comes from this address. Do not give away anything "
        "personal.",
    ),
    "contact_holder": ("Diese Adresse gehört einem Kontakt:", "This address belongs to a contact:"),
    "contact_vouch_sender": (
        "Ich habe geprüft: Die Nachricht ist von dieser Adresse",
        "I have checked: the message is from this address",
    ),
    "contact_nameless": ("ohne Namen", "without a name"),
    "contact_erased": ("gelöschter Kontakt", "erased contact"),
    "contact_name": ("Name", "Name"),
    "contact_form": ("Anrede", "Form of address"),
    "contact_form_unset": ("noch nicht bekannt", "not known yet"),
    "contact_form_sie": ("Sie", "formal (Sie)"),
    "contact_form_du": ("du", "informal (du)"),
    "contact_language": ("Sprache", "Language"),
    "contact_language_unset": ("noch nicht bekannt", "not known yet"),
    "contact_language_de": ("Deutsch", "German"),
    "contact_language_en": ("Englisch", "English"),
    "contact_learnt": ("aus den Nachrichten erkannt", "recognised from the messages"),
    "contact_seen_once": (
        "vorläufig, aus einer Nachricht erkannt",
        "provisional, recognised from one message",
    ),
    "contact_notes": ("Notizen zum Kontakt", "Notes about the contact"),
    "contact_notes_hint": (
        "Kundinnen und Kunden können Auskunft darüber verlangen: Schreiben Sie nur, was sie lesen dürfen.",
        "Customers can ask to see them: write only what they may read.",
    ),
    "contact_save": ("Speichern", "Save"),
    "contact_addresses": ("Adressen", "Addresses"),
    "contact_address_new": ("E-Mail-Adresse oder Telefonnummer", "E-mail address or telephone number"),
    "contact_address_add": ("Vormerken", "Note"),
    "contact_address_why": (
        "Eine vorgemerkte Adresse führt nichts zusammen, bis sie bestätigt ist.",
        "A noted address joins nothing until it is confirmed.",
    ),
    "contact_vouch": ("Ich habe geprüft: gehört dazu", "I have checked: it belongs"),
    "contact_talks": ("Gespräche", "Conversations"),
    "contact_other_talks": ("Weitere Gespräche", "Other conversations"),
    "contact_talks_none": ("Keine weiteren.", "No others."),
    "contact_closed": ("geschlossen", "closed"),
    "contact_merge": ("Zusammenführen", "Merge"),
    "contact_merge_search": (
        "Welcher Kontakt ist dieselbe Person? Name oder Adresse",
        "Which contact is the same person? Name or address",
    ),
    "contact_merge_none": ("Nichts gefunden.", "Nothing found."),
    "contact_choose": ("Auswählen", "Choose"),
    "contact_merge_warn": (
        "„{other}“ geht in „{name}“ auf. Danach gehören zusammen:",
        "“{other}” becomes part of “{name}”. These will belong together:",
    ),
    "contact_merge_right": (
        "Wer mit diesem Kontakt arbeitet, sieht dann auch diese Gespräche. Sie können es hier wieder aufheben.",
        "Whoever works with this contact will then see these conversations too. You can undo it here.",
    ),
    "contact_merge_do": ("Jetzt zusammenführen", "Merge now"),
    "contact_joined": ("Zusammengeführt", "Merged"),
    "contact_joined_at": ("{name}, seit {time}", "{name}, since {time}"),
    "contact_undo": ("Aufheben", "Undo"),
    "contact_undo_named": ("Zusammenführung mit {name} aufheben", "Undo the merge with {name}"),
    "contact_split": ("Trennen", "Split"),
    "contact_split_why": (
        "Was gehört zu jemand anderem? Das Gewählte zieht in einen neuen Kontakt um.",
        "What belongs to someone else? What you choose moves to a new contact.",
    ),
    "contact_split_do": ("In neuen Kontakt verschieben", "Move to a new contact"),
    "contact_log": ("Verlauf", "History"),
    "contact_search": ("Name oder Adresse", "Name or address"),
    "contact_search_go": ("Suchen", "Search"),
    "contact_found_none": ("Kein Kontakt gefunden.", "No contact found."),
    "contact_to_all": ("Alle Kontakte", "All contacts"),
    "contact_done_change": ("Gespeichert.", "Saved."),
    "contact_done_address": ("Vorgemerkt.", "Noted."),
    "contact_done_vouch": ("Bestätigt.", "Confirmed."),
    "contact_done_merge": (
        "Zusammengeführt. Unter „Zusammengeführt“ können Sie es aufheben.",
        "Merged. You can undo it under “Merged”.",
    ),
    "contact_done_undo": ("Die Zusammenführung ist aufgehoben.", "The merge has been undone."),
    "contact_done_split": ("Das ist der neue Kontakt.", "This is the new contact."),
    "proof_mail_authenticated": ("durch geprüfte E-Mail bestätigt", "confirmed by an authenticated mail"),
    "proof_code_confirmed": ("durch Code bestätigt", "confirmed by code"),
    "proof_staff_confirmed": ("von einem Menschen bestätigt", "confirmed by a person"),
    "proof_unproven": ("nicht bestätigt", "not confirmed"),
    "channel_mail": ("E-Mail", "E-mail"),
    "channel_webchat": ("Chat", "Chat"),
    "log_contact_made": ("Kontakt angelegt", "Contact made"),
    "log_contact_changed": ("Angaben geändert", "Details changed"),
    "log_contact_merged": ("Zusammengeführt", "Merged"),
    "log_contact_merge_undone": ("Zusammenführung aufgehoben", "Merge undone"),
    "log_contact_split": ("Getrennt", "Split"),
    "log_contact_erased": ("Angaben gelöscht", "Details erased"),
    "log_identity_added": ("Adresse vorgemerkt", "Address noted"),
    "log_identity_proven": ("Adresse bestätigt", "Address confirmed"),
    "log_conversation_linked": ("Gespräch zugeordnet", "Conversation linked"),
    # what happened, line by line, in a conversation
    "line_code": ("Ein Code ging an die angegebene Adresse", "A code was sent to the address given"),
    "line_rerouted_wished": (
        "Antworten gehen auf Wunsch per E-Mail an die bestätigte Adresse",
        "Answers go by e-mail to the confirmed address, as wished",
    ),
    "line_rerouted_left": (
        "Chat verlassen: Antworten gehen per E-Mail an die bestätigte Adresse",
        "Left the chat: answers go by e-mail to the confirmed address",
    ),
}
