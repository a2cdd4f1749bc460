"""Where a buyer is and how many they are, without punctuation; and what only looks like it."""

import pytest

from core.commands import CorrectSignal, ProvideSignal
from core.conversation.parts import Signals
from core.conversation.state import replace
from core.events import SignalCaptured
from core.talk import UserSaid
from tests.core.conversation.words.test_told import OPENED, reader, told
from tests.core.states import under_way
from tests.core.talk import MONDAY_NOON


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (
            "we sell payroll software two hundred eighty heads Columbus Ohio I'm a manager",
            "Columbus",
        ),
        ("we publish magazines about twelve hundred of us Leeds mostly", "Leeds"),
        ("were a skincare brand, 85 ppl, manchester uk, sell on shopify", "Manchester"),
        ("hotel booking site, 700 staff, singapore HQ", "Singapore"),
        ("a coffee thing we sell online out of Boise Idaho", "Boise"),
        ("we run cold storage trucks out of Melbourne Australia", "Melbourne"),
        (
            "I look after data at a furniture maker in High Point North Carolina uh",
            "High Point",
        ),
        ("so office is in Saint Petersburg not the one in Florida the one in Russia", "Russia"),
        ("before we were in Lisbon but since last year the company is in Madrid", "Madrid"),
    ],
)
def test_a_place_is_heard_without_stops_around_it(text: str, place: str):
    assert told(text).get("location") == place


@pytest.mark.parametrize(
    "text",
    [
        "you make the invoice with the Mexican tax",
        "we'd want the German VAT number on it",
        "first kindly tell me in India you are selling or not",
        "and if card is from bank in Kazakhstan",
        "the money comes from a bank and goes to another bank",
        "we were in Lisbon before that",
        "we sell to twelve hundred customers in Leeds",
        "our data is stored in Frankfurt",
    ],
)
def test_another_place_is_not_theirs(text: str):
    assert "location" not in told(text)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("there's about four hundred twenty employees at the alumni office all told", "420"),
        ("we are forty five members only", "45"),
        ("it's just me and two guys in ops", "3"),
        ("only me and five others so far", "6"),
        ("it's just me and my brother and two part timers", "4"),
        ("we do painting, me and five others, up north", "6"),
        ("i'm project manager with a general contractor in boise, there's forty of us", "40"),
        ("a hospital, 1,800 staff. we need to get up to a 70 ft roof", "1800"),
    ],
)
def test_a_size_is_heard_as_people_tell_it(text: str, size: str):
    assert told(text).get("employees") == size


@pytest.mark.parametrize(
    "text",
    [
        "do I get charged for all forty thousand people in there every month",
        "there are nine thousand people in the crm",
        "some fifteen people will be logging in is it extra for each",
        "about twenty people should use it",
        "I have to call a few of you guys and fill in a sheet",
        "we've got two hundred members on the list",
        "we milk two hundred head",
        "i'm putting on a concert for three hundred people",
    ],
)
def test_other_people_are_no_size_of_a_company(text: str):
    assert "employees" not in told(text)


def test_grand_alone_is_no_figure():
    assert "employees" not in told("grand so I'll report back to them", asked="employees")
    assert told("ten grand", asked="budget").get("budget") == "10000"


@pytest.mark.parametrize(
    ("text", "trade"),
    [
        ("every month I type the Stripe payments into our Postgres", None),
        ("the bank sends us a file each night", None),
        ("sorry, we're a hospital", "healthcare"),
        ("actually the company is a bank", "financial services"),
    ],
)
def test_a_known_trade_is_another_only_where_they_say_so(text: str, trade: str | None):
    known = SignalCaptured(
        "s1", "industry", "manufacturing", "positive", "stated", 0.9, "", 1, 0, 0
    )
    state = replace(under_way(OPENED, "hi"), signals=Signals((known,)))
    commands = reader().read(UserSaid(2, text, 0, 1000, MONDAY_NOON), state)
    signals = [c for c in commands if isinstance(c, ProvideSignal | CorrectSignal)]
    assert [c.value for c in signals if c.criterion == "industry"] == ([trade] if trade else [])


@pytest.mark.parametrize(
    ("text", "trade"),
    [
        ("I'm the director of data at a hospital system in Atlanta", "healthcare"),
        ("we're a hospital group head office in Milwaukee", "healthcare"),
        ("it's for a real estate company in Phoenix", "real estate"),
        ("We are comparing suppliers for a 5,000-person manufacturer", "manufacturing"),
        ("We're a soap business in Burlington, selling online through a shop", "e-commerce"),
        ("we're a skincare brand, sell on shopify", "e-commerce"),
        ("we make the parts for the cars", "manufacturing"),
        ("we run cold storage trucks out of Melbourne", "logistics"),
    ],
)
def test_a_trade_is_heard_in_what_they_are_and_do(text: str, trade: str):
    assert told(text).get("industry") == trade


@pytest.mark.parametrize(
    "text",
    [
        "I make my bachelor thesis about pipelines",
        "our finance system is old",
        "we buy from a brand that sells online",
        "it's for a friend",
    ],
)
def test_what_is_done_otherwise_is_no_trade(text: str):
    assert "industry" not in told(text)
