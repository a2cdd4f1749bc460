"""What became of conversations: meetings held, deals, cost, and where they came in.

Pure. What nobody reported is unknown and counted separately: never as held, never as lost.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

LEAST_WON = 5
"""With fewer won deals, an average and its interval would overstate what is known."""
WIDE = 1.96
"""Standard errors on either side of a mean for a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Came:
    """One ended conversation, with its known outcome."""

    channel: str
    entry: str
    """Where it came in: a number, a page or a campaign; empty if unknown."""
    qualified: bool
    seconds: float
    """The length of a call; 0 in writing."""
    meeting_at: datetime | None = None
    attended: bool | None = None
    """Whether the meeting was held; None: not reported."""
    stage: str = ""
    """open, won or lost; empty: no deal reported."""
    amount: int | None = None
    """The deal's amount, in minor units of `currency`."""
    currency: str = ""
    verdict: str = ""
    """The agent's own verdict, before corrections; empty if it heard nothing to judge."""
    score: float | None = None
    draw: float = 1.0
    """Its position in random samples, see `core.flags.drawn`."""
    colleague: str = ""
    """The colleague's verdict that counts; empty: none."""
    invitation: str = ""
    """The chat invitation that it began with."""
    heard: int = 0
    """How many signals the agent took from what the buyer said."""
    misheard: int = 0
    """How many of those a person corrected."""
    missed: int = 0
    """How many a person added."""
    reviewed: bool = False
    """Whether a person reviewed it."""


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """The conversations of one entry point."""

    channel: str
    entry: str
    conversations: int
    qualified: int
    meetings: int
    deals: int


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with its 95 % confidence interval."""

    mean: float
    low: float
    high: float
    n: int

    def over(self, other: float) -> "Interval":
        """The same as a ratio to another amount."""
        return Interval(self.mean / other, self.low / other, self.high / other, self.n)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The outcomes of a period's conversations."""

    held: int
    no_show: int
    untold: int
    """Past meetings without a report."""
    ahead: int
    with_deal: int
    """Held meetings that led to an opportunity."""
    deals: int
    won: int
    lost: int
    pipeline: dict[str, int]
    """Open and won deals by currency, in minor units."""
    earned: dict[str, int]
    """Won deals of conversations that were qualified, by currency, in minor units."""
    unpriced: int
    """Deals without a reported amount."""
    revenue: Interval | None
    """Revenue per qualified lead, in major units; None: too few deals, or mixed currencies."""
    currency: str
    entries: tuple[EntryPoint, ...]

    def told(self) -> dict[str, Any]:
        """JSON-ready; unknown values are null or counted separately."""
        met = self.held + self.no_show
        return {
            "meetings": {
                "held": self.held, "no_show": self.no_show, "unknown": self.untold,
                "ahead": self.ahead, "show_rate": round(self.held / met, 4) if met else None,
            },
            "deals": {
                "all": self.deals, "won": self.won, "lost": self.lost, "unpriced": self.unpriced,
                "of_meetings_held": round(self.with_deal / self.held, 4) if self.held else None,
            },
            "pipeline_minor": self.pipeline,
            "revenue_minor": self.earned,
            "revenue_per_qualified": asdict(self.revenue) | {"currency": self.currency}
            if self.revenue else None,
            "entries": [asdict(entry) for entry in self.entries],
        }  # fmt: skip


def outcomes(every: Sequence[Came], now: datetime, currency: str) -> Outcomes:
    """The counts. `currency`: the default currency of amounts."""
    met = [c for c in every if c.meeting_at is not None]
    past = [c for c in met if c.meeting_at is not None and c.meeting_at <= now]
    held = [c for c in met if c.attended]
    deals = [c for c in every if c.stage]
    won = [c for c in deals if c.stage == "won"]
    return Outcomes(
        held=len(held),
        no_show=sum(c.attended is False for c in met),
        untold=sum(c.attended is None for c in past),
        ahead=sum(c.attended is None for c in met) - sum(c.attended is None for c in past),
        with_deal=sum(bool(c.stage) for c in held),
        deals=len(deals),
        won=len(won),
        lost=sum(c.stage == "lost" for c in deals),
        pipeline=_by_currency([c for c in deals if c.stage != "lost"], currency),
        earned=_by_currency([c for c in won if c.qualified], currency),
        unpriced=sum(c.amount is None for c in deals if c.stage != "lost"),
        revenue=_revenue([c for c in every if c.qualified], currency),
        currency=currency,
        entries=_entries(every),
    )


def spent(
    every: Sequence[Came], months: float, month: float | None, minute: float | None,
    chat: float | None, email: float | None,
) -> float | None:  # fmt: skip
    """A period's cost by the operator's own unit costs; None if they stated none."""
    if month is minute is chat is email is None:
        return None
    minutes = sum(c.seconds for c in every if c.channel == "voice") / 60
    chats, mails = (sum(c.channel == name for c in every) for name in ("chat", "email"))
    unit = minutes * (minute or 0) + chats * (chat or 0) + mails * (email or 0)
    return (month or 0) * months + unit


def entry_of(channel: str, called: str | None, page: str) -> str:
    """Where a conversation came in: the called number, or a chat's campaign or page."""
    if channel == "voice":
        return called or ""
    if channel != "chat" or not page:
        return ""
    try:
        parts = urlsplit(page)
        host = parts.hostname or ""
    except ValueError:
        return ""
    campaign = parse_qs(parts.query).get("utm_campaign", [""])[0].strip()[:80]
    place = f"{host}{parts.path.rstrip('/') or '/'}"[:120]
    return f"{place} ({campaign})" if campaign else place


def _by_currency(deals: Sequence[Came], usual: str) -> dict[str, int]:
    """Total amounts, without unreported ones."""
    made: dict[str, int] = {}
    for one in deals:
        if one.amount is not None:
            name = one.currency or usual
            made[name] = made.get(name, 0) + one.amount
    return dict(sorted(made.items()))


def _revenue(leads: Sequence[Came], currency: str) -> Interval | None:
    won = [c for c in leads if c.stage == "won" and c.amount is not None]
    if len(won) < LEAST_WON or any((c.currency or currency) != currency for c in won):
        return None
    amounts = [(c.amount or 0) / 100 if c.stage == "won" else 0.0 for c in leads]
    n, mean = len(amounts), sum(amounts) / len(amounts)
    spread = math.sqrt(sum((a - mean) ** 2 for a in amounts) / (n - 1))
    reach = WIDE * spread / math.sqrt(n)
    return Interval(mean, max(0.0, mean - reach), mean + reach, n)


def _entries(every: Sequence[Came]) -> tuple[EntryPoint, ...]:
    grouped: dict[tuple[str, str], list[Came]] = {}
    for one in every:
        grouped.setdefault((one.channel, one.entry), []).append(one)
    made = [
        EntryPoint(
            channel, entry, len(some), sum(c.qualified for c in some),
            sum(c.meeting_at is not None for c in some), sum(bool(c.stage) for c in some),
        )
        for (channel, entry), some in grouped.items()
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda e: (-e.conversations, e.channel, e.entry)))
