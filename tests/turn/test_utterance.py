"""What an open utterance keeps of short sounds after settled text."""

import pytest

from voice_agent.turn.events import Melody, SpeechStarted, SpeechStopped, TextHeard
from voice_agent.turn.utterance import OpenUtterance

PITCHED = Melody(-1.0, -5.0)


def after_blip(melody: Melody | None, text: str = "how many") -> OpenUtterance:
    """What is kept of "how many" until 1.0, and a sound until 1.4 that made it `text`."""
    heard = OpenUtterance.opened(0.2, 0.3)
    heard.take(SpeechStopped(1.0, 1.1, PITCHED))
    heard.asked_to_settle()
    heard.take(TextHeard(1.15, "how many", True, 1.1, 0.9))
    heard.take(SpeechStarted(1.2, 1.3))
    heard.take(SpeechStopped(1.4, 1.5, melody))
    heard.asked_to_settle()
    heard.take(TextHeard(1.55, text, True, 1.5, 0.9))
    return heard


def test_a_noise_that_added_no_word_is_taken_back():
    heard = after_blip(None)
    assert heard.end == 1.0 and heard.gaps == []


def test_a_voice_that_added_no_word_is_an_uh_and_silence_begins_after_it():
    heard = after_blip(PITCHED)
    assert heard.end == 1.4 and heard.gaps == [pytest.approx(0.2)]


def test_a_short_sound_that_added_a_word_counts_whatever_its_pitch():
    assert after_blip(None, "how many a").end == 1.4
