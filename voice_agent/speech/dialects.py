"""Which parameters a transcription or speech service accepts: learned from refusals. Pure.

`after` is the next dialect to try; None when the refusal is about something else. `proven`: the
service accepted this dialect before; a refusal that names none of its parameters is about content.
"""

from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from voice_agent.refusal import Refusal

PCM_HZ = 24_000
"""Sample rate of OpenAI's "pcm" format, which has no header."""
_WORD_TIMES = ("timestamp_granularities", "timestamp_granularities[]", "verbose_json",
               "response_format", "response format", "timestamps")  # fmt: skip
_SOUND = ("16 kHz", "16kHz", "16000", "sample rate", "read WAV file", "read audio data")


@dataclass(frozen=True, slots=True)
class Hearing:
    """How a transcription service wants requests."""

    timed: bool = True
    """Request word times and confidences, in `verbose_json`."""
    prompt: bool = True
    temperature: bool = True
    language: bool = True
    rate_hz: int = 8000
    """Of the upload: a telephone's rate, unless the service cannot resample."""

    def form(self, prompt: str, language: str) -> dict[str, Any]:
        """A request's fields, apart from model and audio."""
        made: dict[str, Any] = {"response_format": "verbose_json" if self.timed else "json"}
        if self.timed:
            made["timestamp_granularities"] = ["word", "segment"]
        if self.prompt and prompt:
            made["prompt"] = prompt
        if self.temperature:
            made["temperature"] = 0.0
        if self.language:
            made["language"] = language
        return made

    def after(self, refusal: Refusal, *, proven: bool = False) -> "Hearing | None":
        """The next dialect to try."""
        if refusal.kind not in ("request", "fault"):
            return None
        ways: dict[str, tuple[str, ...]] = {
            "timed": _WORD_TIMES, "prompt": ("prompt",), "temperature": ("temperature",),
            "language": ("language",),
        }  # fmt: skip
        if self.rate_hz < 16_000 and refusal.blames(*_SOUND) is not None:
            return replace(self, rate_hz=16_000)
        left = [name for name in ways if getattr(self, name)]
        named = [(at, n) for n in left if (at := refusal.blames(*ways[n])) is not None]
        if named:
            return replace(self, **{min(named)[1]: False})
        doubtful = not proven and not refusal.names_another and refusal.kind == "request"
        return replace(self, **{left[0]: False}) if doubtful and left else None

    def told(self) -> str:
        """What is left out, in one line."""
        lacking = [f.name for f in fields(self) if getattr(self, f.name) is False]
        lacking = ["word times" if name == "timed" else name for name in lacking]
        made = f"without {', '.join(lacking)}" if lacking else "with word times"
        return made if self.rate_hz == 8000 else f"{made}, at {self.rate_hz // 1000} kHz"


@dataclass(frozen=True, slots=True)
class Speaking:
    """How a speech service wants requests, and the sample rate of its raw audio."""

    form: Literal["pcm", "wav"] = "pcm"
    speed: bool = True
    rate_hz: int = PCM_HZ

    def request(self, rate: float) -> dict[str, Any]:
        """A request's parameters, apart from model, voice and text."""
        paced = {"speed": rate} if self.speed and rate != 1.0 else {}
        return {"response_format": self.form, **paced}

    def after(self, refusal: Refusal, *, proven: bool = False) -> "Speaking | None":
        """The next dialect to try."""
        if refusal.kind not in ("request", "fault"):
            return None
        if self.form == "pcm" and refusal.blames("response_format", "pcm", "format") is not None:
            return replace(self, form="wav")
        if self.speed and refusal.blames("speed", "Speed") is not None:
            return replace(self, speed=False)
        if proven or refusal.names_another or refusal.kind == "fault":
            return None
        if self.form == "pcm":
            return replace(self, form="wav")
        return replace(self, speed=False) if self.speed else None

    def told(self) -> str:
        """The dialect in one line."""
        paced = "" if self.speed else ", without speed"
        return f"{self.form} at {self.rate_hz / 1000:g} kHz{paced}"


def hearing(model: str) -> Hearing:
    """A guess by the model's name: OpenAI's newer models return plain text only."""
    return Hearing(timed="-transcribe" not in model)
