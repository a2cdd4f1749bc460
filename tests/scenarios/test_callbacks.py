"""Promised calls from the night to the morning: real servers on real sockets, Twilio beside them.

Two buyers call after hours. One lets the AI call back, and is called in the window, known, and
books; the other wants a person, of whom nobody has time.
"""

import json
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
from tests.fakes.office import HANG_UP, script
from tests.fakes.openai_server import OpenAIServer
from tests.fakes.ports import free_port
from tests.fakes.twilio_account import Person, TwilioAccount
from tests.hostile.process import brisk_company
from voice_agent.audio import g711
from voice_agent.audio.wav import read_mono
from voice_agent.config import Settings
from voice_agent.emulator.script import FIXTURES
from voice_agent.server.serving import listening

pytestmark = pytest.mark.slow
NIGHT = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
"""Monday evening, eight in Chicago: nobody is in."""
MINUTE = timedelta(minutes=1)
TOKEN, SPEED = "callback-token", 12.0
GRACE, PETER = "+13125550142", "+13125550199"
WISH = (
    ("greeting ended", "backchannels/06_and_how_does_the.wav"),
    ("agent silent 0.8s", "after_hours/02_please_call_me_back.wav"),
)
ALLOWS = script(
    *WISH, ("agent silent 0.8s", "after_hours/03_my_name_is_grace.wav"),
    ("agent silent 0.8s", "soft_speaker/03_yes.wav"),
    ("agent silent 0.8s", "bargein/05_thanks_bye.wav"), ("agent silent 3.0s", HANG_UP),
)  # fmt: skip
DECLINES = script(
    *WISH, ("agent silent 0.8s", "phone_number/04_yes_that's_right_my.wav"),
    ("agent silent 0.8s", "human_please/02_i_would_rather_talk.wav"),
    ("agent silent 0.8s", "bargein/05_thanks_bye.wav"), ("agent silent 3.0s", HANG_UP),
)  # fmt: skip
PICKS_UP = script(
    ("greeting ended", "soft_speaker/03_yes.wav"),
    ("agent silent 1.0s", "soft_speaker/03_yes.wav"),
    ("agent silent 1.0s", "booking/01_hi_could_we_schedule.wav"),
    ("agent silent 1.0s", "booking/02_the_first_one_please.wav"),
    ("agent silent 1.0s", "booking/03_no_thank_you_goodbye.wav"),
    ("agent silent 3.0s", HANG_UP),
)


@dataclass
class Clock:
    """The real time, moved."""

    offset: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return utc_now() + self.offset

    def move(self, to: datetime) -> None:
        self.offset = to - utc_now()


@dataclass
class Told:
    """What the night and the morning left behind."""

    night: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Each buyer's call document and, as `record`, the promise."""
    morning: dict[str, Any] = field(default_factory=dict)
    """The document of the call we placed."""
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    notices: list[dict[str, Any]] = field(default_factory=list)
    dialled: list[dict[str, Any]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)


async def until_morning(folder: Path, company: Path, ears: str) -> Told:
    port, told, clock = free_port(), Told(), Clock()
    url = f"http://127.0.0.1:{port}"
    people = {GRACE: Person(script=PICKS_UP, rings_s=3.0, found_after_s=10.0)}
    async with TwilioAccount(url, TOKEN, people, speed=SPEED) as twilio:
        settings = Settings(
            _env_file=None, var=folder, port=port, public_url=url, company=company, tts="espeak",
            stt="openai", stt_base_url=ears, llm="embedded", phone="off", api_token=SecretStr("t"),
            twilio_account_sid=twilio.rest.account_sid, twilio_auth_token=SecretStr(TOKEN),
            twilio_api_url=twilio.rest.url, openai_api_key=SecretStr("sk-test"),
        )  # type: ignore[call-arg]  # fmt: skip
        clock.move(NIGHT)
        async with listening(settings, clock) as up, _api(up.url) as http:
            async with anyio.create_task_group() as calls:
                calls.start_soon(_night, "grace", GRACE, ALLOWS, twilio, http, told)
                calls.start_soon(_night, "peter", PETER, DECLINES, twilio, http, told)
        start = datetime.fromisoformat(told.night["grace"]["record"]["start"])
        end = datetime.fromisoformat(told.night["grace"]["record"]["end"])
        clock.move(start - 10 * MINUTE)  # another server, the next morning
        async with listening(settings, clock) as up, _api(up.url) as http:
            await _until(http, "peter", told, lambda r: r["status"] == "reminded")
            clock.move(start + 2 * MINUTE)
            await _until(http, "peter", told, lambda r: r["status"] == "escalated")
            await _until(http, "grace", told, _over_and_kept)
            clock.move(end + 20 * MINUTE)
            await _until(http, "peter", told, lambda r: r["status"] == "broken")
            await anyio.sleep(0.5)
            sid = told.records["grace"]["calls"][0]["call_sid"]
            told.morning = (await http.get(f"/api/v1/calls/{sid}")).json()
            told.notices = (await http.get("/api/v1/notifications?limit=50")).json()[
                "notifications"
            ]
            peter = told.night["peter"]["id"]
            made = (await http.get(f"/api/v1/conversations/{peter}")).json()
            told.flags = [flag["kind"] for flag in made["flags"]]
        told.dialled = [dict(made.fields) for made in twilio.rest.created]
        told.refused = twilio.rest.refused
    return told


def _api(url: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=url, headers={"Authorization": "Bearer t"}, trust_env=False, timeout=20
    )


def _over_and_kept(record: dict[str, Any]) -> bool:
    """The promise is kept and Twilio has told that the call is over, in either order."""
    return record["status"] == "kept" and [c["status"] for c in record["calls"]] == ["over"]


async def _night(
    name: str, number: str, says: Any, twilio: TwilioAccount, http: httpx.AsyncClient, told: Told
) -> None:
    sid = "CA" + name.encode().hex().ljust(32, "0")[:32]
    await twilio.call_in(says, caller=number, call_sid=sid)
    with anyio.fail_after(20):
        while True:
            answer = await http.get(f"/api/v1/calls/{sid}")
            if answer.status_code == 200 and answer.json()["status"] == "completed":
                break
            await anyio.sleep(0.1)
    document = answer.json()
    assert document["callback"], _said(document)
    record = await http.get(f"/api/v1/callbacks/{document['callback']['id']}")
    told.night[name] = {**document, "record": record.json()}


def _said(document: dict[str, Any]) -> str:
    return "\n".join(f"{n['speaker']}: {n['text']}" for n in document["transcript"])


async def _until(http: httpx.AsyncClient, name: str, told: Told, true: Any) -> None:
    which = told.night[name]["callback"]["id"]
    with anyio.move_on_after(120):
        while True:
            record = (await http.get(f"/api/v1/callbacks/{which}")).json()
            told.records[name] = record
            if true(record):
                return
            await anyio.sleep(0.2)
    pytest.fail(f"{name}: {json.dumps(told.records[name], indent=1)}")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder = tmp_path_factory.mktemp("callbacks")
    manifest = json.loads((FIXTURES / "manifest.json").read_text("utf-8"))["files"]
    with ExitStack() as stack:
        ears = stack.enter_context(OpenAIServer(transcript=""))
        for name, known in manifest.items():
            if known["kind"] == "speech":
                pcm = g711.decode(g711.encode(read_mono(FIXTURES / name)))
                ears.recognise(pcm, known["text"].lower(), known["speech_ms"])
        company = brisk_company(folder / "company")
        settings = company / "company.yaml"
        rules = "\ncallbacks:\n  ai_calls: true\n  escalate_to: tom-beckett\n"
        settings.write_text(settings.read_text("utf-8") + rules, "utf-8")
        yield anyio.run(partial(until_morning, folder / "var", company, ears.base_url))


def lines(document: dict[str, Any], speaker: str = "agent") -> str:
    return " ".join(n["text"] for n in document["transcript"] if n["speaker"] == speaker)


def test_at_night_a_call_is_promised_in_the_buyers_zone_and_the_ai_asks_leave(told):
    record = told.night["grace"]["record"]
    assert told.night["grace"]["after_hours"] and told.night["grace"]["outcome"] == "callback"
    assert (record["zone"], record["start"]) == ("America/Chicago", "2026-12-01T15:30:00.000Z")
    said = lines(told.night["grace"])
    assert "May Tideline's AI assistant make that call?" in said
    assert record["consent"]["state"] == "given" and record["consent"]["at_ms"] > 0
    assert "Tideline's AI assistant" in record["consent"]["question"]
    assert said.endswith("Goodbye.") and "Maya will call you" not in said
    assert told.night["peter"]["record"]["consent"]["state"] == "declined"


def test_in_the_morning_the_one_who_agreed_is_called_once_from_our_number(told):
    assert [(d["To"], d["From"]) for d in told.dialled] == [(GRACE, "+16175550142")]
    assert not told.refused
    assert [c["status"] for c in told.records["grace"]["calls"]] == ["over"]
    assert told.records["grace"]["calls"][0]["answered_by"] == "human"
    about = [n["kind"] for n in told.notices if n["about"] == told.records["grace"]["id"]]
    assert about == [], "nobody of ours has to do anything"


def test_the_call_says_who_calls_and_why_knows_the_buyer_and_books(told):
    document = told.morning
    assert (document["direction"], document["to"]) == ("outbound", GRACE)
    opening = lines(document)
    assert opening.index("AI assistant") < opening.index("You asked us to call you about Snowflake")
    assert document["person"] and document["person"]["sure"]
    names = [s for s in document["signals"] if s["criterion"] == "name"]
    assert names[0]["value"] == "Grace Campbell" and names[0]["origin"], "nobody asks it again"
    assert document["booking"] and document["booking"]["status"] == "booked"
    assert document["outcome"] == "booked"


def test_the_one_who_wants_a_person_is_a_task_until_it_is_broken(told):
    history = [(e["kind"], e["tells"]) for e in told.records["peter"]["history"]]
    kinds = [kind for kind, _ in history]
    assert kinds == ["promised", "ai_call_declined", "reminded", "escalated", "broken"]
    assert dict(history)["escalated"] == "tom-beckett"
    assert told.records["peter"]["calls"] == []
    assert "callback_overdue" in told.flags
    about = {n["kind"] for n in told.notices if n["about"] == told.records["peter"]["id"]}
    assert about == {"callback-due", "callback-unclaimed", "callback-broken"}
