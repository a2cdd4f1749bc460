"""Transfers of callers to people: begun by a session, decided by `stages`, kept in the database.

Any server can continue what another began: the one that receives an event reads the transfer, asks
`stages.step`, and carries out the orders only if the stage has not changed meanwhile.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from core.clock import Clock
from core.engine import Engine
from core.errors import StoreFailed
from core.events import ConversationEnded, Fact, Flagged, RecordingSaved
from core.facts.standing import ending, unmerged
from core.facts.transfers import TransferAccepted, TransferFailed, Unreached
from core.handoff.spoken import spoken_brief
from core.store.store import Store
from core.store.transfers import ENDED, Transfer
from core.store.transfers import Transfers as Kept
from knowledge.profile import Rep
from voice_agent.call import stages
from voice_agent.call.parking import Parking
from voice_agent.call.stages import Order, Stage, StageEvent
from voice_agent.errors import TelephonyFailed
from voice_agent.observe import CallMetrics
from voice_agent.telephony import transfer_twiml, twiml
from voice_agent.telephony.ports import CallControl, Outbound
from voice_agent.telephony.transfer_twiml import Ways
from voice_agent.workflows.ports import WrapUps

log = logging.getLogger(__name__)
JOB = "transfer"
ASK_S = 45.0
"""Longest a person who has picked up needs for the brief and a key."""
LOOK_S = 300.0
"""Interval at which a call with a person is checked."""
MOST_LATE = 4
"""How often we send for a caller who does not come back."""
RACES = 5

Ask = Callable[..., Awaitable[None]]
"""`workflows.jobs.Jobs.ask`: enqueue a durable job, for a given time."""
Repair = Callable[[str, Sequence[Fact]], Awaitable[RecordingSaved | None]]


@dataclass(frozen=True, slots=True)
class Telephones:
    """How people and callers are reached. `stream_token`: authenticates a stream of this call."""

    control: CallControl
    public_url: str
    stream_token: Callable[[str, str, str], str]

    def back(self, transfer: Transfer) -> str:
        """TwiML that reconnects a caller to us."""
        sid, caller, called = transfer.call_sid, transfer.caller, transfer.called
        given = {
            "token": self.stream_token(sid, caller, called),
            "from": caller,
            "to": called,
            "transfer": transfer.id,
        }
        socket = "ws" + self.public_url.removeprefix("http") + twiml.MEDIA
        return str(twiml.connected(socket, self.public_url + twiml.AFTER, given))


class Transferring:
    """All transfers this server is told of."""

    def __init__(
        self,
        store: Store,
        phones: Telephones,
        *,
        engine: Callable[[], Engine],
        parking: Parking,
        wrap_up: WrapUps,
        repair: Repair,
        ask: Ask,
        clock: Clock,
        metrics: CallMetrics,
    ) -> None:
        self.kept = Kept(store)
        self.phones = phones
        self._store, self._engine, self._parking = store, engine, parking
        self._wrap_up, self._repair, self._ask = wrap_up, repair, ask
        self._clock, self._metrics = clock, metrics

    @property
    def engine(self) -> Engine:
        """The engine conversations use now."""
        return self._engine()

    def ways(self, transfer_id: str) -> Ways:
        """The URLs of a transfer."""
        return Ways(self.phones.public_url, transfer_id)

    # --- begun by a session ----------------------------------------------------------------------

    async def begin(self, transfer: Transfer) -> bool:
        """Ring the person and move the caller; False when that failed and the conversation is still
        this server's to continue or end. Bounded by Twilio's and the database's own timeouts."""
        company = self.engine.loaded.company
        rep = company.rep(transfer.rep)
        if rep is None or rep.phone is None:
            return False
        try:
            await self.kept.begin(transfer)
            ring_s = company.transfers.ring_seconds
            await self._ask(JOB, transfer.id, after_s=ring_s + ASK_S)
        except StoreFailed as error:
            log.warning("no transfer without the database: %s", error)
            return await self._refused(transfer)
        try:
            return await self._ring(transfer, rep, ring_s) or await self._refused(transfer)
        except (TelephonyFailed, StoreFailed) as error:
            log.warning("a transfer failed: %s", error, extra={"call_sid": transfer.call_sid})
            return await self._refused(transfer)

    async def _ring(self, transfer: Transfer, rep: Rep, ring_s: int) -> bool:
        control, ways, phone = self.phones.control, self.ways(transfer.id), rep.phone or ""
        if transfer.mode == "cold":
            rung = transfer_twiml.rung(ways, phone, transfer.called, ring_s)
            return await control.redirect(transfer.call_sid, str(rung))
        call = Outbound(phone, transfer.called, ways.url("brief"), ways.url("rep"), ring_s)
        rep_call_sid = await control.place_call(call)
        await self.kept.ringing(transfer.id, rep_call_sid)
        return await control.redirect(transfer.call_sid, str(transfer_twiml.held(ways)))

    async def _refused(self, transfer: Transfer) -> bool:
        """Undo what was begun; returns whether the conversation goes on or ended without us: the
        caller may have hung up meanwhile, or was sent back already."""
        elsewhere = False
        try:
            undone = await self.told(transfer.id, stages.TransferRefused())
            stored = await self.kept.get(transfer.id)
            elsewhere = stored is not None and stages.LetGo() not in undone
        except StoreFailed as error:
            log.warning("a refused transfer is left to its job: %s", error)
        if not elsewhere:
            self._metrics.transfers.labels("unreachable").inc()
        return elsewhere

    # --- reported by Twilio ----------------------------------------------------------------------

    async def told(
        self, transfer_id: str, event: StageEvent, *, inline: bool = False
    ) -> tuple[Order, ...]:
        """Apply an event and carry out what follows; returns the orders. Raises: StoreFailed.

        `inline`: the response to this very webhook brings the caller back.
        """
        for _ in range(RACES):
            transfer = await self.kept.get(transfer_id)
            if transfer is None:
                return ()
            seen = cast(Stage, transfer.stage)
            stage, orders = stages.step(seen, event)
            if stage != seen and not await self.kept.move(transfer, stage):
                continue  # another event came in at the same moment
            for order in orders:
                await self._perform(order, transfer, inline)
            return orders
        log.error("a transfer changes faster than it can be read: %s", transfer_id)
        return ()

    async def over(self, call_sid: str, status: str) -> None:
        """A call is over; if it was away, end its conversation. Raises: StoreFailed."""
        transfer = await self.kept.of_call(call_sid)
        if transfer is not None:
            await self.told(transfer.id, stages.CallOver(status))

    async def brief(self, transfer_id: str) -> str | None:
        """What the person hears about the caller; None if nobody is waiting. Raises:
        StoreFailed."""
        transfer = await self.kept.get(transfer_id)
        if transfer is None or transfer.stage != "transferring":
            return None
        company = self.engine.loaded.company
        rep = company.rep(transfer.rep)
        name = rep.name.split()[0] if rep else "Hello"
        logged = await self._store.log.read(transfer.conversation_id)
        facts = unmerged([entry.fact for entry in logged])
        return spoken_brief(facts, company, name, transfer.reason)

    async def took(self, transfer_id: str) -> bool:
        """The person accepts; returns whether the caller is still waiting. Raises: StoreFailed."""
        orders = await self.told(transfer_id, stages.PersonTook())
        if orders:
            return stages.Join() in orders
        transfer = await self.kept.get(transfer_id)
        return transfer is not None and transfer.stage == "with_person"  # a repeated webhook

    async def missed(self, transfer_id: str, why: Unreached, *, inline: bool = False) -> str | None:
        """The person cannot be reached. With `inline`, returns TwiML that brings the caller back
        now, None when they should not come. Raises: StoreFailed."""
        await self.told(transfer_id, stages.PersonMissed(why), inline=inline)
        transfer = await self.kept.get(transfer_id)
        if transfer is None or transfer.stage != "returning":
            return None
        return self.phones.back(transfer)

    async def hold(self, transfer_id: str) -> tuple[str, str]:
        """Words and music for a waiting caller. Raises: StoreFailed."""
        company = self.engine.loaded.company
        transfer = await self.kept.get(transfer_id)
        rep = company.rep(transfer.rep) if transfer else None
        name = rep.name.split()[0] if rep else "a colleague"
        words = company.transfers.hold.replace("{name}", name).replace("{company}", company.name)
        return words, company.transfers.hold_music

    async def resume(self, transfer_id: str, call_sid: str) -> Transfer | None:
        """The conversation that a returning caller's stream asks to resume; None when it may not.

        Raises: StoreFailed.
        """
        transfer = await self.kept.get(transfer_id)
        if transfer is None or transfer.call_sid != call_sid or transfer.state is None:
            return None
        if transfer.stage == "transferring":  # they came back before anybody said why
            await self.told(transfer_id, stages.PersonMissed("lost"), inline=True)
        orders = await self.told(transfer_id, stages.StreamStarted())
        if stages.Serve() not in orders:
            return None
        await self._store.conversations.move(transfer.conversation_id, self._store.server)
        return transfer

    async def pending(self, transfer_id: str) -> bool:
        """Whether the caller may still come back to us; so it is while nobody can tell."""
        try:
            transfer = await self.kept.get(transfer_id)
        except StoreFailed as error:
            log.warning("whether a caller may come back cannot be told: %s", error)
            return True
        return transfer is not None and transfer.stage in ("transferring", "returning")

    async def late(self, transfer_id: str, tries: int) -> float | None:
        """The durable job: returns seconds until its next check, None when nothing is left."""
        transfer = await self.kept.get(transfer_id)
        if transfer is None or transfer.stage not in stages.AWAY:
            if transfer is not None and transfer.stage == ENDED:
                await self._ended(transfer)
            return None
        together = transfer.stage == "with_person" or (
            transfer.mode == "cold" and transfer.stage == "transferring"
        )  # a plain dial ends by itself
        if await self._gone(transfer):
            await self.told(transfer_id, stages.CallOver("completed"))
        elif together:
            age_s = (self._clock() - transfer.started_at).total_seconds()
            if age_s > stages.MOST_TOGETHER_S:
                await self.told(transfer_id, stages.GaveUp())
            return LOOK_S
        else:
            await self.told(transfer_id, stages.GaveUp() if tries >= MOST_LATE else stages.Late())
        return stages.BACK_S

    async def _gone(self, transfer: Transfer) -> bool:
        try:
            return await self.phones.control.is_over(transfer.call_sid)
        except TelephonyFailed as error:
            log.warning("nobody tells whether a call is over: %s", error)
            return False

    # --- done ------------------------------------------------------------------------------------

    async def _perform(self, order: Order, transfer: Transfer, inline: bool) -> None:
        match order:
            case stages.LetGo():
                await self._hang_up(transfer.rep_call_sid)
            case stages.HangUp():
                await self._hang_up(transfer.call_sid)
            case stages.Join():
                self._metrics.transfers.labels("accepted").inc()
                now = self._clock()
                took = TransferAccepted(transfer.id, transfer.rep, transfer.ms(now))
                await self._write(transfer, took)
                if (saved := await self._parking.close(transfer.id)) is not None:
                    await self._write(transfer, saved)
            case stages.BringBack(why):
                if transfer.stage == "transferring":  # else they were sent for before
                    self._metrics.transfers.labels(why).inc()
                    await self._write(transfer, *failed(transfer, why, self._clock()))
                if not inline:
                    await self._bring_back(transfer)
            case stages.Finalise(reason):
                await self._finalise(transfer, reason)
            case _:
                pass  # up to a route's response, or a session

    async def _hang_up(self, call_sid: str) -> None:
        if not call_sid:
            return
        try:
            await self.phones.control.hang_up(call_sid)
        except TelephonyFailed as error:
            log.warning("hang-up failed: %s", error, extra={"call_sid": call_sid})

    async def _bring_back(self, transfer: Transfer) -> None:
        try:
            there = await self.phones.control.redirect(
                transfer.call_sid, self.phones.back(transfer)
            )
        except TelephonyFailed as error:
            log.warning("a caller still waits: %s", error, extra={"call_sid": transfer.call_sid})
            return  # the job sends for them again
        if not there:
            await self.told(transfer.id, stages.CallOver("completed"))

    async def _ended(self, transfer: Transfer) -> None:
        """Write the end that could not be written when it came."""
        logged = [entry.fact for entry in await self._store.log.read(transfer.conversation_id)]
        if ending(logged) is not None:
            return
        log.warning("the end of a call is written late", extra={"call_sid": transfer.call_sid})
        accepted = any(
            isinstance(f, TransferAccepted) and f.transfer_id == transfer.id for f in logged
        )
        await self._finalise(transfer, "transferred" if accepted else "caller_left")

    async def _finalise(self, transfer: Transfer, reason: str) -> None:
        """End a conversation that is on no server, unless one has ended it."""
        now = self._clock()
        logged = [entry.fact for entry in await self._store.log.read(transfer.conversation_id)]
        if ending(logged) is not None:
            return await self.kept.let_go(transfer.id)
        facts: list[Fact] = []
        if reason != "transferred":
            why: Unreached = "caller-left" if reason == "caller_left" else "lost"
            if not any(isinstance(f, TransferFailed) and f.transfer_id == transfer.id
                       for f in logged):  # fmt: skip
                self._metrics.transfers.labels(why).inc()
                facts += failed(transfer, why, now)
        saved = await self._parking.close(transfer.id)
        if saved is None and not any(isinstance(fact, RecordingSaved) for fact in logged):
            saved = await self._repair(transfer.conversation_id, logged)
        facts += [saved] if saved else []
        outcome = "transferred"
        if transfer.state is not None:
            facts += self.engine.close(transfer.state, reason)
            if reason != "transferred":
                outcome = self.engine.outcome(transfer.state)
        facts.append(ConversationEnded(outcome, reason, transfer.ms(now)))
        await self._store.log.append_once(
            transfer.conversation_id, now, facts, f"transfer:{transfer.id}:end"
        )
        self._metrics.ended.labels(reason).inc()
        try:
            await self.kept.let_go(transfer.id)
            await self._wrap_up.wrap_up(transfer.conversation_id)
        except StoreFailed as error:
            log.warning("wrap-up left to the sweep: %s", error)

    async def _write(self, transfer: Transfer, *facts: Fact) -> None:
        await self._store.log.append(transfer.conversation_id, self._clock(), facts)


def failed(transfer: Transfer, why: Unreached, at: datetime) -> tuple[Fact, ...]:
    """The facts about a person who was not reached, for the record and for reviewers."""
    ms = transfer.ms(at)
    return (
        TransferFailed(transfer.id, transfer.rep, why, ms),
        Flagged("transfer_failed", transfer.turn, ms, f"{transfer.rep}: {why}"),
    )
