"""Finding topics in texts: groups of like sense and like heading, each named by its heading or its most telling words.

I decide where one group ends and another begins, and what it is called. The adapter's discover and split call me.
I never decide that a topic is used: people do.
"""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from taktvoll.adapters.topics.model import direction, unit
from taktvoll.adapters.topics.pieces import Floats
from taktvoll.domain.knowledge.topics import Proposal, Source, topic_name

GROUPS_MAX = 80
SMALLEST = 3
ROUNDS = 30
STARTS = 6
HEADING_WEIGHT = 0.6
JOIN_FROM = 0.55
OUT_BELOW = 0.25
WORDS_SHOWN = 6
SHARED_HEADING = 0.6
_WORD = re.compile(r"[^\W\d_]{3,}")
_FILLERS = frozenset(
    """aber alle allem allen aller alles als also am an auch auf aus bei beim bin bis bitte da dann das dass dem den
    der deren des dich die dies diese diesem diesen dieser dieses dir doch dort du ein eine einem einen einer
    eines er es etwas euch eure für gibt habe haben hallo hat hätte hier ich ihm ihn ihnen ihr ihre ihrem ihren
    ihrer im in ins ist ja kann kein keine können könnte lassen man mehr mein meine meinem meinen meiner mich
    mir mit muss müssen nach nicht noch nun nur ob oder ohne schon sehr sein seine sich sie sind so soll sollte
    über um und uns unser unsere unter vom von vor war warum was wegen weil welche welchem welchen welcher
    welches wenn wer werde werden wie wieder will wir wird wo wurde würde zu zum zur about after all also and
    any are because been but can could did does for from get has have hello her his how into its just like may
    more not now our out over please she should some than that the their them then there these they this too use
    was were what when where which while who why will with would you your""".split()
)


def proposals(sources: Sequence[Source], sentences: Floats) -> tuple[Proposal, ...]:
    """Group texts and name the groups, the largest first; texts that belong to no group are left out."""
    if len(sources) < SMALLEST:
        return ()
    pointing = _with_headings(direction(sentences, unit(sentences).mean(axis=0)), sources)
    wanted = min(GROUPS_MAX, max(2, round((len(sources) / 2) ** 0.5 * 1.4)), len(sources) // SMALLEST)
    place_of = _joined(pointing, _clustered(pointing, max(wanted, 1)))
    found = [group for group in _groups(pointing, place_of) if len(group) >= SMALLEST]
    words = _telling([[sources[i].text for i in group] for group in found])
    taken: Counter[str] = Counter()
    made = []
    for group, said in zip(found, words, strict=True):
        name = _name([sources[i] for i in group], said)
        taken[name] += 1
        numbered = f"{name} {taken[name]}" if taken[name] > 1 else name
        made.append(Proposal(numbered, tuple(said), tuple(sources[i] for i in group)))
    return tuple(sorted(made, key=lambda p: -len(p.texts)))


def groups(sentences: Floats, parts: int) -> tuple[tuple[int, ...], ...]:
    """Part texts into so many groups, fewer where they are too alike; places in the order of the texts."""
    pointing = direction(sentences, unit(sentences).mean(axis=0))
    place_of = _clustered(pointing, min(parts, len(sentences)))
    made = (tuple(int(i) for i in np.flatnonzero(place_of == p)) for p in np.unique(place_of))
    return tuple(sorted(made, key=lambda g: (-len(g), g)))


def _with_headings(pointing: Floats, sources: Sequence[Source]) -> Floats:
    """Draw texts under one heading towards one another."""
    made = pointing.copy()
    under: dict[str, list[int]] = {}
    for i, source in enumerate(sources):
        if source.section:
            under.setdefault(source.section, []).append(i)
    for members in under.values():
        if len(members) > 1:
            made[members] += np.float32(HEADING_WEIGHT) * unit(pointing[members].mean(axis=0))
    return unit(made)


def _clustered(pointing: Floats, count: int) -> NDArray[np.int64]:
    """The group of each text.

    Source: Dhillon and Modha 2001, spherical k-means; Arthur and Vassilvitskii 2007 for where it starts. Of several
    starts, always the same ones, the tightest groups count.
    """
    chance = np.random.default_rng(0)
    tries = [_grouped(pointing, count, chance) for _ in range(STARTS)]
    return max(tries, key=lambda made: made[1])[0]


def _grouped(pointing: Floats, count: int, chance: np.random.Generator) -> tuple[NDArray[np.int64], float]:
    """Groups from one start, and how tight they are."""
    centres = pointing[[int(chance.integers(len(pointing)))]]
    while len(centres) < count:
        apart = np.maximum(1 - (pointing @ centres.T).max(axis=1), 0).astype(np.float64) ** 2
        if apart.sum() < 1e-6:  # all that is left equals a centre
            break
        centres = np.vstack([centres, pointing[[int(chance.choice(len(pointing), p=apart / apart.sum()))]]])
    place_of: NDArray[np.int64] = np.argmax(pointing @ centres.T, axis=1)
    for _ in range(ROUNDS):
        for place in range(len(centres)):
            members = pointing[place_of == place]
            if len(members):
                centres[place] = unit(members.mean(axis=0))
        again = np.argmax(pointing @ centres.T, axis=1)
        if np.array_equal(again, place_of):
            break
        place_of = again
    return place_of, float((pointing @ centres.T).max(axis=1).sum())


def _joined(pointing: Floats, place_of: NDArray[np.int64]) -> NDArray[np.int64]:
    """Join the two nearest groups as long as they are nearly one."""
    made = place_of.copy()
    while True:
        places = np.unique(made)
        centres = unit(np.array([pointing[made == p].mean(axis=0) for p in places]))
        near = centres @ centres.T
        np.fill_diagonal(near, -1)
        if len(places) < 2 or near.max() < JOIN_FROM:
            return made
        a, b = divmod(int(near.argmax()), len(places))
        made[made == places[b]] = places[a]


def _groups(pointing: Floats, place_of: NDArray[np.int64]) -> list[list[int]]:
    """The members of each group, nearest to its middle first, without those that lie far off."""
    made = []
    for place in np.unique(place_of):
        members = np.flatnonzero(place_of == place)
        near = pointing[members] @ unit(pointing[members].mean(axis=0))
        order = np.argsort(-near, kind="stable")
        made.append([int(members[i]) for i in order if near[i] >= OUT_BELOW])
    return made


def _telling(texts: Sequence[Sequence[str]]) -> list[list[str]]:
    """The words that set each group apart from the others, in their commonest spelling.

    Source: Grootendorst 2022, class-based tf-idf.
    """
    spelt: dict[str, Counter[str]] = {}
    counts: list[Counter[str]] = []
    for group in texts:
        count: Counter[str] = Counter()
        for text in group:
            for word in set(_WORD.findall(text)):
                low = word.casefold()
                if low not in _FILLERS:
                    count[low] += 1
                    spelt.setdefault(low, Counter())[word] += 1
        counts.append(count)
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    average = max(1.0, sum(total.values()) / max(1, len(counts)))
    made = []
    for count in counts:
        all_here = max(1, sum(count.values()))
        weights = {w: n / all_here * float(np.log(1 + average / total[w])) for w, n in count.items()}
        best = sorted(weights, key=lambda w: (-weights[w], w))[:WORDS_SHOWN]
        made.append([spelt[w].most_common(1)[0][0] for w in best])
    return made


def _name(sources: Sequence[Source], words: Sequence[str]) -> str:
    """The heading that most stand under, else the two most telling words."""
    headings = Counter(s.section for s in sources if s.section)
    if headings:
        heading, count = headings.most_common(1)[0]
        if count >= SHARED_HEADING * len(sources):
            return topic_name(heading[-150:])
    return topic_name(", ".join(words[:2]) or "?")
