"""A request holds whatever else its clause is about; only what unsays it does."""

import pytest

from tests.core.conversation.meanings import in_a_call


def kinds(text: str) -> set[str]:
    return {type(c).__name__ for c in in_a_call(text)}


@pytest.mark.parametrize(
    "text",
    [
        "please don't record this call per our company policy",
        "i don't consent to being recorded in a million years",
        "i'd rather not be recorded when we talk about our salesforce fields",
        "please stop recording, we're about to discuss our sync jobs",
        "no recording please, this is about employee records of ours",
        "don't tape me while i look up the duplicate",
    ],
)
def test_a_refusal_to_be_recorded_is_never_lost(text):
    assert "DeclineRecording" in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "is this call recorded for your records",
        "are you recording this for audit",
        "is this being recorded so it can end up in salesforce",
        "are you recording me while we talk about the sync",
    ],
)
def test_who_asks_about_the_recording_hears_the_truth(text):
    assert "AskIfRecorded" in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "can i talk to a human about the schedule",
        "can i talk to a person about our calendar sync",
        "i want to talk to a real person about a dedicated account manager",
        "can i talk to someone who can help us migrate",
        "i need to speak to a person, my colleague is on holiday",
        "can i speak to someone from your support team",
        "could you transfer me to a person who speaks to my industry",
        "let me talk to a human about how calls are assigned to us",
        "my boss wants to talk to a real person",
    ],
)
def test_a_wish_for_a_person_holds_whatever_it_is_about(text):
    assert "RequestHuman" in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "can someone call me back about the api",
        "please call me back about your api limits",
        "can you call me back about the leads we get",
        "could somebody ring me tomorrow about how we call it internally",
    ],
)
def test_a_call_back_holds_whatever_it_is_about(text):
    assert "RequestCallback" in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "can we book a demo of the sync",
        "can you schedule a meeting about our jobs",
        "i'd like to set up a meeting about how syncs run",
        "can we schedule a demo of the meeting room planner",
    ],
)
def test_a_meeting_holds_whatever_it_is_about(text):
    assert "RequestMeeting" in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "i need to be taken off your list",
        "we need to opt out of these calls",
        "i'd like to know are you a robot",
    ],
)
def test_the_law_holds_beside_a_verb_of_need(text):
    assert kinds(text) & {"OptOut", "AskIfAI"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("i don't want to record calls in salesforce", "DeclineRecording"),
        ("we don't record our own calls", "DeclineRecording"),
        ("our customers want to talk to a person", "RequestHuman"),
        ("i don't want to talk to a person yet", "RequestHuman"),
        ("someone called me about a demo yesterday", "RequestCallback"),
        ("i'm not ready for a demo", "RequestMeeting"),
        ("do you sync meeting data", "RequestMeeting"),
        ("can we remove a contact from the list", "OptOut"),
        ("our customers can unsubscribe from the list", "OptOut"),
        ("do you delete my data when the contract ends", "OptOut"),
        ("how long does a sync take, a minute or an hour", "Busy"),
    ],
)
def test_what_unsays_a_request_stands_beside_it(text, kind):
    assert kind not in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "you called me, can someone call me back tomorrow at ten",
        "you called me can someone call me back tomorrow at ten",
        "i missed your call, please call me back at four",
    ],
)
def test_a_call_back_holds_beside_our_call(text):
    when = [c.when for c in in_a_call(text) if type(c).__name__ == "RequestCallback"]
    assert when and when[0]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("stop calling me, let me talk to a human", "RequestHuman"),
        ("don't record this, is it being recorded", "AskIfRecorded"),
    ],
)
def test_a_denial_in_another_clause_leaves_it(text, kind):
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "i am a student at purdue, my professor wants a quote",
        "i am a student at purdue and need a quote for my professor",
    ],
)
def test_who_collects_prices_for_a_professor_is_a_buyer(text):
    assert "CompetitorOrVendor" not in kinds(text)
