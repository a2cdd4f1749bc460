"""The embedded voice: fast, level, stoppable, and one thread for all calls."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import aclosing

import anyio
import numpy as np
import pytest

from voice_agent.audio.pcm import RATE_HZ, level_dbfs
from voice_agent.errors import EngineUnavailable, SpeechFailed
from voice_agent.speech import tts_espeak
from voice_agent.speech.espeak_library import EspeakVoice, espeak_library
from voice_agent.speech.ports import voiced
from voice_agent.speech.tts_espeak import EspeakSynthesizer

pytestmark = pytest.mark.engine
SENTENCE = "Thanks for calling Tideline, how can I help you today?"


@pytest.fixture
async def voice() -> AsyncIterator[EspeakSynthesizer]:
    voice = EspeakSynthesizer()
    await voice.load()
    yield voice
    await voice.aclose()


async def test_the_level_suits_a_telephone_line(voice):
    pcm = np.concatenate(await voiced(voice, SENTENCE))
    assert -24 < level_dbfs(pcm) < -17
    peak = 20 * np.log10(np.max(np.abs(pcm.astype(np.int32))) / 32768)
    assert -9 < peak < -1


async def test_the_same_text_lasts_the_same_after_any_other(voice):
    before = np.concatenate(await voiced(voice, SENTENCE))
    async with aclosing(voice.speak(SENTENCE * 3)) as chunks:
        await anext(chunks)
    after = np.concatenate(await voiced(voice, SENTENCE))
    assert abs(len(before) - len(after)) < 0.010 * RATE_HZ


async def test_rate_shortens_speech():
    lengths = []
    for rate in (0.8, 1.0, 1.4):
        voice = EspeakSynthesizer(rate=rate)
        await voice.load()
        lengths.append(sum(map(len, await voiced(voice, SENTENCE))))
        await voice.aclose()
    assert lengths[0] > 1.1 * lengths[1] > 1.3 * lengths[2]


async def test_an_unknown_voice_says_what_to_do():
    with pytest.raises(EngineUnavailable, match="no voice 'no-such-voice'.*choose another"):
        await EspeakSynthesizer("no-such-voice").load()


async def test_two_voices_in_one_process_do_not_mix(voice):
    other = EspeakSynthesizer("en-us", rate=1.5)
    await other.load()
    alone = [sum(map(len, await voiced(v, SENTENCE))) for v in (voice, other)]
    together = [0, 0]

    async def speak(at: int, by: EspeakSynthesizer) -> None:
        together[at] = sum(map(len, await voiced(by, SENTENCE)))

    async with anyio.create_task_group() as group:
        group.start_soon(speak, 0, voice)
        group.start_soon(speak, 1, other)
    await other.aclose()
    assert np.allclose(alone, together, atol=0.005 * RATE_HZ)


async def test_a_cancelled_clause_frees_the_thread_within_a_buffer():
    library, heard = espeak_library(), []
    library.say(SENTENCE * 50, EspeakVoice("en-us", 160), lambda pcm: bool(heard.append(len(pcm))))
    assert len(heard) == 1


async def test_more_clauses_than_the_queue_holds_are_refused_not_delayed(monkeypatch):
    monkeypatch.setattr(tts_espeak, "QUEUE", 2)
    voice = EspeakSynthesizer()
    await voice.load()
    library, started, go = espeak_library(), threading.Event(), threading.Event()

    def hold(_: object) -> bool:
        started.set()
        return go.wait(10) and False

    holder = threading.Thread(
        target=library.say, args=(SENTENCE, EspeakVoice("en-us", 160), hold), daemon=True
    )
    holder.start()
    await anyio.to_thread.run_sync(started.wait)
    failures = []

    async def speak() -> None:
        try:
            await voiced(voice, SENTENCE)
        except SpeechFailed as error:
            failures.append(str(error))

    async with anyio.create_task_group() as group:
        for _ in range(6):
            group.start_soon(speak)
        await anyio.wait_all_tasks_blocked()
        go.set()
    holder.join()
    await voice.aclose()
    assert 3 <= len(failures) <= 4
    assert all("2 clauses waiting" in failure for failure in failures)


async def test_closing_fails_what_waits_and_ends_the_thread(voice):
    threads = threading.active_count()
    outcomes = []

    async def speak() -> None:
        try:
            await voiced(voice, SENTENCE * 4)
            outcomes.append("spoken")
        except SpeechFailed:
            outcomes.append("failed")

    async with anyio.create_task_group() as group:
        for _ in range(4):
            group.start_soon(speak)
        await asyncio.sleep(0)
        await voice.aclose()
    assert len(outcomes) == 4
    assert threading.active_count() <= threads
