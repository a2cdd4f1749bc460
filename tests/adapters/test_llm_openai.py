"""The OpenAI adapter against a server that speaks the real wire."""

import anyio
import pytest

from core.errors import ReadingFailed, RealiserFailed
from tests.fakes.openai_server import Delays, OpenAIServer
from voice_agent.adapters.llm_openai import OpenAIModel

pytestmark = pytest.mark.real_clock


@pytest.fixture(scope="module")
def server():
    fast = Delays(first_token_s=0.01, tokens_per_s=2000.0, dribble_s=0.2)
    with OpenAIServer(delays=fast) as running:
        yield running


@pytest.fixture
async def model(server):
    made = OpenAIModel(server.base_url, "key", "any-model", timeout_s=0.5)
    await made.load()
    yield made
    await made.aclose()


async def collect(model: OpenAIModel) -> str:
    messages = [("user", "hello"), ("assistant", "hi"), ("user", "what does it cost")]
    return "".join([piece async for piece in model.stream("Be brief.", messages)])


async def test_text_arrives_in_pieces_and_whole(server, model):
    server.replies.append("Growth is twelve hundred dollars a month.")
    pieces = [p async for p in model.stream("Be brief.", [("user", "price")])]
    assert "".join(pieces) == "Growth is twelve hundred dollars a month."
    assert len(pieces) > 1


async def test_the_conversation_is_sent_with_its_roles(server, model):
    await collect(model)
    body = server.seen[-1].body if isinstance(server.seen, list) else server.seen["chat"][-1].body
    assert [m["role"] for m in body["messages"]] == ["system", "user", "assistant", "user"]
    assert body["stream"] is True and body["model"] == "any-model"


@pytest.mark.parametrize("fault", ["500", "429", "hang", "malformed", "truncated"])
async def test_every_fault_becomes_realiser_failed(server, model, fault):
    server.faults["chat"].append(fault)
    with pytest.raises(RealiserFailed):
        await collect(model)


async def test_nobody_there_is_realiser_failed_too():
    model = OpenAIModel("http://127.0.0.1:9/v1", "key", "any", timeout_s=0.5)
    with pytest.raises(RealiserFailed):
        await collect(model)
    await model.aclose()


async def test_a_dropped_stream_is_closed_and_the_model_serves_on(server, model):
    server.replies.append("one two three four five six seven eight nine ten " * 20)
    stream = model.stream("Be brief.", [("user", "count")])
    await anext(stream)
    await stream.aclose()
    server.replies.append("Still here.")
    assert await collect(model) == "Still here."


async def test_cancelling_in_the_middle_leaves_nothing_open(server, model):
    server.faults["chat"].append("dribble")
    with anyio.move_on_after(0.3):
        await collect(model)
    server.replies.append("Fine.")
    assert await collect(model) == "Fine."


SCHEMA = {
    "type": "object",
    "properties": {"items": {"type": "array", "items": {"type": "string"}}},
    "required": ["items"],
    "additionalProperties": False,
}


async def test_a_reading_is_asked_for_by_a_strict_schema_and_comes_as_an_object(server, model):
    server.reading = '{"items": ["a"]}'
    assert await model.extract("Mark.", [("user", "{}")], SCHEMA) == {"items": ["a"]}
    body = server.requests("chat")[-1].body
    assert body["response_format"]["json_schema"]["strict"] is True
    assert body["response_format"]["json_schema"]["schema"] == SCHEMA
    assert not body.get("stream") and not server.complaints


async def test_a_server_without_schemas_is_asked_in_plain_json_from_then_on(server):
    server.no_schemas, server.reading = True, '{"items": []}'
    model = OpenAIModel(server.base_url, "key", "any-model", timeout_s=0.5)
    assert await model.extract("Mark.", [("user", "{}")], SCHEMA) == {"items": []}
    before = len(server.requests("chat"))
    await model.extract("Mark.", [("user", "{}")], SCHEMA)
    assert len(server.requests("chat")) == before + 1
    assert server.requests("chat")[-1].body["response_format"] == {"type": "json_object"}
    server.no_schemas = False
    await model.aclose()


@pytest.mark.parametrize("answer", ["", "no json", "[1, 2]", '"text"', '{"items": [', "null"])
async def test_an_answer_that_is_no_object_is_reading_failed(server, model, answer):
    server.reading = answer
    with pytest.raises(ReadingFailed):
        await model.extract("Mark.", [("user", "{}")], SCHEMA)


@pytest.mark.parametrize("fault", ["500", "429", "hang", "malformed"])
async def test_every_fault_of_the_wire_is_reading_failed(server, model, fault):
    server.faults["chat"].append(fault)
    with pytest.raises(ReadingFailed):
        await model.extract("Mark.", [("user", "{}")], SCHEMA)
