"""Language model servers in use: each is addressed in its dialect, and no reply is lost to that."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest

from core.errors import ReadingFailed, RealiserFailed
from tests.fakes import model_servers as servers
from tests.fakes.model_servers import READY, Answer, Body, ModelServer
from voice_agent.adapters.llm_openai import OpenAIModel
from voice_agent.adapters.trial import tried

pytestmark = pytest.mark.real_clock
SCHEMA = {"type": "object", "properties": {"items": {"type": "array", "items": {}}}}


async def said(model: OpenAIModel) -> str:
    return "".join([piece async for piece in model.stream("Be brief.", [("user", "ready?")])])


async def read(model: OpenAIModel) -> Any:
    return await model.extract("Mark.", [("user", "{}")], SCHEMA)


@asynccontextmanager
async def met(
    speaks: Callable[[Body], Answer], name: str = "any", *, trial: bool = True
) -> AsyncIterator[tuple[OpenAIModel, ModelServer]]:
    """A model and its server, after it was tried or before."""
    with ModelServer(speaks) as server:
        model = OpenAIModel(server.base_url, "key", name, timeout_s=5.0)
        await model.load()
        try:
            if trial:
                assert (await tried(model)).said == READY
            yield model, server
        finally:
            await model.aclose()


KINDS: dict[str, tuple[Callable[[Body], Answer], str, str, int]] = {
    "OpenAI gpt-4o-mini": (servers.openai_plain, "gpt-4o-mini", "JSON by schema", 1),
    "OpenAI gpt-5-chat-latest": (
        servers.openai_plain, "gpt-5-chat-latest", "JSON by schema", 1),
    "OpenAI gpt-5-mini": (
        servers.openai_reasoning("minimal", "low"), "gpt-5-mini",
        "max_completion_tokens, no temperature, reasoning_effort minimal, JSON by schema", 2),
    "OpenAI gpt-5.4": (
        servers.openai_reasoning("none", "low"), "gpt-5.4",
        "max_completion_tokens, no temperature, reasoning_effort none, JSON by schema", 1),
    "OpenAI o4-mini": (
        servers.openai_reasoning("low"), "o4-mini",
        "max_completion_tokens, no temperature, reasoning_effort low, JSON by schema", 2),
    "Azure deployment of gpt-5": (
        servers.openai_reasoning("minimal", "low"), "sales-bot",
        "max_completion_tokens, no temperature, reasoning_effort minimal, JSON by schema", 3),
    "Mistral": (servers.mistral, "mistral-small-latest", "JSON by schema", 1),
    "LiteLLM before gpt-5": (servers.litellm_gpt5, "fast", "no temperature, JSON by schema", 2),
    "Anthropic": (servers.anthropic, "claude-opus-5", "no temperature, JSON by schema", 2),
    "Ollama with qwen3": (
        servers.ollama_thinking, "qwen3:8b", "reasoning_effort none, JSON by schema", 2),
    "vLLM with qwen3": (
        servers.vllm_thinking, "Qwen/Qwen3-8B",
        "reasoning_effort low, enable_thinking false, JSON by schema", 4),
    "vLLM with gemma-2": (
        servers.gemma_2, "google/gemma-2-9b-it", "no system role, JSON by schema", 2),
    "Gemini that always thinks": (
        servers.gemini, "gemini-3.6-flash", "reasoning_effort low, JSON by schema", 3),
    "thoughts between tags": (
        servers.inline_thinking, "some-r1",
        "reasoning_effort none, enable_thinking false, thinks before it speaks, JSON by schema", 4),
    "a template that opens the thought": (
        servers.opened_thinking, "other-r1",
        "reasoning_effort none, enable_thinking false, thinks before it speaks, JSON by schema", 4),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
async def test_it_is_learned_once_how_a_server_wants_to_be_asked(kind: str):
    speaks, name, told, requests = KINDS[kind]
    async with met(speaks, name) as (model, server):
        assert model.dialect.told() == told
        assert len(server.bodies) == requests, "learned with few questions"
        assert await said(model) == READY and await read(model) == {"items": []}
        assert len(server.bodies) == requests + 2, "and known from then on"


@pytest.mark.parametrize("kind", ["OpenAI gpt-5-mini", "Azure deployment of gpt-5", "Anthropic"])
async def test_without_a_trial_the_first_reply_is_not_lost_to_learning(kind: str):
    speaks, name, told, _ = KINDS[kind]
    async with met(speaks, name, trial=False) as (model, server):
        assert await said(model) == READY and model.dialect.told() == told


async def test_a_server_without_schemas_is_told_the_schema_in_words_from_then_on():
    async with met(servers.groq_llama, "llama-3.1-8b-instant") as (model, server):
        assert await read(model) == {"items": []} and await read(model) == {"items": []}
        kinds = [(body.get("response_format") or {}).get("type") for body in server.bodies[1:]]
        assert kinds == ["json_schema", "json_object", "json_object"]
        assert '"items"' in server.bodies[-1]["messages"][0]["content"]
        assert '"items"' not in server.bodies[1]["messages"][0]["content"]


async def test_lm_studio_which_takes_schemas_alone_is_never_asked_otherwise():
    async with met(servers.lm_studio, "qwen2.5-7b-instruct") as (model, server):
        assert await read(model) == {"items": []}
        assert server.bodies[-1]["response_format"]["type"] == "json_schema"


@pytest.mark.parametrize("name", servers.CONTENT)
async def test_what_is_refused_for_its_content_changes_nothing_of_the_dialect(name: str):
    async with met(servers.openai_plain, "gpt-4o-mini") as (model, server):
        assert await read(model) == {"items": []}
        before, asked = model.dialect, len(server.bodies)
        server.speaks = lambda body: servers.CONTENT[name]
        with pytest.raises(ReadingFailed):
            await read(model)
        with pytest.raises(RealiserFailed):
            await said(model)
        assert model.dialect == before and len(server.bodies) == asked + 2, "nor is it asked again"


async def test_a_refusal_that_names_nothing_is_doubted_only_until_the_server_has_answered():
    refused = servers.openai_error("Bad request")
    async with met(lambda body: refused, trial=False) as (model, server):
        with pytest.raises(RealiserFailed, match="400: Bad request"):
            await said(model)
        assert model.dialect.told() == "JSON by schema", "what helped nothing is not kept"
        assert 1 < len(server.bodies) <= 6
        server.speaks = servers.openai_plain
        assert await said(model) == READY
        asked = len(server.bodies)
        server.speaks = lambda body: refused
        with pytest.raises(RealiserFailed):
            await said(model)
        assert len(server.bodies) == asked + 1


@pytest.mark.parametrize(
    "speaks",
    [servers.openrouter_stream, servers.azure_stream, servers.endless_stream,
     servers.gzipped_stream, servers.unstreamed],
)  # fmt: skip
async def test_words_are_found_however_a_server_streams_them(speaks: Callable[[Body], Answer]):
    async with met(speaks, trial=False) as (model, server):
        assert await said(model) == READY


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (servers.failing_stream({}), "Provider disconnected"),
        (servers.no(200, {"error": "Unexpected endpoint or method."}), "Unexpected endpoint"),
        (Answer([b"<html>Welcome</html>"], kind="text/html"), "no completion"),
        (servers.no(500, {"error": {"message": "boom"}}), "500: boom"),
        (Answer([b"upstream gone"], 502, "text/plain"), "upstream gone"),
    ],
)
async def test_what_is_no_answer_is_told_in_the_servers_own_words(answer: Answer, told: str):
    async with met(lambda body: answer, trial=False) as (model, server):
        with pytest.raises(RealiserFailed, match=told):
            await said(model)


async def test_a_trial_of_a_model_that_thinks_ends_at_its_first_thought():
    slow = Answer(
        servers.sse(*(servers.delta(reasoning="hm") for _ in range(60)), done=False),
        kind="text/event-stream", gap_s=0.05,
    )  # fmt: skip

    def speaks(body: Body) -> Answer:
        return servers.words(body) if body.get("reasoning_effort") == "none" else slow

    began = anyio.current_time()
    async with met(speaks, "qwen3:8b"):
        assert anyio.current_time() - began < 2.0, "three seconds of thought were not waited for"
