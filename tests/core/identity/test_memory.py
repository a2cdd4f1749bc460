from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from core.events import (
    CallbackRequested,
    ConsentRecorded,
    CriterionDeclined,
    Fact,
    MeetingRecorded,
    PromiseMade,
    QuestionAnswered,
    QuestionDeferred,
    QuestionRaised,
    SignalCaptured,
    TurnMerged,
)
from core.facts.corrections import CorrectionWithdrawn, SignalCorrected
from core.identity.memory import Past, recall
from tests.core.store.facts import any_fact
from tests.fakes.a_call import signal

MONDAY, TUESDAY = "2026-11-30T15:00:00+00:00", "2026-12-01T15:00:00+00:00"


def chat(*facts: Fact, answered: frozenset[str] = frozenset()) -> Past:
    return Past("chat", "chat", MONDAY, facts, answered)


def mail(*facts: Fact) -> Past:
    return Past("mail", "email", TUESDAY, facts)


def known(*past: Past) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in recall("p", past, sure=True).signals:
        found.setdefault(one.criterion, []).append(one.value)
    return found


def test_a_signal_keeps_its_conversation_its_words_and_its_moment():
    (found,) = recall(
        "p", [chat(signal(2, "industry", "Healthcare", "we run clinics"))], sure=True
    ).signals
    assert (found.origin, found.signal_id, found.quote) == ("chat", "chat/s2", "we run clinics")
    assert (found.turn, found.start_ms) == (2, 10_000)


def test_later_words_supersede_earlier_ones_and_tools_add_up():
    before = [signal(1, "employees", "20", "twenty"), signal(2, "tech_stack", "Snowflake", "s")]
    after = [signal(1, "employees", "200", "two hundred"), signal(2, "tech_stack", "Looker", "l")]
    assert known(chat(*before), mail(*after)) == {
        "employees": ["200"], "tech_stack": ["Snowflake", "Looker"],
    }  # fmt: skip


def test_what_was_denied_later_does_not_stand():
    gone = signal(1, "tech_stack", "Snowflake", "we left snowflake", polarity="negative")
    (found,) = recall(
        "p", [chat(signal(2, "tech_stack", "Snowflake", "s")), mail(gone)], sure=True
    ).signals
    assert found.polarity == "negative" and found.origin == "mail"


def test_what_a_later_conversation_took_back_by_name_is_gone():
    old = signal(2, "tech_stack", "Snowflake", "s")
    new = signal(1, "tech_stack", "BigQuery", "b, not s", supersedes="chat/s2")
    assert known(chat(old), mail(new)) == {"tech_stack": ["BigQuery"]}


def test_what_was_only_implied_never_replaces_what_was_stated():
    guess = replace(signal(1, "industry", "Retail", "a shop"), basis="implied")
    stated = signal(2, "industry", "Healthcare", "clinics")
    assert known(chat(stated), mail(guess)) == {"industry": ["Healthcare"]}
    assert known(chat(guess), mail(stated)) == {"industry": ["Healthcare"]}


def test_what_was_recalled_is_not_recalled_from_there_again():
    copied = replace(signal(1, "employees", "20", "twenty"), origin="chat", signal_id="chat/s1")
    assert known(mail(copied)) == {}


def test_a_turn_that_was_taken_back_told_nothing():
    assert known(chat(signal(1, "employees", "20", "t"), TurnMerged(1))) == {}


def test_questions_promises_meetings_and_refusals_stand_until_something_overtakes_them():
    asked = QuestionRaised("q1", "Lima?", 4, 20_000, 21_000)
    owed = QuestionDeferred("q1", "Lima?", 4, "sam", "not covered")
    facts: list[Fact] = [
        asked, owed, PromiseMade("Sam writes to you.", "sam", 4),
        CriterionDeclined("budget", 5, "no"),
        CallbackRequested(6, "call me", "on Friday"), PromiseMade("Sam calls on Friday.", "sam", 6),
        MeetingRecorded("b1", "booked", "sam", "demo", MONDAY, TUESDAY, "", "u", 0, 7),
        PromiseMade("You're booked with Sam.", "sam", 7),
        ConsentRecorded("contact", "declined", "never", 9),
    ]  # fmt: skip
    made = recall("p", [chat(*facts)], sure=True).recalled
    assert [(q.question_id, q.owner, q.start_ms) for q in made.questions] == [("q1", "sam", 20_000)]
    assert [p.text for p in made.promises] == [
        "Sam writes to you.", "Sam calls on Friday.", "You're booked with Sam.",
    ]  # fmt: skip
    assert [m.booking_id for m in made.meetings] == ["b1"] and made.declined == ("budget",)
    assert made.opted_out == "chat"
    later: list[Fact] = [
        signal(1, "budget", "50000", "fifty"), ConsentRecorded("contact", "given", "do call", 9),
        MeetingRecorded("b1", "cancelled", "sam", "demo", MONDAY, TUESDAY, "", "u", 1, 2),
    ]  # fmt: skip
    made = recall("p", [chat(*facts, answered=frozenset({"q1"})), mail(*later)], sure=True).recalled
    assert (made.questions, made.meetings, made.declined, made.opted_out) == ((), (), (), "")
    assert "You're booked with Sam." not in [p.text for p in made.promises]


def test_what_they_were_told_is_known_with_its_citations():
    told = QuestionAnswered("q1", 1, ("sso@1#1",))
    assert recall("p", [chat(told)], sure=True).told == ("sso@1#1",)


def test_before_one_who_may_be_somebody_else_nothing_is_known_that_could_slip_out():
    facts = [signal(1, "phone", "+14155550123", "p"), signal(2, "name", "Dana Reyes", "n"),
             signal(3, "employees", "20", "e"), PromiseMade("Sam calls.", "sam", 4)]  # fmt: skip
    memory = recall("p", [chat(*facts)], sure=False)
    assert memory.first_name == "Dana"
    quiet = memory.discreet()
    assert [s.criterion for s in quiet.signals] == ["employees"] and not quiet.recalled.promises
    assert memory.confirmed().discreet() == memory.confirmed()


@given(st.lists(st.lists(any_fact, max_size=8), max_size=4))
def test_any_facts_give_a_memory_in_which_each_thing_is_known_once(conversations):
    past = [Past(f"c{n}", "chat", MONDAY, facts) for n, facts in enumerate(conversations)]
    made = recall("p", past, sure=True)
    ids = [s.signal_id for s in made.signals]
    assert len(ids) == len(set(ids)) and all(
        s.origin and s.supersedes is None for s in made.signals
    )
    single = [
        s for s in made.signals if s.criterion not in ("tech_stack", "use_case", "disqualifier")
    ]
    across = {(s.criterion, s.origin) for s in single}
    assert len({name for name, _ in across}) == len(across)


def test_within_one_conversation_its_own_fold_decides():
    said = [signal(1, "employees", "20", "t"), signal(2, "employees", "200", "x", supersedes="s1")]
    assert known(chat(*said)) == {"employees": ["200"]}
    assert all(isinstance(s, SignalCaptured) for s in said)


def test_what_a_person_put_right_is_what_is_remembered_and_also_of_what_was_recalled():
    size = signal(1, "employees", "20", "we have twenty people")
    right = SignalCorrected("k1", "s1", "employees", "20", "200", "sam")
    assert known(chat(size, right)) == {"employees": ["200"]}
    assert known(chat(size, right, CorrectionWithdrawn("k1", "sam"))) == {"employees": ["20"]}
    again = replace(size, signal_id="chat/s1", origin="chat")
    there = SignalCorrected("k2", "chat/s1", "employees", "20", "300", "sam")
    (signal_,) = recall("p", (chat(size), mail(again, there)), sure=True).signals
    assert (signal_.value, signal_.origin, signal_.quote, signal_.by) == ("300", "mail", "", "sam")
    assert not known(chat(size), mail(again, replace(there, value="")))
