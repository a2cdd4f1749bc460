"""The media socket: one Twilio stream in and out, guarded, attached to one call."""

import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Protocol

import anyio
from starlette.websockets import WebSocket, WebSocketDisconnect

from core.clock import Clock
from voice_agent.audio.pcm import FRAME_S
from voice_agent.observe import CallMetrics
from voice_agent.sockets import close, received
from voice_agent.telephony import protocol, token
from voice_agent.telephony.ports import PeerGone
from voice_agent.telephony.protocol import Dtmf, Malformed, Marked, Media, Started, Stopped
from voice_agent.telephony.websocket import wake_for

log = logging.getLogger(__name__)
START_WITHIN_S = 10.0
"""A socket that has not started a stream by then is closed."""
SILENT_S = 30.0
"""Twilio sends a frame every 20 ms; after this much silence the peer is gone."""
STUCK_S = 10.0
"""A peer that accepts no message for this long is gone."""
LOOK_S = 2.5
GATHER, QUIET = 2, 4
"""Caller audio is processed this many of Twilio's frames at a time, and more while nobody speaks:
much of a frame's cost is not in its samples. On average this delays noticing the end of a voice by
10 ms, and its beginning by 30."""
MALFORMED_LIMIT = 500
POLICY_VIOLATION = 1008


class Call(Protocol):
    """The call that a stream drives."""

    @property
    def attentive(self) -> bool:
        """Whether the caller speaks, may be about to, or has just spoken."""

    def hear(self, media: Media) -> None:
        """Take caller audio."""

    def key(self, digit: str) -> None:
        """A key was pressed."""

    def marked(self, name: str) -> None:
        """A mark came back."""

    def finish(self, reason: str) -> None:
        """The stream has ended."""


class Stream:
    """An admitted stream: how and when it began, and the way to its peer.

    `began`: the instant of media timestamp 0, in the event loop's time.
    """

    def __init__(self, socket: WebSocket, started: Started, began: float) -> None:
        self.started, self.began = started, began
        self._socket = socket
        self._begun = self._taken = 0

    async def send(self, message: str) -> None:
        """Send one message, after those before it. Raises: PeerGone."""
        self._begun += 1
        try:
            await self._socket.send_text(message)
        except (WebSocketDisconnect, RuntimeError) as error:
            raise PeerGone("socket_lost") from error
        self._taken = self._begun

    async def close(self) -> None:
        """End the stream, so that its call moves on to what follows. Idempotent."""
        await close(self._socket)

    @property
    def sending(self) -> int | None:
        """The number of the message the peer is to accept now; None when there is none."""
        return self._begun if self._begun > self._taken else None


Drive = Callable[[Call], Coroutine[None, None, None]]
Serve = Callable[[Stream, Drive], Awaitable[None]]
"""Builds the call for a stream and runs `drive` in it until the call is over."""


class MediaSocket:
    """`WS /twilio/media`. Admits a stream by its token, once per call, then feeds its call."""

    def __init__(
        self,
        secret_key: bytes,
        clock: Clock,
        metrics: CallMetrics,
        claim: Callable[[str], bool],
        serve: Serve,
    ) -> None:
        self._secret_key = secret_key
        self._clock = clock
        self._metrics = metrics
        self._claim = claim
        self._serve = serve

    async def endpoint(self, socket: WebSocket) -> None:
        """Serve one socket from opening to end."""
        await socket.accept()
        malformed = _Tally(self._metrics)
        try:
            stream = await self._started(socket, malformed)
            if stream is None:
                return

            malformed.stream_sid = stream.started.stream_sid

            async def drive(call: Call) -> None:
                await _drive(_Feed(socket, call, malformed), call, stream)

            await self._serve(stream, drive)
        except WebSocketDisconnect:
            pass
        finally:
            await close(socket)

    async def _started(self, socket: WebSocket, malformed: "_Tally") -> Stream | None:
        """The admitted stream; None after the socket was refused."""
        with anyio.move_on_after(START_WITHIN_S):
            while True:
                event = malformed.parse(await received(socket))
                if isinstance(event, Started):
                    stream = Stream(socket, event, anyio.current_time())
                    return stream if await self._admitted(socket, event) else None
                if malformed.hopeless:
                    break
        self._metrics.refused.labels("no_start").inc()
        await close(socket, POLICY_VIOLATION)
        return None

    async def _admitted(self, socket: WebSocket, started: Started) -> bool:
        given = started.parameters
        caller, called = given.get("from", ""), given.get("to", "")
        now_s = int(self._clock().timestamp())
        why = None
        if not token.valid(
            self._secret_key, given.get("token", ""), started.call_sid, caller, called, now_s
        ):
            why = "bad_token"
        elif not self._claim(started.call_sid):
            why = "second_stream"
        if why is None:
            return True
        self._metrics.refused.labels(why).inc()
        log.warning("media stream refused: %s", why, extra={"call_sid": started.call_sid})
        await close(socket, POLICY_VIOLATION)
        return False


async def _drive(feed: "_Feed", call: Call, stream: Stream) -> None:
    """Feed the call until its stream stops, is lost, or turns into nonsense."""
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_watch, call, feed, stream)
        await feed.run()
        tasks.cancel_scope.cancel()


async def _watch(call: Call, feed: "_Feed", stream: Stream) -> None:
    """End the call when its peer falls silent or accepts nothing more. Looking now and then costs
    less than a timer per message."""
    seen, quiet_s = 0, 0.0
    sending, stuck_s = stream.sending, 0.0
    while quiet_s < SILENT_S and stuck_s < STUCK_S:
        await anyio.sleep(LOOK_S)
        quiet_s = quiet_s + LOOK_S if feed.messages == seen else 0.0
        waits = stream.sending is not None and stream.sending == sending
        stuck_s = stuck_s + LOOK_S if waits else 0.0
        seen, sending = feed.messages, stream.sending
    call.finish("stuck_peer" if stuck_s >= STUCK_S else "silent_peer")


class _Feed:
    """One stream's messages on their way to its call, with frames batched."""

    def __init__(self, socket: WebSocket, call: Call, malformed: "_Tally") -> None:
        self._socket = socket
        self._call = call
        self._malformed = malformed
        self._gathered: list[Media] = []
        self._ends = 0.0
        """When the latest frame ends."""
        self._wake_for = wake_for(socket.scope)
        self._at_once = 0
        self.messages = 0

    async def run(self) -> None:
        """Process messages until the stream is over."""
        try:
            while not self._malformed.hopeless:
                text = await received(self._socket)
                self.messages += 1
                event = self._malformed.parse(text)
                if isinstance(event, Media):
                    self._gather(event)
                    continue
                self._hear()
                match event:
                    case Marked(name):
                        self._call.marked(name)
                    case Dtmf(digit):
                        self._call.key(digit)
                    case Stopped():
                        self._call.finish("stopped")
                        return
            self._call.finish("malformed")
        except WebSocketDisconnect:
            self._hear()
            self._call.finish("socket_lost")

    def _gather(self, media: Media) -> None:
        """Take a frame; a full batch is passed on."""
        if self._gathered and abs(media.at - self._ends) > protocol.TIMESTAMP_S:
            self._hear()  # there is a gap between the two
        self._gathered.append(media)
        self._ends = media.at + media.length_s
        at_once = GATHER if self._call.attentive else QUIET
        if self._ends - self._gathered[0].at >= at_once * FRAME_S - protocol.TIMESTAMP_S:
            self._hear()
        if at_once != self._at_once:
            self._at_once = at_once
            self._wake_for(at_once)

    def _hear(self) -> None:
        """Pass the batched frames to the call, if there are any."""
        gathered, self._gathered = self._gathered, []
        if gathered:
            self._call.hear(protocol.joined(gathered))


class _Tally:
    """Malformed messages of one socket: counted and survived, up to a limit."""

    def __init__(self, metrics: CallMetrics) -> None:
        self._metrics = metrics
        self._count = 0
        self.stream_sid = ""

    @property
    def hopeless(self) -> bool:
        return self._count >= MALFORMED_LIMIT

    def parse(self, text: str | bytes) -> protocol.StreamEvent | None:
        try:
            event = protocol.parse(text, self.stream_sid)
        except Malformed as error:
            self._count += 1
            self._metrics.messages.labels("malformed").inc()
            if self._count == 1:
                log.warning("malformed media stream message: %s", error)
            return None
        if event is None:
            self._metrics.messages.labels("unknown").inc()
        return event
