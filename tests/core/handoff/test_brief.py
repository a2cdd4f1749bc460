import re
from dataclasses import asdict

from hypothesis import given, settings
from hypothesis import strategies as st

from core.events import CallbackRequested, Fact, HumanRequested
from core.handoff.brief import brief
from core.handoff.summary import summary
from knowledge.load import load
from tests.core.store.facts import any_fact
from tests.fakes.a_call import ENDED, facts, signal, started
from voice_agent.config import SAMPLE_COMPANY

CALL = [*facts(), ENDED]
TIDELINE = load(SAMPLE_COMPANY).company


def words(made: dict) -> int:
    lines = [made["summary"], *(line["text"] for line in made["recommended_approach"])]
    lines += [c["text"] for c in made["concerns"]] + [p["text"] for p in made["promises"]]
    return sum(len(line.split()) for line in lines)


def test_the_summary_reads_like_a_note_of_a_colleague():
    assert summary(CALL) == (
        "Jane Doe of Acme called from +14155550123 after hours and talked for 31 s. "
        "Asked “do you sync snowflake to salesforce”, “do you have an office in lima”; "
        "1 still to be answered. "
        "Said: tech stack Snowflake; employees 200. "
        "Qualified (mid-market): Company size and warehouse fit. "
        "Next: sam calls back."
    )


def test_the_whole_brief_is_read_in_half_a_minute():
    assert words(brief(CALL, TIDELINE)) <= 200 * 0.5 * 1.3
    assert len(summary(CALL, TIDELINE).split()) <= 60


def test_labels_names_and_playbook_come_from_the_company():
    made = brief(CALL, TIDELINE)
    assert {s["label"] for s in made["signals"]} >= {"Company size", "Warehouse"}
    assert made["recommended_approach"][0]["because"] == "segment mid-market"
    assert made["recommended_approach"][0]["text"] == TIDELINE.playbook["mid-market"]


def test_without_a_playbook_there_is_no_recommendation():
    assert brief(CALL)["recommended_approach"] == []


def test_every_number_in_the_summary_was_in_a_fact():
    known = " ".join(str(asdict(fact)) for fact in CALL)
    for number in re.findall(
        r"\d+", summary(CALL, TIDELINE).replace("31 s", "").replace("1 still", "")
    ):
        assert number in known


def test_a_corrected_value_is_gone_from_the_brief():
    made = brief(CALL)
    assert [s["value"] for s in made["signals"] if s["label"] == "Employees"] == ["200"]


def test_concerns_name_the_moment_they_rest_on():
    human = HumanRequested(2, "can i talk to a person")
    doubtful = signal(6, "timeline", "2025-04-01", "mumble april", confidence=0.4)
    negative = signal(7, "tech_stack", "Oracle", "we are on oracle", polarity="negative")
    concerns = brief([*CALL, human, doubtful, negative])["concerns"]
    by_text = {c["text"]: c for c in concerns}
    assert concerns[0]["text"] == "Asked for a person." and concerns[0]["start_ms"] == 10_000
    assert by_text["Tech stack: Oracle."]["quote"] == "we are on oracle"
    assert by_text["Timeline was unclear: check “2025-04-01”."]["start_ms"] == 30_000
    assert by_text["Would not say: budget."]["turn"] == 5


def test_a_callback_is_said_with_the_callers_time():
    wanted = CallbackRequested(3, "call me tomorrow morning", "tomorrow morning")
    assert summary([*CALL, wanted]).endswith("Next: sam calls back (tomorrow morning).")


def test_an_anonymous_caller_who_says_nothing_gets_an_honest_summary():
    assert summary([started(caller=None)]) == "A caller called after hours."
    assert summary([]) == ""


@settings(max_examples=60)
@given(st.lists(any_fact, max_size=15))
def test_any_facts_can_be_briefed(some: list[Fact]):
    brief(some, TIDELINE)
