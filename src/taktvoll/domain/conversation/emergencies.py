"""Words that tell of a life in danger: bodies that fail, the wish to die, gas, violence.

I decide which words tell so beyond doubt. The understanding adapter asks me. I never weigh: what is less clear is for
the models, and a look-alike ("sterbe vor Neugier", "Gasrechnung") is named beside the phrase it resembles.
"""

# ruff: noqa: E501 - a phrase is read, and compared with its neighbours, on one line
from taktvoll.domain.conversation.phrases import phrase
from taktvoll.domain.conversation.terms import HandoverReason

_MEDICAL = HandoverReason.EMERGENCY_MEDICAL
_SUICIDE = HandoverReason.EMERGENCY_SUICIDE
_GAS = HandoverReason.EMERGENCY_GAS
_VIOLENCE = HandoverReason.EMERGENCY_VIOLENCE

_LAUGHS = r"\b(?:haha\w*|hihi|lol|xd|rofl|lach\w*|spass|witz\w*|glueck|freude|begeistert|neugier\w*|langeweile|lustig|film\w*|krimi\w*|serie|buch|roman|spiel\w*|game|hunger|laughing|laughter|curious\w*|boredom|joking|kidding)\b"
_LONG_AGO = r"\b(?:damals|frueher|letzte[sn]? (?:jahr|monat|woche|sommer|winter)|vor (?:\w+ )?(?:jahren?|monaten?|wochen)|(?:19|20)\d\d|vorig\w*|verheilt|ausgeheilt|last (?:year|month|week)|years? ago|months? ago|geregelt|rechnung|formular|kurs|versichert?\b|police|tarif|falls|wenn man|if someone|befund\w*|attest)\b"
_CLOSE = r"(?:mann|frau|kind|kleine[rn]?|sohn|tochter|baby|mama|papa|mutter|mutti|vater|vati|oma|opa|bruder|schwester|freund(?:in)?|kolleg(?:e|in)|nachbar(?:in)?|enkel(?:in)?|kumpel|mitbewohner(?:in)?|schwiegermutter|schwiegervater|tante|onkel|herr|dame|saeugling|husband|wife|son|daughter|mother|father|mum|mom|dad|child|toddler|grandpa|grandma|brother|sister|friend|colleague|neighbou?r|er|sie|he|she)"

PHRASES = (
    # a body that fails
    phrase(
        "medical.unconscious",
        _MEDICAL,
        r"\b(?:bewusstlos|ohnmaechtig geworden|nicht (?:mehr )?(?:ansprechbar|erweckbar|bei bewusstsein|wach zu (?:kriegen|bekommen))|reagiert (?:nicht|nich|net|auf nichts|gar nicht)|(?:wacht|wachen) (?:nicht|nich|net) (?:mehr )?auf|(?:is|'s|are) unconscious|won'?t wake up|(?:isn'?t|not) (?:responding|waking up)|passed out)\b(?! auf (?:meine|unsere|den|die|das|mails?|emails?))",
        _LAUGHS
        + "|"
        + _LONG_AGO
        + r"|\b(?:app|router|geraet|handy|display|server|website|seite|support|hotline|firma|chatbot|taste|touch\w*)\b",
    ),
    phrase(
        "medical.breath",
        _MEDICAL,
        r"\b(?:(?:atmet|atmen) (?:nicht|nich|net|kaum|nur noch|so komisch|komisch|ganz flach)|(?:krieg\w*|bekomm\w*|griag\w*) (?:\w+ ){0,3}(?:kaum|keine?|koa|schlecht\w*|fast keine) (?:noch )?luft|(?:keine|kaum|schlecht|koa) luft (?:mehr|bekomm\w*|krieg\w*)|atemnot|erstickt|can'?t breathe|(?:not|isn'?t|stopped) breathing|(?:hals|throat) (?:schwillt|schwellt|is closing|swelling)|lippen (?:sind |werden )?(?:ganz )?blau|blaue lippen|blue lips)\b",
        _LAUGHS + "|" + _LONG_AGO,
    ),
    phrase(
        "medical.stroke",
        _MEDICAL,
        r"\bmundwinkel haengt|\b(?:redet|spricht|sprechen) (?:\w+ ){0,4}(?:wirr|verwaschen|undeutlich|durcheinander)\b|\b(?:lallt|schlaganfall hat|hat (?:gerade |grad )?(?:einen |nen )schlaganfall)\b|\bface is drooping\b|\b(?:arm|bein|gesichtshaelfte|koerperhaelfte)\b[^.?!]{0,30}\b(?:taub|gelaehmt|nicht (?:mehr )?(?:heben|bewegen)|schlaff|numb)\b",
        _LAUGHS + "|" + _LONG_AGO,
    ),
    phrase(
        "medical.heart",
        _MEDICAL,
        r"\b(?:brustschmerz\w*|schmerz\w* in der brust|druck (?:auf|in) der brust|druck im brustkorb|(?:stechen|enge) in der brust|herzinfarkt hat|chest pains?|pain (?:in|across) (?:my|his|her|the) chest)\b",
        _LAUGHS + "|" + _LONG_AGO + r"|\bherzinfarkt (?:gekriegt|bekommen|krieg)",
    ),
    phrase(
        "medical.swallowed",
        _MEDICAL,
        r"\b(?:knopfzelle|batterie|magnet\w*|tabs?|waschmittel\w*|pods?|reiniger|rohrreiniger|\w*reiniger|entkalker|lampenoel|frostschutz|bleiche|chlor|beeren|tabletten|kleber|gift|bleach|pills|button battery|magnets?|laundry capsules?)\b[^.?!]{0,50}\b(?:verschluckt|geschluckt|getrunken|gegessen|im mund|swallowed|drank|drunk|ate|eaten)\b|\b(?:verschluckt|geschluckt|getrunken|gegessen|swallowed|drank|ate)\b[^.?!]{0,40}\b(?:knopfzelle|batterie|magnete?n?|tabs?|waschmittel\w*|reiniger|rohrreiniger|entkalker|lampenoel|bleach|button battery|magnets?)\b",
        _LAUGHS + "|" + _LONG_AGO,
    ),
    phrase(
        "medical.blood",
        _MEDICAL,
        r"\b(?:blutet (?:stark|\w+ stark|wie|am kopf|\w+ kopf|nicht auf)|hoert nicht auf zu blut\w*|blut (?:erbrochen|gespuckt)|hustet? (?:er |sie )?blut|verblutet|ueberall (?:ist )?blut|alles voller blut|(?:won'?t|doesn'?t|not) stop bleeding|vomit\w* blood)\b",
        _LAUGHS + "|" + _LONG_AGO,
    ),
    phrase(
        "medical.shock",
        _MEDICAL,
        r"\b(?:stromschlag|stromstoss|elektrischen schlag|electric shock)\b[^.?!]{0,20}\b(?:bekommen|gekriegt|kriagt|abbekommen|got|had)?\b",
        _LAUGHS + "|" + _LONG_AGO + r"|\b(?:schutz|gefahr|vorbeugen|vermeiden|kann man|koennte|schuetz\w*)\b",
    ),
    phrase(
        "medical.seizure",
        _MEDICAL,
        r"\b(?:krampft|krampfanfall|epileptische[rn]? anfall|(?:having|has) a seizure|kein puls|no pulse|allergische[rn]? schock)\b",
        _LAUGHS + "|" + _LONG_AGO + r"|\b(?:fuehrerschein|hatte|attest)\b",
    ),
    phrase(
        "medical.overdose",
        _MEDICAL,
        r"\b(?:ueberdosis|ueberdosiert|overdosed?)\b|\b(?:zu viele|\d{2,}|ganze packung|alle) (?:\w+ ){0,2}(?:tabletten|paracetamol|ibuprofen|pillen|pills)\b[^.?!]{0,30}\b(?:genommen|eingenommen|geschluckt|intus|taken|took)\b",
        _LAUGHS + "|" + _LONG_AGO,
    ),
    # the wish to die
    phrase(
        "suicide.not_living",
        _SUICIDE,
        r"\b(?:nicht|nich|net|nimmer|keinen? lust|nicht laenger)(?: mehr)?(?: (?:weiter|laenger))? ?leben\b(?! (?:in|bei|mit|ohne|von|auf)\b)|\b(?:will|moechte|mag|wuerde|wollte)\b[^.?!,]{0,25}\b(?:sterben|tot sein|nicht mehr (?:da|hier) sein|nicht mehr aufwachen)\b|\bwant to die\b|\bdon'?t want to (?:live|be alive|be here|wake up)\b|\bwish i (?:was|were) dead\b",
        _LAUGHS + r"|\b(?:hier im haus|in der wohnung|zusammen|miteinander|auto ?fahren)\b",
    ),
    phrase(
        "suicide.kill_self",
        _SUICIDE,
        r"\b(?:bring|bringe|toete) (?:ich )?(?:mich|mi)\b(?: \w+){0,3} um\b|\b(?:ich|i) (?:\w+ ){0,4}(?:mich|mi) (?:\w+ ){0,2}(?:umzubringen|umbringen|umbringe|toeten|erhaengen|aufhaengen|erschiessen)\b|\b(?:mir|mia) (?:\w+ ){0,3}(?:das leben (?:nehmen|zu nehmen|nehme)|was (?:antun|antue|anzutun)|etwas (?:antun|antue|anzutun))\b|\bnehme? (?:ich )?mir (?:\w+ )?das leben\b|\bkill(?:ing)? myself\b|\bend(?:ing)? (?:my life|it all)\b|\btake my (?:own )?life\b",
        _LAUGHS + r"|\b(?:ruecken|preise?|sale|ausverkauft|hitze|warteschleife)\b",
    ),
    phrase(
        "suicide.thoughts",
        _SUICIDE,
        r"\b(?:suizidgedanken|selbstmordgedanken|suizidal|lebensmuede bin|bin lebensmuede|suicidal)\b",
        _LAUGHS + r"|\b(?:praevention|projekt\w*|kurs|thema|klausel|krypto)\b",
    ),
    phrase(
        "suicide.better_off",
        _SUICIDE,
        r"\bohne mich\b[^.?!]{0,40}\bbesser\b|\bbesser\b[^.?!]{0,30}\bohne mich\b|\bbetter off without me\b|\bwenn ich (?:nicht mehr|nimmer) (?:da |hier )?(?:bin|waere|leb\w*)\b[^.?!]{0,60}\b(?:besser|bald|lange)|\b(?:alles|das leben|leben|weiterleben) (?:hat|ist|macht) (?:doch )?(?:eh )?(?:keinen sinn|sinnlos)\b|\babschiedsbrief\w*\b|\bno reason (?:left )?(?:for me )?to (?:live|be alive)\b",
        _LAUGHS + r"|\b(?:kolleg\w*|arbeitgeber|rente|kuendig\w*|bank)\b",
    ),
    phrase(
        "suicide.place",
        _SUICIDE,
        r"\b(?:stehe|sitze|bin|steh|sitz) (?:\w+ ){0,3}(?:auf|an|am|vor) (?:der |den |dem )?(?:\w+)?(?:bruecke|gleisen?|bahngleisen?|dach|abgrund)\b|\b(?:standing|sitting) on (?:the|a) (?:\w+ )?(?:bridge|roof|tracks)\b",
        _LAUGHS
        + r"|\b(?:stau|zug|auto|photovoltaik|solar\w*|monteur|dachdecker|verspaetung|haltestelle|taxi|foto)\b",
    ),
    # gas
    phrase(
        "gas.smell",
        _GAS,
        r"\bgasgeruch\b|\bgas (?:\w+ ){0,3}(?:riech\w*|gerochen|stinkt)\b|\b(?:riech\w*|stinkt|stinken|geruch|gestank|muffelt|smell\w*|stinks?|reeks?)\b[^.?!]{0,30}\b(?:nach|of|like|noch|vo|von) (?:\w+ ){0,2}(?:gas|erdgas|faulen? eiern?|faule eier|schwefel|rotten eggs?|sulphur|propan)\b|\bsmell (?:the )?gas\b|\bgas smell\b|\b(?:riecht|stinkt) (?:es )?(?:\w+ )?(?:stark )?gas(?:ig)?\b",
        _LAUGHS
        + r"|\b(?:warum riecht gas|hat gas|zugesetzt|parfuemiert|seit wann|in der regel|normalerweise erdgas|wie riecht|geruchsstoff|wie erkenne|was (?:tue|mache) ich (?:bei|wenn)|was tun bei|allgemein|merkblatt|flyer|generell|theoretisch|mercaptan|referat|grill\w* kauf\w*)\b",
    ),
    phrase(
        "gas.leak",
        _GAS,
        r"\bgas (?:\w+ ){0,3}(?:stroemt|tritt|austritt|entweicht|ausgetreten|zischt)\b|\b(?:gasleitung|gasrohr|gashahn|gasflasche|gasschlauch)\b[^.?!]{0,40}\b(?:leck|undicht|angebohrt|erwischt|zischt|getroffen|abgerissen|gebrochen|kaputt|beschaedigt|offen|laesst sich nicht)\b|\b(?:angebohrt|erwischt|getroffen|beschaedigt|zischt)\b[^.?!]{0,30}\b(?:gasleitung|gasrohr|gashahn)\b|\bgas(?:leck| leak\w*|austritt)\b|\b(?:hit|drilled|damaged|cut) (?:the |a )?gas (?:line|pipe|main)\b",
        _LAUGHS
        + r"|\b(?:versichert|abgedeckt|zahlt ihr|wie erkenne|was tun bei|notfallplan|was (?:tue|mache) ich bei|letztes jahr|merkblatt|theoretisch)\b",
    ),
    phrase(
        "gas.monoxide",
        _GAS,
        r"\b(?:co|kohlenmonoxid|gas|rauch)[- ]?(?:warn)?(?:melder|alarm|warner)\b[^.?!]{0,30}\b(?:piept|piepst|schlaegt|schrillt|alarm|los|geht|heult|beeping|going off)\b(?! an$)|\bcarbon monoxide\b[^.?!]{0,30}\b(?:alarm|beep\w*|shriek\w*|going off|detector)\b[^.?!]{0,20}\b(?:beep|shriek|go|scream|sound)\w*|\bco vergift\w*",
        _LAUGHS
        + r"|\b(?:batterie\w*|test\w*|kauf\w*|pflicht|installier\w*|tausch\w*|wie lange|koppeln|koppel\w*|wohin|welche[nr]?|sollte|muss man)\b",
    ),
    phrase(
        "gas.boiler",
        _GAS,
        r"\b(?:therme|gastherme|heizung|kamin|ofen|boiler|grill|kohlegrill|shisha|generator|stromaggregat|furnace|charcoal grill)\b[^.?!]{0,80}\b(?:kopfschmerz\w*|kopfweh|schwindlig|schwindelig|uebel|schlapp|headaches?|dizzy|nauseous)\b|\b(?:kopfschmerz\w*|kopfweh|schwindlig|schwindelig|headaches?|dizzy)\b[^.?!]{0,60}\b(?:therme|gastherme|kamin|ofen|boiler|kohlegrill|shisha|aggregat|furnace)\b",
        _LAUGHS + r"|\b(?:rechnung|preis\w*|abschlag|app|bedienung|anleitung)\b",
    ),
    # violence
    phrase(
        "violence.attack",
        _VIOLENCE,
        r"\b(?:er|sie|mann|freund|ex|vater|papa|stiefvater|partner|nachbar|typ|sohn|jemand|bruder|dad|he|husband|boyfriend)\b[^.?!]{0,30}\b(?:schlaegt|verpruegelt|wuergt|bedroht|tritt|misshandelt|hits?|beats?|chok\w+|threatens?) (?:mich|uns|mama|mutti|meine (?:mutter|mama|schwester)|sie|die kinder|my|me|us|mum)\b|\b(?:schlaegt|wuergt|bedroht|verfolgt|stalkt) mich\b|\b(?:(?:vor|bedroh\w*|auf mich|hinter|tuer|steht|geht|kommt)\b[^.?!]{0,40}\bmit (?:einem |dem |nem |einer )?(?:messer|axt|pistole|waffe|baseballschlaeger))\b|\b(?:mit (?:einem |dem |nem |einer )?(?:messer|axt|pistole|waffe|hammer|baseballschlaeger))\b[^.?!]{0,30}\b(?:vor|bedroh\w*|auf mich|hinter|tuer|geht|steht)\b|\b(?:with|has|got) a (?:knife|gun)\b",
        _LAUGHS
        + r"|\b(?:rechnung|preis\w*|schach\w*|fifa|konsole|turnier|im tennis|beim \w+|vor,? (?:dass|den)|tarif)\b",
    ),
    phrase(
        "violence.threat",
        _VIOLENCE,
        r"\b(?:mach|mache|bring|bringe|stech|steche|knall|knalle|schlag|schlage|zuend|zuende|fackel|fackle|spreng|sprenge) (?:ich )?(?:dich|euch|sie|ihn|den|die|alle|eure?n?|ihre?n?|deine?n?)\b[^.?!]{0,40}\b(?:fertig|um|ab|platt|kalt|tot|an|in die luft|zusammen|kurz und klein)\b|\b(?:bombe|sprengsatz)\b[^.?!]{0,30}\b(?:gelegt|hochgeh\w*|platziert|geht hoch|im (?:rathaus|gebaeude|keller))\b|\bamok(?:lauf)?\b|\bweiss,? wo (?:du|ihr|sie|der|die|dein\w*|eure?\w*)\b[^.?!]{0,30}\b(?:wohn\w*|arbeit\w*|park\w*)\b|\bi(?:'ll| will|'m going to) (?:kill|shoot|stab|burn|blow|break)\b|\b(?:know|found out) where you (?:live|work)\b",
        _LAUGHS + r"|\b(?:rabatt|angebot|rechnung|preis\w*|anmeld\w*|konto|schrank|vertrag|app|account)\b",
    ),
    phrase(
        "violence.hiding",
        _VIOLENCE,
        r"\b(?:eingeschlossen|eingesperrt|verstecke? mich|versteckt|locked (?:myself )?in|hiding)\b[^.?!]{0,60}\b(?:er|ex|mann|freund|vater|tuer|he|husband|boyfriend|door)\b|\b(?:er|ex|mann|freund|he)\b[^.?!]{0,50}\b(?:haemmert|tritt|schlaegt|kicking|banging|pounding)\b[^.?!]{0,20}\b(?:tuer|door)\b",
        _LAUGHS,
    ),
)
