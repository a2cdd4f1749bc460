"""Waits for a visitor to finish before their messages are answered."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import anyio

from core.clock import Clock
from core.events import Logged, UtteranceRecorded
from core.store.written import Standing, Unanswered
from core.text.burst import Message, due, together


class Gathering:
    """Collects messages written in quick succession into one turn (`core/text/burst.py`)."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._news: dict[str, anyio.Event] = {}
        """Wakes conversations that are waiting for more messages."""
        self._wrote: dict[str, datetime] = {}
        """When each of their visitors was last seen typing."""

    def tell(self, conversation_id: str, *, writes: bool = False) -> None:
        """A message arrived, or the visitor is typing one (`writes`)."""
        if not writes:
            self._news.setdefault(conversation_id, anyio.Event()).set()
        elif conversation_id in self._news:
            self._wrote[conversation_id] = self._clock()
            self._news[conversation_id].set()

    async def turn(
        self, conversation_id: str, unanswered: Callable[[], Awaitable[Unanswered]]
    ) -> tuple[Standing, tuple[Message, ...]]:
        """Where the conversation stands, and the messages to answer next, as one turn, once it is
        due; none when all are answered. Each mail is a turn of its own, at once."""
        try:
            while True:
                news = self._news[conversation_id] = anyio.Event()
                found = await unanswered()
                every, stands = [*map(message_of, found.messages)], found.standing
                if not every or stands.state.opened.channel != "chat":
                    return stands, tuple(every[:1])
                one = tuple(together(every))
                wait = due(one, self._wrote.get(conversation_id)) - self._clock()
                if len(one) < len(every) or wait.total_seconds() <= 0:
                    return stands, one
                with anyio.move_on_after(wait.total_seconds()):
                    await news.wait()
                if not news.is_set():
                    return stands, one
        finally:
            self._news.pop(conversation_id, None)
            self._wrote.pop(conversation_id, None)


def message_of(line: Logged) -> Message:
    """A buyer's line as a message."""
    said = line.fact
    assert isinstance(said, UtteranceRecorded), "only lines are read"
    return Message(said.turn, said.text, line.at, said.start_ms)
