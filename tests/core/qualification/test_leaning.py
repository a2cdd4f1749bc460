"""The kind of a buyer who never named it: inferred from criteria that only one kind has."""

from dataclasses import replace

import pytest

from core.qualification.leaning import only_use
from core.qualification.verdict import Case, verdict, worth_asking
from knowledge.profile import Condition, Criterion, Scenario, Segment
from tests.core.qualification.test_verdict import COMPANY, TODAY, signal
from tests.core.talk import FREIGHT, sample


def garden():
    """A company that mows, fells trees and sells plants, told apart by which of them is wanted."""
    work = Criterion(
        name="use_case", label="Work", kind="choice", any_of=("mowing", "tree removal", "plants"),
        ask=("What is it about?",),
    )  # fmt: skip
    visits = Criterion(
        name="visits", label="Visits", kind="number", at_least=4, counts=("visit", "mowing")
    )
    trees = Criterion(name="trees", label="Trees", kind="number", at_least=2, counts=("tree",))
    acres = Criterion(name="acres", label="Acres", kind="number", at_least=1, counts=("acre",))
    fence = Criterion(name="fence", label="Fence", kind="yes_no", ask=("Is there a fence?",))
    mowing = Segment(
        id="mowing", label="Mowing", criteria=(work, visits, acres, fence),
        when=(Condition(criterion="use_case", any_of=("mowing",)),),
    )  # fmt: skip
    felling = Segment(
        id="felling", label="Felling", criteria=(work, trees, fence),
        when=(Condition(criterion="use_case", any_of=("tree removal", "stump grinding")),),
    )  # fmt: skip
    shop = Segment(id="shop", label="Plants", criteria=(work,))
    said = Scenario(value="plants", said=("twenty acres of young firs",))
    return COMPANY.model_copy(
        update={"segments": (mowing, felling, shop), "scenarios": (said,), "disqualifiers": ()}
    )


COMPANIES = {"garden": garden(), "freight": sample(FREIGHT).company}


def case(company: str, *signals):
    return Case(COMPANIES[company], signals, TODAY)


@pytest.mark.parametrize(
    ("company", "told", "segment"),
    [
        ("garden", {"visits": "12"}, "mowing"),
        ("garden", {"trees": "3"}, "felling"),
        ("garden", {"acres": "2"}, None),  # young firs are bought by the acre as well
        ("garden", {"acres": "2", "fence": "yes"}, "mowing"),
        ("garden", {"acres": "2", "trees": "3"}, "felling"),
        ("garden", {"visits": "12", "trees": "3"}, None),
        ("garden", {"trees": "3", "use_case": "mowing"}, "mowing"),
        ("garden", {"trees": "3", "use_case": "plants"}, "shop"),
        ("freight", {"orders": "900"}, "fulfillment"),
        ("freight", {"loads": "8"}, "freight"),
        ("freight", {"pallets": "40"}, None),
        ("freight", {"pallets": "40", "temperature": "chilled"}, "storage"),
        ("freight", {"pallets": "22", "loads": "1"}, "freight"),
        ("freight", {"temperature": "frozen"}, None),
    ],
)
def test_what_one_kind_alone_is_asked_tells_the_kind_until_it_is_stated(company, told, segment):
    signals = [signal(name, value, n) for n, (name, value) in enumerate(told.items())]
    assert verdict(case(company, *signals), "v").segment == segment


def test_it_is_told_what_a_kind_was_taken_from():
    orders = replace(signal("orders", "900"), quote="nine hundred orders")
    (*_, reason) = verdict(case("freight", orders), "v").reasons
    assert "nine hundred orders" in reason and "was not said" in reason


@pytest.mark.parametrize("change", [{"basis": "implied"}, {"polarity": "negative"}])
def test_only_what_is_stated_tells_a_kind(change):
    orders = replace(signal("orders", "900"), **change)
    assert verdict(case("freight", orders), "v").segment is None


def test_who_somebody_is_follows_from_no_count():
    other = sample().company
    size = replace(signal("budget", "50000"))
    assert verdict(Case(other, (size,), TODAY), "v").segment is None


def test_what_the_kinds_differ_by_stays_worth_asking():
    assert "use_case" in worth_asking(case("garden", signal("trees", "3")))


def test_words_that_name_nothing_rule_no_kind_out():
    own = replace(signal("use_case", "something with trees"), polarity="neutral")
    assert verdict(case("garden", own, signal("trees", "3", 1)), "v").segment == "felling"


def test_a_stated_use_outweighs_one_that_was_suggested():
    suggested = replace(signal("use_case", "mowing"), basis="implied")
    stated = signal("use_case", "tree removal", 1)
    assert verdict(case("garden", suggested, stated), "v").segment == "felling"


def test_a_count_tells_the_use_where_its_kind_has_one():
    assert only_use(COMPANIES["freight"], "orders") == ("use_case", "pick and pack")
    assert only_use(COMPANIES["garden"], "visits") == ("use_case", "mowing")
    assert only_use(COMPANIES["garden"], "trees") is None  # of two uses
    assert only_use(COMPANIES["freight"], "pallets") is None
