"""What messages are about, as values: topics, their examples, a guess for a text; and what of a file can be used.

I decide which lines of a file of examples count. The flows learn_topics, read_topics and discover_topics call me.
I never learn anything and never read a file.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from taktvoll.base.errors import Refused
from taktvoll.base.limits import MESSAGE_CHARS_MAX, TOPIC_NAME_CHARS_MAX
from taktvoll.base.text import clean

FEW = 5
"""With fewer examples a topic is learnt all the same, and named in the report."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text and the topic that a person gave it."""

    text: str
    topic: str


@dataclass(frozen=True, slots=True)
class TopicGuess:
    """What a text is about: the likeliest learnt topic, how sure (parts per million), whether it is one at all.

    `known` is false for what lies outside all learnt topics; `topic` then names the nearest one.
    """

    topic: str
    ppm: int
    known: bool


class TopicState(StrEnum):
    """Whether people have taken a topic into use, or the program only suggests it."""

    LEARNT = "learnt"
    PROPOSED = "proposed"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of a workspace; `words` tell what sets it apart."""

    name: str
    state: TopicState
    examples: int
    words: tuple[str, ...]
    made_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True)
class Sample:
    """An example as it is kept: its own text, or that of a message on record, which may be erased there."""

    id: UUID
    topic: str
    text: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A customer's message that was not answered; `text_id` names where its text lies."""

    text_id: UUID
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """A text to find topics in, and the heading it stands under; `text_id` where it is a message on record."""

    text: str
    section: str = ""
    text_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A topic that texts suggest: a name made of its most telling words or their section, and the texts."""

    name: str
    words: tuple[str, ...]
    texts: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class LearntModel:
    """A learnt model as bytes, named by their hash, and how well it did on texts that it was not shown.

    `right_ppm`: of the examples, each judged by a model made without it; `missed_ppm`: of these taken for unknown.
    """

    hash: str
    body: bytes = field(repr=False)
    topics: tuple[str, ...]
    examples: int
    right_ppm: int | None
    missed_ppm: int | None


@dataclass(frozen=True, slots=True)
class WorkingModel:
    """The model that was learnt last and that the next edition will name; `stale` when topics changed since."""

    hash: str
    learnt_at: datetime
    learnt_by: str
    stale: bool


@dataclass(frozen=True, slots=True)
class Doubt:
    """A line that cannot be used, or that says other than most: its number, a code of base/errors.py, what it names."""

    line: int
    code: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a file of examples holds: each text once, lines that cannot be used, contradictions, repetitions."""

    examples: tuple[Example, ...]
    unusable: tuple[Doubt, ...]
    contradictions: tuple[Doubt, ...]
    repeated: int


def gather(lines: Iterable[bytes]) -> Gathered:
    """Read a file of examples line by line.

    Takes:  lines of JSON with `text` and `topic`; empty lines are passed over.
    Gives:  each text once; where people gave it several topics, the one given most often, the first one of equals.
    """
    given: dict[str, list[tuple[int, Example]]] = {}
    unusable: list[Doubt] = []
    for number, raw in enumerate(lines, start=1):
        if not raw.strip(b" \t\r\n\x0b\x0c"):
            continue
        found = read_line(number, raw)
        if isinstance(found, Doubt):
            unusable.append(found)
        else:
            given.setdefault(same(found.text), []).append((number, found))
    examples, contradictions = list[Example](), list[Doubt]()
    for rows in given.values():
        topic = Counter(e.topic for _, e in rows).most_common(1)[0][0]
        examples.append(next(e for _, e in rows if e.topic == topic))
        contradictions += [
            Doubt(n, "topics.contradiction", {"topic": e.topic, "kept": topic})
            for n, e in rows
            if e.topic != topic
        ]
    contradictions.sort(key=lambda d: d.line)
    repeated = sum(len(rows) for rows in given.values()) - len(given) - len(contradictions)
    return Gathered(tuple(examples), tuple(unusable), tuple(contradictions), repeated)


def read_line(number: int, raw: bytes) -> Example | Doubt:
    """Read one line of examples, or say what is wrong with it."""
    fields = _fields(number, raw)
    if isinstance(fields, Doubt):
        return fields
    text = text_of(fields)
    if text is None:
        return Doubt(number, "topics.no_text")
    given = fields.get("topic")
    topic = given if isinstance(given, str) else str(given) if type(given) is int else ""
    try:
        return Example(text, topic_name(topic))
    except Refused:
        if not topic.strip():
            return Doubt(number, "topics.no_topic")
        return Doubt(number, "topics.line_name", {"limit": str(TOPIC_NAME_CHARS_MAX)})


def read_question(number: int, raw: bytes) -> tuple[str, str | Doubt]:
    """Read one line of texts to judge: its id (its number where it has none), and its text or what is wrong."""
    fields = _fields(number, raw)
    if isinstance(fields, Doubt):
        return str(number), fields
    named = fields.get("id")
    text = text_of(fields)
    return str(number if named is None else named), Doubt(number, "topics.no_text") if text is None else text


def _fields(number: int, raw: bytes) -> Mapping[str, object] | Doubt:
    try:
        fields = json.loads(raw.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError:
        return Doubt(number, "topics.not_utf8")
    except (ValueError, RecursionError):
        return Doubt(number, "topics.not_json")
    return fields if isinstance(fields, dict) else Doubt(number, "topics.not_json")


def text_of(fields: Mapping[str, object]) -> str | None:
    """The text of a line, cleaned and held to what a message may have; None where there is none."""
    text = fields.get("text")
    return clean(text[: MESSAGE_CHARS_MAX * 2])[:MESSAGE_CHARS_MAX] or None if isinstance(text, str) else None


def topic_name(given: str) -> str:
    """Bring a topic's name into its one form, whatever its script.

    Raises: Refused("topics.name") for an empty or an endless one.
    """
    name = re.sub(r"\s+", " ", clean(given[: TOPIC_NAME_CHARS_MAX * 4]))
    if not name or len(name) > TOPIC_NAME_CHARS_MAX:
        raise Refused("topics.name", limit=TOPIC_NAME_CHARS_MAX)
    return name


def same(text: str) -> str:
    """What two spellings of one text share: neither case nor white space makes another text."""
    return " ".join(text.casefold().split())
