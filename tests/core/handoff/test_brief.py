import re
from collections.abc import Sequence
from dataclasses import asdict, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.events import (
    CallbackRequested,
    ConsentRecorded,
    Fact,
    Flagged,
    HumanRequested,
    MeetingRecorded,
    PersonRecalled,
    PromiseMade,
    QuestionAnswered,
    QuestionRaised,
    RouteChosen,
    SignalCaptured,
    VerdictReached,
)
from core.handoff.brief import brief
from core.handoff.note import note
from knowledge.profile import Company
from tests.core.store.facts import any_fact
from tests.core.talk import RENTAL, sample
from tests.fakes.a_call import ENDED, facts, signal, started

CALL = [*facts(), ENDED]
TIDELINE = sample().company


def summed_up(facts: Sequence[Fact], company: Company | None = None) -> str:
    return str(brief(facts, company)["summary"])


def test_the_summary_reads_like_a_note_of_a_colleague():
    assert summed_up(CALL) == (
        "Jane Doe of Acme called from +1 415-555-0123 after hours and talked for 31 s. "
        "Next: sam gets back to them with an answer. "
        "Qualified (mid-market): employees fit; unknown: budget. "
        "Said: tech stack Snowflake; employees 200. "
        "Asked “do you sync snowflake to salesforce”, “do you have an office in lima”; "
        "1 still to be answered."
    )


def test_what_is_known_goes_by_the_labels_of_the_kind_they_were_judged_as():
    events, *_, contractor = sample(RENTAL).company.segments
    judged = [
        VerdictReached("insufficient", kind.id, 0.0, (), ("timeline",), ("r",), "c1", 5)
        for kind in (events, contractor)
    ]
    for kind, verdict in zip((events, contractor), judged, strict=True):
        told = summed_up([*CALL, verdict], sample(RENTAL).company)
        wanted = next(c.label for c in kind.criteria if c.name == "timeline")
        assert f"unknown: {wanted.lower()}" in told


def test_the_note_puts_what_is_owed_and_what_to_do_under_the_summed_up():
    assert note(brief(CALL, TIDELINE)) == (
        "Jane Doe of Acme called from +1 415-555-0123 after hours and talked for 31 s.\n"
        "Next: sam gets back to them with an answer.\n"
        "Qualified (Mid-market): company size fit; unknown: yearly budget in dollars.\n"
        "Said: warehouse Snowflake; company size 200.\n"
        "Asked “do you sync snowflake to salesforce”, “do you have an office in lima”; "
        "1 still to be answered.\n"
        "Owed:\n"
        "- “Do you have an office in Lima?” sam (0:20)\n"
        "Watch:\n"
        "- Would not say: yearly budget in dollars. “i would rather not say the budget” (0:25)\n"
        "Do:\n"
        "- Open with the answer we owe them."
    )


def test_the_note_of_a_mail_has_no_places_of_a_recording_and_none_of_another_conversation():
    made = brief(CALL, TIDELINE)
    written = note(made, "email")
    assert "- “Do you have an office in Lima?” sam\n" in written and "(0:2" not in written
    (owed,) = made["outstanding_questions"]
    made["outstanding_questions"] = [owed | {"origin": {"words": "in chat on Monday, 30 Nov"}}]
    assert "Lima?” sam (in chat on Monday, 30 Nov)" in note(made)


def test_a_tool_that_is_no_warehouse_is_not_called_one():
    more = signal(70, "tech_stack", "Salesforce", "and salesforce")
    text = summed_up([*CALL, more], TIDELINE)
    assert "warehouse Snowflake;" in text and "also uses Salesforce" in text


def test_advice_names_its_rule_and_the_words_it_rests_on():
    doubt = Flagged("objection", 2, 10_400, "that sounds expensive")
    made = brief([*CALL, doubt], TIDELINE)["recommended_approach"]
    rules = {line["rule"]: line for line in made}
    assert "doubted “that sounds expensive”" == rules["playbook price-doubt"]["because"]
    assert rules["playbook price-doubt"]["start_ms"] == 10_400
    known = {f"playbook {r.id}": r.say for r in TIDELINE.playbook}
    assert all(known[line["rule"]] == line["text"] for line in made)


def test_advice_names_verdict_and_segment_as_reports_do():
    rule = TIDELINE.playbook[0].model_copy(
        update={"signals": {}, "segments": ("mid-market",), "verdicts": ("qualified",)}
    )
    alone = TIDELINE.model_copy(update={"playbook": (rule,)})
    (advice,) = brief(CALL, alone)["recommended_approach"]
    assert advice["because"] == "Mid-market segment, qualified"


def test_every_rule_of_the_sample_can_apply_and_none_applies_to_silence():
    assert brief([started()], TIDELINE)["recommended_approach"] == []
    for rule in TIDELINE.playbook:
        alone = TIDELINE.model_copy(update={"playbook": (rule,)})
        missing = rule.unknown or ("budget",)
        verdict = VerdictReached(
            (rule.verdicts or ("qualified",))[0], (rule.segments or ("enterprise",))[0],
            0.9, (), missing, (), "v1", 2,
        )  # fmt: skip
        said = [
            signal(60 + n, k, (v or ("x",))[0], "so")
            for n, (k, v) in enumerate(rule.signals.items())
        ]
        asked = QuestionRaised("q9", "what about it", 2, 9000, 9500, rule.topics)
        doubt = Flagged("objection", 2, 9000, " ".join(rule.objections))
        facts: list[Fact] = [started(), verdict, *said, doubt, asked]
        if not rule.owed:
            facts.append(QuestionAnswered("q9", 2, ("x@1#1",)))
        (line,) = brief(facts, alone)["recommended_approach"]
        assert line["text"] == rule.say and line["because"], rule.id
        bare: list[Fact] = [started(), said_nothing(verdict)]
        if rule.segments or rule.verdicts or rule.signals or rule.topics or rule.objections:
            assert brief(bare, alone)["recommended_approach"] == [], rule.id


def said_nothing(verdict: VerdictReached) -> VerdictReached:
    return replace(verdict, result="disqualified", segment=None, missing=())


def test_without_a_playbook_there_is_no_recommendation():
    assert brief(CALL)["recommended_approach"] == []


def test_who_must_not_be_contacted_comes_with_no_next_step_and_no_advice():
    no = ConsentRecorded("contact", "declined", "take me off your list", 29_000)
    made = brief([*CALL, no], TIDELINE)
    texts = [line["text"] for line in made["summary_lines"]]
    assert texts[1] == "Do not contact: they asked us not to."
    assert not any(t.startswith("Next") for t in texts) and made["recommended_approach"] == []


def test_every_number_in_the_summary_was_in_a_fact():
    known = " ".join(str(asdict(fact)) for fact in CALL)
    for number in re.findall(
        r"\d+", summed_up(CALL, TIDELINE).replace("31 s", "").replace("1 still", "")
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
    assert by_text["Tech stack: not Oracle."]["quote"] == "we are on oracle"
    assert by_text["Timeline was unclear: check “2025-04-01”."]["start_ms"] == 30_000
    assert by_text["Would not say: budget."]["turn"] == 5
    assert not any("price without a source" in text for text in by_text), "that is for reviewers"


def test_a_callback_is_said_with_its_time_and_who_promised_it():
    wanted = CallbackRequested(3, "call me tomorrow morning", "tomorrow morning")
    promise = PromiseMade("Kim will call you tomorrow morning.", "kim", 3)
    made = brief([*CALL, wanted, promise])
    assert "Next: kim calls back tomorrow morning." in made["summary"]
    assert [p["by"] for p in made["promises"]] == [None, "tomorrow morning"]


def test_a_call_back_agreed_anew_replaces_the_promise_before_it():
    first = [CallbackRequested(3, "today", "today"), PromiseMade("Kim calls today.", "kim", 3)]
    again = [
        CallbackRequested(6, "on friday", "on Friday"),
        PromiseMade("Kim calls on Friday.", "kim", 6),
    ]
    made = brief([*CALL, *first, *again])
    assert {p["text"]: p["stands"] for p in made["promises"] if p["by"]} == {
        "Kim calls today.": False, "Kim calls on Friday.": True,
    }  # fmt: skip
    assert "today" not in note(made)


def test_a_meeting_is_said_in_the_buyers_zone():
    booked = MeetingRecorded(
        "b1", "booked", "maya-lindqvist", "intro", "2026-12-01T21:00:00+00:00",
        "2026-12-01T21:30:00+00:00", "America/Chicago", "u", 0, 4,
    )  # fmt: skip
    text = summed_up([*CALL, booked], TIDELINE)
    assert "Next: meeting with Maya Lindqvist, Tue 1 Dec 15:00, Chicago time." in text
    gone = replace(booked, status="cancelled", sequence=1)
    told = summed_up([*CALL, booked, gone], TIDELINE)
    assert "Next: sam gets back to them with an answer; the meeting with Maya Lindqvist" in told
    nothing = [fact for fact in CALL if not isinstance(fact, PromiseMade)]
    told = summed_up([*nothing, booked, gone], TIDELINE)
    assert "Next: nothing agreed; the meeting with Maya Lindqvist, Tue 1 Dec 15:00" in told
    promised = PromiseMade("You're booked with Maya.", "maya-lindqvist", 4)
    for more, stands in (([booked, promised], True), ([booked, promised, gone], False)):
        made = brief([*CALL, *more], TIDELINE)["promises"]
        assert [p["stands"] for p in made if "booked" in p["text"]] == [stands]


@pytest.mark.parametrize("action", ["book", "callback", "nurture", "resources", "transfer"])
def test_what_routing_would_like_is_no_commitment(action):
    """Nothing was agreed: the brief may not sound as if it had been."""
    route = RouteChosen("maya-lindqvist", action, (), (), False, 1)
    text = summed_up([started(), route], TIDELINE)
    for invented in ("calls back", "will call", "meeting with", "booked", "gets back"):
        assert invented not in text


def test_an_anonymous_caller_who_says_nothing_gets_an_honest_summed_up():
    assert summed_up([started(caller=None)]) == "A caller called after hours."
    assert summed_up([]) == ""


@settings(max_examples=80, deadline=None)
@given(st.lists(any_fact, max_size=15))
def test_nothing_is_in_a_brief_that_no_fact_or_rule_stands_behind(some: list[Fact]):
    made = brief(some, TIDELINE)
    turns = {getattr(f, "turn", 0) for f in some} | {0}
    moments = {getattr(f, "start_ms", 0) for f in some} | {getattr(f, "at_ms", 0) for f in some}
    rules = {f"playbook {r.id}" for r in TIDELINE.playbook}
    recalled = [f for f in some if isinstance(f, PersonRecalled)]
    earlier = {e.conversation_id for f in recalled for e in (*f.questions, *f.promises)}
    earlier |= {f.origin for f in some if isinstance(f, SignalCaptured)}
    for section in ("summary_lines", "signals", "outstanding_questions", "promises",
                    "recommended_approach", "concerns"):  # fmt: skip
        for line in made[section]:
            if line.get("origin"):  # turn and moment are of the conversation it was said in
                assert line["origin"]["conversation_id"] in earlier, (section, line)
                continue
            assert line["turn"] in turns, (section, line)
            assert line["start_ms"] in moments | {0}, (section, line)
    quotes = " ".join(str(asdict(f)) for f in some)
    for signal_ in made["signals"]:
        assert repr(signal_["quote"])[1:-1] in quotes
    promised = [f.text for f in some if isinstance(f, PromiseMade)]
    promised += [p.text for f in recalled for p in f.promises]
    assert all(p["text"] in promised for p in made["promises"])
    assert all(line["rule"] in rules for line in made["recommended_approach"])
    if not any(isinstance(f, CallbackRequested) for f in some):
        assert "calls back" not in made["summary"]
    assert note(made).startswith(made["summary_lines"][0]["text"] if made["summary_lines"] else "")


@pytest.mark.parametrize("segment", ["mid-market", None])
def test_a_guess_at_their_segment_is_told_until_it_is_known(segment: str | None):
    guessed = replace(signal(70, "segment", "enterprise", "do you do sso"), basis="implied")
    at = next(n for n, fact in enumerate(CALL) if isinstance(fact, VerdictReached))
    verdict = CALL[at]
    assert isinstance(verdict, VerdictReached)
    told = [*CALL[:at], guessed, replace(verdict, segment=segment), *CALL[at + 1 :]]
    assert ("segment enterprise (implied)" in summed_up(told, TIDELINE)) is (segment is None)
