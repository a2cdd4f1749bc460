from hypothesis import given
from hypothesis import strategies as st

from voice_agent.call.timing import TurnStages

STAGES = ("endpoint_ms", "stt_ms", "reply_ms", "tts_ms", "send_ms")
instant = st.floats(0, 20)


@given(instant, instant, st.floats(0, 3), st.none() | instant, st.none() | instant, instant)
def test_the_parts_sum_to_what_was_heard(end, ended, waited, words, audio, playing):
    stages = TurnStages(1, end, end + ended, waited, words, audio)
    timed = stages.timed(end + ended + playing)
    assert sum(getattr(timed, stage) for stage in STAGES) == timed.heard_ms
    assert all(getattr(timed, stage) >= 0 for stage in STAGES)


def test_what_speculation_finished_before_the_end_of_turn_costs_nothing():
    stages = TurnStages(1, 10.0, 10.3, 0.0, first_words=10.2, first_audio=10.25)
    timed = stages.timed(10.301)
    assert (timed.endpoint_ms, timed.reply_ms, timed.tts_ms, timed.send_ms) == (300, 0, 0, 1)


def test_waiting_for_the_recogniser_is_its_own_part():
    stages = TurnStages(1, 10.0, 10.5, 0.2, first_words=10.6, first_audio=10.7)
    timed = stages.timed(10.71)
    parts = [getattr(timed, stage) for stage in STAGES]
    assert parts == [300, 200, 100, 100, 10]
