import json
from dataclasses import replace

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.events import (
    ConversationEnded,
    Fact,
    MeetingRecorded,
    Noted,
    QuestionAnswered,
    RecordingSaved,
    TurnMerged,
)
from core.projections.document import document, percentile
from tests.contracts.call_document import SCHEMA
from tests.core.store.facts import any_fact
from tests.fakes.a_call import ENDED, facts, logged

VALID = jsonschema.Draft202012Validator(SCHEMA)
CALL = [*facts(), ENDED]


@pytest.mark.parametrize("upto", range(len(CALL) + 1))
def test_the_document_is_valid_at_every_moment_of_a_call(upto: int):
    VALID.validate(document("c1", logged(CALL[:upto])))


@settings(max_examples=60, deadline=None)
@given(st.lists(any_fact.filter(lambda f: not isinstance(f, Noted)), max_size=12))
def test_the_document_of_any_facts_is_valid_json_at_any_prefix(some: list[Fact]):
    for upto in range(len(some) + 1):
        VALID.validate(json.loads(json.dumps(document("c1", logged(some[:upto])))))


def test_an_unfinished_call_is_in_progress():
    made = document("c1", logged(CALL[:-1]))
    assert (made["status"], made["outcome"], made["ended_at"]) == ("in_progress", None, None)


def test_a_finished_call_says_who_when_and_how():
    made = document("c1", logged(CALL))
    assert made["from"] == "+14155550123" and made["call_sid"] == "CA" + "1" * 32
    assert (made["status"], made["outcome"]) == ("completed", "callback_promised")
    assert made["started_at"] == "2025-03-03T15:04:05.678Z" < made["ended_at"]
    assert made["disclosure"] == {"heard": True, "at_ms": 1900}
    assert made["recording_consent"] == "given"


def test_a_call_whose_server_died_is_interrupted_and_keeps_everything_said():
    lost = ConversationEnded("dropped", "server_lost", 9000)
    made = document("c1", logged([*CALL[:-1], lost]))
    assert (made["status"], made["outcome"]) == ("interrupted", "dropped")
    assert made["transcript"] == document("c1", logged(CALL))["transcript"]


def test_the_servers_own_account_of_the_end_beats_the_sweeps():
    lost = ConversationEnded("dropped", "server_lost", 9000)
    made = document("c1", logged([*CALL, lost]))
    assert (made["status"], made["outcome"]) == ("completed", "callback_promised")


def test_a_corrected_signal_names_its_correction():
    signals = {s["id"]: s for s in document("c1", logged(CALL))["signals"]}
    assert signals["s4"]["superseded_by"] == "s5"
    assert signals["s5"]["superseded_by"] is None


def test_the_transcript_is_in_time_order_whatever_order_it_was_logged_in():
    lines = document("c1", logged(CALL[::-1]))["transcript"]
    assert [line["start_ms"] for line in lines] == sorted(line["start_ms"] for line in lines)


def test_the_recording_is_addressed_through_the_api():
    recording = document("c1", logged(CALL))["recording"]
    assert recording["url"] == f"/api/v1/calls/CA{'1' * 32}/recording"
    assert recording["channels"] == {"caller": 0, "agent": 1}
    taken_over = document("c1", logged([*CALL, RecordingSaved("c1.wav", 9000, lanes=3)]))
    assert taken_over["recording"]["channels"] == {"caller": 0, "agent": 1, "rep": 2}


def test_latency_is_given_by_turn_and_by_nearest_rank():
    latency = document("c1", logged(CALL))["latency"]
    assert [turn["heard_ms"] for turn in latency["turns"]] == [420, 610]
    assert (latency["p50_ms"], latency["p95_ms"]) == (420, 610)


def test_percentiles_of_nothing_and_of_a_hundred():
    assert percentile([], 0.5) is None
    assert percentile(range(1, 101), 0.95) == 95


def test_an_outstanding_question_goes_once_answered():
    (question,) = document("c1", logged(CALL))["handoff"]["outstanding_questions"]
    assert question["id"] == "q2" and question["owner"] == "sam"
    answered = [*CALL, QuestionAnswered("q2", 6, ("offices@1#1",))]
    assert document("c1", logged(answered))["handoff"]["outstanding_questions"] == []


def test_a_written_brief_and_crm_result_are_shown_as_written():
    crm = {"status": "written", "records": [{"object": "contact"}]}
    handoff = {"summary": "As sent to the rep."}
    made = document("c1", logged([*CALL, Noted("handoff", handoff), Noted("crm", crm)]))
    assert made["handoff"] == handoff and made["crm"] == crm
    assert document("c1", logged(CALL))["crm"] == {"status": "pending", "records": []}


def test_a_booking_is_shown_as_it_was_noted():
    start, end = "2025-03-05T15:00:00+00:00", "2025-03-05T15:30:00+00:00"
    booked = MeetingRecorded("b1", "booked", "sam", "intro", start, end, "Asia/Kolkata", "u", 0, 3)
    moved = replace(booked, status="moved", start="2025-03-06T15:00:00+00:00", sequence=1)
    made = document("c1", logged([*CALL, booked]))["booking"]
    assert (made["id"], made["rep"], made["status"]) == ("b1", "sam", "booked")
    assert made["start"] == "2025-03-05T15:00:00.000Z" and made["rep_local"] is None
    assert made["buyer_local"] == "2025-03-05T20:30:00+05:30" and not made["confirmation_heard"]
    heard = [*CALL, booked, Noted("booking_heard", {"booking_id": "b1", "sequence": 0})]
    assert document("c1", logged(heard))["booking"]["confirmation_heard"]
    later = document("c1", logged([*heard, moved, TurnMerged(3)]))["booking"]
    assert later["status"] == "moved" and later["sequence"] == 1 and later["uid"] == "u"
    assert not later["confirmation_heard"]
    assert document("c1", logged(CALL))["booking"] is None
