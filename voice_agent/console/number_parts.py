"""What every figure is shown as: a tile, and how values read in it. Pure."""

from dataclasses import dataclass

from core.store.figures import Share

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure."""

    label: str
    value: str
    of: str
    means: str


def percent(share: Share) -> str:
    """A share in words."""
    return UNKNOWN if share.percent is None else f"{share.percent}%"


def part_of(share: Share) -> str:
    """What it is a share of."""
    return f"{share.part:,} of {share.whole:,}"


def seconds(ms: int | None) -> str:
    """A time in words."""
    return UNKNOWN if ms is None else f"{ms / 1000:.2f} s"


def ratio(share: float | None) -> str:
    """A share that is a number in words."""
    return UNKNOWN if share is None else f"{round(100 * share)}%"


def plain(value: float | None) -> str:
    """A number in words."""
    return UNKNOWN if value is None else f"{value}"
