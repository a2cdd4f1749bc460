"""The voice of a server, its fixed lines already voiced, so that a greeting costs nothing."""

from contextlib import AsyncExitStack

from core.engine import Engine

from knowledge.profile import Company
from voice_agent.call.voicing import Voice
from voice_agent.speech.lines import LineCache
from voice_agent.speech.ports import Synthesizer
from voice_agent.speech.tts_espeak import EspeakSynthesizer


async def prepared_voice(
    engine: Engine, synthesizer: Synthesizer, company: Company, stack: AsyncExitStack
) -> Voice:
    """A voice with every fixed line of the company in its cache, and espeak to fall back on.

    Raises: SpeechFailed, EngineUnavailable.
    """
    lines = LineCache()
    await lines.prepare(synthesizer, engine.fixed_lines())
    fallback = synthesizer
    if synthesizer.name != "espeak":
        fallback = EspeakSynthesizer()
        await fallback.load()
        stack.push_async_callback(fallback.aclose)
    return Voice(synthesizer, fallback, lines, company.vocabulary.synonyms)
