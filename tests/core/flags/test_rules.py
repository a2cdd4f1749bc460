"""Flags by rules over facts: each with its reason and place, off if the company says so."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.events import (
    BOOKING_REFUSED,
    CallbackRequested,
    ConsentRecorded,
    Fact,
    Flagged,
    HumanRequested,
    MeetingRecorded,
    Noted,
    QuestionDeferred,
    RecordingSaved,
    RouteChosen,
    TurnMerged,
    UtteranceRecorded,
    VerdictReached,
)
from core.flags.kinds import KINDS, gravest
from core.flags.rules import RULES, flagged
from core.flags.words import held_card
from knowledge.profile import Company
from knowledge.sections.flags import FLAG_RULES
from tests.core.store.facts import instances
from tests.core.talk import OTHER, sample
from tests.fakes.a_call import ENDED, facts, said, signal


def company(**flags: Any) -> Company:
    known = sample().company
    wanted = known.flags.model_copy(update={"audit_share": 0.0, **flags})
    return known.model_copy(update={"flags": wanted})


def flags(
    more: Sequence[Fact], *, base: Sequence[Fact] | None = None, **keys: Any
) -> list[Flagged]:
    """What more facts bring beyond what the plain call has."""
    plain = facts() if base is None else base
    before = flagged("c1", plain, company(**keys))
    return [f for f in flagged("c1", [*plain, *more], company(**keys)) if f not in before]


def one(found: list[Flagged]) -> tuple[str, int, int, str]:
    (flag,) = found
    return flag.kind, flag.turn, flag.start_ms, flag.note


def without(kind: type) -> list[Fact]:
    return [fact for fact in facts() if not isinstance(fact, kind)]


def test_a_fit_nobody_was_given_is_flagged_where_the_verdict_fell():
    kind, turn, start_ms, note = one(
        [f for f in flagged("c1", without(RouteChosen), company()) if f.kind == "hot_unrouted"]
    )
    assert (kind, turn, start_ms) == ("hot_unrouted", 5, 25_000) and "no rule" in note
    unrouted = RouteChosen(None, "none", ("no rule fits",), (), False, 5)
    assert "no rule fits" in one(flags([unrouted]))[3]


def test_a_fit_with_a_rep_a_meeting_or_a_promise_is_not_hot_and_lost():
    assert "hot_unrouted" not in {f.kind for f in flagged("c1", facts(), company())}
    for kept in (
        CallbackRequested(5, "call me", "tomorrow"),
        MeetingRecorded("b1", "booked", "sam", "intro", "", "", "", "u", 0, 5),
    ):
        found = flagged("c1", [*without(RouteChosen), kept], company())
        assert "hot_unrouted" not in {f.kind for f in found}
    nurture = replace(
        next(f for f in facts() if isinstance(f, VerdictReached)), result="nurture"
    )  # fmt: skip
    assert not flags([nurture], base=without(RouteChosen))


def test_a_wish_for_a_person_is_flagged_once_even_where_it_was_flagged_in_the_talk():
    asked = HumanRequested(5, "can i speak to somebody")
    assert one(flags([asked])) == ("asked_for_human", 5, 25_000, "can i speak to somebody")
    already = Flagged("asked_for_human", 5, 25_000, "can i speak to somebody")
    assert not flags([asked, already])


@pytest.mark.parametrize(
    "words",
    ["this is ridiculous", "I already told you that", "you're not listening to me",
     "what a waste of my time", "for the third time no", "stop asking me that"],
)  # fmt: skip
def test_frustration_is_quoted(words: str):
    kind, turn, start_ms, note = one(flags([said(6, "caller", f"look {words} okay", 30_000)]))
    assert (kind, turn, start_ms) == ("frustrated", 6, 30_000) and words in note


def test_a_company_adds_its_own_words_of_frustration_and_plain_words_are_none():
    line = said(6, "caller", "this is bananas", 30_000)
    assert not flags([line])
    assert one(flags([line], frustrated=("bananas",)))[0] == "frustrated"
    assert not flags([said(6, "caller", "we waste time on imports by hand", 30_000)])
    assert not flags([said(6, "agent", "this is ridiculous", 30_000)]), "of the buyer alone"


def test_what_decided_the_verdict_is_flagged_where_it_was_heard_with_doubt():
    doubtful = signal(5, "employees", "200", "two hundred", supersedes="s4", confidence=0.4)
    base = [doubtful if getattr(f, "signal_id", "") == "s5" else f for f in facts()]
    found = [f for f in flagged("c1", base, company()) if f.kind == "low_confidence"]
    assert one(found) == ("low_confidence", 5, 25_000, "employees = 200, 40% sure")
    assert not [
        f for f in flagged("c1", base, company(confidence_below=0.3)) if f.kind == "low_confidence"
    ]
    undecided = signal(9, "timeline", "q3", "third quarter", confidence=0.2)
    assert not flags([undecided]), "it decided nothing"


def test_every_question_put_off_is_flagged_with_why():
    found = [f for f in flagged("c1", facts(), company()) if f.kind == "abstained"]
    assert one(found) == ("abstained", 4, 20_000, "Do you have an office in Lima? (not covered)")
    merged = [*facts(), TurnMerged(4)]
    assert "abstained" not in {f.kind for f in flagged("c1", merged, company())}


def test_prices_and_competitors_are_flagged_where_they_are_first_named():
    rival = sample().company.vocabulary.competitors[0]
    more = [said(6, "caller", f"how much is it compared to {rival}", 30_000),
            said(7, "caller", f"and the price of {rival} is lower", 32_000)]  # fmt: skip
    found = {f.kind: f for f in flags(more)}
    assert set(found) == {"price_talk", "competitor"}
    assert found["price_talk"].start_ms == found["competitor"].start_ms == 30_000
    assert found["competitor"].note == rival
    assert not flags([said(6, "caller", f"x{rival}x", 30_000)])


def test_a_recording_without_consent_on_record_is_flagged():
    base = without(ConsentRecorded)
    found = [f for f in flagged("c1", base, company()) if f.kind == "consent_unclear"]
    assert "not on record" in one(found)[3]
    asked = ConsentRecorded("recording", "unknown", "…", 4_000)
    assert one(flags([asked]))[:3] == ("consent_unclear", 0, 4_000)
    unrecorded = [f for f in base if not isinstance(f, RecordingSaved)]
    assert "consent_unclear" not in {f.kind for f in flagged("c1", unrecorded, company())}


@pytest.mark.parametrize(
    ("words", "held"),
    [("4111 1111 1111 1111", True), ("it is 5500-0000-0000-0004 okay", True),
     ("4111 1111 1111 1112", False), ("0000 0000 0000 0000", False), ("call +14155550123", False)],
)  # fmt: skip
def test_a_card_number_is_told_from_other_numbers(words: str, held: bool):
    assert held_card(words) is held
    found = flags([said(6, "caller", words, 30_000)])
    assert ["card_spoken"] * held == [f.kind for f in found]
    assert not any(words[:9] in f.note for f in found), "the note does not repeat it"


def test_a_long_silence_says_for_whom_it_waited():
    quiet = [said(6, "caller", "hm", 26_500), said(6, "agent", "Right.", 37_000)]
    assert one(flags(quiet)) == ("long_silence", 6, 27_400, "10 s, for us")
    assert not flags(quiet, long_silence_s=20.0)


def test_speaking_at_once_for_long_is_flagged_and_a_short_overlap_is_not():
    ours = UtteranceRecorded(6, "agent", "Well, as I was saying", 30_000, 36_000)
    theirs = UtteranceRecorded(7, "caller", "no no listen", 32_000, 35_500)
    found = [f for f in flags([ours, theirs]) if f.kind == "overlap"]
    assert one(found) == ("overlap", 7, 32_000, "both spoke for 3.5 s")
    brief = replace(theirs, start_ms=35_000)
    assert "overlap" not in {f.kind for f in flags([ours, brief])}


def test_a_caller_heard_badly_on_average_is_flagged_at_the_worst_line():
    base = [
        replace(f, confidence=0.3 if f.turn == 2 else 0.45)
        if isinstance(f, UtteranceRecorded) and f.speaker == "caller" else f
        for f in facts()
    ]  # fmt: skip
    found = [f for f in flagged("c1", base, company()) if f.kind == "recognition_poor"]
    assert one(found)[:3] == ("recognition_poor", 2, 10_000)
    few = [said(1, "caller", "hm", 0), replace(said(2, "caller", "hm", 1), confidence=0.1)]
    assert "recognition_poor" not in {f.kind for f in flagged("c1", few, company())}


def test_a_meeting_wanted_and_not_booked_is_flagged_unless_one_stands_after_all():
    refused = Noted(BOOKING_REFUSED, {"turn": 4, "reason": "taken"})
    assert one(flags([refused])) == ("booking_failed", 4, 20_000, "taken")
    booked = MeetingRecorded("b1", "booked", "sam", "intro", "", "", "", "u", 0, 5)
    assert not flags([refused, booked])


def test_the_random_share_is_drawn_by_the_id_and_always_the_same():
    over = [*facts(), ENDED]
    drawn = [
        n for n in range(1000)
        if "random_audit" in {f.kind for f in flagged(f"c{n}", over, company(audit_share=0.1))}
    ]  # fmt: skip
    assert 70 < len(drawn) < 130
    again = flagged(f"c{drawn[0]}", over, company(audit_share=0.1))
    assert "random_audit" in {f.kind for f in again}
    assert "random_audit" not in {f.kind for f in flagged(f"c{drawn[0]}", facts(), company(
        audit_share=0.1))}, "not while it goes on"  # fmt: skip


@pytest.mark.parametrize("kind", RULES)
def test_a_rule_that_is_off_sets_nothing(kind: str):
    asked = [HumanRequested(5, "a person"), Noted(BOOKING_REFUSED, {"turn": 4, "reason": "x"})]
    off = flagged("c1", [*facts(), *asked, ENDED], company(off=(kind,), audit_share=1.0))
    assert kind not in {f.kind for f in off}


def test_what_was_flagged_is_not_flagged_again():
    asked = [*facts(), HumanRequested(5, "a person"), ENDED]
    found = flagged("c1", asked, company(audit_share=1.0))
    assert len(found) >= 3
    assert flagged("c1", [*asked, *found], company(audit_share=1.0)) == []


def test_many_of_a_kind_are_cut_short():
    asked = [QuestionDeferred(f"q{n}", "what", n, "sam", "not covered") for n in range(20, 40)]
    assert sum(f.kind == "abstained" for f in flags(asked)) == 4, "beside the one of the call"


def test_every_rule_can_be_named_and_has_its_words():
    assert {*RULES, "callback_overdue"} == set(FLAG_RULES) <= set(KINDS)
    assert gravest({"price_talk", "frustrated", "abstained"})[0] == "frustrated"


@given(st.lists(st.one_of([instances(k) for k in get_args(Fact)]), max_size=20))
def test_any_facts_can_be_looked_at_by_any_company(some: list[Fact]):
    for folder in (None, OTHER):
        known = sample(folder).company if folder else sample().company
        found = flagged("c1", some, known)
        assert found == sorted(found, key=lambda f: (f.start_ms, f.kind))
