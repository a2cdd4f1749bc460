"""Whisper on utterances of several calls: decoded as one batch against one by one, per utterance.

The model is the tests' miniature unless `--model` names a local one: its encoder is one layer of 64
dimensions, so that features and Python take most of the time, and the result only shows that a
batch adds no other cost. What real weights or a GPU gain has to be measured with them. CPU time is
the whole process's, so it holds on a busy machine; wall time does not.
"""

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

import anyio
import numpy as np

from knowledge.load import load
from tests.bench import rig
from tests.fakes.mini_whisper import make
from voice_agent.audio.pcm import RATE_HZ
from voice_agent.audio.wav import read_mono
from voice_agent.config import SAMPLE_COMPANY
from voice_agent.emulator.script import FIXTURES
from voice_agent.speech.guards import Voiced
from voice_agent.speech.stt_whisper import PAYS, WhisperTranscriber

STREAMS = 8
BATCHES = (1, 2, 4, 8)
LENGTHS_S = (1.0, 3.0, 6.0)
ROUNDS, QUICK_ROUNDS = 7, 3


def voice(seconds: float) -> Voiced:
    """This much of a fixture's caller, repeated if too short."""
    pcm = read_mono(FIXTURES / "pricing/01_hello_how_much_is.wav")
    return Voiced(np.resize(pcm, int(seconds * RATE_HZ)), 0.0, seconds, -20.0)


def decoded(whisper: WhisperTranscriber, sounds: list[Voiced], batch: int, rounds: int
            ) -> dict[str, float]:  # fmt: skip
    """Milliseconds per utterance, the best of the rounds."""
    cpu, wall = [], []
    for _ in range(rounds):
        cpu_s, wall_s = time.process_time(), time.perf_counter()
        for first in range(0, len(sounds), batch):
            whisper.decode(sounds[first : first + batch])
        cpu.append(time.process_time() - cpu_s)
        wall.append(time.perf_counter() - wall_s)
    each = 1000 / len(sounds)
    return {"cpu_ms": round(min(cpu) * each, 1), "wall_ms": round(min(wall) * each, 1)}


async def _measured(model: str, rounds: int) -> tuple[int, dict[str, Any]]:
    whisper = WhisperTranscriber(load(SAMPLE_COMPANY).company, model=model, deadline_s=60.0)
    await whisper.load()
    try:
        found: dict[str, Any] = {}
        for seconds in LENGTHS_S:
            sounds = [voice(seconds)] * STREAMS
            rows = {str(batch): decoded(whisper, sounds, batch, rounds) for batch in BATCHES}
            found[f"{seconds:g} s"] = rows
            rig.say(f"  {seconds:g} s: {rows}")
        return whisper.pool.together, found
    finally:
        await whisper.aclose()


def measured(options: argparse.Namespace) -> rig.Result:
    """Every length in every batch size."""
    rounds = QUICK_ROUNDS if options.quick else ROUNDS
    with tempfile.TemporaryDirectory() as folder:
        model = options.model or str(make(Path(folder) / "model"))
        together, found = anyio.run(_measured, model, rounds)
    shares = [rows["8"]["cpu_ms"] / rows["1"]["cpu_ms"] for rows in found.values()]
    return rig.Result(
        "a batch of eight, of the time one by one", round(100 * float(np.median(shares))), None,
        STREAMS, "%", f"batched only where it is below {100 * PAYS:.0f} %",
        (together > 1) is (float(np.median(shares)) < PAYS),
        {"model": options.model or "miniature", "together": together, "utterance": found},
    )  # fmt: skip


def main() -> None:
    """Print the figure as JSON."""
    parser = rig.arguments(__doc__)
    parser.add_argument("--model", help="name or folder of a model on this disk")
    rig.run(measured, parser)


if __name__ == "__main__":
    main()
