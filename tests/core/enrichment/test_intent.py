"""Buying intent of a company: opens doors, yields to the buyer's words, closes none."""

from dataclasses import replace
from typing import Any

import pytest

from core.enrichment.intent import intents, strength_of
from core.events import SignalCaptured
from core.facts.standing import live_signals
from core.handoff.brief import brief
from core.identity.memory import Recognition
from core.qualification.verdict import Case, disqualified_by, verdict
from core.routing.choose import Lead, choose
from knowledge.profile import Criterion
from tests.core.talk import MONDAY_NOON, Talk, engine, sample

COMPANY = sample().company
TODAY = MONDAY_NOON.date()


def seen(*items: Any) -> list[tuple[str, float, str]]:
    found = intents(list(items), "surge", COMPANY, TODAY)
    return [(e.value, e.sure, e.note) for e in found]


def topic(name: str, strength: Any = "high", at: str | None = "2026-11-20") -> dict[str, Any]:
    return {"topic": name, "strength": strength, "seen_at": at}


def test_topics_are_those_the_company_names_the_strongest_first():
    assert seen(
        topic("Fivetran", 71), topic("DATA INTEGRATION", "medium"), topic("reverse etl", 93),
        topic("yoga"), topic("fivetran", 64, "2026-11-29"), "noise", {"strength": 99},
    ) == [
        ("reverse ETL", 0.93, "high, seen 2026-11-20"),
        ("Fivetran", 0.71, "medium, seen 2026-11-20"),
        ("data ingestion", 0.6, "medium, seen 2026-11-20"),
    ]  # fmt: skip


def test_what_is_weak_or_long_ago_does_not_count():
    assert seen(topic("Fivetran", "low"), topic("Census", 59), topic("Zapier", 90, "2026-10-30"),
                topic("Airbyte", 90, "2026-12-24")) == []  # fmt: skip
    assert seen(topic("Zapier", 90, "2026-10-31"), topic("Airbyte", None, None)) == [
        ("Zapier", 0.9, "high, seen 2026-10-31"), ("Airbyte", 0.6, "medium"),
    ]  # fmt: skip


@pytest.mark.parametrize("told", [True, -1, 101, "strong", [9], float("nan")])
def test_a_strength_that_is_none_is_no_reason_to_believe(told):
    assert strength_of(told) is None and seen(topic("Fivetran", told)) == []


@pytest.mark.parametrize("found", [None, "Fivetran", {"topic": "Fivetran"}, 7])
def test_an_answer_of_another_shape_tells_nothing(found):
    assert intents(found, "s", COMPANY, TODAY) == ()


def looked_up(talk: Talk, *items: Any) -> Talk:
    found = Recognition(enriched=intents(list(items), "surge", COMPANY, TODAY))
    talk.state, facts = engine().recognised(talk.state, found)
    talk.facts += facts
    return talk


FIT = ("We are 300 people in Texas, all our data is in Snowflake.",
       "We want to get it from there into Salesforce by March, I'm head of data.")  # fmt: skip


@pytest.mark.parametrize("interested", [True, False])
async def test_a_fit_whose_company_reads_up_on_it_is_on_the_fast_track(interested):
    talk = looked_up(Talk(), *[topic("Fivetran", 88)] * interested)
    for words in FIT:
        await talk.says(words)
    route = talk.state.judged.route
    assert (route.rep, route.action, route.fast_track) == ("maya-lindqvist", "book", interested)
    told = " ".join(route.reasons)
    assert ("seen to read up on Fivetran" in told) == interested


def test_a_rule_is_for_some_topics_or_for_any():
    def rep(*lead: str) -> str | None:
        return choose(Lead("insufficient", intent=lead), company).rep

    base = COMPANY.routing[-1]
    some = base.model_copy(
        update={"id": "some", "intent": ("reverse ETL",), "reps": ("tom-beckett",)}
    )
    all_ = base.model_copy(update={"id": "all", "intent": ("any",), "reps": ("kenji-mori",)})
    company = COMPANY.model_copy(update={"routing": (some, all_, base)})
    assert rep("reverse ETL") == "tom-beckett" and rep("Fivetran") == "kenji-mori"
    assert rep() == "maya-lindqvist"


NO = SignalCaptured("q1", "tech_stack", "Fivetran", "negative", "stated", 0.9, "no", 1, 0, 9)


@pytest.mark.parametrize("told_first", [True, False])
def test_who_says_no_to_the_very_thing_is_believed_whichever_came_first(told_first):
    talk = Talk()
    if told_first:
        talk.state = replace(talk.state, signals=replace(talk.state.signals, all=(NO,)))
    looked_up(talk, topic("Fivetran"), topic("Census"))
    if not told_first:
        talk.state = replace(
            talk.state, signals=replace(talk.state.signals, all=(*talk.state.signals.all, NO))
        )
    assert [s.value for s in talk.state.signals.active if s.criterion == "intent"] == ["Census"]
    standing = live_signals([*talk.facts, NO])
    assert [s.value for s in standing if s.criterion == "intent"] == ["Census"]


def _intent(value: str) -> SignalCaptured:
    return SignalCaptured("e1", "intent", value, "positive", "enriched", 0.9, "looked up: s; high",
                          0, 0, 0)  # fmt: skip


@pytest.mark.parametrize(("value", "state"), [("reverse ETL", "met"), ("Fivetran", "unknown")])
def test_a_criterion_can_weigh_it_and_it_turns_nobody_down(value, state):
    weighed = Criterion(name="intent", label="Intent", kind="choice", required=True,
                        any_of=("reverse ETL",))  # fmt: skip
    segment = COMPANY.segments[2].model_copy(
        update={"criteria": (weighed,), "employees_at_most": None}
    )
    company = COMPANY.model_copy(update={"segments": (segment,)})
    made = verdict(Case(company, [_intent(value)], TODAY), "v")
    assert made.criteria[0].state == state
    assert made.result == ("qualified" if state == "met" else "insufficient")


def test_it_never_disqualifies():
    out = COMPANY.disqualifiers[0].model_copy(update={"signal": "intent", "values": ("Fivetran",)})
    company = COMPANY.model_copy(update={"disqualifiers": (out,)})
    assert disqualified_by([_intent("Fivetran")], company) is None


async def test_the_brief_tells_topic_strength_day_and_source_and_the_playbook_knows_it():
    talk = looked_up(Talk(), topic("Fivetran", 88), topic("data activation", "medium"))
    await talk.says("Do you work with Snowflake?")
    handed = brief(talk.facts, COMPANY)
    assert (
        "Seen to read up on Fivetran (high, seen 20 Nov) and reverse ETL"
        " (medium, seen 20 Nov), says surge." in handed["summary"]
    )
    assert "intent" not in handed["summary"]
    advised = {a["rule"]: a["because"] for a in handed["recommended_approach"]}
    assert advised["playbook rival-researched"].startswith("Fivetran, looked up: surge; high")
