"""For every test: virtual time unless marked otherwise, and no task left behind.

On request: a database with its tables, SQLite's (`store`) or one of each kind (`both`).
"""

import asyncio
import gc
import logging
import os
import warnings
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping
from contextlib import asynccontextmanager
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.virtual_time import VirtualTimeLoop

if TYPE_CHECKING:
    from core.store.store import Store

os.environ["SSL_CERT_FILE"] = str(Path(__file__).parent / "fakes" / "nobody.pem")
"""Tests trust no certificate authority: every client would read the file of all, taking 28 ms."""
os.environ.setdefault("OMP_NUM_THREADS", "1")  # more would spin while waiting for each other
RARELY = (50_000, 20, 100)
"""Garbage collection thresholds, the same as for what the command line starts."""
REAL_CLOCK = ("engine", "slow", "postgres", "real_clock")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--must-run", action="store_true", help="a skipped test fails the run; for CI")
    parser.addoption(
        "--most-cases", type=int, default=0, metavar="N",
        help="of each test run with many values at most this many, spread over all; 0: every one",
    )  # fmt: skip


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """When everything is installed, a skip hides a missing check."""
    if not session.config.getoption("--must-run"):
        return
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    every = reporter.stats.get("skipped", []) if reporter else []
    skipped = [report for report in every if "by_hand" not in report.keywords]
    if skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.write_line(f"--must-run: {len(skipped)} test(s) were skipped", red=True)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Exempt imports and collected tests from garbage collection: scanning them takes a fifth of
    the collection time, and goes on for as long as tests run. What tests create is mostly freed by
    reference counting."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(*RARELY)
        gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Start with files of whole processes and calls, then those with other real-clock tests, and
    alternate with the rest: what waits runs beside what computes, and is not left for the end,
    where it would run alone."""
    if most := config.getoption("--most-cases"):
        _sample(config, items, most)
    files: dict[str, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.nodeid.partition("::")[0], []).append(item)

    def waiting(file: str, *names: str) -> bool:
        return any(i.get_closest_marker(name) for i in files[file] for name in names)

    slow = [f for f in files if waiting(f, "slow", "engine")]
    slow += [f for f in files if f not in {*slow} and waiting(f, *REAL_CLOCK)]
    rest = [f for f in files if f not in {*slow}]
    mixed = [f for pair in zip_longest(slow, rest) for f in pair if f is not None]
    items[:] = [item for file in mixed for item in files[file]]


def _sample(config: pytest.Config, items: list[pytest.Item], most: int) -> None:
    """Keep every test, but of its cases only the first, the last and some evenly between."""
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    kept = {
        own[round(n * (len(own) - 1) / max(most - 1, 1))].nodeid
        for own in cases.values() for n in range(most)
    }  # fmt: skip
    out = [item for item in items if item.nodeid not in kept]
    items[:] = [item for item in items if item.nodeid in kept]
    config.hook.pytest_deselected(items=out)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    # Unset means the fixture's own scope, which is what we want; only its announcement is silenced.
    warnings.filterwarnings("ignore", ".*asyncio_default_fixture_loop_scope")
    config.addinivalue_line("markers", "real_clock: an async test that needs the real clock")


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The loop of an async test: the clock jumps, unless a real engine or server is at work."""
    if any(item.get_closest_marker(name) for name in REAL_CLOCK):
        return {"real": asyncio.new_event_loop}
    return {"virtual": VirtualTimeLoop}


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """Handlers set up inside a test write to that test's stream, which is then closed."""
    loggers = [logging.getLogger(name) for name in ("", "dbos")]
    before = [(logger, logger.handlers[:], logger.level) for logger in loggers]
    yield
    for logger, handlers, level in before:
        logger.handlers[:] = handlers
        logger.setLevel(level)


@pytest.fixture(autouse=True)
def no_leaked_tasks(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail an async test that leaves a task running after its fixtures are torn down."""
    if "_asyncio_loop_factory" not in request.fixturenames:
        yield
        return
    loop = request.getfixturevalue("_function_scoped_runner").get_loop()
    yield
    leaked = asyncio.all_tasks(loop)
    assert not leaked, f"tasks left running: {sorted(task.get_name() for task in leaked)}"


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    from tests.fakes import stores

    return stores.sqlite(tmp_path / "store.db")


@pytest.fixture
def postgres_url() -> Iterator[str]:
    from tests.fakes import stores

    with stores.postgresql() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@pytest.fixture
async def store(sqlite_url: str) -> AsyncIterator["Store"]:
    async with _opened(sqlite_url) as opened:
        yield opened


@pytest.fixture
async def both(url: str) -> AsyncIterator["Store"]:
    async with _opened(url) as opened:
        yield opened


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator["Store"]:
    from core.store.store import Store

    opened = Store(url, server="boot-1")
    yield opened
    await opened.aclose()
