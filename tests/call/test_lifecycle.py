"""Streams of calls on their way to a person and back: each conversation ends, and ends once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import anyio

from core.engine import Engine
from core.events import ConversationEnded
from core.facts.standing import every
from core.store.transfers import Transfer
from tests.fakes.office import HANG_UP, Office, Prompted, office, script
from voice_agent.call.departure import LONGEST_S
from voice_agent.call.session import CallSession
from voice_agent.telephony.protocol import Started

REP, ACCOUNT, CALL = "sofia-alvarez", "AC1", "CA1"
QUESTION = "demo/01_hi_there_i_was.wav"


@dataclass
class Line:
    """A caller's stream: silent, and over when the test says so."""

    parameters: dict[str, str] = field(default_factory=dict)
    stopped: anyio.Event = field(default_factory=anyio.Event)
    session: CallSession | None = None

    def __post_init__(self) -> None:
        self.started = Started("MZ1", CALL, ACCOUNT, self.parameters)
        self.began = anyio.current_time()

    async def send(self, message: str) -> None: ...

    async def close(self) -> None: ...

    async def drive(self, session: CallSession) -> None:
        self.session = session
        await self.stopped.wait()
        session.finish("stopped")


@dataclass
class Exchange:
    """Stands for `Transferring`: what becomes of an attempt is for the test to say."""

    engine: Engine
    away: bool = True
    """Whether callers are moved to the person."""
    begun: list[Transfer] = field(default_factory=list)
    waits: bool = True
    """Whether a caller who was moved may still come back."""
    answers: anyio.Event = field(default_factory=anyio.Event)
    """Set once the telephone company has answered."""
    resumes_s: float = 0.0
    """How long the database takes to return a conversation."""

    async def begin(self, transfer: Transfer) -> bool:
        self.begun.append(transfer)
        await self.answers.wait()
        return self.away

    async def over(self, call_sid: str, status: str) -> None: ...

    async def pending(self, transfer_id: str) -> bool:
        return self.waits

    async def resume(self, transfer_id: str, call_sid: str) -> Transfer:
        await anyio.sleep(self.resumes_s)
        return replace(self.begun[-1], stage="talking")


@dataclass
class Desk:
    office: Office
    exchange: Exchange
    tasks: anyio.abc.TaskGroup

    def rings(self, line: Line) -> Line:
        """A stream opens."""
        assert self.office.calls.claim(CALL)
        self.tasks.start_soon(self.office.calls.serve, line, line.drive)
        return line

    async def puts_through(self, line: Line) -> Transfer:
        """A colleague has the caller transferred; returns once the person is to be rung."""
        count = len(self.exchange.begun)
        while line.session is None:  # noqa: ASYNC110 - nobody tells
            await anyio.sleep(0.1)
        line.session.supervision.transfer("tom-beckett", REP)
        while len(self.exchange.begun) == count:  # noqa: ASYNC110
            await anyio.sleep(0.1)
        return self.exchange.begun[-1]

    async def back(self, transfer: Transfer) -> Line:
        """The caller comes back; returns once they are served again."""
        line = self.rings(Line({"transfer": transfer.id}))
        while line.session is None:  # noqa: ASYNC110
            await anyio.sleep(0.1)
        return line

    async def ends(self) -> list[ConversationEnded]:
        conversation_id = self.exchange.begun[0].conversation_id
        return every([e.fact for e in await self.office.log.read(conversation_id)],
                     ConversationEnded)  # fmt: skip


@asynccontextmanager
async def desk(folder: Path) -> AsyncIterator[Desk]:
    async with office(folder) as it, anyio.create_task_group() as tasks:
        exchange = Exchange(it.engine)
        it.calls.put_through_by(exchange, ACCOUNT)  # type: ignore[arg-type]
        yield Desk(it, exchange, tasks)
        tasks.cancel_scope.cancel()


async def test_who_hangs_up_before_the_transfer_is_stored_has_their_call_ended(tmp_path):
    async with desk(tmp_path) as it:
        line = it.rings(Line())
        await it.puts_through(line)
        line.stopped.set()
        await it.office.calls.status(CALL, "completed")
        it.exchange.away = False
        it.exchange.answers.set()
        await anyio.sleep(60)
        assert it.office.calls.open == 0 and len(await it.ends()) == 1
        assert len(it.office.wrap_ups.asked) == 1


async def test_who_is_back_before_their_first_stream_is_done_is_not_ended_by_its_end(tmp_path):
    async with desk(tmp_path) as it:
        first = it.rings(Line())
        transfer = await it.puts_through(first)
        second = await it.back(transfer)
        first.stopped.set()
        it.exchange.answers.set()
        await anyio.sleep(20)
        assert it.office.calls.going_on(transfer.conversation_id) is second.session
        assert await it.ends() == [] and it.office.calls.end_reason(CALL) is None
        second.stopped.set()
        await anyio.sleep(20)
        assert len(await it.ends()) == 1 and it.office.calls.end_reason(CALL) == "stopped"


async def test_who_is_put_through_tells_nothing_of_how_a_later_stream_ended(tmp_path):
    """That stream may be another server's; Twilio may ask this one what follows it."""
    async with desk(tmp_path) as it:
        line = it.rings(Line())
        it.exchange.answers.set()
        await it.puts_through(line)
        line.stopped.set()
        await anyio.sleep(20)
        assert it.office.calls.end_reason(CALL) is None


async def test_a_transfer_that_another_server_sees_accepted_frees_its_line_within_seconds(tmp_path):
    async with desk(tmp_path) as it:
        it.exchange.answers.set()
        line = it.rings(Line())
        await it.puts_through(line)
        line.stopped.set()
        await anyio.sleep(20)
        assert it.office.calls.parking.waiting == 1, "they may still come back"
        it.exchange.waits = False
        await anyio.sleep(20)
        assert it.office.calls.parking.waiting == 0 and it.office.calls.open == 0


async def test_a_second_transfer_accepted_on_another_server_frees_this_one_in_the_end(tmp_path):
    async with desk(tmp_path) as it:
        it.exchange.answers.set()
        first = it.rings(Line())
        transfer = await it.puts_through(first)
        first.stopped.set()
        second = await it.back(transfer)
        await it.puts_through(second)
        second.stopped.set()
        await anyio.sleep(2 * LONGEST_S)
        assert it.office.calls.parking.waiting == 0 and it.office.calls.open == 0


async def test_a_server_that_stops_waits_for_who_is_just_coming_back(tmp_path):
    async with desk(tmp_path) as it:
        it.exchange.answers.set()
        first = it.rings(Line())
        transfer = await it.puts_through(first)
        first.stopped.set()
        it.exchange.waits = False  # for this server; another one sends them back to it
        await anyio.sleep(20)
        it.exchange.resumes_s = 5.0
        second = it.rings(Line({"transfer": transfer.id}))
        await anyio.sleep(1)
        await it.office.calls.drain(10.0)
        assert second.session is not None and len(await it.ends()) == 1


async def test_a_bug_in_the_last_words_keeps_no_recogniser_and_no_call_open(tmp_path):
    closed: list[Prompted] = []
    async with office(tmp_path, ["does tideline"]) as it:
        opened = it.ears.open

        def open_(call_id: str) -> Prompted:
            made = opened(call_id)
            made.close = lambda: closed.append(made)
            return made

        async def fall_over() -> None:
            raise AssertionError("a bug")

        async def break_it() -> None:
            while not it.calls.conversations:  # noqa: ASYNC110
                await anyio.sleep(0.1)
            session = it.calls.going_on(it.calls.conversations[0])
            assert session is not None
            session.last_words = fall_over

        it.ears.open = open_
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(break_it)
            await it.call(script(("at 1s", QUESTION), ("at 2s", HANG_UP)))
        told = await it.document()
    assert len(closed) == 1 and told["status"] == "completed"
