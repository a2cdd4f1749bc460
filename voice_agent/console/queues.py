"""The queues: what waits for a person, filtered by the URL and worked through by keyboard."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode

import sqlalchemy as sa
from anyio import to_thread
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

from core.flags.kinds import kind_of
from core.store import accounts, audit, cards, queues, views
from core.store.paging import BadCursor
from core.store.queues import QUEUES, QueueFilters, Viewer
from voice_agent.console import filters
from voice_agent.console.access import HOME, next_place
from voice_agent.console.csv_lines import MARK, Sheet, line_of
from voice_agent.console.doors import Door, Nav, Room, Visit
from voice_agent.console.frame import LANE, Frame, zone_of
from voice_agent.console.just_reviewed import DONE, just_reviewed
from voice_agent.console.pages import query
from voice_agent.http import Refused

QUEUE = f"{HOME}/queues"
PAGE = 50
AT_ONCE = 500
"""Most conversations changed at once, and rows of an export read at a time."""
MOST_EXPORTED = 20_000
FRESH = timedelta(minutes=1)
ACTS = ("reviewed", "unreviewed", "assign")
"""Bulk actions, by their names in the audit."""


def viewer_of(frame: Frame, visit: Visit) -> Viewer:
    """Whose queues they are."""
    company = frame.company().company
    return Viewer(
        visit.account.name, visit.account.rep, visit.at, company.pilot is not None,
        company.review.second_looks, visit.may("manager"),
    )  # fmt: skip


class Queues:
    """The routes of the queues."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._seen: tuple[datetime, dict[str, list[str]]] | None = None

    def room(self) -> Room:
        """The pages and their navigation."""
        return Room(
            doors=(
                Door(HOME, self._home),
                Door(QUEUE, self._home),
                Door(f"{QUEUE}/{{queue}}", self._show),
                Door(f"{QUEUE}/{{queue}}/next", self._next),
                Door(f"{QUEUE}/{{queue}}/export.csv", self._export, "manager"),
                Door(f"{QUEUE}/act", self._act, methods=("POST",)),
                Door(f"{HOME}/views", self._save, methods=("POST",)),
                Door(f"{HOME}/views/{{id}}/delete", self._drop, methods=("POST",)),
            ),
            nav=(Nav("Queues", QUEUE, key="q"),),
        )

    async def _home(self, _visit: Visit) -> Response:
        return RedirectResponse(f"{QUEUE}/flagged", 303)

    def _zone(self, visit: Visit) -> str:
        company = self._frame.company().company
        return zone_of(visit.account, company.timezone, company.team)

    async def _show(self, visit: Visit) -> Response:
        queue = visit.path["queue"]
        asked = filters.wanted(queue, visit.query, self._zone(visit))
        viewer, cursor = viewer_of(self._frame, visit), visit.query.get("cursor", "")[:200]

        def read(c: sa.Connection) -> dict[str, Any]:
            people = accounts.everyone(c)
            shown = queues.page(c, asked, viewer, limit=PAGE, cursor=cursor)
            return {
                "page": shown,
                "begun": bool(shown.lines or queues.page(c, QueueFilters(), viewer, limit=1).lines),
                "counts": queues.counts(c, viewer),
                "seen": self._choices(c, visit.at),
                "just": just_reviewed(c, visit),
                "views": views.of(c, visit.account.id, queue),
                "everyone": {a.name: a.display for a in people if a.disabled_at is None},
                "called": {a.name: a.display for a in people},
            }

        try:
            found = await self._frame.store.query(read)
        except BadCursor as error:
            raise Refused(422, "bad-cursor", "This place in the queue is none of ours.") from error
        return await to_thread.run_sync(partial(self._rendered, visit, queue, cursor, found))

    def _rendered(
        self, visit: Visit, queue: str, cursor: str, found: Mapping[str, Any]
    ) -> Response:
        """Render the page, off the event loop that calls need."""
        kept, company = filters.kept(visit.query), self._frame.company().company
        selects = filters.choices(company, found["seen"], found["everyone"])
        return self._frame.page(
            visit, "queue.html", queue=queue, queues=QUEUES, kept=kept, selects=selects,
            chips=filters.described(kept, selects), kind_of=kind_of, cursor=cursor,
            rep_names={rep.id: rep.name for rep in company.team},
            segments={one.id: one.label for one in company.segments}, **found,
        )  # fmt: skip

    def _choices(self, c: sa.Connection, at: datetime) -> dict[str, list[str]]:
        """Values that occur, cached for a minute: finding them scans all cards."""
        if self._seen is None or not timedelta() <= at - self._seen[0] < FRESH:
            self._seen = at, queues.choices(c)
        return self._seen[1]

    async def _next(self, visit: Visit) -> Response:
        """Go to the next conversation of the same queue; back to the queue at its end."""
        queue, after = visit.path["queue"], visit.query.get("after", "")
        kept = filters.kept(visit.query)
        asked = filters.wanted(queue, visit.query, self._zone(visit))
        viewer = viewer_of(self._frame, visit)
        found = await self._frame.store.query(
            lambda c: queues.next_of(c, asked, viewer, after[:200])
        )
        kept |= {DONE: visit.query.get(DONE, "")[:40]}
        if found is None:
            return RedirectResponse(f"{QUEUE}/{queue}{_suffix(kept)}", 303)
        return RedirectResponse(f"{HOME}/calls/{found}{_suffix({'queue': queue, **kept})}", 303)

    async def _act(self, visit: Visit) -> Response:
        """Mark the selected ones as reviewed or not, or assign them."""
        act, chosen = visit.form.get("act", ""), visit.every("id")[:AT_ONCE]
        to = visit.form.get("to", "").strip()

        def work(c: sa.Connection) -> int:
            match act:
                case "reviewed" | "unreviewed":
                    at = visit.at if act == "reviewed" else None
                    changed = cards.mark_reviewed(c, chosen, visit.account.name, at)
                case _:
                    known = accounts.by_name(c, to)
                    if to and (known is None or known.disabled_at is not None):
                        return -1
                    changed = cards.assign(c, chosen, known.name if known else None)
            for conversation_id in changed:
                detail = {"to": to} if act == "assign" else {}
                audit.record(c, visit.did(act, f"conversation:{conversation_id}", **detail))
            return len(changed)

        if act not in ACTS:
            raise Refused(422, "bad-act", "Conversations can be reviewed, unreviewed or assigned.")
        changed = await self._frame.store.write(LANE, work)
        if changed < 0:
            raise Refused(422, "unknown-account", "There is no such account to assign to.")
        if "application/json" in visit.request.headers.get("accept", ""):
            return JSONResponse({"changed": changed})
        back = next_place(visit.form.get("back", ""))
        if act == "reviewed" and changed:
            back += ("&" if "?" in back else "?") + urlencode({DONE: visit.at.isoformat()})
        return RedirectResponse(back, 303)

    async def _save(self, visit: Visit) -> Response:
        """Save a queue's filters under a name."""
        given = visit.form
        name, queue = given.get("name", "").strip()[:60], given.get("queue", "")
        if not name or queue not in QUEUES:
            raise Refused(422, "bad-view", "A saved view needs a name.")
        kept = filters.kept(dict(_pairs(given.get("query", ""))))
        shared = given.get("shared") == "yes" and visit.may("manager")
        await self._frame.store.write(
            LANE,
            lambda c: views.save(c, visit.account.id, queue, name, _suffix(kept), shared, visit.at),
        )
        return RedirectResponse(f"{QUEUE}/{queue}{_suffix(kept)}", 303)

    async def _drop(self, visit: Visit) -> Response:
        view_id = visit.path["id"]
        anyone = visit.may("admin")
        await self._frame.store.write(
            LANE, lambda c: views.drop(c, view_id, None if anyone else visit.account.id)
        )
        return RedirectResponse(next_place(visit.form.get("back", "")), 303)

    async def _export(self, visit: Visit) -> Response:
        """The whole queue as CSV, audited."""
        queue = visit.path["queue"]
        asked = filters.wanted(queue, visit.query, self._zone(visit))
        viewer = viewer_of(self._frame, visit)
        line = visit.did("export", f"queue:{queue}", filters=sorted(filters.kept(visit.query)))
        await self._frame.audited(line)
        name = f"{queue}-{visit.at:%Y-%m-%d}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingResponse(
            self._rows(asked, viewer, self._sheet(visit)), media_type="text/csv; charset=utf-8",
            headers=headers,
        )  # fmt: skip

    def _sheet(self, visit: Visit) -> Sheet:
        company = self._frame.company().company
        reps = {rep.id: rep.name for rep in company.team}
        return Sheet(self._zone(visit), reps | {one.id: one.label for one in company.segments})

    async def _rows(self, asked: QueueFilters, viewer: Viewer, sheet: Sheet) -> AsyncIterator[str]:
        yield MARK + line_of(sheet.head())
        cursor, left = "", MOST_EXPORTED
        while left > 0:
            page = await self._frame.store.query(
                lambda c, at=cursor: queues.page(c, asked, viewer, limit=AT_ONCE, cursor=at)  # type: ignore[misc]
            )
            yield "".join(line_of(sheet.row(line.card)) for line in page.lines)
            left -= AT_ONCE
            if page.next is None:
                return
            cursor = page.next


def _pairs(text: str) -> list[tuple[str, str]]:
    return parse_qsl(text.removeprefix("?")[:2_000], max_num_fields=100)


def _suffix(kept: Mapping[str, str]) -> str:
    return query(kept) if kept else ""
