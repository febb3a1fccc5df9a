"""The failures around contacts and their addresses, with their texts.

I decide how these failures read. errors.py takes me into its one table. I never raise anything.
"""

from collections.abc import Mapping

CONTACTS: Mapping[str, tuple[str, str]] = {
    "contact.unknown": (
        "Diesen Kontakt gibt es nicht (mehr). Suchen Sie ihn auf der Seite „Kontakte“.",
        "This contact does not exist (any more). Look for it on the page “Contacts”.",
    ),
    "contact.erase_open": (
        "Menschen haben noch ein Gespräch mit diesem Kontakt oder schulden ihm einen Anruf: {names}. Schließen Sie es "
        "zuerst.",
        "People still have a conversation with this contact, or owe it a call: {names}. Close it first.",
    ),
    "contact.erase_busy": (
        "Von diesem Kontakt kommt gerade immer wieder Neues. Was bis jetzt da war, ist gelöscht; bitte den Befehl noch "
        "einmal ausführen.",
        "More keeps coming from this contact just now. What was there is erased; please run the command once more.",
    ),
    "contact.erase_why": (
        "Sagen Sie mit --why, warum gelöscht wird, in höchstens {limit} Zeichen und ohne einen Namen.",
        "Say by --why on what grounds you erase, in at most {limit} characters and without a name.",
    ),
    "contact.same": (
        "Das ist schon derselbe Kontakt. Wählen Sie einen anderen.",
        "This is the same contact already. Choose another one.",
    ),
    "contact.not_merged": (
        "Diese Zusammenführung ist schon aufgehoben. Laden Sie die Seite neu.",
        "This merge has been undone already. Reload the page.",
    ),
    "contact.loop": (
        "Kontakte sind im Kreis zusammengeführt. Das ist unser Fehler; bitte melden Sie ihn.",
        "Contacts are merged in a circle. This is our mistake; please report it.",
    ),
    "contact.nothing_chosen": (
        "Wählen Sie mindestens eine Adresse oder ein Gespräch, das in den neuen Kontakt gehört.",
        "Choose at least one address or conversation that belongs to the new contact.",
    ),
    "contact.field": (
        "Das Feld „{name}“ passt so nicht. Erlaubt: {detail}.",
        "The field “{name}” is not right. Allowed: {detail}.",
    ),
    "address.malformed": (
        "Das ist keine vollständige Adresse. Beispiele: name@beispiel.de oder +49 821 123456.",
        "This is not a complete address. Examples: name@example.com or +49 821 123456.",
    ),
    "address.unknown": (
        "Diese Adresse gehört nicht zu diesem Kontakt. Laden Sie die Seite neu.",
        "This address does not belong to this contact. Reload the page.",
    ),
    "address.taken": (
        "Diese Adresse ist schon bei einem anderen Kontakt bestätigt. Ist es dieselbe Person, führen Sie die Kontakte "
        "zusammen.",
        "This address is confirmed for another contact already. Merge the contacts if it is the same person.",
    ),
    "code.wrong": (
        "Der Code stimmt nicht oder gilt nicht mehr. Prüfen Sie die sechs Ziffern, oder fordern Sie einen neuen an.",
        "The code is not right or no longer valid. Check the six digits, or ask for a new code.",
    ),
    "code.too_many": (
        "Für dieses Gespräch wurden schon mehrere Codes angefordert. Bitte versuchen Sie es in einer Stunde wieder.",
        "Several codes have been asked for in this conversation already. Please try again in an hour.",
    ),
    "mail.no_way": (
        "Antworten per E-Mail sind hier gerade nicht möglich. Bitte schreiben Sie weiter im Chat.",
        "Answers by e-mail are not possible here just now. Please go on writing in the chat.",
    ),
    "mail.not_confirmed": (
        "Bitte bestätigen Sie zuerst Ihre E-Mail-Adresse mit dem Code.",
        "Please confirm your e-mail address with the code first.",
    ),
}
