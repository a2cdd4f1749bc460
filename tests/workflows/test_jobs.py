"""Jobs: enqueued twice they run once; they are retried, and wait for their function."""

from pathlib import Path
from typing import Any

import anyio
import pytest

from core.errors import NotifyFailed
from core.store.store import Store
from tests.fakes import stores
from tests.fakes.a_call import AT, ENDED, facts
from tests.fakes.records import records as crm_records
from voice_agent.workflows.durable import Workflows
from voice_agent.workflows.ports import PEOPLE, WEBHOOKS

pytestmark = pytest.mark.real_clock


class Work:
    """A job that wants to be tried `again` times more."""

    def __init__(self, again: int = 0) -> None:
        self.again = again
        self.done: list[tuple[str, int]] = []

    async def __call__(self, key: str, tries: int) -> float | None:
        self.done.append((key, tries))
        return 0.1 if tries < self.again else None

    async def wait(self, count: int) -> None:
        with anyio.fail_after(30):
            while len(self.done) < count:  # noqa: ASYNC110 - DBOS tells nobody
                await anyio.sleep(0.05)


async def started(store: Store, work: Work) -> Workflows:
    workflows = Workflows(store, crm_records(store))
    await workflows.start()
    workflows.jobs.serve("count", work)
    return workflows


async def test_a_job_is_done_once_and_tried_again_when_it_wants(tmp_path: Path):
    store, work = Store(stores.sqlite(tmp_path / "jobs.db"), server="one"), Work(again=2)
    workflows = await started(store, work)
    await workflows.jobs.begin()
    for _ in range(3):
        await workflows.jobs.ask("count", "a")
    await work.wait(3)
    await anyio.sleep(1.5)
    assert work.done == [("a", 0), ("a", 1), ("a", 2)]
    await workflows.aclose()
    await store.aclose()


async def test_what_people_wait_for_is_not_held_up_by_slow_work_or_receivers(tmp_path: Path):
    store, work = Store(stores.sqlite(tmp_path / "jobs.db"), server="one"), Work()
    slow, over = [0], anyio.Event()

    async def waits(key: str, tries: int) -> None:
        slow[0] += 1
        await over.wait()

    workflows = await started(store, work)
    workflows.jobs.serve("mail", waits)
    workflows.jobs.serve("webhook", waits, WEBHOOKS)
    workflows.jobs.serve("notice", work, PEOPLE)
    await workflows.jobs.begin()
    for n in range(20):
        await workflows.jobs.ask("mail", f"{n}")
        await workflows.jobs.ask("webhook", f"{n}")
    with anyio.fail_after(30):
        while slow[0] < 12:  # noqa: ASYNC110 - DBOS tells nobody
            await anyio.sleep(0.05)
    await workflows.jobs.ask("notice", "lead")
    await work.wait(1)
    assert slow == [12], "of each queue as many as may run at a time"
    over.set()
    await workflows.aclose()
    await store.aclose()


async def test_a_job_that_falls_over_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("voice_agent.workflows.jobs.FELL_OVER_S", 0.2)

    class Falls(Work):
        async def __call__(self, key: str, tries: int) -> float | None:
            await super().__call__(key, tries)
            if not tries:
                raise LookupError("a bug")
            return None

    store, work = Store(stores.sqlite(tmp_path / "jobs.db"), server="one"), Falls()
    workflows = await started(store, work)
    await workflows.jobs.begin()
    await workflows.jobs.ask("count", "a")
    await work.wait(2)
    assert work.done == [("a", 0), ("a", 1)]
    await workflows.aclose()
    await store.aclose()


async def test_a_job_that_something_outside_kept_from_being_done_is_put_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr("voice_agent.workflows.jobs.PUT_OFF_S", 0.2)

    class Tells(Work):
        async def __call__(self, key: str, tries: int) -> float | None:
            await super().__call__(key, tries)
            if not tries:
                raise NotifyFailed("the inbox cannot be reached")
            return None

    store, work = Store(stores.sqlite(tmp_path / "jobs.db"), server="one"), Tells()
    workflows = await started(store, work)
    await workflows.jobs.begin()
    await workflows.jobs.ask("count", "a")
    await work.wait(2)
    assert work.done == [("a", 0), ("a", 1)]
    assert not [record for record in caplog.records if record.exc_info], "it is no bug"
    await workflows.aclose()
    await store.aclose()


async def test_a_job_asked_for_later_waits_and_outlives_its_server(tmp_path: Path):
    url, work = stores.sqlite(tmp_path / "jobs.db"), Work()
    first = Store(url, server="one")
    workflows = await started(first, work)
    await workflows.jobs.begin()
    await workflows.jobs.ask("count", "soon", after_s=2.0)
    await anyio.sleep(0.2)
    assert not work.done
    await workflows.aclose()
    await first.aclose()
    second = Store(url, server="two")
    workflows = await started(second, work)
    await workflows.jobs.begin()
    await work.wait(1)
    await workflows.aclose()
    await second.aclose()


async def test_nothing_is_done_before_it_is_said_who_does_it(tmp_path: Path):
    store, work = Store(stores.sqlite(tmp_path / "jobs.db"), server="one"), Work()
    workflows = await started(store, work)
    await workflows.jobs.ask("count", "a")
    await anyio.sleep(1.0)
    assert not work.done
    await workflows.jobs.begin()
    await work.wait(1)
    await workflows.aclose()
    await store.aclose()


async def test_a_step_may_ask_for_further_work(tmp_path: Path):
    """Of a job, and of a wrap-up: DBOS itself lets no step do that."""
    store, work = Store(stores.sqlite(tmp_path / "jobs.db"), server="one"), Work()

    async def asks(key: str, tries: int) -> None:
        await workflows.jobs.ask("count", f"by-{key}")

    async def tells(document: dict[str, Any]) -> None:
        await workflows.jobs.ask("count", f"after-{document['id']}")

    workflows = Workflows(store, crm_records(store), notify=tells)
    workflows.jobs.serve("count", work)
    workflows.jobs.serve("asks", asks)
    await workflows.start()
    await workflows.jobs.begin()
    await workflows.jobs.ask("asks", "job")
    await store.log.append("c1", AT, [*facts("CA1"), ENDED])
    await workflows.wrap_up("c1")
    await work.wait(2)
    assert sorted(key for key, _ in work.done) == ["after-c1", "by-job"]
    await workflows.aclose()
    await store.aclose()
