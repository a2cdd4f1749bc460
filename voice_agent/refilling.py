"""Builds missing or outdated console cards of conversations."""

import logging
from functools import partial

import anyio

from core.clock import Clock
from core.errors import StoreFailed
from core.store import cards
from core.store.store import Store

log = logging.getLogger(__name__)
AT_ONCE = 50
AGAIN_S = 30.0


async def refill(store: Store, clock: Clock) -> int:
    """Build the cards that are missing or outdated, newest first; returns how many.

    Raises: StoreFailed.
    """
    made = 0
    while found := await store.query(lambda c: cards.behind(c, AT_ONCE)):
        for conversation_id in found:
            fill = partial(cards.fill, conversation_id=conversation_id, at=clock())
            await store.write(conversation_id, fill)
        made += len(found)
    return made


async def refill_patiently(store: Store, clock: Clock) -> None:
    """The same beside calls, at start-up: retried while the database is down."""
    while True:
        try:
            if made := await refill(store, clock):
                log.info("made the console's cards of %d conversations", made)
            return
        except StoreFailed as error:
            log.warning("the console's cards are put off: %s", error)
        except Exception:
            log.exception("the console's cards fell over")
        await anyio.sleep(AGAIN_S)
