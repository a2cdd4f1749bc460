"""Each rule finds its violation in a log, and accepts the log that keeps it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.evaluation.caller import Saying
from core.evaluation.format import Conversation, Line
from core.evaluation.invariants import RULES, violations
from core.evaluation.lines import by_turn
from core.evaluation.run import Exchange, Held
from core.events import (
    CallbackRequested,
    ConsentRecorded,
    CriterionAsked,
    CriterionDeclined,
    DisclosureHeard,
    HumanRequested,
    MeetingRecorded,
    PromiseMade,
    QuestionAnswered,
    QuestionDeferred,
    QuestionRaised,
    SignalCaptured,
    UtteranceRecorded,
    VerdictReached,
)
from tests.core.talk import sample

NOON = datetime(2026, 11, 30, 17, tzinfo=UTC)
SNOWFLAKE = "snowflake@1#1"


def caller(turn, text):
    return UtteranceRecorded(turn, "caller", text, turn * 1000, turn * 1000 + 400)


def agent(turn, text, kind="acknowledge", *citations, interrupted=False):
    start = turn * 1000 + 500
    return UtteranceRecorded(
        turn, "agent", text, start, start + 400, interrupted, citations, kind=kind
    )


def signal(turn, criterion, value, quote, **more):
    fields = {"polarity": "positive", "basis": "stated", "confidence": 0.9} | more
    return SignalCaptured(
        f"s{turn}", criterion, value, quote=quote, turn=turn, start_ms=turn * 1000,
        end_ms=turn * 1000 + 400, **fields,
    )  # fmt: skip


def reached(result, missing=("budget",), turn=1):
    return VerdictReached(result, None, 0.0, (), missing, (), "v", turn)


def raised(turn, name="q1"):
    return QuestionRaised(name, "do you", turn, turn * 1000, turn * 1000 + 400)


DISCLOSED = (agent(0, "I'm an AI.", "disclosure"), DisclosureHeard(300))
BOOKED = MeetingRecorded(
    "b1", "booked", "maya-lindqvist", "intro", "2026-12-01T15:00:00+00:00",
    "2026-12-01T15:30:00+00:00", "", "u", 0, 1,
)  # fmt: skip
GIVEN = agent(1, "Yes, we connect natively to Snowflake.", "answer", SNOWFLAKE)

BREACHES = {
    "no ask while a question is open": (raised(1), CriterionAsked("employees", 1)),
    "at most one ask a turn": (agent(1, "How big are you? And since when?"),),
    "asks never exceed gives": (
        GIVEN,
        CriterionAsked("employees", 1),
        CriterionAsked("industry", 2),
    ),
    "nothing known, declined or met is asked again": (
        GIVEN,
        caller(1, "two hundred people"),
        signal(1, "employees", "200", "two hundred people"),
        CriterionAsked("employees", 2),
    ),
    "asking stops when nothing can change": (
        GIVEN,
        reached("qualified", missing=()),
        CriterionAsked("budget", 2),
    ),
    "a request for a person wins": (
        HumanRequested(1, "a person"),
        agent(1, "Let me tell you about Snowflake."),
    ),
    "opt-out before the goodbye": (agent(1, "We won't call you again. Goodbye.", "goodbye"),),
    "no booking words without a booking": (agent(1, "Great, you're booked for Tuesday."),),
    "the caller learns what happens next": (
        CallbackRequested(1, "call me", "tomorrow"),
        agent(1, "Somebody will be in touch.", "next_step"),
    ),
    "disclosure first": (caller(1, "hello"), agent(1, "Hi.")),
    "signals quote the buyer": (
        caller(1, "about two hundred"),
        signal(1, "employees", "300", "three hundred people"),
    ),
    "disqualified only by stated words": (reached("disqualified"),),
    "dates are dates": (
        caller(1, "next spring"),
        signal(1, "timeline", "next spring", "next spring"),
    ),
    "answers cite published passages": (agent(1, "Yes.", "answer", "moon-base@1#1"),),
}
MORE_BREACHES = [
    ("at most one ask a turn", (GIVEN, CriterionAsked("name", 1), CriterionAsked("phone", 1))),
    ("nothing known, declined or met is asked again",
     (GIVEN, CriterionDeclined("budget", 1, "no"), CriterionAsked("budget", 2))),
    ("asking stops when nothing can change",
     (GIVEN, signal(1, "disqualifier", "student", ""), reached("disqualified"),
      CriterionAsked("employees", 2))),
    ("a request for a person wins",
     (GIVEN, HumanRequested(1, "a person"), CriterionAsked("employees", 1))),
    ("opt-out before the goodbye",
     (ConsentRecorded("contact", "declined", "never", 10), PromiseMade("I'll call", "maya", 2))),
    ("the caller learns what happens next",
     (raised(1), QuestionDeferred("q1", "do you", 1, "nobody", "unknown"))),
    ("no booking words without a booking",
     (BOOKED, replace(BOOKED, status="cancelled"), agent(2, "You're booked for Tuesday."))),
    ("the caller learns what happens next", (BOOKED, agent(1, "All done."))),
    ("dates are dates", (caller(1, "last year"), signal(1, "timeline", "2025-12-31", "last year"))),
    ("answers cite published passages",
     (agent(1, "Growth is $900 a month.", "answer", "growth-plan@1#1"),)),
]  # fmt: skip


def broken(facts, *, disclosed=True, exchanges=()):
    conversation = Conversation(id="x", turns=(Line(caller="hello"),), when=NOON)
    facts = [*(DISCLOSED if disclosed else ()), *facts]
    held = Held(conversation, facts, exchanges)
    return {name for name, _, _ in violations(held, by_turn(facts), sample())}


def test_every_rule_has_a_breach_here():
    assert set(BREACHES) == set(RULES)


@pytest.mark.parametrize(("name", "facts"), [*BREACHES.items(), *MORE_BREACHES])
def test_a_breach_is_seen_under_its_name(name, facts):
    assert name in broken(facts, disclosed=name != "disclosure first")


@pytest.mark.parametrize(
    "facts",
    [
        (raised(1), QuestionAnswered("q1", 1, (SNOWFLAKE,)), GIVEN, CriterionAsked("role", 1)),
        (raised(1), agent(1, "Yes, we", interrupted=True), GIVEN, CriterionAsked("role", 2)),
        (HumanRequested(1, "a person"), agent(1, "Which number?"), CriterionAsked("phone", 1)),
        (ConsentRecorded("contact", "declined", "x", 9), agent(1, "We won't call you. Goodbye.")),
        (BOOKED, agent(1, "You're booked with Maya for Tuesday.")),
        (CallbackRequested(1, "x", "tomorrow"), agent(1, "Maya will call you tomorrow.")),
        (caller(1, "um two-hundred people"), signal(1, "employees", "200", "two-hundred people")),
        (caller(1, "I'm a student"), signal(1, "disqualifier", "student", "I'm a student"),
         reached("disqualified")),
        (caller(1, "never"), signal(1, "timeline", "none", "never", polarity="negative")),
        (agent(1, "Growth is $1,200 a month billed yearly.", "answer", "growth-plan@1#1"),),
        (GIVEN, caller(1, "kafka"), signal(1, "tech_stack", "Kafka", "kafka"),
         CriterionAsked("tech_stack", 2)),
    ],
)  # fmt: skip
def test_what_keeps_the_rules_is_passed_over(facts):
    assert not broken(facts)


@pytest.mark.parametrize(
    ("words", "name"), [("sure i can hold", set()), ("no", {"asks never exceed gives"})]
)
def test_a_line_of_theirs_that_agrees_has_invited_questions_too(words, name):
    asked = UtteranceRecorded(0, "agent", "May I ask?", 0, 1, asks="offer:permission")
    said = UtteranceRecorded(1, "caller", words, 2, 3)
    asks = CriterionAsked("employees", 1), CriterionAsked("industry", 2)
    assert broken((GIVEN, asked, said, *asks)) == name


@pytest.mark.parametrize(("words", "name"), [("sure", set()), ("no", {"asks never exceed gives"})])
def test_who_agrees_to_be_asked_has_invited_questions(words, name):
    conversation = Conversation.model_validate(
        {"id": "x", "turns": [{"caller": "hi"}], "answers": {"permission": words}}
    )
    reply = conversation.answers["permission"]
    agreed = Exchange(Saying(words, asked="permission", reply=reply), frozenset({1}), words)
    facts = (GIVEN, CriterionAsked("employees", 1), CriterionAsked("industry", 2))
    assert broken(facts, exchanges=(agreed,)) == name
