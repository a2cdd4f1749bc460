"""Tries edited rules on stored conversations: which results change, and who gets more leads."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from anyio import to_thread

from core.facts.standing import HANDED_OVER
from core.rehearsal.backtest import Change, Topics, outcome
from core.routing.replay import Past, past, replay
from core.store.history import Stored, stored
from core.store.store import Store
from core.thinking.thinker import Thinker
from knowledge.profile import Company


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Both sides of an edit, over the same conversations, oldest first."""

    changes: tuple[Change, ...]
    """All judged conversations, including unchanged ones."""
    leads: Mapping[str, tuple[int, int]]
    """Leads of each rep before and after, if any."""

    @property
    def differing(self) -> tuple[Change, ...]:
        """Those with a different result, newest first."""
        return tuple(change for change in reversed(self.changes) if change.differs)

    def results(self) -> dict[str, tuple[int, int]]:
        """How many get each verdict, before and after."""
        return _counted((c.before.verdict.result, c.after.verdict.result) for c in self.changes)

    def segments(self) -> dict[str, tuple[int, int]]:
        """How many fall into each segment, before and after; "" for none."""
        return _counted(
            (c.before.verdict.segment or "", c.after.verdict.segment or "") for c in self.changes
        )


async def rehearse(
    store: Store, now: Thinker, then: Thinker, topics: Topics, limit: int
) -> Rehearsal:
    """The latest conversations under the current rules and under edited ones. Raises: StoreFailed.

    Judging runs in a thread, so that calls in the same process are not delayed.
    """
    found: list[Change] = []
    old: list[Past] = []
    new: list[Past] = []
    async for one in stored(store, limit=limit):
        both = await to_thread.run_sync(_judged, one, now, then, topics)
        if both is not None:
            found.append(both[0])
            old.append(both[1])
            new.append(both[2])
    leads = await to_thread.run_sync(_leads, old, now.company, new, then.company)
    return Rehearsal(tuple(found), leads)


def _judged(
    one: Stored, now: Thinker, then: Thinker, topics: Topics
) -> tuple[Change, Past, Past] | None:
    """One conversation under both, and as routing sees it; None when the buyer said nothing."""
    before = outcome(one.id, one.started_at, one.facts, now, topics)
    after = outcome(one.id, one.started_at, one.facts, then, topics)
    if before is None or after is None:
        return None
    was, will = (
        past(one.id, one.started_at, (*one.facts, side.verdict), topics) for side in (before, after)
    )
    assert was is not None and will is not None
    return Change(one.id, one.started_at, before, after), was, will


def _leads(
    old: list[Past], before: Company, new: list[Past], after: Company
) -> dict[str, tuple[int, int]]:
    """How leads would be distributed if capacity did not limit anybody."""
    was, will = _given(old, before), _given(new, after)
    names = dict.fromkeys([r.id for r in after.team] + [r.id for r in before.team])
    return {name: (was[name], will[name]) for name in names if was[name] or will[name]}


def _given(pasts: list[Past], company: Company) -> Counter[str]:
    decided = replay(pasts, company, capacity=False)
    return Counter(
        d.route.rep for d in decided if d.route.rep and d.past.lead.verdict in HANDED_OVER
    )


def _counted(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[int, int]]:
    """How often each occurs on either side, most frequent first."""
    both = list(pairs)
    was, will = Counter(a for a, _ in both), Counter(b for _, b in both)
    names = sorted({*was, *will}, key=lambda name: (-was[name] - will[name], name))
    return {name: (was[name], will[name]) for name in names}
