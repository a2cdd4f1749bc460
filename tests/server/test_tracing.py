"""Traces of stored conversations: what is in them, what is not, and an unreachable collector."""

import json
from functools import partial

import anyio
import pytest
from prometheus_client import CollectorRegistry

from core.events import Logged, Noted, UtteranceRecorded
from core.projections.spans import NAMES, STAGES, trace
from tests.fakes.a_call import AT, ENDED, facts
from tests.fakes.otlp_collector import OtlpCollector as Fake
from tests.replays.make import HERE
from voice_agent.adapters.otlp import OtlpCollector, headers_of
from voice_agent.commands.replay import read_log
from voice_agent.server import tracing
from voice_agent.server.tracing import MOST_WAITING, Tracing

CALL, LOGGED = read_log(HERE / "questions.json")


def lost(registry: CollectorRegistry, outcome: str = "lost") -> float:
    return registry.get_sample_value("voice_agent_traces_total", {"outcome": outcome}) or 0.0


async def read(conversation_id: str) -> list[Logged]:
    return LOGGED if conversation_id == CALL else []


@pytest.mark.real_clock
async def test_a_call_reaches_the_collector_as_one_trace_with_a_span_a_turn_and_a_stage():
    with Fake() as fake:
        collector = OtlpCollector(fake.url, headers_of("x-key=a%20b, x=y"), {"service.name": "v"})
        given = Tracing(collector, read, CollectorRegistry())
        given.offer(CALL)
        await given.aclose()
    (body,), spans = fake.bodies, fake.spans
    assert fake.headers[0]["x-key"] == "a b"
    assert {span.trace_id for span in spans} == {bytes.fromhex(CALL)}
    assert len({span.span_id for span in spans}) == len(spans)
    (root,) = [span for span in spans if not span.parent_span_id]
    turns = [span for span in spans if span.name == "turn"]
    assert root.name == "conversation" and len(turns) >= 5
    assert {turn.parent_span_id for turn in turns} == {root.span_id}
    for turn in turns:
        told = {a.key: a.value for a in turn.attributes}
        stages = [span for span in spans if span.parent_span_id == turn.span_id]
        if "voice_agent.heard_ms" in told:
            assert [span.name for span in stages] == [*STAGES]
            lasts = sum(s.end_time_unix_nano - s.start_time_unix_nano for s in stages)
            assert lasts == told["voice_agent.heard_ms"].int_value * 1_000_000
    assert all(root.start_time_unix_nano <= s.start_time_unix_nano for s in spans)
    said = [u.text for e in LOGGED if isinstance(u := e.fact, UtteranceRecorded)]
    assert not [text for text in said if text and text.encode() in body]
    assert str(LOGGED[0].fact.caller).encode() not in body


def test_nothing_of_a_buyer_is_in_any_attribute():
    logged = [Logged("c1", n, AT, fact) for n, fact in enumerate([*facts(), ENDED], start=1)]
    logged.append(Logged("c1", 99, AT, Noted("handoff", {"summary": "Jane Doe"})))
    logged.append(Logged("c1", 100, AT, Noted("crm", {"status": "failed", "records": [{}]})))
    made = trace("c1", logged)
    assert made is not None and len(made.trace_id) == 16
    told = json.dumps([[s.name, {**s.attributes}, [e[0] for e in s.events]] for s in made.spans])
    for secret in ("Jane", "Acme", "4155550123", "snowflake", "Lima", "CA1"):
        assert secret not in told, secret
    assert {s.name for s in made.spans} <= {*NAMES}
    assert [s.failed for s in made.spans if s.name == "crm"] == [True]
    assert all(s.start <= s.end for s in made.spans)


@pytest.mark.real_clock
async def test_a_collector_that_refuses_is_asked_again_where_that_may_help(monkeypatch):
    monkeypatch.setattr(tracing, "PAUSE_S", 0.0)
    monkeypatch.setattr(tracing, "GATHER_S", 0.0)
    registry = CollectorRegistry()
    with Fake() as fake:
        fake.refuse = [503, 200, 400]
        given = Tracing(OtlpCollector(fake.url, {}, {}), read, registry)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(given.run)
            for outcome in ("sent", "lost"):
                given.offer(CALL)
                with anyio.fail_after(5):
                    while not lost(registry, outcome):
                        await anyio.sleep(0.01)
            tasks.cancel_scope.cancel()
        await given.aclose()
    assert len(fake.requests) == 1


class Nowhere:
    """A collector that never answers."""

    async def send(self, traces: object) -> None:
        await anyio.sleep_forever()

    async def aclose(self) -> None:
        pass


async def test_a_collector_that_is_away_costs_nothing_and_what_waits_is_bounded():
    registry = CollectorRegistry()
    given = Tracing(Nowhere(), partial(read), registry)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(given.run)
        for n in range(MOST_WAITING + 5):
            given.offer(f"c{n}")
        await anyio.sleep(10)
        tasks.cancel_scope.cancel()
    assert lost(registry) >= 5
    began = anyio.current_time()
    await given.aclose()
    assert anyio.current_time() - began < 5


def test_without_a_collector_nothing_is_gathered():
    given = Tracing(None, read, CollectorRegistry())
    given.offer(CALL)
    assert not given._waiting
