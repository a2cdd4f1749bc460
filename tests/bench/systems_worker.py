"""A server that books, ends and wraps up conversations until it is killed. Run as a module.

Arguments: database URL, its id, the receiver's URL, the calendar's location and settings as JSON,
first and last conversation.
"""

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import anyio
import httpx

from core.clock import utc_now
from core.events import ConversationEnded, Flagged
from core.scheduling.slots import Slot, free_slots
from core.scheduling.tools import Bookee, BookSlot
from core.store.desk import StoredDesk
from core.store.outgoing import Outgoing
from core.store.store import Store
from tests.contracts.calendar_rigs import kept_at
from tests.contracts.desk import COMPANY, MAYA
from tests.fakes.a_call import facts
from tests.fakes.records import records
from voice_agent.adapters.calendar_embedded import EmbeddedCalendar
from voice_agent.adapters.calendar_served import ServedCalendar
from voice_agent.adapters.calendars import Calendars
from voice_agent.calendar_watch import ours
from voice_agent.webhooks.sending import Endpoint, Sending
from voice_agent.webhooks.signing import secret_of
from voice_agent.workflows.durable import Workflows

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NOW, WEEK = datetime(2026, 11, 29, 16, 0, tzinfo=UTC), timedelta(days=7)


def slot(n: int) -> Slot:
    """The n-th of Maya's non-adjacent times."""
    kind = COMPANY.meeting_types[0]
    first = [s for s in free_slots(MAYA, COMPANY, kind, [], NOW) if s.start < NOW + WEEK][::3]
    week, place = divmod(n, len(first))
    return replace(first[place], start=first[place].start + week * WEEK,
                   end=first[place].end + week * WEEK)  # fmt: skip


async def main(url: str, server: str, hook: str, calendar: str, first: str, last: str) -> None:
    store = Store(url, server=server)
    async with httpx.AsyncClient() as client, anyio.create_task_group() as tasks:
        given = json.loads(calendar)
        diary = kept_at(given.pop("kind"), given, client, utc_now)[MAYA.id]
        served = ServedCalendar(
            {MAYA.id: diary}, lambda: COMPANY, partial(ours, store), lambda: NOW
        )
        calendars = Calendars(EmbeddedCalendar(store), served)
        desk = StoredDesk(store, calendars, lambda: COMPANY)
        outgoing = Outgoing(store, {"ops": ()})
        address = Endpoint("ops", hook, secret_of(SECRET, "ops"))
        workflows = Workflows(store, records(store), calendar=calendars, company=lambda: COMPANY)
        sending = Sending(outgoing, [address], client, workflows.jobs, lambda: datetime.now(UTC))
        store.tell(sending.committed)
        await workflows.start()
        await sending.begin()
        await workflows.jobs.begin()
        await workflows.sweep()
        tasks.start_soon(sending.watch)
        print("ready", flush=True)
        for n in range(int(first), int(last)):
            await one(store, desk, workflows, f"c{n}", slot(n))
        while await outgoing.owed() or await store.conversations.unwrapped():
            await anyio.sleep(0.3)
            await workflows.sweep()
        tasks.cancel_scope.cancel()
    await workflows.aclose()
    await store.aclose()


async def one(
    store: Store, desk: StoredDesk, workflows: Workflows, which: str, wanted: Slot
) -> None:
    """A conversation that books, from its first fact to its wrap-up; resumed where it stopped."""
    await store.log.append_once(which, NOW, facts(f"CA-{which}"), "bench:begin")
    for n in range(5):
        await store.log.append_once(which, NOW, [Flagged("n", n, 0, "")], f"bench:{n}")
    await desk.perform(BookSlot(Bookee(which, 3, None), wanted), NOW)
    await store.log.append_once(which, NOW, [ConversationEnded("booked", "bye", 1)], "bench:end")
    await workflows.wrap_up(which)


if __name__ == "__main__":
    anyio.run(main, *sys.argv[1:])
