"""Looked-up data never outranks what was said, whichever came first, and turns nobody down."""

from datetime import date

import pytest

from core.conversation.remembering import carried
from core.enrichment.enrich import enrich, size_of, subject_of, usable
from core.enrichment.enriched import Enriched, Subject
from core.events import ConversationStarted, Logged, SignalCaptured
from core.facts.standing import live_signals
from core.handoff.brief import brief
from core.identity.identifiers import tells_who
from core.identity.memory import Past, Recognition, recall
from core.projections.document import document
from core.qualification.criteria import judge_criterion
from tests.core.talk import MONDAY_NOON, Talk, engine, sample
from tests.fakes.a_call import signal

COMPANY = sample().company
TODAY = MONDAY_NOON.date()
BIG = Enriched("employees", "5000", "accounts.csv")
SMALL = Enriched("employees", "40", "accounts.csv")
STACK = Enriched("tech_stack", "Redshift", "accounts.csv")


def looked_up(talk: Talk, *found: Enriched) -> None:
    """What a look that came back now enters."""
    talk.state, facts = engine().recognised(talk.state, Recognition(enriched=found))
    talk.facts += facts


def shown(talk: Talk) -> dict[str, tuple[str, str | None]]:
    logged = [Logged("c", n, MONDAY_NOON, f) for n, f in enumerate(talk.facts, start=1)]
    made = document("c", logged, company=COMPANY)
    return {s["basis"] + ":" + s["criterion"]: (s["value"], s["superseded_by"])
            for s in made["signals"]}  # fmt: skip


@pytest.mark.parametrize("first", ["looked up", "said"])
async def test_what_was_said_stands_whichever_came_first(first):
    talk = Talk()
    if first == "looked up":
        looked_up(talk, BIG)
        assert talk.state.signals.value("employees") == "5000"
    await talk.says("We are about two hundred people.")
    if first == "said":
        looked_up(talk, BIG)
    assert talk.state.signals.value("employees") == "200"
    assert [s.value for s in live_signals(talk.facts) if s.criterion == "employees"] == ["200"]
    told = shown(talk)
    assert told["stated:employees"] == ("200", None)
    assert told["enriched:employees"][1] is not None, "and the document says which took its place"
    handed = str(brief(talk.facts, COMPANY))
    assert "5000" not in handed and "5,000" not in handed


@pytest.mark.parametrize("first", ["looked up", "said"])
async def test_of_what_may_be_several_only_what_was_said_stands(first):
    talk = Talk()
    if first == "looked up":
        looked_up(talk, STACK)
    await talk.says("We use Snowflake and Salesforce.")
    if first == "said":
        looked_up(talk, STACK)
    tools = {s.value for s in talk.state.signals.active if s.criterion == "tech_stack"}
    assert "Snowflake" in tools and "Redshift" not in tools


async def test_what_is_unknown_by_speech_tells_segment_target_account_and_route():
    talk = Talk()
    looked_up(talk, BIG)
    await talk.says("Do you work with Snowflake?")
    assert talk.state.judged.verdict.segment == "enterprise"
    talk = Talk()
    looked_up(talk, Enriched("company", "Northwind Health", "accounts.csv"))
    await talk.says("Do you work with Snowflake?")
    assert talk.state.judged.verdict.result == "needs_human"
    owner = next(r.id for r in COMPANY.team if "Northwind Health" in r.accounts)
    assert talk.state.judged.route.rep == owner


def test_what_was_looked_up_turns_nobody_down_and_meets_a_criterion():
    segment = next(s for s in COMPANY.segments if s.id == "enterprise")
    size = next(c for c in segment.criteria if c.name == "employees")

    def judged(value: str, basis: str) -> str:
        made = SignalCaptured("x", "employees", value, "positive", basis, 0.7, "q", 0, 0, 0)
        return judge_criterion(size, [made], date(2026, 11, 30), COMPANY).state

    assert [judged("40", b) for b in ("stated", "enriched")] == ["not_met", "unknown"]
    assert [judged("5000", b) for b in ("stated", "enriched")] == ["met", "met"]


async def test_the_same_look_adds_nothing_and_another_takes_its_place():
    talk = Talk()
    looked_up(talk, BIG, STACK)
    before = talk.state
    looked_up(talk, STACK, BIG)
    assert talk.state is before
    looked_up(talk, SMALL, STACK)
    assert talk.state.signals.value("employees") == "40"
    standing = [(s.criterion, s.value) for s in live_signals(talk.facts)]
    assert sorted(standing) == [("employees", "40"), ("tech_stack", "Redshift")]
    ids = [f.signal_id for f in talk.facts if isinstance(f, SignalCaptured)]
    assert len(ids) == len(set(ids))


async def test_a_turn_that_is_taken_back_leaves_what_was_looked_up_beside_it():
    talk = Talk()
    base = talk.state
    looked_up(talk, BIG)
    assert carried(base, talk.state).signals.value("employees") == "5000"


async def test_a_guess_from_a_question_is_not_kept_from_standing_by_a_look():
    talk = Talk()
    looked_up(talk, STACK)
    await talk.says("Can you sync from Snowflake?")
    assert "Redshift" not in [
        s.value for s in talk.state.signals.active if s.criterion == "tech_stack"
    ]


def test_later_conversations_look_anew_and_nobody_is_recognised_by_a_look():
    made = SignalCaptured("e1", "company", "Acme", "positive", "enriched", 0.7, "q", 0, 0, 0)
    started = ConversationStarted("chat", "inbound", None, None, None, "t", "1", "1", False)
    memory = recall("p", [Past("c0", "chat", "2026-01-01T00:00:00+00:00", (started, made))],
                    sure=True)  # fmt: skip
    assert not memory.signals and not tells_who([made])


def test_companies_are_looked_up_by_domain_or_name_and_mail_providers_are_nobodys():
    def subject(*signals: SignalCaptured) -> Subject:
        return subject_of(signals)

    assert subject(signal(1, "email", "jane@gmail.com", "q")) == Subject()
    assert subject(signal(1, "email", "jane@Acme.com", "q")) == Subject("acme.com", "")
    both = signal(1, "email", "j@acme.com", "q"), signal(2, "company", "Acme Inc", "q")
    assert subject(*both) == Subject("acme.com", "Acme Inc")
    found = SignalCaptured("e1", "company", "Other", "positive", "enriched", 0.7, "q", 0, 0, 0)
    assert subject(found) == Subject(), "a look does not lead to another"


def test_only_values_the_company_knows_are_used():
    found = {
        "company": "Acme", "employees": "1,200 - 1,500", "industry": "HEALTHCARE",
        "location": "US-CA", "tech_stack": ["snowflake", "Abacus 3000", 7], "ceo": "Jane",
    }  # fmt: skip
    made = {(e.criterion, e.value) for e in usable(found, "s", COMPANY, TODAY)}
    assert made == {
        ("company", "Acme"), ("employees", "1200-1500"), ("industry", "healthcare"),
        ("location", "California"), ("tech_stack", "Snowflake"),
    }  # fmt: skip
    wrong = {"company": 4, "employees": "many", "industry": "alchemy", "location": "Narnia",
             "tech_stack": "Snowflake"}  # fmt: skip
    assert usable(wrong, "s", COMPANY, TODAY) == ()


@pytest.mark.parametrize(
    ("given", "size"),
    [(250, "250"), ("250", "250"), ("200-500", "200-500"), ("10,000+", "10000+"), ("<50", "<50"),
     ("51 – 200", "51-200"), (0, ""), (-4, ""), (True, ""), (None, ""), ("", ""), ("-", ""),
     (float("nan"), ""), (12.0, "12")],
)  # fmt: skip
def test_sizes_are_read_as_sources_write_them(given, size):
    assert size_of(given) == size


def test_nothing_found_changes_nothing():
    state = Talk().state
    assert enrich(state, ()) == (state, ())
