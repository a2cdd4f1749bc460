"""Criteria that differ by place: the rule applied is reported; an unsure place rejects nobody."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.events import ConversationStarted, Logged, SignalCaptured, UtteranceRecorded
from core.projections.document import document
from core.qualification.verdict import Case, verdict, worth_asking
from core.rehearsal.backtest import Change, outcome
from core.thinking.thinker import Thinker
from knowledge.profile import Company, Criterion, Local
from tests.core.talk import Talk, knowledge, sample

COMPANY = sample().company
TODAY = date(2026, 11, 30)
BUDGET = Local(territories=("Germany", "Austria"), at_least=50_000, because="support is on site")


def with_local(name: str, *rules: Local, segment: int = 0) -> Company:
    """The sample whose enterprise criterion of a name has rules by place."""
    old = COMPANY.segments[segment]
    criteria = tuple(
        c.model_copy(update={"local": rules}) if c.name == name else c for c in old.criteria
    )
    new = old.model_copy(update={"criteria": criteria})
    return COMPANY.model_copy(
        update={"segments": tuple(new if s is old else s for s in COMPANY.segments)}
    )


def told(criterion: str, value: str, basis: str = "stated") -> SignalCaptured:
    name = f"s-{criterion}"
    return SignalCaptured(name, criterion, value, "positive", basis, 0.9, value, 1, 0, 9)  # type: ignore[arg-type]


def judged(company: Company, *signals: SignalCaptured, number: str | None = None):
    case = Case(company, [told("employees", "5000"), *signals], TODAY, by_number=number)
    return {c.name: c for c in verdict(case, "v").criteria}


HERE = with_local("budget", BUDGET)
ENOUGH, MORE = told("budget", "40000"), told("budget", "60000")


@pytest.mark.parametrize(
    ("place", "budget", "state", "where"),
    [
        ("Munich", ENOUGH, "not_met", "Munich"), ("Germany", MORE, "met", "Germany"),
        ("Boston", ENOUGH, "met", ""), ("Vienna", ENOUGH, "not_met", "Vienna"),
    ],
)  # fmt: skip
def test_the_rule_of_the_place_that_was_said_holds_and_is_told(place, budget, state, where):
    made = judged(HERE, told("location", place), budget)["budget"]
    assert (made.state, made.where) == (state, where)
    assert ("That is the rule in" in made.reason) == bool(where)


def test_the_reason_names_place_and_why():
    made = judged(HERE, told("location", "Munich"), ENOUGH)["budget"]
    assert made.reason == (
        "Said 40000; wanted at least 50000. That is the rule in Munich: support is on site."
    )


@pytest.mark.parametrize("unsure", ["number", "looked up"])
def test_a_place_nobody_told_meets_a_criterion_and_turns_nobody_down(unsure):
    where = [] if unsure == "number" else [told("location", "Berlin", "enriched")]
    number = "Germany" if unsure == "number" else None
    made = judged(HERE, *where, ENOUGH, number=number)["budget"]
    assert made.state == "unknown" and "Where they are was not said" in made.reason
    assert judged(HERE, *where, MORE, number=number)["budget"].state == "met"
    little = told("budget", "100")
    assert judged(HERE, *where, little, number=number)["budget"].state == "not_met"


def test_what_was_said_beats_the_number():
    made = judged(HERE, told("location", "Boston"), ENOUGH, number="Germany")["budget"]
    assert (made.state, made.where) == ("met", "")


def test_the_first_rule_that_holds_counts():
    wide = Local(territories=("United States",), at_least=90_000)
    made = with_local("budget", Local(territories=("US-CA",), at_least=10_000), wide)
    where = {p: judged(made, told("location", p), ENOUGH)["budget"].state
             for p in ("California", "Texas")}  # fmt: skip
    assert where == {"California": "met", "Texas": "not_met"}


def test_a_criterion_can_matter_in_some_places_alone():
    """Of no weight elsewhere, it is asked for where it is required."""
    old = COMPANY.segments[0]
    rule = Local(territories=("Germany",), weight=3, required=True)
    residency = Criterion(name="residency", label="Data in the EU", kind="yes_no", weight=0,
                          ask=("Must it stay in the EU?",), local=(rule,))  # fmt: skip
    new = old.model_copy(update={"criteria": (*old.criteria, residency)})
    company = COMPANY.model_copy(update={"segments": (new, *COMPANY.segments[1:])})
    known = [told("employees", "5000"), told("use_case", "reverse ETL"),
             told("tech_stack", "Snowflake")]  # fmt: skip
    results = {}
    for place in ("Germany", "Boston"):
        case = Case(company, [*known, told("location", place)], TODAY)
        results[place] = (
            verdict(case, "v").result,
            "residency" in worth_asking(case),
        )
    assert results == {"Germany": ("insufficient", True), "Boston": ("qualified", False)}


async def test_the_call_document_tells_the_place_whose_rule_held():
    talk = Talk()
    await talk.says("We're 3000 people in Munich and need it live in a year and three months.")
    logged = [Logged("c", n, datetime(2026, 11, 30, tzinfo=UTC), f)
              for n, f in enumerate(talk.facts, start=1)]  # fmt: skip
    made = {c["name"]: c for c in document("c", logged)["verdict"]["criteria"]}
    assert made["timeline"]["where"] == "Munich" and made["timeline"]["state"] == "met"
    assert made["budget"]["where"] is None


def test_stored_conversations_are_judged_anew_by_rules_of_their_places():
    began = datetime(2026, 11, 30, 17, tzinfo=UTC) - timedelta(days=1)
    facts = [
        ConversationStarted("voice", "inbound", None, None, None, "t", "1", "1", False),
        UtteranceRecorded(1, "caller", "we are in munich", 0, 9),
        told("employees", "5000"), told("use_case", "reverse ETL"), told("tech_stack", "Oracle"),
        told("location", "Munich"), ENOUGH,
    ]  # fmt: skip
    either = [
        outcome("c", began, facts, Thinker(company, knowledge(), "v"), {})
        for company in (COMPANY, with_local("budget", BUDGET))
    ]
    change = Change("c", began, either[0], either[1])  # type: ignore[arg-type]
    assert any(
        line.startswith("budget: met → not met") and "the rule in Munich" in line
        for line in change.why()
    )
