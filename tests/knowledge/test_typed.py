"""Typed questions: spelling is put right, and no word is taken for one that it sounds like."""

from knowledge.typed import TypedKnowledge
from tests.core.talk import MONDAY_NOON, RENTAL, SAMPLE, knowledge


def words(question: str, folder=RENTAL, *, typed: bool) -> list[str]:
    base = knowledge(folder)
    index = (TypedKnowledge(base) if typed else base)._index(MONDAY_NOON.date())
    return [term.forms[0] for term in index.words.terms(question, repair=True)]


def test_a_brick_is_no_break_to_who_types_it():
    assert "break" in words("do you have brick saws", typed=False)
    assert "brick" in words("do you have brick saws", typed=True)
    assert "sync" in words("how does the sink work", SAMPLE, typed=False)
    assert "sink" in words("how does the sink work", SAMPLE, typed=True)


def test_what_is_mistyped_is_put_right_all_the_same():
    assert "price" in words("whats the prcie", SAMPLE, typed=True)
    assert "=snowflake" in words("do you work with snowflke", SAMPLE, typed=True)


def test_both_look_in_the_same_index():
    base, day = knowledge(RENTAL), MONDAY_NOON.date()
    asked = "do you rent scissor lifts?"
    assert TypedKnowledge(base).answer(asked, day=day) == base.answer(asked, day=day)
    index = base._index(day)
    assert TypedKnowledge(base)._index(day) is TypedKnowledge(base)._index(day) is not index
