"""When a buyer wants to meet, as a condition on a time in their own zone. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from core.scheduling.slots import Slot


@dataclass(frozen=True, slots=True)
class Wish:
    """Conditions on a local time; an empty wish matches any."""

    days: frozenset[date] = frozenset()
    """Any of these; if none are named, any day."""
    not_days: frozenset[date] = frozenset()
    not_weekdays: frozenset[int] = frozenset()
    """Monday is 0."""
    earliest: time | None = None
    latest: time | None = None
    """The meeting must begin before this."""
    at: time | None = None
    soonest: bool = False
    """As soon as possible; nothing else matters."""
    either: tuple["Wish", ...] = ()
    """Days with their own hours, any of which will do: "Thursday after two or Friday morning";
    `days` is their union."""

    def __bool__(self) -> bool:
        return self != Wish()

    @property
    def names_a_time(self) -> bool:
        """Whether it says more than that it should be soon."""
        return self not in (Wish(), Wish(soonest=True))

    @property
    def names_an_hour(self) -> bool:
        """Whether it names any time of day."""
        own = any(t is not None for t in (self.at, self.earliest, self.latest))
        return own or any(w.names_an_hour for w in self.either)

    def fits(self, local: datetime) -> bool:
        """Whether a local time matches the wish."""
        if self.either and not any(w.fits(local) for w in self.either):
            return False
        day, clock = local.date(), local.time()
        if (self.days and day not in self.days) or day in self.not_days:
            return False
        if day.weekday() in self.not_weekdays:
            return False
        if self.at is not None and clock != self.at:
            return False
        if self.earliest is not None and clock < self.earliest:
            return False
        return self.latest is None or clock < self.latest

    def without_hour(self) -> "Wish":
        """The same days at any hour."""
        return Wish(self.days, self.not_days, self.not_weekdays)

    def without_day(self) -> "Wish":
        """The same hours on any day except excluded ones."""
        return Wish(frozenset(), self.not_days, self.not_weekdays, self.earliest, self.latest,
                    self.at)  # fmt: skip


def fitting(slots: Iterable[Slot], wish: Wish, zone: ZoneInfo) -> list[Slot]:
    """The slots that match a wish, in a buyer's zone."""
    return [slot for slot in slots if wish.fits(slot.start.astimezone(zone))]


def nearest(slots: Iterable[Slot], wish: Wish, zone: ZoneInfo) -> tuple[list[Slot], bool]:
    """The slots closest to a wish, and whether they match it exactly.

    Relaxed in this order: the hour, then the day, then both.
    """
    every = list(slots)
    exact = fitting(every, wish, zone)
    if exact or not wish:
        return exact, True
    for looser in (wish.without_hour(), wish.without_day()):
        if looser and (found := fitting(every, looser, zone)):
            return _by_hour(found, wish, zone), False
    return fitting(every, Wish(not_days=wish.not_days, not_weekdays=wish.not_weekdays), zone), False


def _by_hour(slots: list[Slot], wish: Wish, zone: ZoneInfo) -> list[Slot]:
    """Nearest to the wished hour first, if one was named."""
    aim = wish.at or wish.earliest or wish.latest
    if aim is None:
        return slots
    minutes = aim.hour * 60 + aim.minute

    def off(slot: Slot) -> int:
        local = slot.start.astimezone(zone)
        return abs(local.hour * 60 + local.minute - minutes)

    return sorted(slots, key=lambda s: (s.start.astimezone(zone).date(), off(s)))
