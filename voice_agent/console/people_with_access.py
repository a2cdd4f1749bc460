"""Accounts and the audit: add, change, reset and disable accounts; see who did what."""

from dataclasses import replace

import sqlalchemy as sa
from starlette.responses import RedirectResponse, Response

from core.store import accounts, audit, identities
from core.store.console_tables import ConsoleAccountRow
from voice_agent.console.access import HOME
from voice_agent.console.doors import Door, Nav, Room, Visit
from voice_agent.console.frame import LANE, Frame, own_role
from voice_agent.console.passwords import Passwords, made_up
from voice_agent.http import Refused

ACCOUNTS = f"{HOME}/accounts"
PAGE = 100
WANTED = ("act", "account", "target")
"""What the audit is narrowed by."""


class Accounts:
    """The routes of accounts and of the audit."""

    def __init__(self, frame: Frame, passwords: Passwords) -> None:
        self._frame = frame
        self._passwords = passwords

    def room(self) -> Room:
        """For admins; the audit for managers too."""
        return Room(
            doors=(
                Door(ACCOUNTS, self._list, "admin"),
                Door(ACCOUNTS, self._add, "admin", ("POST",)),
                Door(f"{ACCOUNTS}/{{id}}/{{act}}", self._act, "admin", ("POST",)),
                Door(f"{HOME}/audit", self._audit, "manager"),
            ),
            nav=(Nav("Accounts", ACCOUNTS, "admin"), Nav("Audit", f"{HOME}/audit", "manager")),
        )

    async def _list(self, visit: Visit, status: int = 200, **told: str) -> Response:
        everyone, elsewhere = await self._frame.store.query(
            lambda c: (accounts.everyone(c), identities.issuers(c))
        )
        shown = {"told": "", "password": "", "whose": "", "elsewhere": elsewhere, **told}
        shown["place"] = f"{self._frame.origin(visit.request)}{HOME}"
        return self._frame.page(visit, "accounts.html", status, accounts=everyone, **shown)

    async def _add(self, visit: Visit) -> Response:
        given = visit.form
        name = accounts.tidy(given.get("name", ""))
        if not 2 <= len(name) <= 200 or not name.isprintable():
            return await self._list(visit, 422, told="A name has 2 to 200 characters.")
        role, rep = own_role(given.get("role", "rep")), self._rep(given.get("rep", ""))
        password = made_up()
        row = accounts.new_account(
            name, role, visit.at, rep=rep,
            display=given.get("display", "").strip()[:200] or self._called(rep),
            password=await self._passwords.hashed(password), generated=True,
        )  # fmt: skip
        line = visit.did("account added", f"account:{row.id}", name=name, role=role, rep=rep)

        def work(c: sa.Connection) -> bool:
            if not accounts.add(c, row):
                return False
            audit.record(c, line)
            return True

        if not await self._frame.store.write(LANE, work):
            return await self._list(visit, 409, told="There is an account of this name.")
        return await self._list(visit, password=password, whose=name)

    async def _act(self, visit: Visit) -> Response:
        account_id, act = visit.path["id"], visit.path["act"]
        found = await self._frame.store.query(lambda c: accounts.by_id(c, account_id))
        if found is None:
            raise Refused(404, "unknown-account", "There is no such account.")
        match act:
            case "reset":
                return await self._reset(visit, found)
            case "role":
                role = own_role(visit.form.get("role", found.role))
                rep = self._rep(visit.form.get("rep", ""))
                await self._change(visit, found, "role changed", role=role, rep=rep)
            case "disable":
                await self._change(visit, found, "account disabled")
            case "enable":
                await self._change(visit, found, "account enabled")
            case _:
                raise Refused(404, "not-found", "An account cannot do that.")
        return RedirectResponse(ACCOUNTS, 303)

    async def _reset(self, visit: Visit, account: ConsoleAccountRow) -> Response:
        password = made_up()
        hashed = await self._passwords.hashed(password)
        line = visit.did("password reset", f"account:{account.id}", name=account.name)

        def work(c: sa.Connection) -> None:
            accounts.set_password(c, account.id, hashed, generated=True)
            audit.record(c, line)

        await self._frame.store.write(LANE, work)
        return await self._list(visit, password=password, whose=account.name)

    async def _change(
        self,
        visit: Visit,
        account: ConsoleAccountRow,
        act: str,
        role: str = "",
        rep: str | None = None,
    ) -> None:
        line = replace(
            visit.did(act, f"account:{account.id}", name=account.name),
            detail={"name": account.name, **({"role": role, "rep": rep} if role else {})},
        )

        def work(c: sa.Connection) -> bool:
            loses = account.role == "admin" and act != "account enabled" and role != "admin"
            if loses and not accounts.other_admins(c, account.id):
                return False
            if role:
                unnamed = account.display == account.name
                accounts.set_role(c, account.id, role, rep, self._called(rep) if unnamed else "")
            else:
                accounts.disable(c, account.id, visit.at if act == "account disabled" else None)
            audit.record(c, line)
            return True

        if not await self._frame.store.write(LANE, work):
            raise Refused(409, "last-admin", "Somebody else has to be an admin first.")

    def _called(self, rep: str | None) -> str:
        """The name of somebody of the team; empty for nobody."""
        people = self._frame.company().company.people
        return next((person.name for person in people if person.id == rep), "")

    def _rep(self, given: str) -> str | None:
        if not given:
            return None
        if given not in {person.id for person in self._frame.company().company.people}:
            raise Refused(422, "unknown-rep", "There is no such person in the company folder.")
        return given

    async def _audit(self, visit: Visit) -> Response:
        given = visit.query
        before = given.get("before", "")
        if before and not (before.isascii() and before.isdigit() and len(before) < 19):
            raise Refused(422, "bad-cursor", "This place in the audit is none of ours.")
        act, account, target = (given.get(name, "")[:200] for name in WANTED)
        at = int(before) if before else audit.LARGEST_ID
        found, everyone = await self._frame.store.query(
            lambda c: (
                audit.lines(c, before=at, limit=PAGE + 1, act=act, account=account, target=target),
                {f"account:{row.id}": row.name for row in accounts.everyone(c)},
            )
        )
        more = str(found[PAGE - 1].id) if len(found) > PAGE else None
        return self._frame.page(
            visit, "audit.html", lines=found[:PAGE], more=more, everyone=everyone,
            current=dict(zip(WANTED, (act, account, target), strict=True)),
        )  # fmt: skip
