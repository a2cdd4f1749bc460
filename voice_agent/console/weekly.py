"""Subscribing to the week's numbers by mail, and unsubscribing, on the page of numbers."""

import sqlalchemy as sa
from starlette.responses import RedirectResponse, Response

from core.store import audit, weekly
from core.store.console_tables import ConsoleAccountRow
from knowledge.profile import Company
from voice_agent.console.access import HOME
from voice_agent.console.doors import Door, Visit
from voice_agent.console.frame import LANE, Frame
from voice_agent.http import Refused

WEEKLY = f"{HOME}/numbers/weekly"


def address_of(account: ConsoleAccountRow, company: Company) -> str:
    """An account's mail address: the team member's, else a name that is an address."""
    person = company.person(account.rep) if account.rep else None
    if person is not None:
        return person.email
    return account.name if account.name.count("@") == 1 else ""


def weekly_door(frame: Frame) -> Door:
    """The form's route."""

    async def change(visit: Visit) -> Response:
        on, account, at = visit.form.get("on") == "yes", visit.account, visit.at
        if on and not address_of(account, frame.company().company):
            raise Refused(
                409, "no-address",
                "Your account has no mail address. An admin can say who of the team you are.",
            )  # fmt: skip
        line = visit.did(f"weekly mail {'on' if on else 'off'}", f"account:{account.id}")

        def work(c: sa.Connection) -> None:
            if weekly.want(c, account.id, at) if on else weekly.stop(c, account.id):
                audit.record(c, line)

        await frame.store.write(LANE, work)
        return RedirectResponse(f"{HOME}/numbers#weekly", 303)

    return Door(WEEKLY, change, methods=("POST",))
