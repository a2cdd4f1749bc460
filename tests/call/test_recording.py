"""What a recording holds, and when; and that it never delays or breaks a call."""

import errno
import os
import subprocess
import sys
import threading
import tracemalloc
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import anyio
import anyio.to_thread
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_agent.audio.pcm import Pcm
from voice_agent.audio.sealed import Keys, SealedWriter
from voice_agent.audio.wav import WavWriter, read
from voice_agent.call.recording import BLOCK_S, GRACE_S, LATE_S, MAX_PENDING, Recording

FRAME = 160


def ramp(first: int, count: int) -> Pcm:
    """Samples that say where they belong: no two within 4 s are equal, none is zero."""
    return (np.arange(first, first + count) % 32000 + 1).astype(np.int16)


def lanes_of(path: Path) -> list[Pcm]:
    return read(path).lanes()


@asynccontextmanager
async def running(recording: Recording) -> AsyncIterator[Recording]:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(recording.run)
        yield recording
        await recording.close()


async def given_time(seconds: float) -> None:
    """Let the disk catch up."""
    await anyio.sleep(seconds)


def speak(recording: Recording, seconds: float, begin: float = 0.0) -> None:
    """The caller talks without a gap, 20 ms at a time."""
    for first in range(0, int(seconds * 8000), FRAME):
        recording.caller(ramp(first, FRAME), begin + first / 8000)


async def test_both_lanes_stand_where_they_were_played(tmp_path: Path) -> None:
    async with running(Recording(tmp_path / "a.wav")) as recording:
        recording.allow()
        speak(recording, 3.0)
        recording.agent(ramp(0, 4000), 2.5)
        assert await recording.close() == 3000
    caller, agent = lanes_of(tmp_path / "a.wav")
    assert np.array_equal(caller, ramp(0, 24000))
    assert not agent[:20000].any() and np.array_equal(agent[20000:], ramp(0, 4000))


async def test_nothing_reaches_the_disk_before_consent(tmp_path: Path) -> None:
    async with running(Recording(tmp_path / "a.wav")) as recording:
        speak(recording, 30.0)
        await anyio.sleep(1)
        assert not (tmp_path / "a.wav").exists()
        assert await recording.close() == 0
    assert not (tmp_path / "a.wav").exists()


async def test_consent_given_late_leaves_silence_before_it_and_keeps_the_timeline(
    tmp_path: Path,
) -> None:
    async with running(Recording(tmp_path / "a.wav")) as recording:
        speak(recording, 15.0)
        recording.allow()
        recording.caller(ramp(7, 8000), 15.0)
        assert await recording.close() == 16000
    caller, _ = lanes_of(tmp_path / "a.wav")
    assert not caller[:120000].any()
    assert np.array_equal(caller[120000:], ramp(7, 8000))


async def test_what_is_discarded_is_deleted_and_a_later_yes_records_from_there(
    tmp_path: Path,
) -> None:
    async with running(Recording(tmp_path / "a.wav")) as recording:
        recording.allow()
        speak(recording, 10.0)
        await anyio.sleep(1)
        assert (tmp_path / "a.wav").exists()
        recording.discard()
        await anyio.sleep(1)
        assert not (tmp_path / "a.wav").exists()
        speak(recording, 700.0, begin=10.0)
        assert not (tmp_path / "a.wav").exists()
        recording.allow()
        speak(recording, 2.0, begin=710.0)
        assert await recording.close() == 712_000
    caller, agent = lanes_of(tmp_path / "a.wav")
    assert not caller[: 710 * 8000].any() and not agent[: 710 * 8000].any()
    assert caller[710 * 8000 :].all()


async def test_what_only_a_notice_allows_is_not_on_the_disk_before_they_had_their_say(
    tmp_path: Path,
) -> None:
    async with running(Recording(tmp_path / "a.wav")) as recording:
        recording.allow(settled=False)
        speak(recording, 10.0)
        await anyio.sleep(1)
        assert not (tmp_path / "a.wav").exists()
        recording.settle()
        await anyio.sleep(1)
        assert (tmp_path / "a.wav").exists()
        assert await recording.close() == 10_000
    assert not recording.flags
    assert lanes_of(tmp_path / "a.wav")[0].all()


async def test_who_says_nothing_for_long_after_the_notice_is_recorded_from_it_on(
    tmp_path: Path,
) -> None:
    async with running(Recording(tmp_path / "a.wav")) as recording:
        recording.allow(settled=False)
        speak(recording, GRACE_S + 3)
        await anyio.sleep(1)
        assert (tmp_path / "a.wav").exists()
        assert await recording.close() == (GRACE_S + 3) * 1000
    assert not recording.flags


@pytest.mark.parametrize("end", ["close", "hold", "discard"])
async def test_who_leaves_or_refuses_within_the_notice_was_never_on_the_disk(
    tmp_path: Path, end: str
) -> None:
    async with running(Recording(tmp_path / "a.wav")) as recording:
        recording.allow(settled=False)
        speak(recording, 9.0)
        if end != "close":
            getattr(recording, end)()
        await anyio.sleep(1)
        assert not (tmp_path / "a.wav").exists()
        assert await recording.close() == 0
    assert not (tmp_path / "a.wav").exists()


async def test_hold_records_silence_until_allowed_again(tmp_path: Path) -> None:
    async with running(Recording(tmp_path / "a.wav")) as recording:
        recording.allow()
        recording.caller(ramp(0, 8000), 0.0)
        recording.hold()
        recording.caller(ramp(0, 80000), 1.0)
        recording.allow()
        recording.caller(ramp(0, 8000), 11.0)
    caller, _ = lanes_of(tmp_path / "a.wav")
    assert not caller[8000:88000].any() and caller[:8000].all() and caller[88000:].all()


async def test_audio_cleared_before_it_played_is_taken_back(tmp_path: Path) -> None:
    async with running(Recording(tmp_path / "a.wav")) as recording:
        recording.allow()
        speak(recording, 1.0)
        recording.agent(ramp(0, 4000), 0.9)
        recording.retract_agent(1.1)
        speak(recording, 0.3, begin=1.0)
        recording.agent(ramp(500, 800), 1.2)
        assert await recording.close() == 1300
    _, agent = lanes_of(tmp_path / "a.wav")
    assert np.array_equal(agent[7200:8800], ramp(0, 1600))
    assert not agent[8800:9600].any()
    assert np.array_equal(agent[9600:10400], ramp(500, 800))


async def test_a_colleague_has_a_lane_from_when_they_speak(tmp_path: Path) -> None:
    async with running(Recording(tmp_path / "a.wav")) as recording:
        recording.allow()
        speak(recording, 12.0)
        await given_time(0.1)
        assert recording.lanes == 2 and len(lanes_of(tmp_path / "a.wav")) == 2
        for n in range(100):
            recording.caller(ramp(96_000 + n * FRAME, FRAME), 12 + n * 0.02)
            recording.rep(ramp(n * FRAME, FRAME), 12 + n * 0.02)
        recording.agent(ramp(0, 800), 13.9)
        assert await recording.close() == 14_000 and recording.lanes == 3
    caller, agent, rep = lanes_of(tmp_path / "a.wav")
    assert np.array_equal(caller, ramp(0, 112_000))
    assert not rep[:96_000].any() and np.array_equal(rep[96_000:], ramp(0, 16_000))
    assert np.array_equal(agent[111_200:], ramp(0, 800)) and not agent[:111_200].any()
    assert not recording.flags


async def test_what_a_colleague_said_goes_with_what_is_discarded(tmp_path: Path) -> None:
    async with running(Recording(tmp_path / "a.wav")) as recording:
        recording.rep(ramp(0, 800), 0.0)
        recording.allow()
        recording.rep(ramp(0, 8000), 1.0)
        await given_time(0.1)
        recording.discard()
        recording.rep(ramp(0, 800), 2.5)
        recording.allow()
        speak(recording, 1.0, begin=3.0)
        await recording.close()
        assert recording.lanes == 2
    assert len(lanes_of(tmp_path / "a.wav")) == 2


async def test_small_jitter_of_instants_makes_no_gap(tmp_path: Path) -> None:
    async with running(Recording(tmp_path / "a.wav")) as recording:
        recording.allow()
        for n in range(50):
            recording.agent(ramp(n * FRAME, FRAME), n * 0.02 + (0.004, -0.003, 0.0)[n % 3])
    _, agent = lanes_of(tmp_path / "a.wav")
    assert np.array_equal(agent, ramp(0, 50 * FRAME))


async def test_steady_drift_never_exceeds_the_alignment_bound(tmp_path: Path) -> None:
    """Pieces 0.5 % further apart than their samples last, for 20 seconds."""
    async with running(Recording(tmp_path / "a.wav")) as recording:
        recording.allow()
        for n in range(1000):
            recording.agent(np.full(FRAME, n % 1000 + 1, np.int16), n * 0.0201)
            await given_time(0.001)
    _, agent = lanes_of(tmp_path / "a.wav")
    for n in range(1000):
        placed = int(np.flatnonzero(agent == n + 1)[0]) / 8000
        assert abs(placed - n * 0.0201) <= 0.010 + 1 / 8000


@given(data=st.data())
@settings(max_examples=40, deadline=None)
async def test_frames_in_any_order_within_the_window_find_their_place(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Random pieces, up to 0.7 s late, some lost, some twice: right place, within 20 ms."""
    path = tmp_path_factory.mktemp("r") / "a.wav"
    sizes = data.draw(st.lists(st.integers(20, 900), min_size=30, max_size=90))
    delays = data.draw(st.lists(st.floats(0, 0.7), min_size=90, max_size=90))
    fate = data.draw(st.lists(st.sampled_from("1111111102"), min_size=90, max_size=90))
    starts = np.concatenate(([0], np.cumsum(sizes)))
    arrivals = sorted(
        (starts[n + 1] / 8000 + delays[n] * (k + 1) / 2, n)
        for n in range(len(sizes))
        for k in range(int(fate[n]))
    )
    recording = Recording(path)
    recording.allow()
    for _, n in arrivals:
        recording.caller(ramp(starts[n], sizes[n]), float(starts[n]) / 8000)
    duration_ms = await recording.close()
    kept = [n for n in range(len(sizes)) if fate[n] != "0"]
    if not kept:
        return
    assert abs(duration_ms - starts[kept[-1] + 1] / 8) <= 20
    caller, _ = lanes_of(path)
    spoken = np.flatnonzero(caller)
    error = (caller[spoken].astype(int) - 1 - spoken + 16000) % 32000 - 16000
    assert np.abs(error).max() <= 160
    assert len(spoken) >= 0.97 * sum(sizes[n] for n in kept)
    assert not recording.flags


async def test_audio_later_than_the_window_is_counted_and_changes_nothing(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "a.wav")
    recording.allow()
    speak(recording, 12.0)
    recording.caller(np.full(160, 5, np.int16), 3.0)
    await recording.close()
    assert recording.flags == {"late": 1}
    assert np.array_equal(lanes_of(tmp_path / "a.wav")[0], ramp(0, 96000))


async def test_a_broken_timestamp_is_not_an_hour_of_silence(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "a.wav")
    recording.allow()
    speak(recording, 1.0)
    recording.caller(ramp(0, 160), 9e6)
    recording.caller(ramp(0, 160), -50.0)
    assert await recording.close() == 1000
    assert recording.flags == {"misplaced": 2}


async def test_one_piece_longer_than_the_window_is_kept_whole(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "a.wav")
    recording.allow()
    recording.agent(ramp(0, 120000), 1.0)
    assert await recording.close() == 16000
    assert np.array_equal(lanes_of(tmp_path / "a.wav")[1][8000:], ramp(0, 120000))


async def test_a_caller_gone_silent_on_the_wire_does_not_stop_the_agents_lane(
    tmp_path: Path,
) -> None:
    async with running(Recording(tmp_path / "a.wav")) as recording:
        recording.allow()
        recording.caller(ramp(0, 160), 0.0)
        for first in range(0, 8000 * 60, 800):
            recording.agent(ramp(first, 800), first / 8000)
            await given_time(0.001)
        assert await recording.close() == 60000
    caller, agent = lanes_of(tmp_path / "a.wav")
    assert np.array_equal(agent, ramp(0, 8000 * 60)) and not caller[160:].any()


async def test_memory_does_not_grow_with_the_call(tmp_path: Path) -> None:
    """Nobody takes the blocks (a disk that hangs): ten minutes cost what the first cost."""
    recording = Recording(tmp_path / "a.wav")
    recording.allow()
    tracemalloc.start()
    speak(recording, 60.0)
    first = tracemalloc.get_traced_memory()[0]
    speak(recording, 540.0, begin=60.0)
    grown = tracemalloc.get_traced_memory()[0] - first
    tracemalloc.stop()
    assert grown < 50_000
    assert recording.flags["disk-slow"] > 500
    assert await recording.close() == 600000
    caller, _ = lanes_of(tmp_path / "a.wav")
    assert caller[: 8000 * (MAX_PENDING - 1)].all()
    assert not caller[8000 * 60 : 8000 * 500].any()
    last_s = int(LATE_S + BLOCK_S) - 1
    assert np.array_equal(caller[-8000 * last_s :], ramp(8000 * (540 - last_s), 8000 * last_s))


async def test_full_disk_is_flagged_and_the_call_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "no-folder").write_text("a file where the folder should be")
    async with running(Recording(tmp_path / "no-folder" / "a.wav")) as recording:
        recording.allow()
        speak(recording, 5.0)
        await anyio.sleep(0.1)
        speak(recording, 5.0, begin=5.0)
        assert await recording.close() == 0
    assert recording.flags["disk-failed"] >= 1
    assert "recording a ends early: [Errno" in caplog.text


@dataclass
class Disk:
    """Keeps sealed recordings until it is full."""

    full: bool = False

    def writer(self, path: Path, lanes: int) -> SealedWriter:
        made = SealedWriter(path, Keys((bytes(32),)), lanes)
        put = made._file.put

        def put_if_there_is_room(n: int, data: bytes) -> None:
            if self.full:
                raise OSError(errno.ENOSPC, "full")
            put(n, data)

        made._file.put = put_if_there_is_room  # type: ignore[method-assign]
        return made


async def test_a_disk_that_is_full_at_the_end_keeps_no_call_from_ending(tmp_path: Path) -> None:
    disk = Disk()
    async with running(Recording(tmp_path / "a.wav", writer=disk.writer)) as recording:
        recording.allow()
        speak(recording, 5.0)
        await given_time(0.1)
        disk.full = True
        assert await recording.close() > 0
    assert recording.flags["disk-failed"] and recording.lacks


async def test_what_a_caller_refuses_is_deleted_from_a_full_disk_as_well(tmp_path: Path) -> None:
    disk = Disk()
    async with running(Recording(tmp_path / "a.wav", writer=disk.writer)) as recording:
        recording.allow()
        speak(recording, 5.0)
        await given_time(0.1)
        assert (tmp_path / "a.wav").exists()
        disk.full = True
        recording.discard()
        await given_time(0.1)
        assert not (tmp_path / "a.wav").exists()


async def test_a_call_that_ends_while_its_disk_is_writing_keeps_its_end(tmp_path: Path) -> None:
    busy, release = threading.Event(), threading.Event()

    class SlowWriter(WavWriter):
        def write(self, *lanes: Pcm) -> None:
            busy.set()
            release.wait(5)
            super().write(*lanes)

    async with running(Recording(tmp_path / "a.wav", writer=SlowWriter)) as recording:
        recording.allow()
        speak(recording, 3.0)
        await anyio.to_thread.run_sync(busy.wait, 5)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(recording.close)
            await anyio.wait_all_tasks_blocked()
            release.set()
        assert await recording.close() == 3000 and not recording.flags
    assert np.array_equal(lanes_of(tmp_path / "a.wav")[0], ramp(0, 24000))


async def test_closing_twice_and_speaking_after_it_is_harmless(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "a.wav")
    recording.allow()
    speak(recording, 1.0)
    assert await recording.close() == await recording.close() == 1000
    recording.caller(ramp(0, 160), 1.0)
    recording.discard()
    assert (tmp_path / "a.wav").exists()


async def test_cancelled_call_still_closes_its_file(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "a.wav")
    recording.allow()
    with anyio.CancelScope() as scope:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(recording.run)
            speak(recording, 5.0)
            scope.cancel()
            try:
                await anyio.sleep(1)
            finally:
                assert await recording.close() == 5000
    assert len(lanes_of(tmp_path / "a.wav")[0]) == 40000


@pytest.mark.slow
def test_killed_server_leaves_the_call_up_to_the_last_seconds(tmp_path: Path) -> None:
    body = (
        "import os, sys, anyio, numpy as np\nfrom pathlib import Path\n"
        "from voice_agent.call.recording import GRACE_S, Recording\n"
        "async def main():\n"
        "    r = Recording(Path(sys.argv[1])); r.allow()\n"
        "    async with anyio.create_task_group() as tasks:\n"
        "        tasks.start_soon(r.run)\n"
        "        for n in range(500):\n"
        "            r.caller(np.full(160, n + 1, np.int16), n * 0.02)\n"
        "            await anyio.sleep(0)\n"
        "        await anyio.sleep(0.5); os.kill(os.getpid(), 9)\n"
        "anyio.run(main)\n"
    )
    done = subprocess.run([sys.executable, "-c", body, str(tmp_path / "a.wav")])
    assert done.returncode == -9
    with wave.open(str(tmp_path / "a.wav")) as file:
        frames = file.getnframes()
        held = np.frombuffer(file.readframes(frames), "<i2").reshape(-1, 2)
    assert 8.0 * 8000 <= frames <= 10.0 * 8000 and len(held) == frames
    assert np.array_equal(held[:, 0], np.arange(frames) // 160 + 1)
    assert os.stat(tmp_path / "a.wav").st_size == 44 + 4 * frames
