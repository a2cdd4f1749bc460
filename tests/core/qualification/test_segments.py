"""Kinds of buyers told apart by anything they say, and criteria for some of them."""

from dataclasses import replace

import pytest

from core.qualification.segments import likeliest
from core.qualification.verdict import Case, verdict, worth_asking
from knowledge.profile import Condition, Criterion, Disqualifier, Segment
from tests.core.qualification.test_verdict import COMPANY, TODAY, signal

SITES = Criterion(name="sites", label="Sites", kind="number", at_least=1, ask=("How many?",))
WHAT = Criterion(
    name="use_case", label="What for", kind="choice", any_of=("roof", "battery"), ask=("What?",)
)
ROOF = Criterion(
    name="roof", label="Roof", kind="number", required=True, at_least=8000, ask=("How big?",),
    when=(Condition(criterion="use_case", any_of=("roof",)),),
)  # fmt: skip
OWNER = Criterion(name="owner", label="Owns it", kind="yes_no", ask=("Do you own it?",))
CHAIN = Segment(
    id="chain", label="Chain", when=(Condition(criterion="sites", at_least=3),),
    criteria=(SITES, WHAT, ROOF, OWNER),
)  # fmt: skip
OTHERS = Segment(id="others", label="Others", criteria=(WHAT, ROOF, OWNER))
BUILDER = COMPANY.model_copy(update={"segments": (CHAIN, OTHERS)})


def case(*signals):
    return Case(BUILDER, signals, TODAY)


def test_anything_a_company_counts_tells_its_segments_apart():
    assert verdict(case(signal("sites", "9")), "v").segment == "chain"
    assert verdict(case(signal("sites", "2")), "v").segment == "others"
    assert verdict(case(), "v").segment is None and "sites" in worth_asking(case())


def test_a_yes_or_a_no_tells_them_apart_as_well():
    owned = Segment(
        id="owned", label="Owned", criteria=(WHAT,),
        when=(Condition(criterion="owner", any_of=("yes",)),),
    )  # fmt: skip
    company = COMPANY.model_copy(update={"segments": (owned, OTHERS)})
    yes, no = signal("owner", "yes"), replace(signal("owner", "no"), polarity="negative")
    assert verdict(Case(company, (yes,), TODAY), "v").segment == "owned"
    assert verdict(Case(company, (no,), TODAY), "v").segment == "others"


def test_a_criterion_is_asked_for_once_it_is_known_to_apply():
    one_site = signal("sites", "1", 1)
    assert "roof" not in worth_asking(case(one_site))
    assert "roof" in worth_asking(case(one_site, signal("use_case", "roof", 2)))


def test_a_criterion_that_does_not_apply_is_not_judged():
    battery = (signal("sites", "1", 1), signal("use_case", "battery", 2), signal("owner", "yes", 3))
    reached = verdict(case(*battery), "v")
    assert reached.result == "qualified" and "roof" not in {c.name for c in reached.criteria}
    roof = replace(battery[1], value="roof")
    assert verdict(case(battery[0], roof, battery[2]), "v").result == "insufficient"


@pytest.mark.parametrize(
    ("place", "quote", "out"),
    [
        ("Vermont", "vermont", True),
        ("Canada", "canada", True),
        ("Chicago", "chicago", True),
        ("Springfield, Vermont", "springfield in vermont", True),
        ("Boston", "boston", False),
        ("Massachusetts", "massachusetts", False),
        ("United States", "the united states", False),
        ("New England", "new england", False),
        ("Springfield, Vermont", "springfield", False),
    ],
)
def test_who_is_surely_elsewhere_is_out_and_a_guessed_place_turns_nobody_down(place, quote, out):
    served = Disqualifier(id="far", label="Far", outside=("US-MA", "US-NH"), exit="Sorry.")
    company = BUILDER.model_copy(update={"disqualifiers": (served,)})
    reached = verdict(Case(company, (signal("location", place, quote=quote),), TODAY), "v")
    assert (reached.result == "disqualified") is out


def test_who_tells_only_their_size_is_taken_by_it_and_still_asked_for_the_rest():
    public = Segment(id="public", label="Public", industries=("education",), criteria=(OWNER,))
    large = Segment(id="large", label="Large", employees_at_least=60, criteria=(OWNER,))
    small = Segment(id="small", label="Small", employees_at_most=59, criteria=(OWNER,))
    company = COMPANY.model_copy(update={"segments": (public, large, small)})
    sized = Case(company, (signal("employees", "90"),), TODAY)
    assert verdict(sized, "v").segment == "large" and "industry" in worth_asking(sized)
    school = Case(company, (*sized.signals, signal("industry", "education", 2)), TODAY)
    assert verdict(school, "v").segment == "public"


def test_what_every_kind_of_buyer_must_have_is_missed_whichever_they_are():
    needed = ROOF.model_copy(update={"when": ()})
    large = Segment(id="large", label="Large", employees_at_least=60, criteria=(needed,))
    small = Segment(id="small", label="Small", employees_at_most=59, criteria=(needed,))
    company = COMPANY.model_copy(update={"segments": (large, small)})
    reached = verdict(Case(company, (signal("roof", "2000"),), TODAY), "v")
    assert reached.result == "nurture" and reached.segment is None


def test_who_is_too_small_for_one_kind_is_taken_for_the_last_and_still_asked_what_is_special():
    bound = Condition(criterion="use_case", any_of=("battery",))
    special = Segment(id="special", label="Special", when=(bound,), criteria=(OWNER,))
    company = COMPANY.model_copy(update={"segments": (special, CHAIN, OTHERS)})
    small = Case(company, (signal("sites", "2"),), TODAY)
    assert verdict(small, "v").segment == "others" and "use_case" in worth_asking(small)
    assert verdict(Case(company, (), TODAY), "v").segment is None
    told = Case(company, (*small.signals, signal("use_case", "battery", 2)), TODAY)
    assert verdict(told, "v").segment == "special"


def test_a_size_that_nobody_told_leaves_the_last_kind_open_until_enough_is_told():
    bound = Condition(criterion="use_case", any_of=("battery",))
    special = Segment(id="special", label="Special", when=(bound,), criteria=(OWNER,))
    company = COMPANY.model_copy(update={"segments": (special, CHAIN, OTHERS)})
    roof = Case(company, (signal("use_case", "roof"),), TODAY)
    assert verdict(roof, "v").segment is None
    told = Case(company, (*roof.signals, signal("owner", "yes", 2)), TODAY)
    reached = verdict(told, "v")
    assert reached.segment == "others" and "sites" in worth_asking(told), "still asked for"
    assert any("nothing they told makes them another kind" in why for why in reached.reasons)
    chain = Case(company, (*told.signals, signal("sites", "4", 3)), TODAY)
    assert verdict(chain, "v").segment == "chain"


def test_questions_are_put_in_the_words_of_the_likeliest_kind():
    public = Segment(id="public", label="Public", industries=("education",), criteria=(OWNER,))
    large = Segment(id="large", label="Large", employees_at_least=60, criteria=(OWNER,))
    small = Segment(id="small", label="Small", employees_at_most=59, criteria=(OWNER,))
    kinds = (public, large, small)

    def order(*signals):
        return [segment.id for segment in likeliest(kinds, signals)]

    assert order() == ["large", "small", "public"], "a school would have said so"
    assert order(signal("industry", "education")) == ["public", "large", "small"]
    assert order(signal("industry", "plumbing")) == ["large", "small"]
    assert order(signal("employees", "20")) == ["small", "public"]


@pytest.mark.parametrize(
    ("meets", "said", "state"),
    [
        ((), "yes", "met"), ((), "no", "not_met"), (("yes", "no"), "yes", "met"),
        (("yes", "no"), "no", "met"), (("no",), "no", "met"), (("no",), "yes", "not_met"),
    ],
)  # fmt: skip
def test_a_yes_or_no_is_met_by_the_answers_that_are_listed(meets, said, state):
    bid = Criterion(name="bid", label="Bid", kind="yes_no", any_of=meets, ask=("Is there a bid?",))
    segment = Segment(id="all", label="All", criteria=(bid,))
    company = COMPANY.model_copy(update={"segments": (segment,)})
    told = replace(signal("bid", said), polarity="negative" if said == "no" else "positive")
    assert verdict(Case(company, (told,), TODAY), "v").criteria[0].state == state
    assert worth_asking(Case(company, (), TODAY))
