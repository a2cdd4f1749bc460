"""`Visit`: one page's part in a conversation. Durable lines out, messages in.

Unless an event's number directly follows what the page has, the lines it gets are read from the
database after its last one: so none is missed, doubled or out of order, across restarts and in two
tabs.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Literal, Protocol

import anyio
import phonenumbers
from anyio.streams.memory import MemoryObjectReceiveStream
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocketDisconnect

from core.conversation.state import ConversationState
from core.conversation.understanding.times.choices import choices
from core.conversation.words.phone import home_region
from core.errors import StoreFailed
from core.store.written import Standing
from core.talk import ConversationOpened, Page
from voice_agent.allowance import Allowance
from voice_agent.channels.chat import protocol
from voice_agent.channels.chat.doors import Doors
from voice_agent.channels.chat.services import ChatServices
from voice_agent.channels.chat.sessions import Session, opened_by
from voice_agent.channels.chat.showing import name_of, sources
from voice_agent.channels.events import (
    Committed,
    Delta,
    Floor,
    Moved,
    Told,
    Typing,
    UnknownConversation,
    WrittenLine,
)

IDLE_S = 150.0
"""A page sends something twice a minute, in a hidden tab once; a silent one is gone."""
MOST_WAITING = 8
"""Most messages of a conversation waiting for their answers."""
MOST_STRIKES = 10
"""Malformed messages after which a page is not one of ours."""
NORMAL, POLICY, TRY_LATER = 1000, 1008, 1013
AWAY_S = 2.0
"""Delay before a message is worth retrying when the database was down."""


class Gone(Exception):
    """The page is gone."""


class Pipe(Protocol):
    """A page's messages, one after another."""

    async def send(self, message: str) -> None:
        """Send a message. Raises: Gone."""

    async def receive(self) -> str | bytes:
        """The next message. Raises: WebSocketDisconnect."""


class Visit:
    """One page in one conversation; `seen` is the number of its last line."""

    def __init__(
        self,
        services: ChatServices,
        doors: Doors,
        connection: HTTPConnection,
        session: Session,
        pipe: Pipe,
        seen: int,
        invited: str = "",
    ) -> None:
        self._services, self._doors, self._connection = services, doors, connection
        self._session, self._pipe, self._seen = session, pipe, seen
        self._writing, self._id = services.writing, session.conversation_id
        self._invited = invited
        self._waiting: set[int] = set()
        """Turns still unanswered."""
        self._begun = False
        """Whether the conversation is known to be in the database."""
        self._rep: str | None = None
        """The rep who answers, as far as the page knows."""
        self._last = -1
        """The number of the last fact that the page is known to have."""
        self._frames = Allowance(60, 0.2)
        self._strikes = 0

    async def run(self) -> int:
        """Take part until the page leaves or has to; returns the close code.

        Raises: Gone, WebSocketDisconnect.
        """
        with self._writing.listeners.listening(self._id) as told:
            try:
                await self._welcomed()
            except StoreFailed:
                return TRY_LATER
            code = NORMAL
            async with anyio.create_task_group() as tasks:

                async def until_over(part: Callable[[], Awaitable[int]]) -> None:
                    nonlocal code
                    try:
                        code = await part()
                    except (Gone, WebSocketDisconnect):
                        pass
                    tasks.cancel_scope.cancel()

                tasks.start_soon(until_over, self._listen)
                tasks.start_soon(until_over, lambda: self._tell(told))
            return code

    # --- to the page -------------------------------------------------------------------------

    async def _welcomed(self) -> None:
        """Send what the page has missed, or the opening of a conversation still to begin."""
        standing = await self._writing.standing(self._id)
        if standing is None:
            for n, text in enumerate(self._writing.greeting(self._opened(None))):
                await self._pipe.send(protocol.delta(0, n, text))
        else:
            self._begun = True
            await self._caught_up(standing)
            if self._waiting:
                self._writing.wake(self._id)
                await self._pipe.send(protocol.typing("agent", on=True))
            await self._choices(standing.state)
        await self._pipe.send(protocol.ready(transcript=self._services.mail is not None))

    async def _tell(self, told: MemoryObjectReceiveStream[Told]) -> int:
        """Forward events until this page lags too far behind; returns the close code."""
        async for event in told:
            try:
                await self._told(event)
            except StoreFailed:
                break
        return TRY_LATER

    async def _told(self, event: Told) -> None:
        match event:
            case Delta():
                await self._pipe.send(protocol.delta(event.turn, event.n, event.text))
            case Committed():
                await self._committed(event)
            case Floor():
                await self._floor(event.rep)
            case Typing():
                await self._pipe.send(protocol.typing(event.who, on=True))
            case Moved():
                await self._moved(event)

    async def _moved(self, event: Moved) -> None:
        """Send what another server wrote; this server's own events have been sent."""
        if event.last <= self._last and not event.over:
            return
        standing, waited = await self._writing.standing(self._id), bool(self._waiting)
        if standing is None:
            return
        await self._caught_up(standing)
        self._last = event.last
        if waited != bool(self._waiting):
            await self._pipe.send(protocol.typing("agent", on=bool(self._waiting)))
        if event.over:
            await self._pipe.send(protocol.status("ended"))

    async def _caught_up(self, standing: Standing) -> None:
        """Send the lines the page is missing, and who answers."""
        await self._lines()
        self._waiting = set(range(standing.answered + 1, standing.received + 1))
        await self._floor(await self._writing.floor(self._id))

    async def _committed(self, event: Committed) -> None:
        if event.span is not None and event.span[0] == self._last + 1:  # the page lacks nothing
            self._last = event.span[1]
            await self._show(event.lines)
        elif any(line.seq > self._seen for line in event.lines):
            await self._lines()
        for line in event.lines:
            if line.said.speaker == "caller":
                self._waiting.add(line.said.turn)
        if event.turn is not None:
            self._waiting = {turn for turn in self._waiting if turn > event.turn}
        await self._pipe.send(protocol.typing("agent", on=bool(self._waiting)))
        if event.turn is not None and not self._waiting:
            await self._floor(event.floor)
            if event.state is not None:
                await self._choices(event.state)
        if event.over:
            await self._pipe.send(protocol.status("ended"))

    async def _floor(self, rep: str | None) -> None:
        """Say who answers, if that has changed."""
        if rep == self._rep:
            return
        self._rep = rep
        person = self._writing.loaded.company.person(rep) if rep else None
        state: Literal["human", "open"] = "human" if rep else "open"
        await self._pipe.send(protocol.status(state, person.name if person else ""))

    async def _lines(self) -> None:
        """Send the lines after the page's last one."""
        await self._show(await self._writing.lines(self._id, self._seen))

    async def _show(self, lines: Sequence[WrittenLine]) -> None:
        """Send those of these lines that the page is missing."""
        loaded = self._writing.loaded
        for line in lines:
            if line.seq <= self._seen:
                continue
            said = line.said
            await self._pipe.send(
                protocol.line(
                    line.seq, said.turn, said.speaker, said.text, line.at,
                    name_of(said, loaded), sources(said.citations, loaded),
                )
            )  # fmt: skip
            self._seen = line.seq

    async def _choices(self, state: ConversationState) -> None:
        company = self._writing.loaded.company
        offered = choices(state, company, self._services.clock())
        await self._pipe.send(protocol.choices([(c.label, c.text) for c in offered]))

    # --- from the page -----------------------------------------------------------------------

    async def _listen(self) -> int:
        """Take the page's messages until it leaves or has to; returns the close code."""
        while True:
            frame = None
            with anyio.move_on_after(IDLE_S):
                frame = await self._pipe.receive()
            if frame is None:
                return NORMAL
            if self._frames.take("", anyio.current_time()) or self._strikes >= MOST_STRIKES:
                self._services.metrics.refused.labels("flood").inc()
                return POLICY
            try:
                await self._take(protocol.parse(frame))
            except protocol.Malformed as error:
                self._strikes += 1
                await self._pipe.send(protocol.error(error.code, str(error), error.about))
            except StoreFailed:
                await self._later("unavailable", "", AWAY_S)

    async def _take(self, message: protocol.FromPage) -> None:
        match message:
            case protocol.Written():
                await self._say(message.id, message.text, message.page, message.invited)
            case protocol.CallMe():
                await self._call_me(message)
            case protocol.Transcript():
                await self._transcript(message)
            case protocol.Signal("ping"):
                await self._pipe.send(protocol.PONG)
            case protocol.Signal("typing"):
                self._writing.typing(self._id)
            case protocol.Signal("end"):
                await self._writing.close(self._id, "buyer")
            case protocol.Signal() | protocol.Hello():
                pass

    async def _say(
        self, about: str, text: str, page: Page | None = None, invited: str = ""
    ) -> None:
        """Store a buyer's message, then acknowledge it."""
        if len(self._waiting) >= MOST_WAITING:
            return await self._later("busy", about, 3.0)
        if wait_s := self._doors.message_wait(self._connection, self._id):
            return await self._later("too-fast", about, wait_s)
        try:
            self._invited = invited or self._invited
            if not self._begun:
                await self._writing.open(self._opened(page))
                self._begun = True
            line = await self._writing.say(self._id, about, text)
        except UnknownConversation:
            await self._pipe.send(protocol.error("ended", "This conversation has ended.", about))
        except StoreFailed:
            await self._later("unavailable", about, AWAY_S)
        else:
            self._services.metrics.messages.inc()
            await self._pipe.send(protocol.ack(about, line.said.turn))

    def _opened(self, page: Page | None) -> ConversationOpened:
        now = self._services.clock()
        return opened_by(self._session, now, page, self._invited)

    async def _call_me(self, wanted: protocol.CallMe) -> None:
        """Request a call in the buyer's own words, so that it is on the record as they put it."""
        region = home_region(self._writing.loaded.company.numbers)
        try:
            number = phonenumbers.parse(wanted.phone, region)
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_valid_number(number):
            told = "That is not a whole phone number. Please give it with its country code."
            return await self._pipe.send(protocol.error("bad-phone", told, wanted.id))
        shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        when = f" {wanted.when}" if wanted.when else ""
        await self._say(wanted.id, f"Please call me{when} on {shown}.")

    async def _transcript(self, wanted: protocol.Transcript) -> None:
        mail = self._services.mail
        lines = await self._writing.lines(self._id)
        if mail is None or not lines:
            told = "There is nothing to send yet." if mail else "No mail can be sent from here."
            return await self._pipe.send(protocol.error("no-transcript", told, wanted.id))
        if self._doors.mail_wait(self._connection):
            told = "That was sent already. Please try again in some minutes."
            return await self._pipe.send(protocol.error("too-fast", told, wanted.id))
        if await mail.send_transcript(wanted.email, lines):
            return await self._pipe.send(protocol.ack(wanted.id, 0))
        told = "That does not look like an email address."
        await self._pipe.send(protocol.error("bad-email", told, wanted.id))

    async def _later(self, code: str, about: str, wait_s: float) -> None:
        told = "It will be sent again in a moment."
        await self._pipe.send(protocol.error(code, told, about, wait_s))
