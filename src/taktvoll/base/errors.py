"""The three kinds of failure and every code they carry, with a German and an English text each.

    TaktvollError
    ├── Refused      the caller can mend it: the text says how
    ├── Unavailable  something outside failed: try again after retry_after_s
    └── Broken       our own bug

I decide what a failure is called and how it reads. Every room raises me; doors turn me into answers.
I never carry personal data.
"""

import traceback
from collections.abc import Mapping
from pathlib import PurePath

from taktvoll.base.errors_access import ACCESS
from taktvoll.base.errors_contacts import CONTACTS
from taktvoll.base.errors_files import FILES
from taktvoll.base.errors_hours import HOURS
from taktvoll.base.errors_mail import MAIL

TEXTS: Mapping[str, tuple[str, str]] = {
    **HOURS,
    **ACCESS,
    **CONTACTS,
    **MAIL,
    **FILES,
    "message.empty": ("Bitte schreiben Sie eine Nachricht.", "Please write a message."),
    "message.too_long": (
        "Die Nachricht ist zu lang. Bitte kürzen Sie sie auf höchstens {limit} Zeichen.",
        "The message is too long. Please shorten it to at most {limit} characters.",
    ),
    "message.known": (
        "Diese Nachricht ist schon in einem früheren Gespräch angekommen.",
        "This message has already arrived in an earlier conversation.",
    ),
    "message.unreadable": (
        "Diese Nachricht ist kein lesbarer Text. Bitte schreiben Sie in Worten.",
        "This message is not readable text. Please write in words.",
    ),
    "request.malformed": (
        "Die Anfrage ist nicht lesbar: {detail}. Bitte prüfen Sie das Format.",
        "The request cannot be read: {detail}. Please check its format.",
    ),
    "request.too_large": (
        "Die Anfrage ist zu groß. Erlaubt sind höchstens {limit} Bytes.",
        "The request is too large. At most {limit} bytes are allowed.",
    ),
    "request.too_many": (
        "Das waren sehr viele Nachrichten in kurzer Zeit. Bitte warten Sie {retry_after_s} Sekunden.",
        "That was a lot in a short time. Please wait {retry_after_s} seconds.",
    ),
    "request.origin": (
        "Diese Webseite darf den Chat nicht einbinden. Tragen Sie sie in den Einstellungen des Kontos ein.",
        "This website may not embed the chat. Add it to the account's settings.",
    ),
    "request.method": (
        "Diese Adresse nimmt eine solche Anfrage nicht an.",
        "This address does not take such a request.",
    ),
    "page.unknown": ("Diese Seite gibt es nicht.", "There is no such page."),
    "session.invalid": (
        "Die Sitzung ist ungültig oder abgelaufen. Bitte beginnen Sie neu.",
        "The session is invalid or has expired. Please start again.",
    ),
    "sign_in.failed": (
        "E-Mail-Adresse oder Passwort stimmen nicht.",
        "E-mail address or password is wrong.",
    ),
    "sign_in.required": ("Bitte melden Sie sich an.", "Please sign in."),
    "sign_in.locked": (
        "Zu viele Versuche. Bitte warten Sie {retry_after_s} Sekunden.",
        "Too many attempts. Please wait {retry_after_s} seconds.",
    ),
    "form.stale": (
        "Die Seite war zu alt. Bitte laden Sie sie neu und senden Sie noch einmal.",
        "The page was out of date. Please reload it and send again.",
    ),
    "permission.missing": (
        "Dazu fehlt Ihnen die Berechtigung. Fragen Sie Ihre Administration.",
        "You are not allowed to do this. Ask your administrator.",
    ),
    "workspace.unknown": (
        "Den Arbeitsbereich „{name}“ gibt es nicht.",
        "There is no workspace “{name}”.",
    ),
    "workspace.name": (
        "Ein Arbeitsbereich heißt mit 1–40 Zeichen aus a–z, 0–9 und Bindestrich.",
        "A workspace name has 1–40 characters out of a–z, 0–9 and hyphen.",
    ),
    "account.unknown": ("Dieses Kanalkonto gibt es nicht.", "There is no such channel account."),
    "conversation.unknown": ("Dieses Gespräch gibt es nicht.", "There is no such conversation."),
    "conversation.closed": (
        "Dieses Gespräch ist beendet. Schreiben Sie einfach eine neue Nachricht.",
        "This conversation is closed. Just write a new message.",
    ),
    "owner.changed": (
        "Inzwischen hat jemand anderes das Gespräch übernommen. Ihre Antwort wurde nicht gesendet.",
        "Someone else has taken over the conversation in the meantime. Your reply was not sent.",
    ),
    "customer.wrote": (
        "Gerade ist eine neue Nachricht gekommen. Bitte lesen Sie sie zuerst.",
        "A new message has just come in. Please read it first.",
    ),
    "owner.not_you": (
        "Übernehmen Sie das Gespräch, bevor Sie antworten.",
        "Take over the conversation before you reply.",
    ),
    "conversation.not_yours": (
        "Dieses Gespräch hat gerade jemand anderes. Übernehmen Sie es zuerst.",
        "Someone else has this conversation right now. Take it over first.",
    ),
    "conversation.ended": (
        "Dieses Gespräch ist geschlossen. Öffnen Sie es zuerst wieder.",
        "This conversation is closed. Open it again first.",
    ),
    "conversation.busy": (
        "In diesem Gespräch ändert sich gerade vieles zugleich. Es wurde nichts geändert; bitte noch einmal.",
        "A lot is changing in this conversation at once. Nothing was changed; please try again.",
    ),
    "target.unknown": (
        "Diese Warteschlange oder Person gibt es hier nicht. Laden Sie die Seite neu und wählen Sie noch einmal.",
        "There is no such queue or person here. Reload the page and choose again.",
    ),
    "suggestion.settled": (
        "Dieser Vorschlag ist schon erledigt. Laden Sie die Seite neu.",
        "This suggestion has been dealt with already. Reload the page.",
    ),
    "reply.place_open": (
        "In der Antwort ist noch ein Platzhalter offen. Füllen Sie ihn aus, bevor Sie senden.",
        "A placeholder is still open in the reply. Fill it before you send.",
    ),
    "reply.sent": (
        "Zum Rückgängigmachen ist es zu spät: Die Antwort ist schon gesendet.",
        "It is too late to undo: the reply has been sent already.",
    ),
    "search.words": (
        "Suchen Sie nach mindestens einem Wort, das nicht in jedem Satz steht, oder nach einem Wortanfang mit *.",
        "Search for at least one word that is not in every sentence, or for the beginning of a word with *.",
    ),
    "snooze.time": (
        "Zurückstellen geht bis zu einem Zeitpunkt in der Zukunft, höchstens {days} Tage. Wählen Sie einen anderen.",
        "Something can be put off until a time in the future, at most {days} days. Choose another.",
    ),
    "tag.text": (
        "Ein Schlagwort besteht aus höchstens {limit} Buchstaben, Ziffern und Bindestrichen. Bitte kürzer fassen.",
        "A tag is at most {limit} letters, digits and hyphens. Please write it shorter.",
    ),
    "tag.many": (
        "Ein Gespräch trägt höchstens {limit} Schlagwörter. Nehmen Sie eines ab.",
        "A conversation carries at most {limit} tags. Take one off.",
    ),
    "tag.full": (
        "Es gibt schon {limit} Schlagwörter. Verwenden Sie eines davon.",
        "There are {limit} tags already. Use one of them.",
    ),
    "queue.name": (
        "Der Name einer Warteschlange ist 1–40 Zeichen aus a–z, 0–9 und Bindestrich lang.",
        "The name of a queue is 1–40 characters out of a–z, 0–9 and hyphen.",
    ),
    "queue.text": (
        "Eine Warteschlange braucht einen deutschen und einen englischen Namen mit höchstens {limit} Zeichen.",
        "A queue needs a German and an English name of at most {limit} characters.",
    ),
    "queue.reason": (
        "Den Grund „{reason}“ gibt es nicht. Möglich ist: {reasons}.",
        "There is no reason “{reason}”. Possible: {reasons}.",
    ),
    "queue.many": (
        "Es gibt schon {limit} Warteschlangen. Entfernen Sie eine mit taktvoll queue remove.",
        "There are {limit} queues already. Remove one with taktvoll queue remove.",
    ),
    "queue.unknown": (
        "Die Warteschlange „{name}“ gibt es nicht. Welche es gibt, zeigt: taktvoll queue list.",
        "There is no queue “{name}”. To see which there are: taktvoll queue list.",
    ),
    "queue.default": (
        "Die Warteschlange service bleibt: Dorthin geht, was in keine andere passt.",
        "The queue service stays: whatever fits no other goes there.",
    ),
    "draft.held": (
        "Die Nachricht wurde nicht gesendet: {reasons}.",
        "The message was not sent: {reasons}.",
    ),
    "import.no_files": (
        "Hier liegt nichts, was sich lesen lässt: {path}.",
        "There is nothing readable at {path}.",
    ),
    "import.nothing": (
        "Keine einzige Angabe ließ sich lesen. Es wurde nichts geändert.",
        "Not one entry could be read. Nothing was changed.",
    ),
    "import.encrypted": (
        "Die Datei ist mit einem Passwort geschützt. Speichern Sie sie ohne Passwort.",
        "The file is protected by a password. Save it without one.",
    ),
    "import.damaged": (
        "Die Datei ist beschädigt oder unvollständig. Erzeugen oder kopieren Sie sie neu.",
        "The file is damaged or incomplete. Make or copy it anew.",
    ),
    "import.wrong_type": (
        "Der Inhalt passt nicht zur Endung der Datei. Benennen Sie sie richtig oder speichern Sie sie neu.",
        "What the file holds does not fit its ending. Rename it or save it anew.",
    ),
    "import.macros": (
        "Word-Dateien mit Makros (.docm) werden nicht gelesen. Speichern Sie die Datei als .docx.",
        "Word files with macros (.docm) are not read. Save the file as .docx.",
    ),
    "import.old_word": (
        "Das alte Word-Format (.doc) wird nicht gelesen. Speichern Sie die Datei als .docx oder PDF.",
        "The old Word format (.doc) is not read. Save the file as .docx or PDF.",
    ),
    "import.bomb": (
        "Die Datei wird beim Entpacken viel zu groß. Teilen Sie sie oder speichern Sie sie neu.",
        "The file becomes far too large when unpacked. Split it or save it anew.",
    ),
    "import.entities": (
        "Die Datei enthält XML-Definitionen, wie Word sie nie schreibt; sie wird nicht gelesen. Speichern Sie sie neu.",
        "The file holds XML definitions that Word does not write, and is not read. Save it anew.",
    ),
    "import.no_text_layer": (
        "Die Seiten sind Bilder ohne Textebene. Lassen Sie eine Texterkennung (OCR) darüber laufen.",
        "The pages are pictures without a text layer. Run text recognition (OCR) over them.",
    ),
    "import.page_no_text_layer": (
        "Diese Seite ist ein Bild ohne Textebene. Lassen Sie eine Texterkennung (OCR) darüber laufen.",
        "This page is a picture without a text layer. Run text recognition (OCR) over it.",
    ),
    "import.page_damaged": (
        "Diese Seite lässt sich nicht lesen; die übrigen wurden gelesen. Erzeugen Sie die Datei neu.",
        "This page cannot be read; the others were. Make the file anew.",
    ),
    "import.page_no_letters": (
        "Die Schrift dieser Seite nennt ihre Buchstaben nicht. Erzeugen Sie die Datei mit eingebetteten Schriften neu.",
        "The font of this page does not name its letters. Make the file anew with embedded fonts.",
    ),
    "import.page_too_full": (
        "Auf dieser Seite steht zu viel Text; nur der Anfang wurde gelesen. Teilen Sie sie.",
        "There is too much text on this page; only its beginning was read. Split it.",
    ),
    "import.pages_beyond": (
        "Ab dieser Seite wurde nichts mehr gelesen: Die Datei ist zu lang oder zu beschädigt. Teilen Sie sie.",
        "Nothing was read from this page on: the file is too long or too damaged. Split it.",
    ),
    "edition.unknown": ("Die Ausgabe {number} gibt es nicht.", "There is no edition {number}."),
    "passage.unknown": ("Die Passage „{id}“ gibt es nicht.", "There is no passage “{id}”."),
    "topics.none": (
        "Hier sind noch keine Themen gelernt. Lernen Sie welche aus Beispielen: taktvoll topics learn DATEI.jsonl.",
        "No topics have been learnt here yet. Learn some from examples: taktvoll topics learn FILE.jsonl.",
    ),
    "topics.nothing": (
        "Keine Zeile ist ein brauchbares Beispiel. Es wurde nichts geändert. Jede Zeile braucht text und topic.",
        "Not one line is a usable example. Nothing was changed. Each line needs text and topic.",
    ),
    "topics.unknown": (
        "Das Thema „{name}“ gibt es nicht. Alle Themen zeigt: taktvoll topics list.",
        "There is no topic “{name}”. To see all: taktvoll topics list.",
    ),
    "topics.exists": (
        "Das Thema „{name}“ gibt es schon. Wählen Sie einen anderen Namen oder vereinen Sie: taktvoll topics merge.",
        "There is a topic “{name}” already. Choose another name, or make one of both: taktvoll topics merge.",
    ),
    "topics.name": (
        "Ein Thema braucht einen Namen von 1 bis {limit} Zeichen.",
        "A topic needs a name of 1 to {limit} characters.",
    ),
    "topics.too_many": (
        "Das ist zu viel auf einmal: höchstens {topics} Themen und {examples} Beispiele. Es wurde nichts geändert.",
        "This is too much at once: at most {topics} topics and {examples} examples. Nothing was changed.",
    ),
    "topics.outdated": (
        "Die Themen wurden mit einer anderen Fassung des Programms gelernt. Lernen Sie neu: taktvoll topics learn.",
        "The topics were learnt by another version of the program. Learn them again: taktvoll topics learn.",
    ),
    "topics.too_alike": (
        "Das Thema „{name}“ lässt sich so nicht teilen: Seine Beispiele sind zu wenige oder einander zu ähnlich.",
        "The topic “{name}” cannot be split like this: its examples are too few or too alike.",
    ),
    "topics.no_text": (
        "Zeile {line}: kein text, oder er ist leer. Die Zeile wurde übergangen.",
        "Line {line}: no text, or it is empty. The line was passed over.",
    ),
    "topics.no_topic": (
        "Zeile {line}: kein topic. Ohne Thema ist die Zeile kein Beispiel; sie wurde übergangen.",
        "Line {line}: no topic. Without one the line is no example; it was passed over.",
    ),
    "topics.line_name": (
        "Zeile {line}: topic ist unlesbar oder länger als {limit} Zeichen. Die Zeile wurde übergangen.",
        "Line {line}: topic is unreadable or longer than {limit} characters. The line was passed over.",
    ),
    "topics.not_json": (
        "Zeile {line}: kein JSON-Objekt. Die Zeile wurde übergangen.",
        "Line {line}: not a JSON object. The line was passed over.",
    ),
    "topics.not_utf8": (
        "Zeile {line}: nicht in UTF-8. Speichern Sie die Datei in UTF-8; die Zeile wurde übergangen.",
        "Line {line}: not in UTF-8. Save the file in UTF-8; the line was passed over.",
    ),
    "topics.contradiction": (
        "Zeile {line}: derselbe Text steht auch unter „{kept}“, hier unter „{topic}“. Behalten wurde „{kept}“.",
        "Line {line}: the same text stands under “{kept}”, too, and here under “{topic}”. “{kept}” was kept.",
    ),
    "glossary.term": (
        "Ein Begriff braucht einen Namen und mindestens ein anderes Wort, beide höchstens {limit} Zeichen lang.",
        "A term needs a name and at least one other word, each at most {limit} characters long.",
    ),
    "glossary.full": (
        "Das Glossar fasst höchstens {limit} Begriffe. Entfernen Sie einige mit taktvoll glossary remove.",
        "The glossary holds at most {limit} terms. Remove some with taktvoll glossary remove.",
    ),
    "glossary.unknown": (
        "Den Begriff „{term}“ hat das Glossar nicht. Was es hat, zeigt: taktvoll glossary list.",
        "The glossary has no term “{term}”. To see what it has: taktvoll glossary list.",
    ),
    "wording.unknown": (
        "Diesen Vorschlag gibt es nicht. Welche es gibt, zeigt: taktvoll wording list.",
        "There is no such proposal. To see which there are: taktvoll wording list.",
    ),
    "wording.decided": (
        "Über diesen Vorschlag ist schon entschieden. Es wurde nichts geändert.",
        "This proposal has been decided already. Nothing was changed.",
    ),
    "wording.text": (
        "Eine Formulierung hat mindestens zwei Wörter und höchstens {limit} Zeichen. Bitte ändern Sie den Text.",
        "A wording has two words or more and at most {limit} characters. Please change the text.",
    ),
    "wording.full": (
        "Dieser Eintrag hat schon {limit} Formulierungen. Mehr machen ihn nicht besser auffindbar; lehnen Sie ab.",
        "This entry has {limit} wordings already. More do not make it easier to find; reject this one.",
    ),
    "topic.unknown": (
        "Das Thema „{topic}“ ist nicht bekannt. Welche es gibt, zeigt: taktvoll autonomy list.",
        "The topic “{topic}” is not known. To see which there are: taktvoll autonomy list.",
    ),
    "answer.unknown": (
        "Diese Antwort wurde nicht gezogen. Nur gezogene Antworten sprechen für alle.",
        "This answer was not drawn. Only drawn answers speak for all.",
    ),
    "judgement.none": (
        "Von Ihnen gibt es kein Urteil, das sich noch zurücknehmen lässt. Das geht eine halbe Stunde lang.",
        "There is no judgement of yours that can still be taken back. That is possible for half an hour.",
    ),
    "autonomy.not_proven": (
        "Das Thema „{topic}“ ist für den Autopiloten noch nicht vorgeschlagen; es fehlen {missing} richtige Antworten.",
        "The topic “{topic}” has not been proposed for autopilot yet; {missing} right answers are missing.",
    ),
    "autonomy.promise": (
        "Der tolerierte Fehler liegt zwischen 0 und 50 %, die Sicherheit zwischen 50 und 100 %; gezogen wird immer.",
        "The tolerated error lies between 0 and 50 %, the confidence between 50 and 100 %; something is always drawn.",
    ),
    "autonomy.not_earned": (
        "Den Autopiloten kann niemand setzen. Er wird vorgeschlagen, sobald er bewiesen ist, und dann freigegeben.",
        "Nobody can set autopilot. It is proposed once it is proven, and then approved.",
    ),
    "batch.line": (
        "Zeile {line} ist unbrauchbar: {detail}.",
        "Line {line} is unusable: {detail}.",
    ),
    "evaluate.nothing": (
        "In {path} sagt keine brauchbare Zeile, was richtig wäre. Jede Zeile braucht „text“ und „expect“;"
        " docs/evaluate.md zeigt Beispiele.",
        "No usable line of {path} says what would be right. Each line needs “text” and “expect”;"
        " docs/evaluate.md shows examples.",
    ),
    "evaluate.not_json": (
        "Das ist kein JSON. Jede Zeile ist ein Objekt für sich, in UTF-8.",
        "This is not JSON. Each line is one object, in UTF-8.",
    ),
    "evaluate.no_text": (
        "Hier fehlt der Text. Erwartet wird „text“ mit der Frage.",
        "There is no text. “text” must hold the question.",
    ),
    "evaluate.expect": (
        "„{field}“ ist nicht lesbar. Erlaubt ist: {allowed}.",
        "“{field}” cannot be read. Allowed is: {allowed}.",
    ),
    "evaluate.both": (
        "„{one}“ und „{other}“ widersprechen einander. Streichen Sie eines von beiden.",
        "“{one}” and “{other}” contradict each other. Remove one of them.",
    ),
    "evaluate.twice": (
        "Dasselbe fragt Zeile {other}, erwartet aber etwas anderes. Diese Zeile zählt nicht mit.",
        "Line {other} asks the same, but expects something else. This line does not count.",
    ),
    "evaluate.plot": (
        "{path} lässt sich nicht schreiben. Nennen Sie eine Datei in einem vorhandenen Ordner.",
        "{path} cannot be written. Name a file in a folder that exists.",
    ),
    "guideline.file": (
        "Die Datei mit den Leitlinien ist nicht lesbar: {detail}. Sie ist TOML in UTF-8; ein Beispiel zeigt:"
        " taktvoll guideline show.",
        "The file of guidelines cannot be read: {detail}. It is TOML in UTF-8; for an example run:"
        " taktvoll guideline show.",
    ),
    "guideline.many": (
        "Das sind zu viele Leitlinien. Erlaubt sind höchstens {limit}; fassen Sie ähnliche zusammen.",
        "These are too many guidelines. At most {limit} are allowed; join similar ones.",
    ),
    "guideline.missing": (
        "Leitlinie „{name}“: „{field}“ fehlt. Ergänzen Sie es.",
        "Guideline “{name}”: “{field}” is missing. Add it.",
    ),
    "guideline.field": (
        "Leitlinie „{name}“: „{field}“ ist hier nicht vorgesehen. Nehmen Sie es heraus.",
        "Guideline “{name}”: “{field}” has no place here. Remove it.",
    ),
    "guideline.value": (
        "Leitlinie „{name}“: „{field}“ kann nicht „{found}“ sein. Möglich ist: {values}.",
        "Guideline “{name}”: “{field}” cannot be “{found}”. Possible: {values}.",
    ),
    "guideline.twice": (
        "Die Leitlinie „{name}“ gibt es zweimal. Geben Sie einer einen anderen Namen.",
        "There are two guidelines named “{name}”. Give one another name.",
    ),
    "guideline.long": (
        "Leitlinie „{name}“: „{field}“ ist zu lang. Erlaubt sind höchstens {limit} Zeichen.",
        "Guideline “{name}”: “{field}” is too long. At most {limit} characters are allowed.",
    ),
    "guideline.link": (
        "Leitlinie „{name}“: Der Text führt auf {host}, das nicht freigegeben ist. Nehmen Sie den Link heraus oder"
        " tragen Sie den Host ein.",
        "Guideline “{name}”: the text leads to {host}, which is not listed. Remove the link or list the host.",
    ),
    "guideline.syntax": (
        "Leitlinie „{name}“, Zeichen {position}: „{found}“ passt hier nicht. Eine Bedingung sieht so aus:"
        ' anger > 0.7 && urgency == "high".',
        "Guideline “{name}”, character {position}: “{found}” does not fit here. A condition looks like this:"
        ' anger > 0.7 && urgency == "high".',
    ),
    "guideline.ends": (
        "Leitlinie „{name}“, Zeichen {position}: Die Bedingung hört mittendrin auf. Ergänzen Sie, was fehlt.",
        "Guideline “{name}”, character {position}: the condition ends in the middle. Add what is missing.",
    ),
    "guideline.write": (
        "Leitlinie „{name}“, Zeichen {position}: Schreiben Sie {instead} statt „{found}“.",
        "Guideline “{name}”, character {position}: write {instead} instead of “{found}”.",
    ),
    "guideline.name": (
        "Leitlinie „{name}“, Zeichen {position}: „{found}“ gibt es nicht. Gemeint ist vielleicht: {near}. Text steht in"
        " Anführungszeichen.",
        "Guideline “{name}”, character {position}: there is no “{found}”. Perhaps you mean: {near}. Text stands in"
        " quotation marks.",
    ),
    "guideline.never": (
        "Leitlinie „{name}“, Zeichen {position}: {field} ist nie „{found}“. Möglich ist: {values}.",
        "Guideline “{name}”, character {position}: {field} is never “{found}”. Possible: {values}.",
    ),
    "guideline.kinds": (
        "Leitlinie „{name}“, Zeichen {position}: „{found}“ lässt sich auf {left} und {right} nicht anwenden. Zahlen"
        " vergleicht man mit Zahlen, Text mit Text in Anführungszeichen; in einer Liste sucht man mit in.",
        "Guideline “{name}”, character {position}: “{found}” does not work on {left} and {right}. Compare numbers with"
        " numbers and text with text in quotation marks; look into a list by in.",
    ),
    "guideline.truth": (
        "Leitlinie „{name}“, Zeichen {position}: Hier wird ein Ja oder Nein gebraucht, „{found}“ ist keins."
        " Vergleichen Sie es mit etwas.",
        "Guideline “{name}”, character {position}: a yes or no is needed here, “{found}” is none. Compare it with"
        " something.",
    ),
    "guideline.cost": (
        "Leitlinie „{name}“: Die Bedingung ist zu verschachtelt oder zu lang (höchstens {limit}). Teilen Sie sie auf.",
        "Guideline “{name}”: the condition is nested too deeply or too long (at most {limit}). Split it up.",
    ),
    "guideline.unknown": (
        "Eine Leitlinie „{name}“ gibt es nicht. Welche es gibt, zeigt: taktvoll guideline list.",
        "There is no guideline “{name}”. To see which there are: taktvoll guideline list.",
    ),
    "secret.malformed": (
        "Das Geheimnis {reference} hat nicht die richtige Form oder ist für andere lesbar. Prüfen Sie Inhalt und Rechte"
        " (0600).",
        "The secret {reference} does not have the right form, or others can read it. Check its content and its mode"
        " (0600).",
    ),
    "mail.no_provenance": (
        "Diese E-Mail trägt keinen Herkunftsnachweis von taktvoll.",
        "This e-mail carries no proof of origin by taktvoll.",
    ),
    "mail.empty": (
        "Die Datei ist leer. Speichern Sie die E-Mail noch einmal als .eml.",
        "The file is empty. Save the e-mail as .eml again.",
    ),
    "mail.not_mail": (
        "Das ist keine E-Mail: Es fehlen die Kopfzeilen (From, Subject …). Speichern Sie die E-Mail als .eml.",
        "This is no e-mail: the headers (From, Subject …) are missing. Save the e-mail as .eml.",
    ),
    "mail.too_large": (
        "Die E-Mail ist zu groß. Erlaubt sind höchstens {limit} MB.",
        "The e-mail is too large. At most {limit} MB are allowed.",
    ),
    "mail.no_file": (
        "{path} lässt sich nicht lesen. Prüfen Sie den Namen und die Rechte.",
        "{path} cannot be read. Check the name and the permissions.",
    ),
    "workspace.gas_line": (
        "Der Gas-Notdienst ist eine Telefonnummer aus höchstens {limit} Ziffern, Leerzeichen und +()/-.",
        "The gas emergency line is a telephone number of at most {limit} digits, blanks and +()/-.",
    ),
    "usage": ("Falscher Aufruf: {detail}.", "Wrong usage: {detail}."),
    "feedback.value": (
        "Bitte wählen Sie „helped“, „not_helped“ oder „person“.",
        "Please choose “helped”, “not_helped” or “person”.",
    ),
    "database.unreachable": (
        "Die Datenbank antwortet gerade nicht. Ihre Nachricht ist noch nicht gespeichert; bitte gleich noch einmal.",
        "The database does not answer right now. Your message is not stored yet; please try again shortly.",
    ),
    "database.role": (
        "Diese Datenbankrolle umgeht den Zeilenschutz. Verwenden Sie eine Rolle ohne SUPERUSER und BYPASSRLS.",
        "This database role bypasses row-level security. Use a role without SUPERUSER and BYPASSRLS.",
    ),
    "database.old": (
        "PostgreSQL 15 oder neuer wird gebraucht.",
        "PostgreSQL 15 or newer is needed.",
    ),
    "database.schema": (
        "Das Schema passt nicht zum Programm. Rufen Sie auf: taktvoll migrate.",
        "The schema does not fit the program. Run: taktvoll migrate.",
    ),
    "database.start": (
        "Die eingebaute Datenbank startet nicht. Sehen Sie in {log} nach.",
        "The embedded database does not start. Look into {log}.",
    ),
    "keys.damaged": (
        "Die Schlüsseldatei {path} ist beschädigt. Holen Sie sie aus einer Sicherung zurück.",
        "The key file {path} is damaged. Bring it back from a backup.",
    ),
    "keys.exposed": (
        "Andere können {path} lesen. Setzen Sie die Rechte auf {mode}.",
        "Others can read {path}. Set its mode to {mode}.",
    ),
    "turn.contended": (
        "Gerade kam vieles zugleich. Die Nachricht ist gespeichert und wird gleich beantwortet.",
        "A lot arrived at once. The message is stored and will be answered shortly.",
    ),
    "hash.not_canonical": ("Interner Fehler.", "Internal error."),
    "turn.endless": (
        "Diese Nachricht ließ sich nicht entscheiden. Sie ist gespeichert; bitte wenden Sie sich an einen Menschen.",
        "This message could not be decided. It is stored; please turn to a person.",
    ),
    "staff.unknown": (
        "Unter dieser Adresse arbeitet hier niemand. Wer es tut, zeigt: taktvoll staff list.",
        "Nobody works here under this address. To see who does: taktvoll staff list.",
    ),
    "workspace.exists": (
        "Den Arbeitsbereich „{name}“ gibt es schon; es wurde nichts geändert.",
        "The workspace “{name}” exists already; nothing was changed.",
    ),
    "server.going": (
        "Der Server wird gerade neu gestartet. Ob es gespeichert ist, ist ungewiss; bitte gleich noch einmal.",
        "The server is restarting. Whether this was stored is uncertain; please try again shortly.",
    ),
    "internal": (
        "Das hätte nicht passieren dürfen. Es ist vermerkt; bitte versuchen Sie es noch einmal.",
        "This should not have happened. It has been noted; please try again.",
    ),
}


class TaktvollError(Exception):
    """What all our failures share: a code from TEXTS and fields that fill its text."""

    def __init__(self, code: str, **fields: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields

    def text(self, language: str) -> str:
        """Say what happened and what to do, in German for "de…" and in English otherwise."""
        german, english = TEXTS.get(self.code, TEXTS["internal"])
        return (german if language.startswith("de") else english).format_map(_Fields(self.fields))

    def __str__(self) -> str:
        return f"{self.code}: {self.text('en')}"


class Refused(TaktvollError):  # noqa: N818 - the pinned word for it
    """The caller can mend it."""


class Unavailable(TaktvollError):  # noqa: N818 - the pinned word for it
    """Something outside failed; try again after retry_after_s seconds."""

    def __init__(self, code: str, retry_after_s: int, **fields: str | int) -> None:
        super().__init__(code, retry_after_s=retry_after_s, **fields)
        self.retry_after_s = retry_after_s


class Broken(TaktvollError):  # noqa: N818 - the pinned word for it
    """Our own bug."""


def way_of(error: BaseException) -> str:
    """Say where an unexpected failure came from, file by file and line; never its words: they may quote a person."""
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    return " > ".join(f"{PurePath(f.filename).name}:{f.lineno}" for f in frames)


class _Fields(dict[str, str | int]):
    def __missing__(self, key: str) -> str:
        return "?"
