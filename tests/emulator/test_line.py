"""A bad line delays, bunches, resizes and loses packets, and never reorders them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from voice_agent.audio.pcm import Pcm
from voice_agent.emulator.line import Line, LineFaults, Packet


def sent_through(line: Line, frames: int) -> list[Packet]:
    packets = []
    for n in range(frames):
        at = (n + 1) * 0.02
        line.push(np.full(160, n + 1, np.int16), at)
        packets += line.due(at)
    return packets + line.due(1e9)


def whole(packets: list[Packet]) -> Pcm:
    return np.concatenate([packet.pcm for packet in packets])


def test_perfect_line_delivers_each_frame_as_it_is_captured() -> None:
    packets = sent_through(Line(), 50)
    assert [packet.timestamp_ms for packet in packets] == [n * 20 for n in range(50)]
    assert all(len(packet.pcm) == 160 for packet in packets)


@given(st.floats(0, 300), st.lists(st.integers(5, 90), min_size=1, max_size=5), st.integers(0, 99))
def test_jitter_and_odd_sizes_keep_order_content_and_timestamps(
    jitter_ms: float, sizes: list[int], seed: int
) -> None:
    packets = sent_through(
        Line(LineFaults(jitter_ms=jitter_ms, chunk_ms=tuple(sizes), seed=seed)), 100
    )
    audio = whole(packets)
    assert np.array_equal(audio, np.repeat(np.arange(1, 101), 160)[: len(audio)])
    assert len(audio) > 16000 - 8 * 90
    dues = [packet.due for packet in packets]
    assert dues == sorted(dues)
    starts = np.cumsum([0] + [len(packet.pcm) for packet in packets[:-1]])
    assert [packet.timestamp_ms for packet in packets] == [int(n) // 8 for n in starts]


def test_stall_holds_everything_and_then_delivers_it_at_once() -> None:
    packets = sent_through(Line(LineFaults(stalls=((0.5, 0.4),))), 100)
    stalled = [packet for packet in packets if 480 <= packet.timestamp_ms < 880]
    assert {round(packet.due, 6) for packet in stalled} == {0.9}
    assert len(packets) == 100


def test_lost_packets_leave_a_gap_in_the_timestamps() -> None:
    line = Line(LineFaults(loss=0.3, seed=4))
    packets = sent_through(line, 200)
    assert line.lost + len(packets) == 200 and 30 < line.lost < 90
    for packet in packets:
        assert packet.pcm[0] == packet.timestamp_ms // 20 + 1
