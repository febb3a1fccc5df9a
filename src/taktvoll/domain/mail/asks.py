"""The sentences of a letter that ask for something: questions, and requests without a question mark.

I decide sentence by sentence; what a question is decides `domain/conversation/questions.py`. `reading.py` calls me.
I never take a greeting, thanks or a plea for a quick answer for a question where a letter asks anything else.
"""

# ruff: noqa: E501 - a rule is read on one line

import re

from taktvoll.domain.conversation.questions import asks, leans
from taktvoll.domain.mail.closings import is_closing
from taktvoll.domain.mail.salutations import opened_by
from taktvoll.domain.mail.sentences import sentences_of

ASKS_MAX = 20
READ_CHARS_MAX = 30_000
ASK_CHARS_MAX = 500
SPLIT_LEFT_WORDS_MIN = 3
SPLIT_RIGHT_WORDS_MIN = 3
_WORD = re.compile(r"[^\W_]+")
_JOINED = re.compile(r"^\W*(?:und|oder|aber|außerdem|also|dann)\s+", re.IGNORECASE)
_QUESTION_WORD = r"wie|wann|wo|wohin|woher|warum|wieso|weshalb|was|welche[rsnm]?|wer|wen|wem|wieviel|womit|wofür|woran|worauf|ob|how|when|where|why|what|which|who|whether"
_VERB = r"kann|könn(?:en|te|ten)|darf|muss|müssen|gibt|gilt|ist|sind|hat|soll|wird|werden|geht|bleibt|bekomme|brauche|wäre"
_TWO = re.compile(
    rf"^(?P<left>.+?[^\s,]),?\s+(?:und|sowie|außerdem|and)\s+(?:auch\s+|wenn ja,?\s+|falls ja,?\s+|if so,?\s+)?(?P<right>(?:(?:ab|bis|seit|für|in|mit|zu|auf|an|bei|von)\s+)?(?:{_QUESTION_WORD}|{_VERB})\s.+)$",
    re.IGNORECASE,
)
_ENDS_ON_QUESTION_WORD = re.compile(
    rf"\b(?:{_QUESTION_WORD}|lange|oft|viel|viele|hoch|teuer)$", re.IGNORECASE
)
_VERB_FIRST = re.compile(
    r"^(?:und |aber |oder |außerdem |zudem |also |dann |falls .{3,80}?, |wenn .{3,80}?, )?(?:kann|könn(?:en|te|ten|t)|darf|dürf(?:en|te)|muss|müss(?:en|te|ten)|gibt|gilt|ist|sind|wäre[n]?|war|hat|haben|habt|hätte[n]?|soll(?:te|en|ten)?|wird|werden|würde[n]?|geht|bekomme[n]?|bieten|wissen|weiß|brauche[n]?|can|could|do|does|did|is|are|may|must|will|would|should|have|has)\b",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"^\W*(?:(?:ja|nein|ok|okay|gut|gerne|und|aber|daher|deshalb|darum|also|nun|jetzt|außerdem|zudem|ferner|sonst|falls .{3,120}?,|wenn .{3,120}?,|sollte .{3,120}?,)\s+)?(?:"
    r"bitte\s+(?:um\b|\w+en\b|\w+n\b|\w+t\b|\w+e\b|mal\b|\w+)|"
    r"\w{3,20}(?:en|n)\s+sie\b(?=.*\b(?:mir|uns|bitte|das|die|den|mich|meine[nrm]?|unsere[nrm]?)\b)(?!.*\?)|"
    r"(?:sende|schick|gib|sag|ruf|schreib|erklär|nenn|storniere?|änder|kündig|lösch|prüf|buch)\w*\b(?=.*\b(?:mir|uns|bitte|mal)\b)|"
    r"ich\s+(?:möchte|moechte|will|würde|wuerde|hätte|haette|brauche|bräuchte|benötige|wünsche|bitte|ersuche|beantrage|fordere|verlange|widerrufe|kündige|frage mich|wüsste|suche|erwarte|bestelle|storniere|reklamiere)\b|"
    r"(?:hiermit|hierdurch|nun|jetzt|deshalb|daher|gerne?|außerdem|zudem|zusätzlich|weiterhin|ferner|auch|noch|dann|darüber hinaus|alternativ)\s+(?:möchte|will|würde|hätte|brauche|bräuchte|benötige|bitte|beantrage|kündige|widerrufe|fordere|bestelle|storniere|wüsste)\s+(?:ich|wir)\b|"
    r"wir\s+(?:möchten|wollen|würden|hätten|brauchen|bräuchten|benötigen|bitten|beantragen|fordern|suchen|wünschen|kündigen|widerrufen|bestellen|erwarten)\b|"
    r"mich (?:würde |täte )?interessier\w*|uns (?:würde )?interessier\w*|mir ist (?:nicht klar|unklar)|unklar ist\b|(?:ich|wir) (?:weiß|wissen|verstehe|verstehen|finde|finden)\b.{0,60}\bnicht\b.{0,10},\s*(?:"
    + _QUESTION_WORD
    + r")|"
    r"(?:meine|unsere|eine|noch eine|kurze) frage\b.{0,20}(?:ist|wäre|lautet|zu)|es wäre (?:nett|schön|toll|super|hilfreich|gut|lieb|prima),?\s+wenn|(?:ich|wir) (?:wäre|wären) (?:ihnen |euch |dir )?(?:sehr )?(?:dankbar|froh)|"
    r"(?:please|kindly)\s+\w+|i\s+(?:also |really |just |still )?(?:would like|'d like|need|want|wish|request|am looking for|was wondering|wonder)\b|i'd (?:like|love)\b|we\s+(?:would like|need|want|request)\b|could you\b|can you\b|let me know\b"
    r")",
    re.IGNORECASE,
)
_BITTE_INSIDE = re.compile(
    r"^\W*(?:könn\w+ sie|würden sie|\w+en sie\b).{0,80}\bbitte\b|,\s*(?:rufen|melden|schicken|senden|schreiben|geben|sagen) sie\b|,\s*bitte (?!entschuldig|verzeih|nicht (?:böse|falsch))\w+|\bich bitte (?:sie |dich |euch )?(?:daher |deshalb |hiermit |höflich |nochmals |dringend )?um\b|\b(?:bitte|please) (?:senden|schicken|teilen|ändern|stornieren|löschen|prüfen|melden|rufen|erklären|nennen|geben|buchen|send|cancel|change|tell|check)\b",
    re.IGNORECASE,
)
_NOT_ASKING = re.compile(
    r"\b(?:(?:möchte|möchten|will|wollen|würde|wollte|darf) (?:ich |wir )?(?:mich|uns|ihnen|euch|dir)?\s*(?:(?:sehr |ganz |noch |nochmals |nur |hiermit |herzlich )*)?(?:bedanken|danken|entschuldigen|freuen|loben|beschweren über nichts)|"
    r"würde (?:ich )?mich (?:sehr )?(?:über .{3,60} )?freuen|würden? (?:wir )?uns (?:sehr )?(?:über .{3,60} )?freuen|freue mich|bitte (?:ent)?schuldig\w*|bitte verzeih\w*|bitte nicht (?:falsch|böse)|bitte haben sie verständnis|bitte sehr|bitteschön|wünsche (?:ich )?(?:ihnen|euch|dir|allen|noch|einen|eine|ein|schöne|frohe|gute)|"
    r"ich (?:möchte|will) (?:nur |lediglich )?(?:sagen|betonen|anmerken|mitteilen|loben|feststellen|ihnen mitteilen|darauf hinweisen)|brauche ich (?:ja )?nicht mehr|i would like to (?:thank|apologi[sz]e)|hätte ich (?:nicht )?(?:erwartet|gedacht)|ich hätte (?:nicht )?(?:erwartet|gedacht)|ich würde sagen|ich will (?:ja )?nicht (?:meckern|klagen|drängen)|"
    r"melde (?:ich )?mich|ich erwarte (?:das paket|die lieferung) nicht|look(?:ing)? forward)\b",
    re.IGNORECASE,
)
_BARE_QUESTION = re.compile(
    r"^\W*(?:(?:und|aber|nur|bloß) )?(?:warum|wieso|weshalb|wann|wie|wo|wie lange|wie viel|was (?:nun|jetzt)|und (?:nun|jetzt)|stimmt das|why|when|how|what now)(?: nicht| denn)?\s*\?+\W*$",
    re.IGNORECASE,
)
_ENDS_ASKING = re.compile(r"\b(?:was (?:jetzt|nun|tun)|und (?:nun|jetzt))\W*$", re.IGNORECASE)
# A plea for an answer, or for help as such, asks nothing by itself; it counts where nothing else is asked.
_GENERIC = re.compile(
    r"^\W*(?:(?:und|ich|wir|daher|deshalb|also|vielleicht|hiermit|danke|vielen dank|schon mal|vorab|im voraus|mit der bitte)[,\s]+){0,4}(?:"
    r"(?:bitte|bitten|freue mich auf|hoffe auf|erwarte|mit der bitte|erbitte)\s+(?:ich\s+|sie\s+|wir\s+)?(?:(?:nur|noch|daher|höflich|dringend)\s+)*(?:um\s+|auf\s+)?(?:(?:eine?[rn]?|ihre|kurze?|schnelle?|baldige?|zeitnahe?|umgehende?|rasche?|schriftliche?|zügige?|möglichst|dringend|info|und)\s+)*(?:rückmeldung|antwort|rückantwort|rückruf|hilfe|nachricht|info|information|aufklärung|auskunft|feedback|bearbeitung|klärung|prüfung|stellungnahme|verständnis|bestätigung)\b.{0,40}|"
    r"bitte (?:melden sie sich|meldet euch|antworten sie|antworte|helfen sie|helft mir|geben sie (?:mir )?(?:kurz )?bescheid|um hilfe|schreiben sie mir zurück).{0,40}|um (?:eine |ihre )?(?:baldige|schnelle|kurze|zeitnahe)? ?(?:antwort|rückmeldung|hilfe) .{0,40}|"
    r"(?:können|könnten|könnt|kannst|könntest|würden) (?:sie|ihr|du)(?: mir| uns)?(?: da| bitte| dabei| hier| hierbei| vielleicht| eventuell| evtl| kurz| dazu| das)*(?: weiter)?(?:helfen|sagen|erklären|mitteilen|unterstützen|weiterhelfen|bescheid geben|etwas dazu sagen|was machen)|"
    r"(?:wer|wie) kann (?:mir|uns) (?:da |hier )?(?:weiter)?helfen|was (?:soll|kann|muss) ich (?:jetzt |nun |da )?(?:tun|machen)|ich (?:habe|hätte)(?: da| noch| mal| nur| kurz)* (?:eine|ein paar|zwei|drei|mehrere|folgende|einige|kurze)(?: kurze| kleine| weitere)? (?:frage|fragen|anliegen|problem|bitte)\b.{0,40}|"
    r"ich (?:brauche|benötige|bräuchte) (?:dringend |bitte |mal |ihre |eure |etwas |hier |da )*(?:hilfe|unterstützung|ihre hilfe|rat)\b.{0,30}|(?:can|could) you (?:please )?help(?: me)?(?: with this| out)?|please (?:help|advise|reply|respond|let me know|get back to me)\b.{0,30}|i (?:need|have) (?:some |your )?(?:help|a question|a few questions|two questions)\b.{0,30}|wissen sie (?:da )?(?:was|mehr|näheres|etwas)|ich bitte um (?:verständnis|entschuldigung)|"
    r"danke|vielen dank|ist das so (?:richtig|korrekt|in ordnung)|(?:geht|klappt) das|what should i do|any ideas?"
    r")\W*$",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"^\W*(?:oder|oder nicht|richtig|nicht wahr|ja|nein|gell|korrekt|stimmt'?s|right|ok|okay|verstehen sie|wie bitte|hä|echt|wirklich|ernsthaft|im ernst)\W*$",
    re.IGNORECASE,
)


def asks_in(text: str) -> tuple[str, ...]:
    """Give the customer's own sentences that ask for something.

    Takes:  what was newly written.
    Gives:  at most 20, in their order; two questions joined by "und" are two.
    """
    found: list[str] = []
    weak: list[str] = []
    before = ""
    for sentence in sentences_of(_without_sign_off(text[:READ_CHARS_MAX])):
        bare = sentence[opened_by(sentence) :].strip()
        words = _WORD.findall(bare)
        told, before = before, bare
        if _BARE_QUESTION.match(bare):
            weak.append(f"{told} {bare}".strip())
        elif len(words) < 2 or _TAG.match(bare) or is_closing(bare):
            continue
        elif _GENERIC.match(bare) or (leans(bare) and "?" in bare):
            weak.append(f"{told} {bare}".strip() if leans(bare) else bare)
        elif _asks(bare, words):
            found.extend(_parted(bare))
    return tuple(
        one[:ASK_CHARS_MAX] for one in (found or [one for one in weak if _worth(one)][:1])[:ASKS_MAX]
    )


def _without_sign_off(text: str) -> str:
    """Leave out the sign-off and the name; what follows them, as a postscript, is read."""
    return "\n".join(
        line for line in text.split("\n") if not (len(line) < 60 and is_closing(line) and "?" not in line)
    )


def _asks(sentence: str, words: list[str]) -> bool:
    if "?" in sentence:
        return True
    if _NOT_ASKING.search(sentence):
        return False
    if _ENDS_ASKING.search(sentence) or asks(sentence) or asks(_JOINED.sub("", sentence)):
        return True
    return len(words) >= 3 and (
        _REQUEST.match(sentence) is not None or _BITTE_INSIDE.search(sentence) is not None
    )


def _parted(sentence: str) -> list[str]:
    """Part two questions that "und" joins: "Wie lange dauert es und was kostet es?"."""
    match = _TWO.match(sentence)
    if match is None or "?" not in sentence:
        return [sentence]
    left, right = match["left"].strip(), match["right"].strip()
    if (
        len(_WORD.findall(left)) < SPLIT_LEFT_WORDS_MIN
        or len(_WORD.findall(right)) < SPLIT_RIGHT_WORDS_MIN
        or _ENDS_ON_QUESTION_WORD.search(left)
        or not (
            _VERB_FIRST.match(left)
            or re.match(
                rf"^\W*(?:(?:und|ab|bis|seit|für|in|mit|zu|auf|an|bei|von)\s+)?(?:{_QUESTION_WORD})\b",
                left,
                re.IGNORECASE,
            )
        )
    ):
        return [sentence]
    return [left.rstrip(",") + "?", *_parted(right)]


def _worth(sentence: str) -> bool:
    """Say whether a plea stands for a request where a letter asks nothing else; thanks and "I have a question" do not."""
    return (
        re.match(
            r"^\W*(?:danke|vielen dank|ich (?:habe|hätte)|i have|mit der bitte um verständnis)",
            sentence,
            re.IGNORECASE,
        )
        is None
    )
