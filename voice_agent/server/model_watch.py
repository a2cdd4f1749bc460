"""`ModelWatch`: tests a resting language model beside the calls until it is fast enough again."""

import logging

import anyio

from core.trust import Trusts
from voice_agent.adapters.language import IN_TIME_S
from voice_agent.adapters.llm_openai import OpenAIModel
from voice_agent.adapters.trial import Tried, tried
from voice_agent.rounds import regularly

log = logging.getLogger(__name__)
EVERY_S = 15.0
PATIENCE_S = 60.0
"""A self-hosted server may take this long to load a model."""


class ModelWatch:
    """Finds out whether the model is back, so that no caller has to; `run` ends when cancelled."""

    def __init__(self, model: OpenAIModel, trusts: Trusts) -> None:
        self._model = model
        self._trusts = trusts
        self._told = False

    async def run(self) -> None:
        """Test it regularly."""
        await regularly("asking the language model", self.look, EVERY_S)

    async def look(self) -> None:
        """Test the model if calls currently do without it."""
        trust = self._trusts.wording
        if trust.lost and not self._told:
            log.warning("approved words alone: the language model rests (%s)", trust.why)
        self._told = trust.lost
        if not trust.lost:
            return
        told = Tried(fault=f"no answer within {PATIENCE_S:.0f} s")
        with anyio.move_on_after(PATIENCE_S):
            told = await tried(self._model)
        if told.answered and told.first_s <= IN_TIME_S:
            trust.worked()
            self._told = False
            log.warning("the language model answers, after %d ms", round(told.first_s * 1000))
        else:
            trust.rest(anyio.current_time(), _why(told))

    @property
    def resting(self) -> dict[str, str]:
        """The uses it is resting for, each with the reason."""
        uses = {"wording": self._trusts.wording, "reading": self._trusts.reading}
        return {use: trust.why for use, trust in uses.items() if trust.lost}


def _why(told: Tried) -> str:
    if told.answered:
        return f"first words after {told.first_s:.1f} s"
    return told.fault or (told.refusal.message[:80] if told.refusal else "no answer")
