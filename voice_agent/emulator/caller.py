"""The caller as a state machine: gives 20 ms of voice at a time, told what they hear. Pure.

A caller whose cue does not come loses patience and goes on, so every script ends.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from voice_agent.audio.pcm import FRAME_S, RATE_HZ, Pcm
from voice_agent.emulator.script import Script, Step, When

FRAME = int(FRAME_S * RATE_HZ)

LINGER_S = 8.0
"""Silence after which a caller with nothing more to say hangs up."""

KEY_GAP_S = 0.25
"""Time between two keys."""

_LAST = Step(When("agent silent", LINGER_S), "hang up", hangup=True, patience_s=2 * LINGER_S)


class Ear(Protocol):
    """What the caller hears of the agent."""

    def speaking_since(self, at: float) -> float | None:
        """Start of what the agent is saying; None while it is silent."""

    def silent_since(self, at: float) -> float | None:
        """End of what the agent said last; None while it is audible."""


@dataclass(slots=True)
class Done:
    """A completed step: `start` is its first sample, `in_vain` means its cue never came."""

    step: Step
    start: float
    end: float
    in_vain: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """What the telephone sends: 20 ms of voice, perhaps a key, perhaps the end of the call."""

    pcm: Pcm
    digit: str = ""
    hangup: bool = False


class Caller:
    """Follows one script. Call `frame` for every 20 ms, in order."""

    def __init__(self, script: Script) -> None:
        self.done: list[Done] = []
        self._steps = [*script.steps]
        if not self._steps or not self._steps[-1].hangup:
            self._steps.append(_LAST)
        self._background = script.background
        self._played = 0  # background samples so far
        self._next = 0
        self._free_at = 0.0  # end of the previous step
        self._saying: Pcm = np.zeros(0, np.int16)
        self._keys = ""
        self._next_key_at = 0.0

    def say(self, step: Step) -> None:
        """Add a step, after all others and before the hang-up."""
        self._steps.insert(len(self._steps) - 1, step)

    def restart(self, script: Script | None = None) -> int:
        """Start a new stream, with a new clock; returns how many steps were done before.

        `script`: the caller's script from here on; without one, the rest of the old one.
        """
        if script is not None:
            self._steps = [*self._steps[: self._next], *script.steps]
            if not script.steps or not script.steps[-1].hangup:
                self._steps.append(_LAST)
        self._free_at = self._next_key_at = 0.0
        self._saying, self._keys = np.zeros(0, np.int16), ""
        return len(self.done)

    def frame(self, at: float, ear: Ear) -> Frame:
        """The caller's 20 ms that begin at this instant."""
        while not len(self._saying) and not self._keys and self._next < len(self._steps):
            step = self._steps[self._next]
            due, in_vain = self._due(step, at, ear)
            if not due:
                break
            self._next += 1
            self._begin(step, at, in_vain)
            if step.hangup:
                return Frame(self._voice(), hangup=True)
        return Frame(self._voice(), digit=self._key(at))

    def _begin(self, step: Step, at: float, in_vain: bool) -> None:
        length = 0.0
        if step.pcm is not None:
            self._saying, length = step.pcm, len(step.pcm) / RATE_HZ
        elif step.dtmf:
            self._keys, self._next_key_at = step.dtmf, at
            length = KEY_GAP_S * len(step.dtmf)
        self._free_at = at + length + step.pause_s
        self.done.append(Done(step, at, at + length, in_vain))

    def _due(self, step: Step, at: float, ear: Ear) -> tuple[bool, bool]:
        """Whether the step starts now, and whether without its cue."""
        cue, seconds = step.when.cue, step.when.seconds
        if cue == "at":
            return at >= seconds, False
        if at < self._free_at:
            return False, False
        if cue == "after":
            return at >= self._free_at + seconds, False
        silent_since, since = ear.silent_since(at), ear.speaking_since(at)
        spoke = silent_since is not None and silent_since > self._free_at
        if cue == "agent speaking":
            if since is not None and at - max(since, self._free_at) >= seconds:
                return True, False
            missed = spoke and silent_since is not None and at - silent_since >= 1.0
        else:
            if spoke and silent_since is not None and at - silent_since >= seconds:
                return True, False
            missed = False
        quiet = silent_since is not None and at - max(silent_since, self._free_at)
        return (True, True) if missed or quiet >= step.patience_s else (False, False)

    def _voice(self) -> Pcm:
        spoken, self._saying = self._saying[:FRAME], self._saying[FRAME:]
        voice: Pcm = np.zeros(FRAME, np.int16)
        voice[: len(spoken)] = spoken
        if self._background is None:
            return voice
        places = np.arange(self._played, self._played + FRAME) % len(self._background)
        self._played += FRAME
        wide = voice.astype(np.int32) + self._background[places]
        voice[:] = np.clip(wide, -32768, 32767)
        return voice

    def _key(self, at: float) -> str:
        if not self._keys or at < self._next_key_at:
            return ""
        key, self._keys = self._keys[0], self._keys[1:]
        self._next_key_at = at + KEY_GAP_S
        return key
