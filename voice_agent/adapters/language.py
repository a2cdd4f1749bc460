"""Chooses the model that words replies and reads turns: an OpenAI-compatible one, or none."""

from dataclasses import dataclass
from typing import NamedTuple

import anyio

from voice_agent.adapters.llm_openai import OpenAIModel, failures
from voice_agent.adapters.trial import Tried, tried
from voice_agent.config import Settings
from voice_agent.errors import EngineUnavailable
from voice_agent.refusal import LONGEST, Refusal, near, remedy
from voice_agent.trying import OPENAI_URL

PROBE_S = 1.5
PATIENT_S = 5.0
"""Timeout for a model named explicitly: a start waits for it rather than go without."""
IN_TIME_S = 1.5
"""A model with later first words is too slow for a turn."""


class ChosenModel(NamedTuple):
    """`model` is None when the embedded realiser words everything; `why` is one line.

    `late`: the server is there, but the model did not answer in time.
    """

    model: OpenAIModel | None
    why: str
    late: bool = False


@dataclass(slots=True)
class _Met:
    """What is known of a service when the time is up."""

    tried: Tried | None = None
    listed: tuple[str, ...] | None = None
    """The models it lists; None until it has answered whether it lists them."""
    away: str = ""


async def choose_model(settings: Settings, within_s: float | None = None) -> ChosenModel:
    """The configured language model, once tested; `auto` does without one that is not there.

    Raises: EngineUnavailable when `openai` is named explicitly and cannot be used.
    """
    named = settings.llm == "openai"
    if settings.llm == "embedded":
        return ChosenModel(None, "wording: embedded (as set)")
    url, key = settings.llm_base_url or OPENAI_URL, settings.llm_key
    if not named and not key and not settings.llm_base_url:
        return ChosenModel(
            None, "wording: embedded (no OPENAI_API_KEY and no VOICE_AGENT_LLM_BASE_URL)"
        )
    model = OpenAIModel(url, key or "none", settings.llm_model)
    met = await _meet(model, within_s or (PATIENT_S if named else PROBE_S))
    problem = _problem(met, url, settings.llm_model)
    if problem is None:
        return _taken(model, met)
    await model.aclose()
    if named:
        raise EngineUnavailable(
            f"the language model cannot be used: {problem}; or set VOICE_AGENT_LLM=embedded"
        )
    return ChosenModel(None, f"wording: embedded ({problem})")


def _taken(model: OpenAIModel, met: _Met) -> ChosenModel:
    asked = model.dialect.told()
    if met.tried is None or not met.tried.answered:
        why = "is there, but has not answered yet; until it does, approved words are said"
        return ChosenModel(model, f"wording: openai ({model.model} {why})", late=True)
    first_ms = round(met.tried.first_s * 1000)
    slow = met.tried.first_s > IN_TIME_S
    late = f", too late for a turn, which has {IN_TIME_S:g} s" if slow else ""
    return ChosenModel(
        model, f"wording: openai ({model.model}, first words after {first_ms} ms{late}; {asked})",
        late=slow,
    )  # fmt: skip


async def _meet(model: OpenAIModel, within_s: float) -> _Met:
    """Ask the model and, in parallel, for the list of models; returns what came in time."""
    met = _Met()
    await model.load()
    with anyio.move_on_after(within_s):
        async with anyio.create_task_group() as tasks:

            async def listed() -> None:
                from openai import APIStatusError

                try:
                    met.listed = await model.listed()
                except APIStatusError:
                    met.listed = ()  # it answers; a service need not list its models
                except failures() as error:
                    met.away = type(error).__name__

            async def asked() -> None:
                met.tried = await tried(model)
                if met.tried.answered or met.tried.fault:
                    tasks.cancel_scope.cancel()

            tasks.start_soon(listed)
            tasks.start_soon(asked)
    return met


def _passes(refusal: Refusal) -> bool:
    """Whether the refusal may be transient: the server is there, and the settings are right."""
    return refusal.kind in ("busy", "content") or refusal.status >= 500


def _problem(met: _Met, url: str, model: str) -> str | None:
    """Why the model cannot be used, with the remedy; None when it can."""
    told = met.tried
    if told is None:
        if met.listed is not None:
            return None
        why = met.away or "TimeoutError"
        return f"{url} is not reachable ({why}); check VOICE_AGENT_LLM_BASE_URL"
    if told.answered or (told.refusal is not None and _passes(told.refusal)):
        return None
    if told.refusal is None:
        if met.listed is None and told.fault.startswith(("APIConnection", "APITimeout")):
            return f"{url} is not reachable ({told.fault}); check VOICE_AGENT_LLM_BASE_URL"
        return f"{url}: {told.fault}; check VOICE_AGENT_LLM_BASE_URL and VOICE_AGENT_LLM_MODEL"
    kind = told.refusal.kind
    what = {
        "key": f"{url} refused the key",
        "money": f"{url} wants to be paid",
        "model": f"{url} has no model {model}",
        "address": f"{url} has no chat completions",
    }.get(kind, f"{url} refused to answer")
    meant = near(model, met.listed or ()) if kind == "model" else ()
    mend = remedy(kind, "VOICE_AGENT_LLM", "VOICE_AGENT_LLM_API_KEY or OPENAI_API_KEY")
    if meant:
        mend = f"is {' or '.join(meant)} meant? Then set VOICE_AGENT_LLM_MODEL"
    return f"{what} ({told.refusal.status}: {told.refusal.message[:LONGEST]}); {mend}"
