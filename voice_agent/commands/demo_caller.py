"""The demo's caller: the sample company's, the company's own, or one made from its questions."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import anyio.to_thread
import numpy as np
import phonenumbers
from rapidfuzz import fuzz

from knowledge.golden import read_golden
from knowledge.load import Loaded, load
from voice_agent.audio.pcm import Pcm
from voice_agent.config import SAMPLE_COMPANY
from voice_agent.emulator import script as scripts
from voice_agent.emulator.script import Script, ScriptInvalid
from voice_agent.speech.sphinx.caller_language import phrases_of, wordings_of
from voice_agent.speech.sphinx.transcriber import SphinxTranscriber
from voice_agent.speech.tts_espeak import EspeakSynthesizer

DEMO = "demo"
CALLERS = Path("callers", "manifest.json")
"""Where a company folder keeps its own callers, made by `audio_fixtures/make.py --in`."""
QUESTIONS, TRIED = 4, 16
"""Questions asked, and candidates of which the best recognised are chosen."""
HEARD_S = 30.0
"""Deadline per line: pushed all at once, a line is decoded after its end, not as it is spoken."""
VOICE = "en-us"
CALLBACK = ("Can somebody call me back tomorrow at ten?", "Could someone call me tomorrow morning?")
NAMES = ("My name is Daniel Carter.", "My name is Maria Lopez.", "My name is John Smith.")
BYE = "Bye bye."
ABOUT = (
    "The caller asks some of the company's golden questions in the embedded voice, {how}: talk "
    "yourself at /phone, type at `voice-agent talk`, or give it callers of its own."
)


async def kept_caller(company: Path, name: str | None = None) -> Script | None:
    """The script `name`, or this company's demo; None when there is only its golden questions.

    Raises: ScriptInvalid with what can be done, also when it has no questions.
    """
    kept = await anyio.to_thread.run_sync(_kept, company, name)
    if kept is None and not _questions(company):
        raise ScriptInvalid(
            f"nobody to call with: list questions under `answered:` in {company / 'golden.yaml'}, "
            f"or make callers in {company / CALLERS.parent}"
        )
    return kept


def _kept(company: Path, name: str | None) -> Script | None:
    """A script whose recordings are on disk."""
    own = company / CALLERS
    if own.exists() and (name or DEMO) in scripts.names(own):
        return scripts.load(name or DEMO, own)
    if name or company.resolve() == SAMPLE_COMPANY:
        return scripts.load(name or DEMO)
    return None


def _questions(company: Path) -> list[str]:
    """The company's golden questions that have an answer."""
    golden = company / "golden.yaml"
    text = golden.read_text(encoding="utf-8") if golden.exists() else None
    return [item.ask for item in read_golden(text).answered][:TRIED]


async def asking_caller(company: Path, cache: Path | None = None) -> Script:
    """A caller with the company's golden questions and a purpose, in the embedded voice.

    `cache`: where the embedded recogniser, which finds that voice the hardest of all, keeps the
    company's language model; the questions asked are those it understands.

    Raises: EngineUnavailable when nothing can be voiced.
    """
    loaded = await anyio.to_thread.run_sync(load, company)
    questions = _questions(company)
    purposes = [said for scenario in loaded.company.scenarios for said in scenario.said][:TRIED]
    voiced = await _voiced([*questions, *purposes, *CALLBACK, *NAMES, BYE])
    heard = await _heard(loaded, voiced, cache) if cache else {}

    def best(lines: Sequence[str], most: int) -> list[str]:
        ranked = sorted(lines, key=lambda line: heard.get(line, 0.0), reverse=True)[:most]
        return [line for line in lines if line in ranked]

    first, *more = best(questions, QUESTIONS)
    lines = [first, *best(purposes, 1), *more, *best(CALLBACK, 1), *best(NAMES, 1), BYE]
    how = "those that the embedded recogniser hears best" if cache else "and then for a call back"
    made = scripts.from_lines([(line, voiced[line]) for line in lines], ABOUT.format(how=how))
    return replace(made, caller=_number(loaded))


async def _voiced(lines: Sequence[str]) -> dict[str, Pcm]:
    voice = EspeakSynthesizer(VOICE)
    await voice.load()
    try:
        return {
            line: np.concatenate([chunk async for chunk in voice.speak(line)]) for line in lines
        }
    finally:
        await voice.aclose()


async def _heard(loaded: Loaded, voiced: dict[str, Pcm], cache: Path) -> dict[str, float]:
    """How much of each line the embedded recogniser understands, in percent."""
    recogniser = SphinxTranscriber(
        loaded.company, phrases_of(loaded.articles), cache, workers=1, deadline_s=HEARD_S,
        wordings=wordings_of(loaded),
    )  # fmt: skip
    await recogniser.load()
    found: dict[str, float] = {}
    try:
        for line, pcm in voiced.items():
            utterance = recogniser.open("demo")
            try:
                utterance.push(pcm)
                made = await utterance.settle()
            finally:
                utterance.close()
            found[line] = fuzz.ratio(made.text.lower(), line.lower().rstrip("?.!"))
    finally:
        await recogniser.aclose()
    return found


def _number(loaded: Loaded) -> str | None:
    """An unassigned number from the same area as the company's own."""
    own = next(iter(loaded.company.numbers), "")
    if own.startswith("+1") and len(own) == 12:
        return f"{own[:5]}5550188"
    region = phonenumbers.region_code_for_number(phonenumbers.parse(own)) if own else None
    example = phonenumbers.example_number(region) if region else None
    return (
        phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
        if example
        else None
    )
