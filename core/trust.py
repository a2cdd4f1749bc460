"""`Trust`: whether a model that serves all conversations is worth waiting for. Pure: instants in.

A model that is always late would cost each turn its whole deadline for nothing. After some failures
in a row it is not asked for a while; then one turn asks again, and the next rest is longer.
"""

from dataclasses import dataclass, field

IN_A_ROW = 3
"""Fewer may be the network's or a hard question's fault."""
REST_S, LONGEST_REST_S = 30.0, 480.0
TRIAL_S = 5.0
"""While one turn asks again, others go without."""


class Trust:
    """One use of a model. Instants are of the event loop's clock."""

    def __init__(self) -> None:
        self._failures = 0
        self._rest_s = REST_S
        self._until: float | None = None
        self.why = ""
        """What went wrong last."""

    @property
    def lost(self) -> bool:
        """Whether it failed too often to be relied on."""
        return self._until is not None

    def asks(self, at: float) -> bool:
        """Whether to ask it now: always while it is trusted, and once after each rest."""
        if self._until is None:
            return True
        if at < self._until:
            return False
        self._until = at + TRIAL_S
        return True

    def worked(self) -> None:
        """It did what was asked, in time."""
        self._failures, self._rest_s, self._until = 0, REST_S, None

    def failed(self, at: float, why: str) -> None:
        """It did not."""
        self.why = why
        self._failures += 1
        if self._failures >= IN_A_ROW:
            self.rest(at, why)

    def rest(self, at: float, why: str) -> None:
        """It is not to be asked for a while; longer each time."""
        self.why = why
        self._failures = max(self._failures, IN_A_ROW)
        self._until = at + self._rest_s
        self._rest_s = min(2 * self._rest_s, LONGEST_REST_S)


@dataclass(frozen=True, slots=True)
class Trusts:
    """Both uses of the language model: a slow reading is no reason not to let it word replies."""

    wording: Trust = field(default_factory=Trust)
    reading: Trust = field(default_factory=Trust)
