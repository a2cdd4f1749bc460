"""Spoken times of meetings: in the buyer's zone, and in the rep's if different. Pure."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from core.conversation.words.dates import DAYS, MONTHS
from core.geography.zones import CallerZone, same_time, shared_gap, zone_name


def said_time(
    start: datetime, caller: CallerZone | None, rep_zone: str, rep: str, now: datetime,
    *, full: bool = False, dated: bool = False,
) -> str:  # fmt: skip
    """As in `Thursday at 2 PM your time, 1 PM Maya's`; `full`: with the date, for a confirmation;
    `dated`: the date instead of "tomorrow", for text that is read on another day."""
    theirs = ZoneInfo(rep_zone)
    own = caller.zone if caller else theirs
    local, away = start.astimezone(own), start.astimezone(theirs)
    day = said_day(local.date(), now.astimezone(own).date(), full=full, dated=dated)
    if caller is None:
        return f"{day} at {clock(local)} {zone_name(rep_zone)}"
    same = same_time(own, theirs, start)
    mine = "your time" if caller.sure else zone_name(caller.name)
    if same:
        return f"{day} at {clock(local)}" + ("" if caller.sure else f" {mine}")
    other = clock(away)
    if away.date() != local.date():
        other = f"{DAYS[away.weekday()].capitalize()} {other}"
    return f"{day} at {clock(local)} {mine}, {other} {possessive(rep)}"


def said_times(
    starts: Sequence[datetime], caller: CallerZone | None, rep_zone: str, rep: str, now: datetime,
    *, dated: bool = False,
) -> str:  # fmt: skip
    """Several times in one phrase, with zones said once if all share them; `dated` as above."""
    own, theirs = caller.zone if caller else ZoneInfo(rep_zone), ZoneInfo(rep_zone)
    gaps = {shared_gap(own, theirs, start) for start in starts}
    if len(starts) > 1 and len(gaps) == 1 and None not in gaps:
        today = now.astimezone(own).date()
        local = [start.astimezone(own) for start in starts]
        said = [f"{said_day(d.date(), today, dated=dated)} at {clock(d)}" for d in local]
        return _listed(said, local) + _zone_and_gap(caller, rep_zone, rep, gaps.pop() or 0)
    said = [said_time(start, caller, rep_zone, rep, now, dated=dated) for start in starts]
    return _listed(said, [s.astimezone(own) for s in starts])


def said_shortly(starts: Sequence[datetime], zone: ZoneInfo, now: datetime) -> str:
    """Times the buyer knows, by what distinguishes them: `Monday, Tuesday, or Friday`."""
    today = now.astimezone(zone).date()
    local = [start.astimezone(zone) for start in starts]
    days = [said_day(d.date(), today) for d in local]
    if len(set(days)) == len(days):
        return _either(days)
    if len(set(days)) == 1:
        return _either([clock(d) for d in local])
    return _listed([f"{day} at {clock(d)}" for day, d in zip(days, local, strict=True)], local)


def were_heard(starts: Sequence[datetime], zone: ZoneInfo, now: datetime, heard: str) -> bool:
    """Whether the buyer heard the days and hours of these times."""
    today = now.astimezone(zone).date()
    local = [start.astimezone(zone) for start in starts]
    return all(clock(d) in heard and said_day(d.date(), today) in heard for d in local)


def _zone_and_gap(caller: CallerZone | None, rep_zone: str, rep: str, gap: int) -> str:
    """Said once for several times: their zone, and how the rep's differs."""
    if caller is None:
        return f" {zone_name(rep_zone)}"
    if not gap:
        return "" if caller.sure else f" {zone_name(caller.name)}"
    zone = "your time" if caller.sure else zone_name(caller.name)
    hours = ("an hour", "two hours", "three hours", "four hours", "five hours")[abs(gap) - 1]
    return f" {zone}, {hours} {'later' if gap > 0 else 'earlier'} for {rep.split()[0]}"


def _listed(said: list[str], local: Sequence[datetime]) -> str:
    return _either(_without_days(said, [d.date() for d in local]))


def _either(said: list[str]) -> str:
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])}, or {said[-1]}"


def _without_days(said: list[str], days: list[date]) -> list[str]:
    """A day that was just named is not repeated: "Thursday at 10 AM, or 2 PM"."""
    kept = said[:1]
    for n in range(1, len(said)):
        shared = days[n] == days[n - 1] and " at " in said[n]
        kept.append(f"at {said[n].split(' at ', 1)[1]}" if shared else said[n])
    return kept


def said_day(day: date, today: date, *, full: bool = False, dated: bool = False) -> str:
    """As in `tomorrow`, `Thursday`, `Thursday, December 10`; `full` always includes the date,
    `dated` gives only the date."""
    ahead = (day - today).days
    weekday = DAYS[day.weekday()].capitalize()
    date_ = f"{weekday}, {MONTHS[day.month - 1].capitalize()} {day.day}"
    if ahead in (0, 1) and not dated:
        word = ("today", "tomorrow")[ahead]
        return f"{word}, {date_}" if full else word
    return weekday if 1 < ahead < 7 and not (full or dated) else date_


def clock(local: datetime) -> str:
    """As in `2 PM` and `2:30 PM`."""
    minute = f":{local.minute:02d}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minute} {'AM' if local.hour < 12 else 'PM'}"


def possessive(name: str) -> str:
    """As in `Maya's` and `James'`."""
    first = name.split()[0]
    return f"{first}'" if first.endswith("s") else f"{first}'s"
