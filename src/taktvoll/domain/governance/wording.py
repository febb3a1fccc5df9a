"""From what the engine wants to say to the words: approved passages verbatim, fixed texts by name.

I decide the wording of a speech and the form in which a message is kept. Flows and the audit's replay call me.
I never invent a word.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, cast
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from taktvoll.base.hashing import canonical
from taktvoll.base.limits import QUOTE_CHARS_MAX
from taktvoll.domain.conversation.files import Enclosure, kept_beside, recorded
from taktvoll.domain.conversation.guidelines import Guideline
from taktvoll.domain.conversation.steps import Speech
from taktvoll.domain.conversation.terms import (
    MAIL,
    Address,
    Choice,
    Decision,
    NewEvent,
    PersonalText,
    State,
)
from taktvoll.domain.governance.mail_wording import GRAVE, Answered, Frame, assistant_parts, opens
from taktvoll.domain.governance.notices import VERSION, fixed, spoken
from taktvoll.domain.governance.salutation import addressee_of
from taktvoll.domain.governance.terms import (
    THEIR_WORDS,
    Author,
    Draft,
    Part,
    PartKind,
    Provenance,
    ShownChoice,
    Source,
    WrittenUnder,
)
from taktvoll.domain.hours.telling import from_when
from taktvoll.domain.knowledge.terms import Passage, PassageKey

DEFAULT_ZONE = "Europe/Berlin"
_GERMAN_ZONES = {"CET": "MEZ", "CEST": "MESZ"}
_AROUND = (PartKind.NOTICE.value, PartKind.GREETING.value, PartKind.CLOSING.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What an edition and a conversation bring to a speech's words.

    `greeting` is the company's own in the speech's language, or ""; `claimed` what the customer wrote, for a receipt
    and for a mail; `customer` what they call themselves there; `company` signs a mail.
    """

    greeting: str = ""
    gas_line: str = ""
    time_zone: str = ""
    guideline: Guideline | None = None
    claimed: str = ""
    customer: str = ""
    company: str = ""
    texts: str = VERSION


def compose(
    speech: Speech,
    state: State,
    found: Mapping[str, Passage],
    *,
    conversation: str,
    workspace: str,
    edition: int,
    words: Words,
) -> tuple[Draft, tuple[str, ...]]:
    """Put a speech into words.

    Takes:  found: the passages that the speech names, by content hash.
    Gives:  the draft, and the texts that are its evidence: approved passages, fixed texts, and the time of a receipt.
    """
    said = [p for c in speech.passages if (p := found.get(c.hash))]
    sources = tuple(source_of(passage, workspace, speech.language) for passage in said)
    by_mail = state.way == MAIL
    parts = _mail_parts(speech, state, found, words) if by_mail else _chat_parts(speech, state, said, words)
    offered = ((c, found.get(c.hash)) for c in speech.choices)
    choices = tuple(ShownChoice(c.key, p.question or p.title) for c, p in offered if p)
    draft = Draft(
        conversation=conversation,
        recipient=conversation,
        channel=state.way,
        author=Author.ASSISTANT,
        written_under=WrittenUnder(state.owner_epoch, state.last_customer_seq, edition),
        parts=tuple(parts),
        language=speech.language,
        decision=speech.decision,
        sources=sources,
        choices=choices,
        provenance=Provenance(edition=edition),
        texts=words.texts,
        familiar=by_mail and state.address is Address.DU,
    )
    return draft, tuple(p.text for p in parts if p.kind not in THEIR_WORDS)


def needs_words(speech: Speech, channel: str) -> bool:
    """Whether saying this takes the customer's words: a receipt quotes them, a mail answers question by question."""
    return speech.receipt is not None or channel == MAIL


def _chat_parts(speech: Speech, state: State, said: Sequence[Passage], words: Words) -> list[Part]:
    parts = [*_fixed_parts(speech, words), *_away_parts(speech, state, words)]
    parts += _receipt_parts(speech, state, words)
    if words.guideline:
        parts.append(Part(PartKind.TEXT, words.guideline.said_in(speech.language), speech.language))
    for passage in said:
        text = f"{passage.question or passage.title}\n{passage.text}" if speech.more else passage.text
        parts.append(Part(PartKind.TEXT, text, passage.language))
    if speech.open:
        text = fixed("open_question", speech.language, words.texts)
        parts.append(Part(PartKind.TEXT, text, speech.language))
    return parts


def _mail_parts(speech: Speech, state: State, found: Mapping[str, Passage], words: Words) -> tuple[Part, ...]:
    frame = Frame(
        language=speech.language,
        who=addressee_of(words.customer),
        address=state.address,
        company=words.company,
        texts=words.texts,
    )
    parts = _fixed_parts(speech, words, frame)
    alerted = any(p.kind is PartKind.ALERT for p in parts)
    if not (alerted and opens(words.texts)):  # what to do now, and nothing about tomorrow
        parts += _away_parts(speech, state, words)
    parts += _receipt_parts(speech, state, words)
    if words.guideline:
        parts.append(Part(PartKind.TEXT, words.guideline.said_in(speech.language), speech.language))

    def answers(choice: Choice | None) -> tuple[Part, ...]:
        passage = found.get(choice.hash) if choice else None
        return (Part(PartKind.TEXT, passage.text, passage.language),) if passage else ()

    if not speech.asked:
        parts += [part for choice in speech.passages for part in answers(choice)]
    answered = [Answered(words.claimed[a.start : a.end].strip(), answers(a.answer)) for a in speech.asked]
    handed_over = speech.decision is Decision.HANDOVER
    return assistant_parts(frame, parts, answered, handed_over=handed_over, grave=speech.fixed in GRAVE)


def _fixed_parts(speech: Speech, words: Words, frame: Frame | None = None) -> list[Part]:
    """The fixed text; an emergency's is an alert and names the workspace's gas line where there is one."""
    if not speech.fixed:
        return []
    urgent = speech.fixed.startswith("emergency_")
    name = "emergency_gas_line" if speech.fixed == "emergency_gas" and words.gas_line else speech.fixed
    text = frame.say(name) if frame else fixed(name, speech.language, words.texts)
    if name == "greeting" and words.greeting:
        text = words.greeting
    elif urgent:
        text = text.format(gas_line=words.gas_line)
    return [Part(PartKind.ALERT if urgent else PartKind.TEXT, text, speech.language)]


def _away_parts(speech: Speech, state: State, words: Words) -> list[Part]:
    """Say when people are back, counted from when the customer wrote, and how to be reached meanwhile."""
    away, language = speech.away, speech.language
    if away is None or state.customer_at is None:
        return []
    said = [fixed("people_away", language, words.texts)]
    if away.back_at:
        when = from_when(away.back_at, state.customer_at, away.zone, spoken(language))
        said = [fixed("people_back", language, words.texts).format(when=when)]
    by_mail = state.channel == MAIL  # there is no button below a mail, and they have our address already
    if away.callback and not by_mail:
        said.append(fixed("offer_callback", language, words.texts))
    if away.email and not by_mail:
        said.append(fixed("offer_email", language, words.texts).format(email=away.email))
    return [Part(PartKind.TEXT, " ".join(said), language)]


def _receipt_parts(speech: Speech, state: State, words: Words) -> list[Part]:
    """Confirm a claimed right with time and content (§ 312k and § 356a BGB)."""
    if speech.receipt is None or state.customer_at is None:
        return []
    at = state.customer_at.astimezone(zone_of(words.time_zone))
    day = at.strftime("%d.%m.%Y") if spoken(speech.language) == "de" else at.strftime("%Y-%m-%d")
    text = fixed("receipt", speech.language, words.texts)
    zone = at.tzname() or ""
    said = text.format(date=day, time=f"{at:%H:%M}", zone=zone, local=_GERMAN_ZONES.get(zone, zone))
    claimed = words.claimed.strip()
    if len(claimed) > QUOTE_CHARS_MAX:
        claimed = claimed[:QUOTE_CHARS_MAX] + " …"
    quoted = [Part(PartKind.QUOTE, claimed, speech.language)] if claimed else []
    return [Part(PartKind.TEXT, said, speech.language), *quoted]


def zone_of(name: str) -> tzinfo:
    """Give the time zone of a workspace; a name that is none, or none at all, means Germany's."""
    try:
        return ZoneInfo(name or DEFAULT_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(DEFAULT_ZONE)


def source_of(passage: Passage, workspace: str, language: str = "") -> Source:
    """Name a passage as a source: its own page where it has one, else the page we show for it.

    Takes:  language: the reader's, for the word before a page number; by default the passage's own.
    """
    place = "/".join(quote(x, safe="") for x in passage.key)
    ours = f"/w/{quote(workspace, safe='')}/source/{place}"
    return Source(
        passage.key, passage.hash, citation(passage, language or passage.language), passage.url or ours
    )


def citation(passage: Passage, language: str) -> str:
    """Say where a passage stands: its title; in a document the headings above it and the page as well."""
    name = passage.title or passage.question or passage.id
    if passage.page is None:
        return name
    path = f"{passage.section} > {name}" if passage.section else name
    return f"{path}, {page_of(passage.page, language)}" if passage.page else path


def page_of(page: str, language: str) -> str:
    """Write a page or a range of pages the way the language does: "S. 12", "p. 12", "pp. 12–13"."""
    if language.startswith("de"):
        return f"S. {page}"
    return f"pp. {page}" if "–" in page else f"p. {page}"


def released_event(draft: Draft, at: datetime, actor: str) -> NewEvent:
    """Make the event of a released draft; all words and names lie in its personal text."""
    payload: dict[str, object] = {
        "author": draft.author.value,
        "channel": draft.channel,
        "class": draft.draft_class.value,
        "decision": draft.decision.value if draft.decision else None,
        "editor": draft.author_id or None,
        "evidence": [[*s.key, s.hash] for s in draft.sources],
        "generated": draft.provenance.generated,
        "language": draft.language,
        "model": draft.provenance.model,
        "notice": draft.notice,
        "parts": [
            {"generated": p.generated, "kind": p.kind.value, "language": p.language} for p in draft.parts
        ],
        "written_under": [draft.written_under.owner_epoch, draft.written_under.last_customer_seq],
    }
    if draft.author is Author.ASSISTANT:
        payload["texts"] = draft.texts
    if draft.files:
        payload["files"] = recorded(draft.files)
    return NewEvent(
        kind="message.released",
        at=at,
        actor=actor,
        payload=payload,
        edition=draft.written_under.edition,
        text=PersonalText(message_content(draft)),
    )


def message_content(draft: Draft) -> str:
    """The whole message as it is kept and shown, as canonical JSON text."""
    shown: dict[str, object] = {
        "choices": [{"key": list(c.key), "label": c.label} for c in draft.choices],
        "name": draft.author_name,
        "parts": [{"kind": p.kind.value, "language": p.language, "text": p.text} for p in draft.parts],
        "sources": [
            {"collection": s.key.collection, "id": s.key.id, "title": s.title, "url": s.url}
            for s in draft.sources
        ],
    }
    if draft.files:
        shown["files"] = kept_beside(draft.files)
    return canonical(shown).decode("utf-8")


def customer_content(text: str, choice: PassageKey | None = None, files: Sequence[Enclosure] = ()) -> str:
    """What a customer wrote, in the same kept form, with the entry they clicked and the names of their files; all of it
    comes from outside and lies here, where it can be erased."""
    more: dict[str, object] = {"choice": list(choice)} if choice else {}
    if files:
        more["files"] = kept_beside(files)
    return canonical({"text": text} | more).decode("utf-8")


def choice_of_json(content: str | None) -> PassageKey | None:
    """The entry that was clicked with a kept message."""
    choice = json.loads(content).get("choice") if content else None
    return PassageKey(*choice) if choice else None


def text_of(content: Mapping[str, Any]) -> str:
    """The plain text of a kept message, without the AI notice and a mail's greeting and sign-off."""
    if "text" in content:
        return cast("str", content["text"])
    return "\n\n".join(p["text"] for p in content["parts"] if p["kind"] not in _AROUND)


def text_of_json(content: str | None) -> str:
    """The plain text of a kept message as it lies in the record; empty where it was erased."""
    return text_of(json.loads(content)) if content else ""


def file_names_of(content: str | None) -> tuple[str, ...]:
    """The names of the files of a kept message, in their order."""
    return tuple(str(f["name"]) for f in json.loads(content).get("files", ())) if content else ()


def asked_in(content: str | None) -> str:
    """What a customer's message is about, for a line of a list: its words, or the names of its files."""
    return text_of_json(content) or ", ".join(file_names_of(content))
