"""The server's Prometheus metrics, and its logs, with card-like numbers removed."""

import logging
import sys
from collections.abc import MutableMapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

import structlog
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

from core.events import Fact, Noted, TurnTimed
from core.privacy.cards import redacted

Engine = Literal["hearing", "voice", "wording", "reading"]
_BUCKETS_S = (0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9, 1.2, 1.5, 2.0, 3.0, 5.0)


class CallMetrics:
    """Metrics of the voice path, shared by all calls of a server."""

    def __init__(self, registry: CollectorRegistry) -> None:
        prefix = "voice_agent_"
        self.active = Gauge(
            prefix + "calls_active", "Calls being served", registry=registry,
            multiprocess_mode="livesum",
        )  # fmt: skip
        self.ended = Counter(
            prefix + "calls_ended", "Calls served, by how they ended", ["reason"], registry=registry
        )
        self.refused = Counter(
            prefix + "calls_refused", "Calls and sockets refused", ["why"], registry=registry
        )
        self._heard = Histogram(
            prefix + "heard_latency_seconds",
            "Caller's last sample to our first sample playing",
            buckets=_BUCKETS_S,
            registry=registry,
        )
        self._stage = Histogram(
            prefix + "turn_stage_seconds",
            "Parts of the heard latency",
            ["stage"],
            buckets=_BUCKETS_S,
            registry=registry,
        )
        self._barge = Counter(
            prefix + "barge_in", "Speech over the agent, by outcome", ["outcome"], registry=registry
        )
        self._speculations = Counter(
            prefix + "speculations", "Replies prepared ahead, by outcome", ["outcome"],
            registry=registry,
        )  # fmt: skip
        self._questions = Counter(
            prefix + "question_embeddings", "Turns with questions to embed, by outcome",
            ["outcome"], registry=registry,
        )  # fmt: skip
        self.messages = Counter(
            prefix + "stream_messages_refused", "Media stream messages not used", ["why"],
            registry=registry,
        )  # fmt: skip
        self.underruns = Counter(
            prefix + "playback_underruns", "Times the caller's buffer ran dry inside a reply",
            registry=registry,
        )  # fmt: skip
        self.transfers = Counter(
            prefix + "transfers", "Callers put through, by what became of it", ["outcome"],
            registry=registry,
        )  # fmt: skip
        self._failures = Counter(
            prefix + "engine_failures", "Times an engine failed or was too slow for a call",
            ["engine"], registry=registry,
        )  # fmt: skip
        for engine in get_args(Engine):
            self._failures.labels(engine)
        self._kept = Gauge(
            prefix + "facts_kept", "Conversations of which facts are kept on the disk, by state",
            ["state"], registry=registry, multiprocess_mode="livemostrecent",
        )  # fmt: skip
        self._troubles = {
            "dead_air": Counter(
                prefix + "dead_air", "Times a caller waited over four seconds for our words",
                registry=registry,
            ),
            "stuck_speaking": Counter(
                prefix + "stuck_speaking", "Times our speech was not confirmed or did not end",
                registry=registry,
            ),
            "late_speech": Counter(
                prefix + "late_speech", "Calls whose callers heard gaps, or much of it late",
                registry=registry,
            ),
        }  # fmt: skip
        self.late = Counter(
            prefix + "late_frames",
            "Media sent more than 20 ms after the far end's buffer was down to 200 ms",
            registry=registry,
        )

    def engine_failed(self, engine: Engine) -> None:
        """A fallback had to replace an engine."""
        self._failures.labels(engine).inc()

    def wrote(self, facts: Sequence[Fact]) -> None:
        """Count what these stored facts show: a language model's failures appear nowhere else."""
        for fact in facts:
            if isinstance(fact, Noted) and fact.kind == "realiser_fallback":
                self.engine_failed("wording")
            elif isinstance(fact, Noted) and fact.kind == "model_reading" and fact.data["failed"]:
                self.engine_failed("reading")

    def kept(self, waiting: int, refused: int) -> None:
        """Conversations with facts that wait for the database, or that it refused."""
        self._kept.labels("waiting").set(waiting)
        self._kept.labels("refused").set(refused)

    def answered(self, timed: TurnTimed) -> None:
        """A turn's reply began to play."""
        self._heard.observe(timed.heard_ms / 1000)
        for stage in ("endpoint", "stt", "reply", "tts", "send"):
            self._stage.labels(stage).observe(getattr(timed, f"{stage}_ms") / 1000)

    def noticed(self, trouble: str) -> None:
        """A call's watchdog raised a flag; counted by its kind."""
        self._troubles[trouble].inc()

    def paused(self) -> None:
        """Someone spoke over the agent."""
        self._barge.labels("paused").inc()

    def resumed(self, because: Literal["noise", "backchannel", "echo"]) -> None:
        """It was no interruption; the agent went on."""
        self._barge.labels(because).inc()

    def interrupted(self) -> None:
        """It was an interruption; the agent stopped."""
        self._barge.labels("interrupted").inc()

    def speculated(self) -> None:
        """A reply is being prepared before the turn has ended."""
        self._speculations.labels("started").inc()

    def embedded(self, outcome: str) -> None:
        """Count a turn's question embedding by its outcome."""
        self._questions.labels(outcome).inc()

    def speculation_hit(self) -> None:
        """A prepared reply was used."""
        self._speculations.labels("used").inc()


def exposition(registry: CollectorRegistry, shared: Path | None) -> bytes:
    """What Prometheus scrapes: this process's metrics, or with a folder those of all workers."""
    if shared is not None:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry, str(shared))  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def set_up_logging(level: str = "INFO") -> None:
    """Structured lines on standard error, for our loggers and the libraries'."""
    shared: list[structlog.types.Processor] = [
        structlog.stdlib.ExtraAdder(),
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.types.Processor = (
        structlog.dev.ConsoleRenderer()
        if sys.stderr.isatty()
        else structlog.processors.LogfmtRenderer(
            key_order=["timestamp", "level", "event"], bool_as_flag=False
        )
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _no_cards,
            renderer,
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in (
        "httpx",
        "httpx2",
        "httpcore",
        "openai",
        "twilio",
        "uvicorn",
        "dbos",
        "alembic",
        "faster_whisper",
    ):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _no_cards(
    _logger: Any, _name: str, fields: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Remove anything that looks like a card number from a log line, whatever wrote it."""
    for name, value in fields.items():
        if isinstance(value, str):
            fields[name] = redacted(value)
    return fields
