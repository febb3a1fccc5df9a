"""Entries into passages: every text cleaned, every limit held, every id told apart, every refusal explained.

I decide whether an entry becomes a passage or a problem. The readers of the file types call me once per entry, the
reader of files collects the result. I never open a file and never change a text beyond cleaning it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from taktvoll.adapters.documents import values
from taktvoll.adapters.documents.language import detect, language_tag
from taktvoll.adapters.documents.slugs import slug
from taktvoll.adapters.documents.terms import Entry, Origin, Unusable
from taktvoll.base.limits import (
    PASSAGE_CHARS_MAX,
    QUESTION_CHARS_MAX,
    TITLE_CHARS_MAX,
    WORDING_CHARS_MAX,
    WORDINGS_MAX,
)
from taktvoll.base.text import clean
from taktvoll.domain.knowledge.terms import Passage, Problem, Read
from taktvoll.domain.knowledge.wordings import with_wordings

ID_CHARS_MAX = 300
PROBLEMS_MAX = 10_000
_UNTOLD = "de"


class Intake:
    """Collects what one file yields."""

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self._found: list[tuple[str, bool, Passage]] = []
        self._problems: list[Problem] = []
        self._problems_beyond = 0

    def add(self, entry: Entry, place: str) -> None:
        """Take one entry, as a passage or as a problem at this place."""
        try:
            passage = _passage(entry, self.origin)
        except Unusable as reason:
            self.refuse(place, reason)
            return
        if entry.url and passage.url is None:
            left_out = "The link is not a web address (https://…); the entry was read without it."
            self.refuse(place, Unusable("import.url", left_out))
        if len(entry.wordings) > WORDINGS_MAX or any(len(w) > WORDING_CHARS_MAX for w in entry.wordings):
            left_out = (
                f"At most {WORDINGS_MAX} wordings of {WORDING_CHARS_MAX} characters were read with the entry."
            )
            self.refuse(place, Unusable("import.wordings", left_out))
        self._found.append((place, not entry.id.strip(), passage))

    def refuse(self, place: str, reason: Unusable) -> None:
        """Note why something at this place could not be used."""
        if len(self._problems) < PROBLEMS_MAX:
            self._problems.append(Problem(self.origin.source, place, reason.code, reason.detail))
        else:
            self._problems_beyond += 1

    def read(self) -> Read:
        """Settle languages and ids over the whole file and hand everything over."""
        if not self._found and not self._problems:
            self.refuse(
                "file", Unusable("import.empty", "The file holds no entries. Add some or leave it out.")
            )
        usual = _usual_language(passage.language for _, _, passage in self._found)
        kept: dict[tuple[str, str], Passage] = {}
        for place, id_made, found in self._found:
            passage = found if found.language else replace(found, language=usual)
            passage = _told_apart(passage, kept) if id_made else passage
            if (passage.id, passage.language) in kept:
                self.refuse(place, _duplicate(passage, id_made))
            else:
                kept[passage.id, passage.language] = passage
        return Read(tuple(kept.values()), (*self._problems, *self._beyond()))

    def _beyond(self) -> tuple[Problem, ...]:
        if not self._problems_beyond:
            return ()
        detail = f"{self._problems_beyond} more problems are not listed. Mend these and read the file again."
        return (Problem(self.origin.source, "file", "import.more_problems", detail),)


def _passage(entry: Entry, origin: Origin) -> Passage:
    question, title = _question_and_title(entry)
    text = _answer(entry.text)
    name = one_line(entry.id)
    if len(name) > ID_CHARS_MAX:
        raise Unusable("import.too_long", f"The id is too long. Use at most {ID_CHARS_MAX} characters.")
    begins, ends = (
        values.valid_from(one_line(entry.valid_from)),
        values.valid_until(one_line(entry.valid_until)),
    )
    if begins and ends and ends <= begins:
        raise Unusable("import.date", "The entry ends before it begins. Check its two dates.")
    passage = Passage(
        id=name or slug(question or title),
        collection=origin.collection,
        language=_language(entry, origin, f"{question or title}\n{text}"),
        title=title,
        text=text,
        source=origin.source,
        question=question or None,
        section=shortened(one_line(entry.section)),
        audience=values.audience(one_line(entry.audience)),
        valid_from=begins,
        valid_until=ends,
        url=values.link(clean(entry.url)),
        page=entry.page,
    )
    short = [one_line(w) for w in entry.wordings if len(w) <= WORDING_CHARS_MAX]
    return with_wordings(passage, [w for w in short if w])


def _question_and_title(entry: Entry) -> tuple[str, str]:
    _hold(entry.question, QUESTION_CHARS_MAX, "question")
    question, title = clean(entry.question), one_line(entry.title[: TITLE_CHARS_MAX * 4])
    if not question and not title:
        raise Unusable(
            "import.no_question", "The entry has neither a question nor a title. Add one of the two."
        )
    if not question and title.endswith("?") and len(title) <= QUESTION_CHARS_MAX:
        question = title
    return question, shortened(title or " ".join(question.split()))


def _answer(raw: str) -> str:
    _hold(raw, PASSAGE_CHARS_MAX, "answer")
    text = clean(raw)
    if not text:
        raise Unusable("import.no_answer", "The entry has no answer. Add a text under “answer” or “antwort”.")
    return text


def _hold(raw: str, chars_max: int, what: str) -> None:
    if len(raw) > chars_max and len(raw[: chars_max * 4].strip()) > chars_max:
        raise Unusable(
            "import.too_long",
            f"The {what} is too long. Shorten it to {chars_max} characters or split the entry.",
        )


def _language(entry: Entry, origin: Origin, sample: str) -> str:
    if entry.language.strip():
        told = language_tag(clean(entry.language[:100]))
        if told is None:
            raise Unusable(
                "import.language", "The language is unknown. Write it as a code such as “de” or “en”."
            )
        return told
    return origin.language or detect(sample) or ""


def one_line(text: str) -> str:
    """Clean a text and put it on one line."""
    return " ".join(clean(text).split()) if text else ""


def shortened(text: str) -> str:
    """Cut a heading that is too long, visibly."""
    return text if len(text) <= TITLE_CHARS_MAX else text[: TITLE_CHARS_MAX - 1].rstrip() + "…"


def _usual_language(languages: Iterable[str]) -> str:
    counted = Counter(language for language in languages if language)
    return counted.most_common(1)[0][0] if counted else _UNTOLD


def _told_apart(passage: Passage, kept: dict[tuple[str, str], Passage]) -> Passage:
    """Give a made id its section where the same question stands in several sections."""
    if (passage.id, passage.language) not in kept or not passage.section:
        return passage
    return replace(passage, id=f"{slug(passage.section)}/{passage.id}")


def _duplicate(passage: Passage, id_made: bool) -> Unusable:
    name = passage.id if len(passage.id) <= 80 else passage.id[:79] + "…"
    if id_made:
        detail = f"The question stands here a second time (“{name}”). Give each entry an id or join the two."
    else:
        detail = f"The id “{name}” stands here a second time in this language. Give each entry its own id."
    return Unusable("import.duplicate_id", detail)
