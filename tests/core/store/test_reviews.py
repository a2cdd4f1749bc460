"""The team's reviews of conversations, in databases of both kinds."""

from datetime import datetime, timedelta
from functools import partial

import anyio

from core.store import reviews
from core.store.review_tables import (
    CommentRow,
    ListenRow,
    OverrideRow,
    PeaksRow,
    ScorecardRow,
    ShareRow,
)
from core.store.store import Store
from tests.fakes.a_call import AT, facts


def judged(name: str, result: str, reason: str = "", at: datetime = AT) -> OverrideRow:
    return OverrideRow(id=name, conversation_id="c1", result=result, agent_result="qualified",
                       reason=reason, by="a", at=at)  # fmt: skip


async def test_everything_is_kept_once_and_forgotten_without_losing_the_count(store: Store):
    await store.log.append("c1", AT, facts("CAr1"))

    def write(c):
        for _ in range(2):  # tried again
            reviews.add_comment(c, CommentRow(id="k", conversation_id="c1", at_ms=5, text="Jane",
                                              author="a", mentions=["b"], at=AT))  # fmt: skip
            reviews.add_override(c, judged("o", "nurture", reason="Jane"))
            for marks in ({"helped": 2}, {"helped": 5}):
                reviews.score(c, ScorecardRow(conversation_id="c1", by="a", marks=marks, at=AT))
            reviews.add_share(c, ShareRow(id="s", conversation_id="c1", audio=True, at=AT,
                                          expires_at=AT + timedelta(1)))  # fmt: skip
            for data in (b"old", b"\x00\xff"):
                reviews.keep_peaks(c, PeaksRow(conversation_id="c1", frames=9, levels=[2, 10],
                                               data=data, changed=1.5, at=AT))  # fmt: skip

    await store.write("t", write)
    made = await store.query(lambda c: reviews.review_of(c, "c1"))
    assert [c.mentions for c in made.comments] == [["b"]]
    assert [s.marks for s in made.scorecards] == [{"helped": 5}]
    assert made.override is not None and len(made.shares) == 1
    kept = await store.query(lambda c: reviews.peaks(c, "c1"))
    assert kept is not None and (kept.data, kept.levels) == (b"\x00\xff", [2, 10])
    assert await store.write("t", lambda c: reviews.forget_review(c, "c1")) == 2
    assert await store.write("t", lambda c: reviews.forget_review(c, "c1")) == 0
    after = await store.query(lambda c: reviews.review_of(c, "c1"))
    assert "Jane" not in repr(after) and [o.result for o in after.overrides] == ["nurture"]
    assert after.shares[0].revoked_at is not None
    assert await store.query(lambda c: reviews.peaks(c, "c1")) is None


async def test_a_listening_begins_once_for_one_listener_and_ends_by_itself(store: Store):
    row = ListenRow(id="x" * 20, conversation_id="c1", by="rep", at=AT)
    begun: list[bool] = []

    async def listen() -> None:
        begun.append(await store.write("t", lambda c: reviews.listening(c, row)))

    async with anyio.create_task_group() as tasks:
        for _ in range(5):
            tasks.start_soon(listen)
    assert sorted(begun) == [False] * 4 + [True]
    for change in ({"by": "manager"}, {"conversation_id": "c2"}):
        other = ListenRow(**{**row.model_dump(), **change})
        assert await store.write("t", lambda c, other=other: reviews.listening(c, other))
    late = ListenRow(id="x" * 20, conversation_id="c2", by="rep", at=AT + reviews.LISTEN)
    assert await store.write("t", lambda c: reviews.listening(c, late))


async def test_the_verdict_that_stands_is_the_last_that_was_not_taken_back(store: Store):
    await store.log.append("c1", AT, facts("CAr1"))

    for n, result in enumerate(("nurture", "disqualified")):
        row = judged(f"o{n}", result, at=AT + timedelta(minutes=n))
        await store.write("t", partial(reviews.add_override, row=row))
    (found,) = await store.query(lambda c: reviews.judged(c))
    assert (found.agent, found.colleague) == ("qualified", "disqualified")
    back = judged("o2", "", at=AT + timedelta(minutes=2))
    await store.write("t", lambda c: (reviews.hold(c, "c1"), reviews.add_override(c, back)))
    assert await store.query(lambda c: reviews.judged(c)) == []
    review = await store.query(lambda c: reviews.review_of(c, "c1"))
    assert review.override is None and len(review.overrides) == 3
