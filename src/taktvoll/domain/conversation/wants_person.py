"""Whether a customer asks for a person, by words: German and English, direct and indirect.

I decide what counts as such a wish and name the words that showed it. The engine's stage wants_human calls me.
I never judge mood and never refuse: a doubtful wish counts, a look-alike ("Mitarbeiterrabatt") does not.
"""

# ruff: noqa: E501 - a rule is read, and compared with its neighbours, on one line
import re

_PERSON_DE = (
    r"(?:mensch(?:en)?|(?:echte[rnms]?|reale[rnms]?|richtige[rnms]?|lebende[rnms]?|leibhaftige[rnms]?|wirkliche[rnms]?)"
    r" (?:person|personen|ansprechpartner\w*|kollege\w*|gespr[äa]chspartner\w*)|"
    r"mitarbeiter(?:in|innen|n|/in|:in|\*in)?|sachbearbeiter(?:in|n)?|"
    r"ansprechpartner(?:in|n)?|berater(?:in|n)?|kundenberater(?:in|n)?|kundenbetreuer(?:in|n)?|kundenservice|kundendienst|"
    r"support|kolleg(?:e|en|in|innen)|servicekraft|fachkraft|vorgesetzten?|\w*leiter(?:in)?|chefs?|chefin|hotline|agent(?:en|in)?|operator|"
    r"jemande?[mn]?|wem|irgendwe[rnm]|irgendjemande?[mn]?)"
)
_DETERMINER_DE = (
    r"(?:(?:mit|zu|an|von|eine?[mnr]?|de[rmn]|die|ihre[mnr]?|eure?[mnr]?|echte?[nmrs]?|richtige?[nmrs]?|reale?[nmrs]?|"
    r"menschliche?[nmrs]?|lebende?[nmrs]?|anderen?|anderem|zust[äa]ndige?[nmr]?|persönliche[nmr]?) ){0,4}"
)
_TALK_DE = (
    r"(?:sprech\w*|spricht|reden|redet|rede|quatschen|schnacken|unterhalten|telefonier\w*|verbinden|verbunden|verbinde|"
    r"verbindet|durchstellen|durchgestellt|weiterleiten|weitergeleitet|weiterverbinden|kontaktieren|erreichen|[üu]bergeben)"
)

_PERSON_EN = (
    r"(?:humans?|(?:human|live|real|actual|service|support|customer service) (?:being|person|people|agents?|advis[eo]rs?|"
    r"representatives?|reps?|operators?|colleagues?)|persons?|somebody|someone|anyone|anybody|agents?|advis[eo]rs?|"
    r"representatives?|reps?|operators?|employees?|staff member|member of (?:your )?staff|colleagues?|manager|supervisor|"
    r"customer (?:service|support)|support team)"
)
_DETERMINER_EN = r"(?:(?:a|an|the|your|any|some|real|actual|live|human|one of your|to|with) ){0,4}"

_RULES: tuple[tuple[str, str], ...] = (
    # "kann ich mit einem Menschen sprechen", "ich will jemanden sprechen", "gibt es jemanden, mit dem ich reden kann"
    (r"\b(?:mit|zu|an) " + _DETERMINER_DE + _PERSON_DE + r"\b[^.?!]{0,50}?\b" + _TALK_DE + r"\b", "de"),
    (r"\b" + _TALK_DE + r"\b[^.?!]{0,30}?\b(?:mit|zu|an) " + _DETERMINER_DE + _PERSON_DE + r"\b", "de"),
    (
        r"\b(?:will|m[öo]chte|kann|k[öo]nnte|w[üu]rde|muss|darf|wollte|mag)\b[^.?!]{0,20}?\b(?:eine[nm]?|jemande?n|irgendjemanden?)"
        r"(?: " + _DETERMINER_DE + _PERSON_DE + r")?\b[^.?!]{0,20}?\b(?:sprechen|erreichen)\b",
        "de",
    ),
    (r"\bjemande?[nm]?,? (?:mit|bei) (?:dem|der|dem man|wem)\b[^.?!]{0,30}\b" + _TALK_DE, "de"),
    (r"\b(?:mit|bei) wem (?:kann|k[öo]nnte|darf|muss|m[üu]sste) (?:ich|man|wir)\b[^.?!]{0,40}\b(?:sprechen|reden|telefonieren)\b", "de"),
    (r"\bkann (?:ich|man) (?:hier )?(?:auch )?(?:mal )?(?:mit )?(?:jemande?[nm]?|wem)\b[^.?!]{0,30}\b" + _TALK_DE, "de"),
    # "verbinden Sie mich", "stellen Sie mich durch", "geben Sie mir einen Kollegen"
    (r"\b(?:verbinde?n?|verbindet)\b (?:sie |ihr )?(?:mich|uns)\b(?! (?:mit (?:dem|der|ihrem|eurem) )?(?:wlan|internet|netz|router))", "de"),
    (r"\b(?:mich|uns) (?:bitte )?(?:(?:doch|mal|jetzt|direkt|gleich) ){0,4}(?:\w+ )?(?:durchstellen|weiterverbinden|verbinden)\b", "de"),
    (r"\bstell(?:en|t|e)?\b (?:sie |ihr )?(?:mich|uns)\b[^.?!]{0,30}\bdurch\b", "de"),
    (r"\bleite[nt]?\b (?:sie |ihr )?(?:mich|uns)\b[^.?!]{0,30}\bweiter\b", "de"),
    (r"\b(?:gib|geben|gebt|holen?|holt|hol)\b (?:sie |ihr )?(?:mir |uns |mich |mal |bitte ){0,4}(?:eine[nr]? |de[nr] |jemande?n? )" + _DETERMINER_DE + _PERSON_DE + r"\b", "de"),
    (r"\b(?:brauche|ben[öo]tige|will|m[öo]chte|h[äa]tte gerne?|w[üu]nsche|verlange|bitte um|suche)\b (?:(?:jetzt|bitte|sofort|endlich|dringend|mal|lieber|nur|einfach|gerne?) ){0,4}(?:eine[nrm]? |de[nr] |mit |nen |ne ){0,4}(?:echte[nrms]? |richtige[nrms]? |reale[nrms]? |lebende[nrms]? |menschliche[nrms]? |pers[öo]nliche[nrms]? |kompetente[nrms]? ){0,4}"
     r"(?:mensch(?:en)?|echte person|mitarbeiter(?:in)?|sachbearbeiter(?:in)?|ansprechpartner(?:in)?|berater(?:in)?|kundenberater(?:in)?|kollegen|kollegin|vorgesetzten|chef|agenten|person)\b(?! (?:anmelden|abmelden|ummelden|eintragen|hinzuf|hinzu|werden|im haushalt))", "de"),
    # "rufen Sie mich an", "bitte um Rückruf", "kann mich jemand anrufen"
    (r"\bruf(?:en|t|e)?\b (?:sie |ihr )?(?:mich|uns)\b[^.?!]{0,60}\b(?:an|zur[üu]ck)\b", "de"),
    (r"\b(?:mich|uns)\b[^.?!]{0,30}\b(?:jemand|wer|einer|ein \w+)?\b ?(?:bitte )?(?:zur[üu]ckrufen|anrufen|zur[üu]ckruft|anruft)\b", "de"),
    (r"\b(?:um|einen|nen) (?:\w+ )?r[üu]ckruf\b|^\W*r[üu]ckruf(?: bitte)?\W*$|\br[üu]ckruf (?:erbeten|erw[üu]nscht|bitte|anfordern)\b", "de"),
    (r"\b(?:meldet|melden|meld|meldest) (?:sich|sie sich|euch|dich)\b[^.?!]{0,30}\b(?:pers[öo]nlich|telefonisch|jemand|mitarbeiter|ein mensch)\b", "de"),
    (r"\b(?:kann|soll|k[öo]nnte|muss)\b (?:(?:sich|bitte|mal|denn|da|das|dies|es|nicht|auch|vielleicht) ){0,4}(?:ein mensch|eine echte person|ein mitarbeiter|eine mitarbeiterin|jemand von (?:ihnen|euch)|ein kollege|jemand anders)\b[^.?!]{0,40}\b(?:melden|helfen|ansehen|anschauen|k[üu]mmern|[üu]bernehmen|antworten|anrufen|pr[üu]fen|kl[äa]ren|dr[üu]berschauen)\b", "de"),
    # "kann ich das mit einem Menschen klären", "mit jemandem besprechen"
    (r"\bmit (?:(?:eine[rm]|ne[rm]|echten|richtigen) ){0,2}(?:menschen|mitarbeiter(?:in)?|person|berater(?:in)?|jemande?[nm]?)\b[^.?!]{0,30}\b(?:ab)?(?:kl[äa]ren|besprechen|regeln|durchgehen)\b", "de"),
    # "echter Mensch", "lieber mit einem Menschen", "kein Bot", "nicht mit einer Maschine"
    (r"\b(?:echte[rnms]?|richtige[rnms]?|reale[rnms]?|lebende[rnms]?|leibhaftige[rnms]?|wirkliche[rnms]?) (?:lebende[rnms]? )?(?:mensch(?:en)?|person|mitarbeiter(?:in)?|ansprechpartner(?:in)?|berater(?:in)?)\b", "de"),
    (r"\b(?:nicht|kein(?:en|em|er|e)?|statt|genug|keine lust)\b(?: (?:mehr|l[äa]nger|immer|nur|auf))*(?: mit)?(?: (?:dem|der|den|eine[rmn]?|diesem?[nmr]?|so einem|irgendeinem|ihrem|eurem))? (?:bot|bots|chatbot|roboter|maschine|computer|automaten|ki|sprachcomputer|chatprogramm)\b[^.?!]{0,40}\b(?:sprechen|reden|schreiben|chatten|unterhalten|diskutieren|will|m[öo]chte|mehr|haben)\b", "de"),
    (r"\b(?:will|m[öo]chte|mag|bitte)\b[^.?!]{0,30}\b(?:nicht (?:mehr )?mit|kein(?:en|e)?) (?:dem |der |eine[rmn]? |diesem? )?(?:bot|chatbot|roboter|maschine|computer|automaten|ki)\b", "de"),
    (r"\b(?:ist|arbeitet|gibt es|sitzt) (?:hier|da|dort|bei (?:ihnen|euch))(?: (?:denn|auch|irgendwo|noch|[üu]berhaupt))* (?:ein mensch|eine echte person|jemand|irgendjemand|ein mitarbeiter|menschen)\b(?! im (?:haushalt|haus))(?=[^.?!]{0,30}(?:$|[.?!]|sprechen|reden|echt|hilft|helfen|antwort))", "de"),
    (r"^\W*(?:bitte )?(?:ein(?:en)? |eine |den |die |zum |zu einem |mit einem |mit ){0,4}(?:echten? |richtigen? ){0,4}(?:mensch(?:en)?|mitarbeiter(?:in)?|sachbearbeiter(?:in)?|ansprechpartner(?:in)?|berater(?:in)?|kundenberater(?:in)?|kundenservice|kundendienst|person|agent|operator|hotline|personal)(?: bitte)?(?: sprechen| reden)?\W*$", "de"),
    (r"\b(?:mensch|mitarbeiter(?:in)?|berater(?:in)?|sachbearbeiter(?:in)?|ansprechpartner(?:in)?) (?:bitte|gew[üu]nscht|sprechen)\b", "de"),
    (r"\bbitte (?:einen|mit einem) (?:echten |richtigen )?(?:menschen|mitarbeiter|berater|ansprechpartner|kollegen)\b(?:\W*$| haben| sprechen| dran)", "de"),
    (r"\b(?:kann|k[öo]nnte|d[üu]rfte) (?:ich|man) (?:(?:bitte|mal|hier|auch|nicht|jetzt) ){0,4}(?:einen|eine) (?:echten? |richtigen? )?(?:menschen|mitarbeiter(?:in)?|berater(?:in)?|ansprechpartner(?:in)?)\b (?:haben|bekommen|kriegen|sprechen|erreichen)\b", "de"),
    (r"\bpers[öo]nlich (?:mit )?(?:(?:jemande?[nm]?|ihnen|euch) )?(?:sprechen|reden|beraten)\b", "de"),
    (r"\b(?:hier|da|dort) (?:ein )?mensch (?:am|dran|an der)\b|\bmensch am (?:telefon|apparat)\b", "de"),
    (r"\b(?:menschliche[rnms]?) (?:hilfe|unterst[üu]tzung|beratung|kontakt|antwort|ansprechpartner\w*|betreuung|stimme)\b", "de"),
    (r"\b(?:ihre[nm]?|den|eure[nm]?) (?:chef|vorgesetzten|teamleiter|abteilungsleiter)\w*\b[^.?!]{0,30}\b(?:sprechen|reden|haben|geben)\b", "de"),
    (r"\bstimme eines menschen\b|\b(?:aus|von) fleisch und blut\b", "de"),
    # English
    (r"\b(?:talk|speak|chat|connect|connected|transfer|transferred|escalate|put through|get through|get in touch|discuss \w+|speaking|talking)\b(?: (?:me|this|directly|please|it|us|right now|now))* (?:to|with) " + _DETERMINER_EN + _PERSON_EN + r"\b", "en"),
    (r"\b(?:connect|transfer|put|pass|hand) (?:me|us)\b[^.?!]{0,20}\b(?:to|through|over|with)\b(?! (?:the )?(?:internet|wifi|wi-fi|network|grid))", "en"),
    (r"\b(?:want|need|would like|i'd like|prefer|get me|give me|looking for|require|demand|request)\b (?:(?:to (?:have|see|reach|contact)|please|just) ){0,4}(?:a |an |the |some )?(?:real |actual |live |human ){0,4}(?:human|human being|person|agent|representative|rep|advis[eo]r|operator|manager|supervisor)\b(?! (?:number|id|meter|tariff|added|to (?:be )?(?:registered|added|move)|in (?:my|the) household))", "en"),
    (r"\b(?:speak|talk|chat) to (?:you )?(?:in person|someone|somebody)\b|\bin person\b[^.?!]{0,20}\b(?:speak|talk)\b", "en"),
    (r"\b(?:real|actual|live|living) (?:human(?: being)?|person|agent|people|advis[eo]r|representative)\b", "en"),
    (r"\bhuman (?:agent|being|help|support|assistance|operator|representative|advis[eo]r|please)\b", "en"),
    (r"\b(?:call|phone|ring) (?:me|us)(?: back)?\b(?! (?:a |an ))|\b(?:request|arrange|want|need|like|get) (?:a |an )?(?:phone )?call ?back\b|\bcall ?back(?: please)\b", "en"),
    (r"\b(?:someone|somebody|anyone|anybody|a person|a human|a colleague) (?:please )?(?:(?:there|here|else|from your team|real|who|that|can|could|to|please|just|actually) ){0,4}(?:call|phone|contact|ring|help me|talk to|speak (?:to|with)|take over|look (?:at|into))\b", "en"),
    (r"\b(?:not|no more|stop|don't want|do not want|hate|tired of|sick of|instead of)\b[^.?!]{0,30}\b(?:to |with )?(?:a |an |the |this |these |your )?(?:bot|bots|robot|robots|machine|chatbot|computer|ai)\b", "en"),
    (r"\bis (?:there|anyone|anybody|someone) (?:(?:a|an|any|real|actual|live) ){0,4}(?:human|person|someone|anyone|somebody|there|agent)\b(?! (?:limit|who (?:pays|must)))[^.?!]{0,40}(?:talk|speak|help|there|here|\?|$)", "en"),
    (r"^\W*(?:please )?(?:a |an |the )?(?:real |live )?(?:human|person|agent|representative|operator|advis[eo]r|support agent|customer service|someone real)(?: please)?\W*$", "en"),
    (r"\b(?:agent|human|operator|representative|advis[eo]r|person) please\b|\bplease (?:a |an )?(?:agent|human|operator|representative|advis[eo]r)\b", "en"),
)  # fmt: skip

# Questions about people, staff or calls that ask for a fact, not for a person.
_LOOK_ALIKES = re.compile(
    r"\bwie ?viele? (?:menschen|mitarbeiter\w*|personen|leute)\b|\bmitarbeiter(?:rabatt|tarif|vorteil|konditionen|zahl)\w*|"
    r"\b(?:bist du|sind sie|seid ihr|spreche ich|schreibe ich|chatte ich|rede ich)\b[^.?!]{0,60}\bmensch(?:en)?\b(?! sprechen| verbinden)|"
    r"\b(?:are you|am i (?:talking|speaking|chatting) (?:to|with))\b[^.?!]{0,40}\b(?:human|person)\b|"
    r"\bhow many (?:people|employees|persons|agents)\b|\b(?:als|werde) mitarbeiter|\bberaterin? werden|"
    r"\b(?:nicht|niemand|niemanden|kein) (?:mehr )?(?:erreichbar|verbunden)\b(?=.*\b(?:internet|wlan|router)\b)|"
    r"\b(?:ihr|euer|dein) mitarbeiter (?:hat|war|kam|sagte)\b|\bpersonen? (?:im|in meinem|pro) haushalt\b|\bpersonenhaushalt",
)  # fmt: skip

_COMPILED = tuple((re.compile(pattern), language) for pattern, language in _RULES)
_SPACES = re.compile(r"[\s,;:„“”\"'’‘()\-–—]+")


def wants_person(text: str, language: str | None) -> str | None:
    """Say by which words the customer asks for a person, or that nothing says so.

    Takes:  language: BCP 47, or None; the rules of both languages are tried, those of the customer's first.
    Gives:  the words found, lower case, at most 120 characters; None when there is no such wish.
    """
    plain = _plain(text)
    if not plain:
        return None
    kept = _LOOK_ALIKES.sub(" … ", plain)
    first = (language or "de").split("-", 1)[0].casefold()
    for pattern, _ in sorted(_COMPILED, key=lambda rule: rule[1] != first):
        found = pattern.search(kept)
        if found:
            return found.group().strip()[:120]
    return None


def _plain(text: str) -> str:
    """Lower case, one space between words, sentence marks kept, quotes and commas gone."""
    kept = text.casefold().replace("don't", "dont_").replace("i'd", "i_d")
    spaced = _SPACES.sub(" ", kept).strip()
    return spaced.replace("dont_", "don't").replace("i_d", "i'd")
