"""The embedded CRM as a server has it, for tests of wrap-ups."""

from typing import Any

from core.clock import Clock, utc_now
from core.crm.sync import CrmSync
from core.store.store import Store
from voice_agent.adapters.crm_embedded import EmbeddedCrm


def records(store: Store, clock: Clock = utc_now, **given: Any) -> CrmSync:
    return CrmSync(EmbeddedCrm(store, clock), store, clock, **given)
