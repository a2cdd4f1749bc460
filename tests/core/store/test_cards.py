"""Cards follow their conversations, keep people's marks, can be searched and rebuilt."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from core.events import (
    CallbackRequested,
    Fact,
    Flagged,
    MeetingRecorded,
    Noted,
    RouteChosen,
    TurnMerged,
    VerdictReached,
)
from core.facts.claims import HandoffRated
from core.projections.card import card
from core.store import cards
from core.store.card_tables import CardFlagRow, CardRow, TranscriptRow
from core.store.search import excerpts, found, phrases
from core.store.store import Store
from tests.core.store.facts import any_fact
from tests.fakes.a_call import AT, ENDED, facts, said, started

pytestmark = pytest.mark.real_clock
_card = CardRow.__table__
_flag = CardFlagRow.__table__
_transcript = TranscriptRow.__table__


async def shown(store: Store, name: str = "c1") -> CardRow:
    def read(c: sa.Connection) -> CardRow:
        query = sa.select(_card).where(_card.c.conversation_id == name)
        return CardRow(**c.execute(query).mappings().one())

    return await store.query(read)


async def hits(store: Store, text: str) -> list[str]:
    condition = found(store.engine.dialect.name, text)
    assert condition is not None
    query = sa.select(_card.c.conversation_id).where(condition).order_by(_card.c.id)
    return await store.query(lambda c: list(c.execute(query).scalars()))


def test_a_card_tells_who_what_and_how_it_went():
    made = card([*facts(), ENDED])
    assert (made.name, made.organisation, made.caller) == ("Jane Doe", "Acme", "+14155550123")
    assert (made.verdict, made.segment, made.rep) == ("qualified", "mid-market", "sam")
    assert (made.duration_ms, made.p95_ms, made.abstained) == (31_000, 610, True)
    assert made.criteria == (("employees", "met"), ("budget", "unknown"))
    assert made.kinds == ["gate_blocked"] and made.marks[0].note == "a price without a source"
    assert made.words.startswith("Jane Doe · Acme\nAgent: Hi, this is Marina")
    assert "abstained" not in card([*facts(), TurnMerged(4)]).kinds


def test_a_promised_call_counts_until_a_meeting_comes_instead():
    wanted = CallbackRequested(5, "call me", "tomorrow at ten", "sam", "2025-03-04T15:00:00+00:00")
    assert card([*facts(), wanted]).callback_at is not None
    booked = MeetingRecorded(
        "b", "booked", "sam", "i", "2025-03-05T15:00:00+00:00", "", "", "u", 0, 5
    )
    assert card([*facts(), wanted, booked]).callback_at is None
    assert card([*facts(), wanted, booked]).meeting_at is not None


def test_the_last_word_on_each_other_system_counts():
    failed, written = (Noted("crm", {"status": s}) for s in ("failed", "written"))
    calendar = Noted("calendar", {"status": "failed"})
    assert [card([*facts(), *notes]).sync for notes in (
        [], [failed], [failed, written], [written, calendar]
    )] == ["pending", "failed", "written", "failed"]  # fmt: skip


async def test_a_card_is_there_from_the_first_moment_and_whole_at_the_end(store: Store):
    await store.log.append("c1", AT, [started()])
    live = await shown(store)
    assert (live.status, live.channel, live.verdict) == ("in_progress", "voice", None)
    verdict = next(f for f in facts() if isinstance(f, VerdictReached))
    await store.log.append("c1", AT, [verdict])
    await store.log.append("c1", AT, [RouteChosen("sam", "book", (), (), True, 1)])
    live = await shown(store)
    assert (live.verdict, live.rep, live.fast_track) == ("qualified", "sam", True)
    await store.log.append("c1", AT, facts()[1:])
    live = await shown(store)
    assert (live.name, live.organisation, live.flags) == ("Jane Doe", "Acme", 0), "who it is"
    await store.log.append("c1", AT + timedelta(minutes=1), [ENDED])
    over = await shown(store)
    assert (over.status, over.name, over.flags) == ("completed", "Jane Doe", 1)
    assert over.ended_at == AT + timedelta(minutes=1)


async def test_what_comes_later_is_on_the_card_and_what_people_marked_stays(store: Store):
    await store.log.append("c1", AT, [*facts(), ENDED])
    changed = await store.write("t", lambda c: cards.mark_reviewed(c, ["c1", "x"], "dana", AT))
    assert changed == ["c1"]
    assert await store.write("t", lambda c: cards.mark_reviewed(c, ["c1"], "kim", AT)) == []
    await store.write("t", lambda c: cards.assign(c, ["c1"], "kim"))
    await store.log.append("c1", AT, [Noted("crm", {"status": "failed"}),
                                      HandoffRated("sam", 4, False, "slack")])  # fmt: skip
    row = await shown(store)
    assert (row.sync, row.reviewed_by, row.assignee, row.rated_at) == ("failed", "dana", "kim", AT)
    await store.log.append("c1", AT, [Flagged("callback_overdue", 5, 1, "late")])
    row = await shown(store)
    assert (row.reviewed_at, row.reviewed_by, row.assignee) == (None, None, "kim"), "look again"
    assert row.kinds == ["callback_overdue", "gate_blocked"] and row.urgent
    flags = await store.query(lambda c: c.execute(sa.select(_flag.c.kind, _flag.c.note)).all())
    assert sorted(flags) == [
        ("callback_overdue", "late"),
        ("gate_blocked", "a price without a source"),
    ]


async def test_a_written_conversation_has_its_card_each_time_it_is_written_up(store: Store):
    await store.log.append("c1", AT, facts())
    await store.log.append("c1", AT, [said(6, "caller", "and zapier?", 40_000)])
    assert await hits(store, "zapier") == []
    await store.log.append("c1", AT, [Noted("handoff", {})])
    assert await hits(store, "zapier") == ["c1"]


@pytest.mark.parametrize(
    ("text", "which"),
    [("snowflake", ["c1", "c2"]), ("SNOWFLAKE salesforce", ["c1"]), ("acme", ["c1"]),
     ('"snowflake syncs"', ["c1"]), ('"salesforce snowflake"', []), ("snowf", ["c1", "c2"]),
     ("syncing", ["c1"]), ("zapier' OR 1=1 --", []), ("OR zebra", []),
     ("snowflake*", ["c1", "c2"]), ("body:snowflake", []), ("sync salesf", ["c1"]),
     ("office \"in lima", ["c1"])],
)  # fmt: skip
async def test_words_are_found_and_are_never_a_query_of_their_own(
    store: Store, text: str, which: list[str]
):
    await store.log.append("c1", AT, [*facts(), ENDED])
    other = [started("CA2"), said(1, "caller", "we have a snowflake", 0), ENDED]
    await store.log.append("c2", AT, other)
    assert await hits(store, text) == which


def test_nothing_to_look_for_finds_nothing():
    for text in ("", "  ", '""', "()!*", "--"):
        assert found("sqlite", text) is None and found("postgresql", text) is None
    assert sum(map(len, phrases("word " * 50))) == 12


async def test_an_excerpt_shows_the_line_the_words_stand_in(store: Store):
    await store.log.append("c1", AT, [*facts(), ENDED])
    row = await shown(store)
    (shown_,) = (await store.query(lambda c: excerpts(c, [row.id or 0], "syncing salesf"))).values()
    assert shown_ == ("Buyer: hi do you ", "sync", " snowflake to salesforce")


async def test_a_person_forgotten_is_found_no_more(store: Store):
    from core.store.erasing import begin, forget_conversation

    await store.log.append("c1", AT, [*facts(), Flagged("frustrated", 1, 1, "Jane shouted"), ENDED])
    person = await store.people.person_of("c1")
    assert person and await hits(store, "acme") == ["c1"]
    begun = await store.write("t", lambda c: begin(c, person, AT))
    assert begun is not None
    await store.write("t", lambda c: forget_conversation(c, begun, "c1", 0, AT))
    assert await hits(store, "acme") == [] and await hits(store, "salesforce") == []
    row = await shown(store)
    assert (row.name, row.organisation, row.caller, row.verdict) == (None, None, None, "qualified")
    everything = await store.query(
        lambda c: str([c.execute(sa.select(t)).all() for t in (_card, _flag, _transcript)])
    )
    assert "Jane" not in everything and "+1415" not in everything


async def test_old_conversations_get_their_cards_and_all_can_be_made_again(store: Store):
    await store.log.append("c1", AT, [*facts(), ENDED])
    await store.write("t", lambda c: cards.mark_reviewed(c, ["c1"], "dana", AT))
    before = await shown(store)
    assert await store.query(lambda c: cards.behind(c, 10)) == []
    await store.write("t", cards.outdate)
    assert await store.query(lambda c: cards.behind(c, 10)) == ["c1"]
    await store.write("t", lambda c: cards.fill(c, "c1", AT))
    assert (await shown(store)).model_dump() == before.model_dump()
    for table in ("transcript", "card_flag", "card_criterion", "card"):
        await store.write("t", lambda c, t=table: c.execute(sa.text(f"DELETE FROM {t}")))  # type: ignore[misc]
    assert await store.query(lambda c: cards.behind(c, 10)) == ["c1"]
    await store.write("t", lambda c: cards.fill(c, "c1", AT))
    assert (await shown(store)).name == "Jane Doe" and await hits(store, "acme") == ["c1"]


@given(st.lists(any_fact, max_size=20))
def test_any_facts_make_a_card_a_database_takes(some: list[Fact]):
    made = card(some)
    held = [made.name, made.words, made.outcome, *made.kinds, *(m.note for m in made.marks)]
    for text in filter(None, held):
        assert "\x00" not in text and text.encode()


async def test_odd_facts_are_taken_by_either_database(store: Store):
    odd = Flagged("k\x00ind", 2**40, 2**40, "\ud800 \x00 note")
    line = said(1, "caller", "\x00 words \ud800", 2**40)
    await store.log.append("odd", AT, [started(caller="\x00+1"), odd, line, ENDED])
    assert (await shown(store, "odd")).kinds == ["kind"]
