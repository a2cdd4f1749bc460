"""An emulated call, from the ringing webhook to the last status callback."""

import math
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Protocol
from urllib.parse import urljoin

import anyio
import anyio.lowlevel
import httpx

from core.clock import utc_now
from voice_agent.audio.pcm import Pcm
from voice_agent.emulator import twiml
from voice_agent.emulator.caller import Caller, Done
from voice_agent.emulator.handset import Handset
from voice_agent.emulator.line import PERFECT, LineFaults
from voice_agent.emulator.messages import Ids
from voice_agent.emulator.playout import Playout
from voice_agent.emulator.report import CallReport, hear
from voice_agent.emulator.script import Script, Step
from voice_agent.emulator.socket import Clock, Dial, LoopClock, SocketRefused, dial_websocket
from voice_agent.emulator.stream import EndedBy, MediaStream, StreamLog, Told
from voice_agent.emulator.webhook import Answer, Numbers, Webhook, voice_fields

MAX_DOCUMENTS = 20
"""Most TwiML documents in one call; more is a redirect loop."""


def sid(prefix: str) -> str:
    """A new id in Twilio's form: two letters and 32 hex digits."""
    return prefix + uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class CallPlan:
    """The server called, the caller, and the state of the line.

    `to` is the server's base URL; `signed_as` its public URL if different. Without `auth_token`
    nothing is signed. `call_sid` may be given to repeat one.
    """

    to: str
    script: Script
    caller: str = "+14155550142"
    called: str = "+18005550100"
    auth_token: str = ""
    signed_as: str = ""
    account_sid: str = field(default_factory=lambda: sid("AC"))
    call_sid: str = field(default_factory=lambda: sid("CA"))
    status_callback: str = "/twilio/status"
    faults: LineFaults = PERFECT
    max_s: float = 300.0
    dial_status: str = "completed"
    """The outcome of a Dial to which nobody answers: completed, busy, no-answer, failed."""
    keep_audio: bool = True
    direction: str = "inbound"
    keys: tuple[str, ...] = ()
    """The keys pressed at each Gather, in turn; "" presses nothing."""
    message: Pcm | None = None
    """Said after the beep of a Record."""
    speed: float = 1.0
    """How many times faster than real time texts and pauses go; streams keep real time."""
    back: Script | None = None
    """The caller's script in a stream after the first; else the rest of the first script."""
    holds_s: float = math.inf
    """A caller waiting while somebody is dialled hangs up after this."""


class Exchange(Protocol):
    """The parties that can be dialled from within a call."""

    async def dial(self, call: "EmulatedCall", verb: twiml.Dial) -> dict[str, str]:
        """Run a Dial to its end; returns its action's fields. Cancelled when the call leaves."""

    async def recorded(self, call: "EmulatedCall", seconds: float) -> dict[str, str]:
        """Keep the message of a Record; returns the fields for its action."""


class EmulatedCall:
    """Places one call. After `run`, `log` and `playout` hold what was sent and heard."""

    def __init__(
        self,
        plan: CallPlan,
        http: httpx.AsyncClient,
        *,
        dial: Dial = dial_websocket,
        clock: Clock | None = None,
        told: Told = lambda at, kind, words: None,
        exchange: Exchange | None = None,
    ) -> None:
        self.plan = plan
        self.streams = 0
        self._exchange = exchange
        self.log = StreamLog()
        self.playout = Playout()
        self._numbers = Numbers(plan.account_sid, plan.call_sid, plan.caller, plan.called)
        self._web = Webhook(http, plan.to, plan.auth_token, plan.signed_as)
        self._dial = dial
        self._clock = clock or LoopClock()
        self._told = told
        self._caller = Caller(plan.script)
        self._stream: MediaStream | None = None
        self._over = False
        self._update: str | None = None
        self._doing: anyio.CancelScope | None = None
        self._base = ""
        self._since = 0
        self.report = CallReport(plan.call_sid, sid("MZ"), plan.script.name)
        self.handset = Handset(
            self._clock, [*plan.keys], plan.message, plan.speed, self.report.notes.append
        )

    async def run(self) -> CallReport:
        """Ring, follow the TwiML until the call ends, post the status; returns what was heard."""
        began = self._clock.now()
        await self._until_over(await self._fetch("/twilio/voice", self._fields("ringing")))
        await self._post_status(round(self._clock.now() - began))
        self.report.requests = [
            {"url": answer.url, "status": answer.status} for answer in self._web.answers
        ]
        return self.report

    async def answer(
        self, *, url: str = "", twiml: str = "", more: Mapping[str, str] | None = None
    ) -> CallReport:
        """The same for a called party: starts with the first TwiML they hear; posts no status."""
        self._base = self.plan.to + "/"
        if url:
            document = await self._fetch(url, self._fields() | dict(more or {}))
        else:
            document = self._parse(Answer(self._base, 200, twiml, "text/xml"))
        await self._until_over(document)
        return self.report

    async def _until_over(self, document: Sequence[twiml.Verb] | None) -> None:
        for _ in range(MAX_DOCUMENTS):
            if document is None or self._over:
                break
            document = await self._follow(document)
        else:
            self.report.notes.append("too many TwiML documents: a redirect loop")
        hear(self.report, self.log, self.playout, self._caller.done[self._since :])

    def say(self, step: Step) -> None:
        """Add a step after the planned ones: for callers who decide late."""
        self._caller.say(step)

    @property
    def done(self) -> Sequence[Done]:
        """The steps the caller has begun or completed."""
        return self._caller.done

    @property
    def at(self) -> float | None:
        """Seconds since the stream's start; None while there is no stream."""
        return None if self._stream is None else self._stream.at

    def update(self, *, twiml: str | None = None, status: str | None = None) -> None:
        """Apply a REST update of the call: new TwiML, or the end (`completed`)."""
        self._over = self._over or status in ("completed", "canceled")
        self._update = twiml
        self._leave("update")

    def hang_up(self) -> None:
        """The caller hangs up, whatever is happening."""
        self._over = True
        self._leave("caller")

    def _leave(self, by: EndedBy) -> None:
        """Stop what is happening, so that the update takes effect."""
        if self._stream is not None:
            self._stream.end(by)
        elif self._doing is not None:
            self._doing.cancel()

    # --- TwiML -----------------------------------------------------------------------------------

    async def _fetch(self, url: str, fields: dict[str, str]) -> Sequence[twiml.Verb] | None:
        answer = await self._web.post(url, fields)
        if not 200 <= answer.status < 300:
            told = f"answered {answer.status}" if answer.status else "is not there: does it run?"
            self.report.notes.append(f"11200: {answer.url} {told}")
            return None
        self._base = answer.url  # relative URLs resolve against the document's own
        return self._parse(answer)

    def _parse(self, answer: Answer) -> Sequence[twiml.Verb] | None:
        if "xml" not in answer.content_type:
            self.report.notes.append(f"12300: content type {answer.content_type!r} is not XML")
            return None
        try:
            return twiml.parse(answer.body)
        except twiml.TwimlInvalid as invalid:
            self.report.notes.append(str(invalid))
            return None

    async def _follow(self, verbs: Sequence[twiml.Verb]) -> Sequence[twiml.Verb] | None:
        """Run one document; returns the next one, or None when the call is over."""
        with anyio.CancelScope() as self._doing:
            return await self._carry_out(verbs)
        return self._ordered()

    def _ordered(self) -> Sequence[twiml.Verb] | None:
        """The document from a REST update; None when it ended the call."""
        document, self._update = self._update, None
        if document is None:
            return None
        return self._parse(Answer(self._base, 200, document, "text/xml"))

    async def _carry_out(  # noqa: C901 - one case a verb
        self, verbs: Sequence[twiml.Verb]
    ) -> Sequence[twiml.Verb] | None:
        self.report.status = "completed"
        for verb in verbs:
            self.report.verbs.append(type(verb).__name__)
            match verb:
                case twiml.ConnectStream():
                    following, goes_on = await self._connect(verb)
                    if not goes_on:
                        return following
                case twiml.Redirect(url):
                    return await self._fetch(self._absolute(url), self._fields())
                case twiml.Dial(action=action):
                    dialled = await self._dialled(verb)
                    if action:
                        return await self._fetch(self._absolute(action), dialled)
                case twiml.Gather(action=action):
                    keys = await self.handset.gather(verb)
                    if keys is not None:
                        fields = self._fields() | {"Digits": keys}
                        return await self._fetch(self._absolute(action or self._base), fields)
                case twiml.Record(action=action):
                    if (kept := await self._recorded(verb)) is not None:
                        return await self._fetch(self._absolute(action or self._base), kept)
                case twiml.Reject(reason):
                    self.report.status = "busy" if reason == "busy" else "no-answer"
                    return None
                case twiml.Hangup():
                    return None
                case _:
                    await self.handset.hear(verb)
        return None

    async def _recorded(self, verb: twiml.Record) -> dict[str, str] | None:
        """The recorded message's fields; None when nothing was said, and the call continues."""
        seconds = await self.handset.record(verb)
        if not seconds or self._exchange is None:
            return None
        kept = await self._exchange.recorded(self, seconds)
        if verb.status_callback:
            status = {"RecordingStatus": "completed", "RecordingChannels": "1"}
            about = {"AccountSid": self.plan.account_sid, "CallSid": self.plan.call_sid}
            await self._web.post(self._absolute(verb.status_callback), about | kept | status)
        return self._fields() | kept | {"Digits": "hangup"}

    async def _connect(self, verb: twiml.ConnectStream) -> tuple[Sequence[twiml.Verb] | None, bool]:
        """Run the stream; returns the document that follows, or None, and whether to go on here."""
        by = await self._run_stream(verb)
        self.report.ended_by = by
        if self._update is not None:
            return self._ordered(), False
        if by in ("caller", "limit", "update"):
            return None, False
        if verb.action:
            return await self._fetch(self._absolute(verb.action), self._fields()), False
        return None, True

    async def _run_stream(self, verb: twiml.ConnectStream) -> EndedBy:
        if self.streams:
            self.report.stream_sid = sid("MZ")
            self._since = self._caller.restart(self.plan.back)
        self.streams += 1
        ids = Ids(self.plan.account_sid, self.plan.call_sid, self.report.stream_sid)
        headers = self._web.signature(verb.url, {})
        try:
            async with self._dial(self._web.local(verb.url), headers) as socket:
                self._stream = MediaStream(
                    socket,
                    ids,
                    self._caller,
                    self._clock,
                    faults=self.plan.faults,
                    max_s=self.plan.max_s,
                    keep_audio=self.plan.keep_audio,
                    told=self._told,
                )
                self.log, self.playout = self._stream.log, self._stream.playout
                await self._post_stream(verb, "stream-started")
                await self._stream.run(verb.parameters)
        except SocketRefused as refused:
            self.report.notes.append(f"31920: {refused}")
            await self._post_stream(verb, "stream-error", str(refused))
            return "refused"
        self._stream = None
        await self._post_stream(verb, "stream-stopped")
        return self.log.ended_by

    # --- callbacks -------------------------------------------------------------------------------

    def _absolute(self, url: str) -> str:
        return urljoin(self._base, url)

    def _fields(self, status: str = "in-progress") -> dict[str, str]:
        return voice_fields(self._numbers, status, self.plan.direction)

    async def post(self, url: str, fields: Mapping[str, str]) -> Answer:
        """Post something about this call to the server."""
        return await self._web.post(self._absolute(url), self._fields() | dict(fields))

    async def prompts(self, url: str) -> Sequence[twiml.Verb]:
        """The prompts a waiting caller hears; empty when the server has none."""
        answer = await self._web.post(self._absolute(url), self._fields())
        return (self._parse(answer) or ()) if 200 <= answer.status < 300 else ()

    async def _dialled(self, verb: twiml.Dial) -> dict[str, str]:
        if self._exchange is not None:
            with anyio.move_on_after(self.plan.holds_s):
                return self._fields() | await self._exchange.dial(self, verb)
            self.hang_up()
            await anyio.lowlevel.checkpoint()  # this document's scope is cancelled
        self.report.notes.append(f"Dial: {', '.join(verb.targets)}")
        dialled = {"DialCallStatus": self.plan.dial_status, "DialCallSid": sid("CA")}
        if self.plan.dial_status == "completed":
            dialled["DialCallDuration"] = "0"
        return self._fields() | dialled

    async def _post_stream(self, verb: twiml.ConnectStream, event: str, error: str = "") -> None:
        if not verb.status_callback:
            return
        fields = {
            "AccountSid": self.plan.account_sid,
            "CallSid": self.plan.call_sid,
            "StreamSid": self.report.stream_sid,
            "StreamName": verb.name or self.report.stream_sid,
            "StreamEvent": event,
            "Timestamp": _iso(utc_now()),
        }
        if error:
            fields["StreamError"] = error
        await self._web.post(self._absolute(verb.status_callback), fields)

    async def _post_status(self, duration_s: int) -> None:
        if not self.plan.status_callback:
            return
        fields = self._fields(self.report.status) | {
            "Timestamp": format_datetime(utc_now()),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": "0",
        }
        if self.report.status == "completed":
            fields |= {"CallDuration": str(duration_s), "Duration": str(-(-duration_s // 60))}
        await self._web.post(self.plan.status_callback, fields)


def _iso(instant: datetime) -> str:
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")
