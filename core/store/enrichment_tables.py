"""The table of company lookups. It names no person."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from core.store.tables import Instant, Table


class EnrichmentRow(Table, table=True):
    """A source's answer, by the domain or name that was looked up; no data: it knew none."""

    __tablename__ = "enrichment"

    source: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    data: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON)
    at: datetime = Field(sa_type=Instant)
