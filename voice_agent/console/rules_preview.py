"""The preview of edited rules: what differs, what looks odd, and how they would have judged."""

from functools import partial
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
from starlette.responses import Response

from core.rehearsal.backtest import Change
from core.rehearsal.rehearse import rehearse
from core.routing.lint import lint
from core.store import cards
from core.thinking.thinker import Thinker
from knowledge.answer import KnowledgeBase
from knowledge.errors import CompanyInvalid, Problem
from knowledge.load import Loaded
from knowledge.rules.book import RuleBook, Standing, difference
from voice_agent.console.access import HOME
from voice_agent.console.doors import Visit
from voice_agent.console.frame import Frame
from voice_agent.console.knowledge_room import in_thread

COUNTS = (50, 200, 1000)
"""Choices of how many recent conversations to judge."""
SHOWN = 100
"""Conversations listed; the rest are counted."""
DRAFTED = "draft"
"""The criteria version under test."""


class Trial:
    """The page behind `Preview`. One preview at a time: calls need the CPU more."""

    def __init__(self, frame: Frame, folder: Path) -> None:
        self._frame = frame
        self._folder = folder
        self._one = anyio.Lock()

    async def page(self, visit: Visit) -> Response:
        """What the draft would change in the latest conversations."""
        asked = visit.query.get("of", "")
        limit = int(asked) if asked in map(str, COUNTS) else COUNTS[1]
        book = RuleBook(self._folder, visit.at)
        standing, loaded, problems = await in_thread(partial(judged, book))
        given: dict[str, Any] = {
            "standing": standing, "problems": problems, "limit": limit, "counts": COUNTS,
            "overtaken": standing.draft.overtaken(standing.profile) if standing.draft else (),
            "changes": difference(standing.profile, standing.proposed),
            "adopted": book.office.adopted, "room": f"{HOME}/criteria",
            "tried": None, "rows": [], "remarks": [], "before": "", "after": "",
            "names": {}, "hindered": self._hindered(visit, standing),
        }  # fmt: skip
        if loaded is not None and standing.draft is not None:
            given |= await self._tried(book, standing, loaded, limit)
        return self._frame.page(visit, "rules_preview.html", **given)

    async def _tried(
        self, book: RuleBook, standing: Standing, after: Loaded, limit: int
    ) -> dict[str, Any]:
        in_use = self._frame.company()
        company = await anyio.to_thread.run_sync(book.company, standing.profile) or in_use.company
        base = KnowledgeBase(after)
        topics = {article.id: article.topics for article in after.articles}

        def thinkers() -> tuple[Thinker, Thinker]:
            return (
                Thinker(company, base, in_use.criteria_version),
                Thinker(after.company, base, DRAFTED),
            )

        async with self._one:
            now, then = await anyio.to_thread.run_sync(thinkers)
            tried = await rehearse(self._frame.store, now, then, topics, limit)
        shown = tried.differing[:SHOWN]
        found = await self._frame.store.query(
            lambda c: cards.every(c, [change.conversation_id for change in shown])
        )
        known = {card.conversation_id: card for card in found}
        old = set(lint(company))
        return {
            "tried": tried, "rows": [_row(change, known) for change in shown],
            "remarks": [remark for remark in lint(after.company) if remark not in old],
            "before": in_use.criteria_version, "after": after.criteria_version,
            "names": {p.id: p.name for p in after.company.people}
            | {s.id: s.label for s in after.company.segments},
        }  # fmt: skip

    def _hindered(self, visit: Visit, standing: Standing) -> str:
        """Why the viewer cannot publish; empty when they can."""
        if not visit.may("admin"):
            return "An administrator puts this in force: send them the address of this page."
        company = self._frame.company().company
        by = standing.draft.by if standing.draft else ()
        if company.review.rules_by_two and visit.account.rep in by:
            return (
                "You had a hand in this change, and your company wants a second person to publish."
            )
        return ""


def judged(book: RuleBook) -> tuple[Standing, Loaded | None, list[Problem]]:
    """The rules' standing, and the folder with the draft in it, or the draft's problems."""
    standing = book.standing()
    if standing.draft is None:
        return standing, None, []
    try:
        return standing, book.judged(standing.proposed), []
    except CompanyInvalid as error:
        return standing, None, list(error.problems)


def _row(change: Change, known: dict[str, Any]) -> dict[str, Any]:
    return {"change": change, "card": known.get(change.conversation_id)}
