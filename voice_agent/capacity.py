"""How many servers so many calls need, what gives out next, and what a minute costs. Pure.

Everything here is a figure per call times a number of calls. The figures were measured by
`tests/bench/bench_capacity.py` on two cores, where it says so; beyond that size they are computed.
Prices and the speed of a speech model are the operator's own input: the latter depends on model,
precision and hardware, and is what `whisper` of a machine with the model prints as its decode time.
"""

import math
from dataclasses import dataclass, field

PLANNED = 0.5
"""Share of a core that is planned with: 100 calls on two cores had no late piece, 150 had."""
CALLS_PER_WORKER = 50
"""Of remote engines, by that share."""
WORKERS_PER_SERVER = 4
SPARE = 0.05
"""Servers beyond what the calls need, at least one: for one that dies, and for restarts."""
CONNECTIONS = 12
"""Of one worker to the database, most at once; measured 11."""
POLLS_S = 26.0
"""Transactions a second of one worker without calls: heartbeats, sweeps, looks for work."""


@dataclass(frozen=True, slots=True)
class PerMinute:
    """What a minute of a call comes to, measured with callers who speak a fifth of the time."""

    decodes: float = 11.0
    """Transcriptions asked of the engine: some twice, when speech went on."""
    heard_s: float = 22.0
    """Audio in them."""
    prompt_tokens: float = 3_300.0
    """In five requests, at four characters a token."""
    worded_tokens: float = 300.0
    """Assumed, 60 a request: the model that was measured with says little."""
    voiced_characters: float = 620.0
    rows: float = 120.0
    reads: float = 77.0
    """Transactions that only read."""
    writes: float = 42.0
    """Transactions that write."""
    wal_kb: float = 80.0
    """Write-ahead log."""
    wire_kbit_s: float = 170.0
    """Each way while somebody speaks: 64 kbit/s of sound in base64, JSON, WebSocket and TCP."""


USED = PerMinute()


@dataclass(frozen=True, slots=True)
class Engines:
    """`core`: share of a core one call takes; `decode_s`: seconds of an accelerator a decode."""

    name: str
    core: float
    decode_s: float = 0.0
    vendor: bool = False
    """Whether hearing, wording and voice are somebody's services, paid by use."""


REMOTE = Engines("remote", 0.0099, vendor=True)
"""Measured at 100 calls, HTTP to the services included."""
EMBEDDED = Engines("embedded", 0.039)
"""Measured at 3 calls: pocketsphinx and espeak-ng included."""


def whisper(decode_s: float) -> Engines:
    """Whisper on accelerators of ours, each decoding one utterance in so many seconds."""
    return Engines("whisper", REMOTE.core, decode_s)


@dataclass(frozen=True, slots=True)
class Limits:
    """What the one database and the network take."""

    writes_s: float = 5_000.0
    """Transactions a second that write."""
    connections: float = 100.0
    """PostgreSQL's own default of max_connections."""
    mbit_s: float = 10_000.0


@dataclass(frozen=True, slots=True)
class Plan:
    """A fleet for so many calls at once."""

    calls: int
    engines: str
    calls_per_core: float
    workers: int
    servers: int
    accelerators: int
    rows_s: float
    writes_s: float
    reads_s: float
    """What workers ask without calls, too."""
    wal_mb_s: float
    connections: int
    mbit_s: float
    gives_out: dict[str, int] = field(default_factory=dict)
    """At how many calls each of the shared parts is used up, the next one first."""


def plan(calls: int, engines: Engines, limits: Limits = Limits()) -> Plan:
    """What `calls` at once on average, in the busiest hour, need.

    There is room for three standard deviations more, as calls come by chance, and for a dead
    server.
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
    """In one currency of the operator's; what is not given costs nothing."""

    telephony_minute: float = 0.0
    """Number and media stream."""
    transcription_minute: float = 0.0
    prompt_million: float = 0.0
    """A million tokens."""
    worded_million: float = 0.0
    voice_million: float = 0.0
    """A million characters."""
    core_hour: float = 0.0
    accelerator_hour: float = 0.0


def minute_costs(made: Plan, engines: Engines, prices: Prices) -> dict[str, float]:
    """What a minute of a call costs, by where it goes, with the fleet as full as it was planned."""
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
