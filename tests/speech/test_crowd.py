"""A steady level is a crowd, a moving one a voice."""

import itertools

import pytest

from voice_agent.speech.crowd import FIRST_WINDOW, KEPT, WINDOW, Crowd


def even(dbfs: float, frames: int) -> list[float]:
    """Levels of babble: eight decibels from the loudest to the faintest."""
    return [dbfs + step for step in itertools.islice(itertools.cycle(range(-8, 1)), frames)]


def talk(frames: int, dbfs: float = -20.0, ground: float = -60.0) -> list[float]:
    """Levels of one voice: two thirds of syllables, a third of next to nothing."""
    return [ground if n % 30 < 10 else dbfs - n % 7 for n in range(frames)]


def heard(crowd: Crowd, levels: list[float], voiced: int = WINDOW) -> bool:
    """Whether any look at these levels found a crowd."""
    return any([crowd.look(voiced) for level in levels if crowd.take(level)])


def test_an_even_sound_that_passes_for_a_voice_is_a_crowd():
    crowd = Crowd()
    assert heard(crowd, even(-32.0, WINDOW))
    assert crowd.level_dbfs == pytest.approx(-32.0, abs=1.0)


@pytest.mark.parametrize("ground", [-60.0, -36.0])
def test_one_voice_is_none_whatever_lies_under_it(ground: float):
    crowd = Crowd()
    assert not heard(crowd, talk(KEPT, ground=ground))
    assert crowd.level_dbfs is None


def test_a_young_voice_is_not_judged_by_what_was_there_before_it():
    assert not heard(Crowd(), even(-32.0, WINDOW), voiced=10)


def test_an_even_sound_nobody_takes_for_a_voice_is_left_to_the_noise_floor():
    crowd = Crowd()
    assert not heard(crowd, even(-50.0, WINDOW), voiced=0)
    assert crowd.level_dbfs is None


def test_a_line_that_begins_with_sound_is_told_within_a_second():
    crowd, told = Crowd(), []
    for level in even(-32.0, FIRST_WINDOW):
        crowd.take(level)
        told.append(crowd.began_with_it())
    assert told[-1] is True and set(told[:-1]) == {None}
    caller = Crowd()
    for level in talk(FIRST_WINDOW)[5:]:
        caller.take(level)
    assert caller.began_with_it() is False


def test_a_voice_in_front_of_the_crowd_is_found_again():
    crowd = Crowd()
    heard(crowd, even(-32.0, WINDOW))
    said = [*[-20.0] * 50, *even(-32.0, WINDOW)]
    assert heard(crowd, said)
    assert crowd.since_voice(len(said)) == WINDOW
    assert crowd.since_voice(WINDOW - 10) is None, "it was before these"


def test_a_crowd_that_is_gone_is_forgotten():
    crowd = Crowd()
    heard(crowd, even(-32.0, WINDOW))
    heard(crowd, [-70.0] * WINDOW, voiced=0)
    assert crowd.level_dbfs is None


def test_a_crowd_that_was_a_voice_after_all_is_given_up_within_seconds():
    crowd = Crowd()
    heard(crowd, even(-32.0, WINDOW))
    heard(crowd, talk(4 * FIRST_WINDOW, dbfs=-32.0), voiced=0)
    assert crowd.level_dbfs is None or crowd.level_dbfs < -40.0
