"""The German texts of problems with entries of an imported file, whose English ones the readers write themselves.

I decide how such a problem reads in German. `taktvoll import` and `taktvoll glossary import` call me.
I never say more than the code tells: figures and names stand in the English text, which --json shows.
"""

from collections.abc import Mapping

from taktvoll.base.errors import TEXTS, TaktvollError
from taktvoll.base.limits import SYNONYM_CHARS_MAX
from taktvoll.domain.knowledge.terms import Problem

GERMAN: Mapping[str, str] = {
    "import.cells": (
        "Die Zeile hat mehr Zellen als die Kopfzeile. Texte mit dem Trennzeichen gehören in Anführungszeichen."
    ),
    "import.date": (
        "Ein Datum ist nicht lesbar oder liegt vor dem Beginn. Schreiben Sie es als 2026-12-31 oder 31.12.2026."
    ),
    "import.duplicate_id": (
        "Diese Angabe steht hier ein zweites Mal. Geben Sie jedem Eintrag eine eigene id oder vereinen Sie beide."
    ),
    "import.empty": "Die Datei enthält keine Einträge. Tragen Sie welche ein oder lassen Sie sie weg.",
    "import.encoding": "Die Datei ist kein lesbarer Text. Speichern Sie sie als UTF-8.",
    "import.language": "Die Sprache ist unbekannt. Schreiben Sie sie als Kürzel, etwa „de“ oder „en“.",
    "import.more_problems": (
        "Weitere Fehler sind nicht aufgeführt. Beheben Sie diese und lesen Sie die Datei neu ein."
    ),
    "import.no_answer": (
        "Der Eintrag hat keine Antwort. Tragen Sie einen Text unter „antwort“ oder „answer“ ein."
    ),
    "import.no_entries": (
        "Hier stehen keine Einträge. Gebraucht wird eine Liste von Einträgen oder ein Eintrag je Zeile."
    ),
    "import.no_question": "Der Eintrag hat weder Frage noch Titel. Ergänzen Sie eines von beiden.",
    "import.no_term": "Der Begriff fehlt. Gebraucht werden die Spalten „term“ und „synonyms“.",
    "import.not_json": "Das ist kein gültiges JSON. Prüfen Sie Klammern, Kommas und Anführungszeichen.",
    "import.not_html": "Das ist kein lesbares HTML. Speichern Sie die Seite noch einmal als UTF-8.",
    "import.not_object": "Ein Eintrag besteht aus Namen und Werten in geschweiften Klammern.",
    "import.too_deep": "Die Angaben sind zu tief verschachtelt. Vereinfachen Sie die Datei.",
    "import.too_large": "Die Datei ist zu groß. Teilen Sie sie.",
    "import.too_long": (
        "Ein Text ist zu lang. Kürzen oder teilen Sie ihn; vielleicht fehlt ein schließendes Anführungszeichen."
    ),
    "import.unknown_type": (
        "Dieser Dateityp wird nicht gelesen. Möglich sind CSV, JSON, JSON Lines, Markdown, HTML, PDF und DOCX."
    ),
    "import.unreadable": (
        "Die Datei lässt sich nicht öffnen. Prüfen Sie, ob es sie gibt und ob Sie sie lesen dürfen."
    ),
    "import.url": "Die Adresse ist kein Link, den man öffnen kann; der Eintrag wurde ohne sie übernommen.",
    "import.wordings": (
        "Einige weitere Formulierungen wurden weggelassen, weil sie zu viele oder zu lang sind."
    ),
}  # fmt: skip


def detail_of(problem: Problem, language: str) -> str:
    """Say what is wrong, in German where the person reads German."""
    if not language.startswith("de"):
        return problem.detail
    if problem.code in TEXTS:
        return TaktvollError(problem.code, path=problem.file, limit=SYNONYM_CHARS_MAX).text(language)
    return GERMAN.get(problem.code, problem.detail)
