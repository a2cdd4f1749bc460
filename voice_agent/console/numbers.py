"""Numbers: what a period came to, each figure with its definition; unknown is shown as unknown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from anyio import to_thread
from starlette.responses import Response

from core.metrics.report import report
from core.store.figures import Figures, Period, Share, figures
from core.store.measuring import measured_between
from voice_agent.console import filters
from voice_agent.console.access import HOME
from voice_agent.console.csv_lines import line_of
from voice_agent.console.doors import Door, Nav, Room, Visit
from voice_agent.console.frame import Frame, zone_of
from voice_agent.http import Refused

NUMBERS = f"{HOME}/numbers"
USUAL = timedelta(days=28)
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure: what it is, its value, what it is of, and how it is defined."""

    label: str
    value: str
    of: str
    means: str


class Numbers:
    """The doors of numbers."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def room(self) -> Room:
        """For everybody; a rep's numbers say nothing the queues do not."""
        return Room(
            (Door(NUMBERS, self._show), Door(f"{NUMBERS}.csv", self._export, "manager")),
            (Nav("Numbers", NUMBERS, key="n"),),
        )

    async def _show(self, visit: Visit) -> Response:
        period, zone = self._period(visit)
        found = await self._frame.store.query(lambda c: figures(c, period, zone))
        cost, minutes = (_amount(visit, name) for name in ("cost", "minutes"))
        more: tuple[Tile, ...] = ()
        if visit.query.get("more") == "yes":
            since, until, channel = period.since, period.until, period.channel or None
            read, _ = await self._frame.store.query(
                lambda c: measured_between(c, since, until, channel)
            )
            more = deeper(await to_thread.run_sync(report, read, visit.at))
        return await to_thread.run_sync(
            partial(self._rendered, visit, period, zone, found, cost, minutes, more)
        )

    def _rendered(
        self, visit: Visit, period: Period, zone: str, found: Figures,
        cost: float | None, minutes: float | None, more: tuple[Tile, ...],
    ) -> Response:  # fmt: skip
        company = self._frame.company().company
        last = period.until.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
        return self._frame.page(
            visit, "numbers.html", figures=found, period=period, cost=cost, minutes=minutes,
            first_day=period.since.astimezone(ZoneInfo(zone)).date(), last_day=last,
            tiles=tiles(found, period, cost, minutes), bars=bars(found), more=more,
            kept=filters.kept(visit.query),
            names={rep.id: rep.name for rep in company.team}
            | {segment.id: segment.label for segment in company.segments},
        )  # fmt: skip

    async def _export(self, visit: Visit) -> Response:
        period, zone = self._period(visit)
        found = await self._frame.store.query(lambda c: figures(c, period, zone))
        cost, minutes = (_amount(visit, name) for name in ("cost", "minutes"))
        await self._frame.audited(visit.did("export", "numbers"))
        rows = [("figure", "value", "of", "definition")]
        rows += [(t.label, t.value, t.of, t.means) for t in tiles(found, period, cost, minutes)]
        text = "".join(line_of(row) for row in rows)
        headers = {"Content-Disposition": 'attachment; filename="numbers.csv"'}
        return Response(text, media_type="text/csv; charset=utf-8", headers=headers)

    def _period(self, visit: Visit) -> tuple[Period, str]:
        """What the URL asks for: four weeks unless it says otherwise. Raises: Refused."""
        company = self._frame.company().company
        zone = zone_of(visit.account, company.timezone, company.team)
        asked = filters.wanted("all", visit.query, zone)
        tomorrow = visit.at.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
        until = asked.until or datetime.combine(tomorrow, time(), ZoneInfo(zone))
        since = asked.since or until - USUAL
        if not since < until <= since + LONGEST:
            raise Refused(422, "bad-period", "A period begins before it ends, and is a year long.")
        return Period(since, until, asked.channel, asked.segment, asked.rep), zone


def tiles(found: Figures, period: Period, cost: float | None, minutes: float | None) -> list[Tile]:
    """The figures in the order they are read. `cost`: a month's; `minutes`: a person's, each."""
    months = (period.until - period.since) / timedelta(days=30)
    each = cost * months / found.qualified.part if cost and found.qualified.part else None
    saved = minutes * (found.conversations - found.going_on) / 60 if minutes else None
    late = f"{_percent(found.late_with_next_step)} of them left with a next step"
    return [
        Tile("Conversations", f"{found.conversations:,}", f"{found.going_on} going on",
             "All that began in the period."),
        Tile("Qualified", _percent(found.qualified),
             f"{_of(found.qualified)} judged; of {found.undecided} too little was known",
             "Conversations judged a fit, of those that could be judged."),
        Tile("Meetings", _percent(found.booked), f"{_of(found.booked)} qualified",
             "Qualified conversations in which a meeting was booked that stands."),
        Tile("After hours", _percent(found.after_hours), late,
             "Conversations that began when nobody was in; a next step is a meeting, a call or a "
             "message."),
        Tile("Put off", _percent(found.put_off), f"{_of(found.put_off)} conversations",
             "Conversations with a question that approved knowledge does not cover."),
        Tile("Answer heard", _seconds(found.heard_p50_ms), f"p95 {_seconds(found.heard_p95_ms)}",
             "From the caller's last sound to our first, as heard: each call's own p95; the middle "
             "one, and the one that 95 % stay below."),
        Tile("Calls kept", _percent(found.kept), f"{_of(found.kept)} settled, {found.owed} owed",
             "Promised calls that were made, of those made or broken."),
        Tile("Handoff", "unknown" if found.rating is None else f"{found.rating} / 5",
             f"{found.ratings} rated; {_percent(found.repeated)} had to repeat themselves",
             "What those who took leads over say of the handoff, the mean of 1 to 5."),
        Tile("Right on a fit", _percent(found.right), f"{_of(found.right)} checked",
             "Of those the agent called a fit and a colleague judged: which they called one, too."),
        Tile("Fits found", _percent(found.found), f"{_of(found.found)} fits",
             "Of those a colleague called a fit: which the agent had called one, too."),
        Tile("Reviewed", _percent(found.reviewed), f"{_of(found.reviewed)} flagged",
             "Flagged conversations somebody has been through."),
        Tile("Cost a fit", "unknown" if each is None else f"{each:,.2f}",
             "give a month's cost" if cost is None else "at your cost",
             "Your cost of the period divided by qualified conversations."),
        Tile("Time saved", "unknown" if saved is None else f"{saved:,.0f} h",
             "give minutes a talk" if minutes is None else "estimate",
             "Conversations that ended, times the minutes you say a person would need."),
    ]  # fmt: skip


def deeper(made: Mapping[str, Any]) -> tuple[Tile, ...]:
    """What only the conversations' own facts tell: speed, deflection, give and ask, grounding."""
    speed, asking, grounding = made["speed"], made["asking"], made["grounding"]
    first = [
        Tile(f"First answer, {'phone' if name == 'voice' else name}", _seconds(spread["p50"]),
             f"p95 {_seconds(spread['p95'])}, {spread['n']} counted",
             "From the call, chat or mail coming in to our first word.")
        for name, spread in speed["first_response_ms"].items()
    ]  # fmt: skip
    to_verdict, to_meeting, away = (
        speed["qualification_ms"], speed["meeting_ms"], made["deflection"]
    )  # fmt: skip
    return (
        *first,
        Tile("Until judged", _seconds(to_verdict["p50"]), f"{to_verdict['n']} counted",
             "From the start until the verdict that stood, the middle one."),
        Tile("Until booked", _seconds(to_meeting["p50"]), f"{to_meeting['n']} counted",
             "From the start until a meeting was booked, the middle one."),
        Tile("Deflected", _ratio(away["share"]), f"{away['pending']} not a week old yet",
             "Helped, no lead, nobody of ours needed, and not back within seven days."),
        Tile("Gives an ask", _plain(asking["gives_per_ask"]), f"{asking['re_asks']} asked again",
             "What we told for each thing we asked."),
        Tile("Grounded", _ratio(None if grounding["abstention"] is None
                                else 1 - grounding["abstention"]),
             f"{grounding['deferred']} of {grounding['questions']} questions put off",
             "Questions answered from approved knowledge, of all that were asked."),
    )  # fmt: skip


def _ratio(share: float | None) -> str:
    return "unknown" if share is None else f"{round(100 * share)}%"


def _plain(value: float | None) -> str:
    return "unknown" if value is None else f"{value}"


def bars(found: Figures) -> list[tuple[float, float, float, float]]:
    """Each day as a bar of a 100 by 40 picture: x, width, height of all and of the qualified."""
    most = max((n for _, n, _ in found.days), default=0) or 1
    width = 100 / max(len(found.days), 1)
    return [
        (round(n * width, 3), round(width * 0.8, 3), round(40 * every / most, 2),
         round(40 * fit / most, 2))
        for n, (_, every, fit) in enumerate(found.days)
    ]  # fmt: skip


def _percent(share: Share) -> str:
    return "unknown" if share.percent is None else f"{share.percent}%"


def _of(share: Share) -> str:
    return f"{share.part:,} of {share.whole:,}"


def _seconds(ms: int | None) -> str:
    return "unknown" if ms is None else f"{ms / 1000:.2f} s"


def _amount(visit: Visit, name: str) -> float | None:
    """What the operator gave. Raises: Refused."""
    text = visit.query.get(name, "").strip()
    if not text:
        return None
    try:
        amount = float(text)
    except ValueError:
        amount = -1.0
    if not 0 < amount < 1e9:
        raise Refused(422, "bad-amount", "Cost and minutes are numbers above zero.")
    return amount
