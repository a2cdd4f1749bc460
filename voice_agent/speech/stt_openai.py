"""Hearing through any OpenAI-compatible transcription service: one upload when asked to settle."""

import io
import wave
from collections.abc import Sequence
from typing import Any

import anyio

from knowledge.profile import Company
from voice_agent import remote
from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.errors import EngineUnavailable, TranscriptionFailed
from voice_agent.speech.guards import Evidence, GuardTuning, Voiced, doubt, voiced
from voice_agent.speech.names import names
from voice_agent.speech.ports import NOTHING, HeardWord, Hypothesis
from voice_agent.speech.utterance_audio import UtteranceAudio


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
        tuning: GuardTuning | None = None,
    ) -> None:
        self.deadline_s = deadline_s
        self.tuning = tuning or GuardTuning()
        self._base_url = base_url
        self._key = api_key
        self._model = model
        self._language = company.voice.language.split("-")[0].lower()
        self._prompt = ", ".join(dict.fromkeys((*names(company), *phrases[:20])))
        self._timed = "whisper" in model
        """Whether the model gives word times and confidences; newer ones only give text."""
        self._client: Any = None

    async def load(self, within_s: float = 5.0) -> None:
        """Connect and check the key. Raises: EngineUnavailable."""
        import openai

        self._client = remote.client(self._base_url, self._key, self.deadline_s, retries=1)

        where = self._base_url or "https://api.openai.com/v1"
        try:
            with anyio.fail_after(within_s):
                await self._client.models.list()
        except (openai.NotFoundError, openai.BadRequestError):
            return  # it answers, but does not list its models: that is no duty
        except TimeoutError as error:
            await self.aclose()
            raise EngineUnavailable(f"{where} did not answer within {within_s:.1f} s") from error
        except openai.OpenAIError as error:
            await self.aclose()
            raise EngineUnavailable(f"{where}: {error}") from error

    def open(self, call_id: str) -> "OpenAIUtterance":
        """Begin an utterance; nothing is sent before it is asked to settle."""
        return OpenAIUtterance(self)

    async def aclose(self) -> None:
        """Close the connections."""
        client, self._client = self._client, None
        if client is not None:
            with anyio.CancelScope(shield=True):
                await client.close()

    async def transcribe(self, sound: Voiced) -> Hypothesis:
        """What the service makes of the sound, doubtful text left out.

        Raises: TranscriptionFailed.
        """
        import openai

        try:
            with anyio.fail_after(self.deadline_s):
                answer = await self._ask(sound)
        except TimeoutError as error:
            raise TranscriptionFailed(f"no transcript within {self.deadline_s:.1f} s") from error
        except (openai.OpenAIError, ValueError) as error:
            raise TranscriptionFailed(f"{type(error).__name__}: {error}") from error
        return _believed(answer, sound, self.tuning)

    async def _ask(self, sound: Voiced) -> Any:
        import openai

        client = self._client
        if client is None:
            raise TranscriptionFailed("the transcriber is not connected")
        asked: dict[str, Any] = {
            "model": self._model, "language": self._language, "prompt": self._prompt,
            "temperature": 0.0,
        }  # fmt: skip
        upload = ("utterance.wav", _wav(sound.pcm), "audio/wav")
        if self._timed:
            try:
                return await client.audio.transcriptions.create(
                    file=upload, response_format="verbose_json",
                    timestamp_granularities=["word", "segment"], **asked,
                )  # fmt: skip
            except openai.BadRequestError:
                self._timed = False  # a service without word times: ask plainly from now on
        return await client.audio.transcriptions.create(
            file=upload, response_format="json", **asked
        )


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
        """The hypothesis of all that was pushed. Raises: TranscriptionFailed."""
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
        """Forget the utterance and drop a request under way."""
        self._closed = True
        for scope in self._asked:
            scope.cancel()


def _wav(pcm: Pcm) -> bytes:
    sink = io.BytesIO()
    with wave.open(sink, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE_HZ)
        writer.writeframes(pcm.astype("<i2").tobytes())
    return sink.getvalue()


def _believed(answer: Any, sound: Voiced, tuning: GuardTuning) -> Hypothesis:
    """The answer as a hypothesis; empty when the guards doubt it."""
    text = getattr(answer, "text", None)
    if not isinstance(text, str):
        raise TranscriptionFailed("the service answered without a text")
    text = " ".join(text.split())
    if not text or doubt(text, sound, _evidence(answer), tuning):
        return NOTHING
    timed = getattr(answer, "words", None) or ()
    words = tuple(
        HeardWord(w.word.strip(), sound.offset_s + float(w.start), sound.offset_s + float(w.end))
        for w in timed
        if w.word.strip()
    )
    return Hypothesis(text, words or _spread(text, sound))


def _evidence(answer: Any) -> Evidence:
    segments = getattr(answer, "segments", None) or ()
    if not segments:
        return Evidence()
    return Evidence(
        max(float(s.no_speech_prob) for s in segments),
        min(float(s.avg_logprob) for s in segments),
        max(float(s.compression_ratio) for s in segments),
    )


def _spread(text: str, sound: Voiced) -> tuple[HeardWord, ...]:
    """Word times guessed from word lengths, where the service gives none."""
    said = text.split()
    at, step = sound.offset_s, len(sound.pcm) / RATE_HZ / (sum(map(len, said)) + len(said))
    words: list[HeardWord] = []
    for word in said:
        end = at + step * (len(word) + 1)
        words.append(HeardWord(word, at, end))
        at = end
    return tuple(words)
