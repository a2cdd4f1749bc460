"""A sealed recording reads as its WAV from any byte, after a kill, under any key."""

import errno
import os
import signal
import subprocess
import sys
import wave
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_agent.audio.archive import GROWING_S, Archive
from voice_agent.audio.pcm import Pcm
from voice_agent.audio.sealed import (
    CHUNK_FRAMES,
    KeyInvalid,
    KeyMissing,
    Keys,
    SealedWriter,
    chunk_bytes,
    new_key,
)
from voice_agent.audio.wav import WavWriter

SEALED_CHUNK = 12 + chunk_bytes(2) + 16
"""With its nonce and its tag."""
ONE, TWO = new_key(), new_key()


def noise(count: int, seed: int = 1) -> Pcm:
    return np.random.default_rng(seed).integers(1, 30_000, count).astype(np.int16)


def kept(folder: Path, keys: str = ONE) -> Archive:
    return Archive(folder, Keys.of(keys))


def write(archive: Archive, name: str, caller: Pcm, agent: Pcm, piece: int = 3000) -> None:
    writer = archive.writer(archive.path(name))
    for first in range(0, len(caller), piece):
        writer.write(caller[first : first + piece], agent[first : first + piece])
    writer.close()


def lanes(archive: Archive, name: str) -> list[Pcm]:
    found = archive.open(name)
    assert found is not None
    with wave.open(BytesIO(b"".join(found.blocks()))) as file:
        data = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
    return [data[:, 0], data[:, 1]]


@pytest.mark.parametrize("count", [0, 1, CHUNK_FRAMES - 1, CHUNK_FRAMES, CHUNK_FRAMES + 1, 20_000])
def test_a_sealed_recording_reads_as_what_was_written(tmp_path: Path, count: int) -> None:
    archive = kept(tmp_path)
    write(archive, "c1", noise(count), noise(count, 2))
    caller, agent = lanes(archive, "c1")
    assert np.array_equal(caller, noise(count)) and np.array_equal(agent, noise(count, 2))


def test_nothing_of_the_audio_lies_on_the_disk_in_the_clear(tmp_path: Path) -> None:
    archive = kept(tmp_path)
    write(archive, "c1", noise(20_000), noise(20_000))
    raw = archive.path("c1").read_bytes()
    samples = noise(20_000).astype("<i2")
    for first in range(0, 20_000, 500):
        assert np.repeat(samples[first : first + 4], 2).tobytes() not in raw
    assert oct(archive.path("c1").stat().st_mode)[-3:] == "600"


@settings(max_examples=60, deadline=None)
@given(first=st.integers(0, 90_000), count=st.integers(0, 40_000))
def test_any_range_is_that_part_of_the_whole(
    tmp_path_factory: pytest.TempPathFactory, first: int, count: int
) -> None:
    folder = tmp_path_factory.getbasetemp() / "ranges"
    archive = kept(folder)
    if not folder.exists():
        folder.mkdir()
        write(archive, "c1", noise(20_000), noise(20_000, 2))
        plain = WavWriter(folder / "plain.wav")
        plain.write(noise(20_000), noise(20_000, 2))
        plain.close()
    whole = (folder / "plain.wav").read_bytes()
    for name in ("c1", "plain"):
        found = archive.open(name)
        assert found is not None and found.length == len(whole)
        assert found.read(first, count) == whole[first : first + count]


@pytest.mark.parametrize("keys", ["", ONE], ids=["plain", "sealed"])
def test_silence_takes_one_lane_for_that_stretch_and_nothing_else(
    tmp_path: Path, keys: str
) -> None:
    archive = kept(tmp_path, keys)
    write(archive, "c1", noise(20_000), noise(20_000, 2))
    archive.silence("c1", 0, [(500, 1500), (2400, 99_000)])
    caller, agent = lanes(archive, "c1")
    expected = noise(20_000).copy()
    expected[4000:12_000] = 0
    expected[19_200:] = 0
    assert np.array_equal(caller, expected) and np.array_equal(agent, noise(20_000, 2))


@pytest.mark.parametrize("keys", ["", ONE], ids=["plain", "sealed"])
def test_silence_while_it_is_written_reaches_disk_and_memory(tmp_path: Path, keys: str) -> None:
    archive = kept(tmp_path, keys)
    writer = archive.writer(archive.path("c1"))
    writer.write(noise(5000), noise(5000, 2))
    writer.silence(0, 3000, 4900)
    writer.write(noise(100, 3), noise(100, 3))
    writer.close()
    caller, _ = lanes(archive, "c1")
    assert not caller[3000:4900].any() and caller[:3000].all() and caller[4900:].all()


def test_a_torn_or_altered_chunk_reads_as_silence_and_the_rest_stands(tmp_path: Path) -> None:
    archive = kept(tmp_path)
    write(archive, "c1", noise(20_000), noise(20_000))
    with archive.path("c1").open("r+b") as file:
        file.seek(80 + SEALED_CHUNK + 100)
        file.write(b"\xff\xff\xff\xff")
    caller, _ = lanes(archive, "c1")
    assert not caller[CHUNK_FRAMES : 2 * CHUNK_FRAMES].any()
    assert caller[:CHUNK_FRAMES].all() and caller[2 * CHUNK_FRAMES :].all()


def test_chunks_cannot_be_moved_within_a_file(tmp_path: Path) -> None:
    archive = kept(tmp_path)
    write(archive, "c1", noise(20_000), noise(20_000))
    raw = bytearray(archive.path("c1").read_bytes())
    a, b = slice(80, 80 + SEALED_CHUNK), slice(80 + SEALED_CHUNK, 80 + 2 * SEALED_CHUNK)
    raw[a], raw[b] = raw[b], raw[a]
    archive.path("c1").write_bytes(raw)
    assert not lanes(archive, "c1")[0][: 2 * CHUNK_FRAMES].any()


def test_what_a_full_disk_refused_is_written_at_the_end_if_there_is_room_again(
    tmp_path: Path,
) -> None:
    archive, keys = kept(tmp_path), Keys.of(ONE)
    writer = SealedWriter(archive.path("c1"), keys)
    put = writer._file.put

    def refuse(n: int, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "full")

    writer._file.put = refuse  # type: ignore[method-assign]
    with pytest.raises(OSError, match="full"):
        writer.write(noise(8000), noise(8000, 2))
    writer._file.put = put  # type: ignore[method-assign]
    writer.close()
    caller, agent = lanes(archive, "c1")
    assert np.array_equal(caller, noise(8000)) and np.array_equal(agent, noise(8000, 2))


@pytest.mark.parametrize("cut", [1, 13, 29, 5000, SEALED_CHUNK + 3])
def test_repair_keeps_every_whole_chunk_of_a_cut_file(tmp_path: Path, cut: int) -> None:
    archive = kept(tmp_path)
    write(archive, "c1", noise(20_000), noise(20_000))
    path = archive.path("c1")
    os.truncate(path, path.stat().st_size - cut)
    assert archive.repair("c1") >= (20_000 - 2 * CHUNK_FRAMES) // 8
    caller, _ = lanes(archive, "c1")
    assert len(caller) and np.array_equal(caller, noise(20_000)[: len(caller)])


def test_a_killed_writer_leaves_what_it_had_written(tmp_path: Path) -> None:
    code = (
        "import sys, numpy as np; from pathlib import Path\n"
        "from voice_agent.audio.sealed import Keys, SealedWriter\n"
        "w = SealedWriter(Path(sys.argv[1]), Keys.of(sys.argv[2])); n = np.arange(1, 801)\n"
        "x = n.astype(np.int16)\n"
        "print('on', flush=True)\n"
        "while True: w.write(x, x); w.silence(0, 0, 100)\n"
    )
    path = tmp_path / "c1.wav"
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(path), ONE], stdout=subprocess.PIPE, cwd=os.getcwd()
    )
    assert process.stdout is not None and process.stdout.readline() == b"on\n"
    while path.stat().st_size < 5 * SEALED_CHUNK:
        assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    archive = kept(tmp_path)
    assert archive.repair("c1") > 0
    _, agent = lanes(archive, "c1")
    whole = agent[CHUNK_FRAMES : len(agent) // 800 * 800]  # the first may be torn by a silencing
    expected = np.tile(np.arange(1, 801, dtype=np.int16), len(agent) // 800)[CHUNK_FRAMES:]
    assert np.array_equal(whole, expected)


def test_a_new_key_opens_what_the_old_one_sealed_and_then_replaces_it(tmp_path: Path) -> None:
    write(kept(tmp_path, ONE), "c1", noise(9000), noise(9000))
    with pytest.raises(KeyMissing, match="VOICE_AGENT_RECORDINGS_KEY"):
        kept(tmp_path, TWO).open("c1")
    both = kept(tmp_path, f"{TWO}, {ONE}")
    assert np.array_equal(lanes(both, "c1")[0], noise(9000))
    assert both.rekey("c1", now=0.0) and not both.rekey("c1", now=0.0)
    assert np.array_equal(lanes(kept(tmp_path, TWO), "c1")[0], noise(9000))
    with pytest.raises(KeyMissing):
        kept(tmp_path, ONE).open("c1")


def test_a_plain_recording_is_sealed_once_its_call_is_over(tmp_path: Path) -> None:
    write(kept(tmp_path, ""), "c1", noise(9000), noise(9000))
    archive, written = kept(tmp_path), (tmp_path / "c1.wav").stat().st_mtime
    assert not archive.rekey("c1", written + GROWING_S - 1)
    assert archive.rekey("c1", written + GROWING_S + 1)
    assert archive.path("c1").read_bytes()[:12] == b"VOICESEALED1"
    assert np.array_equal(lanes(archive, "c1")[0], noise(9000))
    assert archive.names() == ["c1"] and len(list(tmp_path.iterdir())) == 1


def test_a_cut_head_and_a_bad_key_are_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "c1.wav").write_bytes(b"VOICESEALED1 and no more")
    with pytest.raises(KeyInvalid, match="cut off"):
        kept(tmp_path).open("c1")
    for bad in ("short", "ü" * 44, ONE[:-4], f"{ONE},x"):
        with pytest.raises(KeyInvalid, match="voice-agent recordings key"):
            Keys.of(bad)


def test_a_recording_is_never_looked_for_outside_its_folder(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    write(kept(tmp_path, ""), "secret", noise(100), noise(100))
    assert kept(inner).open("../secret") is None and not kept(inner).delete("../secret")
    assert kept(inner).open("nothing") is None and kept(inner).repair("nothing") == 0
