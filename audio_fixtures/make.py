"""Voice the callers of callers.yaml: writes one 8 kHz WAV per utterance and manifest.json.

    .venv/bin/python audio_fixtures/make.py [--in FOLDER] [SCRIPT ...]

FOLDER holds callers.yaml, by default this one: a company may bring callers of its own.
Needs flite, espeak-ng and sox (Debian: `apt-get install flite espeak-ng sox`). The files are
committed, so these are needed only to change a line. All voices are synthetic; no recording of a
person is used.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import yaml

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT.parent))

from voice_agent.audio.pcm import Pcm, level_dbfs  # noqa: E402
from voice_agent.audio.wav import read, write_mono  # noqa: E402
from voice_agent.emulator.script import SPEECH_FLOOR_DBFS, speech_of  # noqa: E402

RATE_HZ = 8000
SPEECH_DBFS = -23.0
"""Level of the speech itself, as on a healthy telephone line."""

EDGE_S = 0.06
"""Silence kept before and after an utterance."""

PHONES = {  # no speller knows these: (flite phones, espeak phones)
    "mm-hm": ("m ax hh m", "m'@hm"),
    "uh huh": ("ah hh ah", "'Vh'V"),
}


def voiced(voice: str, text: str, folder: Path) -> Pcm:
    """One stretch of speech in the telephone's band, trimmed, not yet at its level."""
    engine, name, *style = voice.split()
    out = folder / "out.wav"
    fast = "fast" in style
    if engine == "flite":
        spoken = ["-p", f"pau {PHONES[text][0]} pau"] if text in PHONES else ["-t", text]
        stretch = ["--setf", f"duration_stretch={0.74 if fast else 1.0}"]
        run(["flite", "-voice", name, *stretch, *spoken, "-o", str(out)])
    else:
        spoken_text = f"[[{PHONES[text][1]}]]" if text in PHONES else text
        run(["espeak-ng", "-v", name, "-s", "190" if fast else "155", "-w", str(out), spoken_text])
    return trimmed(telephone(read(out).mono(RATE_HZ)))


def run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stderr}")


def telephone(pcm: Pcm) -> Pcm:
    """Only 300-3,400 Hz, with soft edges."""
    spectrum = np.fft.rfft(pcm.astype(np.float64))
    hz = np.fft.rfftfreq(len(pcm), 1 / RATE_HZ)
    band = np.clip((hz - 200) / 100, 0, 1) * np.clip((3600 - hz) / 200, 0, 1)
    return to_pcm(np.fft.irfft(spectrum * band, len(pcm)))


def trimmed(pcm: Pcm) -> Pcm:
    """Without the silence around it; what is 40 dB below the loudest 10 ms is silence."""
    blocks = len(pcm) // 80
    levels = np.array([level_dbfs(pcm[n * 80 : n * 80 + 80]) for n in range(blocks)])
    loud = np.flatnonzero(levels > levels.max() - 40)
    return pcm[loud[0] * 80 : (loud[-1] + 1) * 80]


def levelled(pcm: Pcm, dbfs: float) -> Pcm:
    """Scaled so that its speech (blocks within 25 dB of the loudest) has this level."""
    blocks = pcm[: len(pcm) // 160 * 160].reshape(-1, 160)
    levels = np.array([level_dbfs(block) for block in blocks])
    speech = blocks[levels > levels.max() - 25].reshape(-1)
    gain = 10 ** ((dbfs - level_dbfs(speech)) / 20)
    return to_pcm(pcm * min(gain, 30000 / max(1, int(np.abs(pcm.astype(int)).max()))))


def to_pcm(samples: np.ndarray) -> Pcm:
    return np.clip(np.rint(samples), -32768, 32767).astype(np.int16)


def silence(seconds: float) -> Pcm:
    return np.zeros(round(seconds * RATE_HZ), np.int16)


def utterance(voice: str, text: str, gain_db: float, folder: Path) -> Pcm:
    """A line with its bracketed pauses, at the level of the script."""
    parts: list[Pcm] = [silence(EDGE_S)]
    for n, part in enumerate(re.split(r"\[(\d+)\]", text)):
        if n % 2:
            parts.append(silence(int(part) / 1000))
        elif part.strip():
            parts.append(voiced(voice, part.strip(), folder))
    return levelled(np.concatenate([*parts, silence(EDGE_S)]), SPEECH_DBFS + gain_db)


def words(text: str) -> list[str]:
    """The words said, in lower case, without pauses and punctuation."""
    spoken = re.sub(r"\[\d+\]", " ", text).lower()
    return re.findall(r"[a-z0-9]+(?:['-][a-z0-9]+)*", spoken)


def spans_ms(pcm: Pcm, gain_db: float = 0.0) -> list[list[int]]:
    spans = speech_of(pcm, SPEECH_FLOOR_DBFS + gain_db)
    return [[round(start * 1000), round(end * 1000)] for start, end in spans]


def noise(name: str, level_dbfs_: float, folder: Path) -> Pcm:
    """Eight seconds of background that loops."""
    if name == "babble":
        return at_level(babble(folder), level_dbfs_)
    synth = {
        "line": "synth 8 sine 120 vol 0.05 synth 8 pinknoise mix vol 0.4",
        "street": "synth 8 brownnoise tremolo 0.25 60 highpass 250",
    }[name]
    out = folder / "noise.wav"
    run(["sox", "-R", "-n", "-r", "8000", "-c", "1", "-b", "16", str(out), *synth.split()])
    return at_level(read(out).mono(), level_dbfs_)


def babble(folder: Path) -> Pcm:
    """Six voices at once, too many to follow."""
    line = "and then we said that the report for the other team was not really finished before "
    voices = ["espeak en-us", "espeak en-gb+f2", "espeak en-gb-scotland", "flite rms", "flite slt"]
    mix = np.zeros(8 * RATE_HZ)
    for n, voice in enumerate(voices):
        pcm = levelled(voiced(voice, line * 3, folder), -23)
        mix += np.roll(np.resize(pcm, len(mix)), n * 7919)
    return to_pcm(mix / len(voices))


def at_level(pcm: Pcm, dbfs: float) -> Pcm:
    return to_pcm(pcm * 10 ** ((dbfs - level_dbfs(pcm)) / 20))


def sound(name: str, folder: Path) -> Pcm:
    """A short noise that is not speech."""
    how = {
        "cough": "synth 0.28 pinknoise fade 0.01 0.28 0.2 bandpass 900 700 gain -n -8",
        "clatter": "synth 0.12 whitenoise fade 0.001 0.12 0.11 highpass 1200 "
        "pad 0 0.09 repeat 2 gain -n -9",
        "click": "synth 0.03 whitenoise fade 0 0.03 0.028 lowpass 1800 gain -n -6",
    }[name]
    out = folder / "sound.wav"
    run(["sox", "-R", "-n", "-r", "8000", "-c", "1", "-b", "16", str(out), *how.split()])
    return np.concatenate((silence(EDGE_S), read(out).mono(), silence(EDGE_S)))


class Maker:
    """Writes files and remembers what the manifest says of them."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root = root
        self.folder = folder
        self.files: dict[str, dict[str, Any]] = {}

    def save(self, name: str, pcm: Pcm, **about: Any) -> str:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_mono(path, pcm)
        self.files[name] = {**about, "duration_ms": round(len(pcm) * 1000 / RATE_HZ)}
        return name

    def script(self, name: str, script: dict[str, Any]) -> dict[str, Any]:
        steps = [self.step(name, n, step, script) for n, step in enumerate(script["steps"], 1)]
        made = {key: script[key] for key in ("about", "from", "voice") if key in script}
        if "background" in script:
            made["background"] = f"noise/{script['background']}.wav"
        return {**made, "steps": steps}

    def step(
        self, name: str, n: int, step: dict[str, Any], script: dict[str, Any]
    ) -> dict[str, Any]:
        if "sound" in step:
            rest = {key: value for key, value in step.items() if key != "sound"}
            return {**rest, "say": f"sounds/{step['sound']}.wav"}
        if "say" not in step:
            return step
        text, gain_db = step["say"], script.get("gain_db", 0.0)
        pcm = utterance(script["voice"], text, gain_db, self.folder)
        said = words(text)
        file = self.save(
            f"{name}/{n:02d}_{'_'.join(said[:4])}.wav",
            pcm,
            kind="speech",
            text=re.sub(r"\s*\[\d+\]", "", text),
            words=said,
            language="en-GB" if "en-gb" in script["voice"] else "en-US",
            voice=script["voice"],
            speech_ms=spans_ms(pcm, gain_db),
        )
        return {**step, "say": file}


def main(root: Path, only: Iterable[str]) -> None:
    missing = [tool for tool in ("flite", "espeak-ng", "sox") if not shutil.which(tool)]
    if missing:
        raise SystemExit(f"{', '.join(missing)} missing; try: apt-get install {' '.join(missing)}")
    cast = yaml.safe_load((root / "callers.yaml").read_text(encoding="utf-8"))
    if unknown := set(only) - set(cast["scripts"]):
        raise SystemExit(f"no script {', '.join(sorted(unknown))} in callers.yaml")
    manifest_path = root / "manifest.json"
    kept = json.loads(manifest_path.read_text(encoding="utf-8")) if only else {}
    with tempfile.TemporaryDirectory() as folder:
        maker = Maker(root, Path(folder))
        scripts = kept.get("scripts", {})
        for name, script in cast["scripts"].items():
            if only and name not in only:
                continue
            shutil.rmtree(root / name, ignore_errors=True)
            scripts[name] = maker.script(name, script)
            print(f"{name}: {len(script['steps'])} steps")
        if not only:
            for name, about in cast.get("noises", {}).items():
                pcm = noise(name, about["level_dbfs"], Path(folder))
                maker.save(f"noise/{name}.wav", pcm, kind="background", **about)
            for name, about in cast.get("sounds", {}).items():
                pcm = sound(name, Path(folder))
                maker.save(
                    f"sounds/{name}.wav", pcm, kind="sound", text="", words=[],
                    speech_ms=[], sound_ms=spans_ms(pcm), **about,
                )  # fmt: skip
    files = {k: v for k, v in kept.get("files", {}).items() if k.split("/")[0] not in only}
    files = {**files, **maker.files}
    manifest = {
        "version": 1,
        "rate_hz": RATE_HZ,
        "files": dict(sorted(files.items())),
        "scripts": {name: scripts[name] for name in cast["scripts"]},
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False)
    manifest_path.write_text(text + "\n", encoding="utf-8")
    total = sum(path.stat().st_size for path in root.rglob("*.wav"))
    print(f"{len(files)} files, {total / 1e6:.1f} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Voice the callers of a callers.yaml.")
    parser.add_argument("--in", dest="root", type=Path, default=ROOT, help="folder of callers.yaml")
    parser.add_argument("only", nargs="*", metavar="SCRIPT", help="voice only these")
    given = parser.parse_args()
    main(given.root, given.only)
