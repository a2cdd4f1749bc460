"""A person on the telephone: listens to TwiML verbs, presses keys, speaks."""

from collections.abc import Callable
from dataclasses import dataclass, field

from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.emulator import twiml
from voice_agent.emulator.socket import Clock

READ_CPS = 15.0
"""Characters per second at which a text is read out."""
PRESS_AFTER_S = 0.4


@dataclass(slots=True)
class Handset:
    """One person. `keys`: what they press at each Gather, in turn; "" presses nothing.

    `speed`: how many times faster than real time everything goes.
    """

    clock: Clock
    keys: list[str] = field(default_factory=list)
    message: Pcm | None = None
    """Said after the beep of a Record; with None they hang up there."""
    speed: float = 1.0
    tell: Callable[[str], None] = lambda words: None

    async def wait(self, seconds: float) -> None:
        """Wait, scaled by `speed`."""
        await self.clock.sleep_until(self.clock.now() + seconds / self.speed)

    async def hear(self, verb: twiml.Heard) -> None:
        """Listen to a verb that expects no action."""
        match verb:
            case twiml.Pause(length_s):
                await self.wait(length_s)
            case twiml.Say(words):
                self.tell(f"Say: {words}")
                await self.wait(len(words) / READ_CPS)
            case twiml.Play(url):
                self.tell(f"Play: {url}")
                await self.wait(1.0)

    async def gather(self, verb: twiml.Gather) -> str | None:
        """The keys pressed; None when none were, and the call continues after the Gather."""
        for heard in verb.prompt:
            await self.hear(heard)
        keys = self.keys.pop(0) if self.keys else ""
        if keys:
            await self.wait(PRESS_AFTER_S * len(keys))
            return keys[: verb.most] if verb.most else keys
        await self.wait(verb.timeout_s)
        return "" if verb.even_if_empty else None

    async def record(self, verb: twiml.Record) -> float:
        """Seconds of the message left; 0 when none was."""
        if self.message is None or not len(self.message):
            await self.wait(verb.timeout_s)
            return 0.0
        length_s = min(len(self.message) / RATE_HZ, verb.most_s)
        await self.wait(length_s)
        return length_s
