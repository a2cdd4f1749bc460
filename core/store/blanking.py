"""Blanks stored digits that turned out to be the beginning of a card number."""

from collections.abc import Collection

import sqlalchemy as sa

from core.privacy.blank import blanked_fact, without_digits
from core.store.tables import FactRow, QuestionRow

_fact = FactRow.__table__
_question = QuestionRow.__table__


def blank_turns(c: sa.Connection, conversation_id: str, turns: Collection[int]) -> None:
    """Blank the digits of a conversation's turns, in the transaction that records the card."""
    if not turns:
        return
    mine = _fact.c.conversation_id == conversation_id
    rows = c.execute(sa.select(_fact.c.seq, _fact.c.kind, _fact.c.payload).where(mine)).all()
    for seq, kind, payload in rows:
        after = blanked_fact(kind, payload, turns)
        if after != payload:
            same = sa.update(_fact).where(mine, _fact.c.seq == seq)
            c.execute(same.values(payload=after))
    asked = (_question.c.conversation_id == conversation_id) & _question.c.turn.in_(turns)
    columns = (_question.c.question_id, _question.c.text)
    for question_id, text in c.execute(sa.select(*columns).where(asked)).all():
        this = sa.update(_question).where(asked, _question.c.question_id == question_id)
        c.execute(this.values(text=without_digits(text)))
