"""What buyers wait for: promised calls and open questions, the longest waiting first."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from starlette.responses import RedirectResponse, Response

from core.callbacks.record import OVER
from core.presence import local_day
from core.store import queues
from core.store.callbacks import Over, Taken, UnknownCallback
from core.store.owed import owed_questions
from core.store.paging import BadCursor, cursor_of, place_of
from core.store.queues import OPEN_CALLS, QUEUES
from knowledge.gaps import answered_by_now
from voice_agent.console.access import HOME, next_place
from voice_agent.console.call_names import Titles
from voice_agent.console.call_posts import one_of_the_team
from voice_agent.console.doors import Door, Room, Visit
from voice_agent.console.frame import Frame
from voice_agent.console.queues import QUEUE, viewer_of
from voice_agent.handoffs import Handoffs
from voice_agent.http import Refused

PAGE = 50
SOON = timedelta(minutes=30)
EVERYBODY = "all"
"""The URL's value for everybody's calls; without one, a rep sees their own."""


class Waiting:
    """The routes of callbacks and open questions."""

    def __init__(self, frame: Frame, handoffs: Handoffs) -> None:
        self._frame = frame
        self._handoffs = handoffs

    def room(self) -> Room:
        """To be placed before the queues, whose route matches any name."""
        return Room(
            (
                Door(f"{QUEUE}/questions", self._questions),
                Door(f"{QUEUE}/callbacks", self._callbacks),
                Door(f"{HOME}/callbacks/{{id}}/{{act}}", self._act, methods=("POST",)),
            )
        )

    async def _questions(self, visit: Visit) -> Response:
        owner = visit.query.get("owner", "")[:200]
        place = _place(visit.query.get("cursor", ""))
        viewer = viewer_of(self._frame, visit)

        def read(c: sa.Connection) -> dict[str, Any]:
            return {
                "owed": owed_questions(c, owner=owner, place=place, limit=PAGE + 1),
                "counts": queues.counts(c, viewer),
            }

        found = await self._frame.store.query(read)
        owed, loaded = found["owed"], self._frame.company()
        today = local_day(loaded.company, visit.at)
        published = answered_by_now((one.text for one in owed), loaded.articles, today)
        last = owed[PAGE - 1] if len(owed) > PAGE else None
        return self._frame.page(
            visit, "questions.html", queue="questions", queues=QUEUES, owed=owed[:PAGE],
            counts=found["counts"], owner=owner, people=self._people(), views=[],
            published=published, titles=Titles(loaded),
            next=cursor_of(last.raised_at, last.question_id) if last else None,
        )  # fmt: skip

    async def _callbacks(self, visit: Visit) -> Response:
        """Calls owed: by default a rep's own and for a manager everybody's, or those of one
        person."""
        mine = "" if visit.may("manager") else visit.account.rep or ""
        named = visit.query.get("owner", mine)[:200]
        owner = "" if named == EVERYBODY else named
        over = visit.query.get("over") == "yes"
        after = visit.query.get("cursor", "")[:100]
        viewer, store = viewer_of(self._frame, visit), self._frame.store
        listed = await store.callbacks.listed(
            statuses=OVER if over else OPEN_CALLS, owner=owner, limit=PAGE + 1, after=after
        )
        last = await store.callbacks.get(visit.query.get("done", "")[:100])
        return self._frame.page(
            visit, "callbacks.html", queue="callbacks", queues=QUEUES, views=[], owner=owner,
            whose={"owner": owner or EVERYBODY},
            last=last if last and await store.callbacks.reopenable([last]) else None,
            reopenable=await store.callbacks.reopenable(listed[:PAGE] if over else ()),
            counts=await store.query(lambda c: queues.counts(c, viewer)), over=over,
            calls=listed[:PAGE], people=self._people(), soon=visit.at + SOON,
            next=listed[PAGE - 1]["id"] if len(listed) > PAGE else None,
        )  # fmt: skip

    async def _act(self, visit: Visit) -> Response:
        """Claim a promised call, or record what became of it."""
        which, act, by = visit.path["id"], visit.path["act"], visit.account
        calls, who = self._handoffs, by.rep or by.name
        line = visit.did(f"callback {act}", f"callback:{which}")
        why = visit.form.get("why", "").strip()[:200]
        try:
            match act:
                case "claim":
                    await calls.claim_call(which, one_of_the_team(by), visit.at, line, first=True)
                case "released":
                    anybodys = visit.may("manager")
                    await calls.release_call(which, who, visit.at, line, anybodys=anybodys)
                case "kept" | "cancelled":
                    await calls.end_call(which, act, who, visit.at, why, line)
                case "broken":
                    await calls.end_call(which, act, who, visit.at, why or "not made", line)
                case "reopened":
                    await calls.reopen_call(which, who, visit.at, line)
                case _:
                    raise Refused(404, "not-found", "A promised call cannot do that.")
        except UnknownCallback as error:
            raise Refused(404, "unknown-callback", "There is no such promised call.") from error
        except Taken as error:
            name = self._people().get(error.status, error.status)
            raise Refused(409, "taken", f"{name} has it.") from error
        except Over as error:
            told = {
                "reopened": "That cannot be taken back, or not any more.",
                "released": "Nobody has that call just now. Reload the page.",
            }.get(act, "That call is settled already. Reload the page.")
            raise Refused(409, "over", told) from error
        place = next_place(visit.form.get("back", ""))
        if act in OVER:
            place += ("&" if "?" in place else "?") + urlencode({"done": which})
        return RedirectResponse(place, 303)

    def _people(self) -> dict[str, str]:
        company = self._frame.company().company
        return {p.id: p.name for p in company.team} | {p.id: p.name for p in company.stewards}


def _place(text: str) -> tuple[datetime, str] | None:
    """Where a page of questions ended. Raises: Refused."""
    try:
        return place_of(text) if text else None
    except BadCursor as error:
        raise Refused(422, "bad-cursor", "This place in the queue is none of ours.") from error
