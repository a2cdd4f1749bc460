"""Merging the embedded reading with a model's."""

from dataclasses import replace

from core.commands import (
    AskIfAI,
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


def test_of_figures_without_a_parser_of_their_own_the_model_knows_what_they_count():
    ours, theirs = told("sites", "2", 100), told("sites", "4", 900, confidence=0.75)
    exact = EXACT | {"sites"}
    assert merged([ours], [theirs], exact) == (theirs,)
    assert merged([ours], [told("sites", "4", 100, confidence=0.75)], exact) == (ours,), (
        "same words"
    )


def test_a_name_spoken_outweighs_what_the_rules_infer():
    ours = told("role", "decision maker", confidence=0.8)
    assert merged([ours], [told("role", "executive director", 900, confidence=0.95)], EXACT) == (
        told("role", "executive director", 900, confidence=0.95),
    )


def test_words_from_which_the_model_chose_a_value_are_no_value_beside_it():
    ours = told("use_case", "nightly cleaning of the tenants offices", 100)
    theirs = told("use_case", "daily cleaning", 100)
    assert merged([ours], [theirs], EXACT) == (theirs,)
    elsewhere = told("use_case", "daily cleaning", 9000)
    assert merged([ours], [elsewhere], EXACT) == (ours, elsewhere)


def asks(start: int, end: int, passage: str = "") -> AskProduct:
    quote = f"do you support number {start}"
    return AskProduct(Span(quote, start, end), quote, passage)


def test_one_question_in_the_same_words_keeps_our_text_and_gets_the_passage():
    ours, theirs = asks(0, 900), asks(300, 900, "sso@1#1")
    assert merged([ours], [theirs], EXACT) == (replace(ours, passage="sso@1#1"),)


def test_questions_are_divided_as_the_model_divides_them():
    one, two = asks(0, 400, "sso@1#1"), asks(500, 900, "none")
    assert merged([asks(0, 900)], [one, two], EXACT) == (one, two)
    whole = asks(0, 900, "sso@1#1")
    assert merged([asks(0, 400), asks(500, 900)], [whole], EXACT) == (whole,)


def test_words_that_the_model_read_as_something_else_are_no_question():
    ours = asks(0, 900)
    theirs = ProvideSignal(Span("words", 0, 500), "use_case", "reverse ETL")
    assert merged([ours], [theirs], EXACT) == (theirs,)
    few = ProvideSignal(Span("words", 0, 300), "use_case", "reverse ETL")
    assert ours in merged([ours], [few], EXACT)
    assert merged([ours], [], EXACT) == (ours,)


def test_words_not_put_as_a_question_are_one_only_if_the_model_says_so():
    ours = AskProduct(Span("that is all I wanted", 0, 900), "that is all I wanted")
    theirs = told("timeline", "2027-03-31", 2000)
    assert merged([ours], [theirs], EXACT) == (theirs,)
    said_so = merged([ours], [theirs, replace(ours, passage="none")], EXACT)
    assert said_so == (replace(ours, passage="none"), theirs)


def test_a_question_about_the_call_is_left_to_the_rules():
    robot = AskIfAI(Span("is this a machine", 0, 900))
    theirs = AskProduct(Span("is this a machine", 0, 900), "is this a machine", "none")
    assert merged([robot], [theirs], EXACT) == (robot,)
    answered = replace(theirs, passage="about-us@1#1")
    assert merged([robot], [answered], EXACT) == (robot, answered)


def test_of_two_dates_the_model_knows_which_is_theirs():
    ours, theirs = told("timeline", "2026-12-31", 100), told("timeline", "2027-01-04", 900)
    assert merged([ours], [theirs], EXACT) == (theirs,)
    same = told("timeline", "2027-01-04", 300)
    assert merged([ours], [same], EXACT) == (ours,), "what code parsed in the same words"
    assert merged([ours], [told("role", "CTO", 900)], EXACT)[0] == ours


def test_a_value_found_by_likeness_yields_to_the_one_chosen_from_the_same_words():
    whole = Span("we manage an office tower with two cooling towers on the roof", 0, 3000)
    ours = ProvideSignal(whole, "use_case", "legionella plan", confidence=0.85)
    theirs = told("use_case", "cooling tower treatment", 1500, confidence=0.75)
    assert merged([ours], [theirs], EXACT) == (theirs,)
    named = ProvideSignal(Span("a Legionella plan", 1500, 2000), "use_case", "legionella plan")
    assert merged([named], [theirs], EXACT) == (named, theirs)


def test_a_bare_figure_stands_only_if_the_model_says_something_of_it():
    exact = EXACT | {"sites"}
    bare, said = told("sites", "1", confidence=0.75), told("sites", "3", confidence=0.85)
    other = told("role", "CTO", 900)
    assert merged([bare], [other], exact) == (other,)
    assert merged([said], [other], exact) == (said, other)
    people = told("employees", "40", confidence=0.75)
    assert merged([people], [other], exact) == (people, other), "code's own parsers"
    assert merged([bare], [], exact) == (bare,), "a reading without any item says nothing"


def test_a_name_is_no_place():
    ours, theirs = told("location", "Mina", 900), ProvideContact(at(900), "name", "Mina")
    assert merged([ours], [theirs], EXACT) == (theirs,)


def test_whom_to_send_something_to_is_a_question_where_a_passage_tells_it():
    ours = RequestHuman(Span("who do I send a picture to", 0, 900))
    theirs = AskProduct(Span("who do I send a picture to", 0, 900), "who do I send a picture to")
    told_by = replace(theirs, passage="pictures@1#1")
    assert merged([ours], [told_by], EXACT) == (told_by,)
    assert ours in merged([ours], [replace(theirs, passage="none")], EXACT)
    assert ours in merged([ours], [told_by, RequestHuman(at(9000))], EXACT)
