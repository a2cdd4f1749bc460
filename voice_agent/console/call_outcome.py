"""A lead's outcome, entered on its call page: whether the meeting took place, and the deal."""

from dataclasses import dataclass
from decimal import Decimal

from starlette.responses import Response

from core.facts.standing import meeting, unmerged
from voice_agent.console.amounts import number
from voice_agent.console.call_audio import conversation
from voice_agent.console.call_posts import back, key_of, person_of
from voice_agent.console.doors import Door, Room, Visit
from voice_agent.console.frame import Frame
from voice_agent.handoffs import Handoffs, deal_told, meeting_told
from voice_agent.http import Refused

MOST = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """The two forms."""

    frame: Frame
    handoffs: Handoffs

    def room(self) -> Room:
        """The routes under a call's page."""
        mine = "/console/calls/{id}"
        return Room((
            Door(f"{mine}/attended", self.attended, methods=("POST",)),
            Door(f"{mine}/deal", self.deal, methods=("POST",)),
        ))  # fmt: skip

    async def attended(self, visit: Visit) -> Response:
        """Store whether the booked meeting took place."""
        row = await conversation(self.frame.store, visit.path["id"])
        logged = await self.frame.store.log.read(row.id)
        booked = meeting(unmerged([entry.fact for entry in logged]))
        if booked is None or booked.status == "cancelled":
            raise Refused(409, "no-meeting", "No meeting of this conversation stands.")
        by, outcome = person_of(visit.account), visit.form.get("outcome", "")
        told = meeting_told(booked.booking_id, outcome, by, "console")
        line = visit.did("meeting told", f"conversation:{row.id}", outcome=told.outcome)
        await self.handoffs.told(row.id, told, visit.at, key_of(visit), line)
        return back(visit, row, "next")

    async def deal(self, visit: Visit) -> Response:
        """Store the deal's value in the company's pipeline, or that it was won or lost."""
        row = await conversation(self.frame.store, visit.path["id"])
        given, by = visit.form, person_of(visit.account)
        stage, currency = given.get("stage", ""), given.get("currency", "").strip().upper()
        amount = minor(given.get("amount", "")) if stage else None
        told = deal_told(stage, amount, currency, by, "console")
        line = visit.did("deal told", f"conversation:{row.id}", stage=told.stage)
        await self.handoffs.told(row.id, told, visit.at, key_of(visit), line)
        return back(visit, row, "next")


def minor(text: str) -> int | None:
    """A typed amount (`12,500.50`, `12.500,50`) in minor units. Raises: Refused."""
    if not text.strip():
        return None
    amount = number(text)
    if amount is None or not 0 <= amount < MOST or amount * 100 % 1:
        raise Refused(422, "bad-amount", "Write the amount as 12,500.50, or leave it empty.")
    return int(amount * 100)
