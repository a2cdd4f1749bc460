"""Who calls in a demo: the sample's caller, the company's own, or someone with its questions."""

from pathlib import Path

import anyio.to_thread
import numpy as np

from knowledge.golden import read_golden
from voice_agent.audio.pcm import Pcm
from voice_agent.config import SAMPLE_COMPANY
from voice_agent.emulator import script as scripts
from voice_agent.emulator.script import Script, ScriptInvalid
from voice_agent.speech.tts_espeak import EspeakSynthesizer

DEMO = "demo"
CALLERS = Path("callers", "manifest.json")
"""Where a company folder keeps callers of its own, made by `audio_fixtures/make.py --in`."""
QUESTIONS = 4
VOICE = "en-us"
ABOUT = (
    "The caller asks the company's golden questions, in the embedded voice, which the embedded "
    "recogniser hears worst of all: talk yourself at /phone, or give it callers of its own."
)


async def caller_of(company: Path, name: str | None = None) -> Script:
    """The script `name`, or the demo of this company; its golden questions when it has none.

    Raises: ScriptInvalid, naming what can be done; EngineUnavailable when nothing can be voiced.
    """
    kept = await anyio.to_thread.run_sync(_kept, company, name)
    return kept or await _asking(company, await anyio.to_thread.run_sync(_questions, company))


def _kept(company: Path, name: str | None) -> Script | None:
    """A script whose recordings are on disk."""
    own = company / CALLERS
    if own.exists() and (name or DEMO) in scripts.names(own):
        return scripts.load(name or DEMO, own)
    if name or company.resolve() == SAMPLE_COMPANY:
        return scripts.load(name or DEMO)
    return None


def _questions(company: Path) -> list[str]:
    """The company's first golden questions."""
    golden = company / "golden.yaml"
    text = golden.read_text(encoding="utf-8") if golden.exists() else None
    return [item.ask for item in read_golden(text).answered][:QUESTIONS]


async def _asking(company: Path, questions: list[str]) -> Script:
    """A caller who asks these in the embedded voice. Raises: ScriptInvalid when there are none."""
    if not questions:
        raise ScriptInvalid(
            f"nobody to call with: list questions under `answered:` in {company / 'golden.yaml'}, "
            f"or make callers in {company / CALLERS.parent}"
        )
    voice = EspeakSynthesizer(VOICE)
    await voice.load()
    try:
        lines = [(line, await _voiced(voice, line)) for line in [*questions, "Bye bye."]]
    finally:
        await voice.aclose()
    return scripts.from_lines(lines, ABOUT)


async def _voiced(voice: EspeakSynthesizer, text: str) -> Pcm:
    return np.concatenate([chunk async for chunk in voice.speak(text)])
