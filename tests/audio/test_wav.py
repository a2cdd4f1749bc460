"""Files written during a call survive any end of the process; files of all kinds are read."""

import os
import signal
import struct
import subprocess
import sys
import wave
from pathlib import Path
from shutil import which

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_agent.audio import g711, wav
from voice_agent.audio.pcm import Pcm


def tone(seconds: float, hz: float = 440.0, rate_hz: int = 8000, peak: float = 12000) -> Pcm:
    t = np.arange(int(seconds * rate_hz)) / rate_hz
    return (peak * np.sin(2 * np.pi * hz * t)).astype(np.int16)


def frames_by_wave(path: Path) -> np.ndarray:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, 8000)
        data = file.readframes(file.getnframes())
        assert len(data) == 4 * file.getnframes(), "header promises more than the file holds"
    return np.frombuffer(data, "<i2").reshape(-1, 2)


def test_caller_is_the_left_lane_and_agent_the_right(tmp_path: Path) -> None:
    with wav.WavWriter(tmp_path / "call.wav") as writer:
        writer.write(tone(0.1), np.zeros(800, np.int16))
        writer.write(np.zeros(160, np.int16), tone(0.02))
        assert writer.duration_ms == 120
    frames = frames_by_wave(tmp_path / "call.wav")
    assert np.array_equal(frames[:800, 0], tone(0.1)) and not frames[:800, 1].any()
    assert np.array_equal(frames[800:, 1], tone(0.02)) and not frames[800:, 0].any()


def test_lanes_of_different_length_are_refused(tmp_path: Path) -> None:
    with wav.WavWriter(tmp_path / "call.wav") as writer, pytest.raises(ValueError):
        writer.write(tone(0.1), tone(0.2))


def test_file_is_readable_while_it_grows(tmp_path: Path) -> None:
    with wav.WavWriter(tmp_path / "call.wav") as writer:
        for n in range(1, 5):
            writer.write(tone(0.02), tone(0.02))
            assert len(frames_by_wave(tmp_path / "call.wav")) == n * 160


def test_recording_is_private_to_its_owner(tmp_path: Path) -> None:
    wav.WavWriter(tmp_path / "call.wav").close()
    assert (tmp_path / "call.wav").stat().st_mode & 0o077 == 0


@pytest.mark.slow
@pytest.mark.parametrize("reads", [1, 40, 400])
def test_file_of_a_killed_process_opens_in_wave_and_sox(tmp_path: Path, reads: int) -> None:
    path = tmp_path / "call.wav"
    body = (
        "import sys, numpy as np\nfrom pathlib import Path\n"
        "from voice_agent.audio.wav import WavWriter\n"
        "w = WavWriter(Path(sys.argv[1])); x = np.arange(160, dtype=np.int16)\n"
        "while True:\n    w.write(x, -x); print('.', end='', flush=True)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", body, str(path)], stdout=subprocess.PIPE, cwd=Path.cwd()
    )
    assert process.stdout is not None
    process.stdout.read(reads)  # some writes are behind us; the kill lands inside a later one
    os.kill(process.pid, signal.SIGKILL)
    process.stdout.close()
    process.wait()
    frames = frames_by_wave(path)
    assert len(frames) >= reads * 160
    whole = len(frames) // 160 * 160
    assert np.array_equal(frames[:whole, 0], np.tile(np.arange(160), whole // 160))
    assert np.array_equal(frames[:, 1], -frames[:, 0])
    if which("sox"):
        info = subprocess.run(["sox", str(path), "-n", "stat"], capture_output=True, text=True)
        assert info.returncode == 0 and "WARN" not in info.stderr, info.stderr
    assert wav.repair(path) * 8 >= len(frames)
    assert len(frames_by_wave(path)) >= len(frames)


@given(cut=st.integers(0, 3000))
@settings(max_examples=60, deadline=None)
def test_repair_recovers_every_whole_frame_of_a_cut_file(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    path = tmp_path_factory.mktemp("cut") / "call.wav"
    with wav.WavWriter(path) as writer:
        writer.write(tone(0.1), tone(0.1))
    size = path.stat().st_size - cut
    os.truncate(path, size)
    wav.repair(path)
    frames = frames_by_wave(path)
    assert len(frames) == (size - 44) // 4
    assert np.array_equal(frames[:, 0], tone(0.1)[: len(frames)])


def test_samples_of_an_unfinished_write_are_invisible_until_repaired(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    with wav.WavWriter(path) as writer:
        writer.write(tone(0.02), tone(0.02))
    with path.open("ab") as file:
        file.write(b"\x01\x02" * 100 + b"\x03")  # data written, header not yet, half a frame more
    assert len(frames_by_wave(path)) == 160
    assert wav.repair(path) == 26
    assert len(frames_by_wave(path)) == 210


def test_repair_refuses_what_is_no_recording(tmp_path: Path) -> None:
    (tmp_path / "x.wav").write_bytes(b"RIFF1234")
    with pytest.raises(wav.WavInvalid):
        wav.repair(tmp_path / "x.wav")


@pytest.mark.slow
@pytest.mark.skipif(not which("sox"), reason="sox makes the files of other kinds")
@pytest.mark.parametrize(
    "how",
    ["-b 8 -e unsigned", "-b 16 -e signed", "-b 24 -e signed", "-b 32 -e signed",
     "-b 32 -e float", "-b 64 -e float", "-e mu-law", "-e a-law"],
)  # fmt: skip
@pytest.mark.parametrize("shape", ["-r 8000 -c 1", "-r 44100 -c 2", "-r 16000 -c 1"])
def test_any_kind_of_file_reads_as_the_same_8_khz_tone(
    tmp_path: Path, how: str, shape: str
) -> None:
    path = tmp_path / "in.wav"
    command = f"sox -R -n {shape} {how} {path} synth 0.5 sine 440 vol 0.36621"
    subprocess.run(command.split(), check=True, capture_output=True)
    pcm = wav.read_mono(path)
    assert abs(len(pcm) - 4000) <= 1
    middle = pcm[400:3600].astype(float)
    assert abs(np.abs(middle).max() - 12000) < 500
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    assert abs(spectrum.argmax() * 8000 / len(middle) - 440) < 3


def test_stereo_file_keeps_its_lanes_apart(tmp_path: Path) -> None:
    with wav.WavWriter(tmp_path / "call.wav") as writer:
        writer.write(tone(0.1), -tone(0.1))
    left, right = wav.read(tmp_path / "call.wav").lanes()
    assert np.array_equal(left, tone(0.1)) and np.array_equal(right, -tone(0.1))


def test_alaw_decodes_to_the_values_of_the_standard() -> None:
    codes = bytes([0xD5, 0x55, 0xAA, 0x2A])
    assert wav._alaw(codes).tolist() == [8, -8, 32256, -32256]


def test_mulaw_file_reads_as_g711_says(tmp_path: Path) -> None:
    data = g711.encode(tone(0.1))
    form = struct.pack("<HHIIHH", wav.MULAW, 1, 8000, 8000, 1, 8)
    path = tmp_path / "m.wav"
    path.write_bytes(
        b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + struct.pack("<I", 16) + form
        + b"LIST" + struct.pack("<I", 3) + b"abc\0" + b"data" + struct.pack("<I", 0xFFFFFFFF) + data
    )  # fmt: skip
    assert np.array_equal(wav.read_mono(path), g711.decode(data))


@given(st.binary(max_size=200))
def test_garbage_is_refused_by_name_and_never_crashes(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
) -> None:
    path = tmp_path_factory.mktemp("garbage") / "x.wav"
    for start in (b"", b"RIFF\0\0\0\0WAVE", b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0"):
        path.write_bytes(start + raw)
        try:
            wav.read(path)
        except wav.WavInvalid as refused:
            assert str(path) in str(refused)


def test_full_disk_leaves_a_valid_file() -> None:
    """On a file that may not grow: the write fails, what came before stays."""
    body = (
        "import resource, signal, sys, tempfile, wave, numpy as np\nfrom pathlib import Path\n"
        "from voice_agent.audio.wav import WavWriter\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "path = Path(tempfile.mkdtemp()) / 'c.wav'; w = WavWriter(path)\n"
        "x = np.ones(160, np.int16); w.write(x, x)\n"
        "try:\n    w.write(x, x)\nexcept OSError: pass\nelse: sys.exit('no error')\n"
        "f = wave.open(str(path)); assert f.getnframes() == 160 and len(f.readframes(999)) == 640\n"
    )
    done = subprocess.run([sys.executable, "-c", body], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
