"""The network that is trained: some of the base's layers, and two heads for comparing texts piece by piece.

I decide its form. Distilling, contrasting and the export call me. I never train the rows of the pieces: they stay as
the base has them, in four bits, so that the shipped ones are exactly those trained with.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from base import Base
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

LAYERS = (0, 1, 2, 4, 6, 8, 10, 11)
WORD_DIMENSIONS = 64
# What each role is told by; a question goes without, which saves a fifth of its pieces.
QUESTION, PASSAGE = "", "passage: "


class Layer(nn.Module):
    """One layer of a BERT. Source: Devlin et al. 2019."""

    def __init__(self, hidden: int, inner: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv, self.out = nn.Linear(hidden, 3 * hidden), nn.Linear(hidden, hidden)
        self.out_norm = nn.LayerNorm(hidden, eps=1e-12)
        self.up, self.down = nn.Linear(hidden, inner), nn.Linear(inner, hidden)
        self.down_norm = nn.LayerNorm(hidden, eps=1e-12)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """Let every piece look at the others, then think for itself."""
        hidden: int = self.out.in_features
        q, k, v = (self._by_head(part) for part in self.qkv(x).split(hidden, -1))
        looked = torch.softmax(q @ k.transpose(-1, -2) * (hidden // self.heads) ** -0.5 + bias, -1) @ v
        joined = looked.permute(0, 2, 1, 3).contiguous()
        x = self.out_norm(x + self.out(joined.view(joined.size(0), joined.size(1), hidden)))
        return self.down_norm(x + self.down(functional.gelu(self.up(x))))

    def _by_head(self, x: Tensor) -> Tensor:
        # In this form the exported graph works out no shapes, which would cost more than some of its matrices.
        return x.view(x.size(0), x.size(1), self.heads, x.size(2) // self.heads).permute(0, 2, 1, 3)


class Network(nn.Module):
    """From the rows of a text's pieces to the direction of the text, of each piece, and how telling each piece is."""

    def __init__(self, base: Base, layers: Sequence[int] = LAYERS) -> None:
        super().__init__()
        hidden = base.hidden
        self.position = nn.Embedding(base.positions, hidden)
        self.kind = nn.Parameter(torch.from_numpy(base.plain("emb.type")[:hidden]))
        self.norm = nn.LayerNorm(hidden, eps=1e-12)
        self.layers = nn.ModuleList(Layer(hidden, base.inner, base.heads) for _ in layers)
        self.word, self.telling = nn.Linear(hidden, WORD_DIMENSIONS, bias=False), nn.Linear(hidden, 1)
        nn.init.orthogonal_(self.word.weight)
        nn.init.zeros_(self.telling.weight)
        nn.init.zeros_(self.telling.bias)
        # From how text, heading and pieces match to whether the entry settles the question; used in training alone.
        self.settles = nn.Linear(3, 1)
        with torch.no_grad():
            self.settles.weight.copy_(torch.tensor([[10.0, 5.0, 15.0]]))
            self.settles.bias.fill_(-20.0)
            _fill(self.position.weight, base.plain("emb.pos").reshape(-1, hidden))
            _fill(self.norm.weight, base.plain("emb.ln.w"))
            _fill(self.norm.bias, base.plain("emb.ln.b"))
            for layer, number in zip(self.layers, layers, strict=True):
                _take_over(layer, base, f"l{number}.")  # type: ignore[arg-type]

    def states(self, rows: Tensor, mask: Tensor) -> Tensor:
        """Give the state of each piece after the last layer."""
        x = self.norm(rows + self.position.weight[: rows.shape[1]] + self.kind)
        bias = ((1 - mask) * -1e4)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, bias)
        return x

    def forward(self, rows: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Give text directions (b, h), piece directions (b, l, d) and how telling the pieces are (b, l)."""
        states = self.states(rows, mask).float()
        return (
            pooled(states, mask),
            functional.normalize(self.word(states), dim=-1),
            self.telling(states)[..., 0],
        )


def pooled(states: Tensor, mask: Tensor) -> Tensor:
    """Give the mean direction of a text's pieces."""
    mean = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
    return functional.normalize(mean, dim=-1)


def _take_over(layer: Layer, base: Base, name: str) -> None:
    hidden, inner = base.hidden, base.inner
    _fill(layer.qkv.weight, np.concatenate([base.matrix(f"{name}{part}.w", hidden) for part in "qkv"]))
    _fill(layer.qkv.bias, np.concatenate([base.plain(f"{name}{part}.b") for part in "qkv"]))
    for linear, part, rows in (
        (layer.out, "ao", hidden),
        (layer.up, "fi", inner),
        (layer.down, "fo", hidden),
    ):
        _fill(linear.weight, base.matrix(f"{name}{part}.w", rows))
        _fill(linear.bias, base.plain(f"{name}{part}.b"))
    for norm, part in ((layer.out_norm, "aln"), (layer.down_norm, "oln")):
        _fill(norm.weight, base.plain(f"{name}{part}.w"))
        _fill(norm.bias, base.plain(f"{name}{part}.b"))


def _fill(parameter: Tensor, values: NDArray[np.float32]) -> None:
    parameter.copy_(torch.from_numpy(values))


def save(path: Path, state: dict[str, Tensor]) -> None:
    """Keep what was learned."""
    torch.save(state, path)


def load(path: Path, network: Network) -> Network:
    """Bring back what was learned."""
    network.load_state_dict(torch.load(path, weights_only=True), strict=False)
    return network
