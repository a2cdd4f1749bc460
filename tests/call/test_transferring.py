"""Transfers continued by any server: two servers, one database, an unresponsive Twilio."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import anyio
import pytest
from prometheus_client import CollectorRegistry

from core.conversation.parts import Wants
from core.conversation.state import ConversationState
from core.errors import StoreFailed
from core.events import ConversationEnded, Flagged, RecordingSaved
from core.facts.standing import every
from core.facts.transfers import TransferAccepted, TransferFailed
from core.store.store import Store
from core.store.transfers import Transfer
from core.talk import ConversationOpened
from tests.core.talk import engine
from tests.fakes import stores
from tests.fakes.a_call import AT, started
from voice_agent.call.parking import Parking
from voice_agent.call.transferring import LOOK_S, MOST_LATE, Telephones, Transferring
from voice_agent.errors import TelephonyFailed
from voice_agent.observe import CallMetrics
from voice_agent.telephony.ports import Outbound

pytestmark = pytest.mark.real_clock
REP = "daniel-okafor"


@dataclass
class Company:
    """A telephone company by its port: what was ordered, and how it fails."""

    ordered: list[tuple[str, str]] = field(default_factory=list)
    failing: set[str] = field(default_factory=set)
    over: bool = False

    def _order(self, what: str, about: str) -> None:
        if what in self.failing:
            raise TelephonyFailed("told to")
        self.ordered.append((what, about))

    async def hang_up(self, call_sid: str) -> None:
        self._order("hang_up", call_sid)

    async def redirect(self, call_sid: str, twiml: str) -> bool:
        self._order("redirect", twiml)
        return not self.over

    async def place_call(self, call: Outbound) -> str:
        self._order("place_call", call.to)
        return "CArep"

    async def is_over(self, call_sid: str) -> bool:
        if "is_over" in self.failing:
            raise TelephonyFailed("told to")
        return self.over

    def did(self, what: str) -> list[str]:
        return [about for kind, about in self.ordered if kind == what]


@dataclass
class Desk:
    """Two servers of one company, and what became of their jobs."""

    store: Store
    phones: Company
    first: Transferring
    second: Transferring
    asked: list[tuple[str, str, float]]
    wrapped: list[str]
    repaired: list[str]

    async def facts(self, kind):
        return every([entry.fact for entry in await self.store.log.read("c1")], kind)


@asynccontextmanager
async def desk(folder: Path) -> AsyncIterator[Desk]:
    store = Store(stores.sqlite(folder / "t.db"), server="one")
    phones, asked, wrapped, repaired = Company(), [], [], []

    async def ask(kind: str, key: str, *, after_s: float = 0.0) -> None:
        asked.append((kind, key, after_s))

    async def repair(conversation_id: str, facts) -> RecordingSaved | None:
        repaired.append(conversation_id)
        return RecordingSaved("/r", 5000)

    class WrapUps:
        async def wrap_up(self, conversation_id: str) -> None:
            wrapped.append(conversation_id)

    def server() -> Transferring:
        return Transferring(
            store, Telephones(phones, "https://agent.test", lambda *call: "t0k"),
            engine=lambda: engine(transfers=True), parking=Parking(), wrap_up=WrapUps(),
            repair=repair, ask=ask, clock=lambda: AT + timedelta(seconds=60),
            metrics=CallMetrics(CollectorRegistry()),
        )  # fmt: skip

    await store.log.append("c1", AT, [started()])
    try:
        yield Desk(store, phones, server(), server(), asked, wrapped, repaired)
    finally:
        await store.aclose()


def transfer(mode: str = "warm") -> Transfer:
    opened = ConversationOpened("c1", "voice", "inbound", "+14155550142", "+18005550100", AT)
    state = ConversationState(opened, turn=3, wants=Wants(human=True))
    return Transfer("t1", "c1", "CA1", "+14155550142", "+18005550100", REP, mode, "asked", 3, AT,
                    AT + timedelta(seconds=9), state)  # fmt: skip


async def test_a_person_is_rung_before_the_caller_is_moved_and_a_job_watches(tmp_path):
    async with desk(tmp_path) as it:
        assert await it.first.begin(transfer())
        assert [kind for kind, _ in it.phones.ordered] == ["place_call", "redirect"]
        assert "<Conference" in it.phones.did("redirect")[0]
        (job,) = it.asked
        assert job[:2] == ("transfer", "t1") and job[2] > 20
        assert "press" not in (await it.first.brief("t1") or "") and await it.first.brief("t1")


@pytest.mark.parametrize("failing", ["place_call", "redirect"])
async def test_a_refusing_telephone_company_leaves_the_caller_with_us_and_nobody_ringing(
    tmp_path, failing
):
    async with desk(tmp_path) as it:
        it.phones.failing = {failing}
        assert not await it.first.begin(transfer())
        assert it.phones.did("hang_up") == (["CArep"] if failing == "redirect" else [])
        assert await it.first.brief("t1") is None, "who picks up now is told that nobody waits"
        assert not await it.first.took("t1")


async def test_a_caller_who_hangs_up_while_the_person_is_rung_is_gone_and_ends_once(tmp_path):
    async with desk(tmp_path) as it:
        ring = it.phones.place_call

        async def hang_up_meanwhile(call: Outbound) -> str:
            it.phones.over = True
            await it.first.over("CA1", "completed")
            return await ring(call)

        it.phones.place_call = hang_up_meanwhile
        assert await it.first.begin(transfer()), "their server has nothing left to end"
        (ended,) = await it.facts(ConversationEnded)
        assert ended.reason == "caller_left" and it.wrapped == ["c1"]


async def test_a_caller_sent_back_before_they_were_moved_is_their_new_streams(tmp_path):
    """The person declines at once; what was to move the caller fails after they were moved back."""
    async with desk(tmp_path) as it:
        ring = it.phones.place_call

        async def declined_meanwhile(call: Outbound) -> str:
            await it.second.missed("t1", "declined")
            it.phones.failing = {"redirect"}
            return await ring(call)

        it.phones.place_call = declined_meanwhile
        assert await it.first.begin(transfer())
        assert await it.second.resume("t1", "CA1") is not None


async def test_a_conversation_that_has_ended_here_is_not_ended_again_by_its_transfer(tmp_path):
    """The database was away when the transfer was refused."""
    async with desk(tmp_path) as it:
        await it.first.begin(transfer())
        await it.store.log.append("c1", AT, [ConversationEnded("callback", "stopped", 9000)])
        it.phones.over = True
        await it.second.late("t1", 0)
        assert [end.reason for end in await it.facts(ConversationEnded)] == ["stopped"]


@pytest.mark.parametrize("took", [True, False])
async def test_until_a_person_took_the_call_or_it_goes_on_elsewhere_the_caller_may_come_back(
    tmp_path, took
):
    async with desk(tmp_path) as it:
        await it.first.begin(transfer())
        assert await it.first.pending("t1")
        if took:
            await it.second.took("t1")
        else:
            await it.second.missed("t1", "no-answer")
            assert await it.first.pending("t1")
            await it.second.resume("t1", "CA1")
        assert not await it.first.pending("t1")


async def test_another_server_takes_the_caller_back_with_what_was_said(tmp_path):
    async with desk(tmp_path) as it:
        await it.first.begin(transfer())
        await it.second.missed("t1", "no-answer")
        back = it.phones.did("redirect")[-1]
        assert "<Connect" in back and "wss://agent.test/twilio/media" in back and "t1" in back
        taken = await it.second.resume("t1", "CA1")
        assert taken is not None and taken.state == transfer().state
        assert await it.first.resume("t1", "CA1") is None, "one server has it"
        (failed,) = await it.facts(TransferFailed)
        assert failed.reason == "no-answer" and failed.at_ms == 60_000


async def test_a_stream_of_another_call_gets_no_conversation(tmp_path):
    async with desk(tmp_path) as it:
        await it.first.begin(transfer())
        await it.first.missed("t1", "busy")
        assert await it.first.resume("t1", "CAother") is None
        assert await it.first.resume("t9", "CA1") is None


async def test_accept_and_refusal_in_one_moment_on_two_servers_have_one_outcome(tmp_path):
    async with desk(tmp_path) as it:
        await it.first.begin(transfer())
        async with anyio.create_task_group() as both:
            both.start_soon(it.first.took, "t1")
            both.start_soon(it.second.missed, "t1", "declined")
        took, failed = await it.facts(TransferAccepted), await it.facts(TransferFailed)
        assert len(took) + len(failed) == 1


async def test_the_end_is_written_once_however_often_it_is_told(tmp_path):
    async with desk(tmp_path) as it:
        await it.first.begin(transfer())
        assert await it.first.took("t1") and await it.second.took("t1"), "told twice"
        async with anyio.create_task_group() as all_of_them:
            for server in (it.first, it.second, it.first):
                all_of_them.start_soon(server.over, "CA1", "completed")
        (end,) = await it.facts(ConversationEnded)
        assert (end.outcome, end.reason) == ("transferred", "transferred")
        assert it.wrapped == ["c1"] and it.repaired == ["c1"]
        assert len(await it.facts(RecordingSaved)) == 1 and not await it.facts(TransferFailed)


@pytest.mark.parametrize("accepted", [True, False])
async def test_an_end_that_the_database_refused_is_written_by_the_job(tmp_path, accepted):
    async with desk(tmp_path) as it:
        await it.first.begin(transfer())
        if accepted:
            await it.first.took("t1")
        written = it.store.log.append_once

        async def refused(*_given: object) -> bool:
            raise StoreFailed("away")

        it.store.log.append_once = refused
        with pytest.raises(StoreFailed):
            await it.first.over("CA1", "completed")
        it.store.log.append_once = written
        assert not await it.facts(ConversationEnded) and not it.wrapped
        assert await it.second.late("t1", 1) is None
        (end,) = await it.facts(ConversationEnded)
        assert (end.outcome, end.reason) == (
            ("transferred", "transferred") if accepted else ("human", "caller_left")
        )
        assert it.wrapped == ["c1"] and (await it.first.kept.get("t1")).state is None
        assert await it.second.late("t1", 2) is None and it.wrapped == ["c1"]


async def test_a_caller_who_left_holding_lets_the_person_go(tmp_path):
    async with desk(tmp_path) as it:
        await it.first.begin(transfer())
        await it.second.over("CA1", "completed")
        assert it.phones.did("hang_up") == ["CArep"]
        (failed,), (end,) = await it.facts(TransferFailed), await it.facts(ConversationEnded)
        assert failed.reason == "caller-left" and end.outcome == "human"


async def test_of_whom_nothing_is_told_is_sent_for_and_at_last_written_up(tmp_path):
    async with desk(tmp_path) as it:
        await it.first.begin(transfer())
        assert await it.second.late("t1", 0)
        assert "<Connect" in it.phones.did("redirect")[-1]
        it.phones.failing = {"redirect", "is_over"}
        for tries in range(1, MOST_LATE):
            assert await it.second.late("t1", tries), "a deaf telephone company ends nothing"
        assert not await it.facts(ConversationEnded)
        await it.second.late("t1", MOST_LATE)
        (end,) = await it.facts(ConversationEnded)
        assert end.reason == "lost" and await it.second.late("t1", MOST_LATE + 1) is None


async def test_who_is_sent_for_again_and_again_failed_once(tmp_path):
    async with desk(tmp_path) as it:
        await it.first.begin(transfer())
        await it.first.missed("t1", "busy")
        for tries in range(MOST_LATE):
            await it.first.late("t1", tries)
        assert len(await it.facts(TransferFailed)) == 1
        assert len(it.phones.did("redirect")) == 2 + MOST_LATE
        (flag,) = await it.facts(Flagged)
        assert (flag.kind, flag.note) == ("transfer_failed", f"{REP}: busy")


async def test_the_job_leaves_people_who_talk_alone_and_ends_what_is_over(tmp_path):
    async with desk(tmp_path) as it:
        await it.first.begin(transfer("cold"))
        assert "<Dial" in it.phones.did("redirect")[0] and not it.phones.did("place_call")
        assert await it.second.late("t1", 0) == LOOK_S, "a plain dial ends by itself"
        await it.first.took("t1")
        assert await it.second.late("t1", 1) == LOOK_S
        it.phones.over = True
        await it.second.late("t1", 2)
        (end,) = await it.facts(ConversationEnded)
        assert end.outcome == "transferred"
