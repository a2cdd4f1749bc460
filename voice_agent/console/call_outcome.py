"""A lead's outcome, entered on its call page: whether the meeting took place, and the deal."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from starlette.responses import Response

from core.facts.claims import DealTold, MeetingTold
from core.facts.standing import meeting, unmerged
from core.store.claims import Claims
from voice_agent.console.amounts import number
from voice_agent.console.call_audio import conversation
from voice_agent.console.call_posts import back, key_of, person_of
from voice_agent.console.doors import Door, Room, Visit
from voice_agent.console.frame import Frame
from voice_agent.http import Refused

MOST = Decimal(10) ** 12
CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """The two forms."""

    frame: Frame

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
        outcome = _one_of(visit.form.get("outcome", ""))
        told = MeetingTold(booked.booking_id, outcome, person_of(visit.account), "console")
        await Claims(self.frame.store).told(row.id, told, visit.at, key_of(visit))
        await self.frame.audited(
            visit.did("meeting told", f"conversation:{row.id}", outcome=outcome)
        )
        return back(visit, row, "next")

    async def deal(self, visit: Visit) -> Response:
        """Store the deal's value in the company's pipeline, or that it was won or lost."""
        row = await conversation(self.frame.store, visit.path["id"])
        stage, given = _stage(visit.form.get("stage", "")), visit.form
        currency = given.get("currency", "").strip().upper()
        amount = minor(given.get("amount", "")) if stage else None
        if stage and not CURRENCY.fullmatch(currency):
            raise Refused(422, "bad-currency", "A currency is three letters, such as USD.")
        told = DealTold(stage, amount, currency if stage else "", person_of(visit.account),
                        "console")  # fmt: skip
        await Claims(self.frame.store).told(row.id, told, visit.at, key_of(visit))
        await self.frame.audited(visit.did("deal told", f"conversation:{row.id}", stage=stage))
        return back(visit, row, "next")


def minor(text: str) -> int | None:
    """A typed amount (`12,500.50`, `12.500,50`) in minor units. Raises: Refused."""
    if not text.strip():
        return None
    amount = number(text)
    if amount is None or not 0 <= amount < MOST or amount * 100 % 1:
        raise Refused(422, "bad-amount", "Write the amount as 12,500.50, or leave it empty.")
    return int(amount * 100)


def _one_of(given: str) -> Literal["held", "no_show", ""]:
    match given:
        case "held" | "no_show" | "":
            return given
        case _:
            raise Refused(422, "bad-outcome", "A meeting was held, or nobody came.")


def _stage(given: str) -> Literal["open", "won", "lost", ""]:
    match given:
        case "open" | "won" | "lost" | "":
            return given
        case _:
            raise Refused(422, "bad-stage", "A deal is open, won or lost.")
