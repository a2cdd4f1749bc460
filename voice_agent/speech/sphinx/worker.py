"""A decoding process: `python -m voice_agent.speech.sphinx.worker FD HMM LM DICT DECODERS`.

Single-threaded. Audio of all its utterances is decoded round-robin in slices, so one long backlog
does not hold up the others. To settle an utterance without ending it, the process forks: the child
ends its own copy and reports, while the parent goes on as if nothing had been asked. A child that
gets lost in its lattice (an office full of talk: 15 s for 20 s of it) is ended by its own CPU
limit, and the best path so far stands, without confidence. End of file on the socket (the server is
gone, for whatever reason) ends the process. It is ready with its first decoder; the others are
loaded when it is idle, or when they are needed.
"""

import os
import selectors
import signal
import socket
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from voice_agent.speech.ports import NOTHING, Hypothesis
from voice_agent.speech.sphinx import wire
from voice_agent.speech.sphinx.decoder import SphinxDecoder, unweighed

SLICE_BYTES = 1600
"""100 ms of 8 kHz audio, decoded for one utterance before the next has its turn."""

WEIGHING_LIMIT_S = 0.5
"""CPU time for searching the lattice; plain speech takes a tenth of it."""


@dataclass(slots=True)
class Hearing:
    """An utterance on its decoder: what has arrived and is still to be done, in order."""

    decoder: SphinxDecoder
    todo: deque[bytes | int] = field(default_factory=deque)
    """Audio, or the ticket of a settle that waits for the audio before it."""
    best: Hypothesis = NOTHING
    """The best path so far, whose words the server knows."""


class Worker:
    """Decoders, the utterances on them, and the loop that serves both."""

    def __init__(
        self,
        link: socket.socket,
        load: Callable[[], SphinxDecoder],
        decoders: int,
        weighing_s: float = WEIGHING_LIMIT_S,
    ) -> None:
        self._link = link
        self._load = load
        self._weighing_s = weighing_s
        self._free = [load()]
        self._unloaded = decoders - 1
        self._hearings: dict[int, Hearing] = {}
        self._frames = wire.Frames()
        self._selector = selectors.DefaultSelector()
        self._selector.register(link, selectors.EVENT_READ)

    def serve(self) -> None:
        """Run until the server closes its end."""
        self._send(wire.READY)
        while self._receive(wait=not self._unloaded and not self._busy):
            if self._unloaded and not self._busy:
                self._free.append(self._another())
            for number, hearing in list(self._hearings.items()):
                self._advance(number, hearing)

    @property
    def _busy(self) -> bool:
        return any(hearing.todo for hearing in self._hearings.values())

    def _another(self) -> SphinxDecoder:
        """Load one more decoder; takes 20 ms."""
        self._unloaded -= 1
        return self._load()

    def _receive(self, wait: bool) -> bool:
        """Read what has arrived; False at end of file."""
        for key, _ in self._selector.select(None if wait else 0):
            if key.fileobj is not self._link:
                self._settled(key.fd, *key.data)
                continue
            try:
                data = self._link.recv(1 << 18)
            except ConnectionResetError:
                return False
            if not data:
                return False
            for kind, number, payload in self._frames.feed(data):
                self._handle(kind, number, payload)
        return True

    def _handle(self, kind: int, number: int, payload: bytes) -> None:
        if kind == wire.OPEN:
            decoder = self._free.pop() if self._free else self._another()
            decoder.begin(payload.decode())
            self._hearings[number] = Hearing(decoder)
        elif (hearing := self._hearings.get(number)) is None:
            return
        elif kind == wire.PCM:
            hearing.todo.append(payload)
        elif kind == wire.SETTLE:
            hearing.todo.append(wire.split_ticket(payload)[0])
        elif kind == wire.DROP:
            del self._hearings[number]
            self._send(wire.DROPPED, number, hearing.decoder.abandon().encode())
            self._free.append(hearing.decoder)

    def _advance(self, number: int, hearing: Hearing) -> None:
        """Decode one slice, or answer the settle that is due."""
        if not hearing.todo:
            return
        item = hearing.todo.popleft()
        if isinstance(item, int):
            self._settle(number, item, hearing)
            return
        if len(item) > SLICE_BYTES:
            hearing.todo.appendleft(item[SLICE_BYTES:])
        hearing.decoder.feed(np.frombuffer(item[:SLICE_BYTES], np.int16))
        partial = hearing.decoder.partial()
        if partial.text != hearing.best.text:
            self._send(wire.PARTIAL, number, wire.pack_hypothesis(partial))
        hearing.best = partial

    def _settle(self, number: int, ticket: int, hearing: Hearing) -> None:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                signal.setitimer(signal.ITIMER_PROF, self._weighing_s)
                os.write(writing, wire.pack_hypothesis(hearing.decoder.finish()))
            finally:
                os._exit(0)
        os.close(writing)
        asked = number, ticket, child, hearing.best
        self._selector.register(reading, selectors.EVENT_READ, asked)

    def _settled(
        self, reading: int, number: int, ticket: int, child: int, best: Hypothesis
    ) -> None:
        """The child has written its hypothesis (one write, below the pipe's 64 KiB) or died."""
        payload = os.read(reading, 1 << 16)
        self._selector.unregister(reading)
        os.close(reading)
        _, status = os.waitpid(child, 0)
        if not payload and os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGPROF:
            payload = wire.pack_hypothesis(unweighed(best))
        kind = wire.SETTLED if payload else wire.FAILED
        self._send(kind, number, wire.with_ticket(ticket, payload))

    def _send(self, kind: int, number: int = 0, payload: bytes = b"") -> None:
        try:
            self._link.sendall(wire.frame(kind, number, payload))
        except OSError:
            os._exit(0)


def main(fd: str, hmm: str, lm: str, dictionary: str, decoders: str) -> None:
    """Load a decoder and serve."""
    files = Path(hmm), Path(lm), Path(dictionary)
    with socket.socket(fileno=int(fd)) as link:
        Worker(link, lambda: SphinxDecoder(*files), int(decoders)).serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
