"""`Terms`: whom the company's identity provider may let in, and with which role. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from core.store.accounts import ROLES
from knowledge.hosts import confidential
from voice_agent.config import Settings
from voice_agent.errors import ConfigError

EVERYBODY = "*"


@dataclass(frozen=True, slots=True)
class Terms:
    """The settings of single sign-on."""

    issuer: str
    client_id: str
    client_secret: str
    """Empty for a public client, which only PKCE protects."""
    roles: Mapping[str, str]
    """The role for each value of the claim; `*` matches everybody."""
    claim: str = "groups"
    domains: Sequence[str] = ()
    """Accepted mail domains; empty: all."""
    scopes: str = "openid email profile"

    @property
    def label(self) -> str:
        """The provider's name for people: its host."""
        return urlsplit(self.issuer).hostname or self.issuer

    def role_of(self, claims: Mapping[str, Any]) -> str | None:
        """The highest role that a person's claims give; None when they give none."""
        has = {EVERYBODY, *values_of(claims, self.claim)}
        given = {role for value, role in self.roles.items() if value in has}
        return max(given, key=ROLES.index, default=None)

    def takes(self, email: str) -> bool:
        """Whether an address is in an accepted domain."""
        domain = email.rpartition("@")[2].casefold()
        return not self.domains or domain in self.domains


def terms_of(settings: Settings) -> Terms | None:
    """The settings; None without single sign-on. Raises: ConfigError with the setting."""
    issuer, client = settings.oidc_issuer.strip(), settings.oidc_client_id.strip()
    if not issuer and not client:
        return None
    if not (issuer and client):
        raise ConfigError("single sign-on needs VOICE_AGENT_OIDC_ISSUER and …_OIDC_CLIENT_ID, both")
    if not sound(issuer):
        raise ConfigError(
            f"VOICE_AGENT_OIDC_ISSUER must be the provider's https address, found {issuer!r}"
        )
    roles = _roles(settings.oidc_roles)
    domains = tuple(d.strip().lstrip("@").casefold() for d in settings.oidc_domains.split(","))
    domains = tuple(filter(None, domains))
    if EVERYBODY in roles and not domains:
        raise ConfigError(
            "VOICE_AGENT_OIDC_ROLES gives everybody at the provider a role (`*=`): say whose "
            "addresses are let in with VOICE_AGENT_OIDC_DOMAINS"
        )
    scopes = settings.oidc_scopes.split()
    if "openid" not in scopes:
        scopes.insert(0, "openid")
    return Terms(
        issuer, client, settings.oidc_client_secret.get_secret_value(), roles,
        settings.oidc_claim, domains, " ".join(scopes),
    )  # fmt: skip


def sound(url: str) -> bool:
    """Whether requests to a URL are private: https, or this machine."""
    try:
        parts, secret = urlsplit(url), confidential(url)
    except ValueError:
        return False
    return secret and bool(parts.hostname) and not parts.fragment and not parts.username


def values_of(claims: Mapping[str, Any], claim: str) -> list[str]:
    """A claim's values as texts; a path such as `realm_access.roles` leads into nested claims."""
    found: Any = claims.get(claim)
    if found is None:
        found = claims
        for part in claim.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        return [found]
    return [v for v in found if isinstance(v, str)] if isinstance(found, list) else []


def _roles(given: str) -> dict[str, str]:
    roles: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in given.split(","))):
        value, equals, role = (piece.strip() for piece in part.rpartition("="))
        if not equals or not value or role not in ROLES:
            raise ConfigError(
                f"VOICE_AGENT_OIDC_ROLES: `{part}` is no `group=role`; a role is {', '.join(ROLES)}"
            )
        if value in roles and roles[value] != role:
            raise ConfigError(f"VOICE_AGENT_OIDC_ROLES gives `{value}` two roles")
        roles[value] = role
    if not roles:
        raise ConfigError(
            "VOICE_AGENT_OIDC_ROLES is empty, so nobody could sign in: set it, for example to "
            "`sales=rep, sales-leads=manager, it=admin`"
        )
    return roles
