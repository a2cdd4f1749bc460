"""What is due for a promised call: one step at a time, until it is kept or broken."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core.callbacks.due import Break, Dial, Due, Escalate, HandOn, Remind, due
from core.callbacks.record import Consent, Tried
from tests.core.callbacks.promises import NINE, YES, company, promise

MINUTE = timedelta(minutes=1)
BY_HAND = promise(consent=Consent())


def test_its_owner_is_reminded_before_the_window():
    before = NINE - 16 * MINUTE
    assert due(BY_HAND, before, company()) == Due(None, NINE - 15 * MINUTE)
    assert due(BY_HAND, before + MINUTE, company()).step == Remind()


def test_what_nobody_has_claimed_goes_to_the_next_one_up():
    reminded = replace(BY_HAND, reminded=True, status="reminded")
    assert due(reminded, NINE - 5 * MINUTE, company()).step == Escalate()
    claimed = replace(reminded, claimed_by="maya-lindqvist", status="claimed")
    assert due(claimed, NINE - 5 * MINUTE, company()).step is None


def test_a_promise_for_right_now_reminds_and_escalates_at_once():
    made = replace(BY_HAND, start=NINE)
    assert due(made, NINE, company()).step == Remind()
    assert due(replace(made, reminded=True), NINE, company()).step == Escalate()


def test_it_is_broken_once_the_window_and_its_grace_are_over():
    told = replace(BY_HAND, reminded=True, escalated=True)
    assert due(told, told.end, company()) == Due(None, told.end + 15 * MINUTE)
    assert due(told, told.end + 15 * MINUTE, company()) == Due(Break(), None)


def test_the_agent_calls_when_the_window_begins_where_it_may():
    assert due(promise(), NINE - MINUTE, company()) == Due(None, NINE)
    assert due(promise(), NINE, company()).step == Dial()
    assert due(promise(), NINE - 16 * MINUTE, company(ai_calls=False)).step is None
    assert due(promise(), NINE - 15 * MINUTE, company(ai_calls=False)).step == Remind()


def test_what_the_agent_may_not_do_goes_to_a_person():
    assert due(promise(), NINE, company(), barred=True).step == HandOn("do-not-call")
    vague = promise(consent=Consent("given", "May we call you?", "yes"))
    assert due(vague, NINE - 60 * MINUTE, company()).step == HandOn("consent-names-nobody")


def test_after_tries_in_vain_a_person_has_a_day():
    tried = (Tried(NINE, "no_answer"), Tried(NINE + 60 * MINUTE, "busy"))
    made = promise(tried=tried, status="attempted")
    assert due(made, NINE + 61 * MINUTE, company()).step == HandOn("attempts-used")
    handed = replace(made, handed_on=True, reminded=True, escalated=True)
    assert due(handed, handed.end + 60 * MINUTE, company()).step is None
    assert due(handed, handed.end + timedelta(days=1), company()).step == Break()


def test_a_person_who_claims_it_keeps_the_agent_from_calling():
    claimed = promise(claimed_by="maya-lindqvist", status="claimed", reminded=True)
    assert due(claimed, NINE, company()).step is None


@settings(max_examples=200, deadline=None)
@given(st.integers(-300, 2000), st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_one_step_follows_another_until_it_is_over(minutes, agrees, claims, reminded, barred):
    made = promise(
        consent=YES if agrees else Consent(), claimed_by="maya" if claims else "",
        reminded=reminded,
    )  # fmt: skip
    now, seen = NINE + minutes * MINUTE, []
    for _ in range(40):
        found = due(made, now, company(), barred=barred)
        match found.step:
            case Remind():
                made = replace(made, reminded=True, status="reminded")
            case Escalate():
                made = replace(made, escalated=True, status="escalated")
            case HandOn():
                made = replace(made, handed_on=True, reminded=True)
            case Break():
                made = replace(made, status="broken")
            case Dial():
                made = replace(made, status="attempted",
                               tried=(*made.tried, Tried(now, "no_answer")))  # fmt: skip
            case None:
                if found.again is None:
                    break
                assert found.again > now
                now = found.again
                continue
        seen.append(type(found.step).__name__)
    assert made.over and seen[-1] == "Break"
    assert all(seen.count(name) <= 1 for name in ("Remind", "Escalate", "HandOn", "Break"))
    assert seen.count("Dial") <= 2
