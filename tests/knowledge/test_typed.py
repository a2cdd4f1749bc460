"""Typed questions: spelling is put right, and no word is taken for one that it sounds like."""

from tests.core.talk import MONDAY_NOON, RENTAL, SAMPLE, knowledge


def words(question: str, folder=RENTAL, *, typed: bool) -> list[str]:
    base = knowledge(folder)
    tried = base.tried(question, day=MONDAY_NOON.date(), typed=typed)
    return [term.forms[0] for term in next(tried).reading.terms]


def test_a_brick_is_no_break_to_who_types_it():
    assert "break" in words("do you have brick saws", typed=False)
    assert "brick" in words("do you have brick saws", typed=True)
    assert "sync" in words("how does the sink work", SAMPLE, typed=False)
    assert "sink" in words("how does the sink work", SAMPLE, typed=True)


def test_what_is_mistyped_is_put_right_all_the_same():
    assert "price" in words("whats the prcie", SAMPLE, typed=True)
    assert "=snowflake" in words("do you work with snowflke", SAMPLE, typed=True)


def test_what_both_write_alike_has_one_answer():
    base, day = knowledge(RENTAL), MONDAY_NOON.date()
    asked = "do you rent scissor lifts?"
    assert base.answer(asked, day=day, typed=True) == base.answer(asked, day=day)
