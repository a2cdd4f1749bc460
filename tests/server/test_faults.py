"""What counts as a bug of ours: log lines that we wrote with a stack trace."""

import logging
from typing import get_args

from prometheus_client import CollectorRegistry

from core.events import Noted
from voice_agent.observe import CallMetrics, Engine
from voice_agent.server.faults import counted


def test_lines_with_a_stack_are_counted_while_the_server_runs_and_no_others():
    registry, ours = CollectorRegistry(), logging.getLogger("voice_agent.call.session")

    def falls_over(log: logging.Logger) -> None:
        try:
            raise LookupError("a bug")
        except LookupError:
            log.exception("fell over")

    with counted(registry):
        falls_over(ours)
        falls_over(logging.getLogger("core.store.writer"))
        falls_over(logging.getLogger("uvicorn.error"))
        ours.error("the database is away")
    falls_over(ours)
    assert registry.get_sample_value("voice_agent_faults_total") == 2


def test_a_language_model_that_failed_is_counted_by_what_was_written_of_it():
    registry = CollectorRegistry()
    metrics = CallMetrics(registry)
    metrics.wrote([
        Noted("realiser_fallback", {"reason": "slow"}), Noted("model_reading", {"failed": ""}),
        Noted("model_reading", {"failed": "away"}), Noted("model_reading", {"failed": "away"}),
    ])  # fmt: skip
    name = "voice_agent_engine_failures_total"
    told = [registry.get_sample_value(name, {"engine": engine}) for engine in get_args(Engine)]
    assert dict(zip(get_args(Engine), told, strict=True)) == {
        "hearing": 0, "voice": 0, "wording": 1, "reading": 2
    }  # fmt: skip
