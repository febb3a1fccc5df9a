"""The lines beneath a letter: contact details, what mail programs add, legal and confidentiality notices.

I decide what such a line looks like, German and English. `signatures.py` calls me. I never look at where a line stands.
"""

# ruff: noqa: E501 - a rule is read on one line

import re

_DEVICE = re.compile(
    r"^\W*(?:"
    r"(?:diese (?:nachricht|e-?mail|mail) wurde )?(?:von|vom|mit|aus) (?:mein|unser|der|dem|einem|)\w*\W*[\w äöüß®.+,&/-]{2,60}\b(?:gesendet|geschickt|versendet|verschickt|geschrieben|getippt|gemailt)|"
    r"diese (?:nachricht|e-?mail|mail) wurde (?:von|vom|mit|mobil|unterwegs)\b.{2,90}|"
    r"(?:gesendet|geschickt|versendet|verschickt|geschrieben|getippt|mobil gesendet|unterwegs gesendet|sicher gesendet|sent|written|typed|gemailt|erstellt|sent securely) (?:von|vom|mit|mittels|über|aus|via|from|with|using|by|on)\b.{2,90}|"
    r"(?:(?:von )?unterwegs|mobil|von unterwegs aus|vom handy|vom smartphone|von meinem handy) (?:gesendet|geschrieben|geschickt|getippt|verschickt|versendet)\b.{0,90}|"
    r"(?:get|hol(?:en sie)? (?:sich )?|laden sie|download) (?:die )?outlook (?:for|für)\b.{2,60}|outlook (?:für|for) (?:ios|android|mac|windows)\b.{0,40}|"
    r"(?:yahoo|aol|web\.de|gmx|t-online|freenet|mail\.de|posteo|mailbox|proton ?mail|tutanota|tuta|spark|bluemail|k-9 mail|k9|airmail|thunderbird|fairemail|canary)(?: \w+){0,3}[ :-]{1,3}.{0,60}(?:mail|postfach|app|android|ios|kostenlos|einfach).{0,60}|"
    r"(?:(?:free|e-?)mail )?powered by \S.{0,40}|ihre? e-?mail-postf(?:ach|ächer) sicher.{0,60}|"
    r"(?:bitte )?(?:entschuldigen sie|verzeihen sie|sorry for|excuse|entschuldigt|entschuldige)\b.{0,40}(?:tippfehler|kürze|schreibfehler|typos|brevity).{0,60}|(?:etwaige |eventuelle )?tippfehler (?:bitte|sind|inklusive|dem handy|vorbehalten).{0,60}"
    r")\W*$",
    re.IGNORECASE,
)
_DEVICE_WORDS = re.compile(
    r"iphone|ipad|ios|android|handy|smartphone|tablet|mobil|phone|samsung|galaxy|huawei|xiaomi|pixel|nokia|blackberry|windows|outlook|mail|app\b|web\.de|gmx|t-online|telekom|vodafone|yahoo|apple watch|thunderbird|proton|tuta|posteo|linux|mac\b|macbook|unterwegs|freenet|aol|fairphone|sony|lg\b|oneplus|telefon|gerät|device|tippfehler|kürze|typos|brevity|schreibfehler|postf|spark|love",
    re.IGNORECASE,
)
_DEVICE_CHARS_MAX = 130

_FOOTER = re.compile(
    r"^\W*(?:"
    # confidentiality
    r"(?:wichtige[rs]? |allgemeiner |rechtlicher )?(?:hinweis|vertraulichkeitshinweis|vertraulichkeit|disclaimer|haftungsausschluss|confidentiality(?: notice)?|legal notice)\b(?=.{0,250}(?:vertraulich|confidential|empfänger|recipient|adressat|e-?mail))|"
    r"(?:diese|die) (?:e-?mail|nachricht|mail|information(?:en)?|elektronische nachricht)\b.{0,120}(?:vertraulich|ausschließlich (?:für|an)|nur für de[nr]|rechtlich geschützt|bestimmt|berufsgeheimnis)|"
    r"(?:der inhalt|die information(?:en)?|inhalt und anhänge) (?:in )?dieser (?:e-?mail|nachricht)\b.{0,120}(?:vertraulich|bestimmt|verbindlich)|"
    r"(?:sollten|wenn|falls) sie (?:nicht de[rn]|diese (?:e-?mail|nachricht|mail) (?:irrtümlich|versehentlich)|irrtümlich)\b.{0,120}|"
    r"(?:das |jede[sr]? )?(?:unerlaubte|unbefugte|unautorisierte)[sr]? (?:kopieren|weitergabe|nutzung|verwendung|weiterleitung)|"
    r"this (?:e-?mail|message|communication|transmission)\b.{0,100}(?:confidential|intended|privileged)|if you (?:are not the (?:intended|named)|have received this)|the information (?:contained )?in this|any (?:unauthori[sz]ed|disclosure)\b|"
    r"e-?mails? (?:sind|können|ist|kann) .{0,60}(?:unsicher|manipul|verfälscht|rechtsverbindlich|viren)|"
    # environment
    r"(?:bitte )?(?:denken|denke|prüfen|überlegen|schonen|schützen|nehmen|think|please think|bedenken)\b.{0,80}(?:umwelt|ausdruck|drucken|papier|wald|wälder|print|environment)|"
    r"(?:please )?(?:consider|save) (?:the|our|your)\b.{0,20}(?:environment|trees|paper)|mus+ diese (?:e-?)?mail|der umwelt zuliebe|umwelt schonen|(?:wirklich )?ausdrucken\?|save (?:a tree|paper)|(?:bitte )?drucken sie diese (?:e-?)?mail|vor dem (?:aus)?druck(?:en)?\b.{0,60}(?:umwelt|denken|prüfen)|"
    # virus checks
    r"(?:diese (?:e-?mail|nachricht) (?:wurde|ist) .{0,60}(?:viren|virus|antivirus|geprüft)|viren-?frei|virus-?free|this e-?mail has been (?:checked|scanned)|(?:www\.)?(?:avast|avg|norton|mcafee)\.com|no virus found|eingehende e-?mail ist virenfrei)|"
    # company law
    r"(?:(?:vertretungsberechtigte[rn]?|alleinige[rn]?|einzelvertretungsberechtigte[rn]?) )?(?:geschäftsführ(?:er|erin|ung|ende[rn]?|er/in|er:in|er\*in)(?:innen)?|gf|vorstand(?:svorsitzende[rn]?)?|aufsichtsrat(?:svorsitzende[rn]?)?|vorsitzende[rn]? (?:des|der)\b[\w ]{3,40}|inhaber(?:in)?|komplementär(?:in)?|persönlich haftende[rn]? gesellschafter(?:in)?|managing directors?|prokurist(?:in)?)\s*(?::|(?:ist|sind) [A-ZÄÖÜ]|\|)|"
    r"(?:eingetragen(?: im| beim)?|registergericht|amtsgericht|handelsregister|registered|ag)\b.{0,60}(?:hr[ab]|\d{3,})|(?:amtsgericht|registergericht|handelsregister)\s*[:|]|amtsgericht [A-ZÄÖÜ]\S+\W*$|amtsgericht .{2,40}[,|/•·-] ?(?:hr|vr|gnr)|hr[ab](?:[- ]?(?:nr\.?|nummer))?\s*:?\s*\d{2,}|vr(?:[- ]?nr\.?)?\s*:?\s*\d{2,}|ust\.?[- ]?id(?:[- ]?nr\.?|nummer)?\.?\s*[:.]?\s*(?:de|at)\s?\d|umsatzsteuer-?(?:id|identifikationsnummer)\w*|steuer-?nr\.?\s*:|steuernummer\s*:|"
    r"(?:sitz|firmensitz|gesellschaftssitz|sitz der gesellschaft|sitz & registergericht|registered office|rechtsform)\s*(?:ist|:|,|\|)|(?:datenschutz(?:hinweise?|erklärung|informationen)?|informationen zum datenschutz|hinweise? zum datenschutz|unsere datenschutzhinweise|impressum|agb)\s*(?:finden|:|unter|\||$|https?)|(?:informationen|hinweise) (?:zur|zum) (?:verarbeitung|datenschutz|umgang)\b|weee-?reg|gläubiger-?id|"
    # advertising beneath a letter
    r"(?:besuchen sie uns|folgen sie uns|follow us|visit us|bewerten sie uns|jetzt neu:|neu bei uns:|abonnieren sie|(?:zum|unser) newsletter|bitte beachten sie (?:auch )?unsere|unsere öffnungszeiten|öffnungszeiten:|bürozeiten:|sprechzeiten:|aktuelles (?:finden|unter)|termine nur nach|wir sind (?:für sie da|umgezogen)|find us on|join us)\b|"
    r"mailing list\b|.{2,60}mailing list$|(?:um sich|um diese[rn]? (?:liste|newsletter)).{0,60}(?:abzumelden|austragen)|to unsubscribe\b"
    r")",
    re.IGNORECASE,
)

_PHONE = r"(?:\+|\(|0)[\d\s()/.\-–]{5,}\d"
_LABEL = r"(?:tel(?:efon)?(?:-?nr)?|fon|phone|mobil(?:e|funk|telefon)?|handy|cell|(?:tele)?fax|t|m|f|e|w|p|e-?mail|mail|web(?:seite|site)?|internet|homepage|url|www|skype|büro|zentrale|durchwahl|dw|whatsapp|threema|signal|facebook|instagram|twitter|linkedin|xing|privat|dienstlich|festnetz|anschrift|adresse|hotline)"
_CONTACT = re.compile(
    rf"(?:^|[|•·,;/]|\s{{2,}})\s*{_LABEL}\s?[.:)\]]{{0,2}}\s*(?=[\d+(]|https?:|www\.|[\w.+-]+@|\[)|"
    rf"^\W*{_PHONE}\W*$|^\W*{_LABEL}\s?:\s*\S|"
    r"^\W*(?:https?://|www\.)\S+\W*$|^\W*[\w.+-]+@[\w.-]+\.\w{2,}\W*$|^\W*[\w-]+(?:\.[\w-]+)*\.(?:de|com|at|ch|eu|net|org|info|example)(?:/\S*)?\W*$|"
    r"^\W*(?:(?:d|a|ch|de|at)[- ])?\d{4,5} (?-i:[A-ZÄÖÜ])[\w.\-/ äöüß()]{1,50}$|"
    r"^\W*(?-i:[A-ZÄÖÜ])[\w.\- äöüßÄÖÜ]{2,40}(?:str\.?|straße|strasse|weg|platz|allee|gasse|ring|ufer|damm|chaussee|hof|markt|steig|graben|stieg|kamp|berg|park|tor|winkel|pfad|zeile|wall) ?\d{1,4} ?[a-zA-Z]?(?:\W.{0,60})?$|"
    r"^\W*(?:am|an der|an den|im|in der|in den|auf der|auf dem|zum|zur|unter den|hinter der|alte|neue) (?-i:[A-ZÄÖÜ])[\w\- äöüßÄÖÜ]{2,30} \d{1,4} ?[a-z]?(?:,.{0,60})?$|^\W*postfach \d|"
    r"(?:[|•·].{2,80}){2,}|[,|•·] ?(?:d-)?\d{5} (?-i:[A-ZÄÖÜ])\w+",
    re.IGNORECASE,
)
_BLANKS = re.compile(r"\s{3,}")
_ROLE = re.compile(
    r"\b(?:GmbH|AG|KG|OHG|UG|mbH|Ltd\.?|Inc\.?|SE|eG|GbR|LLC|e\. ?V\.|e\. ?K\.|Stiftung|Verein|Institut|Universität|Hochschule|Fakultät|Lehrstuhl|Kanzlei|Praxis|Café|Restaurant|Hotel|Apotheke|Verlag|Agentur|Bäckerei|Werkstatt|Hausverwaltung|"
    r"Team|Kundenservice|Kundendienst|Support|Stadtwerke|Büro)\b"
)
_REFERENCE = re.compile(
    r"\b(?:kunden|vertrags|bestell|auftrags|rechnungs|zähler|mitglieds|versicherungs|vorgangs|ticket|fall|matrikel|kundenkonto|akten|sendungs|buchungs|policen|serien|geräte|customer|order|contract)[\w-]*(?:[- ]?(?:nr|nummer|no|id|zeichen|number))?\b\.?\s*[:#]?\s*\w*\d",
    re.IGNORECASE,
)


def is_device(line: str) -> bool:
    """Say whether a mail program or a phone wrote this line: "Von meinem iPhone gesendet"."""
    return (
        0 < len(line.strip()) <= _DEVICE_CHARS_MAX
        and _DEVICE.match(line) is not None
        and _DEVICE_WORDS.search(line) is not None
        and not line.rstrip().endswith("?")
    )


def is_footer(line: str) -> bool:
    """Say whether a notice begins here that stands beneath every letter of its sender."""
    return _FOOTER.match(line) is not None


def is_contact(line: str) -> bool:
    """Say whether a line is contact details: telephone, address, web."""
    # Two blanks part columns; a longer run says no more, and would cost its cube.
    return len(line) <= 300 and _CONTACT.search(_BLANKS.sub("  ", line)) is not None


def is_role(line: str) -> bool:
    """Say whether a line names a company or an office rather than a person."""
    return _ROLE.search(line) is not None


def is_reference(line: str) -> bool:
    """Say whether a line gives a number by which the company knows the customer; it is worth keeping."""
    return _REFERENCE.search(line) is not None
