"""Recognition by any OpenAI-compatible transcription service: one upload per settle."""

import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import anyio
import numpy as np

from knowledge.profile import Company
from voice_agent import remote
from voice_agent.asking import as_taken
from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.audio.wav import header
from voice_agent.errors import TranscriptionFailed
from voice_agent.refusal import Refusal
from voice_agent.speech.dialects import Hearing, hearing
from voice_agent.speech.guards import Evidence, Voiced, doubt, voiced
from voice_agent.speech.names import names
from voice_agent.speech.ports import NOTHING, HeardWord, Hypothesis
from voice_agent.speech.utterance_audio import UtteranceAudio
from voice_agent.trying import Service, try_out

log = logging.getLogger(__name__)
SILENCE: Pcm = np.zeros(RATE_HZ // 2, np.int16)
"""The audio a service is tested with; it says nothing about anybody."""
_MARK = re.compile(r"<\|[^|<>]{0,40}\|>")
"""What recognisers write about the audio beside its words, e.g. its language."""


class OpenAITranscriber:
    """A `Transcriber` over HTTP; connections are kept open between requests."""

    name = "openai"

    def __init__(
        self,
        company: Company,
        phrases: Sequence[str] = (),
        base_url: str = "",
        api_key: str = "",
        model: str = "whisper-1",
        deadline_s: float = 4.0,
    ) -> None:
        self.deadline_s = deadline_s
        self._base_url = base_url
        self._key = api_key
        self._model = model
        self._language = company.voice.language.split("-")[0].lower()
        self._prompt = ", ".join(dict.fromkeys((*names(company), *phrases[:20])))
        self.dialect = hearing(model)
        self._taken: Hearing | None = None
        self._client: Any = None

    async def load(self, within_s: float = 5.0) -> None:
        """Connect, and have a moment of silence transcribed to check key and model.

        A service that is there but slow is accepted: its model may still be loading.
        Raises: EngineUnavailable.
        """
        self._client = remote.client(self._base_url, self._key, self.deadline_s, retries=1)
        service = Service("transcription", self._base_url, "VOICE_AGENT_STT")
        try:
            await try_out(service, self._client, partial(self._ask, SILENCE), within_s)
        except BaseException:
            with anyio.CancelScope(shield=True):
                await self.aclose()
            raise

    def open(self, call_id: str) -> "OpenAIUtterance":
        """Begin an utterance; nothing is sent before it has to settle."""
        return OpenAIUtterance(self)

    async def aclose(self) -> None:
        """Close the connections."""
        client, self._client = self._client, None
        if client is not None:
            with anyio.CancelScope(shield=True):
                await client.close()

    async def transcribe(self, sound: Voiced) -> Hypothesis:
        """The service's transcription of the audio, without doubtful text.

        Raises: TranscriptionFailed.
        """
        try:
            with anyio.fail_after(self.deadline_s):
                answer = await self._ask(sound.pcm)
        except TimeoutError as error:
            raise TranscriptionFailed(f"no transcript within {self.deadline_s:.1f} s") from error
        except remote.failures(ValueError) as error:
            raise TranscriptionFailed(f"{type(error).__name__}: {error}") from error
        return _believed(answer, sound)

    async def _ask(self, pcm: Pcm) -> Mapping[str, Any]:
        """The service's response, in a dialect it accepts.

        Raises: Refused, ValueError, and as the network does.
        """
        client = self._client
        if client is None:
            raise TranscriptionFailed("the transcriber is not connected")

        async def ask(dialect: Hearing) -> Any:
            upload = ("utterance.wav", _wav(pcm, dialect.rate_hz), "audio/wav")
            form = dialect.form(self._prompt, self._language)
            return await client.audio.transcriptions.with_raw_response.create(
                file=upload, model=self._model, **form
            )

        dialect, raw = await as_taken(self.dialect, ask, self._after, self._key)
        self._take(dialect)
        return _answer(raw.text)

    def _after(self, dialect: Hearing, refusal: Refusal) -> Hearing | None:
        return dialect.after(refusal, proven=self._taken == dialect)

    def _take(self, dialect: Hearing) -> None:
        if dialect != self.dialect:
            log.info("%s is asked to transcribe %s", self._model, dialect.told())
        self.dialect = self._taken = dialect


class OpenAIUtterance:
    """One stretch of speech, kept until the service is asked about it."""

    def __init__(self, owner: OpenAITranscriber) -> None:
        self._owner = owner
        self._audio = UtteranceAudio()
        self._latest = NOTHING
        self._heard_samples = 0
        self._asked: set[anyio.CancelScope] = set()
        self._closed = False

    def push(self, pcm: Pcm) -> None:
        """Add samples."""
        if not self._closed:
            self._audio.push(pcm)

    def partial(self) -> Hypothesis:
        """The last settled hypothesis."""
        return self._latest

    async def settle(self) -> Hypothesis:
        """The hypothesis for everything pushed. Raises: TranscriptionFailed."""
        if self._closed:
            raise TranscriptionFailed("the utterance is closed")
        upto = self._audio.total
        if self._heard_samples and self._audio.quiet_since(self._heard_samples):
            made = self._latest
        else:
            sound = voiced(self._audio.since())
            made = NOTHING if sound is None else await self._transcribe(sound)
        made = Hypothesis(made.text, made.words, made.confidence, upto / RATE_HZ)
        if upto >= self._heard_samples:
            self._latest, self._heard_samples = made, upto
        return made

    async def _transcribe(self, sound: Voiced) -> Hypothesis:
        with anyio.CancelScope() as scope:
            self._asked.add(scope)
            try:
                return await self._owner.transcribe(sound)
            finally:
                self._asked.discard(scope)
        raise TranscriptionFailed("the utterance is closed")

    def close(self) -> None:
        """Discard the utterance and cancel a request in progress."""
        self._closed = True
        for scope in self._asked:
            scope.cancel()


def _wav(pcm: Pcm, rate_hz: int) -> bytes:
    if rate_hz != RATE_HZ:
        import soxr

        pcm = soxr.resample(pcm, RATE_HZ, rate_hz)
    data = pcm.astype("<i2").tobytes()
    return header(len(data), rate_hz, channels=1) + data


def _answer(body: str) -> Mapping[str, Any]:
    """The response as JSON; some services return bare text. Raises: ValueError."""
    if not body.lstrip().startswith(("{", "[", '"', "<html", "<!")):
        return {"text": body}
    made = json.loads(body)
    if not isinstance(made, dict):
        raise ValueError("the service answered without a text")
    return made


def _believed(answer: Mapping[str, Any], sound: Voiced) -> Hypothesis:
    """The response as a hypothesis; empty when the guards doubt it."""
    text = answer.get("text")
    if not isinstance(text, str):
        raise TranscriptionFailed("the service answered without a text")
    text = " ".join(_MARK.sub(" ", text).split())
    if not text or doubt(text, sound, _evidence(answer)):
        return NOTHING
    return Hypothesis(text, _words(answer, sound) or _spread(text, sound))


def _words(answer: Mapping[str, Any], sound: Voiced) -> tuple[HeardWord, ...]:
    """The words with their times, wherever the service puts them."""
    rows = _rows(answer, "words") or [
        w for s in _rows(answer, "segments") for w in _rows(s, "words")
    ]
    timed = []
    for row in rows:
        word, start, end = str(row.get("word") or "").strip(), row.get("start"), row.get("end")
        if word and isinstance(start, int | float) and isinstance(end, int | float):
            timed.append(HeardWord(word, sound.offset_s + start, sound.offset_s + end))
    return tuple(timed)


def _rows(answer: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = answer.get(name)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def _evidence(answer: Mapping[str, Any]) -> Evidence:
    segments, sure = _rows(answer, "segments"), Evidence()

    def told(name: str, most: Callable[[list[float]], float], default: float) -> float:
        figures = [float(s[name]) for s in segments if isinstance(s.get(name), int | float)]
        return most(figures) if figures else default

    return Evidence(
        told("no_speech_prob", max, sure.no_speech),
        told("avg_logprob", min, sure.log_probability),
        told("compression_ratio", max, sure.compression),
    )


def _spread(text: str, sound: Voiced) -> tuple[HeardWord, ...]:
    """Word times estimated from word lengths, when the service gives none."""
    said = text.split()
    at, step = sound.offset_s, len(sound.pcm) / RATE_HZ / (sum(map(len, said)) + len(said))
    words: list[HeardWord] = []
    for word in said:
        end = at + step * (len(word) + 1)
        words.append(HeardWord(word, at, end))
        at = end
    return tuple(words)
