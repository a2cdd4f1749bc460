"""Calls that cannot be taken: announce it, forward, promise a call back, or take a message.

`chosen`, which is pure, decides which; everything else is TwiML and routes.
"""

import re
from collections.abc import Callable
from typing import Literal, Protocol, get_args
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route
from twilio.twiml.voice_response import Dial, VoiceResponse

from core.caller_id import e164
from core.turned_away import Why
from knowledge.profile import Company
from voice_agent.telephony import twiml
from voice_agent.telephony.signed import SignedForms, Told

Kind = Literal["busy", "number", "callback", "voicemail"]

ROOT = "/twilio/overflow"
RECORDING = "/twilio/recording"
LONGEST_MESSAGE_S = 120
SILENCE_S = 5
KEY_S = 6
BYE = "Please call again in a few minutes. Goodbye."
CUT_OFF = "I'm sorry, we were cut off by a fault on our side."
OFFER = "To be called back on this number, press 1."
OR_MESSAGE = "To leave a message, press 2."
BEEP = "Please leave a message after the tone, and hang up when you are done."
THANKS = "Thank you. Somebody will get back to you. Goodbye."
_RECORDING = re.compile(r"RE[0-9a-f]{32}")
NOTHING = "Thank you for calling. Goodbye."


class MessageDesk(Protocol):
    """Stores what such callers leave."""

    async def promise(self, call_sid: str, caller: str, called: str, why: str) -> str | None:
        """Promise a call back; returns the line to say, None when it cannot be promised."""

    async def left(self, call_sid: str, recording_sid: str, caller: str, called: str) -> None:
        """A message was left; it is fetched and stored."""


def chosen(company: Company, why: str, caller: str, *, records: bool) -> Kind:
    """What happens to a call that cannot be taken because of `why`. `records`: whether a message
    could be fetched."""
    wanted = company.overflow.then
    if wanted == "number" and company.overflow.number:
        return "number"
    if wanted == "callback" and caller and why != "database":
        return "callback"
    if wanted in ("callback", "voicemail") and records:
        return "voicemail"
    return "busy"


class OverflowRoutes:
    """`/twilio/overflow/…` and `/twilio/recording`."""

    def __init__(
        self,
        signed: SignedForms,
        desk: MessageDesk,
        company: Callable[[], Company],
        *,
        records: bool,
    ) -> None:
        self._signed, self._desk, self._company = signed, desk, company
        self._records = records

    def routes(self) -> list[Route]:
        """The routes."""
        return [
            self._signed.route(f"{ROOT}/choice", self._choice),
            self._signed.route(f"{ROOT}/left", self._left),
            self._signed.route(RECORDING, self._recording),
        ]

    def turned_away(self, told: Told, why: str) -> Response:
        """The TwiML for a call that cannot be taken."""
        company = self._company()
        return self._instead(told, why, company.overflow.line.replace("{company}", company.name))

    def cut_off(self, told: Told) -> Response:
        """The TwiML for a caller whose call we lost midway."""
        return self._instead(told, "lost", CUT_OFF)

    def _instead(self, told: Told, why: str, line: str) -> Response:
        company = self._company()
        answer = VoiceResponse()
        answer.say(line)
        match chosen(company, why, caller_of(told), records=self._records):
            case "busy":
                answer.say(BYE)
                answer.hangup()
            case "number":
                dial = Dial()
                dial.number(company.overflow.number)
                answer.append(dial)
                answer.say(BYE)
            case "callback":
                action = told.url(f"{ROOT}/choice") + f"?why={why}"
                answer.gather(num_digits=1, timeout=KEY_S, action=action).say(
                    f"{OFFER} {OR_MESSAGE}" if self._records else OFFER
                )
                self._record(answer, told)
            case "voicemail":
                self._record(answer, told)
        return twiml.response(answer)

    def message(self, told: Told) -> Response:
        """Take a message, when a call had to be broken off."""
        answer = VoiceResponse()
        self._record(answer, told)
        return twiml.response(answer)

    def _record(self, answer: VoiceResponse, told: Told) -> None:
        if not self._records:
            answer.say(BYE)
            answer.hangup()
            return
        parties = urlencode({"from": caller_of(told), "to": called_of(told)})
        answer.say(BEEP)
        answer.record(
            action=told.url(f"{ROOT}/left"),
            max_length=LONGEST_MESSAGE_S,
            timeout=SILENCE_S,
            play_beep=True,
            trim="do-not-trim",
            recording_status_callback=f"{told.url(RECORDING)}?{parties}",
            recording_status_callback_event="completed",
        )
        answer.say(NOTHING)

    async def _choice(self, told: Told) -> Response:
        """A key was pressed: 1 for a call back, anything else for a message."""
        if told.get("Digits") == "1":
            caller, called = caller_of(told), called_of(told)
            why = told.query.get("why", "")
            why = why if why in get_args(Why) else "full"
            line = await self._desk.promise(told.get("CallSid"), caller, called, why)
            if line is not None:
                return twiml.response(twiml.said(line))
        return self.message(told)

    async def _left(self, told: Told) -> Response:
        """The caller has finished; this may report the recording first, or alone."""
        await self._recorded(told)
        return twiml.response(twiml.said(THANKS))

    async def _recording(self, told: Told) -> Response:
        """A recording is ready at Twilio."""
        if told.get("RecordingStatus") == "completed":
            await self._recorded(told)
        return Response(status_code=204)

    async def _recorded(self, told: Told) -> None:
        if _RECORDING.fullmatch(told.get("RecordingSid")):
            await self._desk.left(
                told.get("CallSid"), told.get("RecordingSid"), caller_of(told), called_of(told)
            )


def caller_of(told: Told) -> str:
    """The caller's number; empty when it is withheld or not a number."""
    return e164(told.get("From") or told.query.get("from")) or ""


def called_of(told: Told) -> str:
    """The called number."""
    return e164(told.get("To") or told.query.get("to")) or ""
