"""A caller follows the script by what is heard, and never waits forever."""

import numpy as np
import pytest

from tests.emulator.server import tone
from voice_agent.audio import g711
from voice_agent.emulator.caller import LINGER_S, Caller
from voice_agent.emulator.playout import Playout
from voice_agent.emulator.script import Script, ScriptInvalid, Step, When, parse_when

HELLO = tone(0.5)


def says(when: str, **more: object) -> Step:
    return Step(parse_when(when), "hello", pcm=HELLO, speech_s=((0.0, 0.5),), **more)  # type: ignore[arg-type]


def played(*spans: tuple[float, float]) -> Playout:
    playout = Playout()
    for start, end in spans:
        playout.media(g711.encode(tone(end - start)), start)
    return playout


def follow(caller: Caller, playout: Playout, until: float) -> list[float]:
    """Run the caller; instants at which the steps began."""
    for n in range(round(until * 50)):
        if caller.frame(n * 0.02, playout).hangup:
            break
    return [round(done.start, 2) for done in caller.done]


def test_waits_for_the_end_of_the_greeting() -> None:
    caller = Caller(Script("x", (says("greeting ended"),)))
    assert follow(caller, played((0.3, 2.0), (2.3, 4.0)), 6)[0] == pytest.approx(4.6, abs=0.02)


def test_speaks_over_the_agent_after_the_told_time() -> None:
    caller = Caller(Script("x", (says("agent speaking 1.0s"),)))
    assert follow(caller, played((0.5, 5.0)), 6)[0] == 1.5
    assert not caller.done[0].in_vain


def test_next_turn_waits_for_an_answer_to_this_one() -> None:
    """Silence before the answer is not the end of the answer."""
    script = Script("x", (says("at 1s"), says("agent silent 0.5s")))
    assert follow(Caller(script), played((0.1, 0.6), (3.0, 4.0)), 8)[:2] == [1.0, 4.5]


def test_interruption_that_comes_too_late_is_said_anyway_and_marked() -> None:
    caller = Caller(Script("x", (says("agent speaking 2s"),)))
    assert follow(caller, played((0.5, 1.0)), 6)[0] == pytest.approx(2.0, abs=0.02)
    assert caller.done[0].in_vain


def test_loses_patience_when_no_answer_comes() -> None:
    caller = Caller(Script("x", (says("at 0s"), says("agent silent 0.5s", patience_s=4.0))))
    assert follow(caller, played(), 10)[1] == pytest.approx(4.5, abs=0.03)
    assert caller.done[1].in_vain


def test_speaks_from_the_first_frame() -> None:
    caller = Caller(Script("x", (says("at 0s"),)))
    assert np.array_equal(caller.frame(0.0, Playout()).pcm, HELLO[:160])


def test_hangs_up_when_nothing_is_left_to_say() -> None:
    caller = Caller(Script("x", (says("at 0s"),)))
    assert follow(caller, played((1.0, 2.0)), 60)[1] == pytest.approx(2.0 + LINGER_S, abs=0.05)
    assert caller.done[1].step.hangup


def test_keys_come_one_by_one() -> None:
    caller = Caller(Script("x", (Step(When("at", 0.1), "keys", dtmf="12#"),)))
    pressed = [(n, caller.frame(n * 0.02, Playout()).digit) for n in range(50)]
    keys = [(n, digit) for n, digit in pressed if digit]
    assert [digit for _, digit in keys] == ["1", "2", "#"]
    assert all(b[0] - a[0] >= 12 for a, b in zip(keys, keys[1:], strict=False))


def test_background_goes_on_under_speech_and_silence() -> None:
    caller = Caller(Script("x", (says("at 1s"),), background=np.full(800, 7, np.int16)))
    frames = [caller.frame(n * 0.02, Playout()).pcm for n in range(60)]
    assert np.array_equal(np.concatenate(frames[:50]), np.full(8000, 7))
    assert np.array_equal(frames[50], HELLO[:160] + 7)


def test_unknown_cue_is_refused() -> None:
    with pytest.raises(ScriptInvalid, match="sometime"):
        parse_when("sometime")
