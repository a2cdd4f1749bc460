"""One media stream from Twilio's side: sends paced caller audio, plays and hears the agent's.

Three tasks share one timeline (seconds since `start`): the telephone sends every 20 ms on an
absolute schedule, the socket is read as messages arrive, and marks go back as playback reaches
them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import anyio

from voice_agent.audio import g711
from voice_agent.audio.pcm import FRAME_S
from voice_agent.emulator.caller import Caller
from voice_agent.emulator.line import Line, LineFaults
from voice_agent.emulator.messages import (
    Clear,
    Ids,
    PlayMedia,
    SetMark,
    Violation,
    Writer,
    read,
)
from voice_agent.emulator.playout import Echo, Playout
from voice_agent.emulator.socket import Clock, MediaSocket, SocketClosed

EndedBy = Literal["server", "caller", "update", "limit", "refused"]
"""What ended the stream: the server's close, the caller's hang-up, a REST update, a time limit."""

LATE_S = 0.010
"""A frame sent this much after its instant counts as late: our own load, not the server's."""


EPSILON_S = 0.0001
"""A mark counts as reached when the clock is this close: sums of floats are inexact."""


@dataclass(slots=True)
class StreamLog:
    """Everything that happened on the wire; instants are seconds since `start`."""

    ended_by: EndedBy = "refused"
    duration_s: float = 0.0
    close_code: int | None = None
    frames_sent: int = 0
    frames_lost: int = 0
    frames_late: int = 0
    worst_late_ms: float = 0.0
    drift_ms: float = 0.0
    media_received: int = 0
    bytes_received: int = 0
    marks: list[dict[str, Any]] = field(default_factory=list)
    clears: list[float] = field(default_factory=list)
    violations: list[dict[str, Any]] = field(default_factory=list)
    caller_audio: bytearray = field(default_factory=bytearray)


Told = Callable[[float, str, str], None]
"""Progress for a person watching: instant, kind, text."""


class MediaStream:
    """Runs one stream to its end."""

    def __init__(
        self,
        socket: MediaSocket,
        ids: Ids,
        caller: Caller,
        clock: Clock,
        *,
        faults: LineFaults,
        max_s: float,
        keep_audio: bool = True,
        told: Told = lambda at, kind, words: None,
    ) -> None:
        self.log = StreamLog()
        self.playout = Playout(keep_audio=keep_audio)
        self._socket = socket
        self._ids = ids
        self._caller = caller
        self._clock = clock
        self._faults, self._line = faults, Line(faults)
        self._max_s = max_s
        self._keep_audio = keep_audio
        self._told = told
        self._writer = Writer(ids)
        self._began = 0.0
        self._pending = anyio.Event()
        self._tasks: anyio.abc.TaskGroup | None = None
        self._marks: dict[str, list[dict[str, Any]]] = {}

    async def run(self, parameters: Mapping[str, str]) -> EndedBy:
        """Speak the protocol until somebody ends it; returns who did."""
        try:
            await self._socket.send(self._writer.connected())
            await self._socket.send(self._writer.start(parameters))
            self._began = self._clock.now()
            async with anyio.create_task_group() as self._tasks:
                self._tasks.start_soon(self._speak)
                self._tasks.start_soon(self._listen)
                self._tasks.start_soon(self._echo)
            if self.log.ended_by != "server":
                await self._socket.send(self._writer.stop())
        except SocketClosed as closed:
            self._end("server", closed.status)
        await self._socket.close()
        self.log.frames_lost = self._line.lost
        return self.log.ended_by

    def end(self, by: EndedBy) -> None:
        """Stop the stream, like a hang-up or a REST update."""
        self._end(by)

    def _end(self, by: EndedBy, close_code: int | None = None) -> None:
        if self.log.ended_by == "refused":
            self.log.ended_by, self.log.close_code = by, close_code
            self.log.duration_s = self.at
            self.playout.clear(self.log.duration_s)  # a stream's end discards its buffer
        if self._tasks is not None:
            self._tasks.cancel_scope.cancel()

    @property
    def at(self) -> float:
        """Seconds since `start`."""
        return self._clock.now() - self._began

    async def _speak(self) -> None:
        count, said = 0, len(self._caller.done)
        while True:
            count += 1
            captured = count * FRAME_S
            await self._clock.sleep_until(self._began + captured)
            self._measure(self.at - captured)
            frame = self._caller.frame(captured - FRAME_S, self.playout)
            said = self._tell(said)
            if self._keep_audio:
                self.log.caller_audio += g711.encode(frame.pcm)
            if frame.hangup:
                return self._end("caller")
            try:
                self._line.push(frame.pcm, captured)
                for packet in self._line.due(captured):
                    payload = g711.encode(packet.pcm)
                    await self._socket.send(self._writer.media(payload, packet.timestamp_ms))
                    self.log.frames_sent += 1
                if frame.digit:
                    await self._socket.send(self._writer.dtmf(frame.digit))
            except SocketClosed as closed:
                return self._end("server", closed.status)
            if captured >= self._max_s:
                return self._end("limit")

    def _measure(self, late_s: float) -> None:
        self.log.drift_ms = late_s * 1000
        self.log.worst_late_ms = max(self.log.worst_late_ms, late_s * 1000)
        self.log.frames_late += late_s > LATE_S

    def _tell(self, said: int) -> int:
        for done in self._caller.done[said:]:
            self._told(done.start, "caller", done.step.text or done.step.name)
        return len(self._caller.done)

    async def _listen(self) -> None:
        while True:
            try:
                text = await self._socket.receive()
            except SocketClosed as closed:
                return self._end("server", closed.status)
            at = self.at
            match read(text, self._ids.stream_sid):
                case PlayMedia(payload):
                    self.log.media_received += 1
                    self.log.bytes_received += len(payload)
                    self.playout.media(payload, at)
                case SetMark(name):
                    mark = {"name": name, "set_s": at, "echoed_s": None, "cleared": False}
                    self.log.marks.append(mark)
                    self._marks.setdefault(name, []).append(mark)
                    self.playout.mark(name, at)
                    self._pending.set()
                case Clear():
                    self.log.clears.append(at)
                    self._told(at, "clear", "the agent stops")
                    for echo in self.playout.clear(at):
                        await self._return(echo)
                case Violation(why):
                    self.log.violations.append({"at_s": at, "why": why})

    async def _echo(self) -> None:
        while True:
            for echo in self.playout.reached(self.at + EPSILON_S):
                await self._return(echo)
            self._pending = anyio.Event()
            with anyio.CancelScope() as waiting:
                if (due := self.playout.deadline()) is not None:
                    await self._sleep_or_wake(waiting, self._began + due)
                else:
                    await self._pending.wait()

    async def _sleep_or_wake(self, scope: anyio.CancelScope, until: float) -> None:
        """Wait for an instant, or for a new mark, which after a clear may be due earlier."""

        async def wake() -> None:
            await self._pending.wait()
            scope.cancel()

        async with anyio.create_task_group() as waiting:
            waiting.start_soon(wake)
            await self._clock.sleep_until(until)
            waiting.cancel_scope.cancel()

    async def _return(self, echo: Echo) -> None:
        if self._faults.lost_marks:
            return
        mark = self._marks[echo.name].pop(0)
        mark["echoed_s"], mark["cleared"] = self.at, echo.cleared
        try:
            await self._socket.send(self._writer.mark(echo.name))
        except SocketClosed as closed:
            self._end("server", closed.status)
