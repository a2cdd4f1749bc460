"""Voicemail of callers whose call could not be taken or broke off: promised calls and messages.

A message is fetched from Twilio, transcribed by our own engine, stored as a conversation like any
other, and deleted there. Its job is durable; a request stays in memory only while the database is
down.
"""

import io
import logging
import wave
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol
from uuid import NAMESPACE_URL, uuid5

import anyio
import anyio.to_thread
import numpy as np

from core.clock import Clock
from core.engine import Engine
from core.errors import StoreFailed
from core.events import ConversationEnded, Fact, Flagged, RecordingSaved, UtteranceRecorded
from core.facts.standing import ending, every
from core.facts.transfers import MessageLeft
from core.privacy.cards import marked, redacted
from core.store.store import Store
from core.talk import ConversationOpened
from core.turned_away import opened_facts, promised_call
from voice_agent.audio.archive import Archive
from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.call.repair import recording_url
from voice_agent.errors import TelephonyFailed, TranscriptionFailed
from voice_agent.rounds import regularly
from voice_agent.speech.message import transcribed
from voice_agent.speech.ports import Transcriber

log = logging.getLogger(__name__)
JOB = "message"
AGAIN_S = 20.0
MOST_TRIES = 30
"""After about ten minutes the message stays at Twilio, and a person is told."""
WAITS_S = 5.0
MOST_WAITING = 500

Ask = Callable[..., Awaitable[None]]
WrapUp = Callable[..., Awaitable[None]]


class Recordings(Protocol):
    """Recorded messages at the telephone company."""

    async def fetch(self, recording_sid: str) -> bytes:
        """The WAV file. Raises: TelephonyFailed."""

    async def delete(self, recording_sid: str) -> None:
        """Delete the recording there. Raises: TelephonyFailed."""


class Messages:
    """Implements `telephony.overflow.MessageDesk`."""

    def __init__(
        self,
        store: Store,
        *,
        engine: Callable[[], Engine],
        transcriber: Transcriber,
        recordings: Recordings,
        archive: Archive,
        ask: Ask,
        wrap_up: WrapUp,
        clock: Clock,
    ) -> None:
        self._store, self._engine, self._transcriber = store, engine, transcriber
        self._recordings, self._archive = recordings, archive
        self._ask, self._wrap_up, self._clock = ask, wrap_up, clock
        self._waiting: deque[tuple[str, str, str, str]] = deque(maxlen=MOST_WAITING)

    async def promise(self, call_sid: str, caller: str, called: str, why: str) -> str | None:
        """Promise a call back; returns the line to say, None when it cannot be promised."""
        if not caller:
            return None
        now = self._clock()
        opened = _opened(call_sid, caller, called, now)
        try:
            begun = await self._store.conversations.by_call_sid(call_sid)
            # A call lost midway has its conversation; the promise gets one of its own.
            mine = call_sid if begun is None or begun.id == opened.conversation_id else None
            turned = promised_call(self._engine(), opened, mine, why, now)
            await self._store.log.append_once(
                opened.conversation_id, now, turned.facts, "turned_away"
            )
            await self._wrap_up(opened.conversation_id)
        except StoreFailed as error:
            log.warning("no call back is promised without the database: %s", error)
            return None
        return turned.line

    async def left(self, call_sid: str, recording_sid: str, caller: str, called: str) -> None:
        """Note that a message was left; it is fetched and stored once."""
        try:
            await self._enter(call_sid, recording_sid, caller, called)
        except StoreFailed as error:
            log.error("a message waits for the database: %s at the telephone company: %s",
                      recording_sid, error)  # fmt: skip
            self._waiting.append((call_sid, recording_sid, caller, called))

    async def run(self) -> None:
        """Enqueue what waits for the database; runs until cancelled."""
        await regularly("entering messages", self._enter_waiting, WAITS_S, first_s=WAITS_S)

    async def _enter_waiting(self) -> None:
        for _ in range(len(self._waiting)):
            await self.left(*self._waiting.popleft())

    async def _enter(self, call_sid: str, recording_sid: str, caller: str, called: str) -> None:
        row = await self._store.conversations.by_call_sid(call_sid)
        if row is None:
            now = self._clock()
            opened = _opened(call_sid, caller, called, now)
            facts = opened_facts(self._engine(), opened, call_sid, "no line was free")
            await self._store.log.append_once(opened.conversation_id, now, facts, "turned_away")
            conversation_id = opened.conversation_id
        else:
            conversation_id = row.id
        await self._ask(JOB, f"{conversation_id}.{recording_sid}")

    async def job(self, key: str, tries: int) -> float | None:
        """Fetch, transcribe and store one message; returns seconds until a retry."""
        conversation_id, _, recording_sid = key.partition(".")
        try:
            pcm = await anyio.to_thread.run_sync(
                _samples, await self._recordings.fetch(recording_sid)
            )
            text = redacted(await transcribed(self._transcriber, pcm, conversation_id))
        except (TelephonyFailed, TranscriptionFailed, ValueError) as error:
            if tries < MOST_TRIES:
                log.warning("a message is tried again: %s", error)
                return AGAIN_S
            log.error("a message stays at the telephone company: %s: %s", recording_sid, error)
            await self._write(conversation_id, recording_sid, None, "")
            return None
        await self._write(conversation_id, recording_sid, pcm, text)
        try:
            await self._recordings.delete(recording_sid)
        except TelephonyFailed as error:
            log.warning("a message could not be deleted at the telephone company: %s", error)
        return None

    async def _write(
        self, conversation_id: str, recording_sid: str, pcm: Pcm | None, text: str
    ) -> None:
        logged = await self._store.log.read(conversation_id)
        known = [entry.fact for entry in logged]
        now, began = self._clock(), logged[0].at if logged else self._clock()
        lines = every(known, UtteranceRecorded)
        turn = max((line.turn for line in lines), default=0) + 1
        duration_ms = round((len(pcm) if pcm is not None else 0) * 1000 / RATE_HZ)
        # A call that had begun is ended by its server or by a sweep, and keeps its recording.
        over = ending(known) is not None or bool(lines)
        start = round((now - began).total_seconds() * 1000) if over else 0
        note = text or f"not transcribed; {recording_sid} is at the telephone company"
        facts: list[Fact] = [
            MessageLeft(text, recording_sid, duration_ms, start),
            Flagged("message_left", turn, start, note),
        ]
        if text:
            facts.append(UtteranceRecorded(turn, "caller", text, start, start + duration_ms))
        if not over:
            if (
                pcm is not None
                and not marked(text)
                and (saved := await self._saved(conversation_id, pcm))
            ):
                facts.append(saved)
            facts.append(ConversationEnded("message", "turned_away", duration_ms))
        await self._store.log.append_once(conversation_id, now, facts, f"message:{recording_sid}")
        await self._wrap_up(conversation_id, turn if over else 0)

    async def _saved(self, conversation_id: str, pcm: Pcm) -> RecordingSaved | None:
        """Store the message as the conversation's recording."""
        try:
            await anyio.to_thread.run_sync(self._to_disk, conversation_id, pcm)
        except OSError as error:
            log.warning("a message could not be kept: %s", error)
            return None
        row = await self._store.conversations.get(conversation_id)
        name = (row.call_sid if row else None) or conversation_id
        return RecordingSaved(recording_url(name), round(len(pcm) * 1000 / RATE_HZ))

    def _to_disk(self, conversation_id: str, pcm: Pcm) -> None:
        writer = self._archive.writer(self._archive.path(conversation_id))
        try:
            for first in range(0, len(pcm), RATE_HZ):
                piece = pcm[first : first + RATE_HZ]
                writer.write(piece, np.zeros(len(piece), np.int16))
        finally:
            writer.close()


def _opened(call_sid: str, caller: str, called: str, at: datetime) -> ConversationOpened:
    """The opening of a call without a stream; identical whichever request comes first."""
    name = uuid5(NAMESPACE_URL, f"turned-away:{call_sid}").hex
    return ConversationOpened(name, "voice", "inbound", caller or None, called or None, at)


def _samples(raw: bytes) -> Pcm:
    """A WAV from Twilio as int16 mono, 8 kHz. Raises: ValueError."""
    try:
        with wave.open(io.BytesIO(raw)) as file:
            if file.getsampwidth() != 2 or file.getframerate() != RATE_HZ:
                raise ValueError("not 16-bit samples at 8 kHz")
            channels = file.getnchannels()
            flat = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    except (wave.Error, EOFError) as error:
        raise ValueError(f"no WAV: {error}") from error
    mono: Pcm = flat[::channels].astype(np.int16)
    return mono
