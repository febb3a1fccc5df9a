"""From passages to a search on disk: words counted, compounds learned, texts encoded, everything written for mapping.

I decide what is kept of a passage. The builder calls me once per manifest.
I never keep passages in memory: of each only its words' numbers and its short texts to encode, until they are written.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import compress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from taktvoll.adapters.search.contents import ContentsWriter
from taktvoll.adapters.search.earlier import FIELDS, FieldVectors
from taktvoll.adapters.search.encoding import Encoder
from taktvoll.adapters.search.lexical import LexicalWriter
from taktvoll.adapters.search.premises import DENYING, sentences
from taktvoll.adapters.search.query import word_terms
from taktvoll.adapters.search.questions import write_wordings
from taktvoll.adapters.search.table import TableWriter
from taktvoll.adapters.search.vectors import write_vectors
from taktvoll.adapters.search.vocabulary import Learned, Splitter, term_hash, write_vocabulary
from taktvoll.adapters.search.wording import WordingWriter
from taktvoll.adapters.search.words import STOP_WORDS, Stemmer, words
from taktvoll.domain.knowledge.ports import Progress
from taktvoll.domain.knowledge.terms import Passage

# What the encoder is given of a text, and into how many stretches it is cut: a help centre is read to the end, a corpus
# of a hundred thousand entries only begun, or its import would take hours.
ENCODED_CHARS_MAX = 2800
WINDOWS, WINDOWS_OF_MANY, MANY = 4, 1, 10_000
REPORT_EVERY = 500


class Corpus:
    """What reading the passages left in memory: words by number, texts to encode by hash."""

    def __init__(self, count: int) -> None:
        self.windows = WINDOWS if count <= MANY else WINDOWS_OF_MANY
        self.numbers: dict[str, int] = {}
        self.heads, self.texts, self.mores = array("I"), array("I"), array("I")
        self.head_ends, self.text_ends, self.more_ends = array("Q"), array("Q"), array("Q")
        self.denied = bytearray()
        self.encoded: tuple[dict[int, str], ...] = tuple({} for _ in FIELDS)
        self.hashes = array("Q")
        self.wording_rows, self.wording_hashes = array("I"), array("Q")
        self.table = TableWriter()

    def add(self, passage: Passage) -> None:
        """Take in one passage."""
        self.table.add(passage)
        question = passage.question or " – ".join(
            dict.fromkeys(filter(None, (passage.title, passage.section)))
        )
        heading = "\n".join(dict.fromkeys(filter(None, (passage.question, passage.title, passage.section))))
        self._count(heading, self.heads, self.head_ends)
        self._add_text(passage.text)
        for text, kept in zip(
            (question or passage.text, f"{question}\n{passage.text}"), self.encoded, strict=True
        ):
            self.hashes.append(self._keep(text, kept))
        self._add_wordings(passage, heading)

    def _add_text(self, text: str) -> None:
        """Take in a text's words, and of each whether its sentence denies or limits something."""
        for sentence in sentences(text):
            said = words(sentence)
            self._extend(said, self.texts)
            self.denied.extend(bytes([not DENYING.isdisjoint(said)]) * len(said))
        self.text_ends.append(len(self.texts))

    def _add_wordings(self, passage: Passage, heading: str) -> None:
        """Take in further wordings: each as a question, their words, each once, beside those of the head."""
        said = set(words(heading))
        new = dict.fromkeys(w for wording in passage.wordings for w in words(wording) if w not in said)
        self._count(" ".join(new), self.mores, self.more_ends)
        for wording in passage.wordings:
            self.wording_rows.append(len(self.head_ends) - 1)
            self.wording_hashes.append(self._keep(wording, self.encoded[0]))

    def _keep(self, text: str, kept: dict[int, str]) -> int:
        """Keep a text to encode, by its hash."""
        short = text[:ENCODED_CHARS_MAX].rstrip()
        name = term_hash(f"{self.windows} {short}")
        kept.setdefault(name, short)
        return name

    def _count(self, text: str, into: "array[int]", ends: "array[int]") -> None:
        self._extend(words(text), into)
        ends.append(len(into))

    def _extend(self, said: Iterable[str], into: "array[int]") -> None:
        numbers = self.numbers
        into.extend(numbers.setdefault(word, len(numbers)) for word in said)


def build(
    folder: Path,
    encoder: Encoder,
    passages: Iterable[Passage],
    count: int,
    earlier: Sequence[Path],
    progress: Progress,
) -> None:
    """Write everything a search needs into an empty folder."""
    corpus = Corpus(count)
    for done, passage in enumerate(passages, 1):
        corpus.add(passage)
        if done % REPORT_EVERY == 0:
            progress("read", done, max(count, done))
    total = len(corpus.head_ends)
    progress("read", total, total)
    _write_words(folder, corpus, progress)
    corpus.table.write(folder)
    _write_vectors(folder, corpus, encoder, earlier, progress)


def _write_words(folder: Path, corpus: Corpus, progress: Progress) -> None:
    stemmer = Stemmer()
    occurrences = np.bincount(
        np.concatenate((_view(corpus.heads), _view(corpus.texts), _view(corpus.mores))),
        minlength=len(corpus.numbers),
    )
    stems: Counter[str] = Counter()
    for word, number in corpus.numbers.items():
        if word not in STOP_WORDS:
            stems[stemmer.stem(word)] += int(occurrences[number])
    learned = Learned(stems, stemmer)
    splitter = Splitter(learned, stemmer)
    terms = [word_terms(word, stemmer, splitter) for word in corpus.numbers]
    distinct = {term: at for at, term in enumerate(dict.fromkeys(t for found in terms for t in found))}
    documents = _documents(corpus, terms, distinct)
    final = write_vocabulary(folder, documents, learned.counts)
    numbered = [tuple(final[t] for t in found) for found in terms]
    _write_contents(folder, corpus, terms, numbered, progress)


def _documents(corpus: Corpus, terms: list[tuple[str, ...]], distinct: dict[str, int]) -> dict[str, int]:
    """Count in how many passages each term stands."""
    counts = np.zeros(len(distinct), dtype=np.uint32)
    places = [tuple(distinct[t] for t in found) for found in terms]
    for heads, texts, more, _ in _passages(corpus):
        found = {at for number in (*heads, *texts, *more) for at in places[number]}
        counts[list(found)] += 1
    return {term: int(counts[at]) for term, at in distinct.items()}


def _write_contents(
    folder: Path,
    corpus: Corpus,
    terms: list[tuple[str, ...]],
    numbered: list[tuple[int, ...]],
    progress: Progress,
) -> None:
    contents, lexical = ContentsWriter(), LexicalWriter(folder / "lexical")
    total = len(corpus.head_ends)
    for row, found in enumerate(_passages(corpus)):
        contents.add(*([n for w in said for n in numbered[w]] for said in found))
        heads, texts, more = ([t for w in said for t in terms[w]] for said in found[:3])
        lexical.add(row, [*heads, *more], texts)
        if row % REPORT_EVERY == 0:
            progress("index", row, total)
    lexical.finish()
    contents.write(folder)
    progress("index", total, total)


def _passages(corpus: Corpus) -> Iterable[tuple[Sequence[int], ...]]:
    """Each passage's words by number: of its head, of its text, of further wordings, of sentences that deny."""
    head = text = more = 0
    ends = zip(corpus.head_ends, corpus.text_ends, corpus.more_ends, strict=True)
    for head_end, text_end, more_end in ends:
        said = corpus.texts[text:text_end]
        denied = tuple(compress(said, corpus.denied[text:text_end]))
        yield corpus.heads[head:head_end], said, corpus.mores[more:more_end], denied
        head, text, more = head_end, text_end, more_end


def _write_vectors(
    folder: Path, corpus: Corpus, encoder: Encoder, earlier: Sequence[Path], progress: Progress
) -> None:
    per_passage = np.frombuffer(corpus.hashes, dtype=np.uint64).reshape(-1, len(FIELDS))
    np.save(folder / "text_hash.npy", per_passage)
    write_wordings(folder, corpus.wording_rows, corpus.wording_hashes)
    wordings = np.frombuffer(corpus.wording_hashes, dtype=np.uint64)
    writer = WordingWriter(folder, encoder.word_dimensions)
    fields = [FieldVectors(f, t, encoder.dimensions) for f, t in zip(FIELDS, corpus.encoded, strict=True)]
    everything = sum(len(f.hashes) for f in fields)
    before = 0
    for column, vectors in enumerate(fields):
        for old in earlier:
            vectors.copy(old, column, writer)
        vectors.encode(encoder, corpus.windows, writer, partial(_told, progress, before, everything))
        before += len(vectors.hashes)
        if vectors.field.pieces:
            writer.finish(vectors.places[np.searchsorted(vectors.hashes, per_passage[:, column])])
    _link(folder, fields, (np.concatenate((per_passage[:, 0], wordings)), per_passage[:, 1]), progress)


def _told(progress: Progress, before: int, everything: int, done: int, _: int) -> None:
    progress("embed", before + done, everything)


def _link(
    folder: Path, fields: Sequence[FieldVectors], hashes: Sequence[NDArray[np.uint64]], progress: Progress
) -> None:
    progress("link", 0, len(fields))

    def write(column: int) -> None:
        places = np.searchsorted(fields[column].hashes, hashes[column])
        write_vectors(folder / f"{fields[column].field.name}.usearch", fields[column].vectors[places])

    with ThreadPoolExecutor(len(fields), "linking") as pool:
        for done, _ in enumerate(pool.map(write, range(len(fields))), 1):
            progress("link", done, len(fields))


def _view(numbers: "array[int]") -> NDArray[np.uint32]:
    return np.frombuffer(numbers, dtype=np.uint32)
