"""Tests a language model: whether it answers, and which dialect it wants."""

from contextlib import aclosing
from dataclasses import dataclass, replace

import anyio

from voice_agent.adapters.dialect import WAYS, Dialect
from voice_agent.adapters.llm_openai import OpenAIModel, failures
from voice_agent.adapters.sse import Words, closes
from voice_agent.refusal import Refusal, ServiceRefused

SYSTEM = "You answer on the telephone, in one short sentence and without markup."
ASKED = (("user", "Please say that you are ready."),)
MOST_TRIES = 6


@dataclass(frozen=True, slots=True)
class Tried:
    """The outcome: words, a refusal, or a `fault` of the network or of the answer."""

    first_s: float = 0.0
    """Time to its first words."""
    said: str = ""
    refusal: Refusal | None = None
    fault: str = ""

    @property
    def answered(self) -> bool:
        """Whether it said something."""
        return bool(self.said)


async def tried(model: OpenAIModel) -> Tried:
    """Ask until the model answers without reasoning first, or cannot be kept from it.

    No timeout: the caller keeps the clock. What was learned by then is kept.
    """
    told, before = Tried(), model.dialect
    thought = False
    for _ in range(MOST_TRIES):
        words = Words(model.dialect.opened)
        try:
            told = await _once(model, words)
        except ServiceRefused as refused:
            if not thought:
                return Tried(refusal=refused.refusal)
            model.dialect = replace(before, spent=before.spent | WAYS)
            continue
        except failures() as error:
            return Tried(fault=f"{type(error).__name__}: {error}")
        thought = words.thought or closes(told.said) or not told.said
        before = model.dialect
        quieter = _quieter(before, closes(told.said)) if thought else before
        if quieter == before:
            break
        model.dialect = quieter
    return told if told.said else Tried(fault="it ended its answer without a word")


def _quieter(dialect: Dialect, closing: bool) -> Dialect:
    """The next way to stop it from reasoning, else one that leaves room for it."""
    room = replace(dialect, thinks=True, opened=dialect.opened or closing)
    return dialect.quieter() or room


async def _once(model: OpenAIModel, words: Words) -> Tried:
    """One answer, cut short if it begins with a thought that can still be turned off."""
    began, first_s, said = anyio.current_time(), 0.0, ""
    brief = model.dialect.quieter() is not None
    async with aclosing(model.said(SYSTEM, ASKED, words, brief=brief)) as texts:
        async for text in texts:
            if not said:
                first_s = anyio.current_time() - began
            said += text
    return Tried(first_s, said.strip())
