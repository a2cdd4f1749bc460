"""Numbers: a period's figures, each with its definition; unknown ones apart, with what it takes."""

from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from anyio import to_thread
from starlette.responses import Response

from core.metrics.accuracy import accuracy
from core.metrics.answers import answers
from core.metrics.hearing import hearing
from core.metrics.outcomes import outcomes
from core.metrics.report import report
from core.store import weekly
from core.store.answer_checks import checked
from core.store.card_tables import CardRow
from core.store.figures import Figures, Period, figures, within
from core.store.invitations import figures_of
from core.store.measuring import measured_between
from core.store.outcomes import came
from knowledge.profile import Company
from knowledge.sections.costs import Costs
from voice_agent.console import filters
from voice_agent.console.access import HOME
from voice_agent.console.amounts import number
from voice_agent.console.csv_lines import MARK, line_of
from voice_agent.console.doors import Door, Nav, Room, Visit
from voice_agent.console.frame import Frame, zone_of
from voice_agent.console.number_accuracy import bin_rows, points
from voice_agent.console.number_parts import Tile
from voice_agent.console.number_tiles import Counted, deeper, grouped, tiles
from voice_agent.console.pages import VERDICTS
from voice_agent.console.weekly import address_of, weekly_door
from voice_agent.http import Refused

NUMBERS = f"{HOME}/numbers"
USUAL = timedelta(days=28)
LONGEST = timedelta(days=366)
CALIBRATION = "Of conversations scored so: which a colleague calls a fit, and which came to a deal."
INVITATIONS = "Qualified leads of conversations that began with this invitation of the chat."
MOST_ENTRIES = 12
"""Entry points listed; the rest are one line."""
_card = CardRow.__table__


class Numbers:
    """The routes of numbers."""

    def __init__(self, frame: Frame, *, mails: bool = False) -> None:
        self._frame = frame
        self._mails = mails
        """Whether the week's numbers can be mailed."""

    def room(self) -> Room:
        """For everybody: a rep's numbers reveal nothing that the queues do not."""
        return Room(
            (
                Door(NUMBERS, self._show),
                Door(f"{NUMBERS}.csv", self._export, "manager"),
                weekly_door(self._frame),
            ),
            (Nav("Numbers", NUMBERS, key="n"),),
        )

    async def _show(self, visit: Visit) -> Response:
        counted, zone = await self._counted(visit)
        period = counted.period
        more = await self._deeper(visit, period) if visit.query.get("more") == "yes" else ()
        mailed = self._mails and await self._frame.store.query(
            lambda c: weekly.wants(c, visit.account.id)
        )
        return await to_thread.run_sync(
            partial(self._rendered, visit, counted, zone, more, mailed=mailed)
        )

    async def _deeper(self, visit: Visit, period: Period) -> tuple[Tile, ...]:
        """Figures that require reading the conversations themselves."""
        among = sa.select(_card.c.conversation_id).where(*within(period))
        read, _ = await self._frame.store.query(
            lambda c: measured_between(c, period.since, period.until, among=among)
        )
        return deeper(await to_thread.run_sync(report, read, visit.at))

    def _rendered(
        self, visit: Visit, counted: Counted, zone: str, more: tuple[Tile, ...], *, mailed: bool
    ) -> Response:
        company, period, found = self._frame.company().company, counted.period, counted.figures
        last = period.until.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
        return self._frame.page(
            visit, "numbers.html", figures=found, period=period, costs=counted.costs,
            first_day=period.since.astimezone(ZoneInfo(zone)).date(), last_day=last,
            groups=grouped(counted), bars=bars(found), more=more, kept=_kept(visit),
            points=points(counted.accuracy.bins), bins=bin_rows(counted.accuracy.bins),
            entries=counted.outcomes.entries[:MOST_ENTRIES],
            mails=self._mails, mailed=mailed, address=address_of(visit.account, company),
            invitations=counted.invitations, invites=bool(company.chat.invitations),
            others=counted.outcomes.entries[MOST_ENTRIES:],
            names=dict(VERDICTS)
            | {rep.id: rep.name for rep in company.team}
            | {segment.id: segment.label for segment in company.segments},
        )  # fmt: skip

    async def _export(self, visit: Visit) -> Response:
        counted, zone = await self._counted(visit)
        await self._frame.audited(visit.did("export", "numbers"))
        rows = [("figure", "value", "of", "definition")]
        every = [*tiles(counted), *await self._deeper(visit, counted.period)]
        rows += [(t.label, t.value, t.of, t.means) for t in every]
        rows += [(f"Fits scored {score}", fit, f"{n} looked at; deals: {deal}", CALIBRATION)
                 for score, _, n, fit, deal in bin_rows(counted.accuracy.bins)]  # fmt: skip
        rows += [
            (
                f"Invitation {i.rule}", str(i.qualified),
                f"shown {i.shown}, taken {i.taken}, closed {i.dismissed}; "
                f"conversations {i.conversations}, meetings {i.meetings}, deals {i.deals}",
                INVITATIONS,
            )
            for i in counted.invitations
        ]  # fmt: skip
        text = MARK + "".join(line_of(row) for row in rows)
        first, last = (
            at.astimezone(ZoneInfo(zone)).date()
            for at in (counted.period.since, counted.period.until - timedelta(seconds=1))
        )
        name = f"numbers-{first}-to-{last}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(text, media_type="text/csv; charset=utf-8", headers=headers)

    async def _counted(self, visit: Visit) -> tuple[Counted, str]:
        """The requested period's data, at the company's costs or those given. Raises: Refused."""
        period, zone = self._period(visit)
        given = {
            "month": _amount(visit, "cost"), "person_minutes": _amount(visit, "minutes"),
        }  # fmt: skip
        stated = {name: value for name, value in given.items() if value is not None}
        company = self._frame.company().company
        costs = company.costs.model_copy(update=stated)
        found = await self._frame.store.query(
            lambda c: counted_in(c, period, company, costs, visit.at, zone)
        )
        return found, zone

    def _period(self, visit: Visit) -> tuple[Period, str]:
        """The requested period, four weeks by default. Raises: Refused."""
        company = self._frame.company().company
        zone = zone_of(visit.account, company.timezone, company.team)
        asked = filters.wanted("all", visit.query, zone)
        tomorrow = visit.at.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
        until = asked.until or datetime.combine(tomorrow, time(), ZoneInfo(zone))
        since = asked.since or until - USUAL
        if not since < until <= since + LONGEST:
            raise Refused(
                422, "bad-period", "A period begins before it ends, and is at most a year long."
            )
        return Period(since, until, asked.channel, asked.segment, asked.rep, asked.entry), zone


def counted_in(
    c: sa.Connection, period: Period, company: Company, costs: Costs, now: datetime, zone: str = ""
) -> Counted:
    """The data behind a period's figures. `zone`: whose days count, the company's if empty."""
    ended = came(c, period)
    return Counted(
        period, figures(c, period, zone or company.timezone), ended,
        outcomes(ended, now, costs.currency), costs,
        accuracy(ended, company.review.second_looks),
        answers(checked(c, period, company.review.second_looks)),
        hearing(ended, company.review.second_looks),
        figures_of(c, period, ended),
    )  # fmt: skip


def bars(found: Figures) -> list[tuple[float, float, float, float]]:
    """Each day as a bar in a 100 by 40 picture: x, width, total height and qualified height."""
    most = max((n for _, n, _ in found.days), default=0) or 1
    width = 100 / max(len(found.days), 1)
    return [
        (round(n * width, 3), round(width * 0.8, 3), round(40 * every / most, 2),
         round(40 * fit / most, 2))
        for n, (_, every, fit) in enumerate(found.days)
    ]  # fmt: skip


def _kept(visit: Visit) -> dict[str, str]:
    """The URL's parameters, for links that add others."""
    given = {name: visit.query.get(name, "")[:20] for name in ("cost", "minutes", "more")}
    return filters.kept(visit.query) | {name: value for name, value in given.items() if value}


def _amount(visit: Visit, name: str) -> float | None:
    """An amount from the operator. Raises: Refused."""
    text = visit.query.get(name, "").strip()
    if not text:
        return None
    amount = number(text)
    if amount is None or not 0 < amount < 10**9:
        raise Refused(422, "bad-amount", "Cost and minutes are numbers above zero.")
    return float(amount)
