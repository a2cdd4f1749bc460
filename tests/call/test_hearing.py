"""What is heard of a caller, when recognition counts as failing, and when it does not."""

from itertools import pairwise

import anyio
import numpy as np

from tests.fakes.office import Prompter, silero, speech
from tests.speech.sounds import fixture
from voice_agent.audio.pcm import FRAME_S, RATE_HZ, Pcm
from voice_agent.call.hearing import JUDGE_AGAIN_S, Hearing
from voice_agent.speech.echo import EchoGuard
from voice_agent.speech.ports import NOTHING, HeardWord, Hypothesis
from voice_agent.speech.vad import Gate
from voice_agent.turn.events import CrowdHeard, EchoHeard, SpeechStarted, TextHeard, TurnInput

FRAME = round(FRAME_S * RATE_HZ)
SAID = speech("demo/01_hi_there_i_was.wav").pcm


class Scripted:
    """A recogniser with one utterance, whose hypotheses a test sets."""

    name = "scripted"

    def __init__(self) -> None:
        self.now = NOTHING
        self.answers: list[tuple[float, Hypothesis]] = []
        """Of each settle to come: after how many seconds, and what."""
        self.pushed = np.zeros(0, np.int16)

    def open(self, call_id: str) -> "Scripted":
        return self

    def push(self, pcm: Pcm) -> None:
        self.pushed = np.concatenate((self.pushed, pcm))

    def partial(self) -> Hypothesis:
        return self.now

    async def settle(self) -> Hypothesis:
        after_s, answer = self.answers.pop(0)
        await anyio.sleep(after_s)
        return answer

    def close(self) -> None: ...

    async def load(self) -> None: ...

    async def aclose(self) -> None: ...


def hears(hearing: Hearing, pcm: Pcm, at: float) -> list[TurnInput]:
    """What 20 ms frames tell that begin at an instant of the call."""
    told: list[TurnInput] = []
    for n in range(0, len(pcm), FRAME):
        told += hearing.frame(np.asarray(pcm[n : n + FRAME]), at + n / RATE_HZ, at + n / RATE_HZ)
    return told


def quiet(seconds: float) -> Pcm:
    return np.zeros(int(seconds * RATE_HZ), np.int16)


async def test_words_and_confidence_stay_those_of_the_settled_text_until_somebody_speaks():
    ears = Scripted()
    hearing = Hearing(Gate(silero()), ears, "call")
    assert SAID is not None
    hears(hearing, np.concatenate((SAID[: 2 * RATE_HZ], quiet(0.4))), 0.0)
    ears.answers.append((0.0, Hypothesis("hi dare", (HeardWord("hi", 0.4, 0.6, 0.2),), 0.2, 2.4)))
    await hearing.settle()
    ears.now = Hypothesis("hi there", (HeardWord("hi", 0.4, 0.6),), upto_s=2.5)
    assert hears(hearing, quiet(0.2), 2.4) == []
    assert (hearing.confidence, hearing.so_far) == (0.2, "hi dare")
    told = hears(hearing, SAID[: 2 * RATE_HZ], 2.6)
    assert [e.text for e in told if isinstance(e, TextHeard)] == ["hi there"]


async def test_an_answer_overtaken_by_that_to_a_later_request_changes_nothing():
    ears = Scripted()
    hearing = Hearing(Gate(silero()), ears, "call")
    assert SAID is not None
    hears(hearing, SAID[: 2 * RATE_HZ], 0.0)
    whole = Hypothesis("call me on four one five", upto_s=2.0)
    ears.answers += [(0.5, Hypothesis("call me", upto_s=1.0)), (0.1, whole)]
    found: list[Hypothesis | None] = []

    async def settle() -> None:
        found.append(await hearing.settle())

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(settle)
        await anyio.sleep(0.01)
        tasks.start_soon(settle)
    assert found == [whole, None] and hearing.so_far == whole.text


async def test_audio_that_was_lost_is_silence_so_that_words_keep_their_place():
    ears = Scripted()
    hearing = Hearing(Gate(silero()), ears, "call")
    assert SAID is not None
    hears(hearing, SAID[: 2 * RATE_HZ], 10.0)
    hears(hearing, SAID[: RATE_HZ // 2], 12.8)
    assert abs(hearing.opened_at + len(ears.pushed) / RATE_HZ - 13.3) < FRAME_S
    assert not ears.pushed[-RATE_HZ // 2 - 6400 : -RATE_HZ // 2].any()


def listening() -> tuple[Prompter, Hearing]:
    """A caller in the middle of an utterance."""
    ears = Prompter(["hello there"])
    hearing = Hearing(Gate(silero()), ears, "call")
    assert SAID is not None
    hears(hearing, SAID[: 2 * RATE_HZ], 0.0)
    return ears, hearing


async def test_one_utterance_fails_once_however_often_it_was_tried():
    ears, hearing = listening()
    ears.failing = True
    for _ in range(3):
        await hearing.settle()
    assert hearing.failures == 1


async def test_an_utterance_we_closed_ourselves_is_no_failure():
    ears, hearing = listening()
    ears.failing = True
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(hearing.settle)
        await anyio.sleep(ears.delay_s / 2)
        hearing.end()
    assert hearing.failures == 0


async def test_a_transcript_that_comes_after_all_ends_the_row_of_failures():
    ears, hearing = listening()
    ears.failing = True
    await hearing.settle()
    ears.failing = False
    assert await hearing.settle() is not None
    assert hearing.failures == 0


async def test_a_voice_over_ours_is_compared_with_it_now_and_then_only():
    asked = []

    class Guard(EchoGuard):
        def is_echo(self, since: float, until: float) -> bool:
            asked.append(until)
            return until - since > 0.3

    hearing = Hearing(Gate(silero()), Prompter(["hello there"]), "call", Guard())
    assert SAID is not None
    hearing.played(quiet(4), 0.0)
    told = hears(hearing, SAID[: 3 * RATE_HZ], 0.0)
    assert [type(event) for event in told][:2] == [SpeechStarted, EchoHeard]
    until_echo = [at for at in asked if at <= asked[0] + 0.4]
    assert all(b - a > JUDGE_AGAIN_S - FRAME_S / 2 for a, b in pairwise(until_echo))


async def test_an_utterance_opened_for_the_talk_of_others_is_closed_when_it_is_known_as_that():
    ears = Prompter(["what about the invoice"])
    hearing = Hearing(Gate(silero()), ears, "call")
    pcm = np.concatenate([quiet(1), fixture("noise/babble.wav")[: RATE_HZ * 4]])
    told = []
    for n in range(0, len(pcm), FRAME):
        told += hearing.frame(pcm[n : n + FRAME], n / RATE_HZ, n / RATE_HZ)
        if any(isinstance(event, CrowdHeard) for event in told):
            break
    assert isinstance(told[0], SpeechStarted) and isinstance(told[-1], CrowdHeard)
    assert hearing.so_far == ""
    assert await hearing.settle() is None, "nothing is open"
