"""A worker process as seen by the server: started, messaged without blocking, watched for death."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from voice_agent.speech.sphinx import wire
from voice_agent.speech.sphinx.caller_language import CallerLanguage

MAX_BACKLOG_BYTES = 4_000_000
"""About four minutes of audio a worker has not read: it hangs, and is killed."""

OnFrame = Callable[["WorkerProcess", int, int, bytes], None]
OnDeath = Callable[["WorkerProcess"], None]


class WorkerProcess:
    """One process with its decoders. Callbacks run on the event loop that called `start`."""

    def __init__(self, language: CallerLanguage, decoders: int) -> None:
        self.decoders = decoders
        self.ready = False
        self.held: set[int] = set()
        """Utterances that hold one of its decoders."""
        self.missed = 0
        """Deadlines missed since its last sign of life."""
        self._command = [sys.executable, "-m", "voice_agent.speech.sphinx.worker"]
        self._arguments = [*map(str, (language.hmm, language.lm, language.dictionary, decoders))]
        self._frames = wire.Frames()
        self._backlog = bytearray()

    def start(self, on_frame: OnFrame, on_death: OnDeath) -> None:
        """Spawn it. `READY` follows as a frame once its decoders are loaded."""
        self._on_frame, self._on_death = on_frame, on_death
        self._loop = asyncio.get_running_loop()
        self._link, far = socket.socketpair()
        with far:
            self._process = subprocess.Popen(
                [*self._command, str(far.fileno()), *self._arguments],
                pass_fds=[far.fileno()],
                stdin=subprocess.DEVNULL,
                cwd=Path(__file__).parents[3],
            )
        self._link.setblocking(False)
        self._loop.add_reader(self._link, self._readable)

    @property
    def pid(self) -> int:
        """Process id, for logs and tests."""
        return self._process.pid

    @property
    def free(self) -> int:
        """Unused decoders; 0 unless ready."""
        return self.decoders - len(self.held) if self.ready else 0

    def send(self, kind: int, utterance: int, payload: bytes = b"") -> None:
        """Send a frame without blocking; what the socket refuses is buffered in memory."""
        if self._link.fileno() < 0:
            return
        if not self._backlog:
            self._loop.add_writer(self._link, self._writable)
        self._backlog += wire.frame(kind, utterance, payload)
        self._writable()
        if len(self._backlog) > MAX_BACKLOG_BYTES:
            self.kill()

    def kill(self) -> None:
        """Kill it; its death is reported like any other."""
        self.ready = False
        self._process.kill()

    def hang_up(self) -> None:
        """Close our end: the worker exits at end of file. No death is reported."""
        if self._link.fileno() >= 0:
            self._loop.remove_reader(self._link)
            self._loop.remove_writer(self._link)
            self._link.close()
        self.ready = False

    def reap(self, patience_s: float) -> None:
        """Wait for it to exit, and kill it after `patience_s`. Blocks."""
        try:
            self._process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _readable(self) -> None:
        try:
            data = self._link.recv(1 << 18)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.hang_up()
            self._process.kill()
            self.reap(1.0)
            self._on_death(self)
            return
        self.missed = 0
        for kind, utterance, payload in self._frames.feed(data):
            self.ready = self.ready or kind == wire.READY
            self._on_frame(self, kind, utterance, payload)

    def _writable(self) -> None:
        try:
            sent = self._link.send(self._backlog)
        except BlockingIOError:
            return
        except OSError:
            sent = len(self._backlog)
        del self._backlog[:sent]
        if not self._backlog:
            self._loop.remove_writer(self._link)
