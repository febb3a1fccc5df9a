"""First: fewer layers learn to say what twelve say.

I decide how. run.py calls me. I never see a label.

Source: Hinton et al. 2015, distilling the knowledge in a neural network; Reimers and Gurevych 2020 for sentences.
"""

import random
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from cutting import Cutter
from network import Network, pooled, save
from torch import Tensor
from torch.nn import functional

PIECES_MAX = 72
BATCH_PIECES = 1800
TEXTS = 34_000
RATE = 3e-4
WARM_UP = 100
SEED = 1


def distil(
    teacher: Network, student: Network, texts: Sequence[tuple[str, str]], cutter: Cutter, out: Path
) -> None:
    """Teach the student, one pass over the texts."""
    torch.manual_seed(SEED)
    teacher.eval()
    student.train()
    # The base knows a question by its prefix; the student is to do without.
    known = {"": "query: "}
    chance = random.Random(SEED)
    taken = chance.sample(list(texts), min(TEXTS, len(texts)))
    batches = _batches(
        [
            (cutter.cut(role, t, PIECES_MAX), cutter.cut(known.get(role, role), t, PIECES_MAX + 3))
            for role, t in taken
        ]
    )
    optimiser = torch.optim.AdamW(student.parameters(), lr=RATE, weight_decay=0.01)
    started = time.time()
    for number, batch in enumerate(batches):
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1.0, number / WARM_UP) * (1 - number / len(batches))
        rows, mask = cutter.pack([own for own, _ in batch])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            with torch.no_grad():
                told, told_mask = cutter.pack([full for _, full in batch])
                taught = teacher.states(told, told_mask)
            said = student.states(rows, mask)
        loss, alike = _loss((taught.float(), told_mask), (said.float(), mask), batch)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimiser.step()
        if number % 50 == 49:
            print(
                f"  distil {number + 1}/{len(batches)}: cosine {alike:.4f}, {time.time() - started:.0f} s",
                flush=True,
            )
    save(out, student.state_dict())


Told = tuple[list[int], list[int]]
"""A text's pieces without and with the base's prefix."""


def _loss(
    taught: tuple[Tensor, Tensor], said: tuple[Tensor, Tensor], batch: list[Told]
) -> tuple[Tensor, float]:
    """Texts, pieces, and how texts lie to one another are to be alike."""
    texts, own = pooled(*taught), pooled(*said)
    alike = (texts * own).sum(-1)
    offset = [len(full) - len(own_pieces) for own_pieces, full in batch]
    length = said[0].shape[1]
    # Piece n of the student is piece n + offset of the teacher; the mark at the beginning has none.
    place = (torch.arange(length)[None, :] + torch.tensor(offset)[:, None]).clamp(max=taught[0].shape[1] - 1)
    moved = torch.gather(taught[0], 1, place[..., None].expand(-1, -1, taught[0].shape[2]))
    mask = said[1].clone()
    mask[:, 0] = 0
    pieces = ((1 - functional.cosine_similarity(moved, said[0], dim=-1)) * mask).sum() / mask.sum()
    relations = ((texts @ texts.T - own @ own.T) ** 2).mean()
    return 2 * (1 - alike).mean() + pieces + 20 * relations, float(alike.detach().mean())


def _batches(texts: list[Told]) -> list[list[Told]]:
    chance = random.Random(SEED)
    chance.shuffle(texts)
    texts.sort(key=lambda t: len(t[0]) // 2)
    batches: list[list[Told]] = [[]]
    for text in texts:
        if batches[-1] and (len(batches[-1]) + 1) * len(text[0]) > BATCH_PIECES:
            batches.append([])
        batches[-1].append(text)
    chance.shuffle(batches)
    return batches
