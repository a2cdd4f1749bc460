"""`Patience`: when a job that failed is tried again, and when it is given up.

`asked_s`: the pause that the other side asks for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_ASKED_S = 3_600.0
"""The other side may ask for a longer pause than ours, up to this."""


@dataclass(frozen=True, slots=True)
class Patience:
    """The pauses between tries, in seconds; after the last it is left to a person."""

    pauses_s: tuple[float, ...]

    def after(self, tries: int, asked_s: float = 0.0) -> float | None:
        """The pause after a failure that `tries` others preceded; None: it is given up."""
        if tries >= len(self.pauses_s):
            return None
        return max(self.pauses_s[tries], min(asked_s, LONGEST_ASKED_S))


TWO_DAYS = Patience((5.0, 30.0, 120.0, 600.0, 1_800.0, 3_600.0, 7_200.0, *[14_400.0] * 10))
"""For whatever somebody waits for."""


def asked_s(headers: Mapping[str, str], now: datetime) -> float:
    """`Retry-After` in seconds, given as seconds or a date; 0 without one."""
    text = headers.get("retry-after", "")
    try:
        wait = float(text)
    except ValueError:
        try:
            at = parsedate_to_datetime(text)
        except ValueError:
            return 0.0
        wait = (aware(at) - now).total_seconds()
    return min(max(wait, 0.0), LONGEST_ASKED_S) if wait == wait else 0.0


def aware(at: datetime) -> datetime:
    """An instant without a zone is taken as UTC, as in the dates of mails and answers."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)
