"""Why the assistant said what it said, in plain words from the record alone.

I decide how a decision is told. The command line calls me.
I never explain from memory: only what is on record counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from taktvoll.base.ids import ConversationId, WorkspaceId
from taktvoll.domain.conversation.terms import Event
from taktvoll.domain.governance.wording import file_names_of, text_of_json
from taktvoll.flows.house import House

_WORDS: Mapping[str, tuple[str, str]] = {
    "confident": (
        "Die beste Passage ist mit {confidence} sicher genug (ab {answer_at}): Antwort im Wortlaut.",
        "The best passage is sure enough with {confidence} (from {answer_at}): answered verbatim.",
    ),
    "chosen": (
        "Der Kunde hat diese Passage unter den angebotenen gewählt: Antwort im Wortlaut.",
        "The customer chose this passage among those offered: answered verbatim.",
    ),
    "unsure": (
        "Die beste Passage liegt mit {confidence} zwischen {clarify_at} und {answer_at}: Rückfrage mit Auswahl.",
        "The best passage lies with {confidence} between {clarify_at} and {answer_at}: asked back with choices.",
    ),
    "several_questions": (
        "Mehrere Fragen, einzeln beantwortet; am wenigsten sicher mit {confidence} (ab {answer_at}): im Wortlaut.",
        "Several questions, answered one by one; least sure with {confidence} (from {answer_at}): verbatim.",
    ),
    "not_known": (
        "Die beste Passage liegt mit {confidence} unter {clarify_at}: nicht gewusst, einen Menschen angeboten.",
        "The best passage lies with {confidence} below {clarify_at}: not known, offered a person.",
    ),
    "repeatedly_not_known": (
        "Zum zweiten Mal in Folge nicht gewusst ({confidence}): Übergabe an einen Menschen.",
        "Not known for the second time in a row ({confidence}): handed over to a person.",
    ),
    "light_human": (
        "Auf diesem Thema antworten Menschen: Übergabe.",
        "On this topic people answer: handed over.",
    ),
    "light_copilot": (
        "Auf diesem Thema schlägt die KI nur vor: Übergabe mit Vorschlag.",
        "On this topic the AI only suggests: handed over with a suggestion.",
    ),
    "light_mail": (
        "E-Mail: Die KI antwortet nur auf Themen im Autopiloten selbst, sonst ein Mensch mit ihrem Vorschlag.",
        "E-mail: the AI answers only topics on autopilot by itself, else a person with its suggestion.",
    ),
    "shadow": (
        "Probelauf: Die KI hat nur für sich geantwortet, ein Mensch übernimmt.",
        "Shadow mode: the AI answered only to itself, a person takes over.",
    ),
    "file": (
        "Eine Datei kam mit, die KI kann sie nicht lesen: Übergabe; was sie sonst gesagt hätte, ist ein Vorschlag.",
        "A file came along that the AI cannot read: handed over; what it would have said is a suggestion.",
    ),
    "file_answered": (
        "Die Frage im Text ist sicher beantwortet ({confidence}, ab {answer_at}); die Datei sieht sich ein Mensch an.",
        "The question in the text is surely answered ({confidence}, from {answer_at}); a person looks at the file.",
    ),
    "button": ("Der Knopf für einen Menschen wurde gedrückt.", "The button for a person was pressed."),
    "said_yes": (
        "Der Kunde hat das Angebot eines Menschen angenommen.",
        "The customer accepted the offer of a person.",
    ),
    "emergency": (
        "Notfall gehört ({handover}): fester Text mit der richtigen Nummer, Übergabe.",
        "An emergency was heard ({handover}): fixed text with the right number, handed over.",
    ),
    "rights": (
        "Eine Erklärung, die das Gesetz schützt ({handover}): mit Zeit und Inhalt bestätigt, Übergabe.",
        "A declaration that the law protects ({handover}): confirmed with time and content, handed over.",
    ),
    "guideline": ("Leitlinie „{guideline}“ hat entschieden.", "Guideline “{guideline}” decided."),
    "asked_in_words": ("Der Kunde hat um einen Menschen gebeten.", "The customer asked for a person."),
    "courtesy_greeting": ("Nur ein Gruß: zurückgegrüßt.", "Only a greeting: greeted back."),
    "courtesy_thanks": ("Nur ein Dank: erwidert.", "Only thanks: answered in kind."),
    "thanks_by_mail": (
        "Nur ein Dank per E-Mail: nicht beantwortet, das Gespräch ist beendet.",
        "Only thanks by e-mail: not answered, the conversation is closed.",
    ),
    "courtesy_goodbye": ("Nur ein Abschied: erwidert.", "Only a goodbye: answered in kind."),
}


@dataclass(frozen=True, slots=True)
class Account:
    """One line of the explanation: the event's place and kind, and what it says."""

    seq: int
    at: str
    kind: str
    says: str


async def explain_decision(
    house: House, workspace: WorkspaceId, conversation: ConversationId, language: str
) -> tuple[Account, ...]:
    """Tell the whole conversation: what came in, what was understood, found, decided, released, and when.

    Raises: Refused("conversation.unknown").
    """
    await house.record.access(workspace, conversation)
    events = await house.record.events(workspace, conversation)
    german, told, before = language.startswith("de"), list[Account](), None
    for event in events:
        lag = f" +{round((event.at - before.at).total_seconds() * 1000, 1)} ms" if before else ""
        at = event.at.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3] + lag
        told.extend(Account(event.seq, at, event.kind, says) for says in _say(event, german))
        before = event
    return tuple(told)


def told_reasons() -> frozenset[str]:
    """The reasons of decisions that there are words for."""
    return frozenset(_WORDS)


def _say(event: Event, german: bool) -> Sequence[str]:
    p: dict[str, Any] = dict(event.payload)
    if event.kind in ("message.received", "message.released"):
        who = str(p.get("author", "customer"))
        erased = "(gelöscht)" if german else "(erased)"
        if event.content is None:
            return (f"{who}: {erased}",)
        named = [f"[{name}]" for name in file_names_of(event.content)]
        return (f"{who}: {' '.join(filter(None, [text_of_json(event.content), *named]))}",)
    if event.kind == "signals.read":
        what = "Sprache {language}, Mensch gewünscht: {wants_person}, Gründe: {reasons}, mit {models}"
        if not german:
            what = "language {language}, wants a person: {wants_person}, reasons: {reasons}, by {models}"
        needs = [f"{r} ({', '.join(because)})" for r, _, because in p.get("needs", ())]
        return (what.format(models=", ".join(p["versions"]), reasons="; ".join(needs) or "–", **p),)
    if event.kind == "evidence.found":
        none = "nichts gefunden" if german else "nothing found"
        return [_candidate(c) for c in p["candidates"][:5]] or [none]
    if event.kind == "answer.decided":
        return (_decided(event, p, german),)
    if event.kind == "draft.held":
        return (("Nicht freigegeben: " if german else "Held: ") + ", ".join(p["reasons"]),)
    return (", ".join(f"{k}={v}" for k, v in sorted(p.items()) if v not in (None, "", [])),)


def _candidate(c: dict[str, Any]) -> str:
    f = c["features"]
    parts = " ".join(f"{name}={value / 1_000_000:.2f}" for name, value in f.items())
    score = c["score"] / 1_000_000
    return f"{_percent(c['confidence'])}  {'/'.join(c['key'])}  score={score:.3f} ({parts}) {c['hash'][:12]}"


def _decided(event: Event, p: dict[str, Any], german: bool) -> str:
    why = _WORDS[p["because"]][0 if german else 1].format(
        confidence=_percent(p["confidence"]),
        answer_at=_percent(p["answer_at"]),
        clarify_at=_percent(p["clarify_at"]),
        handover=p["handover"],
        guideline=p.get("guideline"),
    )
    edition = "Ausgabe" if german else "edition"
    return f"{p['decision']} ({p.get('light', '–')}) — {why} [{edition} {event.edition}, stage {p['stage']}]"


def _percent(ppm: int | None) -> str:
    return "–" if ppm is None else f"{ppm / 10_000:.1f} %"
