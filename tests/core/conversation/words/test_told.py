"""What callers say about their company in passing, and what only looks like it."""

from functools import cache

import pytest

from core.commands import ProvideContact, ProvideSignal
from core.conversation.understanding.embedded import Understanding
from core.talk import ConversationOpened, UserSaid
from tests.core.states import awaiting, under_way
from tests.core.talk import MONDAY_NOON, OTHER, SAMPLE, sample

OPENED = ConversationOpened("c1", "voice", "inbound", None, None, MONDAY_NOON)


@cache
def reader(folder=SAMPLE) -> Understanding:
    return Understanding(sample(folder).company)


def told(text: str, asked: str | None = None, folder=SAMPLE) -> dict[str, str]:
    state = awaiting(under_way(OPENED, "hi"), ask=asked, turn=1)
    commands = reader(folder).read(UserSaid(2, text, 0, 1000, MONDAY_NOON), state)
    found = {c.field: c.value for c in commands if isinstance(c, ProvideContact)}
    signals = [c for c in commands if isinstance(c, ProvideSignal)]
    return found | {c.criterion: c.value for c in signals if c.polarity != "negative"}


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("hi this is Michael, we sell paper in Scranton Pennsylvania",
         {"industry": "retail", "location": "Scranton"}),
        ("yeah hi we build houses, outside of Denver",
         {"industry": "construction", "location": "Denver"}),
        ("I'm calling for a law firm in Chicago", {"industry": "legal", "location": "Chicago"}),
        ("I call you from Lyon, we do cosmetics", {"industry": "retail", "location": "Lyon"}),
        ("I own a couple of restaurants, in Austin Texas", {"industry": "restaurants"}),
        ("we run gyms, forty locations around Florida",
         {"industry": "leisure", "location": "Florida"}),
        ("I run finance at a brewery", {"industry": "manufacturing"}),
        ("we rent out scooters", {"industry": "travel"}),
        ("we grow tomatoes", {"industry": "agriculture"}),
        ("we make wooden toys", {"industry": "manufacturing"}),
    ],
)  # fmt: skip
def test_trade_and_place_are_told_by_what_is_done_and_where(text, tells):
    assert tells.items() <= told(text).items()


@pytest.mark.parametrize(
    ("text", "trade"),
    [("we make yoghurt", "food"), ("we're a brewery", "food"),
     ("we're a paint manufacturer near Rotterdam", "chemicals")],
)  # fmt: skip
def test_a_trade_is_named_as_closely_as_the_company_lists_it(text, trade):
    assert told(text, folder=OTHER)["industry"] == trade


@pytest.mark.parametrize(
    "text", ["we sell to hospitals in Germany", "we grow by twenty percent", "we ship to Denver"]
)
def test_whom_they_sell_to_is_not_where_or_what_they_are(text):
    assert not {"location", "industry"} & {*told(text)}


@pytest.mark.parametrize(
    ("text", "people"),
    [("about eighty lawyers and forty support staff", "120"), ("two hundred guys", "200"),
     ("around one hundred fifty agents", "150"), ("three thousand faculty and staff", "3000"),
     ("just me and my sister and two girls at weekends", "4")],
)  # fmt: skip
def test_people_are_counted_by_whatever_they_are(text, people):
    assert told(text, "employees")["employees"] == people


def test_a_part_is_passed_over_for_everyone_and_who_decides_with_others_is_not_alone():
    said = "the head office team is about 80, everyone together I'd say 450"
    assert told(said, "employees")["employees"] == "450"
    assert "employees" not in told("not on my own no, there's a committee", "employees")


@pytest.mark.parametrize(
    ("text", "value"),
    [("I want to know who my regulars are and send them offers", "audience sync"),
     ("they need to go to the right agent, the leads from the site", "lead routing"),
     ("I want the sales guys to see who bought what", "customer 360")],
)  # fmt: skip
def test_what_they_want_to_know_of_their_own_customers_is_a_purpose(text, value):
    assert told(text)["use_case"] == value


@pytest.mark.parametrize(
    ("text", "count"),
    [("probably one incubator and a centrifuge", "2"), ("we need one incubator", "1"),
     ("five pieces", "5"), ("we need a freezer", None), ("I have one of your incubators", None)],
)  # fmt: skip
def test_things_are_counted_one_by_one(text, count):
    assert told(text, folder=OTHER).get("quantity") == count


def test_what_is_asked_for_our_own_company_tells_what_it_is():
    assert told("it's about a contract for our hospital")["industry"] == "healthcare"


def test_two_figures_of_one_thing_are_no_sum():
    assert told("like a thousand, twelve hundred staff", "employees")["employees"] == "1000-1200"


@pytest.mark.parametrize(
    ("text", "tells"),
    [("hi I'm phoning about a clinic, well a group of clinics", {"industry": "healthcare"}),
     ("we need a centrifuge, maybe three of them", {"quantity": "3"})],
)  # fmt: skip
def test_whom_they_call_about_and_how_many_of_them_are_told(text, tells):
    folder = OTHER if "quantity" in tells else SAMPLE
    assert tells.items() <= told(text, folder=folder).items()


def test_a_name_that_takes_the_place_of_another_is_theirs():
    assert told("we use Snowflake. sorry, not Snowflake, BigQuery")["tech_stack"] == "BigQuery"
    assert "tech_stack" not in told("we don't have Snowflake, BigQuery or Redshift")


def test_a_date_is_taken_back_for_another_and_how_often_is_none():
    assert told("by March. actually my colleague says May")["timeline"] == "2027-05-31"
    assert "timeline" not in told("the budget is about twenty thousand a year", "timeline")
    assert told("yesterday, ideally")["timeline"] == "2026-11-30"


@pytest.mark.parametrize(
    "text", ["I'm from the admissions office of a university", "I am calling from the hospital",
             "I'm just looking for something for our data"],
)  # fmt: skip
def test_a_kind_of_place_is_no_company_and_looking_for_something_no_role(text):
    assert not {"company", "role"} & {*told(text)}


def test_what_a_relative_does_elsewhere_is_not_theirs_though_they_go_on_to_themselves():
    text = ("I was talking to my cousin who runs marketing at some other place, anyway, I've got a"
            " chain of gyms, about four hundred staff if you count the part timers")  # fmt: skip
    assert told(text) == {"industry": "leisure", "employees": "400"}


def test_somebody_who_learns_at_a_school_is_no_trade():
    assert "industry" not in told("my nephew did it and he's going back to school")
    assert told("we run a private school, about forty teachers")["industry"] == "education"


KESTREL, BRIGHTWATER = (OTHER.parent / name for name in ("kestrel", "brightwater"))


@pytest.mark.parametrize(("said", "ready"), [("I'd rather not say", None), ("no not yet", "no")])
def test_who_would_rather_not_say_denies_nothing(said: str, ready: str | None):
    state = awaiting(under_way(OPENED, "hi"), ask="print_ready", turn=1)
    found = reader(KESTREL).read(UserSaid(2, said, 0, 1000, MONDAY_NOON), state)
    values = {c.criterion: c.value for c in found if isinstance(c, ProvideSignal)}
    assert values.get("print_ready") == ready


def test_some_of_their_places_are_not_all_of_them():
    assert told("we run seven branches across Ohio", folder=BRIGHTWATER)["sites"] == "7"
    assert "sites" not in told("two of my branches are in old buildings", folder=BRIGHTWATER)


@pytest.mark.parametrize(
    ("text", "use_case"),
    [
        ("we need a vehicle wrap. three vans, no wait, make it four", "vehicle wrap"),
        ("we need a vehicle wrap. no wait, we need a trade show booth", "trade show booth"),
    ],
)
def test_a_figure_put_right_takes_no_purpose_back(text: str, use_case: str):
    assert told(text, folder=KESTREL)["use_case"] == use_case


@pytest.mark.parametrize(
    "text", ["I need car insurance for my Honda", "we need service on our Lincoln"]
)
def test_a_thing_called_like_a_town_is_no_place(text: str):
    assert "location" not in told(text)


@pytest.mark.parametrize(
    "text", ["we need insurance for our trucks", "I'm looking for cheaper insurance for a cafe"]
)
def test_what_they_want_is_not_their_trade(text: str):
    assert told(text).get("industry") != "insurance"


def test_who_sells_it_is_in_that_trade():
    assert told("we're in insurance")["industry"] == "insurance"
