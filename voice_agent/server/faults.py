"""`Faults`: counts log lines with a stack trace. Each is a bug of ours, wherever it is."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter

OURS = ("voice_agent", "core", "knowledge")


class Faults(logging.Handler):
    """A handler that writes nothing."""

    def __init__(self, counter: Counter) -> None:
        super().__init__(logging.ERROR)
        self._counter = counter

    def emit(self, record: logging.LogRecord) -> None:
        """Count the line if it has a stack trace and one of our modules wrote it."""
        if record.exc_info and record.name.partition(".")[0] in OURS:
            self._counter.inc()


@contextmanager
def counted(registry: CollectorRegistry) -> Iterator[None]:
    """Count faults in the registry's metrics while this is open."""
    counter = Counter("voice_agent_faults", "Lines of the log with a stack", registry=registry)
    handler = Faults(counter)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
