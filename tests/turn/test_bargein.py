"""What words over the agent mean."""

import pytest

from voice_agent.turn.bargein import is_reaching, longest_s, meaning


def judged(text: str, **change) -> str:
    known = {"sure": True, "voiced_s": 0.4, "asked": False} | change
    return meaning(text, **known)


@pytest.mark.parametrize(
    "text",
    ["mm-hm", "Mm-hmm.", "uh huh", "uh-huh", "yeah", "yeah yeah", "right", "okay", "ok", "sure",
     "got it", "oh okay", "I see.", "makes sense", "yep okay cool", "all right", "no problem",
     "that makes sense", "hmm", "um", "okay great", "of course"],
)  # fmt: skip
def test_backchannels_leave_the_floor_with_the_agent(text):
    assert judged(text) == "backchannel"
    assert judged(text, asked=True) == "interruption"


@pytest.mark.parametrize(
    "text",
    ["stop", "wait", "hold on", "no", "no wait", "actually", "sorry", "excuse me", "yeah but",
     "okay so what about price", "price", "can i ask something", "right what i need is"],
)  # fmt: skip
def test_other_words_take_it(text):
    assert judged(text) == "interruption"


@pytest.mark.parametrize("text", ["", "  ", "the", "a", "uh the"])
def test_nothing_and_lone_fragments_are_noise(text):
    assert judged(text) in ("nothing", "backchannel")
    assert judged(text, voiced_s=0.2) != "interruption"


def test_a_lone_unsettled_word_is_not_yet_believed():
    assert judged("price", sure=False, voiced_s=0.6) == "unknown"
    assert judged("what price", sure=False, voiced_s=0.6) == "interruption"


def test_half_an_okay_takes_no_floor_even_soon_after_a_right():
    for text in ("the", "no", "no do", "build", "l d"):
        assert judged(text, sure=False, voiced_s=0.4) != "interruption"
    assert judged("l j") == "nothing"
    assert longest_s("unknown", wary=True) > 0.55


def test_a_stop_word_is_believed_unsettled():
    assert judged("wait", sure=False, voiced_s=0.5) == "interruption"
    assert judged("wait", sure=False, voiced_s=0.1) == "unknown"


def test_a_run_of_backchannels_may_last_longer_than_unknown_speech():
    lengths = [longest_s(m, wary=False) for m in ("backchannel", "nothing", "unknown")]
    assert lengths == sorted(lengths, reverse=True)
    assert longest_s("nothing", wary=True) < longest_s("nothing", wary=False)


@pytest.mark.parametrize(
    ("text", "reaching"),
    [("hello", True), ("Hello? Are you there?", True), ("hello hello can you hear me", True),
     ("are you still there", True), ("hello what about price", False), ("", False)],
)  # fmt: skip
def test_checking_the_line_is_told_from_going_on(text, reaching):
    assert is_reaching(text) is reaching


def test_a_lone_word_heard_badly_is_a_murmur_unless_it_stops_us_or_answers():
    assert judged("none", confidence=0.15) == "nothing"
    assert judged("none", confidence=0.8) == "interruption"
    assert judged("none", confidence=0.15, asked=True) == "interruption"
    assert judged("stop", confidence=0.15) == "interruption"
    assert judged("what about pricing", confidence=0.15) == "interruption"
    assert judged("none", confidence=0.15, voiced_s=0.9) == "interruption"
