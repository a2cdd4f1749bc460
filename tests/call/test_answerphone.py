"""Calls answered by a machine get what the company wants; a person may still come on the line."""

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import anyio
import httpx
import pytest

from core.callbacks.answered import is_machine, reached
from core.events import ConversationEnded, TurnMerged, UtteranceRecorded
from core.facts.callbacks import CallPlaced, MachineHeard
from core.facts.standing import every
from core.talk import Placed
from tests.fakes.office import BEGAN, HANG_UP, Office, office, script
from tests.fakes.telephone import dial_asgi
from voice_agent.callbacks.placing import VOICE
from voice_agent.emulator.script import Script
from voice_agent.emulator.twilio import CallPlan, EmulatedCall
from voice_agent.promises import _Doors
from voice_agent.telephony import twiml
from voice_agent.telephony.webhook import Webhooks, WebhookSettings

BUYER, OURS = "+13125550142", "+16175550142"
GREETING = ("at 1.0s", "hesitant/04_how_long_does_it.wav")
SPEAKS = ("agent silent 1.0s", "first_frame/02_and_marketo.wav")
LONG = ("at 60s", HANG_UP)


@dataclass
class Verdicts:
    """Stands for `Placing` without a database: what answered is known after a while."""

    answered_by: str
    after_s: float = 6.0
    leaves: bool = True
    wanted: bool = True
    became_: list[str] = field(default_factory=list)
    left: int = 0

    async def answered(self, attempt: str, call_sid: str) -> bool:
        self.since = anyio.current_time()
        return self.wanted

    async def placed(self, attempt: str, call_sid: str) -> Placed:
        return Placed("cb", 1, "Snowflake")

    async def verdict(self, placed: Placed) -> str:
        return self.answered_by if anyio.current_time() - self.since >= self.after_s else ""

    async def may_leave_message(self, placed: Placed) -> bool:
        self.left += self.leaves
        return self.leaves

    async def became(self, placed: Placed, status: str) -> None:
        self.became_.append(status)


@dataclass
class Called:
    office: Office
    facts: list
    report: object

    @property
    def lines(self) -> list[str]:
        return [u.text for u in every(self.facts, UtteranceRecorded) if u.speaker == "agent"]

    @property
    def reason(self) -> str:
        return every(self.facts, ConversationEnded)[-1].reason


@asynccontextmanager
async def called(folder: Path, verdicts: Verdicts, says: Script, texts: list[str]):
    async with office(folder, texts) as made:
        hooks = Webhooks(
            WebhookSettings("", "", b"key"), made.calls, lambda: BEGAN, ended=made.calls.status,
            turned_away=lambda told, why: twiml.response(twiml.hung_up()),
        )  # fmt: skip
        doors = _Doors(verdicts, hooks, made.calls)  # type: ignore[arg-type]
        made.calls.called_back_by(verdicts)  # type: ignore[arg-type]
        made.app.routes.append(hooks.signed.route(VOICE, doors.voice))
        made.ears.lengths += [
            s.speech_s[-1][1] - s.speech_s[0][0] for s in says.steps if s.speech_s
        ]
        transport = httpx.ASGITransport(made.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            plan = CallPlan(
                "http://localhost", says, caller=OURS, called=BUYER, direction="outbound-api"
            )
            call = EmulatedCall(plan, http, dial=dial_asgi(made.app, made.sockets.append))
            await call.answer(url=f"http://localhost{VOICE.format(attempt='cb-1')}")
        with anyio.move_on_after(30):
            while made.calls.open or not (made.wrap_ups.asked or not verdicts.wanted):
                await anyio.sleep(0.1)
        asked = made.wrap_ups.asked
        logged = await made.log.read(asked[0]) if asked else []
        yield Called(made, [entry.fact for entry in logged], call.report)


async def test_a_machine_gets_the_message_once_and_the_call_ends(tmp_path: Path):
    verdicts = Verdicts("machine_end_beep", after_s=9.0)
    async with called(tmp_path, verdicts, script(GREETING, LONG), ["leave a message"]) as call:
        assert verdicts.left == 1 and verdicts.became_ == ["message_left"]
        said = " ".join(call.lines)
        assert said.count("You asked us to call you back about Snowflake.") == 1
        assert said.endswith("Goodbye.")
        assert call.reason == "answering_machine"
        (heard,) = every(call.facts, MachineHeard)
        assert (heard.answered_by, heard.left_message) == ("machine_end_beep", True)
        assert every(call.facts, TurnMerged), "a machine's greeting tells nothing of the buyer"


@pytest.mark.parametrize("answered_by", ["machine_end_beep", "machine_start", "fax"])
async def test_where_no_message_is_wanted_or_left_before_it_just_hangs_up(
    tmp_path: Path, answered_by
):
    verdicts = Verdicts(answered_by, leaves=False)
    async with called(tmp_path, verdicts, script(GREETING, LONG), ["leave a message"]) as call:
        assert call.reason == "answering_machine" and verdicts.became_ == []
        assert not any("You asked us to call you back" in line for line in call.lines)


@pytest.mark.parametrize("leaves", [True, False])
async def test_who_speaks_after_the_verdict_is_a_person_and_is_talked_with(tmp_path: Path, leaves):
    verdicts = Verdicts("machine_end_other", after_s=3.0, leaves=leaves)
    speaks = ("at 12.0s" if leaves else "at 4.5s", SPEAKS[1])
    says = script(speaks, ("at 40s", HANG_UP))
    async with called(tmp_path, verdicts, says, ["hello do you support marketo"]) as call:
        assert verdicts.became_ == ["talked"]
        assert call.reason != "answering_machine"
        assert any("Marketo" in line for line in call.lines), call.lines


async def test_who_speaks_after_a_goodbye_to_a_silent_machine_is_heard_as_well(tmp_path: Path):
    verdicts = Verdicts("machine_end_silence", after_s=29.5)
    says = script(("at 38.0s", SPEAKS[1]), ("at 60s", HANG_UP))
    async with called(tmp_path, verdicts, says, ["hello do you support marketo"]) as call:
        assert any(line.startswith("I'll let") for line in call.lines), call.lines
        assert verdicts.became_ == ["talked"]


async def test_a_person_is_just_talked_with(tmp_path: Path):
    verdicts = Verdicts("human")
    says = script(("greeting ended", SPEAKS[1]), ("agent silent 3.0s", HANG_UP))
    async with called(tmp_path, verdicts, says, ["do you support marketo"]) as call:
        assert every(call.facts, CallPlaced) == [CallPlaced("cb", 1)]
        assert "You asked us to call you about Snowflake." in call.lines
        assert verdicts.became_ == [] and not every(call.facts, MachineHeard)
        document = await call.office.document()
        assert (document["direction"], document["from"], document["to"]) == (
            "outbound", OURS, BUYER,
        )  # fmt: skip


async def test_a_call_that_is_not_wanted_any_more_is_hung_up_on(tmp_path: Path):
    verdicts = Verdicts("human", wanted=False)
    async with called(tmp_path, verdicts, script(LONG), []) as call:
        assert call.facts == []


def test_one_turn_without_a_verdict_may_be_a_machines_greeting():
    assert not reached("", 1, after_all=False) and reached("", 2, after_all=False)
    assert reached("human", 1, after_all=False)
    assert not reached("machine_end_beep", 5, after_all=False)
    assert reached("machine_end_beep", 5, after_all=True)
    assert is_machine("fax") and not is_machine("unknown")
