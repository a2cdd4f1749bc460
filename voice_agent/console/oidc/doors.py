"""The routes of single sign-on: to the provider, back with a code, and signing out.

A sign-in ends in the browser it began in; it comes back once; and the account that comes back gets
a new session, whatever this browser held before.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from core.errors import StoreFailed
from core.store import audit, identities
from core.store.audit import Audited
from core.store.identities import Arrival, Outcome
from voice_agent.allowance import Allowance, address_key
from voice_agent.console.access import SIGN_IN, next_place, token_hash
from voice_agent.console.doors import address_of
from voice_agent.console.frame import LANE, Frame
from voice_agent.console.oidc.flow import LASTS_S, Flow, opened
from voice_agent.console.oidc.identity import IdentityRefused, email_of
from voice_agent.console.oidc.provider import IdentityFailed, Provider
from voice_agent.console.sign_in import SignIn
from voice_agent.signatures import same

log = logging.getLogger(__name__)
BEGIN = f"{SIGN_IN}/oidc"
BACK = f"{BEGIN}/back"
LEAVE = f"{BEGIN}/leave"
FLOW_COOKIE = "voice_agent_oidc"
ASK_AN_ADMIN = {
    "no-role": "Your account there has no role here. Ask whoever runs this console.",
    "disabled": "Your account here is shut out. Ask whoever runs this console.",
    "taken": "An account of your address belongs to somebody else. Ask whoever runs this console.",
    "domain": "Addresses of your domain are not let in here.",
}


class SignInElsewhere:
    """The unguarded routes to the provider and back."""

    def __init__(self, frame: Frame, sign_in: SignIn, provider: Provider) -> None:
        self._frame = frame
        self._sign_in = sign_in
        self._provider = provider
        self._by_address = Allowance(burst=20, every_s=10.0)

    def routes(self) -> list[BaseRoute]:
        """All three routes."""
        doors = {BEGIN: self._begin, BACK: self._back, LEAVE: self._leave}
        return [Route(path, self._guarded(door)) for path, door in doors.items()]

    def _guarded(
        self, door: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                response = await self._within_limits(request, door)
            except IdentityFailed as error:
                log.error("single sign-on: %s", error)
                told = f"{self._provider.terms.label} cannot be reached just now."
                response = self._sign_in.form(request, 503, told)
            except StoreFailed:
                told = "The database cannot be reached just now."
                response = self._sign_in.form(request, 503, told)
            except IdentityRefused as refused:
                response = self._sign_in.form(request, 403, str(refused))
            return self._frame.sealed(request, response)

        return answer

    async def _within_limits(
        self, request: Request, door: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        at = self._frame.clock().timestamp()
        wait_s = self._by_address.take(address_key(address_of(request)), at)
        if wait_s > 0:
            told = f"Too many tries. Try again in {round(wait_s) + 1} seconds."
            return self._sign_in.form(request, 429, told)
        return await door(request)

    async def _begin(self, request: Request) -> Response:
        frame, terms = self._frame, self._provider.terms
        metadata = await self._provider.metadata()
        flow = Flow.begun(next_place(request.query_params.get("next", "")), frame.clock())
        address = flow.address(
            metadata.authorize, terms.client_id, terms.scopes, self._redirect(request)
        )
        response = RedirectResponse(address, 303)
        frame.cookies.give(response, FLOW_COOKIE, flow.sealed(frame.secret), LASTS_S)
        return response

    async def _back(self, request: Request) -> Response:
        frame = self._frame
        try:
            flow = await self._flow(request)
            claims = await self._claims(request, flow)
            outcome = await self._admitted(request, claims)
            assert outcome.account is not None
            response = await self._sign_in.welcome(
                request, outcome.account, flow.next, "single sign-on", identities.LASTS
            )
        except IdentityRefused as refused:
            detail = {"how": "single sign-on", "why": refused.why}
            line = Audited(frame.clock(), "", "sign-in refused", "", detail, address_of(request))
            await frame.audited(line)
            response = self._sign_in.form(request, 403, str(refused))
        frame.cookies.take(response, FLOW_COOKIE)
        return response

    async def _flow(self, request: Request) -> Flow:
        """The returning sign-in, which is now used up. Raises: IdentityRefused, StoreFailed."""
        frame, at = self._frame, self._frame.clock()
        flow = opened(frame.cookies.read(request, FLOW_COOKIE), frame.secret, at)
        if flow is None or not same(request.query_params.get("state"), flow.state):
            raise IdentityRefused(
                "state", "That sign-in was begun elsewhere, or too long ago. Try again."
            )
        key, lasts = token_hash(flow.state), timedelta(seconds=LASTS_S)
        if not await frame.store.write(LANE, lambda c: identities.spend(c, key, at, lasts)):
            raise IdentityRefused("replay", "That sign-in was used already. Try again.")
        return flow

    async def _claims(self, request: Request, flow: Flow) -> Mapping[str, Any]:
        """The claims about the returning person. Raises: IdentityFailed, IdentityRefused."""
        given, provider = request.query_params, self._provider
        issuer, metadata = given.get("iss"), await provider.metadata()
        if issuer is None and metadata.names_itself:
            raise IdentityRefused("issuer")
        if issuer is not None and issuer != provider.terms.issuer:
            raise IdentityRefused("issuer")
        if "error" in given:  # anybody who can make a link could set its text, so it is not shown
            raise IdentityRefused("declined", f"{provider.terms.label} did not sign you in.")
        code = given.get("code", "")
        if not 0 < len(code) <= 4096:
            raise IdentityRefused("code")
        return await provider.claims(code, flow.verifier, flow.nonce, self._redirect(request))

    async def _admitted(self, request: Request, claims: Mapping[str, Any]) -> Outcome:
        """Their account, created or updated. Raises: IdentityRefused, StoreFailed."""
        frame, terms, at = self._frame, self._provider.terms, self._frame.clock()
        email = email_of(claims)
        if not terms.takes(email):
            raise IdentityRefused("domain", ASK_AN_ADMIN["domain"])
        team = frame.company().company.team
        rep = next((one.id for one in team if one.email.casefold() == email), None)
        display = claims.get("name")
        who = Arrival(
            terms.issuer, claims["sub"], email,
            display.strip()[:200] if isinstance(display, str) and display.isprintable() else "",
            terms.role_of(claims), rep,
        )  # fmt: skip
        address = address_of(request)

        def work(c: sa.Connection) -> Outcome:
            found = identities.arrived(c, who, at)
            for act in found.acts:
                detail = {"by": terms.issuer, "role": who.role}
                target = f"account:{found.account.id}" if found.account else ""
                audit.record(c, Audited(at, email, act, target, detail, address))
            return found

        outcome = await frame.store.write(LANE, work)
        if outcome.account is None:
            raise IdentityRefused(outcome.why, ASK_AN_ADMIN[outcome.why])
        return outcome

    async def _leave(self, _request: Request) -> Response:
        """Sign out at the provider as well, on request."""
        metadata = await self._provider.metadata()
        if not metadata.leave:
            return RedirectResponse(SIGN_IN, 303)
        joint = "&" if "?" in metadata.leave else "?"
        client = urlencode({"client_id": self._provider.terms.client_id})
        return RedirectResponse(f"{metadata.leave}{joint}{client}", 303)

    def _redirect(self, request: Request) -> str:
        """Our redirect URI, which has to be registered with the provider."""
        return self._frame.origin(request) + BACK
