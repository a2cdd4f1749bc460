"""A meeting whose rep has left the team is flagged and told to somebody who is there, once."""

import pytest

from core.events import ConversationStarted, Flagged
from core.scheduling.slots import free_slots
from core.scheduling.tools import BookSlot
from core.store.desk import StoredDesk
from core.store.store import Store
from tests.contracts.desk import COMPANY, MAYA, NOW, who
from tests.fakes.jobs import MemoryJobs
from tests.fakes.notified import Notified
from voice_agent.adapters.calendar_embedded import EmbeddedCalendar
from voice_agent.calendar_watch import CalendarWatch

pytestmark = pytest.mark.real_clock
WITHOUT_MAYA = COMPANY.model_copy(
    update={
        "team": tuple(rep for rep in COMPANY.team if rep.id != MAYA.id),
        "default_owner": "tom-beckett",
    }
)


async def test_a_meeting_with_somebody_who_left_is_told_to_the_default_owner_once(store: Store):
    begun = ConversationStarted("voice", "inbound", None, None, None, COMPANY.id, "1", "1", False)
    await store.log.append("c1", NOW, [begun])
    desk = StoredDesk(store, EmbeddedCalendar(store), lambda: COMPANY)
    slot = next(free_slots(MAYA, COMPANY, COMPANY.meeting_types[0], (), NOW))
    await desk.perform(BookSlot(who(), slot), NOW)
    team, told, jobs = [COMPANY], Notified(), MemoryJobs(NOW)
    watch = CalendarWatch(store, None, told, lambda: team[-1], jobs.clock, jobs)
    await watch.begin()
    await jobs.run(1_800)
    assert not told.matters, "she is there"
    team.append(WITHOUT_MAYA.model_copy(update={"id": "another"}))
    await jobs.run(1_800)
    assert not told.matters, "it is another company's meeting"
    team.append(WITHOUT_MAYA)
    await jobs.run(3_600)
    (((person, _), matter),) = told.inbox.items()
    assert person == "tom-beckett" and MAYA.id in matter.title and matter.urgent
    facts = [entry.fact for entry in await store.log.read("c1")]
    assert [f.kind for f in facts if isinstance(f, Flagged)] == ["calendar_changed"]
