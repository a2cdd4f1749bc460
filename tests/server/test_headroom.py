"""When a server refuses further calls, and when it accepts them again."""

import pytest

from voice_agent.server.headroom import EVERY_S, FEWEST_CALLS, RELIEF_S, SAMPLES, Headroom, Sample

EASY = Sample(lag_s=0.002, busy=0.3, late=0, calls=40)
LAGGING = Sample(lag_s=0.2, busy=0.3, late=0, calls=40)
BUSY = Sample(lag_s=0.002, busy=0.99, late=0, calls=40)
LATE = Sample(lag_s=0.002, busy=0.3, late=2, calls=40)


def headroom(lag_s: float = 0.08, busy: float = 0.9) -> Headroom:
    return Headroom(lag_s, busy)


def fed(room: Headroom, sample: Sample, seconds: float = SAMPLES * EVERY_S) -> Headroom:
    for _ in range(round(seconds / EVERY_S)):
        room.feed(sample)
    return room


@pytest.mark.parametrize(
    ("sample", "words"), [(LAGGING, "lags 200 ms"), (BUSY, "busy 99 %"), (LATE, "late pieces")]
)
def test_what_lasts_for_five_seconds_turns_calls_away_and_is_named(sample: Sample, words: str):
    room = fed(headroom(), sample, 4.75)
    assert room.why is None
    assert room.feed(sample), "the change is told"
    assert room.why is not None and words in room.why
    assert not room.feed(sample), "and told once"


def test_one_slow_moment_turns_nobody_away():
    room = fed(headroom(), EASY)
    room.feed(Sample(lag_s=2.0, busy=1.0, late=0, calls=40))
    assert fed(room, EASY).why is None


def test_calls_are_taken_again_only_after_a_while_well_below_the_limits():
    room = fed(headroom(), LAGGING)
    nearly = Sample(lag_s=0.07, busy=0.3, late=0, calls=40)
    assert fed(room, nearly, 60).why is not None, "below the limit, though not well below"
    fed(room, EASY, RELIEF_S)
    assert room.why is not None, "the window still held some of it"
    assert fed(room, EASY, SAMPLES * EVERY_S).why is None


def test_a_relapse_begins_the_wait_anew():
    room = fed(headroom(), LAGGING)
    for _ in range(4):
        fed(room, EASY, RELIEF_S - 1)
        assert fed(room, LAGGING, 2.0).why is not None


def test_a_server_with_hardly_a_call_takes_the_next_one_however_it_lags():
    lonely = Sample(lag_s=0.5, busy=1.0, late=9, calls=FEWEST_CALLS - 1)
    assert fed(headroom(), lonely, 60).why is None
    room = fed(headroom(), LAGGING)
    room.feed(lonely)
    assert room.why is None, "its calls have left"


def test_limits_of_zero_leave_it_to_the_number_of_calls():
    room = headroom(0.0, 0.0)
    for sample in (LAGGING, BUSY, LATE):
        assert fed(room, sample, 30).why is None
