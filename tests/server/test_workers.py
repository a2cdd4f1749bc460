"""Workers are restarted each after its own rest, whatever the others do."""

import os
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from voice_agent.config import Settings
from voice_agent.server import workers


class Process:
    """A process that ends when told to."""

    pid, exitcode = 999_999_999, 1

    def __init__(self) -> None:
        self.sentinel, self._end = os.pipe()

    def end(self) -> None:
        os.close(self._end)

    def join(self) -> None:
        os.close(self.sentinel)


class Started(workers.Workers):
    """Workers whose processes are not real; `at`: when each was started."""

    def __init__(self, settings: Settings, bound: socket.socket) -> None:
        super().__init__(settings, bound)
        self.at: list[tuple[int, float]] = []
        self.processes: list[Process] = []

    def _start(self, number: int) -> Any:
        self.at.append((number, time.monotonic()))
        self.processes.append(Process())
        line, _ = self._forking.Pipe()
        self._workers[number] = workers._Worker(number, self.processes[-1], line)  # type: ignore[arg-type]
        if len(self.at) == 4:
            self._stopping = True
            for process in self.processes[2:]:
                process.end()
        return self._workers[number]


def test_a_worker_that_ended_is_started_again_while_another_rests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(workers, "REST_S", 0.5)
    monkeypatch.setattr(workers, "LOOK_S", 0.02)
    with socket.socket() as bound:
        made = Started(Settings(_env_file=None, var=tmp_path, workers=2), bound)
        began = time.monotonic()
        for number in range(2):
            made._start(number)
            made.processes[number].end()
        assert made._keep() == 0
    assert [number for number, _ in made.at] == [0, 1, 0, 1]
    assert made.at[-1][1] - began < 0.9, "both rested at the same time"
