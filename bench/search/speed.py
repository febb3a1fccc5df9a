"""How fast understanding and searching are and what they cost, at sizes on the command line: speed.py 10000 100000.

I print one JSON line per size. People and bench/run.py call me.
I never test: what is slow on a loaded machine is not a failure.
"""

import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the web process has it, before numpy comes

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from corpus import passages, questions  # noqa: E402

from taktvoll.adapters.encoder import Encoded, SentenceEncoder  # noqa: E402
from taktvoll.adapters.search import HybridSearchBuilder  # noqa: E402
from taktvoll.adapters.signals import LanguageReader  # noqa: E402
from taktvoll.adapters.signals.understanding import Understander  # noqa: E402

NAME = "b0" * 32
READ_UP_TO = 10_000
"""Larger corpora are filled with made-up vectors: encoding them takes half an hour and is measured on the smaller."""


class Scattered(SentenceEncoder):
    """Gives a corpus vectors by chance, seeded by the text: as many, as large and as spread as real ones."""

    def passages(self, texts: Sequence[str], windows: int = 1) -> list[Encoded]:
        """Make vectors up, one piece for every five letters."""
        return [self._made_up(text, max(1, len(text) // 5)) for text in texts]

    def questions(self, texts: Sequence[str]) -> list[Encoded]:
        """Make vectors up."""
        return [self._made_up(text, 1) for text in texts]

    def _made_up(self, text: str, pieces: int) -> Encoded:
        chance = np.random.default_rng(zlib.crc32(text.encode()))
        sentence = chance.integers(-127, 127, self.dimensions, np.int8, endpoint=True)
        words = chance.integers(-127, 127, (min(pieces, 80), self.word_dimensions), np.int8, endpoint=True)
        return Encoded(sentence, words, np.full(len(words), 1 / len(words), np.float32))


def _encoder(size: int) -> SentenceEncoder:
    return SentenceEncoder() if size <= READ_UP_TO else Scattered()


def main() -> None:
    """Measure each size in processes of their own: one builds, one opens and answers."""
    if len(sys.argv) == 4:
        {"build": measure_build, "ask": measure_questions}[sys.argv[1]](int(sys.argv[2]), Path(sys.argv[3]))
        return
    for size in map(int, sys.argv[1:] or ["10000", "100000"]):
        with tempfile.TemporaryDirectory(prefix="taktvoll-speed-") as folder:
            figures = {"passages": size}
            for what in ("build", "ask"):
                run = [sys.executable, __file__, what, str(size), folder]
                out = subprocess.run(run, check=True, capture_output=True, text=True).stdout
                figures |= json.loads(out.splitlines()[-1])
            print(json.dumps(figures), flush=True)


def measure_build(size: int, folder: Path) -> None:
    """Build, and build once more with one passage added."""
    began, seen = time.perf_counter(), set()
    HybridSearchBuilder(folder, _encoder(size)).open_or_build(
        NAME, lambda: passages(size), size, lambda what, *_: seen.add(what)
    ).close()
    built_s = time.perf_counter() - began
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = time.perf_counter()
    HybridSearchBuilder(folder, _encoder(size)).open_or_build(
        "b1" * 32, lambda: passages(size + 1), size + 1, lambda *_: None
    ).close()
    again_s = time.perf_counter() - began
    print(
        json.dumps(
            {
                "build_s": round(built_s, 1),
                "build_peak_mb": round(peak_mb),
                "rebuild_with_one_more_s": round(again_s, 1),
                "disk_mb": round(sum(f.stat().st_size for f in (folder / NAME).rglob("*")) / 1e6, 1),
            }
        )
    )


def measure_questions(size: int, folder: Path) -> None:
    """Open the built search and ask it one after the other, then ten at a time."""
    asked = questions(600, size)
    before_mb = _pss_mb()
    began = time.perf_counter()
    encoder = SentenceEncoder()
    builder, understander = HybridSearchBuilder(folder, encoder), Understander(LanguageReader(), encoder)
    search = builder.open_or_build(NAME, lambda: passages(size), size, lambda *_: None)
    opened_s = time.perf_counter() - began

    async def find(question: str) -> int:
        """Understand a message and search, as a turn does; both ask for the same vector, which is encoded once."""
        await understander.read(question, "de")
        return len(await search.find(question, "de", lambda key: True, datetime.now(UTC), 10))

    async def measure() -> dict[str, float]:
        for question in asked[:100]:
            await find(question)
        times, cpu = [], time.process_time()
        for question in asked[100:400]:
            began = time.perf_counter()
            await find(question)
            times.append((time.perf_counter() - began) * 1000)
        cpu_ms = (time.process_time() - cpu) / 300 * 1000
        began, cpu = time.perf_counter(), time.process_time()
        for at in range(400, 600, 10):
            await asyncio.gather(*map(find, asked[at : at + 10]))
        together_s = time.perf_counter() - began
        times.sort()
        return {
            "open_s": round(opened_s, 3),
            "p50_ms": round(statistics.median(times), 2),
            "p99_ms": round(times[296], 2),
            "cpu_ms": round(cpu_ms, 2),
            "ten_at_once_per_s": round(200 / together_s),
            "ten_at_once_cpu_ms": round((time.process_time() - cpu) / 200 * 1000, 2),
            "pss_mb": round(_pss_mb()),
            "pss_before_mb": round(before_mb),
        }

    print(json.dumps(asyncio.run(measure())))


def _pss_mb() -> float:
    text = Path(f"/proc/{os.getpid()}/smaps_rollup").read_text()
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")) / 1024


if __name__ == "__main__":
    main()
