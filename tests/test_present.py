"""Everything that needs the company asks for it each time, so that a renewal reaches all."""

from dataclasses import replace
from pathlib import Path

from core.engine import Engine
from core.store.desk import StoredDesk
from core.store.notices import Notices
from core.store.store import Store
from tests.core.talk import MONDAY_NOON, knowledge, sample
from tests.fakes.jobs import MemoryJobs
from voice_agent.adapters.calendar_embedded import EmbeddedCalendar
from voice_agent.callbacks.timers import CallbackTimers
from voice_agent.notices.telling import Telling
from voice_agent.present import Present


async def test_desk_callbacks_and_notices_follow_the_company_in_use(tmp_path: Path):
    present, store = Present(sample()), Store(f"sqlite:///{tmp_path}/store.db")
    clock = lambda: MONDAY_NOON  # noqa: E731
    desk = StoredDesk(store, EmbeddedCalendar(store), present.company)
    jobs = MemoryJobs(MONDAY_NOON)
    telling = Telling(Notices(store), [], jobs, present.company, clock)
    timers = CallbackTimers(store, telling, present.company, clock, jobs)
    before = set((await desk.look("c1", None, MONDAY_NOON)).busy)
    company = sample().company
    joined = company.team[0].model_copy(update={"id": "cy"})
    renewed = company.model_copy(update={"team": (*company.team, joined)})
    pages = len(present.pages())
    articles = [replace(a, url="https://a.example/x") for a in sample().articles]
    loaded = replace(sample(), company=renewed, articles=tuple(articles))
    present.use(Engine(loaded, knowledge()))
    assert set((await desk.look("c1", None, MONDAY_NOON)).busy) == before | {"cy"}
    assert timers.company().person("cy") and telling._company().person("cy")
    assert pages < len(present.pages()) == len(articles)
    await store.aclose()
