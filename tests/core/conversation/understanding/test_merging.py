"""Merging the embedded reading with a model's."""

from core.commands import (
    AskProduct,
    Deny,
    OptOut,
    ProvideContact,
    ProvideSignal,
    RequestHuman,
    Unclear,
)
from core.conversation.understanding.merging import merged
from core.talk import Span

EXACT = frozenset({"employees", "budget", "timeline"})


def at(ms: int, quote: str = "words") -> Span:
    return Span(quote, ms, ms + 500)


def told(criterion: str, value: str, ms: int = 0, **more) -> ProvideSignal:
    return ProvideSignal(at(ms), criterion, value, **more)


def test_digits_read_by_code_win():
    ours, theirs = told("employees", "200"), told("employees", "2000", 9, confidence=0.99)
    assert merged([ours], [theirs], EXACT) == (ours,)


def test_a_model_adds_what_the_rules_missed_in_spoken_order():
    ours, theirs = told("employees", "200", 900), told("role", "CTO", 100)
    assert merged([ours], [theirs], EXACT) == (theirs, ours)


def test_a_model_may_deny_or_doubt_what_the_rules_took_for_granted():
    ours = told("tech_stack", "Snowflake")
    (denied,) = merged([ours], [told("tech_stack", "Snowflake", polarity="negative")], EXACT)
    (doubted,) = merged([ours], [told("tech_stack", "Snowflake", confidence=0.5)], EXACT)
    assert isinstance(denied, ProvideSignal) and denied.polarity == "negative"
    assert isinstance(doubted, ProvideSignal) and doubted.confidence == 0.5


def test_a_firm_choice_stands_and_a_weak_one_gives_way():
    firm, weak = told("role", "CTO"), told("role", "CTO", implied=True, confidence=0.5)
    other = told("role", "CEO", confidence=0.75)
    assert merged([firm], [other], EXACT) == (firm,)
    assert merged([weak], [other], EXACT) == (other,)


def test_several_tools_may_be_used_at_once():
    both = merged([told("tech_stack", "Snowflake")], [told("tech_stack", "Okta", 9)], EXACT)
    assert [c.value for c in both if isinstance(c, ProvideSignal)] == ["Snowflake", "Okta"]


def test_nothing_takes_back_a_request_for_a_person_an_opt_out_or_a_no():
    ours = [RequestHuman(at(0)), OptOut(at(1)), Deny(at(2))]
    theirs = [told("role", "CTO", 3), AskProduct(at(4), "what is it")]
    assert set(ours) <= set(merged(ours, theirs, EXACT))
    assert merged(ours, [], EXACT) == tuple(ours)


def test_what_was_unclear_to_the_rules_is_what_the_model_read():
    question = AskProduct(at(0), "the thing with the audit")
    assert merged([Unclear(at(0), "meaningless")], [question], EXACT) == (question,)
    unclear = Unclear(at(0), "empty")
    assert merged([unclear], [], EXACT) == (unclear,)


def test_one_question_is_not_asked_twice():
    ours = AskProduct(Span("do you support sso", 100, 900), "do you support sso")
    same = AskProduct(Span("support sso", 300, 900), "support sso")
    other = AskProduct(Span("what does it cost", 1500, 2500), "what does it cost")
    assert merged([ours], [same, other], EXACT) == (ours, other)


def test_a_detail_read_by_the_rules_stands():
    ours = ProvideContact(at(0), "name", "Jane Doe")
    assert merged([ours], [ProvideContact(at(5), "name", "Doe")], EXACT) == (ours,)
