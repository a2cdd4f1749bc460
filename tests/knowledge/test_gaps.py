"""Unanswered questions are grouped by similarity, with the most valuable gap first."""

import time
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.gaps import Unanswered, gaps

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def asked(
    text: str, caller: str = "+15550001", *, after_h: int = 0, worth: float = 1
) -> Unanswered:
    at = MONDAY + timedelta(hours=after_h)
    return Unanswered(text, "not covered: x", "maya", f"c-{caller}-{after_h}", caller, at, worth)


def test_questions_that_ask_the_same_are_one_gap():
    found = gaps([
        asked("do you have a connector for workday"),
        asked("is there a workday connector", "+15550002", after_h=1),
        asked("Can it connect to Workday?", "+15550002", after_h=2),
        asked("is there a mobile app", after_h=3),
    ])  # fmt: skip
    assert [(g.count, g.callers) for g in found] == [(3, 2), (1, 1)]
    assert "workday" in found[0].wording.lower() and len(found[0].wordings) == 3
    assert found[0].last == MONDAY + timedelta(hours=2)


def test_gap_worth_more_stands_before_one_asked_more_often():
    found = gaps([
        asked("do you have an ios app", worth=10),
        asked("do you have an ios app", "+15550002", after_h=1, worth=10),
        asked("can we keep data in canada", "+15550003", after_h=2, worth=62_000),
    ])  # fmt: skip
    assert [g.worth for g in found] == [62_000, 20]


def test_conversation_that_asks_twice_counts_its_worth_once():
    twice = [
        asked("is there a mobile app", worth=500),
        asked("a mobile app, is there one", worth=500),
    ]
    assert [(g.count, g.callers, g.worth) for g in gaps(twice)] == [(2, 1, 500)]


WORDS = st.lists(
    st.sampled_from("do you have a workday connector app in canada".split()), max_size=6
)


@settings(max_examples=40, deadline=None)
@given(st.lists(WORDS, max_size=8), st.randoms(use_true_random=False))
def test_every_question_is_in_one_gap_whatever_the_order(texts, rng):
    rows = [asked(" ".join(words), f"+{n}", after_h=n) for n, words in enumerate(texts)]
    mixed = rng.sample(rows, len(rows))
    assert sum(g.count for g in gaps(rows)) == len(rows)
    assert gaps(mixed) == gaps(rows)


def test_word_of_a_kind_weighs_the_same_in_every_question():
    found = gaps([
        asked("Who teaches our people"),
        asked("Do your employees go through background checks", after_h=1),
    ])  # fmt: skip
    assert len(found) == 2


def test_thousands_of_questions_are_grouped_within_a_second():
    texts = [f"does it work with the {name}{n} of {name}" for name in ("till", "scale", "scanner",
             "printer") for n in range(100)]  # fmt: skip
    rows = [asked(text, f"+{n}", after_h=n) for n, text in enumerate(texts * 10)]
    began = time.process_time()
    found = gaps(rows)
    assert time.process_time() - began < 1
    assert sum(g.count for g in found) == len(rows)
