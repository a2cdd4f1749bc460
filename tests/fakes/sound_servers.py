"""Speech and transcription servers that differ in what they accept and send; see `model_servers`,
whose `ModelServer` puts them on a socket."""

import io
import struct
import wave
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.fakes.model_servers import Answer, Body, no, openai_error

PITCH_HZ = 440.0
HEARD = "which plan do I need"


def tone(rate_hz: int, seconds: float = 0.6) -> bytes:
    """A tone that reveals a wrong sample rate."""
    at = np.arange(int(rate_hz * seconds)) / rate_hz
    return (9000 * np.sin(2 * np.pi * PITCH_HZ * at)).astype("<i2").tobytes()


def wav(rate_hz: int, lanes: int = 1, *, endless: bool = True, more: bytes = b"") -> bytes:
    """A file as piped by ffmpeg: a LIST chunk before the samples, sizes unknown."""
    samples = np.repeat(np.frombuffer(tone(rate_hz), "<i2"), lanes).astype("<i2").tobytes()
    size = 0xFFFFFFFF if endless else len(samples)
    form = struct.pack("<HHIIHH", 1, lanes, rate_hz, rate_hz * 2 * lanes, 2 * lanes, 16)
    listed = b"LIST" + struct.pack("<I", 26) + b"INFOISFT" + struct.pack("<I", 14) + bytes(14)
    head = b"WAVEfmt " + struct.pack("<I", 16) + form + listed + b"data" + struct.pack("<I", size)
    return b"RIFF" + struct.pack("<I", 0xFFFFFFFF) + head + samples + more


def sound(data: bytes, kind: str, step: int = 997) -> Answer:
    return Answer([data[n : n + step] for n in range(0, len(data), step)], kind=kind)


def plain_voice(rate_hz: int, told: str = "") -> Callable[[Body], Answer]:
    """At the voice's own rate, which openedai-speech states and speaches does not."""

    def speaks(body: Body) -> Answer:
        if body["response_format"] == "wav":
            return sound(wav(rate_hz), "audio/wav")
        return sound(tone(rate_hz), f"audio/pcm{told}")

    return speaks


def groq_voice(body: Body) -> Answer:
    if body["response_format"] != "wav":
        return openai_error("response_format must be one of [wav]")
    return sound(wav(24_000), "audio/wav")


def always_wav(body: Body) -> Answer:
    """LocalAI sends the file its backend wrote, whatever was requested."""
    return sound(wav(22_050, 2, endless=False, more=b"LIST\x04\x00\x00\x00abcd"), "audio/wav")


def no_speed(body: Body) -> Answer:
    if "speed" in body:
        return no(422, {"detail": [{"type": "extra_forbidden", "loc": ["body", "speed"],
                                    "msg": "Extra inputs are not permitted"}]})  # fmt: skip
    return plain_voice(24_000)(body)


def kokoro_without_the_voice(body: Body) -> Answer:
    message = f"Voice '{body['voice']}' not found. Available voices: af_bella, af_sky"
    return no(400, {"detail": {"error": "validation_error", "message": message,
                               "type": "invalid_request_error"}})  # fmt: skip


def always_mp3(body: Body) -> Answer:
    return sound(b"ID3\x04" + bytes(500), "audio/mpeg")


# --- transcription -------------------------------------------------------------------------


def rate_of(upload: bytes) -> int:
    with wave.open(io.BytesIO(upload)) as reader:
        return reader.getframerate()


def gpt_transcribe(body: Body) -> Answer:
    if body["response_format"] != "json":
        return openai_error(
            "response_format 'verbose_json' is not compatible with model "
            f"'{body['model']}-api-ev3'. Use 'json' or 'text' instead.", "response_format",
            "unsupported_value",
        )  # fmt: skip
    return no(200, {"text": HEARD, "usage": {"type": "tokens"}})


def gpt_diarize(body: Body) -> Answer:
    if "prompt" in body:
        return openai_error("Prompt is not supported for this model.", "prompt")
    return gpt_transcribe(body)


def speaches(body: Body) -> Answer:
    """Words are in the segments, and null where they should be."""
    segment = {"id": 1, "text": f" {HEARD}", "avg_logprob": -0.1, "compression_ratio": 0.6,
               "no_speech_prob": 0.0, "words": timed()}  # fmt: skip
    return no(200, {"task": "transcribe", "text": HEARD, "words": None, "segments": [segment]})


def whisper_cpp(body: Body) -> Answer:
    """Segments without a compression ratio, words within them, a line end after the text; like its
    older versions, it accepts only 16 kHz."""
    if rate_of(body["file"]) != 16_000:
        return no(400, {"error": "failed to read WAV file"})
    if body["response_format"] == "json":
        return no(200, {"text": f" {HEARD}\n"})
    segment = {"id": 0, "text": f" {HEARD}", "temperature": 0.0, "avg_logprob": -0.2,
               "no_speech_prob": 0.01, "words": timed()}  # fmt: skip
    return no(200, {"task": "transcribe", "language": "english", "text": f" {HEARD}\n",
                    "segments": [segment]})  # fmt: skip


def timed() -> list[dict[str, Any]]:
    words = HEARD.split()
    return [{"word": f" {word}", "start": 0.1 * n, "end": 0.1 * n + 0.09, "probability": 0.9}
            for n, word in enumerate(words)]  # fmt: skip


def funasr(body: Body) -> Answer:
    """Language and mood marks in the text, and plain text as a response."""
    text = f"<|en|><|NEUTRAL|><|Speech|><|withitn|>{HEARD}"
    return Answer([text.encode()], kind="text/plain; charset=utf-8")


def bare_vllm(body: Body) -> Answer:
    """vLLM of 2025: no verbose answers."""
    if body["response_format"] == "verbose_json":
        message = "Currently only support response_format `text` or `json`"
        return no(400, {"object": "error", "message": message, "type": "BadRequestError",
                        "param": None, "code": 400})  # fmt: skip
    return no(200, {"text": HEARD})


def choosy(body: Body) -> Answer:
    """A small server that accepts only a file and a model."""
    for name in ("timestamp_granularities", "prompt", "temperature", "language"):
        if name in body:
            return no(422, {"detail": f"unexpected field {name}"})
    return no(200, {"text": HEARD})


def speaches_without_the_model(body: Body) -> Answer:
    detail = (f"Model '{body['model']}' is not installed locally. You can download the model using "
              "`POST /v1/models`")  # fmt: skip
    return no(404, {"detail": detail})
