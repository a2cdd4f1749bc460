"""Builds one call's parts: for a new call, and for one that resumes after a transfer attempt."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import uuid4

import anyio

from core.caller_id import e164
from core.conversation.consenting import unrecorded
from core.engine import Spoken
from core.events import Flagged
from core.presence import is_open
from core.store.transfers import Transfer
from core.talk import ConversationOpened, Placed
from voice_agent.call.clock import CallClock
from voice_agent.call.departure import Departure
from voice_agent.call.fillers import as_voiced
from voice_agent.call.journal import Journal
from voice_agent.call.parking import Parked, Parking
from voice_agent.call.parts import CallParts
from voice_agent.call.recognising import Recognising
from voice_agent.call.recording import Recording
from voice_agent.call.services import CallServices
from voice_agent.call.stages import StageEvent
from voice_agent.call.transferring import Transferring
from voice_agent.callbacks.placing import Placing
from voice_agent.desk import BoundedDesk
from voice_agent.telephony.protocol import Started
from voice_agent.telephony.socket import Stream


@dataclass(frozen=True, slots=True)
class StartedLine:
    """A stream that has started, and what is known of its call."""

    stream: Stream
    entered: Callable[[StageEvent], object]
    transferring: Transferring | None
    parking: Parking
    placing: Placing | None = None
    """Knows the purpose of calls we placed."""

    @property
    def started(self) -> Started:
        """The message that started the stream."""
        return self.stream.started

    @property
    def age_s(self) -> float:
        """How long ago the stream began: the database has been asked since."""
        return anyio.current_time() - self.stream.began


def fresh(
    services: CallServices, line: StartedLine, *, waits: bool, placed: Placed | None
) -> CallParts:
    """A new call. `waits`: whether its caller could be transferred; `placed`: the purpose of a call
    we placed."""
    age_s = line.age_s
    opened = _opened(services, line.started, waits, placed, age_s)
    clock = CallClock(opened.at, age_s)
    archive = services.archive
    recording = Recording(archive.path(opened.conversation_id), writer=archive.writer)
    opening = services.engine.open(
        opened,
        after_hours=not is_open(services.company, opened.at),
        call_sid=line.started.call_sid,
    )
    parked = Parked(line.started.call_sid, clock, recording)
    return _parts(services, line, opened, opening, parked, 0.0)


def resumed(
    services: CallServices, line: StartedLine, transfer: Transfer, parked: Parked | None
) -> CallParts:
    """A call whose caller is back. `parked`: the recording, if this server kept it; if another one
    did, the rest of the call is not recorded."""
    state = transfer.state
    assert state is not None, "a caller who may come back has a state"
    settled = services.engine.unreached(state, transfer.rep, state.turn + 1)
    elsewhere = parked is None
    if parked is None:
        away_s = (services.clock() - transfer.began_at).total_seconds()
        recording = Recording(services.archive.path(transfer.conversation_id))
        recording.shut()
        clock = CallClock(transfer.began_at, max(0.0, away_s))
        parked = Parked(line.started.call_sid, clock, recording)
    now = parked.clock.now()
    note = "another server took the call back: the rest of it is not recorded"
    flags = (Flagged("not_recorded", state.turn, round(now * 1000), note),) if elsewhere else ()
    state = unrecorded(settled.state) if elsewhere else settled.state
    opening = Spoken(state, (*settled.facts, *flags), settled.sentences)
    return _parts(services, line, state.opened, opening, parked, now - line.age_s)


def _parts(
    services: CallServices,
    line: StartedLine,
    opened: ConversationOpened,
    opening: Spoken,
    parked: Parked,
    offset: float,
) -> CallParts:
    clock, conversation_id = parked.clock, opened.conversation_id
    journal = Journal(services.events, conversation_id, services.spill)
    return CallParts(
        opened=opened,
        call_sid=line.started.call_sid,
        opening=opening,
        offset=offset,
        engine=services.engine,
        voice=services.voice,
        fillers=as_voiced(services.engine.realiser, services.company.voice.filler),
        clock=clock,
        hearing=services.hearing(conversation_id),
        ears=partial(services.hearing, conversation_id),
        desk=BoundedDesk(services.desk, opened, lambda: clock.utc(clock.now())),
        recognising=Recognising(services.people, journal, conversation_id, services.crm),
        journal=journal,
        recording=parked.recording,
        metrics=services.metrics,
        stream_sid=line.started.stream_sid,
        send=line.stream.send,
        placing=line.placing,
        departure=Departure(line.transferring, line.parking, parked, opened, journal, line.entered),
    )


def _opened(
    services: CallServices, started: Started, waits: bool, placed: Placed | None, age_s: float
) -> ConversationOpened:
    given = started.parameters
    ours = bool(given.get("attempt"))
    buyer, company = ("to", "from") if ours else ("from", "to")
    return ConversationOpened(
        conversation_id=uuid4().hex,
        channel="voice",
        direction="outbound" if ours else "inbound",
        caller=e164(given.get(buyer, "")),
        called=given.get(company) or None,
        placed=placed,
        at=services.clock() - timedelta(seconds=age_s),
        waits=waits,
    )
