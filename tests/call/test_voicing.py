"""Which voice says a clause, and when a voice is skipped."""

from pathlib import Path

import anyio
import pytest

from core.engine import Engine
from core.talk import Sentence
from knowledge.answer import KnowledgeBase
from knowledge.load import load
from tests.fakes.tone_synthesizer import ToneSynthesizer
from voice_agent.audio import g711
from voice_agent.call.lines import prepared_voice
from voice_agent.call.playback import Reply
from voice_agent.call.voicing import FIRST_CHUNK_S, REST_S, Voice
from voice_agent.errors import SpeechFailed
from voice_agent.speech.lines import LineCache

TEXT = "Growth costs a little more."


def voices() -> tuple[ToneSynthesizer, ToneSynthesizer, Voice]:
    engine, spare = ToneSynthesizer(name="engine"), ToneSynthesizer(name="spare")
    return engine, spare, Voice(engine, spare, LineCache())


async def say(voice: Voice, text: str = TEXT) -> bytes:
    reply = Reply(1)
    await voice.add(reply, Sentence(1, 0, text, "give"), lambda: None)
    return b"".join(bytes(clause.audio) for clause in reply.clauses)


async def test_a_voice_that_stops_in_mid_clause_is_followed_by_the_whole_clause_again():
    engine, spare, voice = voices()
    engine.fails, engine.fails_after = True, 3
    audio = await say(voice)
    assert audio.endswith(g711.encode(spare.audio_of(TEXT)))
    assert len(audio) > len(spare.audio_of(TEXT))


async def test_a_voice_slower_than_speech_is_given_up_once_the_gap_is_too_long():
    engine, spare, voice = voices()
    engine.chunk_s = 1.0
    began = anyio.current_time()
    await say(voice)
    assert spare.finished == [TEXT]
    assert anyio.current_time() - began == pytest.approx(FIRST_CHUNK_S, abs=0.2)


async def test_a_failed_voice_rests_and_is_then_tried_again():
    engine, spare, voice = voices()
    engine.dead = True
    await say(voice)
    engine.dead = False
    await say(voice)
    assert len(spare.finished) == 2
    await anyio.sleep(REST_S)
    await say(voice)
    assert len(spare.finished) == 2 and engine.finished == [TEXT]


@pytest.mark.parametrize(
    ("text", "clauses"), [("—", 0), ("👋 … !", 0), ("Growth costs more — … 👋", 1)]
)
async def test_what_cannot_be_pronounced_is_no_clause(text, clauses):
    reply = Reply(1)
    await voices()[2].add(reply, Sentence(1, 0, text, "give"), lambda: None)
    assert len(reply.clauses) == clauses and all(c.audio for c in reply.clauses)
    assert not clauses or reply.clauses[-1].closes


async def test_without_another_voice_the_failure_is_told():
    engine = ToneSynthesizer(dead=True)
    with pytest.raises(SpeechFailed):
        await say(Voice(engine, engine, LineCache()))


async def test_the_voice_says_the_names_that_are_written_not_what_callers_words_for_them_mean():
    loaded = load(Path(__file__).parents[1] / "companies" / "corvane")
    assert {"polaris", "buyer"} <= set(loaded.company.vocabulary.synonyms)
    tone = ToneSynthesizer()
    voice = await prepared_voice(Engine(loaded, KnowledgeBase(loaded)), tone, tone)
    await say(voice, "The buyer takes a Polaris 86.")
    assert tone.finished[-1] == "The buyer takes a Polaris eighty-six."
