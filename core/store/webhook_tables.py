"""The tables of webhooks: endpoints, each conversation's position, and each delivery."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from core.store.tables import Instant, Table


class WebhookEndpointRow(Table, table=True):
    """An address that receives facts from when it was first seen here."""

    __tablename__ = "webhook_endpoint"

    id: str = Field(primary_key=True)
    since: datetime = Field(sa_type=Instant)


class WebhookLaneRow(Table, table=True):
    """One conversation's lane to one address: facts up to `fed` were processed.

    While it is `active` one job, identified by `generation`, sends what is queued, in order.
    """

    __tablename__ = "webhook_lane"

    endpoint: str = Field(primary_key=True)
    conversation_id: str = Field(primary_key=True)
    fed: int = 0
    generation: int = 0
    active: bool = Field(default=False, index=True)


class WebhookDeliveryRow(Table, table=True):
    """One fact for one address. The content is read from the log, so no words are stored here."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (sa.Index("ix_webhook_delivery_status", "status", "created_at"),)

    endpoint: str = Field(primary_key=True)
    conversation_id: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    kind: str
    status: str = "queued"
    """queued, sent or dead"""
    tries: int = 0
    why: str = ""
    created_at: datetime = Field(sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
