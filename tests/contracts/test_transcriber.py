"""The contract of every recogniser, whichever engine is behind it."""

from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path

import anyio
import numpy as np
import pytest

from tests.core.talk import sample
from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.errors import TranscriptionFailed
from voice_agent.speech.ports import NOTHING, Hypothesis, Transcriber
from voice_agent.speech.ports import voiced as all_chunks

pytestmark = pytest.mark.real_clock
FRAME = 160
ENGINES = [
    "echo",
    "whisper",
    "openai",
    pytest.param("sphinx", marks=pytest.mark.engine),
]


class Ear:
    """A loaded recogniser and audio it finds words in."""

    def __init__(self, transcriber: Transcriber, speech: Pcm) -> None:
        self.transcriber = transcriber
        self.speech = speech

    def hearing(self, pcm: Pcm | None = None, call_id: str = "call"):
        """An open utterance into which `pcm` was pushed in frames."""
        utterance = self.transcriber.open(call_id)
        for frame in frames(self.speech if pcm is None else pcm):
            utterance.push(frame)
        return utterance


def frames(pcm: Pcm) -> list[Pcm]:
    return [pcm[i : i + FRAME] for i in range(0, len(pcm), FRAME)]


def quiet(for_s: float = 1.0) -> Pcm:
    """What a silent telephone line carries: a few quantisation steps of noise."""
    return np.random.default_rng(5).normal(0, 4, int(for_s * RATE_HZ)).astype(np.int16)


SPOKEN: dict[str, Pcm] = {}


async def spoken(text: str) -> Pcm:
    """A sentence in espeak's voice, made once."""
    if text not in SPOKEN:
        SPOKEN[text] = await _voice(text)
    return SPOKEN[text]


async def _voice(text: str) -> Pcm:
    from voice_agent.speech.tts_espeak import EspeakSynthesizer

    voice = EspeakSynthesizer()
    await voice.load()
    try:
        return np.concatenate([quiet(0.3), *(await all_chunks(voice, text)), quiet(0.2)])
    finally:
        await voice.aclose()


@pytest.fixture(params=ENGINES)
async def ear(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Ear]:
    made = globals()[f"_{request.param}"](tmp_path_factory)
    async with made as ear:
        yield ear


class _Loaded:
    """Loads a recogniser for the time of a test."""

    def __init__(self, transcriber: Transcriber, speech: Pcm | None = None) -> None:
        self._transcriber, self._speech = transcriber, speech

    async def __aenter__(self) -> Ear:
        await self._transcriber.load()
        speech = self._speech
        if speech is None:
            speech = await spoken("how much is it for twenty people")
        return Ear(self._transcriber, speech)

    async def __aexit__(self, *_: object) -> None:
        await self._transcriber.aclose()


def _company():
    return sample().company


def _echo(_folders: pytest.TempPathFactory) -> _Loaded:
    from tests.fakes.echo_transcriber import EchoTranscriber, say

    return _Loaded(EchoTranscriber(delay_s=0.02), say("which plan "))


def _whisper(folders: pytest.TempPathFactory) -> _Loaded:
    from tests.fakes.mini_whisper import make
    from voice_agent.speech.stt_whisper import WhisperTranscriber

    folder = folders.getbasetemp() / "mini-whisper"
    if not (folder / "model.bin").is_file():
        make(folder)
    return _Loaded(WhisperTranscriber(_company(), model=str(folder), deadline_s=20.0))


class _Served(_Loaded):
    """The same with a stub service behind it."""

    def __init__(self) -> None:
        from tests.fakes.openai_server import Delays, OpenAIServer
        from voice_agent.speech.stt_openai import OpenAITranscriber

        self.server = OpenAIServer(Delays(transcription_s=0.02)).__enter__()
        super().__init__(OpenAITranscriber(_company(), base_url=self.server.base_url))

    async def __aexit__(self, *reason: object) -> None:
        await super().__aexit__(*reason)
        self.server.__exit__()
        assert self.server.complaints == []


def _openai(_folders: pytest.TempPathFactory) -> _Loaded:
    return _Served()


def _sphinx(folders: pytest.TempPathFactory) -> _Loaded:
    if find_spec("voice_agent.speech.sphinx.transcriber") is None:
        pytest.skip("sphinx is not there")
    from voice_agent.speech.sphinx.caller_language import phrases_of, wordings_of
    from voice_agent.speech.sphinx.transcriber import SphinxTranscriber

    cache: Path = folders.getbasetemp() / "sphinx-cache"
    phrases, wordings = phrases_of(sample().articles), wordings_of(sample())
    # Of these the language is shipped, and need not be made.
    return _Loaded(
        SphinxTranscriber(_company(), phrases, cache, workers=1, deadline_s=20.0, wordings=wordings)
    )


async def test_speech_is_settled_into_words_inside_the_utterance(ear: Ear):
    utterance = ear.hearing()
    heard = await utterance.settle()
    utterance.close()
    assert heard.text.strip() and heard.words
    assert heard.upto_s == pytest.approx(len(ear.speech) / RATE_HZ, abs=0.1)
    starts = [word.start_s for word in heard.words]
    assert starts == sorted(starts)
    assert all(0 <= w.start_s <= w.end_s <= heard.upto_s + 0.3 for w in heard.words)
    assert all(0.0 <= w.confidence <= 1.0 for w in heard.words)


async def test_nothing_is_known_before_anything_was_pushed(ear: Ear):
    utterance = ear.transcriber.open("call")
    assert utterance.partial() == NOTHING
    utterance.close()


async def test_silence_gives_empty_text(ear: Ear):
    pcm = np.zeros(RATE_HZ, np.int16) if ear.transcriber.name == "echo" else quiet()
    utterance = ear.hearing(pcm)
    heard = await utterance.settle()
    utterance.close()
    assert heard.text == "" and heard.words == ()


async def test_an_utterance_without_samples_settles_empty(ear: Ear):
    utterance = ear.transcriber.open("call")
    heard = await utterance.settle()
    utterance.close()
    assert heard.text == ""


async def test_settling_again_after_more_audio_accounts_for_all_of_it(ear: Ear):
    utterance = ear.hearing()
    first = await utterance.settle()
    for frame in frames(ear.speech):
        utterance.push(frame)
    second = await utterance.settle()
    utterance.close()
    assert second.upto_s > first.upto_s
    assert second.text.strip()


async def test_what_was_settled_is_the_partial_hypothesis(ear: Ear):
    utterance = ear.hearing()
    heard = await utterance.settle()
    assert utterance.partial().text == heard.text
    utterance.close()


async def test_pushing_takes_any_length_and_never_raises(ear: Ear):
    utterance = ear.transcriber.open("call")
    at = 0
    for length in (0, 1, 79, 80, 333, 1600, 4001):
        utterance.push(ear.speech[at : at + length])
        at += length
    assert isinstance(utterance.partial(), Hypothesis)
    utterance.close()
    utterance.push(ear.speech)


async def test_a_missed_deadline_is_a_failed_transcription(ear: Ear):
    utterance = ear.hearing()
    ear.transcriber.deadline_s = 1e-6  # type: ignore[attr-defined]
    with pytest.raises(TranscriptionFailed):
        await utterance.settle()
    utterance.close()


async def test_closing_drops_a_settle_that_is_pending(ear: Ear):
    utterance = ear.hearing()
    ended: list[str] = []

    async def settle() -> None:
        try:
            await utterance.settle()
            ended.append("settled")
        except TranscriptionFailed:
            ended.append("dropped")

    with anyio.fail_after(10):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(settle)
            await anyio.lowlevel.checkpoint()
            await anyio.lowlevel.checkpoint()
            utterance.close()
            utterance.close()
    assert ended == ["dropped"]


async def test_a_closed_utterance_does_not_settle(ear: Ear):
    utterance = ear.hearing()
    utterance.close()
    with pytest.raises(TranscriptionFailed):
        await utterance.settle()


async def test_a_settle_that_is_cancelled_leaves_the_utterance_usable(ear: Ear):
    utterance = ear.hearing()
    with anyio.move_on_after(0.001):
        await utterance.settle()
    assert (await utterance.settle()).text.strip()
    utterance.close()


async def test_two_calls_do_not_hear_each_other(ear: Ear):
    still = np.zeros(RATE_HZ, np.int16) if ear.transcriber.name == "echo" else quiet()
    heard: dict[str, str] = {}

    async def listen(call_id: str, pcm: Pcm) -> None:
        utterance = ear.hearing(pcm, call_id)
        heard[call_id] = (await utterance.settle()).text
        utterance.close()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(listen, "talks", ear.speech)
        tasks.start_soon(listen, "listens", still)
    assert heard["talks"].strip() and heard["listens"] == ""


async def test_closing_the_recogniser_twice_is_harmless(ear: Ear):
    utterance = ear.hearing()
    await ear.transcriber.aclose()
    await ear.transcriber.aclose()
    for frame in frames(ear.speech):  # what was heard before the end may still be told
        utterance.push(frame)
    with pytest.raises(TranscriptionFailed):
        await utterance.settle()
    utterance.close()
