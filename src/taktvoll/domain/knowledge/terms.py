"""What the company knows, as values: passages, where they came from, and candidates for a question.

I decide what a passage is and how it is named. Importers, search and the engine call me. I never read files.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import NamedTuple

from taktvoll.base.hashing import canonical, content_hash
from taktvoll.base.time import parse_time, rfc3339


class PassageKey(NamedTuple):
    """How one passage is known within a workspace."""

    collection: str
    id: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One approved text the assistant may say, with its question where it has one.

    `language` is BCP 47; `audience` is "public" unless narrowed; `valid_from`/`valid_until` bound its use;
    `approval` says how it was approved ("import" or a person's name); `section` is the heading path; `page` is where in
    a document it stands ("12", "12–13"), "" where the document's pages are not known, None where there is no document;
    `wordings` are other ways to ask its question.
    """

    id: str
    collection: str
    language: str
    title: str
    text: str
    source: str
    question: str | None = None
    section: str = ""
    version: str = ""
    audience: str = "public"
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    approval: str = "import"
    url: str | None = None
    page: str | None = None
    wordings: tuple[str, ...] = ()

    @property
    def key(self) -> PassageKey:
        """The passage's name within its workspace."""
        return PassageKey(self.collection, self.id, self.language)

    def body(self) -> bytes:
        """The exact canonical bytes that an edition stores and hashes.

        Page and wordings are named only where there are any, so that passages from before keep their bytes.
        """
        return canonical(
            {
                "approval": self.approval,
                "audience": self.audience,
                "collection": self.collection,
                "id": self.id,
                "language": self.language,
                "question": self.question,
                "section": self.section,
                "source": self.source,
                "text": self.text,
                "title": self.title,
                "url": self.url,
                "valid_from": rfc3339(self.valid_from) if self.valid_from else None,
                "valid_until": rfc3339(self.valid_until) if self.valid_until else None,
                "version": self.version,
            }
            | ({} if self.page is None else {"page": self.page})
            | ({"wordings": list(self.wordings)} if self.wordings else {})
        )

    @property
    def hash(self) -> str:
        """The content hash (SHA-256, hex) of the body."""
        return content_hash(self.body())


def passage_from(fields: dict[str, object]) -> Passage:
    """Read a passage back from the fields of its stored body."""

    def text(name: str) -> str:
        value = fields.get(name)
        return value if isinstance(value, str) else ""

    def optional(name: str) -> str | None:
        return text(name) or None

    valid_from, valid_until = optional("valid_from"), optional("valid_until")
    wordings = fields.get("wordings")
    return Passage(
        id=text("id"),
        collection=text("collection"),
        language=text("language"),
        title=text("title"),
        text=text("text"),
        source=text("source"),
        question=optional("question"),
        section=text("section"),
        version=text("version"),
        audience=text("audience"),
        valid_from=parse_time(valid_from) if valid_from else None,
        valid_until=parse_time(valid_until) if valid_until else None,
        approval=text("approval"),
        url=optional("url"),
        page=text("page") if "page" in fields else None,
        wordings=tuple(str(w) for w in wordings) if isinstance(wordings, list) else (),
    )


@dataclass(frozen=True, slots=True)
class Features:
    """What retrieval measured about one candidate, each 0–1,000,000 (parts per million) so that it hashes exactly.

    `lexical`: BM25 score squashed to 0–1; `question`, `answer`: cosine to the entry's question and answer;
    `overlap`: share of the question's content words (by stem) found in the entry;
    `lead`: how far this candidate's fused score lies above the next one; `wording`: how well each piece of the question
    is met in the passage; `weakest`: how well the least met of those that matter is; `share`: this candidate's part of
    all candidates' likelihood; `agree`: the share of lexical, question, answer, wording that it is first in; `ahead`:
    how far its wording lies above any other candidate's; `granted`: 1,000,000 where the question calls something known
    ("das kostet ja …"); `denied`: where it seeks something that there must be ("welche Frist …"), the share of its
    words that the passage says in a sentence that denies or limits. What a search of its time did not measure is 0.
    """

    lexical: int
    question: int
    answer: int
    overlap: int
    lead: int
    wording: int = 0
    weakest: int = 0
    share: int = 0
    agree: int = 0
    ahead: int = 0
    denied: int = 0
    granted: int = 0

    def stored(self) -> dict[str, int]:
        """The features as a record keeps them; what earlier records do not have is left out where it is 0."""
        later = ("denied", "granted")
        return {name: value for name, value in asdict(self).items() if value or name not in later}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may settle the question: its name, its content hash, fused score (ppm) and features."""

    key: PassageKey
    hash: str
    score: int
    features: Features


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one entry of an imported file could not be used: which file, where in it, and what to do."""

    file: str
    place: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a document reader understood of one file: passages, and problems with the rest."""

    passages: tuple[Passage, ...]
    problems: tuple[Problem, ...]
