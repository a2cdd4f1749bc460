"""A fleet's callers, and what each experienced: who answered, who streamed, who ended the call.

They run on an event loop in a thread of their own and do what Twilio does: a signed webhook, the
stream, the document that follows when the server ends it, and a status callback at the end.
"""

import asyncio
import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import uvloop

from tests.bench.load import FRAME_S, PHASES, LoadCaller, Tally, noise, utterances
from tests.bench.websocket import handshake
from voice_agent.emulator import twiml
from voice_agent.emulator.messages import Ids
from voice_agent.emulator.webhook import TIMEOUT_S, Numbers, Webhook, voice_fields

SERVED_BY = b"x-served-by: "


@dataclass
class Placed:
    """One call as its caller experienced it."""

    sid: str
    group: str
    webhook_by: str = ""
    streamed_by: str = ""
    after_by: str = ""
    status_by: str = ""
    began: float = 0.0
    over: float = 0.0
    ended_by: str = ""
    """"caller", "server", "turned away", or what went wrong."""
    followed: tuple[str, ...] = ()
    """The verbs that followed the stream."""
    promised: bool = False
    """Whether they were promised a call back instead."""
    tally: Tally = field(default_factory=Tally)

    @property
    def whole(self) -> bool:
        """Whether it ended as its caller meant."""
        return self.ended_by == "caller"


class FleetCaller(LoadCaller):
    """A caller who notes which server has the stream."""

    def __init__(self, *given: Any, placed: Placed, **named: Any) -> None:
        super().__init__(*given, **named)
        self.placed = placed
        self.lost = asyncio.Event()

    def data_received(self, data: bytes) -> None:
        if not self._open and SERVED_BY in data.lower():
            rest = data[data.lower().index(SERVED_BY) + len(SERVED_BY) :]
            self.placed.streamed_by = rest.split(b"\r", 1)[0].decode()
        try:
            super().data_received(data)
        except ConnectionError:
            self.placed.ended_by = "stream refused"
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.lost.set()


class Callers:
    """`with Callers(url, token) as callers:`; what they experienced is in `calls`."""

    def __init__(self, url: str, auth_token: str) -> None:
        self._url, self._auth_token = url, auth_token
        self.calls: list[Placed] = []
        self._talk, self._line = utterances(), noise()
        self._groups: list[list[FleetCaller]] = [[] for _ in range(PHASES)]
        self._leave: dict[str, asyncio.Event] = {}
        self._loop = uvloop.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self) -> "Callers":
        self._thread.start()
        once = httpx.Limits(max_keepalive_connections=0)  # else an idle one may be closed meanwhile
        self._http = httpx.AsyncClient(trust_env=False, timeout=TIMEOUT_S, limits=once)
        self._ticker = self._submit(self._ticking())
        return self

    def __exit__(self, *_: object) -> None:
        self._submit(self._cleared()).result(10)
        self._submit(self._http.aclose()).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _cleared(self) -> None:
        """End calls still in progress, as after a failure."""
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def place(self, group: str, count: int, over_s: float, stay_s: float | None = None) -> None:
        """Start this many calls within this time; each stays for `stay_s`, or until told to
        leave."""
        self._loop.call_soon_threadsafe(self._leave.setdefault, group, asyncio.Event())
        for n in range(count):
            self._submit(self._call(group, n * over_s / count, stay_s))

    def leave(self, group: str) -> None:
        """Hang up all calls of a group."""
        self._loop.call_soon_threadsafe(lambda: self._leave[group].set())

    def of(self, *groups: str) -> list[Placed]:
        """The calls of these groups."""
        return [call for call in self.calls if call.group in groups]

    def talking(self, group: str) -> list[Placed]:
        """Those with an open stream."""
        return [call for call in self.of(group) if call.streamed_by and not call.ended_by]

    def _submit(self, work: Any) -> Future[Any]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _ticking(self) -> None:
        step, n, began = FRAME_S / PHASES, 0, time.monotonic()
        while True:
            await asyncio.sleep(max(0.0, began + n * step - time.monotonic()))
            for caller in self._groups[n % PHASES]:
                caller.tick(time.monotonic())
            n += 1

    async def _call(self, group: str, wait_s: float, stay_s: float | None) -> None:
        await asyncio.sleep(wait_s)
        number = len(self.calls)
        placed = Placed("CA" + uuid4().hex, group)
        self.calls.append(placed)
        about = Numbers("AC" + "0" * 32, placed.sid, f"+1415555{number:04d}", "+18005550100")
        try:
            await self._held(placed, about, number, stay_s)
        except (httpx.HTTPError, OSError, ValueError) as error:
            placed.ended_by = f"{type(error).__name__}: {error}"[:200]
        placed.over = time.monotonic()

    async def _held(
        self, placed: Placed, about: Numbers, number: int, stay_s: float | None
    ) -> None:
        answer, placed.webhook_by = await self._told("/twilio/voice", about, "ringing")
        streams = [verb for verb in twiml.parse(answer) if isinstance(verb, twiml.ConnectStream)]
        if not streams:
            placed.ended_by = "turned away"
            return
        placed.began = time.monotonic()
        ids = Ids(about.account_sid, placed.sid, "MZ" + uuid4().hex)
        caller = FleetCaller(
            ids, dict(streams[0].parameters), self._talk, number, self._line, placed.tally,
            placed=placed,
        )  # fmt: skip
        there = urlsplit(self._url)
        await self._loop.create_connection(lambda: caller, there.hostname, there.port)
        caller.transport.write(handshake(there.netloc, "/twilio/media"))
        phase = self._groups[number % PHASES]
        phase.append(caller)
        left = asyncio.ensure_future(self._leave[placed.group].wait())
        await asyncio.wait(
            [left, asyncio.ensure_future(caller.lost.wait())],
            timeout=stay_s, return_when=asyncio.FIRST_COMPLETED,
        )  # fmt: skip
        left.cancel()
        if caller.lost.is_set():
            placed.ended_by = placed.ended_by or "server"
            body, placed.after_by = await self._told("/twilio/after", about, "in-progress")
            verbs = twiml.parse(body)
            placed.followed = tuple(type(verb).__name__ for verb in verbs)
            offers = [verb.action for verb in verbs if isinstance(verb, twiml.Gather)]
            if offers and offers[0]:  # they press 1 for a call back
                path = offers[0].removeprefix(self._url)
                body, _ = await self._told(path, about, "in-progress", Digits="1")
                placed.promised = "will call you" in body
        else:
            placed.ended_by = "caller"
            caller.hang_up()
        phase.remove(caller)
        _, placed.status_by = await self._told("/twilio/status", about, "completed")

    async def _told(self, path: str, about: Numbers, status: str, **more: str) -> tuple[str, str]:
        """One signed webhook; returns its response and who gave it."""
        fields = voice_fields(about, status) | more
        signed = Webhook(self._http, self._url, self._auth_token).signature(
            self._url + path, fields
        )
        answer = await self._http.post(self._url + path, data=fields, headers=signed)
        answer.raise_for_status()
        return answer.text, answer.headers.get("x-served-by", "")


def gaps(calls: Iterable[Placed]) -> tuple[int, float]:
    """Stutters heard by these callers, and the longest in ms."""
    tallies = [call.tally for call in calls]
    worst = max((tally.worst_gap_ms for tally in tallies), default=0.0)
    return sum(tally.gaps for tally in tallies), round(worst, 1)
