"""Inference shared by many calls: fair, bounded, newest first, never late without saying so."""

import threading

import anyio
import pytest

from voice_agent.errors import TranscriptionFailed
from voice_agent.speech.pool import (
    InferencePool,
    PoolClosed,
    PoolOverloaded,
    Shared,
    Superseded,
)

pytestmark = pytest.mark.real_clock


class Outcomes:
    """Collects what pool threads report; `wait` returns once `count` outcomes are in."""

    def __init__(self) -> None:
        self.said: list[tuple[str, object]] = []
        self._more = threading.Condition()

    def of(self, name: str):
        def finish(value: object, error: Exception | None) -> None:
            with self._more:
                self.said.append((name, error if error is not None else value))
                self._more.notify_all()

        return finish

    def wait(self, count: int) -> list[str]:
        with self._more:
            assert self._more.wait_for(lambda: len(self.said) >= count, 5.0), self.said
        return [name for name, _ in self.said]


@pytest.fixture
def gate():
    """Holds the pool's one thread until set."""
    return threading.Event()


@pytest.fixture
async def pool():
    pool = InferencePool(workers=1, waiting_limit=6)
    pool.start()
    yield pool
    await pool.aclose()


def occupied(pool: InferencePool, gate: threading.Event) -> None:
    started = threading.Event()

    def hold() -> None:
        started.set()
        gate.wait(5.0)

    pool.offer("first", "u", hold, lambda *_: None, 5.0)
    assert started.wait(5.0)


async def test_the_result_of_the_work_comes_back(pool):
    assert await pool.run("a", "u", lambda: 41 + 1, 2.0) == 42
    assert pool.counts.done == 1


async def test_what_the_work_raises_comes_back(pool):
    with pytest.raises(ZeroDivisionError):
        await pool.run("a", "u", lambda: 1 // 0, 2.0)
    assert pool.counts.failed == 1


async def test_calls_take_turns_however_much_one_of_them_asks(pool, gate):
    occupied(pool, gate)
    outcomes = Outcomes()
    for n in range(3):
        pool.offer("greedy", f"g{n}", lambda: None, outcomes.of(f"greedy{n}"), 5.0)
    pool.offer("modest", "m", lambda: None, outcomes.of("modest"), 5.0)
    gate.set()
    assert outcomes.wait(4).index("modest") == 1


async def test_a_newer_request_for_the_same_utterance_takes_the_older_ones_place(pool, gate):
    occupied(pool, gate)
    outcomes = Outcomes()
    pool.offer("a", "u", lambda: "old", outcomes.of("old"), 5.0)
    pool.offer("a", "u", lambda: "new", outcomes.of("new"), 5.0)
    assert isinstance(dict(outcomes.said)["old"], Superseded)
    gate.set()
    outcomes.wait(2)
    assert dict(outcomes.said)["new"] == "new"
    assert pool.counts.superseded == 1


async def test_more_than_can_wait_is_refused_at_once(pool, gate):
    occupied(pool, gate)
    for n in range(6):
        pool.offer(f"call{n}", "u", lambda: None, lambda *_: None, 5.0)
    with pytest.raises(PoolOverloaded):
        pool.offer("one too many", "u", lambda: None, lambda *_: None, 5.0)
    gate.set()
    assert pool.counts.refused == 1


async def test_work_that_takes_too_long_is_a_failed_transcription(pool, gate):
    with pytest.raises(TranscriptionFailed):
        await pool.run("a", "u", lambda: gate.wait(5.0), 0.02)
    gate.set()
    assert pool.counts.late == 1


async def test_work_whose_deadline_passed_while_it_waited_is_not_begun(pool, gate):
    occupied(pool, gate)
    outcomes, begun = Outcomes(), []
    pool.offer("a", "u", lambda: begun.append(1), outcomes.of("late"), -0.001)
    gate.set()
    outcomes.wait(1)
    assert isinstance(dict(outcomes.said)["late"], TranscriptionFailed)
    assert begun == []


async def test_a_cancelled_wait_leaves_the_queue(pool, gate):
    occupied(pool, gate)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(pool.run, "a", "u", lambda: None, 5.0)
        while not pool.waiting:
            await anyio.lowlevel.checkpoint()
        tasks.cancel_scope.cancel()
    assert pool.waiting == 0
    gate.set()


async def test_closing_tells_those_who_wait(gate):
    pool = InferencePool(workers=1)
    pool.start()
    occupied(pool, gate)
    outcomes = Outcomes()
    pool.offer("a", "u", lambda: None, outcomes.of("left"), 5.0)
    gate.set()
    await pool.aclose()
    left = dict(outcomes.said)["left"]
    assert left is None or isinstance(left, PoolClosed)
    with pytest.raises(PoolClosed):
        await pool.run("a", "u", lambda: None, 1.0)
    assert not [t for t in threading.enumerate() if t.name.startswith("inference-")]


async def served_together(gate, works, infer, together=3) -> list[tuple[str, object]]:
    """What comes of works of as many calls that waited while the thread was busy."""
    pool = InferencePool(workers=1, waiting_limit=6, infer=infer, together=together)
    pool.start()
    occupied(pool, gate)
    outcomes = Outcomes()
    for n, (work, deadline_s) in enumerate(works):
        pool.offer(f"call{n}", "u", work, outcomes.of(f"call{n}"), deadline_s)
    gate.set()
    outcomes.wait(len(works))
    await pool.aclose()
    return outcomes.said


def shared(part: int) -> Shared[int, int, str]:
    return Shared(part, lambda answer: f"{part} gave {answer}")


async def test_parts_of_several_calls_are_answered_together_each_its_own(gate):
    seen: list[list[int]] = []

    def infer(parts):
        seen.append(parts)
        return [10 * part for part in parts]

    works = [(lambda n=n: shared(n), 5.0) for n in range(5)]
    said = await served_together(gate, works, infer)
    assert seen == [[0, 1, 2], [3, 4]]
    assert said == [(f"call{n}", f"{n} gave {10 * n}") for n in range(5)]


async def test_a_part_the_engine_cannot_take_fails_alone(gate):
    def infer(parts):
        if 1 in parts:
            raise ValueError("one of them")
        return parts

    works = [(lambda n=n: shared(n), 5.0) for n in range(3)]
    said = dict(await served_together(gate, works, infer))
    assert said["call0"] == "0 gave 0" and said["call2"] == "2 gave 2"
    assert isinstance(said["call1"], ValueError)


async def test_in_a_batch_who_is_late_or_has_nothing_to_infer_costs_the_others_nothing(gate):
    seen: list[list[int]] = []

    def infer(parts):
        seen.append(parts)
        return parts

    works = [(lambda: shared(1), 5.0), (lambda: shared(2), 0.0), (lambda: "known", 5.0)]
    said = dict(await served_together(gate, works, infer))
    assert seen == [[1]] and said["call0"] == "1 gave 1" and said["call2"] == "known"
    assert isinstance(said["call1"], TranscriptionFailed)
