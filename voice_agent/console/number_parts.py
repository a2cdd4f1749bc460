"""How every figure is shown: a tile, and the formatting of values. Pure."""

import re
from dataclasses import dataclass

from core.store.figures import Share

UNKNOWN = "unknown"
_AMOUNT = re.compile(r"[A-Z]{3} -?[\d,.]+")


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure."""

    label: str
    value: str
    of: str
    means: str
    needs: str = ""
    """From when on it is known: "a promised call is settled". Empty: as `of` says."""

    @property
    def currency(self) -> str:
        """The currency of an amount, to be set smaller beside it; empty for others."""
        return self.value[:3] if _AMOUNT.fullmatch(self.value) else ""


def percent(share: Share) -> str:
    """A share, formatted."""
    return UNKNOWN if share.percent is None else f"{share.percent}%"


def part_of(share: Share) -> str:
    """What it is a share of."""
    return f"{share.part:,} of {share.whole:,}"


def seconds(ms: int | None) -> str:
    """A duration, formatted."""
    return UNKNOWN if ms is None else f"{ms / 1000:.2f} s"


def ratio(share: float | None) -> str:
    """A ratio, formatted."""
    return UNKNOWN if share is None else f"{round(100 * share)}%"


def plain(value: float | None) -> str:
    """A number, formatted."""
    return UNKNOWN if value is None else f"{value}"
