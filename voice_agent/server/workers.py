"""`serve --workers N`: several server processes behind one port, a small fleet on one machine.

A process has one interpreter lock, so it serves about as many calls as one core can. Workers share
only the listening socket and the database: what holds between machines holds between them. The
parent only starts them, forwards signals, and restarts a worker that died, whose conversations the
others finish. Each is forked from a process that has done nothing but import the server, so that
imports are read once and shared in memory.
"""

import logging
import multiprocessing
import os
import secrets
import shutil
import signal
import socket
import sys
import threading
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess

from prometheus_client import multiprocess
from pydantic import SecretStr

from voice_agent.config import Settings, share_metrics
from voice_agent.observe import set_up_logging

log = logging.getLogger(__name__)
START_S = 180.0
"""Timeout for a worker to be ready; the first may have a language model to build."""
REST_S = 1.0
"""Wait before restarting a worker that died, doubled each time up to a minute."""
LONGEST_REST_S = 60.0
LOOK_S = 0.2
"""How often a rest, or a request to stop, is noticed while no worker dies."""
_IMPORTED = ["voice_agent.server.serving", "dbos", "alembic.command"]
"""Modules every worker needs, whatever its settings."""
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@dataclass(slots=True)
class _Worker:
    number: int
    process: ForkServerProcess
    line: Connection
    began: float = field(default_factory=time.monotonic)


class Workers:
    """The workers of one machine, kept alive until the parent is told to stop."""

    def __init__(self, settings: Settings, bound: socket.socket) -> None:
        count = settings.workers
        token = settings.api_token.get_secret_value() or secrets.token_urlsafe(24)
        self._settings = settings.model_copy(
            update={
                "api_token": SecretStr(token),
                "max_calls": -(-settings.max_calls // count),  # at least as many in all
            }
        )
        self._count = count
        self._metrics = settings.shared_metrics
        self._bound = bound
        self._forking = multiprocessing.get_context("forkserver")
        self._forking.set_forkserver_preload(_IMPORTED)
        self._workers: dict[int, _Worker] = {}
        self._stopping = False

    def run(self) -> int:
        """Start all, one after another; returns when all have ended."""
        set_up_logging()
        self._clear_metrics()
        for number in SIGNALS:
            signal.signal(number, self._pass_on)
        for n in range(self._count):
            if self._stopping:
                break
            worker = self._start(n)
            if not _ready(worker):
                self._pass_on(signal.SIGTERM)
                return self._last_code(worker)
        if not self._stopping:
            log.info("%d workers are ready", self._count)
        return self._keep()

    def _clear_metrics(self) -> None:
        assert self._metrics is not None, "there are several workers"
        shutil.rmtree(self._metrics, ignore_errors=True)
        self._metrics.mkdir(parents=True)
        share_metrics(self._metrics)

    def _start(self, number: int) -> _Worker:
        mine, theirs = self._forking.Pipe()
        process = self._forking.Process(
            target=_worker, args=(self._settings, self._bound, number, theirs)
        )
        process.start()
        theirs.close()
        self._workers[number] = _Worker(number, process, mine)
        return self._workers[number]

    def _pass_on(self, number: int, _frame: object = None) -> None:
        self._stopping = self._stopping or number != signal.SIGHUP
        for worker in self._workers.values():
            if worker.process.is_alive() and worker.process.pid:
                os.kill(worker.process.pid, number)

    def _keep(self) -> int:
        """Restart workers that die until told to stop; then wait for all."""
        rests, due = [REST_S] * self._count, dict[int, float]()
        while self._workers or due:
            self._start_due(due)
            ended = wait([w.process.sentinel for w in self._workers.values()], timeout=LOOK_S)
            gone = [w for w in self._workers.values() if w.process.sentinel in ended]
            for worker in gone:
                worker.process.join()
                worker.line.close()
                multiprocess.mark_process_dead(worker.process.pid, str(self._metrics))  # type: ignore[no-untyped-call]
                del self._workers[worker.number]
                if self._stopping:
                    continue
                log.error("worker %d ended with %s", worker.number, worker.process.exitcode)
                lived_s = time.monotonic() - worker.began
                rest = REST_S if lived_s > LONGEST_REST_S else rests[worker.number]
                rests[worker.number] = min(rest * 2, LONGEST_REST_S)
                due[worker.number] = time.monotonic() + rest
        return 0

    def _start_due(self, due: dict[int, float]) -> None:
        """Start the workers whose rest is over, none when stopping; `due`: when each one's is."""
        if self._stopping:
            due.clear()
        for number in [n for n, at in due.items() if at <= time.monotonic()]:
            del due[number]
            self._start(number)

    def _last_code(self, worker: _Worker) -> int:
        for each in self._workers.values():
            each.process.join(START_S)
        return worker.process.exitcode or 1


def _ready(worker: _Worker) -> bool:
    """Wait until the worker serves; False when it ended first."""
    return worker.line in wait([worker.line, worker.process.sentinel], START_S) and _said(worker)


def _said(worker: _Worker) -> bool:
    try:
        return bool(worker.line.recv())
    except EOFError:
        return False


def _worker(settings: Settings, bound: socket.socket, number: int, line: Connection) -> None:
    """The process of one worker: in its own session, ended when its parent is gone."""
    os.setsid()  # else Ctrl-C reaches it twice: from the terminal and the parent
    threading.Thread(target=_end_with_parent, args=(line,), daemon=True).start()
    from voice_agent.server.serving import serve_on

    sys.exit(serve_on(settings, bound, number, lambda: line.send(True)))


def _end_with_parent(line: Connection) -> None:
    try:
        line.recv()
    except (EOFError, OSError):
        os.kill(os.getpid(), signal.SIGTERM)
