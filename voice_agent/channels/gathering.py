"""Waits for a visitor to finish before their messages are answered."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import anyio

from core.clock import Clock
from core.text.burst import Message, due, together
from voice_agent.channels.events import Line


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
        self,
        conversation_id: str,
        unanswered: Callable[[], Awaitable[Sequence[Line]]],
        *,
        waits: bool,
    ) -> tuple[Message, ...]:
        """The messages to answer next, as one turn, once it is due; none when another server has
        answered them. Unless `waits`, each message is a turn of its own, at once."""
        try:
            while True:
                news = self._news[conversation_id] = anyio.Event()
                every = [message_of(line) for line in await unanswered()]
                if not (every and waits):
                    return tuple(every[:1])
                one = tuple(together(every))
                wait = due(one, self._wrote.get(conversation_id)) - self._clock()
                if len(one) < len(every) or wait.total_seconds() <= 0:
                    return one
                with anyio.move_on_after(wait.total_seconds()):
                    await news.wait()
                if not news.is_set():
                    return one
        finally:
            self._news.pop(conversation_id, None)
            self._wrote.pop(conversation_id, None)


def message_of(line: Line) -> Message:
    """A buyer's line as a message."""
    return Message(line.said.turn, line.said.text, line.at, line.said.start_ms)
