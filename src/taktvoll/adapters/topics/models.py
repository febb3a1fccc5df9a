"""Topics behind their ports: learns, finds, reads; models lie on disk under their hash and in memory while in use.

I decide when a model is loaded. Flows call me through TopicReader and TopicLearner. I never keep a text, and the web
process never loads what only learning needs.
"""

import asyncio
import os
import secrets
from collections import OrderedDict
from collections.abc import Sequence
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from taktvoll.adapters.topics.model import Model, from_bytes
from taktvoll.adapters.topics.pieces import Floats, counted
from taktvoll.base.errors import Refused
from taktvoll.base.hashing import content_hash
from taktvoll.base.ids import WorkspaceId
from taktvoll.domain.knowledge.ports import Progress, TopicStore
from taktvoll.domain.knowledge.topics import Example, LearntModel, Proposal, Source, TopicGuess

PPM = 1_000_000
BATCH = 128
LOADED_MAX = 32
FILES_MAX = 200


class Encoded(Protocol):
    """A text as numbers."""

    @property
    def sentence(self) -> NDArray[np.int8]:
        """The direction of the whole text."""
        ...


class Encoder(Protocol):
    """What topics need of the encoder; build.py puts one behind me."""

    @property
    def version(self) -> str:
        """Name and version of the model."""
        ...

    def begin(self, text: str) -> "asyncio.Future[Any]":
        """Have a text encoded together with others that wait at this moment; gives what to await for Encoded."""
        ...

    def questions(self, texts: Sequence[str]) -> Sequence[Encoded]:
        """Encode texts at once."""
        ...


class TopicModels:
    """Implements TopicReader and TopicLearner."""

    def __init__(self, folder: Path, store: TopicStore, encoder: Encoder) -> None:
        self._folder = folder
        self._store = store
        self._encoder = encoder
        self._loaded: OrderedDict[tuple[WorkspaceId, str], Model | None] = OrderedDict()
        self._opening = asyncio.Lock()

    async def read(self, workspace: WorkspaceId, model: str, text: str) -> TopicGuess | None:
        """Guess the topic of one text, encoded with whatever else waits."""
        found = await self._model(workspace, model) if model and text.strip() else None
        if found is None:
            return None
        encoded: Encoded = await self._encoder.begin(text)
        return _guesses(found, _rows([encoded]), [text])[0]

    async def read_all(self, workspace: WorkspaceId, model: str, texts: Sequence[str]) -> list[TopicGuess]:
        """Guess the topics of many texts."""
        found = await self._model(workspace, model)
        if found is None:
            raise Refused("topics.outdated")
        sentences = await asyncio.to_thread(self._encoder.questions, texts)
        return _guesses(found, _rows(sentences), texts) if texts else []

    def learn(self, examples: Sequence[Example], progress: Progress) -> LearntModel:
        """Learn; equal examples in any order give the same model but for the last digits of sums."""
        learning = import_module("taktvoll.adapters.topics.learning")
        ordered = sorted(examples, key=lambda e: (e.topic, e.text))
        topics = sorted({e.topic for e in ordered})
        places = {name: place for place, name in enumerate(topics)}
        texts = [*(e.text for e in ordered), *_general()]
        sentences = self._encoded(texts, progress)
        learnt = learning.learn(
            self._encoder.version, sentences, counted(texts), topics, [places[e.topic] for e in ordered],
            lambda done, total: progress("learn", done, total),
        )  # fmt: skip
        return _named(learnt.model, len(examples), learnt.right, learnt.missed)

    def renamed(self, body: bytes, old: str, new: str) -> LearntModel:
        """The same model with another name for one topic."""
        model = from_bytes(body)
        topics = tuple(new if name == old else name for name in model.topics)
        parts = {f: getattr(model, f) for f in model.__dataclass_fields__} | {"topics": topics}
        return _named(Model(**parts), 0, None, None)

    def discover(self, sources: Sequence[Source], progress: Progress) -> tuple[Proposal, ...]:
        """Group texts and name the groups."""
        finding = import_module("taktvoll.adapters.topics.finding")
        sentences = self._encoded([s.text for s in sources], progress)
        found: tuple[Proposal, ...] = finding.proposals(sources, sentences)
        return found

    def split(self, texts: Sequence[str], parts: int, progress: Progress) -> tuple[tuple[int, ...], ...]:
        """Part texts into groups."""
        finding = import_module("taktvoll.adapters.topics.finding")
        found: tuple[tuple[int, ...], ...] = finding.groups(self._encoded(texts, progress), parts)
        return found

    def _encoded(self, texts: Sequence[str], progress: Progress) -> Floats:
        """Encode many texts, those of like length together."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        table: list[NDArray[np.int8] | None] = [None] * len(texts)
        for start in range(0, len(order), BATCH):
            group = order[start : start + BATCH]
            for i, encoded in zip(group, self._encoder.questions([texts[i] for i in group]), strict=True):
                table[i] = encoded.sentence
            progress("encode", start + len(group), len(texts))
        return np.asarray(table, dtype=np.float32)

    async def _model(self, workspace: WorkspaceId, hash: str) -> Model | None:
        """A model by its hash: from memory, from disk, from the store; None for one we cannot read."""
        key = (workspace, hash)
        if key in self._loaded:
            self._loaded.move_to_end(key)
            return self._loaded[key]
        async with self._opening:
            if key not in self._loaded:
                body = await self._body(workspace, hash)
                self._loaded[key] = _readable(body, self._encoder.version) if body else None
                while len(self._loaded) > LOADED_MAX:
                    self._loaded.popitem(last=False)
        return self._loaded[key]

    async def _body(self, workspace: WorkspaceId, hash: str) -> bytes | None:
        """The bytes of a model; a file that is not what its name says is fetched anew."""
        path = self._folder / str(workspace) / f"{hash}.npz"
        if path.is_file():
            body = path.read_bytes()
            if content_hash(body) == hash:
                return body
        found = await self._store.model(workspace, hash)
        if found is not None:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = path.with_name(f"{hash}.{secrets.token_hex(4)}.new")
            draft.write_bytes(found)
            draft.replace(path)
            _tidy(path.parent)
        return found


def _general() -> list[str]:
    """Texts about anything else, written for this project: what a message is when it is about none of the topics."""
    return files("taktvoll.adapters.topics").joinpath("general.txt").read_text(encoding="utf-8").splitlines()


def _tidy(folder: Path) -> None:
    """Keep the latest files: any other is fetched again when it is asked for."""
    latest_first = sorted(folder.glob("*.npz"), key=os.path.getmtime, reverse=True)
    for old in latest_first[FILES_MAX:]:
        old.unlink(missing_ok=True)


def _readable(body: bytes, encoder: str) -> Model | None:
    try:
        model = from_bytes(body)
    except Refused:
        return None
    return model if model.encoder == encoder else None


def _rows(encoded: Sequence[Encoded]) -> Floats:
    return np.asarray([e.sentence for e in encoded], dtype=np.float32)


def _guesses(model: Model, sentences: Floats, texts: Sequence[str]) -> list[TopicGuess]:
    judged = model.judge(sentences, counted(texts))
    return [
        TopicGuess(model.topics[topic], round(float(sure) * PPM), bool(strange <= 0))
        for topic, sure, strange in zip(judged.topics, judged.sure, judged.strange, strict=True)
    ]


def _named(model: Model, examples: int, right: float | None, missed: float | None) -> LearntModel:
    body = model.to_bytes()
    return LearntModel(
        hash=content_hash(body), body=body, topics=model.topics, examples=examples,
        right_ppm=None if right is None else round(right * PPM),
        missed_ppm=None if missed is None else round(missed * PPM),
    )  # fmt: skip
