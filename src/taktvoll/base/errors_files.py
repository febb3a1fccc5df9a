"""The failures around files that people send along, with their texts.

I decide how these failures read. errors.py takes me into its one table. I never carry a file's name.
"""

from collections.abc import Mapping

FILES: Mapping[str, tuple[str, str]] = {
    "file.none": (
        "Wählen Sie zuerst eine Datei aus.",
        "Choose a file first.",
    ),
    "file.empty": (
        "Die Datei ist leer. Speichern Sie sie noch einmal und wählen Sie sie neu aus.",
        "The file is empty. Save it again and choose it anew.",
    ),
    "file.large": (
        "Die Datei ist zu groß. Erlaubt sind höchstens {limit} MB. Verkleinern oder teilen Sie sie.",
        "The file is too large. At most {limit} MB are allowed. Make it smaller or split it.",
    ),
    "file.total": (
        "Die Anhänge sind zusammen zu groß. Eine Antwort trägt höchstens {limit} MB. Entfernen Sie einen.",
        "The attachments are too large together. A reply carries at most {limit} MB. Remove one.",
    ),
    "file.many": (
        "Das sind zu viele Anhänge. Eine Antwort trägt höchstens {limit}. Entfernen Sie einen.",
        "These are too many attachments. A reply carries at most {limit}. Remove one.",
    ),
    "file.type": (
        "Solche Dateien werden nicht verschickt: Programme, Skripte, Webseiten, SVG und Dateien mit Makros können"
        " Schaden anrichten. Speichern Sie den Inhalt zum Beispiel als PDF.",
        "Such files are not sent: programs, scripts, web pages, SVG and files with macros can do harm. Save the content"
        " as a PDF, for example.",
    ),
    "file.lies": (
        "Der Inhalt passt nicht zur Endung der Datei. Benennen Sie sie richtig oder speichern Sie sie neu.",
        "What the file holds does not fit its ending. Rename it or save it anew.",
    ),
    "file.refused": (
        "{detail} Ihr Text und alles andere sind noch da.",
        "{detail} Your text and everything else are still there.",
    ),
    "file.gone": (
        "Ein Anhang ist nicht mehr da: Er wurde in einem anderen Fenster entfernt oder gesendet. Ihre Antwort wurde"
        " nicht gesendet; prüfen Sie die Anhänge.",
        "An attachment is no longer there: it was removed or sent in another window. Your reply was not sent; check its"
        " attachments.",
    ),
    "file.not_added": (
        "Die gewählte Datei hängt noch nicht an. Drücken Sie erst „Anhängen“, dann „Senden“.",
        "The chosen file is not attached yet. Press “Attach” first, then “Send”.",
    ),
    "upload.many": (
        "Das sind zu viele Dateien. Eine Nachricht trägt höchstens {limit}. Entfernen Sie eine oder senden Sie sie in"
        " zwei Nachrichten.",
        "These are too many files. A message carries at most {limit}. Remove one, or send them in two messages.",
    ),
    "upload.total": (
        "Die Dateien sind zusammen zu groß. Eine Nachricht trägt höchstens {limit} MB. Entfernen Sie eine oder senden"
        " Sie sie in zwei Nachrichten.",
        "The files are too large together. A message carries at most {limit} MB. Remove one, or send them in two"
        " messages.",
    ),
    "upload.full": (
        "Für heute sind es zu viele Dateien in diesem Chat. Schreiben Sie uns, was noch fehlt; ein Mensch sagt Ihnen,"
        " wie es zu uns kommt.",
        "These are too many files in this chat for today. Write to us what is still missing; a person will tell you how"
        " to get it to us.",
    ),
    "upload.gone": (
        "Eine Datei ist nicht mehr da: Was nicht gesendet wird, löschen wir nach einem Tag. Hängen Sie sie noch einmal"
        " an.",
        "A file is no longer there: what is not sent is deleted after a day. Attach it again.",
    ),
    "file.unknown": ("Diese Datei gibt es nicht.", "There is no such file."),
    "file.erased": ("Diese Datei wurde gelöscht.", "This file has been erased."),
    "file.differs": (
        "Diese Datei ist nicht die, die im Protokoll steht, und wird nicht herausgegeben. Prüfen Sie es mit: taktvoll"
        " audit verify.",
        "This file is not the one on record and is not handed out. Check it by: taktvoll audit verify.",
    ),
}
