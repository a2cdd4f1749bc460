"""Identity in the database: on SQLite and PostgreSQL, even when two servers decide at once."""

from datetime import UTC, datetime, timedelta

import anyio
import pytest
import sqlalchemy as sa

from core.events import ConversationStarted, Fact, IdentifierSeen, PersonAnswered, SignalCaptured
from core.store.booking_tables import BookingRow
from core.store.contacts import UnknownPerson, conversations_of, merges_of
from core.store.desk import StoredDesk
from core.store.store import Store
from tests.core.talk import sample
from voice_agent.adapters.calendar_embedded import EmbeddedCalendar

pytestmark = pytest.mark.real_clock
AT = datetime(2026, 11, 30, 9, tzinfo=UTC)
NUMBER, OTHER = "+14155550123", "+14155550199"


def started(channel: str, caller: str | None = None) -> ConversationStarted:
    return ConversationStarted(
        channel, "inbound", caller, None, None, "tideline", "c", "k", False  # type: ignore[arg-type]
    )  # fmt: skip


def told(criterion: str, value: str, n: int = 1, confidence: float = 0.99) -> SignalCaptured:
    return SignalCaptured(
        f"s{n}", criterion, value, "positive", "stated", confidence, value, n, 0, 900
    )


async def talk(store: Store, name: str, *facts: Fact, at: datetime = AT) -> str:
    """A conversation of these facts; its person as they are counted now."""
    for n, fact in enumerate(facts):
        await store.log.append(name, at + timedelta(seconds=n), [fact])
    found = await store.people.person_of(name)
    assert found is not None
    return found


async def ids(store: Store, person: str) -> list[str]:
    return [row.id for row in await store.query(lambda c: conversations_of(c, person))]


async def test_an_address_is_one_person_on_every_channel(store: Store):
    chat = await talk(store, "chat", started("chat"), told("email", "Dana@acme.com", 1, 0.9))
    mail = await talk(
        store, "mail", started("email"), IdentifierSeen("email", "dana@ACME.com", True)
    )
    call = await talk(store, "call", started("voice", NUMBER), told("email", "dana@acme.com"))
    assert chat == mail == call
    assert await ids(store, chat) == ["call", "chat", "mail"]  # all began at once: by name


async def test_an_address_dictated_and_not_confirmed_joins_nobody(store: Store):
    chat = await talk(store, "chat", started("chat"), told("email", "dana@acme.com"))
    call = await talk(
        store, "call", started("voice", NUMBER), told("email", "dana@acme.com", 1, 0.9)
    )
    assert chat != call
    assert await talk(store, "call", told("email", "dana@acme.com", 2)) == chat


async def test_a_corrected_address_goes_to_its_own_person(store: Store):
    dana = await talk(store, "dana", started("chat"), told("email", "dana@acme.com"))
    lee = await talk(store, "lee", started("chat"), told("email", "lee@acme.com"))
    assert await talk(store, "c", started("chat"), told("email", "dana@acme.com")) == dana
    corrected = SignalCaptured(
        "s2", "email", "lee@acme.com", "positive", "stated", 0.99, "lee", 2, 0, 9, supersedes="s1"
    )
    assert await talk(store, "c", corrected) == lee
    assert await ids(store, dana) == ["dana"]


async def test_a_number_with_two_addresses_is_shared_and_joins_nobody(store: Store):
    dana = await talk(store, "a", started("voice", NUMBER), told("email", "dana@acme.com"))
    lee = await talk(store, "b", started("voice", NUMBER), told("email", "lee@acme.com"))
    nobody = await talk(store, "c", started("voice", NUMBER))
    assert len({dana, lee, nobody}) == 3
    again = await talk(store, "d", started("voice", NUMBER), told("email", "lee@acme.com"))
    assert again == lee


async def test_a_number_with_two_names_is_shared_and_a_name_tells_them_apart(store: Store):
    dana = await talk(store, "a", started("voice", NUMBER), told("name", "Dana Reyes"))
    lee = await talk(store, "b", started("voice", NUMBER), told("name", "Lee"))
    assert dana != lee
    assert await talk(store, "c", started("voice", NUMBER), told("name", "Dana")) == dana


async def test_one_known_by_a_number_alone_is_found_until_something_speaks_against_it(
    store: Store,
):
    first = await talk(store, "a", started("voice", NUMBER))
    assert await talk(store, "b", started("voice", NUMBER)) == first
    dana = await talk(store, "b", told("email", "dana@acme.com"))
    assert dana == first
    assert await talk(store, "c", started("voice", NUMBER), told("email", "lee@acme.com")) != first


async def test_who_was_known_by_their_number_only_is_merged_when_their_address_is_known(
    store: Store,
):
    line = await talk(store, "a", started("voice", NUMBER))
    dana = await talk(store, "b", started("chat"), told("email", "dana@acme.com"))
    assert line != dana
    assert await talk(store, "c", started("voice", NUMBER), told("email", "dana@acme.com")) == dana
    assert await ids(store, line) == ["a", "b", "c"]
    (merge,) = [m for m in await store.query(lambda c: merges_of(c, [line])) if m.absorbed == line]
    assert merge.by == "rule" and "dana@acme.com" in merge.why and merge.undone_at is None


async def test_a_no_to_am_i_speaking_with_makes_the_number_a_shared_one(store: Store):
    dana = await talk(store, "a", started("voice", NUMBER), told("name", "Dana"))
    assert await talk(store, "b", started("voice", NUMBER)) == dana
    other = await talk(store, "b", PersonAnswered(dana, False, 1, "no"))
    assert other != dana and await ids(store, dana) == ["a"]


async def test_unmerging_restores_both_and_no_rule_joins_them_again(store: Store):
    dana = await talk(store, "a", started("chat"), told("email", "dana@acme.com"))
    lee = await talk(store, "b", started("chat"), told("email", "lee@acme.com"))
    made = await store.people.merge(dana, lee, "same desk", "grace", AT)
    assert made is not None and await ids(store, lee) == ["a", "b"]
    assert await store.people.merge(lee, dana, "again", "grace", AT) is None
    assert await store.people.unmerge(lee, "grace", AT + timedelta(days=1))
    assert await ids(store, dana) == ["a"] and await ids(store, lee) == ["b"]
    assert not await store.people.unmerge(lee, "grace", AT)
    (record,) = await store.query(lambda c: merges_of(c, [dana]))
    assert (record.by, record.why, record.undone_by) == ("grace", "same desk", "grace")


async def test_one_parted_by_hand_from_their_address_stays_apart(store: Store):
    dana = await talk(store, "a", started("chat"), told("email", "dana@acme.com"))
    assert await talk(store, "b", started("chat"), told("email", "dana@acme.com")) == dana
    (record,) = await store.query(lambda c: merges_of(c, [dana]))
    assert await store.people.unmerge(record.absorbed, "grace", AT)
    after = await talk(store, "b", told("name", "Somebody Else", 2))
    assert after == record.absorbed != dana


async def test_merging_whom_nobody_knows_is_refused(store: Store):
    dana = await talk(store, "a", started("chat"))
    with pytest.raises(UnknownPerson):
        await store.people.merge(dana, "nobody", "", "grace", AT)
    with pytest.raises(UnknownPerson):
        await store.people.unmerge("nobody", "grace", AT)


async def test_recognising_tells_what_was_said_with_its_origin(store: Store):
    await talk(
        store, "chat", started("chat"), told("email", "dana@acme.com", 1, 0.9),
        told("tech_stack", "Snowflake", 2),
    )  # fmt: skip
    await talk(store, "mail", started("email"), IdentifierSeen("email", "dana@acme.com", True))
    found = (await store.people.recognise("mail")).known
    assert found is not None and found.sure
    (stack,) = [s for s in found.signals if s.criterion == "tech_stack"]
    assert (stack.value, stack.origin, stack.turn) == ("Snowflake", "chat", 2)
    assert [e.conversation_id for e in found.recalled.conversations] == ["chat"]


async def test_a_number_with_one_named_person_is_a_question_and_not_an_answer(store: Store):
    dana = await talk(
        store, "a", started("voice", NUMBER), told("name", "Dana Reyes"),
        told("tech_stack", "Snowflake", 2),
    )  # fmt: skip
    await talk(store, "b", started("voice", NUMBER))
    found = await store.people.recognise("b")
    assert found.known is None and [m.person for m in found.candidates] == [dana]
    assert found.candidates[0].first_name == "Dana"


async def test_a_meeting_booked_in_chat_is_found_by_mail_and_not_by_who_only_claims_it(
    store: Store,
):
    await talk(store, "chat", started("chat"), told("email", "dana@acme.com", 1, 0.9))
    row = BookingRow(
        id="b1", conversation_id="chat", rep="sam", meeting="demo",
        starts_at=AT + timedelta(days=2),
        ends_at=AT + timedelta(days=2, minutes=30), uid="u1", created_at=AT, updated_at=AT,
    )  # fmt: skip
    table = BookingRow.__table__
    await store.write("chat", lambda c: c.execute(sa.insert(table).values(row.model_dump())))
    await talk(store, "mail", started("email"), IdentifierSeen("email", "dana@acme.com", True))
    await talk(store, "claims", started("chat"), told("email", "dana@acme.com", 1, 0.9))
    desk = StoredDesk(store, EmbeddedCalendar(store), lambda: sample().company)
    found = [(await desk.look(name, None, AT)).booked for name in ("mail", "claims", "nobody")]
    assert [[b.id for b in booked] for booked in found] == [["b1"], [], []]


@pytest.mark.parametrize("seen", ["email", "cookie", "phone"])
async def test_two_servers_that_meet_the_same_new_buyer_at_once_make_one_person(
    url: str, store: Store, seen: str
):
    other = Store(url, server="boot-2")
    facts: list[Fact] = {
        "email": [started("chat"), told("email", "new@acme.com", 1, 0.9)],
        "cookie": [started("chat"), IdentifierSeen("cookie", "abc", True)],
        "phone": [started("voice", NUMBER)],
    }[seen]
    try:
        for n in range(8):
            async with anyio.create_task_group() as tasks:
                for one, name in ((store, f"a{n}"), (other, f"b{n}")):
                    tasks.start_soon(one.log.append, name, AT, facts)
        persons = {await store.people.person_of(f"{s}{n}") for s in "ab" for n in range(8)}
        assert len(persons) == 1
    finally:
        await other.aclose()


async def test_concurrent_merges_in_a_circle_make_no_circle(url: str, store: Store):
    other = Store(url, server="boot-2")
    a = await talk(store, "a", started("chat"))
    b = await talk(store, "b", started("chat"))
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(store.people.merge, a, b, "x", "grace", AT)
            tasks.start_soon(other.people.merge, b, a, "y", "oren", AT)
    finally:
        await other.aclose()
    with anyio.fail_after(5):
        assert await ids(store, a) == await ids(store, b) == ["a", "b"]
    done = await store.query(
        lambda c: c.execute(sa.text("SELECT count(*) FROM person_merge")).scalar()
    )
    assert done == 1
