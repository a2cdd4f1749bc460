"""The committed callers: the manifest matches the files, and every script parses."""

import json
import shutil

import numpy as np
import pytest

from voice_agent.audio.wav import read
from voice_agent.emulator import script as scripts
from voice_agent.emulator.script import FIXTURES

MANIFEST = json.loads((FIXTURES / "manifest.json").read_text(encoding="utf-8"))
FILES = MANIFEST["files"]
SPEECH = sorted(name for name, about in FILES.items() if about["kind"] == "speech")


def test_every_file_is_listed_and_every_listed_file_is_there() -> None:
    on_disk = {str(path.relative_to(FIXTURES)) for path in FIXTURES.rglob("*.wav")}
    assert on_disk == set(FILES)
    assert sum((FIXTURES / name).stat().st_size for name in FILES) <= 6_000_000


@pytest.mark.parametrize("name", sorted(FILES))
def test_file_is_8_khz_and_as_long_as_the_manifest_says(name: str) -> None:
    wav = read(FIXTURES / name)
    assert wav.rate_hz == 8000 and len(wav.samples) == 1
    assert round(wav.samples.shape[1] / 8) == FILES[name]["duration_ms"]
    assert np.abs(wav.samples).max() < 1.0


@pytest.mark.parametrize("name", SPEECH)
def test_nearly_all_energy_lies_inside_the_speech_spans(name: str) -> None:
    """Energy by another road than the maker's: outside the spans there is next to none."""
    samples = read(FIXTURES / name).samples[0].astype(np.float64) ** 2
    inside = np.zeros(len(samples), bool)
    last_end = -200
    for start, end in FILES[name]["speech_ms"]:
        assert start - last_end >= 190 and end > start
        inside[start * 8 : end * 8] = True
        last_end = end
    assert last_end <= FILES[name]["duration_ms"]
    assert samples[inside].sum() > 0.998 * samples.sum()
    for start, end in FILES[name]["speech_ms"]:  # spans begin and end with sound
        edge = samples[start * 8 : (start + 30) * 8].max(), samples[(end - 30) * 8 : end * 8].max()
        assert min(edge) > 1e-6


def test_hesitations_are_as_long_as_they_are_meant_to_be() -> None:
    for name in SPEECH:
        if name.startswith("hesitant/0") and not name.startswith("hesitant/05"):
            spans = FILES[name]["speech_ms"]
            gaps = [b[0] - a[1] for a, b in zip(spans, spans[1:], strict=False)]
            assert any(830 <= gap <= 1030 for gap in gaps), (name, gaps)


def test_words_are_the_words_of_the_text() -> None:
    for name in SPEECH:
        about = FILES[name]
        assert about["words"] and about["language"] and about["voice"]
        letters = "".join(about["words"])
        assert letters == "".join(c for c in about["text"].lower() if c.isalnum() or c in "'-")


def test_the_cast_is_varied() -> None:
    voices = {script.get("voice") for script in MANIFEST["scripts"].values()} - {None}
    assert len(MANIFEST["scripts"]) >= 14
    assert {"flite rms", "flite slt", "flite awb", "flite kal"} <= voices
    assert len([voice for voice in voices if voice.startswith("espeak")]) >= 6


@pytest.mark.parametrize("name", sorted(MANIFEST["scripts"]))
def test_script_loads_with_its_audio(name: str) -> None:
    script = scripts.load(name)
    assert script.steps and script.about
    for step in script.steps:
        meant = [step.pcm is not None, bool(step.dtmf), step.pause_s > 0, step.hangup]
        assert sum(meant) == 1
        if step.pcm is not None:
            assert step.speech_s and step.speech_s[-1][1] <= len(step.pcm) / 8000


def test_spans_measured_at_run_time_agree_with_the_manifest() -> None:
    """A caller given as bare files is measured as well as one from the manifest."""
    for step in scripts.load("demo").steps:
        assert step.pcm is not None
        assert scripts.speech_of(step.pcm) == step.speech_s


@pytest.mark.engine
def test_the_demo_caller_is_understood_by_a_general_recogniser() -> None:
    """Four words in five, with a model that knows nothing of the company, and its first, quick
    search (with the second nine in ten, which takes half as long again)."""
    from pocketsphinx import Decoder

    decoder = Decoder(loglevel="FATAL", fwdflat=False, maxhmmpf=5000)
    wrong, total = 0, 0
    for name in [name for name in SPEECH if name.startswith("demo/")]:
        decoder.start_utt()
        decoder.process_raw(read(FIXTURES / name).mono(16000).tobytes(), full_utt=True)
        decoder.end_utt()
        hypothesis = decoder.hyp()
        heard = (hypothesis.hypstr if hypothesis else "").split()
        wrong += edits(FILES[name]["words"], heard)
        total += len(FILES[name]["words"])
    assert wrong / total < 0.2


def edits(said: list[str], heard: list[str]) -> int:
    row = list(range(len(heard) + 1))
    for n, word in enumerate(said, 1):
        last, row[0] = row[:], n
        for m, other in enumerate(heard, 1):
            row[m] = min(last[m] + 1, row[m - 1] + 1, last[m - 1] + (word != other))
    return row[-1]


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("flite"), reason="flite voices the fixtures")
def test_maker_names_the_tools_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    from audio_fixtures.make import ROOT, main

    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SystemExit, match="flite"):
        main(ROOT, [])
