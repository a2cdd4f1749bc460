"""Words nobody said are not believed; words softly said are."""

import numpy as np
import pytest

from tests.speech.sounds import at_level, line, murmur
from voice_agent.audio.pcm import RATE_HZ
from voice_agent.speech.guards import Evidence, Voiced, doubt, voiced

SPEECH = Voiced(np.zeros(RATE_HZ, np.int16), 0.0, 1.0, -25.0)
BLIP = Voiced(np.zeros(1600, np.int16), 0.0, 0.06, -40.0)
FAINT = Voiced(np.zeros(RATE_HZ, np.int16), 0.0, 0.6, -55.0)


@pytest.mark.parametrize(
    "text",
    ["Thank you for watching!", "Thanks for watching.", "Please subscribe to my channel",
     "Subtitles by the Amara.org community", "[MUSIC]", "(applause)", "♪ la la ♪", " . ", ""],
)  # fmt: skip
def test_captions_are_never_believed(text: str):
    assert doubt(text, SPEECH)


@pytest.mark.parametrize("text", ["Thank you.", "you", "Okay.", "Bye.", "Thank you very much."])
@pytest.mark.parametrize("sound", [BLIP, FAINT])
def test_a_filler_needs_sound_that_carries_it(text: str, sound: Voiced):
    assert doubt(text, sound)


@pytest.mark.parametrize(
    "text",
    ["Thank you.", "okay", "yes", "no", "which plan do I need", "My number is 555 0134.",
     "I watched your demo and subscribed to the newsletter last week, and I want a quote now"],
)  # fmt: skip
def test_what_a_caller_says_aloud_is_believed(text: str):
    sound = Voiced(np.zeros(5 * RATE_HZ, np.int16), 0.0, 4.0, -28.0)
    assert doubt(text, sound) is None


@pytest.mark.parametrize("text", ["yes", "no", "fifteen"])
def test_a_short_word_that_is_no_filler_is_believed_from_a_short_sound(text: str):
    assert doubt(text, BLIP) is None


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence(no_speech=0.9, log_probability=-1.2),
        Evidence(log_probability=-2.0),
        Evidence(compression=3.1),
    ],
)
def test_what_the_engine_itself_doubts_is_not_believed(evidence: Evidence):
    assert doubt("we are a team of twenty people", SPEECH, evidence)


def test_more_words_than_fit_the_sound_are_not_believed():
    assert doubt("one two three four five six seven eight nine ten", BLIP)


def test_silence_has_nothing_voiced():
    assert voiced(np.zeros(RATE_HZ, np.int16)) is None
    assert voiced(line(1.0)) is None
    assert voiced(np.zeros(0, np.int16)) is None


@pytest.mark.parametrize("dbfs", [-20.0, -40.0])
def test_silence_around_a_voice_is_cut_off_and_its_place_kept(dbfs: float):
    pcm = np.concatenate([line(1.0), at_level(murmur(), dbfs), line(1.0)])
    found = voiced(pcm)
    assert found is not None
    assert found.offset_s == pytest.approx(0.8, abs=0.15)
    assert 0.4 < len(found.pcm) / RATE_HZ < 1.1
    assert 0.2 < found.voiced_s <= 0.5
