"""What a start reports of a language model: that it answers, or the fault and its remedy."""

from collections.abc import Callable

import anyio
import pytest

from tests.fakes import model_servers as servers
from tests.fakes.model_servers import Answer, Body, ModelServer
from tests.fakes.ports import free_port
from voice_agent.adapters.language import PROBE_S, ChosenModel, choose_model
from voice_agent.config import Settings
from voice_agent.errors import EngineUnavailable

pytestmark = pytest.mark.real_clock
HAS = ("gpt-4o-mini", "models/gemini-2.5-flash", "qwen/qwen3-8b", "llama3.2:3b")


def settings(server: ModelServer | None, **given: object) -> Settings:
    url = server.base_url if server else f"http://127.0.0.1:{free_port()}/v1"
    return Settings(_env_file=None, llm_base_url=url, **given)  # type: ignore[call-arg, arg-type]


async def chosen(server: ModelServer | None, **given: object) -> ChosenModel:
    made = await choose_model(settings(server, **given))
    if made.model is not None:
        await made.model.aclose()
    return made


async def test_a_model_that_answers_is_taken_with_the_time_it_took_and_how_it_is_asked():
    with ModelServer(servers.openai_reasoning("minimal", "low")) as server:
        made = await chosen(server, llm_model="gpt-5-mini")
    assert made.model is not None and not made.late
    assert made.why.startswith("wording: openai (gpt-5-mini, first words after ")
    assert "reasoning_effort minimal" in made.why


@pytest.mark.parametrize("kind", servers.UNKNOWN_MODEL)
async def test_a_model_that_there_is_none_of_is_told_with_the_servers_words(kind: str):
    with ModelServer(servers.UNKNOWN_MODEL[kind], HAS) as server:
        made = await chosen(server, llm_model="quen3:8b")
        assert made.model is None and "has no model quen3:8b (4" in made.why
        assert "set VOICE_AGENT_LLM_MODEL" in made.why
        with pytest.raises(EngineUnavailable, match="has no model quen3:8b"):
            await chosen(server, llm_model="quen3:8b", llm="openai")
    assert len(server.bodies) == 2, "it is no dialect"


@pytest.mark.parametrize(
    ("asked", "meant"),
    [("gpt-4o-mni", "gpt-4o-mini"), ("gemini-2.5-flsh", "gemini-2.5-flash"),
     ("qwen3-8b", "qwen/qwen3-8b"), ("llama3.2", "llama3.2:3b")],
)  # fmt: skip
async def test_near_names_are_told_where_the_server_lists_its_models(asked: str, meant: str):
    with ModelServer(servers.UNKNOWN_MODEL["openai"], HAS) as server:
        why = (await chosen(server, llm_model=asked)).why
        assert f"is {meant}" in why and "meant? Then set VOICE_AGENT_LLM_MODEL" in why
    with ModelServer(servers.UNKNOWN_MODEL["openai"], None) as server:
        assert "meant?" not in (await chosen(server, llm_model=asked)).why


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        *((answer, "refused the key.*LLM_API_KEY") for answer in servers.KEY_REFUSED.values()),
        *((answer, "wants to be paid.*add credit") for answer in servers.NO_MONEY.values()),
        (servers.no(404, {"detail": "Not Found"}), "no chat completions.*ends in /v1"),
        (servers.no(200, {"error": "Unexpected endpoint or method."}), "Unexpected endpoint"),
        (servers.openai_error("Bad request"), "refused to answer .400: Bad request"),
        (servers.words({"stream": True}, ""), "without a word"),
    ],
)
async def test_whatever_else_is_wrong_is_told_in_one_line_with_its_remedy(
    answer: Answer, told: str
):
    with ModelServer(lambda body: answer) as server:
        with pytest.raises(EngineUnavailable, match=told) as raised:
            await chosen(server, llm="openai")
        assert "\n" not in str(raised.value)
        assert (await chosen(server)).model is None


BROKEN = servers.no(500, {"error": {"message": "The server had an error", "type": "server_error"}})


@pytest.mark.parametrize(
    "speaks",
    [lambda body: servers.LOADING, servers.slowly(PROBE_S + 1), lambda body: BROKEN],
    ids=["loading", "slow", "broken"],
)
async def test_a_model_that_is_there_but_not_ready_is_taken_and_not_waited_for(
    speaks: Callable[[Body], Answer],
):
    with ModelServer(speaks, HAS) as server:
        began = anyio.current_time()
        made = await chosen(server)
        took_s = anyio.current_time() - began
    assert made.model is not None and made.late and "has not answered yet" in made.why
    assert took_s < PROBE_S + 1


async def test_a_model_whose_first_words_come_late_says_so():
    with ModelServer(servers.slowly(1.7), HAS) as server:
        made = await chosen(server, llm="openai")
    assert made.late and "too late for a turn, which has 1.5 s" in made.why


async def test_nobody_there_is_told_within_the_probes_time():
    made = await chosen(None)
    assert made.model is None and "is not reachable" in made.why
    assert "check VOICE_AGENT_LLM_BASE_URL" in made.why


async def test_a_key_that_a_server_repeats_is_not_told_on():
    answer = servers.openai_error("Incorrect API key provided: sk-very-secret.", status=401)
    with ModelServer(lambda body: answer) as server:
        made = await chosen(server, llm_api_key="sk-very-secret")
    assert "refused the key (401: Incorrect API key provided: …" in made.why
    assert "secret" not in made.why


async def test_the_models_own_key_is_used_before_the_common_one():
    with ModelServer(servers.words) as server:
        asked = settings(server, llm_api_key="own", openai_api_key="common", stt_api_key="")
        assert (asked.llm_key, asked.stt_key) == ("own", "common")
