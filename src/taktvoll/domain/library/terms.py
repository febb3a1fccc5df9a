"""An edition ("Ausgabe"): everything the assistant may say and how sure it must be, as one immutable release.

I decide what an edition consists of. Publishing, the engine and the audit call me. I never load anything.
"""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import NamedTuple

from taktvoll.base.hashing import canonical, content_hash
from taktvoll.base.time import parse_time, rfc3339
from taktvoll.domain.conversation.guidelines import Guideline, Ready, guideline_from
from taktvoll.domain.conversation.terms import Light
from taktvoll.domain.knowledge.confidence import ConfidenceModel
from taktvoll.domain.knowledge.synonyms import Glossary, Term
from taktvoll.domain.knowledge.terms import PassageKey


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When to answer and when to ask back, as confidences in parts per million.

    `autopilot_at` may be stricter than `answer_at`, never laxer: the proof was made of answers from there on.
    """

    answer_at: int
    clarify_at: int
    autopilot_at: int | None = None

    def answer_at_on(self, light: Light) -> int:
        """From which confidence on an answer is given on a light."""
        return max(self.answer_at, self.autopilot_at or 0) if light is Light.AUTOPILOT else self.answer_at

    def body(self) -> dict[str, int]:
        """The values that an edition hashes; what is not set is left out."""
        return {name: value for name, value in asdict(self).items() if value is not None}


NO_GLOSSARY = Glossary()


@dataclass(frozen=True, slots=True)
class Rules:
    """The part of an edition that decides: thresholds, the confidence model, hosts that links may name, the glossary.

    `texts_version` names the set of fixed texts (notices, greetings) in domain/governance/notices.py; `topics` the
    learnt model that tells what messages are about, by its content hash, where there is one; `guidelines` is
    None in editions from before there were any; `gas_line` is whom to call when it smells of gas; `time_zone` is the
    zone in which receipts name the time. What is not set is left out of the body: earlier editions keep their hash.
    """

    thresholds: Thresholds
    confidence: ConfidenceModel
    link_hosts: tuple[str, ...] = ()
    company: str = ""
    greetings: tuple[tuple[str, str], ...] = ()
    texts_version: str = "1"
    search_versions: tuple[str, ...] = ()
    topics: str = ""
    glossary: Glossary = NO_GLOSSARY
    guidelines: tuple[Guideline, ...] | None = None
    gas_line: str = ""
    time_zone: str = ""

    def body(self) -> bytes:
        """The canonical bytes that the edition hashes; what came later is left out where it is not set."""
        return canonical(
            self._later_parts()
            | {
                "company": self.company,
                "confidence": self.confidence.body(),
                "greetings": dict(self.greetings),
                "link_hosts": list(self.link_hosts),
                "search_versions": list(self.search_versions),
                "texts_version": self.texts_version,
                "thresholds": self.thresholds.body(),
            }
        )

    def _later_parts(self) -> dict[str, object]:
        """Parts that earlier editions do not have; absent where not set."""
        parts: dict[str, object] = {
            "gas_line": self.gas_line,
            "glossary": [_term_parts(t) for t in self.glossary.terms],
            "time_zone": self.time_zone,
            "topics": self.topics,
        }
        set_parts = {name: value for name, value in parts.items() if value}
        if self.guidelines is not None:
            set_parts["guidelines"] = [g.stored() for g in self.guidelines]
        return set_parts

    def guideline(self, name: str) -> Guideline | None:
        """A guideline by its name."""
        return next((g for g in self.guidelines or () if g.name == name), None)

    def greeting(self, language: str) -> str:
        """The company's own greeting in a language, or nothing."""
        return dict(self.greetings).get(language, "")


@dataclass(frozen=True, slots=True)
class EditionView:
    """What of an edition decides: its number, its rules, and the workspace's first language and name.

    `guidelines` are those of the rules, made ready to be asked.
    """

    number: int
    rules: Rules
    language: str = "de"
    workspace: str = ""
    guidelines: tuple[Ready, ...] = field(default=(), repr=False)


class Entry(NamedTuple):
    """One passage in a manifest: its name and the hash of its body."""

    key: PassageKey
    hash: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an edition consists of; its hash names the caches built from it."""

    number: int
    made_at: datetime
    made_by: str
    approved_by: str
    parent: int | None
    rules_hash: str
    entries: tuple[Entry, ...] = field(repr=False)

    def body(self) -> bytes:
        """The canonical bytes of the manifest; entries are sorted, so equal contents give equal bytes."""
        return canonical(
            {
                "approved_by": self.approved_by,
                "entries": [[*e.key, e.hash] for e in sorted(self.entries)],
                "made_at": rfc3339(self.made_at),
                "made_by": self.made_by,
                "number": self.number,
                "parent": self.parent,
                "rules": self.rules_hash,
            }
        )

    def content(self) -> str:
        """The hash of the passages alone: editions with equal passages share one search cache."""
        return content_hash(canonical([[*e.key, e.hash] for e in sorted(self.entries)]))


def manifest_from(fields: dict[str, object]) -> Manifest:
    """Read a manifest back from the fields of its stored body."""
    entries, parent = fields["entries"], fields["parent"]
    assert isinstance(entries, list)
    return Manifest(
        number=int(str(fields["number"])),
        made_at=parse_time(str(fields["made_at"])),
        made_by=str(fields["made_by"]),
        approved_by=str(fields["approved_by"]),
        parent=parent if isinstance(parent, int) else None,
        rules_hash=str(fields["rules"]),
        entries=tuple(Entry(PassageKey(c, i, lang), h) for c, i, lang, h in entries),
    )


def rules_from(fields: dict[str, object]) -> Rules:
    """Read the rules back from the fields of their stored body."""
    confidence, thresholds = fields["confidence"], fields["thresholds"]
    greetings, hosts, versions = fields["greetings"], fields["link_hosts"], fields["search_versions"]
    assert isinstance(confidence, dict)
    assert isinstance(thresholds, dict)
    assert isinstance(greetings, dict)
    assert isinstance(hosts, list)
    assert isinstance(versions, list)
    guidelines = fields.get("guidelines")
    assert guidelines is None or isinstance(guidelines, list)
    return Rules(
        thresholds=Thresholds(**thresholds),
        confidence=ConfidenceModel(**confidence),
        link_hosts=tuple(hosts),
        company=str(fields["company"]),
        greetings=tuple(sorted(greetings.items())),
        texts_version=str(fields["texts_version"]),
        search_versions=tuple(versions),
        topics=str(fields.get("topics", "")),
        glossary=_glossary_from(fields.get("glossary")),
        guidelines=None if guidelines is None else tuple(map(guideline_from, guidelines)),
        gas_line=str(fields.get("gas_line", "")),
        time_zone=str(fields.get("time_zone", "")),
    )


def _term_parts(term: Term) -> list[object]:
    """A term as it is hashed; that the texts use it is the rule, and only the exception is written."""
    return [term.term, list(term.synonyms), *([] if term.spoken else [False])]


def _glossary_from(rows: object) -> Glossary:
    if not isinstance(rows, list):
        return Glossary()
    return Glossary(tuple(Term(term, tuple(synonyms), *spoken) for term, synonyms, *spoken in rows))


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from one edition to another."""

    added: tuple[PassageKey, ...]
    removed: tuple[PassageKey, ...]
    changed: tuple[PassageKey, ...]
    rules_changed: bool


def compare(old: Manifest | None, new: Manifest) -> Difference:
    """Compare two editions by the names and hashes of their passages."""
    before = {e.key: e.hash for e in old.entries} if old else {}
    after = {e.key: e.hash for e in new.entries}
    return Difference(
        added=tuple(sorted(after.keys() - before.keys())),
        removed=tuple(sorted(before.keys() - after.keys())),
        changed=tuple(sorted(k for k in after.keys() & before.keys() if after[k] != before[k])),
        rules_changed=old is None or old.rules_hash != new.rules_hash,
    )
