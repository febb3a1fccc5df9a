"""Words by which a customer claims a right or reports a wrong: end of a contract, data, the law, fraud, need of protection.

I decide which words say so beyond doubt, and which are a mere question about it. The understanding adapter asks me.
I never weigh: what is less clear is for the models.
"""

# ruff: noqa: E501 - a phrase is read, and compared with its neighbours, on one line

import re

from taktvoll.domain.conversation.concepts import folded
from taktvoll.domain.conversation.phrases import phrase
from taktvoll.domain.conversation.terms import HandoverReason

DECLARED = "revocation.declared"
"""The phrase that ends a contract by being said, whatever else the message asks."""

_REVOCATION = HandoverReason.REVOCATION
_DATA = HandoverReason.DATA_PROTECTION
_LEGAL = HandoverReason.LEGAL_THREAT
_FRAUD = HandoverReason.FRAUD
_VULNERABLE = HandoverReason.VULNERABLE

# A question about a right is no use of it: "Wie kann ich kündigen?", "bis wann darf man widerrufen", "was passiert, wenn …".
_ASKS = r"\b(?:wie|wo|wann|wohin|wofuer|warum|wieso|welche[rnsm]?|was (?:passiert|kostet|muss|ist|brauche|bedeutet|gilt|heisst)|bis wann|ab wann|ueberleg\w*|vielleicht|eventuell|falls|wenn ich|ob ich|ob man|kann (?:ich|man)|koennte (?:ich|man)|darf (?:ich|man)|muss (?:ich|man)|soll ich|sollte ich|gibt es|geht das|gilt|moeglich|how|when|what|where|which|can i|could i|do i|may i|is it possible|thinking about|considering|if i)\b"
_ASKS_HOW = re.compile(
    r"\W*(?:(?:wie|wo|wann|bis wann|ab wann) (?:kann|koennte|darf|muss|muesste|soll|sollte|geht|kuendige ich|kuendigt man|widerrufe ich|widerruft man|storniere ich|storniert man)"
    r"|(?:kann|koennte|darf) (?:ich|man)|how (?:can|could|do|may|should)|(?:can|could|may) i)\b"
)
_NO_QUESTION = re.compile(r"[.!?;:,\n]|\b(?:bitte|please)\b")
_ENDS = " \n\t.!?"
_CONTRACT = r"(?:vertrag\w*|\w*vertrag|\w*versicherung|abo|abos|abonnement|mitgliedschaft|konto|\w*konto|police|tarif|bestellung|kauf|kaufvertrag|antrag|anmeldung|anschluss|depot|sparplan|karte|\w*karte|bestellte \w+|darlehen|kredit)"

# What looks like the end of a contract and is something else.
_NO_END = r"|\b(?:ankuendig\w*|an,? dass|einwilligung\w*|zustimmung\w*|werbung|dsgvo|daten\w*|erlaubnis)\b|spass|wahlzettel|was pass?irt|\bkuendige[n]? [^.?!]{0,140}\ban\b\W*(?:$|,|er|sie|[.!?])"

PHRASES = (
    # the end of a contract
    phrase(
        DECLARED,
        _REVOCATION,
        r"\bhiermit\b[^.?!]{0,60}\b(?:kuendigen?|widerrufen?|stornieren?|treten? [^.?!]{1,60}\bzurueck)\b|\b(?:kuendigen?|widerrufen?|stornieren?)\b[^.?!]{0,60}\bhiermit\b|\btreten? [^.?!]{0,60}\bhiermit\b[^.?!]{0,80}\bzurueck\b|\bhereby (?:cancel|terminate|revoke|withdraw)\b",
        _ASKS + _NO_END + r"|\?$",
    ),
    phrase(
        "revocation.cancel",
        _REVOCATION,
        r"\b(?:hiermit|ich|wir|i|und) (?:\w+ ){0,3}(?:kuendige|kuendigen|kuendig|widerrufe|widerrufen|storniere|stornieren)\b(?! (?:an|ihnen an)\b)|\b(?:ich|wir|hiermit) (?:\w+ ){0,2}(?:trete|treten)\b[^.?!]{0,80}\bzurueck\b|\b(?:kuendige|widerrufe|storniere) (?:hiermit|ich|den|die|das|mein\w*)\b|\bi (?:hereby )?(?:cancel|terminate|revoke|withdraw from)\b",
        _ASKS + _NO_END,
    ),
    phrase(
        "revocation.please_end",
        _REVOCATION,
        r"\b(?:bitte|please|will|moechte|moecht|wuerde gerne?|want to|would like to|hiermit)\b[^.?!]{0,80}\b(?:kuendigen|kuendigung|stornier\w*|storno|widerrufen|beenden|beendet|aufloesen|abbestellen|rueckgaengig|zuruecktreten|cancel|terminate)\b",
        _ASKS
        + r"|\b(?:bestaetigung meiner|daten\w*|einwilligung\w*|chat|schriftlich wissen|verlauf|profil|gespraech|werbung|gekuendigt|newsletter|zuruecknehm\w*|ueber die|wissen|information\w*|formular|frist\w*|nicht)\b",
    ),
    phrase(
        "revocation.close",
        _REVOCATION,
        r"\b"
        + _CONTRACT
        + r"\b[^.?!]{0,50}\b(?:bitte (?:schliessen|beenden|aufloesen|stornieren|kuendigen|loeschen)|dichtmachen|kann weg|nicht mehr (?:weiter\w*|haben|fortfuehren))\b|\b(?:schliess\w*|beend\w*|close|shut|end) (?:bitte |sie |please )?(?:mein|meine|meinen|das|den|my|the) (?:\w+ )?"
        + r"(?:konto|\w*konto|vertrag|abo|mitgliedschaft|account|contract|subscription|membership|policy)\b",
        _ASKS + r"|\b(?:daten\w*|profil)\b",
    ),
    phrase(
        "revocation.heading",
        _REVOCATION,
        r"^\W*(?:kuendigung|widerruf|storno|stornierung|sonderkuendigung|ruecktritt)\b(?!\w)[^?]{0,60}$",
        _ASKS
        + r"|\b(?:einwilligung\w*|werbung|frist\w*|adresse|formular|erhalten|bestaetigung|angekommen|zurueckziehen|daten\w*)\b",
    ),
    # data protection
    phrase(
        "data.delete",
        _DATA,
        r"\b(?:loesch\w*|entfern\w*|vernicht\w*|tilg\w*|streich\w*|delete|erase|remove|wipe)\b[^.?!]{0,60}\b(?:(?:meine|alle|saemtliche|unsere|my|all) (?:\w+ ){0,3}(?:\w*daten|angaben|data|records|details)|mein(?:en)? (?:profil|account|datensatz|eintrag)|my (?:profile|account|records?))\b|\b(?:meine|alle|saemtliche|my) (?:\w+ ){0,3}(?:\w*daten|angaben)\b[^.?!]{0,60}\b(?:loesch\w*|entfern\w*|vernichten|weg)\b",
        _ASKS
        + r"|\b(?:versehentlich geloescht|mobile daten|cache|werksreset|ein reset|das update|die app|factory reset)\b",
    ),
    phrase(
        "data.access",
        _DATA,
        r"\b(?:dsgvo[- ]?auskunft|datenauskunft|auskunft (?:gemaess|nach|gem\.?|ueber (?:die|alle|meine|saemtliche)(?: \w+){0,5} (?:daten|gespeichert\w*))|(?:art(?:\.|ikel)? ?(?:15|16|17|18|20|21)) (?:der )?(?:ds-?gvo|gdpr)|(?:kopie|uebersicht|auskunft|liste)\b[^.?!]{0,50}\b(?:ueber mich|meiner (?:\w+ )?daten|von mir gespeichert)|subject access request|right to be forgotten)\b|\b(?:was|welche daten|alles,? was)\b[^.?!]{0,20}\b(?:sie|ihr) (?:\w+ ){0,3}(?:ueber|von) mich\b[^.?!]{0,20}\b(?:gespeichert|wisst|wissen|habt|haben)\b",
        r"\b(?:wo finde ich|was bedeutet|referat|wie lange|was ist)\b",
    ),
    phrase(
        "data.object",
        _DATA,
        r"\b(?:widerspreche|widersprech|untersage|verbiete|object to)\b[^.?!]{0,80}\b(?:daten\w*|\w*daten|weitergabe|nutzung|verarbeitung|werbung|profiling|scoring|uebermittlung|data|marketing|advertising|profiling)\b|\b(?:werbewiderspruch|keine werbung mehr|keine (?:\w+ )?(?:werbe\w+|reklame) mehr)\b|\b(?:nehmt|nehmen sie|streich\w*|take) (?:mich|me) (?:\w+ ){0,3}(?:aus|von|off|from) (?:\w+ ){0,2}(?:verteiler|liste|kartei|newsletter|list|database)\b|\bunsubscribe me\b",
        _ASKS,
    ),
    phrase(
        "data.consent",
        _DATA,
        r"\b(?:widerruf\w*|zurueckzieh\w*|zurueck|zuruecknehm\w*|withdraw|revoke)\b[^.?!]{0,60}\b(?:einwilligung\w*|zustimmung|werbeeinwilligung|consent|permission)\b|\b(?:einwilligung\w*|zustimmung|consent)\b[^.?!]{0,60}\b(?:widerruf\w*|zurueck\w*|zurueckgezogen|withdraw\w*)\b",
        _ASKS,
    ),
    phrase(
        "data.breach",
        _DATA,
        r"\b(?:datenpanne|datenleck|datenschutzverstoss|datenschutzverletzung|data breach)\b",
        _ASKS + r"|\b(?:zeitung|was ist|nachrichten)\b",
    ),
    # the law
    phrase(
        "legal.lawyer",
        _LEGAL,
        r"\b(?:schalte|nehme|nehmen|beauftrage|geht|geb\w*|uebergeb\w*|leite|hoeren|hoert|hoere|kontaktiere|wende|gehe|zum|meinem|meinen|meine[rm]?|unser\w*|my|our|through|with|contact)\b[^.?!]{0,50}\b(?:rechtsanwalt|rechtsanwaelt\w*|anwalt|anwaelt\w*|rechtsbeistand|lawyers?|solicitors?|attorneys?)\b(?![^.?!]{0,20}\b(?:heisst|name|bin|arbeite|beruf))",
        _ASKS.replace(r"|wenn ich", "").replace(r"|falls", "")
        + r"|\b(?:heisst|namen|kopie|police|rechtsschutz\w*|post|unterlagen|vollmacht|sohn|tochter|ausbildung|adresse|asked for|fragt nach)\b",
    ),
    phrase(
        "legal.court",
        _LEGAL,
        r"\b(?:verklage|verklagen|klage (?:ein\w*|erheben|reiche)|zieh\w* (?:ich |wir )?(?:sie )?vor gericht|gehe? (?:ich |wir )?vor gericht|sehen uns (?:\w+ ){0,3}(?:vor gericht|gericht)|rechtliche schritte|gerichtlich (?:vor\w*|klaeren|durchsetzen)|mahnbescheid (?:beantragen|erwirken|gegen sie)|rechtsweg (?:\w+ )?(?:gehen|beschreiten)|strafanzeige|see you in court|take (?:you|this) to court|sue you|legal action|small claims)\b",
        _ASKS.replace(r"|wenn ich", "").replace(r"|falls", "")
        + r"|\b(?:mein nachbar|versicherung zahlt|rechtsschutz\w*|erhalten|bekommen)\b",
    ),
    phrase(
        "legal.authority",
        _LEGAL,
        r"\b(?:wende|melde|beschwere|gehe|geh|beschwerde|informiere|schalte|einschalten|liegt|geht|landet|report\w*|complain\w*|contact\w*|go(?:ing)? to)\b[^.?!]{0,60}\b(?:verbraucherzentrale|verbraucherschutz\w*|schlichtungsstelle|ombuds\w+|bundesnetzagentur|netzagentur|bafin|aufsichtsbehoerde|aerztekammer|presse|zeitung|lokalpresse|rtl|ombudsman|regulator|trading standards|press|newspaper|consumer protection)\b",
        _ASKS.replace(r"|wenn ich", "").replace(r"|falls", ""),
    ),
    # fraud found
    phrase(
        "fraud.debit",
        _FRAUD,
        r"\b(?:abbuchung\w*|abgebucht|lastschrift\w*|ueberweisung\w*|buchung\w*|umsatz|umsaetze|bestellung\w*|charges?|debits?|transactions?|payments?)\b[^.?!]{0,80}\b(?:nicht von mir|kenne ich nicht|kenn ich nicht|nie gemacht|nie getaetigt|nicht getaetigt|nicht veranlasst|nicht autorisiert|unberechtigt\w*|nie bestellt|nicht ich|war ich nicht|sagt mir nichts|didn'?t make|don'?t recogni[sz]e|never made|not mine|unauthori[sz]ed)\b|\b(?:unbekannte|unberechtigte|fremde) (?:abbuchung\w*|lastschrift\w*|buchung\w*|ueberweisung\w*)\b",
        r"\b(?:erledigt|hat sich geklaert|war doch)\b",
    ),
    phrase(
        "fraud.stolen",
        _FRAUD,
        r"\b(?:karte|ec-karte|kreditkarte|bankkarte|girocard|geldbeutel|geldboerse|portemonnaie|brieftasche|handtasche|handy|card|wallet|purse)\b[^.?!]{0,40}\b(?:gestohlen|geklaut|weg ?gekommen|gemopst|entwendet|stolen)\b|\b(?:gestohlen|geklaut|stole)\b[^.?!]{0,30}\b(?:karte|geldbeutel|portemonnaie|geldboerse|card|wallet)\b",
        r"\b(?:versichert|zahlt|falls|wenn (?:mir|man|die|mein\w*)|letztes jahr|vor jahren|damals|was (?:tue|mache)|if my|would|laengst)\b",
    ),
    phrase(
        "fraud.phished",
        _FRAUD,
        r"\b(?:tan|pin|passwort|zugangsdaten|code|kreditkartennummer|kartendaten|login|password)\b[^.?!]{0,50}\b(?:eingegeben|durchgegeben|weitergegeben|verraten|rausgegeben|eingetippt|entered|gave)\b[^.?!]{0,60}|\b(?:konto|account|profil)\b[^.?!]{0,30}\b(?:gehackt|uebernommen|gekapert|hacked|taken over)\b|\b(?:auf|on) (?:einen|den|so einen|nen|a|the) (?:\w+ )?link (?:geklickt|clicked)\b",
        r"\b(?:falsche?n? (?:pin|tan|passwort)|dreimal|3 ?x|3 mal|mehrmals|router|wlan|vergessen|gesperrt nach)\b|\?\s*$",
    ),
    # need of protection
    phrase(
        "vulnerable.device",
        _VULNERABLE,
        r"\b(?:beatmungsgeraet|beatmungsmaschine|beatmet|sauerstoff(?:geraet|konzentrator)?|heimdialyse|dialysegeraet|absauggeraet|infusionspumpe|ernaehrungspumpe|ueberwachungsmonitor|pflegebett|home dialysis|ventilator|oxygen (?:machine|concentrator))\b[^.?!]{0,120}\b(?:strom\w*|stromausfall|abgestellt|abstell\w*|gesperrt|sperr\w*|ausfall|ausgefallen|akku|power|cut|outage|electricity)\b|\b(?:strom\w*|stromausfall|abgestellt|abstell\w*|sperr\w*|ausgefallen|power|outage)\b[^.?!]{0,120}\b(?:beatmungsgeraet|beatmet|sauerstoff(?:geraet|konzentrator)?|dialyse\w*|absauggeraet|pflegebett|infusionspumpe|ventilator|oxygen)\b",
        r"\b(?:verbrauch\w*|wie viel strom|wieviel strom|zuschuss|absetzen|how much)\b",
    ),
    phrase(
        "vulnerable.talked_into",
        _VULNERABLE,
        r"\b(?:dement\w*|demenz\w*|alzheimer\w*|geistig\w* behindert\w*|geistige behinderung|geschaeftsunfaehig|lernbehindert\w*|unter (?:gesetzlicher |rechtlicher )?betreuung|dementia)\b[^?]{0,140}\b(?:unterschr\w*|vertrag\w*|ueberredet|aufgeschwatzt|angedreht|abgeschlossen|verkauft|bestellt|kredit|sold|sign\w*|loan|ordering)\b",
        r"\b(?:bieten sie|kurs\w*|vorsorge|vollmacht|fuer spaeter)\b",
    ),
    phrase(
        "vulnerable.cannot_read",
        _VULNERABLE,
        r"\b(?:kann|i can'?t) (?:\w+ ){0,2}(?:nicht|net|nich)? ?(?:lesen und schreiben|lesen oder schreiben|read)\b|\bbin (?:\w+ )?analphabet\w*",
        r"\b(?:brille|datei|pdf|karte|qr|schrift|card reader|file)\b",
    ),
)


def asks_how(text: str) -> bool:
    """Whether a message is a single question about how, where or when something may be done, and so no doing of it.

    >>> asks_how("Wie kann ich hiermit kündigen?"), asks_how("Wie besprochen kündige ich"), asks_how("Kann ich bitte kündigen")
    (True, False, False)
    """
    plain = folded(text).rstrip(_ENDS)
    return _ASKS_HOW.match(plain) is not None and _NO_QUESTION.search(plain) is None
