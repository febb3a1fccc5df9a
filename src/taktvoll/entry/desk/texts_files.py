"""The desk's texts about files that go along with a reply; German and English.

I decide how these read. texts.py takes me in. I never hold a text that a customer sees.
"""

from collections.abc import Mapping

from taktvoll.base.limits import MB, REPLY_FILE_BYTES_MAX, REPLY_FILES_BYTES_MAX, REPLY_FILES_MAX

_EACH, _ALL = REPLY_FILE_BYTES_MAX // MB, REPLY_FILES_BYTES_MAX // MB

FILES: Mapping[str, tuple[str, str]] = {
    "file": ("Anhang", "Attachment"),
    "files": ("Anhänge", "Attachments"),
    "file_add": ("Anhängen", "Attach"),
    "file_limits": (
        f"Höchstens {REPLY_FILES_MAX} Dateien, je {_EACH} MB, zusammen {_ALL} MB.",
        f"At most {REPLY_FILES_MAX} files, {_EACH} MB each, {_ALL} MB together.",
    ),
    "file_remove": ("{name} entfernen", "Remove {name}"),
    "file_added": ("{name} ist angehängt.", "{name} is attached."),
    "file_removed": ("{name} ist entfernt.", "{name} is removed."),
    "file_preview": ("Vorschau: {name}", "Preview: {name}"),
    "file_unknown": ("Art unbekannt", "kind unknown"),
    "file_loading": ("wird hochgeladen …", "uploading …"),
    "file_large": (
        f"{{name}}: Die Datei ist zu groß. Erlaubt sind höchstens {_EACH} MB. Verkleinern oder teilen Sie sie.",
        f"{{name}}: The file is too large. At most {_EACH} MB are allowed. Make it smaller or split it.",
    ),
    "file_failed": (
        "{name}: Die Datei kam nicht an. Bitte hängen Sie sie noch einmal an.",
        "{name}: The file did not arrive. Please attach it again.",
    ),
    "file_not_sent": (
        "Noch nicht gesendet: Ein Anhang kam nicht an. Prüfen Sie die Anhänge und senden Sie dann.",
        "Not sent yet: an attachment did not arrive. Check the attachments, then send.",
    ),
    "file_words": (
        "Schreiben Sie etwas zu den Anhängen, bevor Sie senden.",
        "Write something about the attachments before you send.",
    ),
}

FILES_FOR_SCRIPT = (
    "file_added", "file_failed", "file_large", "file_loading", "file_not_sent", "file_removed", "file_words",
)  # fmt: skip
"""Those of them that the page's scripts need."""
