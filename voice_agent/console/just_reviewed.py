"""What somebody just marked as reviewed, named by its instant: the page this led on to offers to
put it back."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from core.store import audit, cards
from core.store.card_tables import CardRow
from voice_agent.console.doors import Visit

DONE = "done"
"""The URL's parameter."""
MOST = 500


def just_reviewed(c: sa.Connection, visit: Visit) -> Sequence[CardRow]:
    """The cards that the visitor marked at the URL's instant and that still are."""
    try:
        at = datetime.fromisoformat(visit.query.get(DONE, ""))
    except ValueError:
        return ()
    if at.tzinfo is None:
        return ()
    name = visit.account.name
    marked = audit.lines(c, account=name, act="reviewed", at=at, limit=MOST)
    found = cards.every(c, [line.target.removeprefix("conversation:") for line in marked])
    return [card for card in found if card.reviewed_at == at and card.reviewed_by == name]
