"""`GET /api/v1/metrics`: the figures of the conversations in a period, as JSON."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from core.clock import Clock
from core.metrics.accuracy import accuracy
from core.metrics.answers import answers
from core.metrics.hearing import hearing
from core.metrics.outcomes import outcomes
from core.metrics.report import report
from core.projections.document import instant
from core.store.answer_checks import checked
from core.store.figures import Period
from core.store.invitations import figures_of
from core.store.measuring import MOST, measured_between
from core.store.outcomes import came
from core.store.store import Store
from knowledge.profile import Company
from voice_agent.http import Refused, filters, guarded, instant_of, one_of

SPAN = timedelta(days=30)
"""The default period."""
KNOWN = ("since", "until", "channel")
CHANNELS = ("voice", "chat", "email")


def routes(
    store: Store, token: str, clock: Clock, company: Callable[[], Company]
) -> Sequence[BaseRoute]:
    """The route, behind the API token."""

    async def metrics(request: Request) -> Response:
        since, until, channel = _asked(filters(request, KNOWN), clock())
        made, more = await store.query(lambda c: measured_between(c, since, until, channel))
        told = {
            "since": instant(since), "until": instant(until), "channel": channel,
            "truncated_to": MOST if more else None,
        }  # fmt: skip
        period, sample = Period(since, until, channel or ""), company().review.second_looks
        ended = await store.query(lambda c: came(c, period))
        checks = await store.query(lambda c: checked(c, period, sample))
        offered = await store.query(lambda c: figures_of(c, period, ended))
        come = {
            "impact": outcomes(ended, clock(), company().costs.currency).told(),
            "accuracy": asdict(accuracy(ended, sample)),
            "answers": asdict(answers(checks)),
            "hearing": asdict(hearing(ended, sample)),
            "invitations": [one.told() for one in offered],
        }
        return JSONResponse(told | report(made, clock()) | come)

    return [Route("/api/v1/metrics", guarded(metrics, token), methods=["GET"])]


def _asked(given: Mapping[str, str], now: datetime) -> tuple[datetime, datetime, str | None]:
    until = instant_of("until", given["until"]) if "until" in given else now
    since = instant_of("since", given["since"]) if "since" in given else until - SPAN
    if since >= until:
        raise Refused(422, "bad-filter", "since must be before until")
    return since, until, one_of(given, "channel", CHANNELS)
