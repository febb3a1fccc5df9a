"""Train the models of needs and moods and write their weights: `make train-signals SHARED=../shared`.

I decide what is trained on what, choose thresholds by cross-validation, and print the ablation that
docs/decisions/0012-signals.md shows. People call me; nothing at run time does. I never train on *_dev files,
on german_messages or on ShareAlike data.
"""

import argparse
import hashlib
import json
import random
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import corpora
import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from taktvoll.adapters.signals import features as f
from taktvoll.adapters.signals.models import (
    CLASSES,
    IDEAS,
    MOODS,
    NONE,
    REASONS,
    hits,
    idea_features,
    log_odds,
    unit,
)
from taktvoll.adapters.signals.understanding import WHOLE_CHARS_MAX
from taktvoll.adapters.signals.weights import Weights, packed, save
from taktvoll.domain.conversation.concepts import concepts
from taktvoll.domain.conversation.needs import reasons_said

HERE = Path(__file__).resolve().parent
OUT = HERE.parents[1] / "src" / "taktvoll" / "adapters" / "signals" / "weights"
NEEDS_C, MOODS_C, SENTENCE_C, BLEND_C = 0.3, 0.15, 3.0, 0.5
FOLDS = 5
URGENT_AT, OTHER_AT = 0.20, 0.35
LETTER_LIMITS = (0.05, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5)
EMERGENCIES = tuple(r for r in REASONS if r.startswith("emergency"))
Matrix = Any


def main() -> int:
    """Read the data, train, choose, save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True, help="the folder that holds data/")
    parser.add_argument(
        "--pairs", type=Path, help="ordinary questions as JSON Lines; default: training/pairs"
    )
    parser.add_argument("--sentence", choices=("auto", "none"), default="auto")
    parser.add_argument("--vectors", type=Path, help="where sentence vectors are kept between runs")
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    warnings.filterwarnings("ignore", module="sklearn")
    data = args.shared / "data"
    needs = corpora.needs(HERE, data, args.pairs)
    letters = corpora.letters(HERE)
    print(f"needs: {len(needs)} messages, {len(letters)} letters and pieces of letters", flush=True)
    encode, encoder = sentence_reader(args.sentence, args.vectors)
    moods, mood_sentence, mood_settings = train_moods(data, encode)
    english = train_english(data)
    trained = train_needs([*needs, *letters], moods, encode)
    settings = {
        "version": f"signals-1/{stamp([*needs, *letters])}",
        "classes": list(CLASSES),
        "encoder": encoder,
        "ideas": IDEAS,
        "letter": trained["letter"],
        "thresholds": trained["thresholds"],
        "moods": mood_settings,
    }
    weights = Weights(
        settings=settings,
        needs=trained["needs"],
        ideas=trained["ideas"],
        moods=moods,
        english=english,
        sentence=trained["sentence"],
        mood_sentence=mood_sentence,
        blend=trained["blend"],
        blend_plain=trained["blend_plain"],
        blend_letter=trained["blend_letter"],
    )
    save(weights, args.out)
    size = sum(file.stat().st_size for file in args.out.iterdir())
    print(f"saved {size / 1e6:.2f} MB")
    return 0


def rows(found: Sequence[f.Features], width: int) -> Matrix:
    """Put rows of numbered features into one sparse matrix."""
    starts = np.cumsum([0, *(len(numbers) for numbers, _ in found)])
    values = np.concatenate([v for _, v in found]) if found else np.zeros(0, np.float32)
    numbers = np.concatenate([n for n, _ in found]) if found else np.zeros(0, np.int64)
    return sp.csr_matrix((values, numbers, starts), shape=(len(found), width))


def rarity(matrix: Matrix) -> Any:
    """Weigh rare features up, gently, so that common ones do not drown them; on average by 1."""
    seen = np.bincount(matrix.indices, minlength=matrix.shape[1])
    found = np.sqrt(np.log((1 + matrix.shape[0]) / (1 + seen)) + 1.0)
    return found / found[matrix.indices].mean()


def train_moods(data: Path, encode: Any) -> tuple[Any, Any, dict[str, Any]]:
    """Train one line of weights per mood; its zero lies where F1 is best on BRIGHTER's German training half.

    A second one sees the sentence vector as well, and is trained on BRIGHTER alone.
    """
    texts, labels, weights, where = corpora.moods(data, HERE)
    grams = rows([f.features(t) for t in texts], f.BUCKETS)
    rare = rarity(grams)
    scaled = grams.multiply(rare).tocsr()
    bright = np.array([place.startswith("brighter") for place in where])
    german = where[bright] == "brighter_de"
    vectors = encode([t for t, kept in zip(texts, bright, strict=True) if kept]) if encode else None
    columns, biases, mixes, settings = [], [], [], {}
    for mood in MOODS:
        known = np.array([m.get(mood) is not None for m in labels])
        y = np.array([(m.get(mood) or 0) > 0 for m in labels])
        home = where == ("germeval" if mood == "insult" else "brighter_de")
        held = np.zeros(len(y))
        for a, b in StratifiedKFold(FOLDS, shuffle=True, random_state=1).split(texts, y & known):
            a = a[known[a]]
            held[b] = svm(scaled[a], y[a], weights[a], MOODS_C).decision_function(scaled[b])
        mine = known & home
        best, zero = best_zero(y[mine], held[mine])
        slope = float(LogisticRegression().fit((held[mine] - zero)[:, None], y[mine]).coef_[0, 0])
        odds = (held - zero) * slope
        model = svm(scaled[known], y[known], weights[known], MOODS_C)
        columns.append(model.coef_[0] * rare * slope)
        biases.append((float(model.intercept_[0]) - zero) * slope)
        settings[mood] = {"f1": round(best, 3), "of": int(mine.sum())}
        if vectors is not None:
            mix, mixed = mixed_mood(vectors, odds[bright], y[bright], german, mood)
            mixes.append(mix)
            settings[mood]["f1_with_sentence"] = mixed
        print(f"mood {mood}: cross-validated {settings[mood]}", flush=True)
    sentence = None
    if mixes:
        matrix = np.stack([m[0] for m in mixes], axis=1).astype(np.float32)
        sentence = matrix, np.array([m[1] for m in mixes], np.float32)
    return (
        packed(np.stack(columns, axis=1).astype(np.float32), np.array(biases, np.float32)),
        sentence,
        settings,
    )


def best_zero(y: Any, held: Any) -> tuple[float, float]:
    """Find where F1 is best, and how good it is there."""
    return max(
        (float(f1_score(y, held > t)), float(t)) for t in np.quantile(held, np.linspace(0.3, 0.97, 90))
    )


def mixed_mood(
    vectors: Any, odds: Any, y: Any, german: Any, mood: str
) -> tuple[tuple[Any, float], float | None]:
    """Mix the words' log-odds with the sentence vector; insults, which BRIGHTER does not name, keep the words' own."""
    if mood == "insult":
        return (np.concatenate([np.zeros(vectors.shape[1]), [1.0]]), 0.0), None
    x = np.hstack([vectors * 4.0, odds[:, None]])
    held = np.zeros(len(y))
    for a, b in StratifiedKFold(FOLDS, shuffle=True, random_state=1).split(x, y):
        held[b] = mixing().fit(x[a], y[a]).decision_function(x[b])
    best, zero = best_zero(y[german], held[german])
    model = mixing().fit(x, y)
    coef = model.coef_[0] * np.concatenate([np.full(vectors.shape[1], 4.0), [1.0]])
    return (coef, float(model.intercept_[0]) - zero), round(best, 3)


def mixing() -> Any:
    """What mixes words and sentence vector."""
    return LogisticRegression(C=0.3, class_weight="balanced", max_iter=300)


def train_english(data: Path) -> Any:
    """Train what tells English from German, for texts too short for a general model."""
    texts, labels = corpora.languages(data, HERE)
    matrix = rows([f.features(t) for t in texts], f.BUCKETS)
    y = np.array([label == "en" for label in labels])
    held = np.zeros(len(y))
    for a, b in StratifiedKFold(2, shuffle=True, random_state=1).split(texts, y):
        held[b] = svm(matrix[a], y[a], None, 1.0).decision_function(matrix[b])
    platt = LogisticRegression().fit(held[:, None], y)
    print(
        f"English from German: {(platt.predict(held[:, None]) == y).mean():.4f} of {len(y)} right", flush=True
    )
    model = svm(matrix, y, None, 1.0)
    slope, bias = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    return packed(
        (model.coef_.T * slope).astype(np.float32), (model.intercept_ * slope + bias).astype(np.float32)
    )


def svm(x: Matrix, y: Any, weights: Any, c: float) -> Any:
    """One line between two classes."""
    return LinearSVC(C=c, class_weight="balanced", random_state=0).fit(x, y, sample_weight=weights)


def sentence_reader(
    wanted: str, kept: Path | None
) -> tuple[Callable[[Sequence[str]], Any] | None, str | None]:
    """Give what turns texts into sentence vectors, or nothing where the encoder has no weights yet."""
    if wanted == "none":
        return None, None
    try:
        from taktvoll.adapters.encoder import SentenceEncoder  # noqa: PLC0415 - it may not be there yet

        encoder = SentenceEncoder()
        encoder.questions(["Probe"])
    except (ImportError, FileNotFoundError):
        print("no encoder: trained without sentence vectors", flush=True)
        return None, None

    def encode(texts: Sequence[str]) -> Any:
        named = encoder.version + chr(0).join(texts)
        name = hashlib.sha256(named.encode("utf-8", "replace")).hexdigest()[:16]
        path = kept / f"{name}.npy" if kept else None
        if path and path.exists():
            return np.load(path)
        found = []
        for at in range(0, len(texts), 64):
            found += [
                unit(e.sentence)
                for e in encoder.questions([" ".join(t[:600].split()) for t in texts[at : at + 64]])
            ]
        vectors = np.stack(found)
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            np.save(path, vectors)
        return vectors

    return encode, encoder.version


def train_needs(needs: Sequence[dict[str, Any]], moods: Any, encode: Any) -> dict[str, Any]:
    """Train the heads, blend what they say on texts they did not see, choose thresholds, print the ablation."""
    texts = [n["text"] for n in needs]
    y = np.array([n["reason"] for n in needs])
    own = np.array([n["own"] for n in needs])
    writers = np.array([n.get("writer", 0) for n in needs])
    seen = [f.features(t[:WHOLE_CHARS_MAX]) for t in texts]
    ideas = rows([idea_features(list(concepts(t))) for t in texts], IDEAS)
    grams = rows(seen, f.BUCKETS)
    rare, rare_ideas = rarity(grams), rarity(ideas)
    x = sp.hstack([grams.multiply(rare), ideas.multiply(rare_ideas)]).tocsr()
    mood = np.stack([moods.score(*one) for one in seen])
    said = np.stack([hits(reasons_said(t, None)) for t in texts])
    vectors = encode(texts) if encode else None
    folds = folded(y, writers)
    text_held, sentence_held = np.zeros((len(y), len(CLASSES))), np.zeros((len(y), len(CLASSES)))
    for number, (a, b) in enumerate(folds):
        text_held[b] = scores(head(x[a], y[a]), x[b])
        if vectors is not None:
            sentence_held[b] = scores(sentence_head(vectors[a], y[a]), vectors[b])
        print(f"fold {number + 1} of {FOLDS}", flush=True)
    plain = np.hstack([text_held, mood, said])
    variants = {"rules only": None, "models without rules": np.hstack([text_held, mood]), "both": plain}
    if vectors is not None:
        variants |= {
            "sentence vector only": sentence_held,
            "both and sentence vector": np.hstack([plain, sentence_held]),
        }
    thresholds = choose()
    message = np.array(["letter" not in n for n in needs])
    shares = {
        name: blended(held, y, folds, message) if held is not None else rule_shares(said)
        for name, held in variants.items()
    }
    for name, p in shares.items():
        print(f"{name:28s}", *measured(p[message], y[message], own[message], thresholds), flush=True)
    letter = train_letters(needs, blended(plain, y, folds, np.ones(len(y), bool)))
    model = head(x, y)
    order = [list(model.classes_).index(c) for c in CLASSES]
    coef, bias = model.coef_[order].T, model.intercept_[order]
    sentence = sentence_head(vectors, y) if vectors is not None else None
    return {
        "needs": packed((coef[: f.BUCKETS] * rare[:, None]).astype(np.float32), bias.astype(np.float32)),
        "ideas": packed(
            (coef[f.BUCKETS :] * rare_ideas[:, None]).astype(np.float32), np.zeros(len(CLASSES), np.float32)
        ),
        "sentence": pair(sentence) if sentence is not None else None,
        "blend": pair(blend(np.hstack([plain, sentence_held])[message], y[message])) if vectors is not None else None,
        "blend_plain": pair(blend(plain[message], y[message])),
        "blend_letter": pair(blend(plain, y)),
        "letter": letter,
        "thresholds": thresholds,
    }  # fmt: skip


def folded(y: Any, writers: Any) -> list[tuple[Any, Any]]:
    """Share texts out among folds; a writer's letters stay together, for others' letters are what comes.

    Takes:  writers: the number of a letter's writer, 0 for messages.
    """
    fold = np.zeros(len(y), int)
    messages = np.flatnonzero(writers == 0)
    for number, (_, b) in enumerate(
        StratifiedKFold(FOLDS, shuffle=True, random_state=2).split(messages, y[messages])
    ):
        fold[messages[b]] = number
    letters = writers > 0
    fold[letters] = writers[letters] % FOLDS
    return [(np.flatnonzero(fold != number), np.flatnonzero(fold == number)) for number in range(FOLDS)]


def train_letters(needs: Sequence[dict[str, Any]], p: Any) -> list[float]:
    """Weigh a letter's loudest piece and the whole, on letters of writers that the models did not see.

    Gives:  what the log-odds of the piece and of the whole count, and the bias; the same for every reason.
    """
    most: dict[int, Any] = {}
    whole: dict[int, int] = {}
    for at, row in enumerate(needs):
        if row.get("whole"):
            whole[row["letter"]] = at
        elif "letter" in row:
            most[row["letter"]] = np.maximum(most.get(row["letter"], 0.0), p[at])
    known = [number for number in whole if number in most]
    loud = np.array([log_odds(most[number][1:]) for number in known])
    all_of_it = np.array([log_odds(p[whole[number]][1:]) for number in known])
    rows_of = [needs[whole[number]] for number in known]
    y = np.array([[r in (row["reason"], *row["also"]) for r in REASONS] for row in rows_of])
    x = np.stack([loud.ravel(), all_of_it.ravel()], axis=1)
    held = np.zeros(len(x))
    for a, b in StratifiedKFold(FOLDS, shuffle=True, random_state=3).split(x, y.ravel()):
        held[b] = LogisticRegression().fit(x[a], y.ravel()[a]).predict_proba(x[b])[:, 1]
    danger = np.isin(REASONS, EMERGENCIES)
    surest = held.reshape(loud.shape)
    calm = np.array([row["reason"] == NONE for row in rows_of])
    urgent = np.array([row["reason"] in EMERGENCIES for row in rows_of])
    for name, columns, real in (("emergencies", danger, urgent), ("other needs", ~danger, ~urgent & ~calm)):
        sure = surest[:, columns].max(axis=1)
        for limit in LETTER_LIMITS:
            print(f"letters, {name} from {limit}: heard {(sure[real] >= limit).mean():.3f} of {real.sum()},",
                  f"of {calm.sum()} calm ones {(sure[calm] >= limit).mean():.3f}", flush=True)  # fmt: skip
    model = LogisticRegression().fit(x, y.ravel())
    return [round(float(one), 4) for one in (*model.coef_[0], model.intercept_[0])]


def head(x: Matrix, y: Any) -> Any:
    """One line per class on words and ideas."""
    return LinearSVC(C=NEEDS_C, class_weight="balanced", random_state=0).fit(x, y)


def scores(model: Any, x: Matrix) -> Any:
    """What the lines of a head say, in the order of CLASSES."""
    return model.decision_function(x)[:, [list(model.classes_).index(c) for c in CLASSES]]


def sentence_head(x: Any, y: Any) -> Any:
    """One line per class on sentence vectors."""
    return LogisticRegression(C=SENTENCE_C * 10, class_weight="balanced", max_iter=400).fit(x, y)


def blend(x: Any, y: Any) -> Any:
    """Turn what the heads say into shares that can be believed."""
    return LogisticRegression(C=BLEND_C, max_iter=500).fit(x, y)


def blended(held: Any, y: Any, folds: Any, among: Any) -> Any:
    """Blend what the heads say, on texts that the blend did not see either.

    Takes:  among: which texts it is fitted on. A piece of a letter needs nobody far oftener than a message does.
    """
    p = np.zeros((len(y), len(CLASSES)))
    for a, b in folds:
        fitted = a[among[a]]
        model = blend(held[fitted], y[fitted])
        p[np.ix_(b, [CLASSES.index(c) for c in model.classes_])] = model.predict_proba(held[b])
    return p


def pair(model: Any) -> tuple[Any, Any]:
    """Weights and bias in the order of CLASSES."""
    order = [list(model.classes_).index(c) for c in CLASSES]
    return model.coef_[order].T.astype(np.float32), model.intercept_[order].astype(np.float32)


def rule_shares(said: Any) -> Any:
    """Believe the phrases alone."""
    found = said / np.maximum(said.sum(1, keepdims=True), 1)
    return np.hstack([(said.sum(1, keepdims=True) == 0).astype(float), found])


def decide(p: Any, thresholds: dict[str, float]) -> Any:
    """Name the reason that is surest above its threshold."""
    least = np.array([thresholds[r] for r in REASONS])
    over = np.where(p[:, 1:] >= least, p[:, 1:], 0.0)
    best = over.argmax(1)
    return np.where(over.max(1) > 0, np.array(REASONS)[best], NONE)


def choose() -> dict[str, float]:
    """Give the thresholds.

    Emergencies from 0.2 on, the others from 0.35 on: on the development files that sends as many messages that need
    nobody to a person as the weights before did (7 %), and hears more of those that do. What is heard wrongly gets a
    number to call and a person, which frightens, but harms nobody.
    """
    return {r: URGENT_AT if r in EMERGENCIES else OTHER_AT for r in REASONS}


def measured(p: Any, y: Any, own: Any, thresholds: dict[str, float]) -> list[str]:
    """Say how good shares are, on texts they were not made from."""
    said = decide(p, thresholds)
    alarm, real = np.isin(said, EMERGENCIES), np.isin(y, EMERGENCIES)
    macro = f1_score(y[own], said[own], labels=list(REASONS), average="macro", zero_division=0)
    recall, precision = (alarm & real).sum() / real.sum(), (alarm & real).sum() / max(alarm.sum(), 1)
    ordinary = (said[~own] != NONE).mean() if (~own).any() else 0.0
    return [f"macro-F1 {macro:.3f}", f"emergencies recall {recall:.3f} precision {precision:.3f}",
            f"ordinary questions to a person {ordinary:.3f}"]  # fmt: skip


def stamp(needs: Sequence[dict[str, Any]]) -> str:
    """Eight digits that name the training data."""
    text = json.dumps([[n["text"], n["reason"]] for n in needs], ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]


if __name__ == "__main__":
    random.seed(1)
    sys.exit(main())
