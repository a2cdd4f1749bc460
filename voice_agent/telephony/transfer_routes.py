"""Twilio's webhooks during a transfer: for the caller's leg and the person's.

Responses follow from the transfer's stage, so nothing depends on the order of webhooks.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from starlette.responses import Response
from starlette.routing import Route

from core.errors import StoreFailed
from core.facts.transfers import Unreached
from voice_agent.telephony import transfer_twiml, twiml
from voice_agent.telephony.ports import OVER
from voice_agent.telephony.signed import SignedForms, Told
from voice_agent.telephony.transfer_twiml import ROOT, Ways

log = logging.getLogger(__name__)
GONE = "The caller is not on the line any more. Thank you."
BACK_LINE = "All right. The assistant will look after them."
TROUBLE = "Sorry, something went wrong on our side. The assistant will look after the caller."
HOLD_LINE = "Thank you for holding."
MISSED: dict[str, Unreached] = {
    "busy": "busy", "no-answer": "no-answer", "failed": "failed", "canceled": "failed",
}  # fmt: skip


class Ringing(Protocol):
    """The transfers, as Twilio's webhooks reach them."""

    async def brief(self, transfer_id: str) -> str | None:
        """What the person hears about the caller; None if nobody waits. Raises: StoreFailed."""

    async def took(self, transfer_id: str) -> bool:
        """The person accepts; returns whether the caller is still waiting. Raises: StoreFailed."""

    async def missed(self, transfer_id: str, why: Unreached, *, inline: bool = False) -> str | None:
        """The person cannot be reached. With `inline`, returns TwiML that brings the caller back
        now, None when they should not come. Raises: StoreFailed."""

    async def hold(self, transfer_id: str) -> tuple[str, str]:
        """Words and music for a waiting caller. Raises: StoreFailed."""


class TransferRoutes:
    """`/twilio/transfer/{id}/…`, signed like all of Twilio's requests."""

    def __init__(self, signed: SignedForms, ringing: Ringing, public_url: str) -> None:
        self._signed, self._ringing, self._public_url = signed, ringing, public_url

    def routes(self) -> list[Route]:
        """One route per webhook."""
        answers: dict[str, Callable[[Told, str], Awaitable[Response]]] = {
            "brief": self._brief,
            "answer": self._answer,
            "rep": self._rep,
            "hold": self._hold,
            "done": self._done,
        }
        return [self._route(what, answer) for what, answer in answers.items()]

    def _later(self, what: str, told: Told) -> Response:
        """The response while the database is down: the caller is kept, the person is not."""
        match what:
            case "hold":
                return twiml.response(transfer_twiml.waiting(HOLD_LINE, ""))
            case "done" if told.get("DialCallStatus") != "completed":
                return twiml.response(transfer_twiml.again(told.url(f"{ROOT}/{_id(told)}/done")))
            case "rep":
                return Response(status_code=503)
        return twiml.response(twiml.said(TROUBLE))

    def _route(self, what: str, answer: Callable[[Told, str], Awaitable[Response]]) -> Route:
        async def patient(told: Told) -> Response:
            try:
                return await answer(told, _id(told))
            except StoreFailed as error:
                log.warning("a transfer cannot be looked up: %s", error)
                return self._later(what, told)

        return self._signed.route(f"{ROOT}/{{transfer_id}}/{what}", patient)

    async def _brief(self, told: Told, transfer_id: str) -> Response:
        """The person has picked up."""
        brief = await self._ringing.brief(transfer_id)
        if brief is None:
            return twiml.response(twiml.said(GONE))
        return twiml.response(transfer_twiml.asked(self._ways(transfer_id), brief))

    async def _answer(self, told: Told, transfer_id: str) -> Response:
        """They pressed a key or none: a machine presses none."""
        digits = told.get("Digits")
        if digits == "1":
            if await self._ringing.took(transfer_id):
                return twiml.response(transfer_twiml.joined(self._ways(transfer_id)))
            return twiml.response(twiml.said(GONE))
        await self._ringing.missed(transfer_id, "declined" if digits else "nothing-pressed")
        return twiml.response(twiml.said(BACK_LINE))

    async def _rep(self, told: Told, transfer_id: str) -> Response:
        """The state of the call to the person changed."""
        status = told.get("CallStatus")
        if status == "in-progress" and told.get("ParentCallSid"):
            await self._ringing.took(transfer_id)  # a plain dial joins whoever answers
        elif status in OVER:
            await self._ringing.missed(transfer_id, MISSED.get(status, "nothing-pressed"))
        return Response(status_code=204)

    async def _hold(self, told: Told, transfer_id: str) -> Response:
        words, music = await self._ringing.hold(transfer_id)
        return twiml.response(transfer_twiml.waiting(words, music))

    async def _done(self, told: Told, transfer_id: str) -> Response:
        """The caller's own Dial has ended: they were with the person, or come back to us."""
        status = told.get("DialCallStatus")
        if status == "completed":
            await self._ringing.took(transfer_id)
            return twiml.response(twiml.hung_up())
        why = MISSED.get(status, "failed")
        back = await self._ringing.missed(transfer_id, why, inline=True)
        if back is None:
            return twiml.response(twiml.hung_up())
        return Response(back, media_type="application/xml")

    def _ways(self, transfer_id: str) -> Ways:
        return Ways(self._public_url, transfer_id)


def _id(told: Told) -> str:
    return told.path["transfer_id"]
