"""Conversations held with the engine and stored as a server stores them, for pages to show."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from core.engine import Engine
from core.evaluation.load import EVALS, load_evals
from core.evaluation.run import hold
from core.events import ConversationEnded, ConversationStarted, Noted, TurnTimed
from core.flags.rules import flagged
from core.handoff.brief import brief
from core.store.store import Store
from tests.core.talk import SAMPLE, engine, sample


async def keep_held(store: Store, count: int, until: datetime, mind: Engine | None = None) -> None:
    """Hold the sample's first `count` authored conversations; the last one is still in progress."""
    company = sample().company
    authored = load_evals(SAMPLE / EVALS, sample()).conversations
    step = max(len(authored) // count, 1)
    for n, conversation in enumerate(islice(authored, 0, count * step, step)):
        held = await hold(conversation, mind or engine())
        at = until - timedelta(minutes=37 * n + 3)
        facts = [
            replace(f, call_sid=f"CA{n:032}") if isinstance(f, ConversationStarted) else f
            for f in held.facts
        ]
        facts += [TurnTimed(t, 380 + 61 * ((n * 7 + t) % 9), 250, 40, 60, 60, 30, True)
                  for t in range(1, 5)] if conversation.channel == "voice" else []  # fmt: skip
        if n == 0:
            going_on = [fact for fact in facts if not isinstance(fact, ConversationEnded)]
            await store.log.append(conversation.id, at, going_on)
            continue
        await store.log.append(conversation.id, at, facts)
        flags = flagged(conversation.id, facts, company)
        status = "failed" if n % 9 == 5 else "written"
        notes = [
            Noted("handoff", brief([*facts, *flags], company)), Noted("crm", {"status": status})
        ]  # fmt: skip
        await store.log.append(conversation.id, at, [*flags, *notes])
