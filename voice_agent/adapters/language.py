"""Which model words replies and reads turns: a reachable OpenAI-compatible one, or none."""

from typing import NamedTuple

import anyio
import httpx

from voice_agent.adapters.llm_openai import OpenAIModel
from voice_agent.config import Settings
from voice_agent.errors import EngineUnavailable

OPENAI_URL = "https://api.openai.com/v1"
PROBE_S = 1.5


class ChosenModel(NamedTuple):
    """`model` is None when the embedded realiser words everything; `why` is one line."""

    model: OpenAIModel | None
    why: str


async def choose_model(settings: Settings, within_s: float = PROBE_S) -> ChosenModel:
    """The language model of the settings; `auto` takes one only if it answers in time.

    Raises: EngineUnavailable when `openai` is asked for by name and does not answer.
    """
    if settings.llm == "embedded":
        return ChosenModel(None, "wording: embedded (as set)")
    url = settings.llm_base_url or OPENAI_URL
    key = settings.openai_api_key.get_secret_value()
    if settings.llm == "auto" and not key and not settings.llm_base_url:
        return ChosenModel(None, "wording: embedded (no OPENAI_API_KEY and no LLM_BASE_URL)")
    problem = await _problem(url, key, within_s)
    if problem is None:
        model = OpenAIModel(url, key or "none", settings.llm_model)
        await model.load()
        return ChosenModel(model, f"wording: openai ({settings.llm_model})")
    if settings.llm == "openai":
        raise EngineUnavailable(
            f"the language model does not answer: {problem}; check VOICE_AGENT_LLM_BASE_URL and "
            "OPENAI_API_KEY, or set VOICE_AGENT_LLM=embedded"
        )
    return ChosenModel(None, f"wording: embedded ({problem})")


async def _problem(url: str, key: str, within_s: float) -> str | None:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        with anyio.fail_after(within_s):  # httpx counts each of its waits on its own
            async with httpx.AsyncClient(timeout=within_s) as client:
                answer = await client.get(f"{url.rstrip('/')}/models", headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        return f"{url} is not reachable ({type(error).__name__})"
    return f"{url} refused the key" if answer.status_code in (401, 403) else None
