"""Fixed lines: voiced once, available at once, never in another voice."""

import anyio
import numpy as np
import pytest

from tests.fakes.tone_synthesizer import ToneSynthesizer
from voice_agent.audio import g711
from voice_agent.errors import SpeechFailed
from voice_agent.speech.lines import AT_ONCE, LineCache
from voice_agent.speech.verbalise.verbaliser import spoken

GREETING, GOODBYE = "Thanks for calling Tideline.", "Goodbye."


async def test_a_prepared_line_is_at_hand_as_mu_law():
    voice, lines = ToneSynthesizer(), LineCache()
    await lines.prepare(voice, [GREETING, GOODBYE])
    assert lines.get(GREETING) == g711.encode(voice.audio_of(GREETING))
    assert lines.get(GOODBYE) != lines.get(GREETING)


async def test_a_line_is_looked_up_as_written_and_voiced_as_spoken():
    voice, lines = ToneSynthesizer(), LineCache()
    await lines.prepare(voice, ["It is $5."], say=spoken)
    assert voice.spoken == ["It is five dollars."]
    assert lines.get("It is $5.")


async def test_what_is_not_a_fixed_line_is_not_there():
    lines = LineCache()
    await lines.prepare(ToneSynthesizer(), [GREETING])
    assert lines.get("Something else.") is None


async def test_a_line_is_voiced_once():
    voice, lines = ToneSynthesizer(), LineCache()
    await lines.prepare(voice, [GREETING, GREETING])
    await lines.prepare(voice, [GREETING, GOODBYE])
    assert voice.spoken == [GREETING, GOODBYE]


async def test_lines_are_voiced_together_where_the_voice_takes_its_time():
    voice, lines = ToneSynthesizer(first_s=1.0), LineCache()
    began = anyio.current_time()
    await lines.prepare(voice, [f"Line {n}." for n in range(2 * AT_ONCE)])
    assert anyio.current_time() - began < 2.5
    assert all(lines.get(f"Line {n}.") for n in range(2 * AT_ONCE))


async def test_another_voice_does_not_answer_for_the_first():
    lines = LineCache()
    await lines.prepare(ToneSynthesizer(), [GREETING])
    other = ToneSynthesizer(name="other", letter_s=0.01)
    await lines.prepare(other, [GOODBYE])
    assert lines.get(GREETING) is None
    assert len(lines.get(GOODBYE) or b"") == len(other.audio_of(GOODBYE))


async def test_lines_voiced_before_a_failure_are_kept():
    voice, lines = ToneSynthesizer(), LineCache()
    await lines.prepare(voice, [GREETING])
    voice.fails = True
    with pytest.raises(SpeechFailed):
        await lines.prepare(voice, [GOODBYE])
    assert lines.get(GREETING) and lines.get(GOODBYE) is None


async def test_a_line_with_nothing_to_say_is_empty_audio():
    lines = LineCache()
    await lines.prepare(ToneSynthesizer(), ["…"])
    assert lines.get("…") == b""
    assert g711.decode(b"").dtype == np.int16
