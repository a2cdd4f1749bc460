"""All of Twilio on loopback: the REST side, people who can be called, conferences.

    async with TwilioAccount(server_url, "token", {"+1…": Person(keys=("1",))}) as twilio:
        report = await twilio.call_in(script)        # a caller calls the server

The emulator's calls carry out TwiML; status callbacks, signatures and answering-machine detection
are like Twilio's. `speed` shortens everything that only takes time.
"""

import io
import wave
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Self

import anyio
import anyio.lowlevel
import httpx
import numpy as np

from tests.fakes.twilio_conference import Conference
from tests.fakes.twilio_rest import Change, Created, Kept, Kicked, State, TwilioRest, Update
from voice_agent.audio.pcm import Pcm
from voice_agent.emulator import twiml
from voice_agent.emulator.report import CallReport
from voice_agent.emulator.script import Script, Step, When
from voice_agent.emulator.socket import Dial, dial_websocket
from voice_agent.emulator.twilio import CallPlan, EmulatedCall, sid

SILENT = Script("silent", (Step(When("at", 3600.0), "hang up", hangup=True),))


@dataclass(frozen=True, slots=True)
class Person:
    """The person at a number, and what they do.

    `how`: the outcome of a call to them: completed (they answer), no-answer, busy or failed.
    `keys`: pressed at each Gather, in turn. `talks_s`: how long they stay once joined.
    `answered_by`: what answering-machine detection finds, after `found_after_s`.
    """

    how: str = "completed"
    rings_s: float = 3.0
    keys: tuple[str, ...] = ()
    talks_s: float = 30.0
    answered_by: str = "human"
    found_after_s: float = 4.0
    script: Script = SILENT
    message: Pcm | None = None


@dataclass(slots=True)
class Leg:
    """A call we placed to a person, and what they experienced."""

    sid: str
    to: str
    caller: str
    parent: str = ""
    """The call that dialled them, if one did."""
    status: str = "queued"
    call: EmulatedCall | None = None
    statuses: list[str] = field(default_factory=list)
    gone: anyio.Event = field(default_factory=anyio.Event)

    @property
    def heard(self) -> list[str]:
        """What was read to them."""
        return [] if self.call is None else self.call.report.notes


class TwilioAccount:
    """One account whose numbers are answered by one server."""

    def __init__(
        self,
        server: str,
        auth_token: str,
        people: Mapping[str, Person] | None = None,
        *,
        speed: float = 1.0,
        dial: Dial = dial_websocket,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        self.server, self.auth_token, self.speed = server, auth_token, speed
        self.people = dict(people or {})
        self.rest = TwilioRest(sid("AC"), auth_token, self._told)
        self.calls: dict[str, EmulatedCall] = {}
        self.legs: list[Leg] = []
        self.conferences: dict[str, Conference] = {}
        self.lost: list[str] = []
        """Paths whose callbacks are lost; those in `twice` are sent twice."""
        self.twice: list[str] = []
        self._dial = dial
        self._given = http
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._token = anyio.lowlevel.current_token()
        self._http = self._given or await self._stack.enter_async_context(
            httpx.AsyncClient(trust_env=False)
        )
        self._stack.enter_context(self.rest)
        self._tasks = await self._stack.enter_async_context(anyio.create_task_group())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._tasks.cancel_scope.cancel()
        await self._stack.aclose()

    # --- calls in and out ------------------------------------------------------------------------

    async def call_in(
        self, script: Script, *, caller: str = "+14155550142", **plan: Any
    ) -> CallReport:
        """Somebody calls the server; returns once the call is over and its status reported."""
        call = self._call(CallPlan(self.server, script, caller=caller, **plan))
        try:
            return await call.run()
        finally:
            self.rest.calls[call.plan.call_sid].status = "completed"

    async def leg(self, to: str, n: int = 0) -> Leg:
        """The n-th call placed to a number, once there is one."""
        while True:
            found = [leg for leg in self.legs if leg.to == to]
            if len(found) > n:
                return found[n]
            await anyio.sleep(0.02)

    async def wait(self, seconds: float) -> None:
        """Wait, scaled by `speed`."""
        await anyio.sleep(seconds / self.speed)

    def _person(self, leg: Leg) -> Person:
        """The person who answers, by their number or by the call that dials them."""
        return self.people.get(leg.to) or self.people.get(leg.caller) or Person(how="failed")

    def _call(self, plan: CallPlan) -> EmulatedCall:
        plan = replace(plan, auth_token=self.auth_token, account_sid=self.rest.account_sid,
                       speed=self.speed)  # fmt: skip
        call = EmulatedCall(plan, self._http, dial=self._dial, exchange=self)
        self.calls[plan.call_sid] = call
        called = State("in-progress", plan.direction, plan.caller, plan.called)
        self.rest.calls.setdefault(plan.call_sid, called)
        return call

    # --- what REST orders ------------------------------------------------------------------------

    def _told(self, change: Change) -> None:
        """Runs in the REST server's thread."""
        anyio.from_thread.run_sync(self._ordered, change, token=self._token)

    def _ordered(self, change: Change) -> None:
        match change:
            case Created(call_sid, fields):
                leg = Leg(call_sid, fields["To"], fields["From"])
                self.legs.append(leg)
                self._tasks.start_soon(self._place, leg, fields)
            case Update(call_sid, fields):
                self._tasks.start_soon(self._update, call_sid, fields)
            case Kicked(_, call_sid):
                if (call := self.calls.get(call_sid)) is not None:
                    call.hang_up()

    async def _update(self, call_sid: str, fields: Mapping[str, str]) -> None:
        leg = next((leg for leg in self.legs if leg.sid == call_sid), None)
        if leg is not None and fields.get("Status"):
            leg.gone.set()
        call = self.calls.get(call_sid)
        if call is None:
            return
        document = fields.get("Twiml")
        if "Url" in fields:
            document = f"<Response><Redirect>{_xml(fields['Url'])}</Redirect></Response>"
        call.update(twiml=document, status=fields.get("Status"))

    async def _place(self, leg: Leg, fields: Mapping[str, Any]) -> None:
        """Call a person and, if they answer, run their TwiML."""
        person = self._person(leg)
        plan = CallPlan(
            self.server, person.script, caller=leg.caller, called=leg.to, call_sid=leg.sid,
            direction="outbound-api", keys=person.keys, message=person.message,
        )  # fmt: skip
        leg.call = call = self._call(plan)
        told = partial(self._status, leg, call, fields)
        await told("initiated", "queued")
        await told("ringing", "ringing")
        wait_s = min(person.rings_s, float(fields.get("Timeout", 60)))
        with anyio.move_on_after(wait_s / self.speed):
            await leg.gone.wait()
            return await told("completed", "canceled")
        if person.how != "completed" or person.rings_s > float(fields.get("Timeout", 60)):
            how = person.how if person.how != "completed" else "no-answer"
            return await told("completed", how)
        await told("answered", "in-progress")
        began = anyio.current_time()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._detect, call, person, fields)
            detected = {}
            if "MachineDetection" in fields and fields.get("AsyncAmd") != "true":
                detected = {"AnsweredBy": person.answered_by}
            await call.answer(
                url=fields.get("Url", ""), twiml=fields.get("Twiml", ""), more=detected
            )
            tasks.cancel_scope.cancel()
        lasted = {"CallDuration": str(round(anyio.current_time() - began)), "Duration": "1"}
        await told("completed", "completed", lasted)

    async def _status(
        self, leg: Leg, call: EmulatedCall, fields: Mapping[str, Any], event: str, status: str,
        more: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        leg.status = self.rest.calls[leg.sid].status = status
        leg.statuses.append(status)
        if "StatusCallback" in fields and event in fields.get("StatusCallbackEvent", "completed"):
            number = str(len(leg.statuses) - 1)
            told = {"CallStatus": status, "SequenceNumber": number,
                    "CallbackSource": "call-progress-events"}  # fmt: skip
            told |= {"ParentCallSid": leg.parent} if leg.parent else {}
            await self.tell(call, fields["StatusCallback"], told | dict(more or {}))

    async def _detect(self, call: EmulatedCall, person: Person, fields: Mapping[str, Any]) -> None:
        if fields.get("AsyncAmd") != "true" or "AsyncAmdStatusCallback" not in fields:
            return
        await self.wait(person.found_after_s)
        told = {"AnsweredBy": person.answered_by, "MachineDetectionDuration": "2900"}
        await self.tell(call, fields["AsyncAmdStatusCallback"], told)

    async def tell(self, call: EmulatedCall, url: str, fields: Mapping[str, str]) -> None:
        """Send a callback, unless it is to be lost; perhaps twice."""
        if any(path in url for path in self.lost):
            return
        for _ in range(2 if any(path in url for path in self.twice) else 1):
            await call.post(url, fields)

    # --- what TwiML orders -----------------------------------------------------------------------

    async def dial(self, call: EmulatedCall, verb: twiml.Dial) -> dict[str, str]:
        """Run a Dial to its end; returns the fields for its action."""
        if verb.conference:
            return await self._confer(call, verb)
        leg = Leg(sid("CA"), verb.targets[0], verb.caller_id, call.plan.call_sid)
        self.legs.append(leg)
        person = self._person(leg)
        plan = CallPlan(
            self.server, person.script, caller=leg.caller, called=leg.to, call_sid=leg.sid,
            direction="outbound-dial", keys=person.keys,
        )  # fmt: skip
        leg.call = child = self._call(plan)
        wishes = {"StatusCallback": verb.status_callback} if verb.status_callback else {}
        told = partial(self._status, leg, child, wishes | {"StatusCallbackEvent": verb.events})
        await told("ringing", "ringing")
        await self.wait(min(person.rings_s, verb.timeout_s))
        how = "no-answer" if person.rings_s > verb.timeout_s else person.how
        if how != "completed":
            await told("completed", how)
            return {"DialCallStatus": how, "DialCallSid": leg.sid}
        await told("answered", "in-progress")
        try:
            if verb.url:
                await child.answer(url=verb.url)
            await self.wait(person.talks_s)
        finally:
            with anyio.CancelScope(shield=True):
                await told("completed", "completed")
        return {"DialCallStatus": "completed", "DialCallSid": leg.sid, "DialCallDuration": "30"}

    async def _confer(self, call: EmulatedCall, verb: twiml.Dial) -> dict[str, str]:
        room = self.conferences.setdefault(verb.targets[0], Conference(verb.targets[0]))
        leg = next((leg for leg in self.legs if leg.call is call), None)
        person = self._person(leg) if leg else Person()
        stays_s = person.talks_s if call.plan.direction == "outbound-api" else None
        await room.attend(call, verb, self.tell, stays_s and stays_s / self.speed)
        return {"DialCallStatus": "answered", "DialCallDuration": "1"}

    async def recorded(self, call: EmulatedCall, seconds: float) -> dict[str, str]:
        """Keep the message of a Record; returns the fields for its action."""
        name, message = sid("RE"), call.plan.message
        kept = message if message is not None else np.zeros(0, np.int16)
        self.rest.recordings[name] = Kept(wav_of(kept), call.plan.call_sid)
        base = "https://api.twilio.com/2010-04-01/Accounts"
        return {
            "RecordingSid": name,
            "RecordingUrl": f"{base}/{self.rest.account_sid}/Recordings/{name}",
            "RecordingDuration": str(round(seconds)),
        }


def wav_of(pcm: Pcm) -> bytes:
    """A WAV as Twilio stores it: 16-bit mono, 8 kHz."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(pcm.astype("<i2").tobytes())
    return out.getvalue()


def _xml(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
