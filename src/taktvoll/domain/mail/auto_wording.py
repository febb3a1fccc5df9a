"""What the words of a mail alone say about a machine: absence, receipt, bounce, newsletter, and what only people write.

I decide sentence by sentence and then by what is left: a notice is made of notice sentences, a letter has its own.
`automatic.py` calls me. I never need a header.
"""

# ruff: noqa: E501 - a rule is read on one line

import re
from dataclasses import dataclass

from taktvoll.domain.mail.closings import is_closing, is_weak_closing
from taktvoll.domain.mail.sentences import sentences_of
from taktvoll.domain.mail.terms import Automatic

READ_CHARS_MAX = 6_000
NOTICE_WORDS_MAX = 400
SENTENCE_CHARS_READ = 400
ELLIPTIC_WORDS_MAX = 20
LOOSE_WORDS_MAX = 3

_AWAY = (
    r"(?:nicht (?:im (?:büro|haus|dienst|hause)|am (?:arbeits)?platz|an (?:meinem|unserem) (?:arbeits)?platz|(?:persönlich |telefonisch |per e-?mail )?erreichbar|zu erreichen|verfügbar|da|vor ort|anwesend)|(?:nur )?(?:eingeschränkt|sporadisch|unregelmäßig|schlecht|bedingt) (?:erreichbar|zu erreichen)|abwesend|offline|verreist|außer haus|ausser haus|"
    r"im (?:\w+ )?(?:jahres|sommer|winter|erholungs|weihnachts|oster)?urlaub|in (?:urlaub|elternzeit|mutterschutz|den ferien)|auf (?:dienstreise|geschäftsreise|reisen|fortbildung)|geschlossen|krank\w*|unbesetzt|nicht besetzt)"
)
_ABSENT = re.compile(
    rf"\b(?:ich bin|bin(?: ich)?|wir sind|sind wir|ich befinde mich|befinde ich mich|wir befinden uns|unser(?:e)? \w+ (?:ist|sind|bleibt|hat)|das (?:büro|geschäft|sekretariat|team) (?:ist|bleibt|hat)|die (?:praxis|kanzlei|geschäftsstelle|werkstatt|verwaltung|buchhaltung|gemeinde) (?:ist|bleibt|hat)|(?:herr|frau) [\w-]+(?: [\w-]+)? (?:ist|befindet sich)|(?:bleibt|ist|hat|sind) (?:unser|unsere|das|die) (?:büro|praxis|kanzlei|geschäft|team|geschäftsstelle|sekretariat|werkstatt|laden|verwaltung)|der empfänger|die empfängerin|der adressat)\b.{{0,110}}\b{_AWAY}\b|"
    r"\b(?:ich habe|habe ich|wir haben|haben wir)\b.{0,80}\b(?:keinen|nur (?:eingeschränkten|begrenzten|selten|unregelmäßig)) (?:regelmäßigen )?(?:zugriff|zugang)\b|\b(?:ich habe|habe ich|habe)\b(?: \w+){0,2} urlaub\b|\b(?:wir haben|haben wir)\b.{0,60}\b(?:betriebsferien|betriebsurlaub|geschlossen)\b|\bmeine? (?:e-?mails?|postfach|nachrichten)\b.{0,80}\bnicht (?:gelesen|abgerufen|bearbeitet)\b|\b(?:lese|rufe|bearbeite) (?:ich )?meine (?:e-?mails|mails|nachrichten)\b.{0,40}\b(?:nicht|nur|selten|erst)\b|"
    r"\bbetriebs(?:ferien|urlaub)\b|\bwährend (?:meine[rs]|unserer|der) (?:abwesenheit|elternzeit|urlaubs|mutterschutz\w*|krankheit|reise)\b|"
    r"\b(?:i am|i'm|i will be|i'll be|we are|our office is|the office is)\b.{0,80}\b(?:out of (?:the )?office|away|on (?:vacation|holiday|leave|annual leave|parental leave|a business trip)|not available|unavailable|closed|not in the office|travell?ing)\b|\b(?:have|with) (?:limited|no) access to\b|"
    r"\bnicht mehr (?:in unserem |im )?(?:unternehmen|hause?|betrieb|bei (?:der|uns|dem)|für .{2,40}) .{0,30}\b(?:tätig|beschäftigt)|\bist nicht mehr (?:für|bei|in) .{2,60}\b(?:tätig|beschäftigt)\b|\bhat (?:das unternehmen|unser haus) verlassen\b|\bno longer (?:with|works|working)\b",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"\b(?:bin|ist|sind|stehe|stehen|erreichen sie (?:mich|uns)|erreichst du mich|erreicht ihr mich|kehre)\b.{0,100}\b(?:wieder|zurück)\b.{0,60}?(?:\b(?:erreichbar|im büro|im haus|für sie da|für euch da|für dich da|da|zurück|zu erreichen|verfügbar|zur verfügung|im dienst|am platz|anwesend|geöffnet)\b|\W*$)|\b(?:bin|sind) (?:ich |wir )?ab\b.{0,60}\b(?:wieder|zurück)\b(?! zu ?hause)|"
    r"\b(?:ab|am)\b.{2,40}\bwieder (?:für sie |für euch )?(?:da|erreichbar|im büro|zurück|im haus)\b|\b(?:back|return(?:ing)?|be back)\b.{0,40}\b(?:on|in the office|from|at)\b|\bnach (?:meiner|unserer) rückkehr\b|\bsobald (?:ich|wir) (?:wieder|zurück)\b|\b(?:upon|after|on|when) my return\b|\bwhen i(?: am|'m) back\b|\bnach meinem urlaub\b",
    re.IGNORECASE,
)
_RANGED = re.compile(
    r"\b(?:bis|vom|ab|until|from|through|derzeit|zurzeit|zur zeit|momentan|aktuell|currently|betriebsferien)\b",
    re.IGNORECASE,
)
_ELLIPTIC = re.compile(
    rf"\b(?:{_AWAY}|wieder (?:da|erreichbar|im büro)|out of (?:the )?office)\b", re.IGNORECASE
)
_TIMES = frozenset(
    """
    vom von bis ab seit am in der während zwischen derzeit zurzeit zur zeit zzt z zt momentan im moment aktuell gegenwärtig heute morgen diese nächste
    woche vorübergehend leider wegen aufgrund voraussichtlich einschließlich inklusive nur mit auf zu den dem die das und um kw uhr für sie nicht ich wir
    wieder dann erst bin sind ist urlaub feiertage feiertagen urlaubs krankheit dienstreise montag dienstag mittwoch donnerstag freitag samstag sonntag
    kann meine keine mails mail nachrichten lesen lese unregelmäßig gelegentlich absender absenderin sehr geehrte damen herren liebe lieber hallo
    guten tag hi januar februar märz april mai juni juli august september oktober november dezember jan feb apr jun jul aug sep okt nov dez until from to the
    """.split()
)
_DEPUTY = re.compile(
    r"\bin (?:dringenden|eiligen|unaufschiebbaren|wichtigen) (?:fällen|angelegenheiten|fragen|notfällen)\b|\b(?:bei|für|in) dringende[nr]? (?:fällen|anliegen|fragen|angelegenheiten|anfragen|themen)\b|\b(?:im|bei) notf(?:all|ällen)\b.{0,80}\b(?:wenden|erreichen|kontaktieren|rufen|nummer)|\b(?:meine|unsere|seine|ihre) (?:kolleg(?:e|in|en|innen)|vertretung|vertreter(?:in)?|stellvertretung|assistenz)\b.{0,100}\b(?:wenden|vertritt|hilft|helfen|erreich\w*|kontaktieren|zur verfügung|übernimmt|kümmert|weiter|ist)\b|\b(?:vertretung|vertritt mich|vertreten mich|werde ich vertreten|vertretungsweise)\b|\bwenden sie sich (?:bitte |in .{3,30} |solange |so lange |währenddessen )?(?:direkt )?(?:bitte )?an\b|"
    r"\bihre? (?:e-?mail|nachricht|mail|anfrage)\b.{0,60}\b(?:(?:nicht|automatisch|aber) )?(?:automatisch )?(?:weiter ?geleitet|gelesen|umgeleitet|gelöscht|bearbeitet|beantwortet)\b|\be-?mails werden (?:in dieser zeit |während dieser zeit )?(?:nicht|automatisch)\b|\b(?:werde|melde|beantworte|kümmere)\b.{0,30}\b(?:ich )?.{0,60}\b(?:nach meiner rückkehr|danach|anschließend|nach meinem urlaub|sobald (?:ich|wie) (?:wieder|möglich))\b|\bdanach\b.{0,30}\b(?:kümmere|melde|beantworte|bearbeite|antworte)\w*|\bbitte (?:ich|haben sie|habt) (?:um |sie um )?(?:etwas )?(?:geduld|verständnis)\b|\b(?:for|in) urgent (?:matters|cases|issues|requests|enquiries|inquiries)\b|\bplease (?:contact|reach out to|get in touch with|call)\b|\b(?:my colleague|my deputy)\b|\b(?:your|this) (?:e-?mail|message) will (?:not )?be (?:forwarded|read)\b|\bi will (?:reply|respond|get back|answer)\b|\bif (?:it is|it's|your \w+ is) urgent\b",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"^\W*(?:(?:sehr geehrte[^,.!]{0,60}|liebe[rs]? [^,.!]{0,40}|hallo[^,.!]{0,40}|guten tag[^,.!]{0,40}|dear [^,.!]{0,40}|hi[^,.!]{0,20}|hello[^,.!]{0,20}|moin[^,.!]{0,20})[,!.]\s*)?(?:(?:vielen|herzlichen|besten|lieben|schönen) dank|danke|thank you|thanks|many thanks|wir danken ihnen|wir bedanken uns|ich danke ihnen)(?: (?:sehr|schön|recht herzlich))? (?:für (?:ihre?n?|deine?n?|eure?n?|die|das|den|das interesse|diese)\b|für (?:ihr|dein|euer) interesse|for (?:your|the|contacting|getting|reaching)\b|dass sie)(?: \w+){0,3} ?(?:(?:e-?mail|mail|nachricht|anfrage|schreiben|kontaktaufnahme|interesse|message|inquiry|enquiry|request|mitteilung|zuschrift|anliegen|bestellung|us|contacting|touch|kontakt\w*|verständnis|geduld|patience|understanding)\b.{0,60})",
    re.IGNORECASE,
)
_RECEIPT = re.compile(
    r"\b(?:wir|unser team|unsere mitarbeiter\w*|ein mitarbeiter) (?:bearbeite[nt]|kümmer[nt] (?:uns|sich)|beantworte[nt]|werden|wird|prüf(?:en|t))\b.{0,60}\bihre?[nm]? (?:anliegen|anfrage|nachricht|e-?mail|ticket)\b|"
    r"\b(?:ihre?|deine?|eure?) (?:\w+ )?(?:anfrage|nachricht|e-?mail|mail|meldung|anliegen|mitteilung|bewerbung|support-?anfrage|service-?anfrage|ticket|schreiben|beschwerde|störungsmeldung|reklamation)\b.{0,60}\b(?:ist|wurde|sind|haben wir|ist bei uns)\b.{0,60}\b(?:eingegangen|erhalten|registriert|erfasst|aufgenommen|angelegt|eröffnet|erstellt|entgegengenommen|weitergeleitet|gespeichert|angekommen|eingetroffen|empfangen|geschlossen|gelöst|aktualisiert)\b|\bihr (?:ticket|vorgang|fall)\b.{0,40}\b(?:wurde|ist)\b.{0,20}\b(?:geschlossen|eröffnet|aktualisiert|erstellt|gelöst|angelegt)\b|"
    r"\b(?:wir haben|haben wir) (?:\w+ )?(?:ihre?n?|deine?n?|eure?n?) (?:\w+ )?(?:anfrage|nachricht|e-?mail|mail|meldung|anliegen|mitteilung|bewerbung|ticket|schreiben|beschwerde)\b.{0,40}\b(?:erhalten|registriert|bekommen|aufgenommen)\b|\b(?:bestätigen (?:wir )?(?:ihnen )?(?:hiermit )?(?:gerne )?den (?:eingang|erhalt)|eingang ihrer (?:nachricht|anfrage|e-?mail|mail)|eingangsbestätigung)\b|"
    r"\b(?:es|hierzu|dazu|für ihr anliegen|für sie)? ?wurde (?:ein|das|unter der|folgendes) (?:neues )?(?:ticket|vorgang|fall|vorgangsnummer|ticketnummer)\b|\b(?:ein|your) (?:neues )?(?:ticket|case) (?:wurde|mit der|has been|was)\b|\b(?:ihre|die) (?:ticket|vorgangs|fall|bearbeitungs|referenz|anfrage)-?(?:nummer|nr\.?|id)\b(?: dazu| hierzu| hierfür| für ihre anfrage)? (?:lautet|ist)\b|\bunter (?:der|dem|folgender) (?:ticket|vorgangs|fall|bearbeitungs|referenz)?-?(?:nummer|nr\.?|zeichen|ticket)\b.{0,60}\b(?:erfasst|registriert|angelegt|bearbeite\w*|geführt|aufgenommen|eröffnet)\b|^\W*(?:ticket|vorgangs|fall|referenz|case|reference)-?(?:nummer|nr\.?|id|number)?\s?[:#]|"
    r"\bwe(?: have|'ve) (?:received|logged|registered) your\b|\byour (?:request|ticket|message|e-?mail|inquiry|enquiry|case) (?:has been|was|\(?#?\d+\)? has been) (?:received|created|logged|registered|opened|assigned)\b|\bconfirm(?:s|ing)? (?:the )?receipt of your\b",
    re.IGNORECASE,
)
_WORKING_ON_IT = re.compile(
    r"\b(?:wir|unser (?:team|kundenservice|support|service)|ein (?:mitarbeiter|kollege|mitglied)|eine[rs]? unserer|unsere (?:mitarbeiter|kollegen|service|experten|kundenbetreuer)\w*|ein\w* \w+berater\w*)\b.{0,60}\b(?:melde[tn]?|kümmer\w*|bearbeite[nt]?|beantworte[nt]?|wird|werden|setz(?:en|t)|nimmt|antworte[nt]?|bemüh\w*|prüf\w*|kommen?)\b.{0,160}|\bbearbeitung(?:szeit|sdauer)?\b.{0,60}\b(?:werktag|tage|stunden|beträgt|dauer)|\binnerhalb (?:von|der nächsten)\b.{0,40}\b(?:stunden|werktag|tage)|\bsie (?:erhalten|bekommen|hören)\b.{0,60}\b(?:antwort|rückmeldung|nachricht|von uns)\b|\bwe (?:will|'ll|aim|try|strive)\b.{0,80}|\b(?:one of )?our (?:team|agents|support)\b.{0,80}|\bsie (?:können|brauchen)\b.{0,60}\b(?:status|rückfragen|ticketnummer|nichts weiter)\b|\bbei (?:rückfragen|fragen|weiteren fragen|antworten)\b.{0,120}|\bbitte (?:geben|nennen|behalten|belassen|verwenden|lassen) sie\b.{0,80}(?:nummer|betreff|ticket|vorgang|\bid)\b|\b(?:please )?(?:keep|quote|include|use) (?:the|this|your)\b.{0,60}\b(?:subject|number|id|ticket)\b|\bbitte sehen sie von\b.{0,40}\bab\b|\boft finden sie\b|\bhäufige fragen\b|\bantworten sie (?:einfach |gerne )?auf diese\b|\b(?:wenn|falls) sie (?:noch |weitere )?fragen haben\b|\bunsere (?:faq|hilfe|öffnungszeiten|geschäftszeiten|bürozeiten|sprechzeiten|servicezeiten|hotline)\b|\bfinden sie (?:auch )?(?:in|unter|auf)\b.{0,80}",
    re.IGNORECASE,
)
_STATED = re.compile(
    r"\b(?:dies(?:e|es)?|das|bei dieser|diese (?:e-?mail|nachricht|mail|antwort))\b(?: (?:e-?mail|nachricht|mail|antwort))? (?:ist|ist eine|wurde|handelt es sich um|wird) (?:\w+ ){0,4}?(?:automatisch\w*|vollautomatisch\w*|maschinell\w*|systemgenerierte?)\b|^\W*automatisch (?:erzeugte?|generierte?|erstellte?|versandte?|versendete?)\b.{0,80}|\b(?:automatisch|maschinell) (?:erzeugt|generiert|erstellt|versandt|versendet|verschickt)e? (?:nachricht|e-?mail|antwort|eingangsbestätigung|benachrichtigung|mail|abwesenheitsnotiz)\b|^\W*(?:dies ist eine )?automatische (?:antwort|eingangsbestätigung|nachricht|abwesenheitsnotiz|benachrichtigung|e-?mail|rückmeldung|empfangsbestätigung)\b|"
    r"\b(?:bitte )?antworten sie (?:bitte )?nicht (?:direkt )?auf diese\b|\bdiese e-?mail-?adresse (?:wird|ist) nicht (?:mehr|länger)\b|\b(?:auf diese (?:e-?mail|nachricht)|diese (?:e-?mail|mail)-?adresse) .{0,50}\b(?:nicht (?:antworten|überwacht|gelesen)|kann nicht)\b|\bthis (?:is an? |message |e-?mail |message was |e-?mail was |mail was |message has been |response was ){1,2}(?:\w+ )?(?:auto(?:mated|matic|matically|-generated)|generated automatically|created automatically)\b|\b(?:was|been) (?:created|generated|sent) automatically\b|\b(?:please )?do not reply to this\b|\bautomatic(?:ally)? (?:generated )?(?:reply|response|message)\b",
    re.IGNORECASE,
)
_BOUNCE = re.compile(
    r"\b(?:could not be delivered|couldn't be delivered|wasn't (?:delivered|able to deliver)|was not delivered|delivery (?:to the following|has failed|failed)|undeliverable|not able to deliver|unable to deliver|returned to sender|permanent (?:fatal )?error|delivery (?:attempts|status notification)|user unknown|mailbox (?:unavailable|full|not found)|address(?:es)? (?:failed|rejected|not found|had permanent)|recipient (?:address )?rejected|host unknown|i'm sorry to have to inform you|message you sent|mail system at host|giving up on it|554 |550[ -]5|5\.1\.1)\b|"
    r"\b(?:(?:ihre|die|folgende|eine) (?:e-?mail|nachricht|mail)\b.{0,120}\b(?:konnte|kann|wurde)\b.{0,80}\bnicht (?:zugestellt|übermittelt|ausgeliefert|zustell\w*|versendet)|nicht (?:an (?:den|die|folgende) .{0,40} )?zugestellt werden|konnte nicht zugestellt|unzustellbar|zustellung (?:ist )?(?:fehlgeschlagen|gescheitert|nicht möglich|an (?:folgende|den|die)\b.{0,60}fehlgeschlagen)|(?:das )?postfach (?:des empfängers )?(?:ist )?voll|empfänger(?:adresse)? (?:wurde nicht gefunden|existiert nicht|unbekannt|ist unbekannt)|(?:die )?e-?mail-adresse (?:existiert nicht|wurde nicht gefunden|ist nicht (?:bekannt|vorhanden))|unbekannter empfänger|fehler bei der zustellung|keine weiteren zustellversuche)\b",
    re.IGNORECASE,
)
_NEWSLETTER = re.compile(
    r"\b(?:um sich (?:vom newsletter |von dieser liste )?abzumelden|keine (?:weiteren )?(?:e-?mails?|newsletter|nachrichten) (?:mehr )?(?:von uns )?(?:mehr )?erhalten|newsletter nicht (?:mehr|länger) (?:erhalten|bekommen|beziehen)|newsletter (?:abbestellen|abmelden|kündigen)|(?:abbestellen|abmelden) (?:können sie|sie sich)|(?:vom|von diesem|aus dem) newsletter (?:abmelden|austragen)|hier abmelden|abmeldelink|unsubscribe|im browser (?:ansehen|anzeigen|öffnen|lesen)|(?:view|open) (?:this (?:e-?mail )?)?in (?:your )?browser|online-?version|sie erhalten diese(?:n|) (?:e-?mail|newsletter|nachricht),? (?:weil|da)|you (?:are receiving|received) this (?:e-?mail|message|newsletter) because|wird diese (?:e-?mail|nachricht) nicht (?:richtig|korrekt) (?:dargestellt|angezeigt))\b",
    re.IGNORECASE,
)
_NOTICE_MORE = re.compile(
    r"^\W*(?:bitte beachten sie\b.{0,160}|(?:sehr geehrte|liebe|hallo|guten|dear|hi|hello|moin|werte)\b.{0,60}|(?:ich|wir) (?:wünsche|bitte|bedanke|freue|hoffe)\w*\b.{0,100}|(?:bis|erholsame|frohe|schöne)\b.{0,60}|(?:tel|telefon|mobil|e-?mail|fax)\b.{0,60}|[\w.+-]+@\S+|(?:herr|frau)\b.{0,80}|.{0,40}(?:\+49|0\d{2,5})[\d /()-]{4,}.{0,30}|subject:.*|to:.*|from:.*|sent:.*|betreff:.*)$",
    re.IGNORECASE,
)
# What only a person writes: something is asked or told about what is the writer's own.
_PERSONAL = re.compile(
    r"\b(?:meine?[mnrs]?|unsere?[mnrs]?) (?:\w+ )?(?:bestellung|vertrag|vertrags\w*|rechnung\w*|konto|kundenkonto|paket|lieferung|zähler\w*|anschluss|tarif|app|handy|gerät|termin|buchung|abo|kundennummer|versicherung|antrag|frage|anliegen|problem|internet|router|karte|ticket|passwort|kündigung|abschlag|strom\w*|gas\w*|heizung|wohnung|adresse)\b|"
    r"(?<!ihre )\b(?:kundennummer|vertragsnummer|bestellnummer|rechnungsnummer|zählernummer)\b|\b(?:habe|hatte|hätte) ich (?:bei ihnen|noch|gestern|heute|eine frage)|\bich (?:möchte|brauche|bräuchte|benötige|hätte|kündige|widerrufe|warte|bestelle|finde|frage|verstehe|kann (?:mich|die|das|den|mein\w*|nicht)|will|würde|habe (?:bei ihnen|noch|eine frage|ein problem|gestern|heute|das|die|den|schon|bereits|versucht|folgende))\b|"
    r"\bbitte (?:rufen sie|ruft|ruf|vorher|vorab|melden sie|schicken|senden|verschieben|stornieren|liefern|stellen sie|legen sie|klingeln|kommen|buchen|ändern|nicht (?:liefern|kommen|klingeln)|erst|danach|den (?:termin|techniker)|die (?:lieferung|rechnung)|das (?:paket))\b(?!.{0,40}\b(?:an|unter)\b.{0,60}(?:@|kolleg|vertretung))|\b(?:können|könnten|würden|dürfte|dürfen) (?:sie|wir|ich)\b.{0,120}\?|\b(?:i (?:would like|need|want|ordered|tried|cannot|can't|have a question|bought)|my (?:order|contract|invoice|account|parcel|phone|app))\b|"
    r"\b(?:schicke|sende|reiche|bringe|überweise|zahle|erledige|übermittle|liefere|gebe|hole|lese) (?:ich|wir)\b(?! .{0,40}\brückkehr)|\bzu ?hause\b|\bsonst\b|\bbitte (?:\w+ ){1,3}(?:schicken|senden|stornieren|verschieben|prüfen|kommen|unterbrechen)\b|"
    r"\b(?:lieferung|techniker|monteur|paket|termin|handwerker|ableser|besuch|ablesung)\b.{0,80}\b(?:nicht|verschieben|verschoben|erst|danach|vorher|anders|später|früher|absagen)\b",
    re.IGNORECASE,
)
_MYSELF = re.compile(r"\b(?:ich|mir|mich|wir|uns|i|me|we)\b", re.IGNORECASE)
_PLEADS = re.compile(
    r"^\W*(?:also |daher |deshalb )?bitte (?:\w+en sie|\w+t|\w+ mir|\w+ uns)\b", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]+")
_RULES = (
    ("bounce", _BOUNCE),
    ("stated", _STATED),
    ("newsletter", _NEWSLETTER),
    ("absent", _ABSENT),
    ("back", _BACK),
    ("receipt", _RECEIPT),
    ("thanks", _THANKS),
    ("deputy", _DEPUTY),
    ("working", _WORKING_ON_IT),
    ("more", _NOTICE_MORE),
)


@dataclass(frozen=True, slots=True)
class Wording:
    """What the words say. `automatic`: beyond doubt. `likely`: which kind, if it is one. `personal`: a person speaks."""

    automatic: Automatic | None
    likely: Automatic | None
    bounces: bool
    personal: bool
    own_words: int


def wording_of(text: str) -> Wording:
    """Read a text sentence by sentence.

    Takes:  what was newly written; its first 6,000 characters count.
    Gives:  what it is made of.
    """
    counted = dict.fromkeys((name for name, _ in _RULES), 0)
    own_words = notice_words = loose = 0
    personal = asked = False
    for sentence in sentences_of(text[:READ_CHARS_MAX]):
        words = len(_WORD.findall(sentence))
        named = [name for name, pattern in _RULES if pattern.search(sentence[:SENTENCE_CHARS_READ])]
        if not named and _elliptic(sentence):
            named = ["absent"]
        notice = {"newsletter", "stated"} & set(named) and not _MYSELF.search(sentence)
        asked = asked or (_asked(sentence) and not notice)
        personal = personal or (not named and _PLEADS.match(sentence) is not None)
        if "absent" in named:
            loose += _loose(sentence)
        personal = personal or (
            not {"bounce", "stated", "receipt"} & set(named) and _PERSONAL.search(sentence) is not None
        )
        for name in named[:1]:
            counted[name] += 1
            notice_words += words
        if {"absent", "back"} <= set(named):
            counted["back"] += 1
        if not named and not (words <= 4 or is_closing(sentence) or is_weak_closing(sentence)):
            own_words += words
    personal = asked or (personal and not counted["stated"])
    likely = _likely(counted)
    stated = counted["receipt"] or counted["stated"] or counted["bounce"]
    bare = (
        not personal and own_words * (1 if stated else 2) <= notice_words and notice_words <= NOTICE_WORDS_MAX
    )
    sure = (
        likely
        if bare and _sure(counted, own_words, loose, ranged=_RANGED.search(text[:READ_CHARS_MAX]) is not None)
        else None
    )
    return Wording(sure, likely, counted["bounce"] > 0, personal, own_words)


def _elliptic(sentence: str) -> bool:
    """Say whether a sentence is an absence and times, nothing else: "Derzeit nicht erreichbar", "Im Urlaub bis 14.8."."""
    match = _ELLIPTIC.search(sentence[:SENTENCE_CHARS_READ])
    if match is None:
        return False
    rest = _WORD.findall(sentence[: match.start()] + " " + sentence[match.end() :])
    return len(rest) <= ELLIPTIC_WORDS_MAX and all(word.casefold() in _TIMES for word in rest)


def _loose(sentence: str) -> int:
    """Count what a sentence says beside an absence and its times: "…, aber die Anlage meldet eine Störung"."""
    rest = _ABSENT.sub(" ", sentence[:SENTENCE_CHARS_READ])
    return sum(word.casefold() not in _TIMES for word in _WORD.findall(rest))


def _asked(text: str) -> bool:
    """Say whether a question mark ends a sentence; one within an address of the web does not."""
    return re.search(r"\w[\"“”)]?\s?\?+(?:\s|$)", text) is not None


def _likely(counted: dict[str, int]) -> Automatic | None:
    if counted["bounce"]:
        return Automatic.BOUNCE
    if counted["absent"] or (counted["back"] and (counted["deputy"] or counted["thanks"])):
        return Automatic.OUT_OF_OFFICE
    if counted["receipt"]:
        return Automatic.TICKET_SYSTEM
    if counted["newsletter"]:
        return Automatic.LIST
    if counted["stated"]:
        return Automatic.OTHER
    return None


def _sure(counted: dict[str, int], own_words: int, loose: int, *, ranged: bool) -> bool:
    """Say whether the sentences make a notice: two kinds of them that belong together, or one and nothing else."""
    if counted["bounce"] or counted["stated"] or counted["receipt"]:
        return True
    if counted["newsletter"]:
        return True
    away = counted["absent"] + counted["back"]
    if not away:
        return False
    if away >= 2 or counted["thanks"] or counted["deputy"] or counted["working"]:
        return own_words <= 25
    return own_words == 0 and loose <= LOOSE_WORDS_MAX and ranged
