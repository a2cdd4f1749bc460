"""A model's reading: kept only with words that were said and values that the code knows."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.commands import (
    AskProduct,
    CompetitorOrVendor,
    DeclineToSay,
    DoesNotKnow,
    OptOut,
    ProvideContact,
    ProvideSignal,
    RequestCallback,
    RequestHuman,
)
from core.conversation.understanding.proposals import MOST, Checker, locate
from core.conversation.words.lexicon import Lexicon
from core.conversation.words.utterance import utterance
from core.talk import UserSaid, Word
from tests.core.talk import MONDAY_NOON, ROOT, sample

CHECKER = Checker(sample().company, Lexicon(sample().company))
TEXT = (
    "Well, we're on Snowflake I think, about two hundred people, and we don't use Salesforce."
    " My name is Jane Doe and we'd like to go live by March. Don't call me again, okay?"
)


def said(text: str = TEXT) -> UserSaid:
    words = tuple(Word(w, 1000 + 400 * n, 1300 + 400 * n) for n, w in enumerate(text.split()))
    return UserSaid(1, text, 1000, 1000 + 400 * len(words), MONDAY_NOON, words)


def item(kind, quote, criterion=None, value=None, sign=None):
    return {"kind": kind, "quote": quote, "criterion": criterion, "value": value, "sign": sign}


def check(*items, text: str = TEXT):
    return CHECKER.check(items, said(text))


def test_a_signal_carries_the_callers_words_and_when_they_were_said():
    (made,) = check(item("signal", "we're on snowflake", "tech_stack", "Snowflake")).commands
    assert isinstance(made, ProvideSignal)
    assert (made.value, made.polarity) == ("Snowflake", "positive")
    assert made.span.quote == "we're on Snowflake"
    assert (made.span.start_ms, made.span.end_ms) == (1400, 2500)


@pytest.mark.parametrize(
    ("proposal", "value"),
    [
        (item("signal", "about two hundred people", "employees", "5000"), "200"),
        (item("signal", "go live by March", "timeline", "2031-01-01"), "2027-03-31"),
    ],
)
def test_figures_and_dates_are_read_by_code_whatever_the_model_makes_of_them(proposal, value):
    (made,) = check(proposal).commands
    assert isinstance(made, ProvideSignal) and made.value == value


def test_a_denial_and_a_doubt_are_kept():
    denied, doubted = check(
        item("signal", "we don't use Salesforce", "tech_stack", "Salesforce", "denied"),
        item("signal", "Snowflake I think", "tech_stack", "Snowflake", "unsure"),
    ).commands[::-1]
    assert isinstance(denied, ProvideSignal) and denied.polarity == "negative"
    assert isinstance(doubted, ProvideSignal) and doubted.confidence <= 0.5


@pytest.mark.parametrize(
    "proposal",
    [
        item("signal", "we're on BigQuery", "tech_stack", "BigQuery"),
        item("signal", "", "tech_stack", "Snowflake"),
        item("signal", "snowflake think", "tech_stack", "Snowflake"),
        item("signal", "we're on Snowflake", "tech_stack", "BigQuery"),
        item("signal", "go live by March", "tech_stack", "Snowflake"),
        item("signal", "we're on Snowflake", "tech_stack", "Snowflake Enterprise Ultra"),
        item("signal", "we're on Snowflake", "warehouse", "Snowflake"),
        item("signal", "we're on Snowflake", "employees", "200"),
        item("signal", "My name is Jane", "timeline", "2027-01-01"),
        item("contact", "My name is Jane Doe", "name", "John Smith"),
        item("contact", "My name is Jane Doe", "email", "jane@doe.com"),
        item("contact", "two hundred people", "phone", "+14155550100"),
        item("contact", "My name is Jane Doe", "budget", "Jane"),
        item("opt_out", "we don't use Salesforce"),
        item("decline_recording", "Don't call me again"),
        item("disqualifier", "we're on Snowflake", None, "competitor"),
        item("question", "okay"),
        {"kind": "signal"},
        {},
    ],
)
def test_what_cannot_be_proved_is_dropped_and_counted(proposal):
    checked = check(proposal)
    assert checked.commands == () and len(checked.dropped) == 1 and checked.dropped[0]


def test_requests_and_questions_are_read_from_their_words():
    text = "Could I get a call tomorrow morning? I want a human. What about audit trails in there"
    call, human, question = check(
        item("request_callback", "get a call tomorrow morning"),
        item("request_human", "I want a human"),
        item("question", "What about audit trails"),
        text=text,
    ).commands
    assert isinstance(call, RequestCallback) and "tomorrow" in call.when
    assert isinstance(human, RequestHuman)
    assert isinstance(question, AskProduct) and question.question == "What about audit trails"


def test_details_are_read_by_our_own_parsers():
    text = "i'm jane doe reach me at jane dot doe at acme dot com or six one seven five five five zero one two eight"  # noqa: E501
    checked = check(
        item("contact", "jane doe", "name", "Jane Doe"),
        item("contact", "jane dot doe at acme dot com", "email", "x"),
        item("contact", "six one seven five five five zero one two eight", "phone", "x"),
        text=text,
    )
    found = {c.field: c.value for c in checked.commands if isinstance(c, ProvideContact)}
    assert found == {"name": "Jane Doe", "email": "jane.doe@acme.com", "phone": "+16175550128"}


def test_an_opt_out_needs_words_of_one():
    (made,) = check(item("opt_out", "Don't call me again")).commands
    assert isinstance(made, OptOut)


def test_a_flood_of_proposals_is_cut():
    flood = [item("signal", "we're on Snowflake", "tech_stack", "Snowflake")] * 500
    checked = check(*flood)
    assert len(checked.commands) == 1 and len(checked.dropped) == 500 - MOST


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)  # fmt: skip
KINDS = st.sampled_from(["signal", "contact", "question", "opt_out", "request_human", "decline"])
WORDS = st.lists(st.sampled_from(TEXT.replace(",", "").replace(".", "").split()), max_size=6)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {"kind": KINDS | JSON, "quote": WORDS.map(" ".join) | JSON, "criterion": JSON
             | st.sampled_from(["employees", "tech_stack", "role", "budget", "name", "phone"]),
             "value": JSON | st.sampled_from(["Snowflake", "CTO", "healthcare"]), "sign": JSON}
        ),
        max_size=5,
    )
)  # fmt: skip
def test_whatever_comes_back_every_kept_command_quotes_the_caller(proposals):
    checked = CHECKER.check(proposals, said())
    assert len(checked.commands) + len(checked.dropped) <= len(proposals)
    known = {v for values in CHECKER.catalogue.values() for v in values}
    for command in checked.commands:
        assert command.span.quote in TEXT
        assert 1000 <= command.span.start_ms <= command.span.end_ms
        if isinstance(command, ProvideSignal):
            choice = CHECKER.criteria[command.criterion].kind == "choice"
            assert not choice or command.value in known


def test_a_quote_is_found_whatever_its_case_and_stops():
    u = utterance(said("So, we're on Snow-flake. We're happy"))
    assert locate("We’re on snow flake", u) is not None
    assert locate("we're happy so", u) is None


def one(proposal, text, checker=CHECKER):
    (made,) = checker.check([proposal], said(text)).commands
    return made


def test_a_caller_whom_the_company_turns_away_is_read_by_the_id_of_the_kind():
    text = "I'm writing my thesis about data tools"
    made = one(item("caller", "writing my thesis", value="student"), text)
    assert isinstance(made, CompetitorOrVendor) and made.disqualifier == "student"
    assert check(item("caller", "we're on snowflake", value="king")).commands == ()


@pytest.mark.parametrize("field", ["employees", "email"])
def test_what_they_will_not_or_cannot_tell_is_a_criterion_or_a_contact_detail(field: str):
    text = "I'd rather not say that, and I don't know"
    assert one(item("decline", "I'd rather not say", field), text) == DeclineToSay(
        utterance(said(text)).span(0, 18), field
    )
    assert isinstance(one(item("unknown", "I don't know", field), text), DoesNotKnow)
    assert check(item("decline", "okay", "shoe size")).commands == ()


def test_a_place_is_one_that_the_gazetteer_knows():
    text = "we're over in Denver, Colorado, near the Snorkel"
    made = one(item("signal", "over in Denver, Colorado", "location"), text)
    assert isinstance(made, ProvideSignal) and made.value == "Denver"
    assert check(item("signal", "on Snowflake", "location", "Snowflake")).commands == ()


def test_a_name_without_a_value_is_the_quote():
    assert one(item("contact", "Jane Doe", "name"), TEXT).value == "Jane Doe"


@pytest.mark.parametrize(
    ("text", "quote", "value"),
    [
        ("once a week would do", "once a week", "1"),
        ("only the one", "only the one", "1"),
        ("only this office", "Only this office", "1"),
        ("both of them", "both", "2"),
        ("three times a week", "three times a week", "3"),
    ],
)
def test_small_numbers_are_read_in_other_words_too(text: str, quote: str, value: str):
    cleaner = sample(ROOT / "tests" / "companies" / "brightwater").company
    checker = Checker(cleaner, Lexicon(cleaner))
    assert one(item("signal", quote, "visits"), text, checker).value == value


def test_a_choice_is_the_models_where_a_word_of_it_means_something_else():
    cleaner = sample(ROOT / "tests" / "companies" / "brightwater").company
    checker = Checker(cleaner, Lexicon(cleaner))
    proposal = item("signal", "marketing agency", "industry", "professional services")
    assert one(proposal, "we're a marketing agency", checker).value == "professional services"


def test_having_no_budget_is_a_value():
    made = one(
        item("signal", "no budget for it", "budget", None, "denied"), "we have no budget for it"
    )
    assert isinstance(made, ProvideSignal) and (made.value, made.polarity) == ("none", "negative")


def test_parts_are_summed_up_if_the_model_says_so():
    water = sample(ROOT / "tests" / "companies" / "creek").company
    checker = Checker(water, Lexicon(water))
    text = "2 towers, and we'd add 3 chillers"
    assert one(item("signal", text, "systems", "5"), text, checker).value == "5"
    assert one(item("signal", text, "systems", "7"), text, checker).value == "2"


def test_a_place_is_read_with_its_state_and_without_what_follows_it():
    water = sample(ROOT / "tests" / "companies" / "creek").company
    checker = Checker(water, Lexicon(water))
    text = "I'm at a hospital in Zanesville, Ohio. And is it dear"
    assert one(item("signal", "in Zanesville, Ohio", "location"), text, checker).value == (
        "Zanesville"
    )
    text = "our bakery is in Nampa. And is it dear"
    made = one(item("signal", "in Nampa", "location"), text, checker)
    assert (made.value, made.span.quote) == ("Nampa", "Nampa")


def test_a_trade_is_read_though_no_segment_judges_it():
    water = sample(ROOT / "tests" / "companies" / "creek").company
    proposal = item("signal", "hotel group", "industry", "hospitality")
    made = one(proposal, "we're a hotel group", Checker(water, Lexicon(water)))
    assert (made.criterion, made.value) == ("industry", "hospitality")
