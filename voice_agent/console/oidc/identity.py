"""Validates an ID token and returns its claims. Pure: keys and time are arguments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from voice_agent.errors import PeerError
from voice_agent.signatures import same

if TYPE_CHECKING:
    from jwt.types import Options

ALGORITHMS = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
)  # noqa: E501
"""Signatures with a key only the provider has: never `none`, never a shared secret."""
SKEW_S = 60.0
"""Tolerated difference between the provider's clock and ours."""
_SIGNATURE_ALONE: "Options" = {
    "verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False,
    "verify_iss": False, "verify_sub": False, "verify_jti": False,
    "enforce_minimum_key_length": True,
}  # fmt: skip
"""The library checks the signature alone; this module checks the claims, by our clock and with a
reason for each."""


class IdentityRefused(PeerError):
    """A person is not let in. `why` is for the audit: a word of ours, nothing they sent."""

    code = "identity-refused"

    def __init__(self, why: str, told: str = "") -> None:
        super().__init__(told or "That sign-in could not be verified. Try again.")
        self.why = why


class UnknownKey(IdentityRefused):
    """Signed with an unknown key: the provider may have rotated its keys."""

    code = "identity-unknown-key"


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token has to be issued for: this provider, this client, this sign-in."""

    issuer: str
    client_id: str
    nonce: str
    algorithms: Sequence[str] = ALGORITHMS


def claims_of(
    token: str, keys: Sequence[Mapping[str, Any]], expected: Expected, at: datetime
) -> dict[str, Any]:
    """The claims of an ID token. Raises: IdentityRefused, UnknownKey."""
    claims = _signed(token, keys, expected.algorithms)
    _meant_for(claims, expected)
    _in_time(claims, at.timestamp())
    if not same(claims.get("nonce"), expected.nonce):
        raise IdentityRefused("nonce")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise IdentityRefused("subject")
    return claims


def email_of(claims: Mapping[str, Any]) -> str:
    """The email address the provider vouches for. Raises: IdentityRefused."""
    email = claims.get("email")
    if not isinstance(email, str) or email.count("@") != 1 or not email.isprintable():
        raise IdentityRefused("no-email", "Your account has no mail address there.")
    if not any(claims.get(name) in (True, "true") for name in ("email_verified", "xms_edov")):
        raise IdentityRefused("email-unverified", "Your mail address is not verified there.")
    return email.strip().casefold()[:200]


def _signed(
    token: str, keys: Sequence[Mapping[str, Any]], algorithms: Sequence[str]
) -> dict[str, Any]:
    import jwt

    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError) as error:
        raise IdentityRefused("token") from error
    algorithm, kid = header.get("alg"), header.get("kid")
    if algorithm not in algorithms or algorithm not in ALGORITHMS:
        raise IdentityRefused("algorithm")
    fitting = [key for key in keys if _fits(key, algorithm) and kid in (None, key.get("kid"))]
    if not fitting:
        raise UnknownKey("unknown-key")
    if len(fitting) > 1 and kid is None:
        raise IdentityRefused("ambiguous-key")
    try:
        claims: dict[str, Any] = jwt.decode(
            token, jwt.PyJWK(dict(fitting[0]), algorithm), algorithms=[algorithm],
            options=_SIGNATURE_ALONE,
        )  # fmt: skip
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise IdentityRefused("signature") from error
    return claims


def _fits(key: Mapping[str, Any], algorithm: str) -> bool:
    family = {"R": "RSA", "P": "RSA", "E": "EC"}[algorithm[0]] if algorithm != "EdDSA" else "OKP"
    usable = key.get("use", "sig") == "sig" and key.get("alg", algorithm) == algorithm
    return usable and key.get("kty") == family


def _meant_for(claims: Mapping[str, Any], expected: Expected) -> None:
    if claims.get("iss") != expected.issuer:
        raise IdentityRefused("issuer")
    audience, party = claims.get("aud"), claims.get("azp")
    audiences = [audience] if isinstance(audience, str) else audience
    if not isinstance(audiences, list) or expected.client_id not in audiences:
        raise IdentityRefused("audience")
    if (len(audiences) > 1 or party is not None) and party != expected.client_id:
        raise IdentityRefused("authorised-party")


def _in_time(claims: Mapping[str, Any], at: float) -> None:
    expires, issued = _instant(claims, "exp"), _instant(claims, "iat")
    if expires is None or issued is None:
        raise IdentityRefused("times")
    if at >= expires + SKEW_S:
        raise IdentityRefused("expired", "That sign-in took too long. Try again.")
    begins = _instant(claims, "nbf") if "nbf" in claims else issued
    if begins is None or max(begins, issued) > at + SKEW_S:
        raise IdentityRefused("not-yet-valid", "The provider's clock and ours do not agree.")


def _instant(claims: Mapping[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e12 else None  # excludes NaN and infinity too
