"""`Nurturing`: nurture enrolments. Every method raises StoreFailed."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.events import ConsentRecorded
from core.facts.standing import barred
from core.nurture import Lead
from core.store.codec import decode
from core.store.mail_tables import MailOutRow, MailStopRow
from core.store.nurture_tables import NurtureRow
from core.store.paging import after
from core.store.people import everybody, person_of
from core.store.store import Store
from core.store.tables import ConversationRow, FactRow, every_row, first_row

_conversation = ConversationRow.__table__
_fact = FactRow.__table__
_nurture = NurtureRow.__table__
_out = MailOutRow.__table__
_stop = MailStopRow.__table__
LANE = "nurture"
ERASED_WHY = "erased"
"""Why an erased buyer left: the outside system must be told again."""
BACK = "came back"
"""Why an enrolment ended whose buyer talked with us again."""
ACTIVE = ("enrolled", "due")


class Nurturing:
    """The store's interface for nurture."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def enrol(self, lead: Lead, never: str, at: datetime) -> NurtureRow:
        """Enrol a lead, once per conversation; or record why not.

        An opt-out, a bounced mail or a later conversation suppresses it, as `never` does.
        """

        def work(c: sa.Connection) -> NurtureRow:
            mine = sa.select(_nurture).where(_mine(lead.conversation_id))
            if (known := first_row(c, NurtureRow, mine)) is not None:
                return known
            why = never or _suppressed(c, lead.conversation_id, lead.email)
            why = why or (BACK if _talked_since(c, lead.conversation_id) else "")
            made = NurtureRow(
                **{**asdict(lead), "resources": list(lead.resources)},
                status="suppressed" if why else "enrolled", why=why, enrolled_at=at, changed_at=at,
            )  # fmt: skip
            c.execute(sa.insert(_nurture).values(made.model_dump()))
            return made

        return await self._store.write(LANE, work)

    async def get(self, conversation_id: str) -> NurtureRow | None:
        """The enrolment that began with a conversation."""
        query = sa.select(_nurture).where(_mine(conversation_id))
        return await self._store.query(lambda c: first_row(c, NurtureRow, query))

    async def came_back(self, conversation_id: str) -> list[str]:
        """Active enrolments of a person's conversations before this one, by those."""

        def read(c: sa.Connection) -> list[str]:
            theirs = _others(c, conversation_id, earlier=True)
            running = sa.select(_nurture.c.conversation_id).where(
                _nurture.c.status.in_(ACTIVE), _nurture.c.conversation_id.in_(theirs)
            )
            return list(c.execute(running).scalars())

        return await self._store.query(read)

    async def suppressed(self, row: NurtureRow) -> str:
        """Why an enrolled buyer must not be written to any more; empty if they may be."""
        return await self._store.query(lambda c: _suppressed(c, row.conversation_id, row.email))

    async def change(
        self, conversation_id: str, status: str, why: str, at: datetime, was: Sequence[str] = ACTIVE
    ) -> bool:
        """Change an enrolment's status if it is one of `was`; True if it changed."""
        update = (
            sa.update(_nurture)
            .where(_mine(conversation_id), _nurture.c.status.in_(was))
            .values(status=status, why=why, changed_at=at)
        )
        return await self._store.write(LANE, lambda c: bool(c.execute(update).rowcount))

    async def told(self, row: NurtureRow, why: str) -> bool:
        """Record that the outside system has an enrolment as it was read, or why it does not; False
        when it has changed since, and must be sent again."""
        values = {"sync_why": why} if why else {"synced": row.status, "sync_why": ""}
        same = _nurture.c.status == row.status, _nurture.c.why == row.why
        update = sa.update(_nurture).where(_mine(row.conversation_id), *same).values(**values)
        return await self._store.write(LANE, lambda c: bool(c.execute(update).rowcount))

    async def page(self, status: str | None, limit: int) -> list[NurtureRow]:
        """Enrolments, by the next follow-up date."""
        query = sa.select(_nurture).order_by(_nurture.c.re_engage_on, _nurture.c.conversation_id)
        if status is not None:
            query = query.where(_nurture.c.status == status)
        return await self._store.query(lambda c: every_row(c, NurtureRow, query.limit(limit)))

    async def unsettled(self, elsewhere: bool, since: datetime) -> list[tuple[str, str]]:
        """Enrolments since an instant, or not yet sent `elsewhere`: the conversation and its
        status; erased buyers are reported as such."""
        open_ = sa.and_(_nurture.c.status == "enrolled", _nurture.c.changed_at >= since)
        if elsewhere:
            untold = sa.and_(_nurture.c.status != _nurture.c.synced, _nurture.c.sync_why == "")
            open_ = sa.or_(open_, sa.and_(untold, _nurture.c.status != "suppressed"))
        columns = _nurture.c.conversation_id, _nurture.c.status, _nurture.c.why
        query = sa.select(*columns).where(open_)
        return await self._store.query(
            lambda c: [
                (r.conversation_id, ERASED_WHY if r.why == ERASED_WHY else r.status)
                for r in c.execute(query)
            ]
        )


def _talked_since(c: sa.Connection, conversation_id: str) -> bool:
    """Whether a later conversation with the person has ended: one in progress ends an earlier
    enrolment by its own wrap-up."""
    later = _others(c, conversation_id, earlier=False)
    ended = later.where(_conversation.c.status != "in_progress")
    return c.execute(ended.limit(1)).first() is not None


def _others(c: sa.Connection, conversation_id: str, *, earlier: bool) -> sa.Select[tuple[str]]:
    """A person's other conversations, before this one or after it. Their order decides, not that of
    their wrap-ups, which are repeated and late at times."""
    person = person_of(c, conversation_id)
    began = sa.select(_conversation.c.started_at).where(_conversation.c.id == conversation_id)
    order, here = (_conversation.c.started_at, _conversation.c.id), began.scalar_subquery()
    return sa.select(_conversation.c.id).where(
        _conversation.c.person_id.in_(everybody(c, person) if person else ()),
        after(order, (here, conversation_id), newest_first=earlier),
    )


def forget_nurture(c: sa.Connection, conversation_id: str) -> int:
    """Remove a person; the row stays, so that the outside system is told, once more if it knew
    before that they left."""
    nothing: dict[str, Any] = {
        "name": "", "company": "", "email": "", "phone": "", "reason": "", "resources": [],
        "status": "left", "why": ERASED_WHY, "sync_why": "",
        "synced": sa.case((_nurture.c.synced != "", "before"), else_=""),
    }  # fmt: skip
    mine = sa.update(_nurture).where(_mine(conversation_id), _nurture.c.why != ERASED_WHY)
    return c.execute(mine.values(**nothing)).rowcount


def _mine(conversation_id: str) -> sa.ColumnElement[bool]:
    mine: sa.ColumnElement[bool] = _nurture.c.conversation_id == conversation_id
    return mine


def _suppressed(c: sa.Connection, conversation_id: str, email: str) -> str:
    person = person_of(c, conversation_id)
    theirs = sa.select(_conversation.c.id).where(
        _conversation.c.person_id.in_(everybody(c, person) if person else ())
    )
    mine = sa.or_(_fact.c.conversation_id == conversation_id, _fact.c.conversation_id.in_(theirs))
    wishes = sa.select(_fact.c.kind, _fact.c.payload).where(
        mine, _fact.c.kind == ConsentRecorded.__name__
    )
    told = c.execute(wishes.order_by(_fact.c.at, _fact.c.seq)).all()
    if barred([decode(kind, payload) for kind, payload in told]):
        return "opted out"
    if not email:
        return ""
    address = email.lower()
    if c.execute(sa.select(_stop.c.address).where(_stop.c.address == address)).first():
        return "opted out"
    returned = sa.select(_out.c.id).where(_out.c.recipient == address, _out.c.status == "returned")
    return "mail came back" if c.execute(returned.limit(1)).first() else ""
