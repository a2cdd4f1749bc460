"""Signing in and out, and changing one's own password."""

from datetime import timedelta

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from core.errors import StoreFailed
from core.store import accounts, audit, identities
from core.store.audit import Audited
from core.store.console_tables import ConsoleAccountRow
from voice_agent.allowance import Allowance, address_key
from voice_agent.console.access import (
    COOKIE,
    FORM_COOKIE,
    HOME,
    SIGN_IN,
    form_token,
    from_here,
    new_token,
    next_place,
    token_hash,
)
from voice_agent.console.doors import Door, Room, Visit, address_of, form_of
from voice_agent.console.frame import LANE, Frame, body_of
from voice_agent.console.passwords import Passwords, fault
from voice_agent.http import Refused
from voice_agent.signatures import same

MOST_FORM = 8 * 1024
FORM_S = 3600
WRONG = "That name and password do not belong together. An admin can give you a new password."


class SignIn:
    """The routes for visitors not signed in; `steady` is a clock for the rate limits.

    The limits are per server: behind N servers there are N times the tries.
    """

    def __init__(self, frame: Frame, passwords: Passwords, elsewhere: str = "") -> None:
        self._frame = frame
        self._passwords = passwords
        self._elsewhere = elsewhere
        """The identity provider that the page also offers, by its name for people."""
        self._by_both = Allowance(burst=6, every_s=30.0)
        """Per name and address. Guessing from one address does not lock the owner out elsewhere:
        it cannot use up `_by_name`, which fills faster."""
        self._by_address = Allowance(burst=20, every_s=15.0)
        self._by_name = Allowance(burst=50, every_s=5.0)

    def routes(self) -> list[BaseRoute]:
        """The unguarded routes."""
        return [Route(SIGN_IN, self._answer, methods=["GET", "POST"])]

    def room(self) -> Room:
        """The routes for signed-in accounts."""
        return Room(
            doors=(
                Door(f"{HOME}/sign-out", self._sign_out, methods=("POST",)),
                Door(f"{HOME}/me", self._me, methods=("GET", "POST")),
            )
        )

    async def _answer(self, request: Request) -> Response:
        frame = self._frame
        try:
            if request.method == "POST":
                response = await self._try(request)
            else:
                response = self.form(request)
        except Refused as refused:
            response = frame.refused(request, refused)
        except StoreFailed:
            away = Refused(503, StoreFailed.code, "The database cannot be reached just now.")
            response = frame.refused(request, away)
        return frame.sealed(request, response)

    def form(
        self, request: Request, status: int = 200, told: str = "", name: str = "", wanted: str = ""
    ) -> Response:
        """The sign-in page."""
        nonce = new_token()
        made = self._frame.bare(
            request, "sign_in.html", status, told=told, name=name,
            csrf=form_token(self._frame.secret, nonce),
            next=next_place(wanted or request.query_params.get("next", "")),
            elsewhere=self._elsewhere, left="left" in request.query_params,
        )  # fmt: skip
        self._frame.cookies.give(made, FORM_COOKIE, nonce, FORM_S)
        return made

    async def _try(self, request: Request) -> Response:
        frame, at = self._frame, self._frame.clock()
        if not from_here(request, frame.public_url):
            raise Refused(403, "cross-site", "That was sent from another site.")
        given = dict(form_of(await body_of(request, MOST_FORM)))
        name, wanted = accounts.tidy(given.get("name", ""))[:200], given.get("next", "")
        nonce = frame.cookies.read(request, FORM_COOKIE)
        if not (nonce and same(given.get("csrf", ""), form_token(frame.secret, nonce))):
            return self.form(request, 403, "The page was too old. Try again.", name, wanted)
        address = address_of(request)
        if (wait_s := self._wait_s(name, address_key(address), at.timestamp())) > 0:
            told = f"Too many tries. Try again in {round(wait_s) + 1} seconds."
            response = self.form(request, 429, told, name, wanted)
            response.headers["Retry-After"] = str(round(wait_s) + 1)
            return response
        account = await frame.store.query(lambda c: accounts.by_name(c, name))
        if account is None or not await self._right(account, given.get("password", "")):
            if account is None:  # takes as long as with an existing name
                await self._passwords.right(given.get("password", ""), "")
            known = account.name if account else ""  # a password may have been typed as the name
            await frame.audited(Audited(at, known, "sign-in refused", address=address))
            return self.form(request, 401, WRONG, name, wanted)
        return await self.welcome(request, account, wanted, "password")

    async def _right(self, account: ConsoleAccountRow, password: str) -> bool:
        """Whether it is the password of an account that may sign in."""
        usable = account.password if account.disabled_at is None else ""
        right = await self._passwords.right(password, usable)
        if right and self._passwords.outdated(account.password):
            again = await self._passwords.hashed(password)
            await self._frame.store.write(LANE, lambda c: accounts.rehash(c, account.id, again))
        return right

    async def welcome(
        self,
        request: Request,
        account: ConsoleAccountRow,
        wanted: str,
        how: str,
        lasts: timedelta = accounts.LONGEST,
    ) -> Response:
        """Open a new session for this browser, whatever it had before."""
        frame, at, token, csrf = self._frame, self._frame.clock(), new_token(), new_token()
        before = frame.cookies.read(request, COOKIE)
        line = Audited(
            at, account.name, "sign-in", f"account:{account.id}", {"how": how}, address_of(request)
        )

        def work(c: sa.Connection) -> None:
            if before:
                accounts.sign_out(c, token_hash(before))
            accounts.sign_in(c, token_hash(token), account.id, csrf, at, lasts)
            audit.record(c, line)

        await frame.store.write(LANE, work)
        response = RedirectResponse(next_place(wanted), 303)
        frame.cookies.give(response, COOKIE, token)
        frame.cookies.take(response, FORM_COOKIE)
        return response

    def _wait_s(self, name: str, address: str, at: float) -> float:
        """Seconds to wait before this try; a try one limit refuses does not count for the next."""
        return (
            self._by_both.take(f"{name}\n{address}", at)
            or self._by_address.take(address, at)
            or self._by_name.take(name, at)
        )

    async def _sign_out(self, visit: Visit) -> Response:
        frame = self._frame
        key = token_hash(frame.cookies.read(visit.request, COOKIE))
        line = visit.did("sign-out", f"account:{visit.account.id}")

        def work(c: sa.Connection) -> bool:
            accounts.sign_out(c, key)
            audit.record(c, line)
            return identities.linked(c, visit.account.id)

        elsewhere = await frame.store.write(LANE, work) and self._elsewhere
        response = RedirectResponse(f"{SIGN_IN}?left" if elsewhere else SIGN_IN, 303)
        frame.cookies.take(response, COOKIE)
        response.headers["Clear-Site-Data"] = '"cache"'
        return response

    async def _me(self, visit: Visit) -> Response:
        if visit.request.method == "GET":
            return self._frame.page(visit, "me.html", told="", done="changed" in visit.query)
        given, account = visit.form, visit.account
        new = given.get("new", "")
        wait_s = self._wait_s(account.name, f"me {account.id}", visit.at.timestamp())
        if wait_s > 0:
            raise Refused(429, "too-many", f"Try again in {round(wait_s) + 1} seconds.")
        told = fault(new, account.name)
        if not told and new != given.get("again", ""):
            told = "The two new passwords are not the same."
        if not told and not await self._passwords.right(given.get("old", ""), account.password):
            told = "The present password is not right."
        if told:
            return self._frame.page(visit, "me.html", 422, told=told, done=False)
        hashed = await self._passwords.hashed(new)
        line = visit.did("password changed", f"account:{account.id}")

        def work(c: sa.Connection) -> None:
            accounts.set_password(c, account.id, hashed, generated=False)
            audit.record(c, line)

        await self._frame.store.write(LANE, work)
        return await self.welcome(visit.request, account, f"{HOME}/me?changed", "new password")
