"""A colleague's lane: added in the middle of a recording, which is valid at every instant."""

import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.audio.test_sealed import noise
from voice_agent.audio.archive import Archive
from voice_agent.audio.pcm import Pcm
from voice_agent.audio.peaks import LEVELS, peaks_of, scale
from voice_agent.audio.sealed import CHUNK_FRAMES, Keys, new_key
from voice_agent.audio.wav import EXTENSIBLE, WIDENING, header, read

KEY = new_key()
BEFORE, AFTER = 9000, 12_345


@pytest.fixture(params=["plain", "sealed"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Archive:
    return Archive(tmp_path, Keys.of(KEY if request.param == "sealed" else ""))


def taken_over(archive: Archive, name: str = "c1") -> list[Pcm]:
    """A recording in which a colleague speaks from a sample on; its lanes as they must read."""
    caller, agent, rep = (noise(BEFORE + AFTER, n) for n in (1, 2, 3))
    rep[:BEFORE] = 0
    writer = archive.writer(archive.path(name))
    writer.write(caller[:BEFORE], agent[:BEFORE])
    writer.widen()
    for first in range(BEFORE, BEFORE + AFTER, 1000):
        writer.write(*(lane[first : first + 1000] for lane in (caller, agent, rep)))
    assert writer.lanes == 3
    writer.close()
    return [caller, agent, rep]


def as_served(archive: Archive, folder: Path, name: str = "c1") -> list[Pcm]:
    """The lanes of the WAV that whoever downloads it gets."""
    found = archive.open(name)
    assert found is not None
    copied = folder / "downloaded.copy"
    copied.write_bytes(b"".join(found.blocks()))
    assert copied.stat().st_size == found.length
    return read(copied).lanes()


def same(lanes: list[Pcm], expected: list[Pcm]) -> bool:
    return len(lanes) == len(expected) and all(map(np.array_equal, lanes, expected))


def test_a_lane_added_in_the_middle_is_silent_before_it_and_exact_after(archive, tmp_path):
    expected = taken_over(archive)
    assert same(as_served(archive, tmp_path), expected)
    found = archive.open("c1")
    assert found is not None and (found.lanes, found.frames) == (3, BEFORE + AFTER)
    whole = b"".join(found.blocks())
    for first, count in ((0, 44), (60, 20), (67, 3), (5000, 70_000), (found.length - 5, 99)):
        assert found.read(first, count) == whole[first : first + count]
    assert np.array_equal(found.samples(100, 9100), np.stack(expected, axis=1)[100:9100])


def test_players_learn_on_which_side_each_lane_is(tmp_path):
    start = header(6000, 8000, 3)
    assert len(start) == 68 and int.from_bytes(start[4:8], "little") == 6060
    assert int.from_bytes(start[20:22], "little") == EXTENSIBLE
    assert int.from_bytes(start[40:44], "little") == 0b111, "left, right and centre"
    assert len(header(6000, 8000)) == 44, "two lanes need no such thing"


def test_a_card_is_silenced_in_the_callers_lane_alone(archive, tmp_path):
    caller, agent, rep = taken_over(archive)
    archive.silence("c1", 0, [(1000, 1500)])
    caller[8000:12_000] = 0
    assert same(as_served(archive, tmp_path), [caller, agent, rep])


def test_a_plain_recording_of_three_lanes_is_sealed_and_put_under_another_key(tmp_path):
    expected = taken_over(Archive(tmp_path))
    sealed = Archive(tmp_path, Keys.of(KEY))
    assert sealed.rekey("c1", now=1e12)
    assert same(as_served(sealed, tmp_path), expected)
    newer = Archive(tmp_path, Keys.of(f"{new_key()},{KEY}"))
    assert newer.rekey("c1", now=1e12) and same(as_served(newer, tmp_path), expected)


def test_who_reads_while_it_gets_its_third_lane_gets_no_noise(archive):
    writer = archive.writer(archive.path("c1"))
    writer.write(noise(40_000), noise(40_000))
    found = archive.open("c1")
    assert found is not None and found.read(44, 100)
    writer.widen()
    with pytest.raises(OSError, match="open it again"):
        found.read(44, 100)
    writer.close()


def test_what_a_killed_server_left_of_the_rewriting_is_gone_with_the_repair(archive, tmp_path):
    writer = archive.writer(archive.path("c1"))
    writer.write(noise(40_000), noise(40_000, 2))
    writer.close()
    left = archive.path("c1").with_suffix(WIDENING)
    left.write_bytes(b"half of it")
    assert archive.names() == ["c1"] and archive.repair("c1") == 5000
    assert not left.exists() and same(
        as_served(archive, tmp_path), [noise(40_000), noise(40_000, 2)]
    )
    left.write_bytes(b"half of it")
    assert archive.delete("c1") and not list(tmp_path.glob("c1.*"))


def test_a_disk_that_is_full_leaves_the_two_lanes(archive, tmp_path):
    writer = archive.writer(archive.path("c1"))
    writer.write(noise(40_000), noise(40_000, 2))
    blocked = archive.path("c1").with_suffix(WIDENING)
    blocked.mkdir()
    with pytest.raises(OSError):
        writer.widen()
    writer.write(noise(100), noise(100))
    writer.close()
    assert writer.lanes == 2 and len(as_served(archive, tmp_path)) == 2


def test_killed_at_any_instant_it_is_a_recording_of_two_lanes_or_three(archive, tmp_path):
    code = (
        "import sys, numpy as np; from pathlib import Path\n"
        "from voice_agent.audio.archive import Archive\n"
        "from voice_agent.audio.sealed import Keys\n"
        "archive = Archive(Path(sys.argv[1]), Keys.of(sys.argv[2]))\n"
        "x = np.arange(1, 8001, dtype=np.int16)\n"
        "for n in range(100000):\n"
        "    writer = archive.writer(archive.path(f'c{n}'))\n"
        "    for _ in range(20): writer.write(x, x)\n"
        "    print('on', flush=True)\n"
        "    writer.widen()\n"
        "    for _ in range(5): writer.write(x, x, x)\n"
        "    writer.close()\n"
    )
    key = KEY if archive.keys else ""
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path), key], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    for _ in range(4):
        assert process.stdout.readline() == b"on\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    once = np.arange(1, 8001, dtype=np.int16)
    names = archive.names()
    assert len(names) >= 4
    for name in names:
        archive.repair(name)
        caller, agent, *rep = as_served(archive, tmp_path, name)
        assert len(caller) >= 20 * 8000 - CHUNK_FRAMES and len(rep) in (0, 1)
        assert np.array_equal(caller, np.tile(once, 26)[: len(caller)])
        assert np.array_equal(agent, caller)
        for lane in rep:
            assert not lane[: 20 * 8000].any() and lane[20 * 8000 :].all()


def test_peaks_have_as_many_lanes_as_the_recording():
    rng = np.random.default_rng(3)
    samples = rng.integers(-32768, 32767, (16_321, 3)).astype(np.int16)
    made = peaks_of([samples], 3)
    for level in LEVELS:
        lanes = np.frombuffer(scale(made.frames, made.data, level), np.uint8).reshape(3, -1)
        for n in range(3):
            alone = peaks_of([samples[:, [n, n]]])
            both = np.frombuffer(scale(alone.frames, alone.data, level), np.uint8).reshape(2, -1)
            assert np.array_equal(lanes[n], both[0])
    assert scale(0, b"", LEVELS[0]) == b""
