"""Second: questions learn to lie near the entries that settle them, and away from those that only look like it.

I decide how. run.py calls me with the knowledge bases to learn from. I never see a base that is held back.

Source: van den Oord et al. 2018 (InfoNCE); Karpukhin et al. 2020 (hard negatives); Khattab and Zaharia 2020 (pieces).
"""

import random
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from corpus import Asked, Base
from cutting import Cutter
from network import PASSAGE, QUESTION, Network, save
from torch import Tensor
from torch.nn import functional

QUESTIONS, ENTRIES, ENTRIES_MAX = 24, 32, 36
QUESTION_PIECES, HEADING_PIECES, ENTRY_PIECES = 72, 32, 96
RATE, HEAD_RATE = 8e-5, 1e-3
SHARP, SOFT = 0.03, 0.07
SETTLES_WEIGHT = 0.3
AVERAGE_FROM, AVERAGE_KEEPS = 0.3, 0.99
SEED = 3


def contrast(network: Network, bases: Sequence[Base], epochs: float, cutter: Cutter, out: Path) -> None:
    """Train; what is kept is the moving average of the later steps."""
    torch.manual_seed(SEED)
    chance = random.Random(SEED)
    network.train()
    plan = _plan(bases, epochs, chance)
    cut = {b.name: _Cut(b, cutter) for b in bases}
    heads = [p for head in (network.word, network.telling, network.settles) for p in head.parameters()]
    known = {id(p) for p in heads}
    body = [p for p in network.parameters() if id(p) not in known]
    groups = [{"params": body, "most": RATE}, {"params": heads, "most": HEAD_RATE}]
    optimiser = torch.optim.AdamW(groups, lr=RATE, weight_decay=0.01)
    average, started, first = _copy(network), time.time(), [0.0, 0.0, 0.0]
    for step, (base, asked) in enumerate(plan):
        for group in optimiser.param_groups:
            group["lr"] = group["most"] * min(1.0, step / 60) * (1 - step / len(plan))
        loss, by_text, by_piece = _loss(network, cut[base.name], asked, cutter, chance)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        _follow(average, network, step > AVERAGE_FROM * len(plan))
        first = [a + b for a, b in zip(first, (loss.item(), by_text, by_piece), strict=True)]
        if step % 50 == 49:
            shown = ", ".join(f"{value / 50:.3f}" for value in first)
            print(f"  contrast {step + 1}/{len(plan)}: {shown}, {time.time() - started:.0f} s", flush=True)
            first = [0.0, 0.0, 0.0]
            save(out, average)
    save(out, average)


class _Cut:
    """The entries of a base, cut once."""

    def __init__(self, base: Base, cutter: Cutter) -> None:
        self.headings = [cutter.cut(QUESTION, e.question, HEADING_PIECES) for e in base.entries]
        self.entries = [cutter.cut(PASSAGE, f"{e.question}\n{e.text}", ENTRY_PIECES) for e in base.entries]


def _plan(bases: Sequence[Base], epochs: float, chance: random.Random) -> list[tuple[Base, list[Asked]]]:
    """Questions of one base share a batch, so that its other entries are what they must be told from."""
    plan: list[tuple[Base, list[Asked]]] = []
    wanted = None
    while wanted is None or len(plan) < wanted:
        batches = []
        for base in bases:
            asked = list(base.asked)
            chance.shuffle(asked)
            cut = [asked[i : i + QUESTIONS] for i in range(0, len(asked), QUESTIONS)]
            batches += [(base, batch) for batch in cut if len(batch) > 4]
        chance.shuffle(batches)
        wanted = wanted or int(epochs * len(batches))
        plan += batches
    return plan[:wanted]


def _loss(
    network: Network, cut: _Cut, asked: list[Asked], cutter: Cutter, chance: random.Random
) -> tuple[Tensor, float, float]:
    entries = _entries(len(cut.entries), asked, chance)
    right, also = _marks(asked, entries)
    texts = [cutter.cut(QUESTION, _roughened(a.text, chance), QUESTION_PIECES) for a in asked]
    said = [cut.entries[e] for e in entries]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        question, pieces, telling = network(*cutter.pack(texts))
        entry, entry_pieces, _ = network(*cutter.pack(said))
        heading, _, _ = network(*cutter.pack([cut.headings[e] for e in entries]))
    question, entry, heading = question.float(), entry.float(), heading.float()
    content, entry_content = cutter.content(QUESTION, texts), cutter.content(PASSAGE, said)
    weights = torch.softmax(telling.float().masked_fill(content == 0, -1e4), 1)
    met = torch.einsum("bld,emd->belm", pieces.float(), entry_pieces.float())
    met = met.masked_fill(entry_content[None, :, None, :] == 0, -2).max(-1).values
    by_piece = (met * weights[:, None, :]).sum(-1)
    by_text, by_heading = question @ entry.T, question @ heading.T
    together = by_text + 0.5 * by_heading + 1.5 * by_piece
    loss = (
        _nce(by_text / SHARP, right, also)
        + 0.5 * _nce(by_heading / SHARP, right, also)
        + _nce(by_piece / SHARP, right, also)
        + _nce(together / SOFT, right, also)
        + SETTLES_WEIGHT * _settles(network, (by_text, by_heading, by_piece), right, also)
    )
    known = right.sum(1) > 0
    best = right.argmax(1)[known]
    return loss, *(float((s.argmax(1)[known] == best).float().mean()) for s in (by_text, by_piece))


def _entries(count: int, asked: list[Asked], chance: random.Random) -> list[int]:
    """Choose the entries of a batch: those asked for, those that look like them, and others of the same base."""
    wanted = [r for a in asked for r in a.right[:1]] + [n for a in asked for n in a.near[:2]]
    chosen = list(dict.fromkeys(wanted))[:ENTRIES_MAX]
    rest = sorted(set(range(count)) - set(chosen))
    chance.shuffle(rest)
    return chosen + rest[: max(0, ENTRIES - len(chosen))]


def _marks(asked: list[Asked], entries: list[int]) -> tuple[Tensor, Tensor]:
    """Mark each question's best entry, and the others that also settle it, which are no negatives."""
    place = {e: i for i, e in enumerate(entries)}
    right, also = torch.zeros(len(asked), len(entries)), torch.zeros(len(asked), len(entries))
    for row, question in enumerate(asked):
        for number, entry in enumerate(question.right):
            if entry in place:
                (also if number else right)[row, place[entry]] = 1
    return right, also


def _nce(scores: Tensor, right: Tensor, also: Tensor) -> Tensor:
    likelihood = functional.log_softmax(scores - also * 1e4, 1)
    return -((likelihood * right).sum(1) / right.sum(1).clamp(min=1)).mean()


def _settles(network: Network, matched: tuple[Tensor, ...], right: Tensor, also: Tensor) -> Tensor:
    """How far the match itself tells settled from not: the right entry must be sure, the likeliest other must not.

    It makes matches comparable between questions, which a softmax over one question's entries does not.
    """
    logits = network.settles(torch.stack(matched, -1))[..., 0]
    missed = (functional.softplus(-logits) * right).sum(1)
    likeliest = logits.masked_fill((right + also) > 0, -1e4).max(1).values
    return (missed + functional.softplus(likeliest)).mean()


def _roughened(text: str, chance: random.Random) -> str:
    """Write some questions as hurried people do: small letters, no umlauts, no marks, a slip of the finger."""
    drawn = chance.random()
    if chance.random() < 0.15:
        text = text.lower()
    if drawn < 0.06:
        return text.translate({ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss"})
    if drawn < 0.12:
        return text.rstrip("?.!").replace(",", "")
    if drawn < 0.2 and len(text) > 12:
        at = chance.randrange(1, len(text) - 2)
        swapped = text[at + 1] + text[at] if chance.random() < 0.5 else text[at + 1]
        return text[:at] + swapped + text[at + 2 :]
    return text


def _copy(network: Network) -> dict[str, Tensor]:
    return {name: value.clone() for name, value in network.state_dict().items()}


def _follow(average: dict[str, Tensor], network: Network, slowly: bool) -> None:
    with torch.no_grad():
        for name, value in network.state_dict().items():
            if slowly:
                average[name].mul_(AVERAGE_KEEPS).add_(value, alpha=1 - AVERAGE_KEEPS)
            else:
                average[name].copy_(value)
