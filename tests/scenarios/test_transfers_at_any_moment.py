"""Transfers in which everything happens at random instants: each conversation ends once.

Real calls and transfers on virtual time, of one server or of two with one database, whose rows are
in memory; a telephone company that is slow, refuses, loses answers, and may not tell the end of a
call.
"""

import logging
import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from types import SimpleNamespace

import anyio
import pytest
from prometheus_client import CollectorRegistry

from core.errors import StoreFailed
from core.events import ConversationEnded
from core.facts.standing import every
from core.store.transfers import AWAY, ENDED, Transfer
from tests.fakes.office import BEGAN, Office, office
from voice_agent.call.departure import LONGEST_S
from voice_agent.call.session import CallSession
from voice_agent.call.transferring import Telephones, Transferring
from voice_agent.errors import TelephonyFailed
from voice_agent.observe import CallMetrics
from voice_agent.telephony.ports import Outbound
from voice_agent.telephony.protocol import Started

CALL, ACCOUNT = "CA1", "AC1"
VAIN = "a caller came back in vain"
"""What a server may say of a database that failed in between."""


@dataclass
class Rows:
    """The database's transfers: slow, and away now and then."""

    dice: random.Random
    failing: float
    kept: dict[str, Transfer] = field(default_factory=dict)

    async def _asked(self) -> None:
        await anyio.sleep(self.dice.choice([0.001, 0.01, 0.2]))
        if self.dice.random() < self.failing:
            raise StoreFailed("away")

    async def begin(self, transfer: Transfer) -> None:
        await self._asked()
        self.kept[transfer.id] = transfer

    async def get(self, transfer_id: str) -> Transfer | None:
        await self._asked()
        return self.kept.get(transfer_id)

    async def of_call(self, call_sid: str) -> Transfer | None:
        await self._asked()
        away = [one for one in self.kept.values() if one.stage in AWAY]
        return away[-1] if away else None

    async def move(self, transfer: Transfer, stage: str) -> bool:
        await self._asked()
        now = self.kept[transfer.id]
        if now.stage != transfer.stage:
            return False
        state = now.state if stage in (*AWAY, ENDED) else None
        self.kept[transfer.id] = replace(now, stage=stage, state=state)
        return True

    async def let_go(self, transfer_id: str) -> None:
        await self._asked()
        self.kept[transfer_id] = replace(self.kept[transfer_id], state=None)

    async def ringing(self, transfer_id: str, rep_call_sid: str) -> None:
        await self._asked()
        self.kept[transfer_id] = replace(self.kept[transfer_id], rep_call_sid=rep_call_sid)


class Line:
    """One stream of the caller."""

    def __init__(self, parameters: dict[str, str]) -> None:
        self.started = Started("MZ1", CALL, ACCOUNT, parameters)
        self.began = anyio.current_time()
        self.stopped = anyio.Event()
        self.session: CallSession | None = None

    async def send(self, message: str) -> None: ...

    async def close(self) -> None: ...

    async def drive(self, session: CallSession) -> None:
        self.session = session
        await self.stopped.wait()
        session.finish("stopped")


@dataclass
class Telephone:
    """The telephone company, the caller, and the person who is rung."""

    dice: random.Random
    tasks: anyio.abc.TaskGroup
    servers: list[tuple[Office, Transferring]] = field(default_factory=list)
    line: Line | None = None
    over: bool = False
    happened: list[str] = field(default_factory=list)

    def note(self, what: str) -> None:
        self.happened.append(f"{anyio.current_time():.2f} {what}")

    def server(self) -> tuple[Office, Transferring]:
        """Whichever a request reaches."""
        return self.dice.choice(self.servers)

    async def _takes_time(self) -> None:
        await anyio.sleep(self.dice.choice([0.01, 0.1, 0.5, 2.0]))

    # --- what servers order ----------------------------------------------------------------------

    async def hang_up(self, call_sid: str) -> None:
        await self._takes_time()
        if call_sid == CALL:
            self.ends()

    async def is_over(self, call_sid: str) -> bool:
        await self._takes_time()
        return self.over

    async def place_call(self, call: Outbound) -> str:
        await self._takes_time()
        if self.dice.random() < 0.15:
            raise TelephonyFailed("told to")
        self.note("rings")
        self.tasks.start_soon(self._person, call.url.split("/")[-2])
        return "CArep"

    async def redirect(self, call_sid: str, twiml: str) -> bool:
        if self.dice.random() < 0.1:
            await self._takes_time()
            raise TelephonyFailed("told to")
        await anyio.sleep(0.05)
        if self.over:
            return False
        if self.line is not None:
            self.line.stopped.set()
        back = re.search(r'name="transfer" value="(\w+)"', twiml)
        self.note("moved back" if back else "moved")
        if back is not None:
            self.tasks.start_soon(self._comes_back, back[1])
        await self._takes_time()
        if self.dice.random() < 0.15:
            self.note("answer lost")
            raise TelephonyFailed("the answer was lost")
        return True

    # --- what people do --------------------------------------------------------------------------

    def calls(self, parameters: dict[str, str]) -> None:
        """A stream opens."""
        it, _ = self.server()
        if it.calls.claim(CALL):
            self.line = Line(parameters)
            self.tasks.start_soon(self._served, it, self.line)
        else:
            self.ends()

    async def _served(self, it: Office, line: Line) -> None:
        await it.calls.serve(line, line.drive)
        self.note(f"served: {line.session.end_reason if line.session else 'not at all'}")
        if line.session is None or not line.stopped.is_set():
            self.ends()

    async def _comes_back(self, transfer_id: str) -> None:
        await self._takes_time()
        if not self.over:
            self.calls({"transfer": transfer_id})

    async def _person(self, transfer_id: str) -> None:
        """They accept, or not, or one after the other."""
        for _ in range(self.dice.choice([1, 1, 2])):
            await anyio.sleep(self.dice.choice([0.05, 0.5, 3.0, 8.0, 20.0]))
            _, transfers = self.server()
            if self.dice.random() < 0.4:
                self.note("accepts")
                await patiently(partial(transfers.took, transfer_id))
            else:
                self.note("declines")
                await patiently(partial(transfers.missed, transfer_id, "declined"))

    async def puts_through(self) -> None:
        """Colleagues have the caller transferred, up to three times."""
        for _ in range(self.dice.randint(1, 3)):
            await anyio.sleep(self.dice.choice([0.2, 1.0, 5.0, 15.0]))
            session = self.line.session if self.line is not None else None
            if session is not None and not session.over.is_set():
                self.note("put through")
                session.supervision.transfer("tom-beckett", "sofia-alvarez")

    def ends(self) -> None:
        """The call is over."""
        if not self.over:
            self.over = True
            self.note("over")
            if self.line is not None:
                self.line.stopped.set()
            if self.dice.random() < 0.85:
                self.tasks.start_soon(self._tells_the_end)

    async def _tells_the_end(self) -> None:
        await self._takes_time()
        it, _ = self.server()
        await it.calls.status(CALL, "completed")

    async def ask(self, kind: str, key: str, *, after_s: float = 0.0) -> None:
        self.tasks.start_soon(self._job, key, after_s)

    async def _job(self, transfer_id: str, after_s: float | None) -> None:
        tries = 0
        while after_s is not None:
            await anyio.sleep(after_s)
            _, transfers = self.server()
            try:
                after_s, tries = await transfers.late(transfer_id, tries), tries + 1
            except StoreFailed:
                after_s = 5.0


async def patiently(ask: Callable[[], Awaitable[object]]) -> None:
    """A webhook that is sent again."""
    for _ in range(5):
        try:
            await ask()
            return
        except StoreFailed:
            await anyio.sleep(0.2)


def joined(it: Office, first: Office, rows: Rows, phone: Telephone) -> Transferring:
    """A server's transfers, with the log and the rows of the first."""
    began = anyio.current_time()

    async def adopted(*_: object) -> None: ...

    async def repair(*_: object) -> None: ...

    conversations = SimpleNamespace(move=adopted)
    made = Transferring(
        SimpleNamespace(log=first.log, conversations=conversations, server="one"),
        Telephones(phone, "https://agent.test", lambda *call: "t0k"),
        engine=lambda: first.engine, parking=it.calls.parking, wrap_up=first.wrap_ups,
        repair=repair, ask=phone.ask, metrics=CallMetrics(CollectorRegistry()),
        clock=lambda: BEGAN + timedelta(seconds=anyio.current_time() - began),
    )  # type: ignore[arg-type]  # fmt: skip
    made.kept = rows  # type: ignore[assignment]
    it.calls.put_through_by(made, ACCOUNT)
    it.calls._services = replace(
        it.calls._services, events=first.log, wrap_up=first.wrap_ups, control=phone
    )
    return made


@pytest.mark.parametrize("seed", range(30))
async def test_each_conversation_ends_once_and_leaves_no_line_taken(tmp_path, seed, caplog):
    dice = random.Random(seed)
    caplog.set_level(logging.ERROR)
    async with office(tmp_path) as one, office(tmp_path) as two, anyio.create_task_group() as tasks:
        phone = Telephone(dice, tasks)
        rows = Rows(dice, dice.choice([0.0, 0.0, 0.0, 0.1]))
        for it in (one, two)[: dice.choice([1, 2])]:
            phone.servers.append((it, joined(it, one, rows, phone)))
        phone.calls({})
        tasks.start_soon(phone.puts_through)
        await anyio.sleep(dice.choice([0.5, 3.0, 4.5, 5.0, 5.2, 5.5, 6.0, 8.0, 12.0, 20.0, 40.0]))
        phone.ends()
        await anyio.sleep(2 * LONGEST_S)
        (conversation_id,) = one.log._logged
        ends = every([e.fact for e in await one.log.read(conversation_id)], ConversationEnded)
        assert len(ends) == 1, (phone.happened, [end.reason for end in ends])
        left = [(it.calls.open, it.calls.active, it.calls.parking.waiting) for it in (one, two)]
        assert left == [(0, 0, 0)] * 2, phone.happened
        said = [record.getMessage() for record in caplog.records]
        assert not [text for text in said if not text.startswith(VAIN)], phone.happened
        tasks.cancel_scope.cancel()
