"""A real HTTP server that speaks OpenAI's chat, embeddings and audio, with delays and faults.

    with OpenAIServer() as server:
        server.transcripts.append("which plan do I need")
        server.faults["chat"].append("dribble")
        client = AsyncOpenAI(base_url=server.base_url, api_key="none")

Also `python -m tests.fakes.openai_server --port 9000`. Requests and responses are checked against
the published schema where available; violations get 400 and are listed in `complaints`.
"""

import argparse
import hashlib
import json
import socket
import threading
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import anyio
import numpy as np
import uvicorn
from numpy.typing import NDArray
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.fakes.known_speech import KnownSpeech
from tests.fakes.openai_bodies import (
    SECONDS_PER_LETTER,
    choice,
    embeddings,
    endless_header,
    head,
    pieces_of,
    refusal,
    samples_of,
    tokens_of,
    tone,
    usage,
    verbose,
)
from tests.fakes.openai_spec import REQUESTS, load_spec

Door = Literal["chat", "transcription", "speech", "embeddings", "models"]
Fault = Literal["500", "429", "hang", "dribble", "truncated", "malformed"]
DEFAULT_REPLY = "Happy to help. What would you like to know first?"


@dataclass
class Delays:
    """How long each response takes, in seconds. Defaults are the project's reference figures."""

    transcription_s: float = 0.150
    first_token_s: float = 0.250
    tokens_per_s: float = 60.0
    first_audio_s: float = 0.120
    audio_speed: float = 8.0
    """Seconds of speech sent per second."""
    embedding_s: float = 0.01
    dribble_s: float = 2.0


@dataclass
class Seen:
    """One request as received; `at` and `done_at` are monotonic seconds."""

    door: Door
    body: dict[str, Any]
    at: float
    audio_s: float = 0.0
    done_at: float | None = None


@dataclass
class OpenAIServer:
    """Scripts are plain attributes, read on each request; change them at any time from any thread.

    Transcripts are found by `by_content` (SHA-256 of the sample bytes), then among the recordings
    passed to `recognise`, then `by_duration` (nearest within 15 %), then taken from `transcripts`
    in order, then `transcript`.
    """

    delays: Delays = field(default_factory=Delays)
    port: int = 0
    transcript: str = "hello there"
    transcripts: deque[str] = field(default_factory=deque)
    by_content: dict[str, str] = field(default_factory=dict)
    by_duration: dict[float, str] = field(default_factory=dict)
    reply: str | Callable[[dict[str, Any]], str] = DEFAULT_REPLY
    replies: deque[str | Callable[[dict[str, Any]], str]] = field(default_factory=deque)
    reading: str | Callable[[dict[str, Any]], str] = '{"items": []}'
    """The answer to requests for JSON."""
    no_schemas: bool = False
    """Refuse JSON schemas, as older and smaller servers do."""
    segment: dict[str, float] = field(default_factory=dict)
    """Overrides of `no_speech_prob`, `avg_logprob`, `compression_ratio` in verbose transcripts."""
    plain_only: bool = False
    """Refuse `verbose_json`, as newer models do."""
    dimensions: int = 192
    """Length of embeddings."""
    alike: dict[str, str] = field(default_factory=dict)
    """Words that mean another word to the embedding model."""
    spoiled: float | None = None
    """Replaces the first number of every embedding."""
    key: str | None = None
    """When set, any other bearer key gets 401."""
    faults: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    """Faults of the next requests, by endpoint; each request uses up one."""
    always: dict[str, Fault] = field(default_factory=dict)
    """Faults of every request, by endpoint."""
    seen: list[Seen] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    keep: int | None = None
    """How many requests to remember; None: all."""

    def __post_init__(self) -> None:
        self._speech = KnownSpeech()
        self._spec = load_spec()
        self._audio = tone()
        self._socket = socket.socket()
        self._server: uvicorn.Server | None = None

    # --- running ---------------------------------------------------------------------------

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> "OpenAIServer":
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", self.port))
        self.port = self._socket.getsockname()[1]
        config = uvicorn.Config(
            self.app(), log_level="critical", lifespan="off", ws="none", access_log=False,
            timeout_graceful_shutdown=1, timeout_keep_alive=60,
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        self._socket.listen(512)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(timeout=10)
        self._socket.close()

    def app(self) -> Starlette:
        """The ASGI application, also usable in process."""
        return Starlette(
            routes=[
                Route("/v1/models", self._models, methods=["GET"]),
                Route("/v1/chat/completions", self._chat, methods=["POST"]),
                Route("/v1/audio/transcriptions", self._transcribe, methods=["POST"]),
                Route("/v1/audio/speech", self._speak, methods=["POST"]),
                Route("/v1/embeddings", self._embed, methods=["POST"]),
            ]
        )

    # --- scripts ---------------------------------------------------------------------------

    def know(self, samples: bytes, text: str) -> None:
        """Transcribe exactly these int16 sample bytes as `text` from now on."""
        self.by_content[hashlib.sha256(samples).hexdigest()] = text

    def recognise(
        self, pcm: NDArray[np.int16], text: str, speech_ms: Sequence[Sequence[int]]
    ) -> None:
        """Transcribe any part of this 8 kHz recording as the words spoken in it."""
        self._speech.add(pcm, text, speech_ms)

    def requests(self, door: Door) -> list[Seen]:
        return [seen for seen in self.seen if seen.door == door]

    def _words_of(self, samples: bytes, duration_s: float) -> str:
        known = self.by_content.get(hashlib.sha256(samples).hexdigest())
        if known is None:
            known = self._speech.words_in(samples)
        if known is not None:
            return known
        if self.by_duration:
            near = min(self.by_duration, key=lambda s: abs(s - duration_s))
            if abs(near - duration_s) <= 0.15 * near:
                return self.by_duration[near]
        return self.transcripts.popleft() if self.transcripts else self.transcript

    def _reply_to(self, body: dict[str, Any]) -> str:
        wanted = (body.get("response_format") or {}).get("type", "text")
        if wanted != "text":
            return self.reading if isinstance(self.reading, str) else self.reading(body)
        reply = self.replies.popleft() if self.replies else self.reply
        return reply if isinstance(reply, str) else reply(body)

    def _fault(self, door: Door) -> Fault | None:
        return self.faults[door].popleft() if self.faults[door] else self.always.get(door)

    # --- doors -----------------------------------------------------------------------------

    def _admit(self, door: Door, body: dict[str, Any], request: Request) -> Response | None:
        """Log and check a request; returns the refusal, if any."""
        self.seen.append(Seen(door, body, time.monotonic()))
        if self.keep is not None:
            del self.seen[: -self.keep]
        if self.key is not None and request.headers.get("authorization") != f"Bearer {self.key}":
            return refusal(401, "invalid_api_key", "Incorrect API key provided")
        complaint = self._spec.complaint(REQUESTS[door], body) if door in REQUESTS else None
        if complaint:
            self.complaints.append(complaint)
            return refusal(400, "invalid_request_error", complaint)
        return None

    async def _disturb(self, fault: Fault | None) -> Response | None:
        """The response of a fault that replaces the normal one; None when that starts normally."""
        if fault == "500":
            return refusal(500, "server_error", "The server had an error")
        if fault == "429":
            return refusal(429, "rate_limit_exceeded", "Rate limit reached")
        if fault == "hang":
            await anyio.sleep_forever()
        if fault == "malformed":
            return Response(b'{"text": "hel', media_type="application/json")
        return None

    def _checked(self, schema: str, body: dict[str, Any]) -> dict[str, Any]:
        complaint = self._spec.complaint(schema, body)
        if complaint:
            self.complaints.append("reply " + complaint)
        return body

    async def _models(self, request: Request) -> Response:
        refused = self._admit("models", {}, request) or await self._disturb(self._fault("models"))
        names = ("gpt-4o-mini", "whisper-1", "tts-1")
        data = [{"id": n, "object": "model", "created": 0, "owned_by": "stub"} for n in names]
        return refused or JSONResponse({"object": "list", "data": data})

    async def _transcribe(self, request: Request) -> Response:
        async with request.form() as form:
            upload = form["file"]
            assert isinstance(upload, UploadFile)
            wav = await upload.read()
            body: dict[str, Any] = {"file": "bytes"}
            for name, value in form.multi_items():
                if name.endswith("[]"):
                    body.setdefault(name[:-2], []).append(value)
                elif name != "file":
                    body[name] = float(str(value)) if name == "temperature" else value
        refused = self._admit("transcription", body, request)
        seen = self.seen[-1]
        samples, seen.audio_s = samples_of(wav)
        if refused is None and not any(samples):  # a test of whether the server is there
            self.seen.remove(seen)
            return JSONResponse({"text": ""})
        fault = self._fault("transcription")
        refused = refused or await self._disturb(fault)
        if refused is not None:
            return refused
        if self.plain_only and body.get("response_format") == "verbose_json":
            return refusal(400, "unsupported_value", "response_format is not supported")
        await anyio.sleep(self.delays.transcription_s)
        text = self._words_of(samples, seen.audio_s)
        seen.done_at = time.monotonic()
        if fault == "truncated":
            return Response(b'{"text"', headers={"content-length": "900"})
        if body.get("response_format", "json") == "text":
            return Response(text, media_type="text/plain")
        if body.get("response_format") != "verbose_json":
            return JSONResponse(self._checked("CreateTranscriptionResponseJson", {"text": text}))
        made = verbose(text, seen.audio_s, self.segment)
        return JSONResponse(self._checked("CreateTranscriptionResponseVerboseJson", made))

    async def _chat(self, request: Request) -> Response:
        body = await request.json()
        refused = self._admit("chat", body, request)
        kind = (body.get("response_format") or {}).get("type")
        if self.no_schemas and kind == "json_schema":
            refused = refused or refusal(400, "invalid_request_error", "unknown response_format")
        fault = None if refused else self._fault("chat")
        streamed = bool(body.get("stream"))
        if not (fault == "malformed" and streamed):
            refused = refused or await self._disturb(fault)
        if refused is not None:
            return refused
        text = self._reply_to(body)
        if streamed:
            pieces = self._stream(body, text, fault, self.seen[-1])
            return StreamingResponse(pieces, media_type="text/event-stream")
        tokens = tokens_of(text)
        wait = self.delays.first_token_s + len(tokens) / self.delays.tokens_per_s
        await anyio.sleep(self.delays.dribble_s * len(tokens) if fault == "dribble" else wait)
        message = {"role": "assistant", "content": text, "refusal": None}
        answer = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        made = head(body, "chat.completion") | {"choices": [answer], "usage": usage(tokens)}
        return JSONResponse(self._checked("CreateChatCompletionResponse", made))

    async def _stream(
        self, body: dict[str, Any], text: str, fault: Fault | None, seen: Seen
    ) -> AsyncIterator[bytes]:
        top = head(body, "chat.completion.chunk")
        tokens = tokens_of(text)
        gap = self.delays.dribble_s if fault == "dribble" else 1.0 / self.delays.tokens_per_s
        due = anyio.current_time() + self.delays.first_token_s
        for number, token in enumerate(tokens):
            await anyio.sleep_until(due)
            due += gap
            if fault in ("truncated", "malformed") and number >= len(tokens) // 2:
                if fault == "malformed":
                    yield b'data: {"id": "chatcmpl-stub", "choices": [{"delta": {"cont\n\n'
                raise ConnectionResetError("the stub cuts this stream on purpose")
            delta = {"content": token} | ({"role": "assistant"} if number == 0 else {})
            yield self._chunk(top | {"choices": [choice(delta, None)]})
        yield self._chunk(top | {"choices": [choice({}, "stop")]})
        if (body.get("stream_options") or {}).get("include_usage"):
            yield self._chunk(top | {"choices": [], "usage": usage(tokens)})
        seen.done_at = time.monotonic()
        yield b"data: [DONE]\n\n"

    def _chunk(self, body: dict[str, Any]) -> bytes:
        made = self._checked("CreateChatCompletionStreamResponse", body)
        return b"data: " + json.dumps(made).encode() + b"\n\n"

    async def _embed(self, request: Request) -> Response:
        body = await request.json()
        refused = self._admit("embeddings", body, request)
        refused = refused or await self._disturb(None if refused else self._fault("embeddings"))
        if refused is not None:
            return refused
        await anyio.sleep(self.delays.embedding_s)
        texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
        made = embeddings(texts, body["model"], self.dimensions, self.alike)
        self._checked("CreateEmbeddingResponse", made)
        if self.spoiled is not None:
            for item in made["data"]:
                item["embedding"][0] = self.spoiled
        self.seen[-1].done_at = time.monotonic()
        return Response(json.dumps(made), media_type="application/json")

    async def _speak(self, request: Request) -> Response:
        body = await request.json()
        refused = self._admit("speech", body, request)
        fault = None if refused else self._fault("speech")
        refused = refused or await self._disturb(fault)
        if refused is not None:
            return refused
        kind = body.get("response_format", "mp3")
        if kind not in ("pcm", "wav"):
            return refusal(400, "invalid_request_error", f"the stub speaks pcm and wav, not {kind}")
        pieces = self._audio_of(body, kind == "wav", fault)
        return StreamingResponse(pieces, media_type="audio/wav" if kind == "wav" else "audio/pcm")

    async def _audio_of(
        self, body: dict[str, Any], header: bool, fault: Fault | None
    ) -> AsyncIterator[bytes]:
        duration_s = max(0.2, SECONDS_PER_LETTER * len(body["input"]) / body.get("speed", 1.0))
        await anyio.sleep(self.delays.first_audio_s)
        if header:
            yield endless_header()
        due, pieces = anyio.current_time(), list(pieces_of(self._audio, duration_s))
        for number, piece in enumerate(pieces):
            if fault == "truncated" and number >= len(pieces) // 2:
                raise ConnectionResetError("the stub cuts this stream on purpose")
            yield piece
            slow = fault == "dribble"
            due += self.delays.dribble_s if slow else 0.1 / self.delays.audio_speed
            await anyio.sleep_until(due)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--transcript", default="hello there")
    parser.add_argument("--reply", default=DEFAULT_REPLY)
    args = parser.parse_args()
    with OpenAIServer(port=args.port, transcript=args.transcript, reply=args.reply) as server:
        print(server.base_url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
