"""`Provider`: requests to an OpenID Connect provider: metadata, keys, tokens for a code."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx

from core.clock import Clock
from voice_agent.console.oidc.identity import (
    ALGORITHMS,
    Expected,
    IdentityRefused,
    UnknownKey,
    claims_of,
    email_of,
)
from voice_agent.console.oidc.terms import Terms, sound, values_of
from voice_agent.errors import ServiceError

TIMEOUT_S = 5.0
LARGEST = 256 * 1024
FRESH_S = 3600.0
"""How long the provider's metadata is cached."""
WELL_KNOWN = "/.well-known/openid-configuration"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class IdentityFailed(ServiceError):
    """The identity provider was unreachable, or its answer was invalid."""

    code = "identity-failed"


class ClientRefused(IdentityFailed):
    """The provider rejects our client credentials."""

    code = "identity-client-refused"


@dataclass(frozen=True, slots=True)
class Metadata:
    """The provider's metadata."""

    authorize: str
    token: str
    keys: str
    userinfo: str
    leave: str
    """Its sign-out URL; empty when there is none."""
    names_itself: bool
    """Whether every response names its issuer (RFC 9207)."""
    basic: bool
    """Whether our secret goes in the header rather than in the form."""
    algorithms: tuple[str, ...]


class Provider:
    """One provider. `client` must have a timeout and follow no redirects."""

    def __init__(self, client: httpx.AsyncClient, terms: Terms, clock: Clock) -> None:
        self.terms = terms
        self._client = client
        self._clock = clock
        self._known: tuple[Metadata, datetime] | None = None
        self._keys: tuple[list[dict[str, Any]], datetime] | None = None

    async def metadata(self) -> Metadata:
        """Its metadata, at most an hour old. Raises: IdentityFailed."""
        if self._known is not None and self._fresh(self._known[1]):
            return self._known[0]
        said = await self._asked("GET", self.terms.issuer.rstrip("/") + WELL_KNOWN)
        if said.get("issuer") != self.terms.issuer:
            raise IdentityFailed(
                f"{self.terms.issuer} calls itself {str(said.get('issuer'))[:200]!r}; set "
                "VOICE_AGENT_OIDC_ISSUER to exactly that, if it is yours"
            )
        found = metadata_of(said)
        self._known = (found, self._clock())
        return found

    async def keys(self, *, anew: bool = False) -> list[dict[str, Any]]:
        """Its public keys, at most an hour old. Raises: IdentityFailed."""
        if self._keys is not None and not anew and self._fresh(self._keys[1]):
            return self._keys[0]
        said = await self._asked("GET", (await self.metadata()).keys)
        keys = said.get("keys")
        if not isinstance(keys, list):
            raise IdentityFailed("the provider's key set has no `keys`")
        found = [key for key in keys if isinstance(key, dict)]
        self._keys = (found, self._clock())
        return found

    async def claims(
        self, code: str, verifier: str, nonce: str, redirect: str
    ) -> Mapping[str, Any]:
        """The provider's claims about the person who came with a code.

        Raises: IdentityFailed, IdentityRefused.
        """
        metadata, terms = await self.metadata(), self.terms
        tokens = await self._exchanged(metadata, code, verifier, redirect)
        token = tokens.get("id_token")
        if not isinstance(token, str):
            raise IdentityRefused("no-id-token")
        expected = Expected(terms.issuer, terms.client_id, nonce, metadata.algorithms)
        try:
            claims = claims_of(token, await self.keys(), expected, self._clock())
        except UnknownKey:  # it may have rotated its keys since
            claims = claims_of(token, await self.keys(anew=True), expected, self._clock())
        return await self._whole(claims, metadata, tokens.get("access_token"))

    async def _whole(
        self, claims: Mapping[str, Any], metadata: Metadata, access: object
    ) -> Mapping[str, Any]:
        """The claims, completed from the userinfo endpoint, where many providers keep some."""
        if self._enough(claims) or not metadata.userinfo or not isinstance(access, str):
            return claims
        headers = {"Authorization": f"Bearer {access}"}
        more = await self._asked("GET", metadata.userinfo, headers=headers)
        if more.get("sub") != claims["sub"]:
            raise IdentityRefused("other-subject")
        return {**more, **claims}

    def _enough(self, claims: Mapping[str, Any]) -> bool:
        try:
            email_of(claims)
        except IdentityRefused:
            return False
        return bool(values_of(claims, self.terms.claim)) or set(self.terms.roles) == {"*"}

    async def _exchanged(
        self, metadata: Metadata, code: str, verifier: str, redirect: str
    ) -> dict[str, Any]:
        terms = self.terms
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": redirect,
            "code_verifier": verifier,
        }  # fmt: skip
        if not (terms.client_secret and metadata.basic):
            form["client_id"] = terms.client_id
            if terms.client_secret:
                form["client_secret"] = terms.client_secret
            return await self._asked("POST", metadata.token, data=form)
        plain = (terms.client_id, terms.client_secret)
        coded = (quote(plain[0], safe=""), quote(plain[1], safe=""))
        try:
            auth = httpx.BasicAuth(*coded)  # RFC 6749, 2.3.1
            return await self._asked("POST", metadata.token, data=form, auth=auth)
        except ClientRefused:  # not every provider decodes it
            if coded == plain:
                raise
        return await self._asked("POST", metadata.token, data=form, auth=httpx.BasicAuth(*plain))

    async def _asked(self, method: str, url: str, **given: Any) -> dict[str, Any]:
        """The JSON object in the response. Raises: IdentityFailed, IdentityRefused."""
        headers = {"Accept": "application/json", **given.pop("headers", {})}
        body = bytearray()
        try:
            async with self._client.stream(method, url, headers=headers, **given) as answer:
                async for chunk in answer.aiter_bytes():
                    body += chunk
                    if len(body) > LARGEST:
                        raise IdentityFailed(f"{url} answers more than {LARGEST} bytes")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            why = str(error) or type(error).__name__
            raise IdentityFailed(f"{url} cannot be reached: {why}") from error
        try:
            said = json.loads(body)
        except (ValueError, RecursionError):
            said = None
        if answer.status_code != 200:
            raise _refusal(url, answer.status_code, said)
        if not isinstance(said, dict):
            raise IdentityFailed(f"{url} answers no JSON object")
        return said

    def _fresh(self, since: datetime) -> bool:
        return abs((self._clock() - since).total_seconds()) < FRESH_S


def metadata_of(said: Mapping[str, Any]) -> Metadata:
    """A discovery document, validated. Raises: IdentityFailed."""
    for name in ENDPOINTS:
        if not isinstance(said.get(name), str) or not sound(said[name]):
            raise IdentityFailed(f"the provider's {name} is no https address")
    optional = {
        name: said[name] if isinstance(said.get(name), str) and sound(said[name]) else ""
        for name in ("userinfo_endpoint", "end_session_endpoint")
    }
    methods = said.get("token_endpoint_auth_methods_supported")
    signed = said.get("id_token_signing_alg_values_supported")
    algorithms = tuple(a for a in ALGORITHMS if not isinstance(signed, list) or a in signed)
    if not algorithms:
        raise IdentityFailed(f"the provider signs with none of {', '.join(ALGORITHMS)}")
    return Metadata(
        said["authorization_endpoint"], said["token_endpoint"], said["jwks_uri"],
        optional["userinfo_endpoint"], optional["end_session_endpoint"],
        said.get("authorization_response_iss_parameter_supported") is True,
        not isinstance(methods, list) or "client_secret_basic" in methods, algorithms,
    )  # fmt: skip


def _refusal(url: str, status: int, said: object) -> IdentityFailed | IdentityRefused:
    """The meaning of a status other than 200; a used code is its bearer's problem."""
    error = str(said.get("error", ""))[:60] if isinstance(said, dict) else ""
    if error == "invalid_grant":
        told = "That sign-in was used already, or took too long. Try again."
        return IdentityRefused("code", told)
    told = f"{url} answered {status} {error}".rstrip()
    if error in ("invalid_client", "unauthorized_client"):
        return ClientRefused(
            f"{told}; correct VOICE_AGENT_OIDC_CLIENT_ID and VOICE_AGENT_OIDC_CLIENT_SECRET"
        )
    return IdentityFailed(told)
