from core.routing.choose import Lead, choose
from tests.core.talk import sample

COMPANY = sample().company


def test_a_mid_market_fit_goes_to_the_rep_of_that_segment():
    route = choose(Lead("qualified", "mid-market", "Texas"), COMPANY)
    assert (route.rep, route.action) == ("maya-lindqvist", "book")
    assert route.reasons


def test_territory_decides_between_enterprise_reps_and_says_why():
    east = choose(Lead("qualified", "enterprise", "Boston"), COMPANY)
    west = choose(Lead("qualified", "enterprise", "California"), COMPANY)
    assert east.rep == "sofia-alvarez" and west.rep == "daniel-okafor"
    assert dict(west.rejected)["sofia-alvarez"] == "does not cover California"


def test_europe_goes_to_the_european_rep():
    assert choose(Lead("qualified", "startup", "Berlin"), COMPANY).rep == "tom-beckett"


def test_a_rep_who_holds_the_account_goes_first():
    lead = Lead("qualified", "enterprise", "California", company="Northwind Health")
    assert choose(lead, COMPANY).rep == "sofia-alvarez"


def test_a_full_rep_is_passed_over_with_the_reason():
    full = {"maya-lindqvist": 25}
    route = choose(Lead("qualified", "mid-market", "Texas", load=full), COMPANY)
    assert route.rep != "maya-lindqvist"
    assert ("maya-lindqvist", "no capacity left") in route.rejected


def test_a_disqualified_caller_gets_resources_and_no_rep():
    route = choose(Lead("disqualified"), COMPANY)
    assert (route.rep, route.action) == (None, "resources")


def test_an_unknown_lead_still_has_someone():
    assert choose(Lead("insufficient"), COMPANY).rep


def test_enterprise_is_fast_tracked():
    assert choose(Lead("qualified", "enterprise", "Texas"), COMPANY).fast_track
