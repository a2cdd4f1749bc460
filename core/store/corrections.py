"""Commits corrections and their consequences to a conversation's log, one at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from core.events import Fact
from core.facts.corrections import CorrectionWithdrawn, SignalCorrected
from core.store import audit
from core.store.audit import Audited
from core.store.forgotten import among
from core.store.log import Append
from core.store.reviews import hold
from core.store.store import Store
from core.store.tables import FactRow
from core.store.written import Standing, stand

_fact = FactRow.__table__
_KINDS = (SignalCorrected.__name__, CorrectionWithdrawn.__name__)


Kept = Literal["kept", "sent", "overtaken", "forgotten"]
"""`sent`: something was kept under this key before. `overtaken`: another correction or write came
since it was read. `forgotten`: the buyer was erased, so nothing may be stored about them."""


async def keep(
    store: Store, conversation_id: str, at: datetime, facts: Sequence[Fact], key: str, read: int,
    line: Audited, quiet: Standing | None = None,
) -> Kept:  # fmt: skip
    """Commit a correction once by the form's key, and audit it. `read`: the number of the last fact
    it is based on; `quiet`: the state after it, for an ongoing written conversation. Raises:
    StoreFailed."""
    append = Append(conversation_id, at, tuple(facts), store.server, key, once=True)

    def work(c: sa.Connection) -> Kept:
        hold(c, conversation_id)
        if among(c, [conversation_id]):
            return "forgotten"
        newer = sa.select(_fact.c.seq).where(
            _fact.c.conversation_id == conversation_id, _fact.c.seq > read,
            _fact.c.kind.in_(_KINDS),
        )  # fmt: skip
        if c.execute(newer.limit(1)).first() is not None:
            return "overtaken"
        if quiet is not None and not stand(c, conversation_id, quiet):
            return "overtaken"
        if not append(c):
            return "sent"
        audit.record(c, line)
        return "kept"

    return await store.write(conversation_id, work)
