"""Promised calls in the database: settled with the facts, once, on every channel."""

from datetime import UTC, datetime, timedelta
from typing import Any

import anyio
import pytest

from core.callbacks.dial import Not
from core.events import (
    CallbackRequested,
    ConsentRecorded,
    ConversationEnded,
    ConversationStarted,
    Fact,
    MeetingRecorded,
    QuestionDeferred,
    SignalCaptured,
    TurnMerged,
    UtteranceRecorded,
)
from core.facts.callbacks import AiCallAnswered, CallPlaced, callback_id
from core.facts.claims import LeadClaimed
from core.facts.transfers import TransferAccepted
from core.store.callbacks import Over, UnknownCallback
from core.store.dialling import Recorded
from core.store.erasing import begin, forget_conversation
from core.store.store import Store
from tests.core.callbacks.promises import company

pytestmark = pytest.mark.real_clock
AT = datetime(2026, 11, 30, 23, tzinfo=UTC)
NINE = datetime(2026, 12, 1, 15, tzinfo=UTC)
DANA, OTHER = "+13125550142", "+13125550199"
QUESTION = "May Tideline's AI assistant make that call? If you'd rather have a person, say so."


BOTH = pytest.mark.parametrize(
    "url", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
"""For what depends on how a database locks; the rest is the same on either."""


@pytest.fixture
def url(request: pytest.FixtureRequest) -> str:
    kind = getattr(request, "param", "sqlite")
    found: str = request.getfixturevalue(f"{kind}_url")
    return found


def started(channel: str = "voice", caller: str | None = DANA, direction: str = "inbound"):
    return ConversationStarted(
        channel, direction, caller, None, None, "tideline", "c", "k", True  # type: ignore[arg-type]
    )  # fmt: skip


def asked(turn: int = 1, start: datetime = NINE, hours: int = 2) -> CallbackRequested:
    return CallbackRequested(
        turn, "call me back please", "tomorrow morning", "maya-lindqvist", start.isoformat(),
        (start + timedelta(hours=hours)).isoformat(), "America/Chicago", "urgent",
    )  # fmt: skip


def told(criterion: str, value: str, n: int = 1) -> SignalCaptured:
    return SignalCaptured(f"s{n}", criterion, value, "positive", "stated", 0.99, value, n, 0, 900)


def words(text: str = "hello", turn: int = 1) -> UtteranceRecorded:
    return UtteranceRecorded(turn, "caller", text, 0, 900)


YES = AiCallAnswered("given", QUESTION, "yes you may", 2, 8_000)
NO_MORE = ConsentRecorded("contact", "declined", "don't call me again", 9_000)
BOOKED = MeetingRecorded(
    "b1", "booked", "maya", "demo", NINE.isoformat(), NINE.isoformat(), "", "u", 0, 3
)


def ended(outcome: str = "answered") -> ConversationEnded:
    return ConversationEnded(outcome, "caller", 9_000)


async def talk(store: Store, name: str, *facts: Fact, at: datetime = AT) -> dict[str, Any] | None:
    """A conversation of these facts, one commit each; the call it promised."""
    for n, fact in enumerate(facts):
        await store.log.append(name, at + timedelta(seconds=n), [fact])
    return await store.callbacks.get(callback_id(name))


async def promised(store: Store, name: str = "c1", *more: Fact) -> dict[str, Any]:
    found = await talk(store, name, started(), asked(), *more)
    assert found is not None
    return found


async def status(store: Store, name: str = "c1") -> tuple[str, str]:
    row = await store.callbacks.of_conversation(name)
    assert row is not None
    return row["status"], row["why"]


@BOTH
async def test_a_promise_is_kept_with_all_that_was_said_of_it(store: Store):
    row = await promised(
        store, "c1", told("name", "Dana", 1), told("tech_stack", "Snowflake", 2),
        QuestionDeferred("q1", "Do you have an office in Lima?", 1, "sam", "not covered"), YES,
    )  # fmt: skip
    assert (row["status"], row["number"], row["name"]) == ("promised", DANA, "Dana")
    assert (row["start_at"], row["end_at"]) == (NINE, NINE + timedelta(hours=2))
    assert (row["owner"], row["priority"], row["said"]) == (
        "maya-lindqvist", "urgent", "tomorrow morning",
    )  # fmt: skip
    assert (row["reason"], row["about"]) == ("Do you have an office in Lima?", "Snowflake")
    assert (row["consent"], row["consent_words"], row["consent_ms"]) == (
        "given", "yes you may", 8_000,
    )  # fmt: skip
    assert [event["kind"] for event in row["history"]] == ["promised", "ai_call_given"]


@pytest.mark.parametrize("channel", ["chat", "email"])
async def test_a_promise_in_writing_is_one_too(store: Store, channel: str):
    row = await talk(store, "c1", started(channel, None), told("phone", DANA), asked())
    assert row is not None and (row["channel"], row["number"]) == (channel, DANA)


async def test_what_is_taken_back_in_the_same_breath_is_no_promise(store: Store):
    await promised(store, "c1", TurnMerged(1))
    assert (await status(store))[0] == "cancelled"


async def test_a_correction_moves_it_and_begins_anew(store: Store):
    await promised(store)
    before, _ = (await store.callbacks.standing(callback_id("c1"))) or (None, None)
    assert before is not None and await store.callbacks.remind(before, AT, "maya")
    row = await talk(store, "c1", asked(3, NINE + timedelta(hours=5)))
    assert row is not None and row["start_at"] == NINE + timedelta(hours=5)
    assert (row["version"], row["status"], row["reminded"]) == (2, "promised", False)
    assert not await store.callbacks.remind(before, AT, "maya"), "the old window is void"
    moved = await talk(store, "c1", told("phone", OTHER))
    assert moved is not None and (moved["number"], moved["version"]) == (OTHER, 3)


@BOTH
async def test_a_second_promise_to_the_same_number_takes_its_place(store: Store):
    await promised(store, "c1")
    await promised(store, "c2")
    assert await status(store, "c1") == ("cancelled", f"superseded by {callback_id('c2')}")
    assert (await status(store, "c2"))[0] == "promised"


async def test_a_meeting_settles_it_here_and_in_a_later_talk(store: Store):
    await promised(store, "c1", BOOKED)
    assert await status(store, "c1") == ("cancelled", "a meeting was booked instead")
    await promised(store, "c2")
    await talk(store, "c3", started("chat", None), told("phone", DANA), BOOKED)
    assert (await status(store, "c2"))[0] == "cancelled"


@pytest.mark.parametrize("before", [(words("a person please"),), (BOOKED, words("thanks"))])
async def test_a_chat_from_before_that_ends_later_settles_no_promise(
    store: Store, before: tuple[Fact, ...]
):
    await talk(store, "chat", started("chat", None), told("phone", DANA), *before)
    later = AT + timedelta(minutes=9)
    await talk(store, "c1", started(), asked(), at=later)
    outcome = "booked" if BOOKED in before else "human"
    await talk(store, "chat", ended(outcome), at=later + timedelta(minutes=30))
    assert await status(store) == ("promised", "")
    again = MeetingRecorded("b2", "booked", "maya", "demo", BOOKED.start, BOOKED.end, "", "v", 0, 4)
    await talk(store, "chat", again, at=later + timedelta(minutes=40))
    assert await status(store) == ("cancelled", "booked a meeting in chat")


async def test_who_calls_back_after_the_window_began_needs_no_call(store: Store):
    await promised(store)
    early = NINE - timedelta(hours=5)
    await talk(store, "c2", started(), words(), ended(), at=early)
    assert (await status(store))[0] == "promised", "it stands: they only asked something else"
    await talk(store, "c3", started(), ended("unknown"), at=NINE + timedelta(minutes=1))
    assert (await status(store))[0] == "promised", "nobody said a word"
    await talk(store, "c4", started(), words(), ended(), at=NINE + timedelta(minutes=5))
    assert await status(store) == ("kept", "the buyer called: c4")


async def test_who_was_put_through_needs_no_call(store: Store):
    await promised(store, "c1", TransferAccepted("t1", "maya-lindqvist", 9_000))
    assert (await status(store))[0] == "kept"


async def test_a_lead_that_is_claimed_is_a_call_that_is_claimed(store: Store):
    row = await promised(store, "c1", LeadClaimed("maya-lindqvist", "slack"))
    assert (row["status"], row["claimed_by"]) == ("claimed", "maya-lindqvist")


@pytest.mark.parametrize("channel", ["voice", "chat", "email"])
async def test_an_opt_out_on_any_channel_lists_their_numbers_and_calls_all_off(
    store: Store, channel: str
):
    await promised(store, "c1")
    caller = OTHER if channel == "voice" else None
    await talk(store, "c2", started(channel, caller), told("phone", DANA), NO_MORE)
    assert await status(store) == ("cancelled", "opted out")
    listed = {row["number"] for row in await store.dialling.barred(10)}
    assert listed == ({DANA, OTHER} if channel == "voice" else {DANA})


@BOTH
async def test_the_list_outlives_the_person_and_only_a_person_takes_a_number_off(store: Store):
    await promised(store, "c1", NO_MORE)
    person = await store.people.person_of("c1")
    assert person is not None

    def forget(c):
        erasure = begin(c, person, AT)
        assert erasure is not None
        forget_conversation(c, erasure, "c1", 0, AT)

    await store.write("erase", forget)
    row = await store.callbacks.get(callback_id("c1"))
    assert row is not None and (row["number"], row["quote"], row["consent_words"]) == ("", "", "")
    assert [r["number"] for r in await store.dialling.barred(10)] == [DANA]
    assert await store.dialling.unbar(DANA, NINE, how="asked for it in writing", by="maya")
    changes = await store.dialling.bar_history(DANA)
    assert [(c["change"], c["by"]) for c in changes] == [("added", "buyer"), ("removed", "maya")]


async def test_people_claim_reschedule_and_end_it(store: Store):
    which = (await promised(store))["id"]
    await store.callbacks.claim(which, "maya", AT)
    later = NINE + timedelta(days=1)
    await store.callbacks.reschedule(
        which, "maya", AT, start=later, end=later + timedelta(hours=1), said="on Wednesday"
    )
    row = await store.callbacks.get(which)
    assert row is not None and (row["status"], row["start_at"]) == ("claimed", later)
    await store.callbacks.end(which, "broken", "maya", AT)
    await store.callbacks.end(which, "kept", "maya", AT, "reached her after all")
    with pytest.raises(Over):
        await store.callbacks.claim(which, "tom", AT)
    with pytest.raises(UnknownCallback):
        await store.callbacks.claim("nothing", "tom", AT)
    row = await store.callbacks.get(which)
    assert row is not None
    assert [e["kind"] for e in row["history"]] == [
        "promised", "claimed", "rescheduled", "broken", "kept",
    ]  # fmt: skip


async def test_what_a_person_said_of_its_end_is_taken_back_and_its_timers_run_again(store: Store):
    row = await promised(store)
    name = row["id"]
    await store.callbacks.claim(name, "ana", AT)
    await store.callbacks.planned(name, 1, NINE)
    await store.callbacks.end(name, "cancelled", "ana", AT, "wrong one")
    assert await store.callbacks.reopenable(await store.callbacks.listed()) == {name}
    await store.callbacks.reopen(name, "ben", AT)
    assert await status(store) == ("claimed", "")
    assert await store.callbacks.unplanned(AT, timedelta(minutes=1)) == [(name, 1)]
    known = await store.callbacks.standing(name)
    assert known and await store.callbacks.lapse(known[0], NINE + timedelta(hours=3), "ana")
    with pytest.raises(Over):  # the clock said so, and no person
        await store.callbacks.reopen(name, "ben", AT)
    await store.callbacks.end(name, "kept", "ana", AT)
    await store.callbacks.reopen(name, "ana", AT)
    assert await status(store) == ("broken", "")
    with pytest.raises(UnknownCallback):
        await store.callbacks.reopen("nobody", "ben", AT)


async def test_a_call_to_who_wants_none_by_now_is_not_opened_again(store: Store):
    row = await promised(store)
    await store.callbacks.end(row["id"], "kept", "ana", AT)
    await store.dialling.bar(DANA, AT, how="by hand", by="ana")
    assert not await store.callbacks.reopenable(await store.callbacks.listed())
    with pytest.raises(Over):
        await store.callbacks.reopen(row["id"], "ana", AT)


async def test_what_a_person_rescheduled_is_not_taken_back_by_what_was_said_before(store: Store):
    which = (await promised(store))["id"]
    later = NINE + timedelta(days=1)
    await store.callbacks.reschedule(
        which, "maya", AT, start=later, end=later + timedelta(hours=1), said="on Wednesday"
    )
    await talk(store, "c1", told("name", "Dana", 4), ended("callback"))
    row = await store.callbacks.get(which)
    assert row is not None and (row["start_at"], row["name"]) == (later, "Dana")


@BOTH
async def test_of_many_who_ask_at_once_one_may_dial(store: Store, url: str):
    which = (await promised(store, "c1", YES))["id"]
    second = Store(url, server="boot-2")
    rules, found = company(), []

    async def ask(one: Store) -> None:
        found.append(await one.dialling.attempt(which, NINE, rules))

    async with anyio.create_task_group() as tasks:
        for _ in range(4):
            tasks.start_soon(ask, store)
            tasks.start_soon(ask, second)
    await second.aclose()
    assert [type(one) for one in found].count(Recorded) == 1
    assert {one.reason for one in found if isinstance(one, Not)} == {"under-way"}


@BOTH
async def test_whoever_is_listed_before_the_commit_is_not_dialled(store: Store):
    which = (await promised(store, "c1", YES))["id"]
    await store.dialling.bar(DANA, AT, how="by hand", by="maya")
    answer = await store.dialling.attempt(which, NINE, company())
    assert answer == Not("over")
    await promised(store, "c2", YES)
    assert await store.dialling.attempt(callback_id("c2"), NINE, company()) == Not("do-not-call")


@BOTH
async def test_news_of_a_call_come_in_any_order_and_twice(store: Store):
    which = (await promised(store, "c1", YES))["id"]
    made = await store.dialling.attempt(which, NINE, company())
    assert isinstance(made, Recorded) and made.number == DANA
    for news in ("ringing", "no_answer", "placed", "no_answer", "answered"):
        assert await store.dialling.progressed(made.attempt, news, NINE, call_sid="CA1") == which
    tried = await store.dialling.attempt_of(made.attempt)
    assert tried is not None and (tried["status"], tried["call_sid"]) == ("no_answer", "CA1")
    assert await store.dialling.progressed("nothing", "busy", NINE) is None


async def test_our_own_call_keeps_it_when_somebody_talked_with_us_and_no_machine(store: Store):
    for name, news, by, wanted in (
        ("c1", "answered", "human", "kept"), ("c2", "machine", "machine_start", "attempted"),
        ("c3", "answered", "", "attempted"), ("c4", "talked", "machine_end_beep", "kept"),
    ):  # fmt: skip
        which = (await promised(store, name, YES))["id"]
        made = await store.dialling.attempt(which, NINE, company())
        assert isinstance(made, Recorded)
        await store.dialling.progressed(
            made.attempt, news, NINE, call_sid=f"CA{name}", answered_by=by
        )
        ours = started("voice", DANA, "outbound")
        await talk(
            store, f"{name}-ours", ours, CallPlaced(which, 1), words(), ended(),
            at=NINE + timedelta(minutes=2),
        )  # fmt: skip
        assert (await status(store, name))[0] == wanted


async def test_a_message_is_left_once(store: Store):
    which = (await promised(store, "c1", YES))["id"]
    assert await store.dialling.leave_message(which, NINE)
    assert not await store.dialling.leave_message(which, NINE)
