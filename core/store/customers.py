"""Who is already a customer, by what the team reported about deals. Blocking."""

import sqlalchemy as sa

from core.facts.claims import DealTold
from core.store.codec import decode
from core.store.people import everybody
from core.store.tables import ContactRow, ConversationRow, FactRow

_contact = ContactRow.__table__
_conversation = ConversationRow.__table__
_fact = FactRow.__table__
MOST = 50
"""Contacts of one company whose deals are read, latest change first."""


def won(c: sa.Connection, contact: str, account: str | None) -> str:
    """The deal that makes a contact or their company a customer; empty: none reported as won."""
    colleagues = (
        sa.select(_contact.c.id)
        .where(_contact.c.account_id == account)
        .order_by(_contact.c.updated_at.desc())
        .limit(MOST)
    )
    whom = {contact, *(c.execute(colleagues).scalars() if account else ())}
    persons = {one for each in whom for one in everybody(c, each)}
    told = (
        sa.select(_fact.c.conversation_id, _fact.c.at, _fact.c.payload)
        .join(_conversation, _conversation.c.id == _fact.c.conversation_id)
        .where(_conversation.c.person_id.in_(persons), _fact.c.kind == DealTold.__name__)
        .order_by(_fact.c.conversation_id, _fact.c.seq)
    )
    last = {
        row.conversation_id: (row.at, decode(DealTold.__name__, row.payload))
        for row in c.execute(told)
    }
    days = [at for at, deal in last.values() if isinstance(deal, DealTold) and deal.stage == "won"]
    return f"deal won, told on {min(days):%Y-%m-%d}" if days else ""
