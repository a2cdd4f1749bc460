"""Passwords: generated, judged, and hashed with argon2 off the event loop, two at a time."""

import secrets

import anyio
import anyio.to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST, MOST = 12, 200
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_HASHER = PasswordHasher()
"""RFC 9106's low-memory parameters: 64 MiB, three passes, four lanes."""
AT_ONCE = 2
"""Concurrent hashes: each takes 64 MiB and a core for a moment, which calls need too."""


def made_up() -> str:
    """A random password for people to type: four groups of five, 99 bits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))
    return "-".join(groups)


def fault(password: str, name: str) -> str:
    """Why it is unsuitable as a password; empty when it is fine."""
    if len(password) < LEAST:
        return f"A password has at least {LEAST} characters."
    if len(password) > MOST:
        return f"A password has at most {MOST} characters."
    if password.casefold() in (name.casefold(), name.casefold() * 2) or len(set(password)) < 5:
        return "That password is too easy to guess."
    return ""


def hashed(password: str) -> str:
    """The argon2 hash. Blocks for about 50 ms."""
    return _HASHER.hash(password)


class Passwords:
    """Password hashing off the event loop."""

    def __init__(self, hasher: PasswordHasher = _HASHER) -> None:
        self._hasher = hasher
        self._turn = anyio.CapacityLimiter(AT_ONCE)
        self._nobody = ""

    async def hashed(self, password: str) -> str:
        """The argon2 hash."""
        return await anyio.to_thread.run_sync(self._hasher.hash, password, limiter=self._turn)

    async def right(self, password: str, known: str) -> bool:
        """Whether a password matches a hash; takes as long when there is no hash to compare."""
        if not self._nobody:
            self._nobody = await self.hashed(made_up())
        if len(password) > MOST:
            return False
        against = known or self._nobody
        found = await anyio.to_thread.run_sync(self._verify, against, password, limiter=self._turn)
        return found and bool(known)

    def outdated(self, known: str) -> bool:
        """Whether a hash was made with outdated parameters."""
        return self._hasher.check_needs_rehash(known)

    def _verify(self, known: str, password: str) -> bool:
        try:
            return self._hasher.verify(known, password)
        except (VerificationError, InvalidHashError):
            return False
