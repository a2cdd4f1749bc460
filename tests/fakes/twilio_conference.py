"""A conference as at Twilio: waiting participants hear the wait URL; some may start and end it."""

from collections.abc import Awaitable, Callable, Mapping

import anyio

from voice_agent.emulator import twiml
from voice_agent.emulator.twilio import EmulatedCall, sid

Tell = Callable[[EmulatedCall, str, Mapping[str, str]], Awaitable[None]]
MAX_WAITS = 1000


class Conference:
    """One room, by name; reused after its end, it is a new one."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.history: list[tuple[str, str]] = []
        """(event, call sid), in order."""
        self._begin()

    def _begin(self) -> None:
        self.sid = sid("CF")
        self.inside: list[str] = []
        self.started = anyio.Event()
        self.ended = anyio.Event()

    async def attend(
        self, call: EmulatedCall, verb: twiml.Dial, tell: Tell, stays_s: float | None
    ) -> None:
        """Attend until the conference ends, the participant leaves after `stays_s`, or the call is
        moved."""
        if self.ended.is_set():
            self._begin()
        me, ended = call.plan.call_sid, self.ended
        self.inside.append(me)
        self.history.append(("join", me))
        if verb.starts and not self.started.is_set():
            self.started.set()
            self.history.append(("start", me))
            await self._tell(call, verb, tell, "conference-start", "start")
        await self._tell(call, verb, tell, "participant-join", "join")
        try:
            if not self.started.is_set() and verb.wait_url:
                async with anyio.create_task_group() as waiting:
                    waiting.start_soon(self._hold, call, verb.wait_url)
                    waiting.start_soon(self._until_ended, ended, waiting.cancel_scope)
                    await self.started.wait()
                    waiting.cancel_scope.cancel()
            with anyio.move_on_after(stays_s):
                await ended.wait()
        finally:
            self.inside.remove(me)
            self.history.append(("leave", me))
            over = verb.ends or not self.inside
            if over and not ended.is_set():
                ended.set()
                self.history.append(("end", me))
            with anyio.CancelScope(shield=True):
                await self._tell(call, verb, tell, "participant-leave", "leave")
                if over:
                    await self._tell(call, verb, tell, "conference-end", "end")

    async def _until_ended(self, ended: anyio.Event, scope: anyio.CancelScope) -> None:
        await ended.wait()
        scope.cancel()

    async def _hold(self, call: EmulatedCall, url: str) -> None:
        """Play the wait URL's document to a waiting participant, over and over."""
        for _ in range(MAX_WAITS):
            following = url
            for verb in await call.prompts(url):
                if isinstance(verb, twiml.Redirect):
                    following = verb.url
                elif isinstance(verb, twiml.Say | twiml.Play | twiml.Pause):
                    await call.handset.hear(verb)
                else:
                    call.report.notes.append(f"12200: {type(verb).__name__} in a wait URL")
            url = following
            await anyio.sleep(0.02)

    async def _tell(
        self, call: EmulatedCall, verb: twiml.Dial, tell: Tell, event: str, name: str
    ) -> None:
        if verb.status_callback is None or name not in verb.events:
            return
        told = {"ConferenceSid": self.sid, "FriendlyName": self.name, "StatusCallbackEvent": event}
        await tell(call, verb.status_callback, told)
