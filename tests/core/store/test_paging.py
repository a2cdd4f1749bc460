"""Pages in any order hold each row once, even rows of one instant, and start within an index."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from core.store.paging import after
from core.store.tables import ConversationRow

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_table = ConversationRow.__table__
ORDER = (_table.c.started_at, _table.c.id)


@pytest.fixture
def connection():
    engine = sa.create_engine("sqlite://")
    _table.create(engine)
    with engine.connect() as made:
        for n in range(9):
            row = ConversationRow(id=f"c{n}", started_at=AT + timedelta(seconds=n // 4))
            made.execute(sa.insert(_table).values(row.model_dump()))
        yield made
    engine.dispose()


def pages(newest_first: bool, place: tuple[datetime, str] | None) -> sa.Select:
    query = sa.select(*ORDER).limit(2)
    if place:
        query = query.where(after(ORDER, place, newest_first=newest_first))
    return query.order_by(*(column.desc() if newest_first else column for column in ORDER))


@pytest.mark.parametrize("newest_first", [True, False])
def test_each_row_is_on_one_page(connection, newest_first):
    place, found = None, []
    while rows := connection.execute(pages(newest_first, place)).all():
        found += [row.id for row in rows]
        place = tuple(rows[-1])
    assert found == sorted((f"c{n}" for n in range(9)), reverse=newest_first)


def test_a_page_far_down_begins_in_the_index_where_the_last_one_ended(connection):
    made = pages(True, (AT, "c2")).compile(connection)
    values = tuple(str(made.params[name]) for name in made.positiontup)
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {made}", values).all()
    assert "(started_at,id)<(?,?)" in plan[0][-1].replace(" ", "")
