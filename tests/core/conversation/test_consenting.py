"""What callers are told about recording, what they answer, and what then holds."""

import random

import pytest

from core.conversation.consenting import unrecorded
from core.events import HumanRequested, Logged
from core.facts.consents import ConsentRecorded, ConsentRule
from core.policy.jurisdiction import rule_of
from core.projections.document import document
from knowledge.jurisdictions import Jurisdiction, jurisdictions
from tests.core.talk import MONDAY_NOON, OTHER, Talk, sample

TIDELINE, CORVANE = sample().company, sample(OTHER).company
BERLIN = "+493055500123"


def german(**more) -> Talk:
    return Talk(folder=OTHER, caller=BERLIN, called="+496990009142", **more)


def consents(facts) -> list[tuple[str, str]]:
    return [(f.state, f.how) for f in facts if isinstance(f, ConsentRecorded)]


def edited(company, **changes):
    consent = company.consent.model_copy(update=changes)
    return company.model_copy(update={"consent": consent})


# --- by which rule ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("company", "caller", "mode"),
    [
        (TIDELINE, "+15125550164", "opt_out"),  # Texas asks for one party, Massachusetts for all
        (TIDELINE, "+14155550100", "opt_out"),
        (TIDELINE, "+18005550100", "opt_out"),  # a state of the country, nobody knows which
        (TIDELINE, BERLIN, "opt_in"),
        (TIDELINE, None, "opt_in"),
        (TIDELINE, "+88216555012", "opt_in"),  # a satellite's
        (CORVANE, "+15125550164", "opt_in"),  # ours is where it is forbidden
        (edited(TIDELINE, recording="opt_in"), "+15125550164", "opt_in"),
        (edited(TIDELINE, recording="never"), None, "never"),
        (edited(TIDELINE, unknown="opt_out"), None, "opt_out"),
        (edited(TIDELINE, places={"DE": Jurisdiction(recording="opt_out", source="counsel")}),
         BERLIN, "opt_out"),
        (edited(TIDELINE, places={"US-CA": Jurisdiction(recording="never", source="counsel")}),
         "+14155550100", "never"),
    ],
)  # fmt: skip
def test_the_strictest_of_the_callers_place_ours_and_the_company_holds(company, caller, mode):
    assert rule_of(company, caller, company.numbers[0]).mode == mode


def test_where_both_places_ask_for_one_party_a_company_may_only_announce():
    texan = edited(TIDELINE, recording="announce").model_copy(update={"numbers": ("+15125550142",)})
    assert rule_of(texan, "+12125550100").mode == "announce"
    assert rule_of(texan, "+14155550100").mode == "opt_out"
    assert rule_of(texan, "+12125550100", said="Munich").mode == "opt_in"
    assert rule_of(texan, "+12125550100", said="an island nobody knows").mode == "announce"


def test_every_rule_names_whose_it_is_and_a_calls_rule_says_which_it_followed():
    assert all(row.source for row in jurisdictions().values())
    rule = rule_of(TIDELINE, BERLIN, "+16175550142")
    assert rule.places == ("DE", "US-MA")
    assert "§ 201" in rule.sources[0] and "272" in rule.sources[1]
    talk = Talk(caller=BERLIN)
    assert [f for f in talk.facts if isinstance(f, ConsentRule)] == [rule]


# --- a notice --------------------------------------------------------------------------------


async def test_a_notice_says_how_to_refuse_and_its_words_and_place_are_kept():
    talk = Talk()
    notice = " ".join(s.text for s in talk.opening if "record" in s.text or "press" in s.text)
    assert "press 9" in notice
    (given_,) = [f for f in talk.facts if isinstance(f, ConsentRecorded)]
    assert (given_.state, given_.how, given_.asked) == ("given", "notice", notice)
    assert given_.asked_ms == given_.at_ms > 0


@pytest.mark.parametrize("words", ["no", "no thanks", "i'd rather you didn't", "no please don't"])
async def test_a_bare_no_to_the_notice_is_a_refusal(words):
    talk = Talk()
    turn = await talk.says(words)
    assert talk.state.recording.consent == "declined", turn.text
    assert "record" in turn.text


async def test_a_no_later_on_is_about_something_else():
    talk = Talk()
    await talk.says("how much is the growth plan")
    await talk.says("no")
    assert talk.state.recording.consent == "given"


@pytest.mark.parametrize("folder", [None, OTHER])
async def test_the_key_that_refuses_does_so_at_any_moment(folder):
    talk = german() if folder else Talk()
    turn = await talk.says("", keys="9")
    assert consents(turn.facts) == [("declined", "key")]
    assert "record" in turn.text
    told = next(f for f in turn.facts if isinstance(f, ConsentRecorded))
    assert told.words == "pressed 9" and told.asked
    again = await talk.says("", keys="9")
    assert consents(again.facts) == [] and "record" in again.text


# --- a question ------------------------------------------------------------------------------


async def test_where_a_yes_is_needed_the_opening_ends_with_the_question():
    talk = german()
    assert talk.opening[-1].text == "May we record this call for our sales team?"
    assert consents(talk.facts) == []
    turn = await talk.says("yes that's fine")
    (fact,) = [f for f in turn.facts if isinstance(f, ConsentRecorded)]
    assert (fact.state, fact.how) == ("given", "word")
    assert fact.asked == talk.opening[-1].text and fact.asked_ms <= fact.at_ms
    assert "How can I help your laboratory?" in turn.text


async def test_a_no_is_served_all_the_same():
    talk = german()
    turn = await talk.says("no thank you")
    assert consents(turn.facts) == [("declined", "word")]
    assert "won't be recorded" in turn.text or "is off" in turn.text
    assert "How can I help your laboratory?" in turn.text
    answer = await talk.says("how much is the cx4 centrifuge")
    assert answer.citations
    assert consents(talk.facts) == [("declined", "word")]


async def test_a_yes_inside_other_words_is_asked_once_more_and_then_believed():
    talk = german()
    turn = await talk.says("yes hello how much is the cx4 centrifuge")
    assert consents(turn.facts) == [] and turn.citations
    assert turn.asks[-1] == "offer:recording"
    turn = await talk.says("yes")
    assert consents(turn.facts) == [("given", "word")]


@pytest.mark.parametrize("words", ["no, go ahead", "yeah, no, that sounds good"])
async def test_a_yes_beside_a_no_is_asked_once_more(words):
    talk = german()
    turn = await talk.says(words)
    assert consents(turn.facts) == [] and "offer:recording" in turn.asks
    turn = await talk.says("yes")
    assert consents(turn.facts) == [("given", "word")]


async def test_who_goes_on_to_their_matter_is_not_recorded_and_not_asked_again():
    talk = german()
    turn = await talk.says("how much is the cx4 centrifuge")
    assert consents(turn.facts) == [("declined", "unanswered")]
    assert "offer:recording" not in turn.asks
    fact = next(f for f in turn.facts if isinstance(f, ConsentRecorded))
    assert fact.words == "how much is the cx4 centrifuge"


async def test_an_unclear_answer_is_asked_once_more_and_then_a_no():
    talk = german()
    turn = await talk.says("")
    assert turn.asks == ["offer:recording"] and "may I record" in turn.text
    turn = await talk.says("")
    assert consents(talk.facts) == [("declined", "unanswered")]
    assert "won't record" in turn.text and "How can I help" in turn.text
    for _ in range(3):
        turn = await talk.says("how do the alarms work")
        assert "offer:recording" not in turn.asks


async def test_a_question_that_was_not_heard_is_asked_at_the_end_of_the_first_reply():
    talk = german()
    talk.state = talk.engine.open(talk.state.opened, after_hours=False).state
    turn = await talk.says("how much is the cx4 centrifuge")
    assert turn.asks[-1] == "offer:recording"
    turn = await talk.says("no")
    assert consents(talk.facts)[-1] == ("declined", "word")


async def test_the_keys_answer_too():
    talk = german()
    turn = await talk.says("", keys="1")
    assert consents(turn.facts) == [("given", "key")]
    talk = german()
    turn = await talk.says("", keys="9")
    assert consents(turn.facts) == [("declined", "key")]


# --- a change of mind ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    ["actually you can record this", "okay you may record the call", "recording is fine after all",
     "i don't mind being recorded", "turn the recording back on", "go ahead and record it",
     "i agree to the recording", "please start recording again"],
)  # fmt: skip
async def test_who_declined_may_allow_it_after_all(words):
    talk = Talk()
    await talk.says("please do not record this call")
    turn = await talk.says(words)
    assert consents(turn.facts) == [("given", "word")], turn.text
    turn = await talk.says("is this recorded")
    assert turn.text.startswith("Yes")


@pytest.mark.parametrize(
    "words",
    ["stop recording", "please stop the recording", "i don't want to be recorded any more",
     "turn the recording off", "could you stop recording me now"],
)  # fmt: skip
async def test_a_recording_stops_in_minute_five(words):
    talk = Talk()
    await talk.says("how much is the growth plan")
    turn = await talk.says(words)
    assert consents(turn.facts) == [("declined", "word")]
    assert "deleted" in turn.text
    turn = await talk.says("is this recorded")
    assert turn.text.startswith("No")


@pytest.mark.parametrize(
    "words",
    ["can you record events in snowflake", "do you sync call recordings", "we record our demos",
     "how many records can you sync"],
)  # fmt: skip
async def test_talk_about_records_allows_nothing(words):
    talk = Talk()
    await talk.says("please do not record this call")
    turn = await talk.says(words)
    assert talk.state.recording.consent == "declined", turn.text


async def test_a_place_with_a_stricter_rule_takes_back_what_the_notice_allowed():
    talk = Talk()
    assert talk.state.recording.consent == "given"
    turn = await talk.says("we're based in Munich and run snowflake")
    assert consents(turn.facts) == [("unknown", "place")]
    assert "stopped the recording" in turn.text
    assert turn.asks == ["offer:recording"]
    turn = await talk.says("yes sure")
    assert consents(turn.facts) == [("given", "word")]
    turn = await talk.says("and we have an office in vienna")
    assert consents(turn.facts) == []


# --- the truth -------------------------------------------------------------------------------


async def test_the_truth_about_the_recording_is_told_in_every_state():
    talk = german()
    assert (await talk.says("is this call recorded")).text.startswith("No, it isn't. I only record")
    turn = await talk.says("yes go ahead")
    assert consents(turn.facts) == [("given", "word")]
    assert (await talk.says("are you recording this")).text.startswith("Yes")
    await talk.says("stop recording please")
    assert (await talk.says("is this still being recorded")).text.startswith("No")


async def test_the_truth_is_told_in_the_middle_of_a_question_which_then_still_stands():
    talk = Talk(caller=None)
    talk.state = Talk().state
    await talk.says("can somebody call me back on another number")
    waiting = talk.state.awaited.ask
    turn = await talk.says("are you a robot")
    assert "AI" in turn.text
    turn = await talk.says("is this recorded")
    assert turn.text.startswith("Yes")
    assert talk.state.awaited.ask == waiting


async def test_the_truth_is_told_with_a_request_for_a_person_and_with_a_goodbye_for_good():
    talk = Talk()
    turn = await talk.says("are you a robot i want to talk to a real person")
    assert "AI" in turn.text and [f for f in turn.facts if isinstance(f, HumanRequested)]
    talk = Talk()
    turn = await talk.says("is this recorded? take me off your list and never call me again")
    assert turn.text.startswith("Yes") and turn.action.kind == "hang_up"


async def test_a_caller_is_never_told_that_it_records_when_it_does_not():
    """Whatever was said before, the answer is the state that the recording follows."""
    said = [
        "is this recorded", "please do not record this call", "you can record this", "yes", "no",
        "how much is the growth plan", "are you a robot", "", "we're in Munich", "bye",
    ]  # fmt: skip
    dice = random.Random(3)
    for n in range(40):
        talk = german() if n % 2 else Talk(caller=None if n % 3 else "+14155550100")
        for _ in range(6):
            await talk.says(dice.choice(said), keys=dice.choice(["", "", "", "9", "1"]))
            before = talk.state
            turn = await talk.says("is this call recorded")
            assert turn.text.startswith("Yes") == (before.recording.consent == "given"), talk.facts
            told = [f for f in talk.facts if isinstance(f, ConsentRecorded)]
            recording = [f for f in told if f.kind == "recording"]
            state = recording[-1].state if recording else "unknown"
            assert state == talk.state.recording.consent


@pytest.mark.parametrize("seed", range(12))
async def test_nothing_but_a_yes_alone_or_plain_words_lets_us_record_where_one_is_needed(seed):
    dice = random.Random(seed)
    other = ["hello", "yes hello how much is it", "sure, how much is it", "what", "why", "",
             "is this recorded", "how do the alarms work", "hm", "i'd like a demo"]  # fmt: skip
    talk = german()
    for _ in range(6):
        turn = await talk.says(dice.choice(other))
        assert ("given", "word") not in consents(turn.facts), turn.said
        again = [t for t in talk.turns if "offer:recording" in t.asks and t.said != "what"]
        assert len(again) <= 1


def test_the_document_has_each_consent_with_both_sides_words():
    talk = Talk()
    logged = [Logged("c1", n, MONDAY_NOON, f) for n, f in enumerate(talk.facts, start=1)]
    told = document("c1", logged)["consent"]
    assert told["mode"] == "opt_out" and told["sources"]
    assert told["events"][0]["asked"].startswith("This call is recorded")


async def test_who_asks_on_a_call_that_cannot_be_recorded_any_more_is_told_so():
    talk = Talk()
    await talk.says("how much is the growth plan")
    talk.state = unrecorded(talk.state)
    assert (await talk.says("is this recorded")).text.startswith("No")
    turn = await talk.says("you can record this")
    assert consents(turn.facts) == [] and "isn't recorded" in turn.text
    assert (await talk.says("is this recorded")).text.startswith("No")
