"""Make the encoder that the package ships: python training/encoder/run.py --shared DIR [--held-back NAME …].

I decide the order: pieces, distil, contrast, export. `make train` calls me; it takes an hour or two on two cores.
I never measure: training/search/fit.py and bench/measure.py do.
"""

import argparse
from pathlib import Path

import base as base_model
import corpus
import numpy as np
import pieces
import torch
from contrast import contrast
from cutting import Cutter, write_rows
from distil import distil
from export import export
from network import LAYERS, Network, load

WEIGHTS = Path(__file__).resolve().parents[2] / "src" / "taktvoll" / "adapters" / "encoder" / "weights"


def main() -> None:
    """Go through the steps; what is there already is not made again."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--shared", type=Path, required=True, metavar="DIR", help="holds data/…")
    parser.add_argument("--work", type=Path, default=Path("build/encoder"), help="what is kept between steps")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="where the weights go")
    parser.add_argument("--epochs", type=float, default=3.0)
    parser.add_argument(
        "--held-back", nargs="*", default=corpus.HELD_BACK, metavar="NAME", help="bases not to learn from"
    )
    arguments = parser.parse_args()
    data, work, out = arguments.shared / "data", arguments.work, arguments.out
    work.mkdir(parents=True, exist_ok=True)
    out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(2)
    base = base_model.read()
    if not (out / "rows.npz").exists():
        kept = pieces.chosen(base, (text for _, text in corpus.texts(data)))
        print(f"{len(kept)} of {len(base.pieces)} pieces", flush=True)
        pieces.write(out / "pieces.model", base, np.asarray(kept))
        write_rows(out / "rows.npz", base, np.asarray(kept))
    cutter, distilled = Cutter(out), work / "distilled.pt"
    if not distilled.exists():
        teacher = Network(base, range(base.layers))
        distil(teacher, Network(base, LAYERS), corpus.texts(data), cutter, distilled)
    network = load(distilled, Network(base, LAYERS))
    learned = work / ("learned-without-" + "-".join(sorted(arguments.held_back)) + ".pt")
    contrast(network, corpus.bases(data, set(arguments.held_back)), arguments.epochs, cutter, learned)
    export(load(learned, network), base.hidden, out / "encoder.onnx")


if __name__ == "__main__":
    main()
