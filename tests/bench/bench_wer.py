"""Word error rate on unseen caller utterances over a telephone line, and the cost of recognition.

Sentences: tests/speech/unseen_utterances.txt, written independently of the grammar; those that the
grammar happens to expand to are left out. Voices: flite rms and slt, espeak-ng (Debian packages
`flite`, `espeak-ng`, `sox`), 200-3400 Hz, mu-law, 8 kHz; `noisy` adds recorded noise at 15 dB
(voice rms). A caller's utterances follow each other as in a call, in 20 ms frames, unpaced;
`settle` latency is measured separately, with audio pushed at the pace of speech. Compared without
case and hyphens; letters said one by one count as one word.

Run: python -m tests.bench.bench_wer [--quick] [--live 20]
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path

import anyio
import numpy as np

from knowledge.load import load
from tests.bench import rig
from tests.speech.sounds import AUDIO, at_level, clips, mixed
from voice_agent.audio.pcm import FRAME_S, RATE_HZ, Pcm
from voice_agent.config import SAMPLE_COMPANY
from voice_agent.speech.sphinx import caller_language
from voice_agent.speech.sphinx.caller_language import phrases_of
from voice_agent.speech.sphinx.decoder import SphinxDecoder
from voice_agent.speech.sphinx.transcriber import SphinxTranscriber

UNSEEN = Path(__file__).parents[1] / "speech" / "unseen_utterances.txt"
VOICES = ("rms", "slt", "espeak")
FRAME = int(FRAME_S * RATE_HZ)


def words(text: str) -> list[str]:
    """Words to compare: runs of single letters joined, since `c r m` and `crm` are the same."""
    out: list[str] = []
    spelling = False
    for word in text.lower().replace("-", " ").split():
        if len(word) == 1 and spelling:
            out[-1] += word
        else:
            out.append(word)
        spelling = len(word) == 1
    return out


def edits(said: list[str], heard: list[str]) -> int:
    """Substitutions, deletions and insertions."""
    row = list(range(len(heard) + 1))
    for i, a in enumerate(said, 1):
        above, row = row, [i]
        for j, b in enumerate(heard, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (a != b)))
    return row[-1]


def spoken(text: str, voice: str, folder: Path) -> Pcm:
    """The sentence as the telephone network delivers it."""
    raw, line = folder / "raw.wav", folder / "line.wav"
    if voice == "espeak":
        make = ["espeak-ng", "-v", "en-us", "-s", "150", "-w", str(raw), text]
    else:
        make = ["flite", "-voice", voice, "-t", text, "-o", str(raw)]
    subprocess.run(make, check=True)
    band = ["sinc", "200-3400", "gain", "-n", "-6", "pad", "0.3", "0.3"]
    mulaw = ["-r", "8000", "-e", "mu-law", "-b", "8", "-c", "1"]
    subprocess.run(["sox", "-D", raw, *mulaw, folder / "u.wav", *band], check=True)
    subprocess.run(["sox", "-D", folder / "u.wav", "-e", "signed", "-b", "16", line], check=True)
    with wave.open(str(line)) as reader:
        return np.frombuffer(reader.readframes(reader.getnframes()), "<i2")


def wrong(decoder: SphinxDecoder, said: dict[str, Pcm]) -> dict[str, float]:
    """Word error rate of one caller who says all this, and CPU seconds per second of audio."""
    errors = total = 0
    cpu = audio = 0.0
    mean = ""
    for text, pcm in said.items():
        began = time.process_time()
        decoder.begin(mean)
        for at in range(0, len(pcm), FRAME):
            decoder.feed(pcm[at : at + FRAME])
        heard = decoder.finish().text
        mean = decoder.abandon()
        cpu += time.process_time() - began
        audio += len(pcm) / RATE_HZ
        errors += edits(words(text), words(heard))
        total += len(words(text))
    return {"wer": round(100 * errors / total, 1), "rtf": round(cpu / audio, 3)}


async def settle_ms(transcriber: SphinxTranscriber, said: list[Pcm]) -> list[float]:
    """From each utterance's last push, at the pace of speech, to its settled words."""
    taken: list[float] = []
    for pcm in said:
        utterance = transcriber.open("caller")
        start = anyio.current_time()
        for at in range(0, len(pcm), FRAME):
            await anyio.sleep_until(start + at / RATE_HZ)
            utterance.push(pcm[at : at + FRAME])
        pushed = anyio.current_time()
        await utterance.settle()
        taken.append(1000 * (anyio.current_time() - pushed))
        utterance.close()
    return taken


async def live(transcriber: SphinxTranscriber, said: list[Pcm]) -> tuple[float, list[float]]:
    began = anyio.current_time()
    await transcriber.load()
    loaded_s = anyio.current_time() - began
    try:
        return loaded_s, await settle_ms(transcriber, said)
    finally:
        await transcriber.aclose()


def noisy(said: dict[str, Pcm]) -> dict[str, Pcm]:
    """The same with recorded noise 15 dB below."""
    noises = clips("noise")
    return {
        text: mixed(at_level(pcm, -23), at_level(np.resize(noises[n % len(noises)], len(pcm)), -38))
        for n, (text, pcm) in enumerate(said.items())
    }


def measured(options: argparse.Namespace) -> rig.Result:
    for tool in ("flite", "espeak-ng", "sox"):
        if shutil.which(tool) is None:
            sys.exit(f"{tool} is not installed")
    loaded = load(SAMPLE_COMPANY)
    phrases = phrases_of(loaded.articles)
    wordings = caller_language.wordings_of(loaded)
    expanded = set(caller_language.sentences(loaded.company, phrases, wordings))
    texts = [t for t in UNSEEN.read_text().split("\n") if t and t not in expanded]
    texts = texts[::4] if options.quick else texts
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        said = {voice: {text: spoken(text, voice, home) for text in texts} for voice in VOICES}
        language = caller_language.prepare(loaded.company, phrases, home, wordings)
        tell = {}
        if (AUDIO / "noise").is_dir():
            said["rms noisy"] = noisy(said["rms"])
        for voice, lines in said.items():
            files = language.hmm, language.lm, language.dictionary
            tell[voice] = wrong(SphinxDecoder(*files), lines)
            rig.say(f"{voice}: {tell[voice]}")
        transcriber = SphinxTranscriber(loaded.company, phrases, home, wordings=wordings)
        pcms = list(said["rms"].values())[: options.live]
        loaded_s, taken = anyio.run(live, transcriber, pcms)
    more = {"voices": tell, "sentences": len(texts), "load_s": round(loaded_s, 2)}
    p50, p95 = rig.percentile(taken, 50), rig.percentile(taken, 95)
    target = "settle p50 <= 60 ms; words wrong below 6 / 13 / 36 %"
    below = zip(VOICES, (6, 13, 36), strict=True)
    met = (p50 or 0) <= 60 and all(tell[voice]["wer"] < most for voice, most in below)
    return rig.Result("recognition", p50, p95, len(taken), "ms", target, met, more)


def main() -> None:
    parser = rig.arguments(__doc__)
    parser.add_argument("--live", type=int, default=20, help="utterances to time `settle` with")
    rig.run(measured, parser)


if __name__ == "__main__":
    main()
