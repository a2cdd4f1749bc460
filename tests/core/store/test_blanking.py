"""What was stored of a card before it was complete is blanked in the commit that reports it."""

from datetime import UTC, datetime

import sqlalchemy as sa

from core.events import QuestionDeferred, UtteranceRecorded
from core.privacy.cards import CARD
from core.privacy.facts import CardSpoken
from core.store.store import Store

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)


def caller(turn: int, text: str) -> UtteranceRecorded:
    return UtteranceRecorded(turn, "caller", text, 0, 1000, word_ms=(0,) * len(text.split()))


async def texts(store: Store) -> list[str]:
    logged = await store.log.read("c1")
    return [e.fact.text for e in logged if isinstance(e.fact, UtteranceRecorded)]


async def test_earlier_turns_lose_their_digits_and_others_keep_theirs(store: Store):
    ours = UtteranceRecorded(2, "agent", "It is 1200 dollars.", 0, 1000)
    await store.log.append("c1", AT, [caller(1, "we have 1200 people"), caller(2, "4111 1111")])
    await store.log.append("c1", AT, [ours, QuestionDeferred("q1", "4111 1111?", 2, "a", "x")])
    await store.log.append("c1", AT, [caller(3, CARD), CardSpoken(3, "speech", 0, 1, (), (2,))])
    assert await texts(store) == ["we have 1200 people", CARD, "It is 1200 dollars.", CARD]
    assert (await store.log.read("c1"))[1].fact.word_ms == ()  # type: ignore[union-attr]

    def everything(c: sa.Connection) -> str:
        return repr(
            [
                c.execute(sa.text(f"select * from {t}")).all()
                for t in ("fact", "outstanding_question")
            ]
        )

    assert "4111" not in await store.query(everything)


async def test_a_card_somebody_let_through_is_not_stored(store: Store):
    await store.log.append("c1", AT, [caller(1, "it is 4111 1111 1111 1111"),
                                      QuestionDeferred("q1", "is 4111-1111-1111-1111 ok?", 1, "a",
                                                       "x")])  # fmt: skip
    assert await texts(store) == [f"it is {CARD}"]
    first = (await store.log.read("c1"))[1].fact
    assert isinstance(first, QuestionDeferred) and first.text == f"is {CARD} ok?"
