"""`after`: where a page goes on, as one comparison, which an index can begin at."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa


def after(
    columns: Sequence[sa.ColumnElement[Any]], place: Sequence[Any], *, newest_first: bool = False
) -> sa.ColumnElement[bool]:
    """The rows that come after a place, in the order of these columns.

    `place`: their values in the last row of the page before, or what selects one.
    """
    last = sa.tuple_(*(
        value if isinstance(value, sa.ScalarSelect) else sa.literal(value, column.type)
        for column, value in zip(columns, place, strict=True)
    ))  # fmt: skip
    here = sa.tuple_(*columns)
    return here < last if newest_first else here > last
