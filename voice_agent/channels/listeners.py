"""`Listeners`: who follows which conversation on this server, and the events they get."""

from collections.abc import Iterator
from contextlib import contextmanager

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from voice_agent.channels.events import Told

BEHIND = 256
"""Most events a listener may lag behind; then it is dropped and must read what it missed."""


class Listeners:
    """The listeners of all conversations."""

    def __init__(self) -> None:
        self._streams: dict[str, set[MemoryObjectSendStream[Told]]] = {}

    @property
    def ids(self) -> tuple[str, ...]:
        """The conversations with listeners here."""
        return tuple(self._streams)

    @contextmanager
    def listening(self, conversation_id: str) -> Iterator[MemoryObjectReceiveStream[Told]]:
        """A conversation's events from now on; ends when the listener lags too far."""
        send, receive = anyio.create_memory_object_stream[Told](BEHIND)
        listeners = self._streams.setdefault(conversation_id, set())
        listeners.add(send)
        try:
            yield receive
        finally:
            listeners.discard(send)
            if not listeners:
                self._streams.pop(conversation_id, None)
            send.close()
            receive.close()

    def tell(self, conversation_id: str, event: Told) -> None:
        """Send a conversation's listeners an event; a listener that lags is dropped."""
        for listener in list(self._streams.get(conversation_id, ())):
            try:
                listener.send_nowait(event)
            except (anyio.WouldBlock, anyio.BrokenResourceError):
                listener.close()
                self._streams[conversation_id].discard(listener)
