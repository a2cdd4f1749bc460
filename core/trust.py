"""`Trust`: a circuit breaker for a model that serves all conversations. Pure: instants in.

A model that is always late would cost each turn its whole deadline for nothing. After several
failures in a row it is skipped for a while; then one turn tries it again, and the next pause is
longer.
"""

from dataclasses import dataclass, field

IN_A_ROW = 3
"""Fewer failures may be the network's fault, or a hard question's."""
REST_S, LONGEST_REST_S = 30.0, 480.0
TRIAL_S = 5.0
"""While one turn tries the model again, others go without it."""


class Trust:
    """The breaker for one use of a model. Instants are of the event loop's clock."""

    def __init__(self) -> None:
        self._failures = 0
        self._rest_s = REST_S
        self._until: float | None = None
        self.why = ""
        """The last failure."""

    @property
    def lost(self) -> bool:
        """Whether it failed too often to be relied on."""
        return self._until is not None

    def asks(self, at: float) -> bool:
        """Whether to ask the model now: always while it is trusted, and once after each pause."""
        if self._until is None:
            return True
        if at < self._until:
            return False
        self._until = at + TRIAL_S
        return True

    def worked(self) -> None:
        """Record a success within the deadline."""
        self._failures, self._rest_s, self._until = 0, REST_S, None

    def failed(self, at: float, why: str) -> None:
        """Record a failure."""
        self.why = why
        self._failures += 1
        if self._failures >= IN_A_ROW:
            self.rest(at, why)

    def rest(self, at: float, why: str) -> None:
        """Skip the model for a while, longer each time."""
        self.why = why
        self._failures = max(self._failures, IN_A_ROW)
        self._until = at + self._rest_s
        self._rest_s = min(2 * self._rest_s, LONGEST_REST_S)


@dataclass(frozen=True, slots=True)
class Trusts:
    """One breaker per use: a model that reads slowly may still word replies in time."""

    wording: Trust = field(default_factory=Trust)
    reading: Trust = field(default_factory=Trust)
