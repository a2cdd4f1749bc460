"""What a call gets from its stream: frames in batches, everything in order."""

from datetime import UTC, datetime

import pytest
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from tests.fakes.telephone import dial_asgi
from voice_agent.emulator.messages import Ids, Writer
from voice_agent.observe import CallMetrics
from voice_agent.telephony import token
from voice_agent.telephony.socket import MediaSocket

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
IDS = Ids("AC" + "0" * 32, "CA" + "0" * 32, "MZ" + "0" * 32)
FRAME = 160
"""Bytes of 20 ms."""


class Ear:
    """A call that notes what it is given: audio as (milliseconds, bytes)."""

    def __init__(self, attentive: bool) -> None:
        self.attentive = attentive
        self.got: list[object] = []

    def hear(self, media) -> None:
        self.got.append((round(media.at * 1000), len(media.payload)))

    def key(self, digit: str) -> None:
        self.got.append(digit)

    def marked(self, name: str) -> None:
        self.got.append(name)

    def finish(self, reason: str) -> None:
        self.got.append(reason)


async def heard(*messages: str, stopped: bool = True, attentive: bool = True) -> list[object]:
    """What a call is given of these messages and the end of its stream."""
    ear = Ear(attentive)

    async def serve(_stream, drive) -> None:
        await drive(ear)

    writer = Writer(IDS)
    metrics = CallMetrics(CollectorRegistry())
    served = MediaSocket(b"key", lambda: NOW, metrics, lambda _call_sid: True, serve)
    app = Starlette(routes=[WebSocketRoute("/twilio/media", served.endpoint)])
    given = token.issue(b"key", IDS.call_sid, "", "", int(NOW.timestamp()))
    async with dial_asgi(app)("ws://localhost/twilio/media", {}) as socket:
        await socket.send(writer.start({"token": given}))
        for message in messages:
            await socket.send(message)
        if stopped:
            await socket.send(writer.stop())
    return ear.got


def frame(at_ms: int, ms: int = 20) -> str:
    return Writer(IDS).media(bytes(8 * ms), at_ms)


async def test_frames_are_heard_two_at_a_time_and_the_last_one_alone():
    got = await heard(*(frame(at) for at in (0, 20, 40, 60, 80)))
    assert got == [(0, 2 * FRAME), (40, 2 * FRAME), (80, FRAME), "stopped"]


async def test_four_are_heard_at_a_time_while_nobody_speaks():
    got = await heard(*(frame(at) for at in range(0, 120, 20)), attentive=False)
    assert got == [(0, 4 * FRAME), (80, 2 * FRAME), "stopped"]


async def test_a_frame_before_a_gap_is_heard_as_it_is():
    got = await heard(frame(0), frame(200), frame(220))
    assert got == [(0, FRAME), (200, 2 * FRAME), "stopped"]


async def test_a_piece_that_is_long_enough_waits_for_nothing():
    assert await heard(frame(0, ms=60), frame(60)) == [(0, 480), (60, FRAME), "stopped"]


@pytest.mark.parametrize(
    ("told", "given"),
    [(Writer(IDS).mark("1.0.1"), "1.0.1"), (Writer(IDS).dtmf("5"), "5")],
    ids=["a mark", "a key"],
)
async def test_what_was_gathered_is_heard_before_whatever_comes_after_it(told, given):
    assert await heard(frame(0), told) == [(0, FRAME), given, "stopped"]


async def test_what_was_gathered_is_heard_when_the_line_is_lost():
    assert await heard(frame(0), stopped=False) == [(0, FRAME), "socket_lost"]
