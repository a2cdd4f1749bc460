"""The server's voice, with its fixed lines already voiced, so that a greeting costs nothing."""

from collections.abc import Callable

from core.engine import Engine
from voice_agent.call.voicing import Voice
from voice_agent.speech.lines import LineCache
from voice_agent.speech.ports import Synthesizer
from voice_agent.speech.verbalise.verbaliser import spoken


async def prepared_voice(
    engine: Engine, synthesizer: Synthesizer, fallback: Synthesizer,
    lines: LineCache | None = None, failed: Callable[[], None] = lambda: None,
) -> Voice:  # fmt: skip
    """A voice with every fixed line in its cache, some perhaps voiced before. `failed` is called
    each time the synthesizer is rested after a failure.

    Raises: SpeechFailed.
    """
    lines = lines or LineCache()
    await lines.prepare(synthesizer, engine.fixed_lines(), spoken)
    return Voice(synthesizer, fallback, lines, failed)
