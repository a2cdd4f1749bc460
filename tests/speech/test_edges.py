"""The edges of a clause: trimmed, faded, and the same however the samples are split."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.speech.edges import FADE_S, HOLD_S, LEAD_S, Edges, pause_after


def clause(before_s: float, sound_s: float, after_s: float) -> Pcm:
    sound = 5000 * np.sin(np.arange(int(sound_s * RATE_HZ)) + 1.0)
    parts = (np.zeros(int(before_s * RATE_HZ)), sound, np.zeros(int(after_s * RATE_HZ)))
    return np.rint(np.concatenate(parts)).astype(np.int16)


def trimmed(pcm: Pcm, cuts: list[int] | None = None, pause_s: float = 0.1) -> Pcm:
    edges = Edges(pause_s)
    pieces = [edges.push(piece) for piece in np.split(pcm, sorted(cuts or []))]
    return np.concatenate([*pieces, edges.finish()])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 6000), max_size=40), st.sampled_from([0.0, 0.004, 0.2]))
def test_the_result_does_not_depend_on_how_the_samples_came(cuts, before_s):
    pcm = np.concatenate((clause(before_s, 0.2, 0.1), clause(0.05, 0.1, 0.05)))
    assert np.array_equal(trimmed(pcm, cuts), trimmed(pcm))


def test_silence_before_is_dropped_but_for_a_soft_onset():
    out = trimmed(clause(0.5, 0.3, 0.0))
    assert abs(len(out) / RATE_HZ - (LEAD_S + 0.3 + 0.1)) < 0.002


@pytest.mark.parametrize("after_s", [0.0, 0.05, 0.35])
def test_the_pause_after_is_the_one_asked_for(after_s):
    out = trimmed(clause(0.0, 0.3, after_s), pause_s=0.12)
    assert abs(len(out) / RATE_HZ - 0.42) < 0.002


def test_a_pause_inside_is_kept():
    pcm = np.concatenate((clause(0.0, 0.2, 0.3), clause(0.0, 0.2, 0.0)))
    assert abs(len(trimmed(pcm)) / RATE_HZ - 0.8) < 0.002


def test_a_long_pause_inside_is_not_held_back():
    edges = Edges(0.1)
    given_out = len(edges.push(clause(0.0, 0.2, 2.0)))
    assert given_out >= int((2.2 - HOLD_S) * RATE_HZ) - 1


def test_the_first_samples_rise_from_nothing():
    out = trimmed(clause(0.0, 0.3, 0.0))
    assert abs(int(out[0])) < 400
    assert np.max(np.abs(out[int(FADE_S * RATE_HZ) :])) > 4900


def test_silence_alone_is_nothing():
    assert len(trimmed(np.zeros(4000, np.int16))) == 0
    assert len(trimmed(np.empty(0, np.int16))) == 0


@pytest.mark.parametrize(
    ("shorter", "longer"),
    [
        ("the plan", "the plan,"),
        ("the plan,", "the plan."),
        ("so:", "so?"),
        ("so", 'he said "so."'),
    ],
)
def test_marks_decide_the_pause(shorter, longer):
    assert pause_after(shorter) < pause_after(longer)
