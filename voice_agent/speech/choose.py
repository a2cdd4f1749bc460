"""Chooses recogniser and voice: the named one or, on `auto`, the best that works here and now."""

import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from knowledge.load import Loaded
from voice_agent.config import Settings
from voice_agent.errors import ConfigError, EngineUnavailable
from voice_agent.models import voice_file
from voice_agent.speech.ports import Synthesizer, Transcriber
from voice_agent.speech.pronunciations import NO_NAMES
from voice_agent.speech.sphinx.caller_language import phrases_of, wordings_of

T = TypeVar("T")
PROBE_S = 1.5
"""Timeout for a service on `auto`; a start may lose two seconds at most."""
TOO_SLOW_S = 1.2
"""A local recogniser slower than this on a short utterance keeps callers waiting."""


@dataclass(frozen=True, slots=True)
class Chosen(Generic[T]):
    """A loaded, warm engine, and one log line: which it is and why."""

    engine: T
    why: str


@dataclass(frozen=True, slots=True)
class _Candidate(Generic[T]):
    """`missing`: why it cannot be tried, if known at once; `load` returns it loaded or raises."""

    name: str
    because: str
    load: Callable[[], Awaitable[T]]
    missing: str = ""


async def choose_transcriber(settings: Settings, loaded: Loaded) -> Chosen[Transcriber]:
    """The recogniser for a company's callers, loaded and warm.

    Raises: EngineUnavailable with its remedy.
    """
    company, phrases = loaded.company, phrases_of(loaded.articles)
    key = settings.stt_key
    named = settings.stt != "auto"

    async def whisper() -> Transcriber:
        from voice_agent.speech.stt_whisper import WhisperTranscriber

        engine = WhisperTranscriber(
            company, phrases, settings.whisper_model, models=settings.models_folder
        )
        await engine.load()
        if not named and engine.decode_s > TOO_SLOW_S:
            await engine.aclose()
            raise EngineUnavailable(f"a short utterance takes {engine.decode_s:.1f} s here")
        return engine

    async def openai() -> Transcriber:
        from voice_agent.speech.stt_openai import OpenAITranscriber

        engine = OpenAITranscriber(
            company, phrases, settings.stt_base_url, key, settings.stt_model
        )  # fmt: skip
        await engine.load(5.0 if named else PROBE_S)
        return engine

    async def sphinx() -> Transcriber:
        from voice_agent.speech.sphinx.transcriber import SphinxTranscriber

        decoders = max(1, (os.cpu_count() or 1) // settings.workers)
        engine = SphinxTranscriber(
            company, phrases, settings.var / "cache", decoders, wordings=wordings_of(loaded)
        )
        await engine.load()
        return engine

    where = settings.stt_base_url or "api.openai.com"
    no_key = (
        "" if key or settings.stt_base_url else "no OPENAI_API_KEY and no VOICE_AGENT_STT_BASE_URL"
    )
    candidates: list[_Candidate[Transcriber]] = [
        _Candidate("whisper", f"model {settings.whisper_model} is on this disk", whisper),
        _Candidate("openai", where, openai, no_key),
        _Candidate("sphinx", "embedded, always there", sphinx),
    ]
    if settings.stt_base_url:
        candidates.insert(0, candidates.pop(1))
    return await _choose("hearing", settings.stt, candidates)


async def choose_synthesizer(
    settings: Settings, rate: float = 1.0, own: Mapping[str, str] = NO_NAMES
) -> Chosen[Synthesizer]:
    """The voice, loaded and warm; `own`: how names sound, in ARPAbet.

    Raises: EngineUnavailable with its remedy.
    """
    key = settings.tts_key

    async def piper() -> Synthesizer:
        from voice_agent.speech.tts_piper import PiperSynthesizer

        if not settings.piper_voice:
            raise EngineUnavailable("set VOICE_AGENT_PIPER_VOICE to the name of a Piper voice")
        try:
            voice = voice_file(settings.piper_voice, settings.models_folder)
        except ConfigError as error:
            raise EngineUnavailable(str(error)) from error
        return await _loaded(PiperSynthesizer(voice, rate, own=own))

    async def openai() -> Synthesizer:
        from voice_agent.speech.tts_openai import REACH_S, OpenAISynthesizer

        engine = OpenAISynthesizer(
            settings.tts_base_url, key or "none", settings.tts_model, settings.tts_voice, rate
        )
        await engine.load(REACH_S if settings.tts == "openai" else PROBE_S)
        return engine

    async def espeak() -> Synthesizer:
        from voice_agent.speech.tts_espeak import EspeakSynthesizer

        return await _loaded(EspeakSynthesizer(rate=rate, own=own))

    where = settings.tts_base_url or "api.openai.com"
    no_key = (
        "" if key or settings.tts_base_url else "no OPENAI_API_KEY and no VOICE_AGENT_TTS_BASE_URL"
    )
    no_voice = "" if settings.piper_voice else "no VOICE_AGENT_PIPER_VOICE"
    candidates: list[_Candidate[Synthesizer]] = [
        _Candidate("piper", f"voice {settings.piper_voice}", piper, no_voice),
        _Candidate("openai", where, openai, no_key),
        _Candidate("espeak", "embedded, always there", espeak),
    ]
    if settings.tts_base_url:
        candidates.insert(0, candidates.pop(1))
    return await _choose("speaking", settings.tts, candidates)


async def _loaded(engine: Synthesizer) -> Synthesizer:
    await engine.load()
    return engine


async def _choose(role: str, wanted: str, candidates: Sequence[_Candidate[T]]) -> Chosen[T]:
    """The named candidate or its error; on `auto` the first that loads."""
    if wanted != "auto":
        candidate = next(c for c in candidates if c.name == wanted)
        if candidate.missing and wanted == "openai":
            raise EngineUnavailable(f"{role}: {wanted}: {candidate.missing}; set one of them")
        return Chosen(await candidate.load(), f"{role}: {wanted} (as set; {candidate.because})")
    passed_over: list[str] = []
    for candidate in candidates:
        if candidate.missing:
            passed_over.append(f"{candidate.name}: {candidate.missing}")
            continue
        try:
            engine = await candidate.load()
        except EngineUnavailable as error:
            passed_over.append(f"{candidate.name}: {_short(error)}")
            continue
        rest = f"; not {'; not '.join(passed_over)}" if passed_over else ""
        return Chosen(engine, f"{role}: {candidate.name} ({candidate.because}{rest})")
    raise EngineUnavailable(f"{role}: no engine works here: {'; '.join(passed_over)}")


def _short(error: Exception) -> str:
    """The reason without its remedy: on `auto` nothing has to be fixed."""
    return str(error).split(": set ")[0].splitlines()[0][:320]
