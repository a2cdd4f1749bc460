"""Many callers from one cheap process: prebuilt frames over raw sockets; reports what they got.

    python -m tests.bench.load --to http://127.0.0.1:8080 --calls 100 --seconds 30

Each caller speaks an utterance of the fixtures whenever the agent has been silent for 0.7 s, until
the time is up, and sends line hiss meanwhile. Prints JSON. A gap is agent audio that arrived after
the buffer had run dry inside a clause (no mark in between): the caller hears a stutter. `own_late`
is this process's lateness.
"""

import argparse
import asyncio
import json
import sys
import time
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import numpy as np
import uvloop

from tests.bench.websocket import Peer, handshake
from voice_agent.audio import g711
from voice_agent.audio.pcm import FRAME_S, RATE_HZ
from voice_agent.audio.wav import read_mono
from voice_agent.emulator import twiml
from voice_agent.emulator.messages import Ids, Writer
from voice_agent.emulator.script import FIXTURES
from voice_agent.emulator.webhook import Numbers, voice_fields

UTTERANCES = (
    "pricing/01_hello_how_much_is.wav", "correction/01_hi_we_are_a.wav",
    "demo/03_okay_do_you_support.wav", "unanswerable/03_do_you_sell_insurance.wav",
    "pricing/02_and_is_there_a.wav", "demo/06_another_question_can_it.wav",
    "unanswerable/01_hello_can_your_software.wav", "demo/01_hi_there_i_was.wav",
)  # fmt: skip
FRAME = int(FRAME_S * RATE_HZ)
SILENCE = b64encode(g711.SILENCE * FRAME)
NOISE_DBFS = -62.0
"""Level of a quiet line: telephone lines carry no digital silence."""
FIRST_WORDS_S, TURN_TAKING_S, PATIENCE_S = 3.0, 0.7, 8.0
SPREAD_S = 9
"""Callers first speak this far apart, so that they do not all talk at once."""
GAP_S = 0.005
PHASES = 10
"""Callers are spread over this many phases of the 20 ms frame, as calls are."""


@dataclass(frozen=True)
class Utterance:
    frames: list[bytes]
    """Base64 payloads of 20 ms."""
    speech_end_s: float


@dataclass
class Tally:
    """Totals over all callers of this process."""

    connected: int = 0
    turned_away: int = 0
    ended_early: int = 0
    frames: int = 0
    spoken: int = 0
    """Frames of speech."""
    own_late: int = 0
    own_worst_ms: float = 0.0
    media: int = 0
    gaps: int = 0
    worst_gap_ms: float = 0.0
    utterances: int = 0
    heard_ms: list[int] = field(default_factory=list)


def utterances() -> list[Utterance]:
    """The fixtures' utterances as they go over the wire."""
    files = json.loads((FIXTURES / "manifest.json").read_text(encoding="utf-8"))["files"]
    made = []
    for name in UTTERANCES:
        sound = g711.encode(read_mono(FIXTURES / name))
        sound += g711.SILENCE * (-len(sound) % FRAME)
        frames = [b64encode(sound[at : at + FRAME]) for at in range(0, len(sound), FRAME)]
        made.append(Utterance(frames, files[name]["speech_ms"][-1][1] / 1000))
    return made


def noise() -> list[bytes]:
    """Two seconds of a quiet line's hiss as they go over the wire."""
    made = np.random.default_rng(1).normal(0.0, 32768 * 10 ** (NOISE_DBFS / 20), 2 * RATE_HZ)
    sound = g711.encode(np.rint(made).astype(np.int16))
    return [b64encode(sound[at : at + FRAME]) for at in range(0, len(sound), FRAME)]


class LoadCaller(Peer):
    """One caller: speaks when the agent is silent, and records what it hears."""

    def __init__(self, ids: Ids, parameters: dict[str, str], talk: list[Utterance], first: int,
                 line: list[bytes], tally: Tally,
                 clock: Callable[[], float] = time.monotonic) -> None:  # fmt: skip
        super().__init__()
        self._clock = clock
        self._writer = Writer(ids)
        self._sid = ids.stream_sid
        self._tail = f'"}},"streamSid":"{ids.stream_sid}"}}'.encode()
        self._parameters = parameters
        self._talk, self._next = talk, first
        self._first_words_s = FIRST_WORDS_S + first % SPREAD_S
        self._line = line
        self._tally = tally
        self._began: float | None = None
        self._sent = 0
        self._saying: Utterance | None = None
        self._said_from = 0
        self._spoke_until: float | None = None
        self._free_at = 0.0
        self._answered = False
        self._dry_at = 0.0
        self._in_clause = False
        self._marks: list[tuple[float, str]] = []

    def opened(self) -> None:
        """The handshake is done: start the stream."""
        self.send_text(self._writer.connected().encode())
        self.send_text(self._writer.start(self._parameters).encode())
        self._began = self._clock()
        self._tally.connected += 1

    def tick(self, now: float) -> None:
        """Send every frame that is due, and the marks that playback has reached."""
        if self._began is None or self.closed:
            return
        at = now - self._began
        late_ms = (at - (self._sent + 1) * FRAME_S) * 1000
        self._tally.own_worst_ms = max(self._tally.own_worst_ms, late_ms - FRAME_S * 1000)
        while (self._sent + 1) * FRAME_S <= at:
            self._tally.own_late += at - (self._sent + 1) * FRAME_S > FRAME_S + 0.010
            self._frame()
        while self._marks and self._marks[0][0] <= at:
            self.send_text(self._writer.mark(self._marks.pop(0)[1]).encode())

    def _frame(self) -> None:
        at = self._sent * FRAME_S
        if self._talk and self._saying is None and self._may_speak(at):
            self._saying, self._said_from = self._talk[self._next % len(self._talk)], self._sent
            self._next += 1
            self._tally.utterances += 1
        payload = self._line[self._sent % len(self._line)]
        if self._saying is not None:
            index = self._sent - self._said_from
            payload = self._saying.frames[index]
            self._tally.spoken += 1
            if index == len(self._saying.frames) - 1:
                self._spoke_until = self._said_from * FRAME_S + self._saying.speech_end_s
                self._free_at = (self._sent + 1) * FRAME_S
                self._saying, self._answered = None, False
        self._sent += 1
        self._tally.frames += 1
        stamp = b'{"event":"media","sequenceNumber":"%d","media":{"track":"inbound","chunk":"%d",'
        body = b'"timestamp":"%d","payload":"' % ((self._sent - 1) * 20)
        self.send_text(stamp % (self._sent + 2, self._sent) + body + payload + self._tail)

    def _may_speak(self, at: float) -> bool:
        """Whether the caller takes the floor: at first in the middle of the greeting."""
        if not self._free_at:
            return at >= self._first_words_s
        silent_s = at - max(self._dry_at, self._free_at)
        return silent_s >= (TURN_TAKING_S if self._answered else PATIENCE_S)

    def received(self, text: bytes) -> None:
        """One message of the server."""
        at = self._clock() - (self._began or 0.0)
        if text.startswith(b'{"event":"media"'):
            self._media(text, at)
        elif b'"mark"' in text[:20]:
            self._in_clause = False
            self._marks.append((max(at, self._dry_at), json.loads(text)["mark"]["name"]))
        elif b'"clear"' in text[:20]:
            self._in_clause = False
            self._dry_at = min(self._dry_at, at)
            for _, name in self._marks:
                self.send_text(self._writer.mark(name).encode())
            self._marks.clear()

    def _media(self, text: bytes, at: float) -> None:
        self._tally.media += 1
        gap_s = at - self._dry_at
        if self._in_clause and gap_s > GAP_S:
            self._tally.gaps += 1
            self._tally.worst_gap_ms = max(self._tally.worst_gap_ms, gap_s * 1000)
        if self._spoke_until is not None and self._saying is None:
            self._tally.heard_ms.append(round((at - self._spoke_until) * 1000))
            self._spoke_until = None
        self._answered = self._answered or self._saying is None
        begin = text.index(b'"payload":"') + 11
        length = text.index(b'"', begin) - begin
        self._dry_at = max(at, self._dry_at) + length * 3 // 4 / RATE_HZ
        self._in_clause = True

    def hang_up(self) -> None:
        """End the stream like a caller."""
        if self.closed:
            self._tally.ended_early += 1
        else:
            self.send_text(self._writer.stop().encode())
            self.close()


async def _caller(http: httpx.AsyncClient, url: str, n: int, talk: list[Utterance],
                  line: list[bytes], tally: Tally) -> LoadCaller | None:  # fmt: skip
    own = f"+1415555{100 + n:04d}"
    numbers = Numbers("AC" + uuid4().hex, "CA" + uuid4().hex, own, "+18005550100")
    answer = await http.post(f"{url}/twilio/voice", data=voice_fields(numbers, "ringing"))
    streams = [verb for verb in twiml.parse(answer.text) if isinstance(verb, twiml.ConnectStream)]
    if not streams:
        tally.turned_away += 1
        return None
    stream = streams[0]
    ids = Ids(numbers.account_sid, numbers.call_sid, "MZ" + uuid4().hex)
    caller = LoadCaller(ids, dict(stream.parameters), talk, n, line, tally)
    there = urlsplit(url)
    loop = asyncio.get_running_loop()
    await loop.create_connection(lambda: caller, there.hostname or "127.0.0.1", there.port or 80)
    caller.transport.write(handshake(there.netloc, "/twilio/media"))
    return caller


async def _load(url: str, count: int, seconds: float, ramp_s: float, mute: bool, digital: bool
                ) -> Tally:  # fmt: skip
    talk, tally = [] if mute else utterances(), Tally()
    line = [SILENCE] if digital else noise()
    groups: list[list[LoadCaller]] = [[] for _ in range(PHASES)]
    over = asyncio.Event()

    async def ticking() -> None:
        step, n = FRAME_S / PHASES, 0
        began = time.monotonic()
        while not over.is_set():
            await asyncio.sleep(max(0.0, began + n * step - time.monotonic()))
            for caller in groups[n % PHASES]:
                caller.tick(time.monotonic())
            n += 1

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(ticking())
        async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
            for n in range(count):
                if (caller := await _caller(http, url, n, talk, line, tally)) is not None:
                    groups[n % PHASES].append(caller)
                await asyncio.sleep(ramp_s / count)
        tally.own_worst_ms, tally.own_late, tally.frames, tally.spoken = 0.0, 0, 0, 0
        print("steady", flush=True)
        await asyncio.sleep(seconds)
        over.set()
        for group in groups:
            for caller in group:
                caller.hang_up()
    return tally


def main() -> None:
    """Load the server and print the tally."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--to", required=True, metavar="URL")
    parser.add_argument("--calls", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--ramp", type=float, default=5.0, help="seconds over which calls begin")
    parser.add_argument("--mute", action="store_true", help="callers never say a word")
    parser.add_argument(
        "--digital-silence", action="store_true", help="callers who say nothing send zeros"
    )
    given = parser.parse_args()
    tally = uvloop.run(
        _load(given.to, given.calls, given.seconds, given.ramp, given.mute, given.digital_silence)
    )
    json.dump(tally.__dict__, sys.stdout)


if __name__ == "__main__":
    main()
