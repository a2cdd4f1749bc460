"""Promises to decide on, and a company that may call itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from core.callbacks.record import Consent, Promise
from knowledge.profile import Company
from tests.core.talk import sample

NINE = datetime(2026, 12, 1, 15, tzinfo=UTC)
"""Nine in the morning in Chicago, on a Tuesday."""
DANA = "+13125550142"
YES = Consent("given", "May Tideline's AI assistant make that call?", "yes you may")


def company(**rules: Any) -> Company:
    """The sample company with other rules for callbacks, allowed to call automatically."""
    made = sample().company
    changed = made.callbacks.model_copy(update={"ai_calls": True, **rules})
    return made.model_copy(update={"callbacks": changed})


def promise(**changes: Any) -> Promise:
    """A call promised to somebody in Chicago from nine to eleven, who agreed to the AI."""
    made = Promise(
        id="cb", version=1, status="promised", start=NINE, end=NINE + timedelta(hours=2),
        zone="America/Chicago", number=DANA, owner="maya-lindqvist", priority="normal",
        consent=YES,
    )  # fmt: skip
    return replace(made, **changes)
