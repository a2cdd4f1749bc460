"""Servers for a number of calls, what runs out next, and the cost per minute. Pure.

Everything is a figure per call times the number of calls. Where noted, figures were measured by
`tests/bench/bench_capacity.py` on two cores; beyond that size they are extrapolated. Prices and the
speed of a speech model come from the operator: the speed depends on model, precision and hardware,
and `whisper` on a machine with the model prints it as its decode time.
"""

import math
from dataclasses import dataclass, field

PLANNED = 0.5
"""Planned CPU share per core: on two cores 100 calls had no late frame, 150 had some."""
CALLS_PER_WORKER = 50
"""With remote engines, at that CPU share."""
WORKERS_PER_SERVER = 4
SPARE = 0.05
"""Spare servers as a share of those needed, at least one: for a failure, and for restarts."""
CONNECTIONS = 12
"""Database connections of one worker at its peak; measured 11."""
POLLS_S = 26.0
"""Transactions a second of one idle worker: heartbeats, sweeps, polling for work."""


@dataclass(frozen=True, slots=True)
class PerMinute:
    """What one minute of a call uses, measured with callers who speak a fifth of the time."""

    decodes: float = 11.0
    """Transcription requests; some utterances need two, when speech went on."""
    heard_s: float = 22.0
    """Audio sent in them."""
    prompt_tokens: float = 3_300.0
    """Over five requests, at four characters a token."""
    worded_tokens: float = 300.0
    """Assumed, 60 per request: the measured model says little."""
    voiced_characters: float = 620.0
    rows: float = 120.0
    reads: float = 77.0
    """Read-only transactions."""
    writes: float = 42.0
    """Writing transactions."""
    wal_kb: float = 80.0
    """Write-ahead log written."""
    wire_kbit_s: float = 170.0
    """Each way while somebody speaks: 64 kbit/s of audio in base64, JSON, WebSocket and TCP."""


USED = PerMinute()


@dataclass(frozen=True, slots=True)
class Engines:
    """`core`: CPU share of one core per call; `decode_s`: accelerator seconds per decode."""

    name: str
    core: float
    decode_s: float = 0.0
    vendor: bool = False
    """Whether recogniser, language model and voice are services paid by use."""


REMOTE = Engines("remote", 0.0099, vendor=True)
"""Measured at 100 calls, including HTTP to the services."""
EMBEDDED = Engines("embedded", 0.039)
"""Measured at 3 calls, including pocketsphinx and espeak-ng."""


def whisper(decode_s: float) -> Engines:
    """Whisper on our own accelerators, at this many seconds per utterance."""
    return Engines("whisper", REMOTE.core, decode_s)


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of the one database and the network."""

    writes_s: float = 5_000.0
    """Writing transactions a second."""
    connections: float = 100.0
    """PostgreSQL's default max_connections."""
    mbit_s: float = 10_000.0


@dataclass(frozen=True, slots=True)
class Plan:
    """A fleet for so many concurrent calls."""

    calls: int
    engines: str
    calls_per_core: float
    workers: int
    servers: int
    accelerators: int
    rows_s: float
    writes_s: float
    reads_s: float
    """Includes what idle workers read."""
    wal_mb_s: float
    connections: int
    mbit_s: float
    gives_out: dict[str, int] = field(default_factory=dict)
    """The number of calls at which each shared resource runs out, the first one first."""


def plan(calls: int, engines: Engines, limits: Limits = Limits()) -> Plan:
    """The fleet for `calls` concurrent calls on average in the busiest hour.

    It has headroom for three standard deviations, as calls arrive at random, and for a dead server.
    """
    per_core = min(CALLS_PER_WORKER * REMOTE.core, PLANNED) / engines.core
    workers = math.ceil(calls / per_core)
    most = calls + 3 * math.sqrt(calls)
    needed = math.ceil(most / per_core / WORKERS_PER_SERVER)
    writes_s, mbit_s = USED.writes / 60, USED.wire_kbit_s / 1000
    gives_out = {
        "database connections": limits.connections / CONNECTIONS * per_core,
        "database writes": limits.writes_s / writes_s,
        "network": limits.mbit_s / mbit_s,
    }
    return Plan(
        calls=calls,
        engines=engines.name,
        calls_per_core=round(per_core, 1),
        workers=workers,
        servers=needed + max(1, math.ceil(needed * SPARE)),
        accelerators=math.ceil(calls * USED.decodes / 60 * engines.decode_s / PLANNED),
        rows_s=round(calls * USED.rows / 60, 1),
        writes_s=round(calls * writes_s, 1),
        reads_s=round(calls * USED.reads / 60 + workers * POLLS_S, 1),
        wal_mb_s=round(calls * USED.wal_kb / 60_000, 2),
        connections=workers * CONNECTIONS,
        mbit_s=round(calls * mbit_s, 1),
        gives_out={name: int(at) for name, at in sorted(gives_out.items(), key=lambda x: x[1])},
    )


@dataclass(frozen=True, slots=True)
class Prices:
    """In the operator's currency; a price not given counts as zero."""

    telephony_minute: float = 0.0
    """Phone number and media stream."""
    transcription_minute: float = 0.0
    prompt_million: float = 0.0
    """Per million tokens."""
    worded_million: float = 0.0
    voice_million: float = 0.0
    """Per million characters."""
    core_hour: float = 0.0
    accelerator_hour: float = 0.0


def minute_costs(made: Plan, engines: Engines, prices: Prices) -> dict[str, float]:
    """The cost of one call minute by item, with the fleet as full as planned."""
    cores = made.servers * WORKERS_PER_SERVER
    costs = {
        "telephony": prices.telephony_minute,
        "servers": prices.core_hour / 60 * cores / made.calls,
        "accelerators": prices.accelerator_hour / 60 * made.accelerators / made.calls,
    }
    if engines.vendor:
        costs |= {
            "hearing": prices.transcription_minute * USED.heard_s / 60,
            "wording": (USED.prompt_tokens * prices.prompt_million
                        + USED.worded_tokens * prices.worded_million) / 1e6,
            "voice": USED.voiced_characters / 1e6 * prices.voice_million,
        }  # fmt: skip
    return {name: round(cost, 5) for name, cost in costs.items() if cost}
