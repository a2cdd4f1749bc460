"""Response bodies of the stub OpenAI server: JSON, tokens and sound."""

import io
import math
import re
import wave
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from starlette.responses import JSONResponse, Response

SPEECH_HZ = 24000
SECONDS_PER_LETTER = 0.06


def tone() -> bytes:
    """Ten seconds of a warbling tone with a syllable-like level, int16 24 kHz."""
    at = np.arange(SPEECH_HZ * 10) / SPEECH_HZ
    swell = 0.55 + 0.45 * np.sin(2 * np.pi * 4 * at)
    wave_ = np.sin(2 * np.pi * 180 * at) + 0.5 * np.sin(2 * np.pi * 720 * at)
    return (4000 * swell * wave_).astype("<i2").tobytes()


def samples_of(wav: bytes) -> tuple[bytes, float]:
    """The sample bytes and duration of an uploaded WAV."""
    with wave.open(io.BytesIO(wav)) as reader:
        return reader.readframes(reader.getnframes()), reader.getnframes() / reader.getframerate()


def refusal(status: int, code: str, message: str) -> Response:
    error = {"message": message, "type": code, "param": None, "code": code}
    return JSONResponse({"error": error}, status_code=status)


def tokens_of(text: str) -> list[str]:
    """Words with their leading space, as from a tokenizer."""
    words = text.split(" ")
    return [words[0]] + [" " + word for word in words[1:]] if text else []


def head(body: dict[str, Any], kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-stub", "object": kind, "created": 0, "model": body["model"]}


def choice(delta: dict[str, Any], finish: str | None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "finish_reason": finish}


def usage(tokens: list[str]) -> dict[str, int]:
    return {
        "prompt_tokens": 10,
        "completion_tokens": len(tokens),
        "total_tokens": 10 + len(tokens),
    }


def verbose(text: str, duration_s: float, override: dict[str, float]) -> dict[str, Any]:
    words = text.split()
    step = duration_s / max(1, len(words))
    timed = [
        {"word": word, "start": round(i * step, 3), "end": round((i + 1) * step, 3)}
        for i, word in enumerate(words)
    ]
    segment: dict[str, Any] = {
        "id": 0, "seek": 0, "start": 0.0, "end": duration_s, "text": text, "tokens": [],
        "temperature": 0.0, "avg_logprob": -0.2, "compression_ratio": 1.0, "no_speech_prob": 0.02,
    } | override  # fmt: skip
    return {
        "language": "english", "duration": duration_s, "text": text, "words": timed,
        "segments": [segment] if words else [],
    }  # fmt: skip


SMALL = frozenset(
    "a an the do does did is are can could will would you your we our i it to of for in on with "
    "and or if there what how which any have has get".split()
)


def embeddings(
    texts: Sequence[str], model: str, dimensions: int, alike: Mapping[str, str]
) -> dict[str, Any]:
    """Embeddings from letters: words that share runs of letters are near each other.

    Another model's name gives other vectors; `alike` maps words to those they mean.
    """
    data = [
        {
            "object": "embedding",
            "index": n,
            "embedding": _by_letters(text, model, dimensions, alike),
        }
        for n, text in enumerate(texts)
    ]
    count = sum(len(tokens_of(text)) for text in texts)
    usage_ = {"prompt_tokens": count, "total_tokens": count}
    return {"object": "list", "data": data, "model": model, "usage": usage_}


def _by_letters(text: str, model: str, dimensions: int, alike: Mapping[str, str]) -> list[float]:
    made = [0.0] * dimensions
    made[0] = 0.01
    words = [alike.get(word, word) for word in re.findall(r"[a-z0-9]+", text.lower())]
    for word in dict.fromkeys(w for w in words if w not in SMALL):
        parts = [f"_{word}_"[n : n + 3] for n in range(len(word))]
        for part in parts:
            at = zlib.crc32(f"{model}|{part}".encode()) % dimensions
            made[at] += 1 / math.sqrt(len(parts))
    return made


def pieces_of(tone: bytes, duration_s: float) -> Iterator[bytes]:
    """Pieces of 100 ms that together last `duration_s`."""
    piece = SPEECH_HZ // 10 * 2
    left = int(duration_s * SPEECH_HZ) * 2
    at = 0
    while left > 0:
        take = min(piece, left)
        yield tone[at : at + take]
        left, at = left - take, (at + piece) % len(tone)


def endless_header() -> bytes:
    """A WAV header as streaming services send it, with unknown sizes."""
    sink = io.BytesIO()
    with wave.open(sink, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(SPEECH_HZ)
        writer.writeframes(b"")
    made = bytearray(sink.getvalue())
    made[4:8] = made[40:44] = b"\xff\xff\xff\xff"
    return bytes(made)
