"""A caller's script: what they say, and when, cued by what they hear.

In `audio_fixtures/manifest.json` a step is an object with `when` and one of `say` (a file), `dtmf`,
`pause` or `hangup`. `when` is one of: `at 3.2s`, `after 0.4s` (since the previous step), `greeting
ended`, `agent silent 0.6s`, `agent speaking 1.0s`.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from voice_agent.audio.pcm import RATE_HZ, Pcm, level_dbfs
from voice_agent.audio.wav import read_mono
from voice_agent.errors import VoiceAgentError

FIXTURES = Path(__file__).resolve().parents[2] / "audio_fixtures"

Cue = Literal["at", "after", "greeting ended", "agent silent", "agent speaking"]

Expects = Literal["reply", "interruption", "resume", "nothing"]
"""What should follow: an answer; the agent stopping; the agent going on; no reaction."""

TURN_TAKING_S = 0.6
"""Default silence of the agent before a caller takes the floor."""

PATIENCE_S = 15.0
"""How long a caller waits for a cue before going on without it."""

SPEECH_FLOOR_DBFS = -45.0
"""10 ms blocks at or above this level are speech in a clean file of normal loudness."""

_WHEN = re.compile(r"(at|after|agent silent|agent speaking) (\d+(?:\.\d+)?)s")


class ScriptInvalid(VoiceAgentError):
    """The script cannot be followed; the message names script and step."""

    code = "script-invalid"


@dataclass(frozen=True, slots=True)
class When:
    """The cue of a step; the meaning of `seconds` depends on the cue."""

    cue: Cue
    seconds: float


@dataclass(frozen=True, slots=True)
class Step:
    """One thing the caller does. Exactly one of `pcm`, `dtmf`, `pause_s`, `hangup` is set."""

    when: When
    name: str
    pcm: Pcm | None = None
    text: str = ""
    speech_s: tuple[tuple[float, float], ...] = ()
    """Spans of speech in `pcm`."""
    expects: Expects = "reply"
    dtmf: str = ""
    pause_s: float = 0.0
    hangup: bool = False
    patience_s: float = PATIENCE_S


@dataclass(frozen=True, slots=True)
class Script:
    """A whole caller. `background` loops under everything they say."""

    name: str
    steps: tuple[Step, ...]
    about: str = ""
    caller: str | None = None
    background: Pcm | None = None


def parse_when(text: str) -> When:
    """Parse a cue. Raises: ScriptInvalid."""
    if text == "greeting ended":
        return When("greeting ended", TURN_TAKING_S)
    if (found := _WHEN.fullmatch(text)) is None:
        raise ScriptInvalid(f"{text!r} is not a cue")
    cue: Any = found[1]
    return When(cue, float(found[2]))


def load(name: str, manifest: Path = FIXTURES / "manifest.json") -> Script:
    """A script of the manifest, with its files read. Raises: ScriptInvalid, WavInvalid, OSError."""
    document = json.loads(manifest.read_text(encoding="utf-8"))
    try:
        script = document["scripts"][name]
    except KeyError:
        known = ", ".join(sorted(document.get("scripts", {})))
        raise ScriptInvalid(f"no script {name!r} in {manifest}; there are: {known}") from None
    steps = []
    for n, step in enumerate(script["steps"]):
        try:
            steps.append(_step(step, document["files"], manifest.parent))
        except (KeyError, TypeError, ScriptInvalid) as error:
            raise ScriptInvalid(f"{manifest}: script {name!r}, step {n + 1}: {error}") from error
    background = script.get("background")
    return Script(
        name,
        tuple(steps),
        script.get("about", ""),
        script.get("from"),
        read_mono(manifest.parent / background) if background else None,
    )


def names(manifest: Path = FIXTURES / "manifest.json") -> list[str]:
    """The scripts of a manifest."""
    return sorted(json.loads(manifest.read_text(encoding="utf-8"))["scripts"])


def from_wavs(paths: Sequence[Path]) -> Script:
    """A script that says each file once the agent is silent. Raises: WavInvalid, OSError."""
    steps = []
    for n, path in enumerate(paths):
        pcm = read_mono(path)
        cue: Cue = "agent silent" if n else "greeting ended"
        when = When(cue, TURN_TAKING_S)
        steps.append(Step(when, path.stem, pcm, speech_s=speech_of(pcm)))
    return Script("files", tuple(steps))


def from_lines(lines: Sequence[tuple[str, Pcm]], about: str = "") -> Script:
    """A script that says each line once the agent is silent, then hangs up."""
    steps = [
        Step(
            When("agent silent" if n else "greeting ended", TURN_TAKING_S),
            f"line {n + 1}", pcm, text, speech_of(pcm),
        )
        for n, (text, pcm) in enumerate(lines)
    ]  # fmt: skip
    return Script("lines", tuple(steps), about)


def speech_of(pcm: Pcm, floor_dbfs: float = SPEECH_FLOOR_DBFS) -> tuple[tuple[float, float], ...]:
    """Spans of speech by energy, in seconds, to 10 ms; gaps under 200 ms are joined.

    Good for clean fixtures only: the floor is fixed.
    """
    block = RATE_HZ // 100
    loud = [level_dbfs(pcm[n : n + block]) >= floor_dbfs for n in range(0, len(pcm), block)]
    places = np.flatnonzero(loud)
    if not len(places):
        return ()
    breaks = np.flatnonzero(np.diff(places) > 20)
    starts = [places[0], *places[breaks + 1]]
    ends = [*places[breaks], places[-1]]
    length = len(pcm) / RATE_HZ
    return tuple(
        (float(start) / 100, min(length, float(end + 1) / 100))
        for start, end in zip(starts, ends, strict=True)
    )


def _step(step: dict[str, Any], files: dict[str, Any], folder: Path) -> Step:
    known = {"when", "say", "dtmf", "pause", "hangup", "expects", "patience"}
    if unknown := set(step) - known:
        raise ScriptInvalid(f"unknown key {', '.join(sorted(unknown))}")
    when = parse_when(step.get("when", f"agent silent {TURN_TAKING_S}s"))
    patience_s = float(step.get("patience", PATIENCE_S))
    if "say" in step:
        about = files[step["say"]]
        return Step(
            when,
            step["say"],
            read_mono(folder / step["say"]),
            about["text"],
            tuple((a / 1000, b / 1000) for a, b in about["speech_ms"] or about["sound_ms"]),
            step.get("expects", "reply"),
            patience_s=patience_s,
        )
    if "dtmf" in step:
        return Step(when, f"keys {step['dtmf']}", dtmf=str(step["dtmf"]), patience_s=patience_s)
    if "pause" in step:
        return Step(When("after", 0.0), "pause", pause_s=float(step["pause"]))
    if step.get("hangup"):
        return Step(when, "hang up", hangup=True, patience_s=patience_s)
    raise ScriptInvalid("a step says, presses, pauses or hangs up")
