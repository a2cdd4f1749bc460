"""A small crash matrix: a server killed at random instants of real calls and wrap-ups.

In full: `python -m tests.bench.bench_crashes`. On PostgreSQL `test_kill.py` tells the story once.
"""

from pathlib import Path

import pytest

from tests.bench import bench_crashes
from tests.hostile.process import ForkedServer

pytestmark = pytest.mark.slow


def test_kills_at_random_instants_lose_nothing_and_double_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(bench_crashes, "LONGEST_S", 9.0)
    monkeypatch.setattr(bench_crashes, "ServerProcess", ForkedServer)
    found = bench_crashes.measure(tmp_path, f"sqlite:///{tmp_path / 'calls.db'}", kills=2, seed=3)
    assert found.kills == 2 and found.calls and found.lost == [] and found.twice == []
