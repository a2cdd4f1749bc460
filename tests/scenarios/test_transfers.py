"""Callers put through to people: a real server on real sockets, and a telephone company beside it.

All calls of a company are placed at once; each test looks at one of them.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from pydantic import SecretStr

from core.clock import utc_now
from tests.catalogue import ADD, METRICS, SPANS, scraped
from tests.fakes.office import HANG_UP, script, speech
from tests.fakes.openai_server import OpenAIServer
from tests.fakes.otlp_collector import OtlpCollector
from tests.fakes.ports import free_port
from tests.fakes.twilio_account import Person, TwilioAccount
from tests.hostile.process import brisk_company
from voice_agent.config import Settings
from voice_agent.emulator.script import Script, Step, parse_when
from voice_agent.server.serving import listening

pytestmark = pytest.mark.slow
NOON = datetime(2026, 12, 1, 17, 30, tzinfo=UTC)
"""Tuesday: half past nine in California, noon in New York."""
TOKEN, SPEED = "transfer-token", 12.0
DANIEL = "+14155550152"
ZERO = Step(parse_when("at 0.5s"), "zero", dtmf="0")
WAITS = script(("at 0.5s", ZERO), ("at 100s", HANG_UP))
YES = {
    "back": script(
        ("agent silent 0.8s", speech("soft_speaker/03_yes.wav")), ("agent silent 3.5s", HANG_UP)
    )
}
TAKES = Person(keys=("1",), rings_s=4.0, talks_s=12.0)


@dataclass
class Told:
    """What one call left behind."""

    document: dict[str, Any]
    heard: list[str]
    """What the person who was rung was read, and the caller while they waited."""
    streams: int
    legs: int
    validated: int = 0
    refused: list[str] = field(default_factory=list)
    scraped: str = ""
    """What Prometheus read at the end, and what reached the collector."""
    spans: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    called: str
    caller: Script
    person: Person
    more: dict[str, Any] = field(default_factory=dict)


WARM = {
    "accepted": Plan("+18005550101", WAITS, TAKES),
    "refused": Plan("+18005550102", WAITS, Person(keys=("2",), rings_s=3.0), YES),
    "unanswered": Plan("+18005550103", WAITS, Person(rings_s=90.0), YES),
    "voicemail": Plan("+18005550104", WAITS, Person(rings_s=3.0), YES),
    "impatient": Plan("+18005550105", WAITS, Person(rings_s=90.0), {"holds_s": 0.8}),
    "twice": Plan("+18005550106", WAITS, Person(keys=("2",), rings_s=3.0), YES),
}
COLD = {
    "taken": Plan("+18005550107", WAITS, Person(rings_s=3.0, talks_s=12.0)),
    "busy": Plan("+18005550108", WAITS, Person(how="busy", rings_s=2.0), YES),
}


async def placed(folder: Path, company: Path, plans: dict[str, Plan], ears: str) -> dict[str, Told]:
    """All the calls at once against one server; what each left behind."""
    port, told = free_port(), {}
    offset = NOON - utc_now()
    url = f"http://127.0.0.1:{port}"
    collector = OtlpCollector()
    people = {plan.called: plan.person for plan in plans.values()}
    async with TwilioAccount(url, TOKEN, people, speed=SPEED) as twilio:
        settings = Settings(
            _env_file=None, var=folder, port=port, public_url=url, company=company, tts="espeak",
            stt="openai", stt_base_url=ears, llm="embedded", phone="off",
            twilio_account_sid=twilio.rest.account_sid, twilio_auth_token=SecretStr(TOKEN),
            twilio_api_url=twilio.rest.url, openai_api_key=SecretStr("sk-test"),
            otlp_endpoint=collector.url,
        )  # type: ignore[call-arg]  # fmt: skip
        twilio.twice = ["/rep"]
        with collector:
            seen = await _calls(settings, offset, plans, twilio, told)
    for one in told.values():
        one.validated, one.refused = twilio.rest.validated, twilio.rest.refused
        one.scraped, one.spans = seen, collector.spans
    return told


async def _calls(
    settings: Settings, offset: timedelta, plans: dict[str, Plan], twilio: TwilioAccount,
    told: dict[str, Told],
) -> str:  # fmt: skip
    async with listening(settings, lambda: utc_now() + offset) as up:
        async with anyio.create_task_group() as calls:
            for name, plan in plans.items():
                calls.start_soon(_one, name, plan, twilio, up, told)
        async with httpx.AsyncClient(base_url=up.url, trust_env=False) as http:
            return (await http.get("/metrics")).text


async def _one(
    name: str, plan: Plan, twilio: TwilioAccount, up: Any, told: dict[str, Told]
) -> None:
    sid = "CA" + name.encode().hex().ljust(32, "0")[:32]
    report = await twilio.call_in(plan.caller, called=plan.called, call_sid=sid, **plan.more)
    if name == "twice":  # the last word, said again by a telephone company that repeats itself
        await twilio.calls[sid].post("/twilio/status", {"CallStatus": "completed"})
    bearer = {"Authorization": f"Bearer {up.server.api_token}"}
    async with httpx.AsyncClient(base_url=up.url, headers=bearer, trust_env=False) as http:
        with anyio.fail_after(20):
            while True:
                answer = await http.get(f"/api/v1/calls/{sid}")
                document = answer.json()
                if answer.status_code == 200 and document["status"] == "completed":
                    break
                await anyio.sleep(0.1)
    legs = [leg for leg in twilio.legs if leg.caller == plan.called]
    heard = [note for leg in legs for note in leg.heard] + report.notes
    told[name] = Told(document, heard, twilio.calls[sid].streams, len(legs))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Told]]:
    folder = tmp_path_factory.mktemp("transfers")
    with ExitStack() as stack:
        ears = stack.enter_context(OpenAIServer(transcript="yes please"))
        warm = brisk_company(folder / "warm")
        cold = brisk_company(folder / "cold")
        settings = cold / "company.yaml"
        settings.write_text(settings.read_text() + "\ntransfers:\n  mode: cold\n", "utf-8")
        made = anyio.run(partial(placed, folder / "w", warm, WARM, ears.base_url))
        made |= anyio.run(partial(placed, folder / "c", cold, COLD, ears.base_url))
        yield made


def test_every_metric_and_span_of_the_catalogue_is_seen_after_real_calls(told):
    for call in (told["accepted"], told["taken"]):
        seen = scraped(call.scraped)
        assert seen.keys() == METRICS.keys(), ADD
        assert all(labels <= METRICS[name][1] for name, (_, labels) in seen.items()), ADD
    warm, ours = told["accepted"].spans, {d.document["id"] for d in told.values()}
    names = {span.span_id: span.name for span in warm}
    assert {(s.name, names.get(s.parent_span_id, "")) for s in warm} <= {*SPANS.items()}
    assert {s.name for s in warm} >= {*SPANS} - {"calendar"}, "nobody booked; see test_tracing"
    assert {s.trace_id.hex() for s in warm} <= ours


def lines(told: Told, speaker: str) -> str:
    said = [line["text"] for line in told.document["transcript"] if line["speaker"] == speaker]
    return " ".join(said)


def attempt(told: Told) -> dict[str, Any]:
    (one,) = told.document["route"]["transfers"]
    return one


def test_a_person_who_presses_one_gets_the_caller_and_heard_who_it_is(told):
    call = told["accepted"]
    assert attempt(call)["state"] == "accepted" and call.document["outcome"] == "transferred"
    brief = next(note for note in call.heard if "press 1" in note)
    assert "Daniel" in brief and "asked for a person" in brief and len(brief.split()) < 70
    assert any("holding" in note for note in call.heard), "the caller is not left in silence"
    assert call.streams == 1 and call.legs == 1


@pytest.mark.parametrize(
    ("name", "why"),
    [("refused", "declined"), ("unanswered", "no-answer"), ("voicemail", "nothing-pressed"),
     ("busy", "busy")],
)  # fmt: skip
def test_a_caller_who_reached_nobody_goes_on_with_us_and_is_promised_a_call(told, name, why):
    call = told[name]
    assert attempt(call)["why"] == why and call.streams == 2
    said = lines(call, "agent")
    assert "Daniel" in said and ("reach" in said or "picking up" in said)
    assert call.document["callback"]["owner"] == "daniel-okafor"
    assert call.document["outcome"] == "callback"
    starts = [line["start_ms"] for line in call.document["transcript"]]
    assert starts == sorted(starts), "one clock for both streams"
    assert call.document["recording"]["gaps"][0]["end_ms"], "what was not recorded is told"


def test_a_caller_who_hangs_up_holding_is_written_up_and_nobody_rings_on(told):
    call = told["impatient"]
    assert attempt(call)["why"] == "caller-left" and call.streams == 1
    assert call.document["outcome"] == "human"


def test_a_plain_transfer_rings_the_person_and_ends_with_their_talk(told):
    call = told["taken"]
    assert attempt(call)["mode"] == "cold" and attempt(call)["state"] == "accepted"
    assert call.document["outcome"] == "transferred" and call.streams == 1


def test_callbacks_told_twice_change_nothing(told):
    call = told["twice"]
    assert attempt(call)["why"] == "declined"
    assert len(call.document["route"]["transfers"]) == 1


def test_every_request_to_twilio_was_one_its_description_allows(told):
    call = told["accepted"]
    assert not call.refused and call.validated >= 20
