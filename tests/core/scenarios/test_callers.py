"""What each caller gets: answers, signals, a verdict, and a next step."""

import pytest

from core.events import CallbackRequested, QuestionAnswered, QuestionDeferred, QuestionRaised
from core.scheduling.memory import MemoryDesk
from tests.core.scenarios.callers import CALLERS
from tests.core.scenarios.talks import hold
from tests.core.talk import Talk, sample

VERDICTS = {
    "demo": "qualified", "ready_buyer": "qualified", "snowflake_to_tools": "qualified",
    "security_lead": "qualified", "operations_manager": "qualified", "statements": "qualified",
    "correction": "qualified", "fast_talker": "qualified", "hesitant": "qualified",
    "human_please": "needs_human", "after_hours": "needs_human",
    "pricing": "insufficient", "unanswerable": "insufficient", "sceptic": "insufficient",
}  # fmt: skip
ANSWERED = {
    "demo": {"snowflake", "growth-plan"},
    "pricing": {"starter-plan", "trial"},
    "hesitant": {"bigquery", "onboarding"},
    "bargein": {"salesforce", "hubspot", "plans"},
    "backchannels": {"security-worry", "enterprise-plan", "snowflake"},
    "email_address": {"soc2"},
    "noisy_line": {"databricks", "enterprise-plan"},
    "open_office": {"postgres", "sync-frequency"},
    "soft_speaker": {"hipaa"},
    "first_frame": {"redshift", "marketo"},
    "fast_talker": {"ad-platforms"},
    "no_recording": {"data-residency"},
    "noises": {"what-is-tideline", "audit-log", "rate-limits"},
    "security_lead": {"soc2", "iso-fedramp", "encryption", "data-residency", "penetration-tests"},
    "sceptic": {"build-in-house", "too-expensive"},
}
DEFERRED = {
    "demo": ["can it connect to our old main bring computer"],
    "unanswerable": [
        "can your software run on a submarine",
        "how many employees did you have in nineteen ninety five",
        "do you sell insurance for pets",
    ],
    "security_lead": ["who are your sub processors"],
}


def of(facts, kind):
    return [f for f in facts if isinstance(f, kind)]


@pytest.mark.parametrize("name", VERDICTS)
async def test_caller_is_judged_with_reasons(name: str):
    talk = (await hold(CALLERS[name])).talk
    assert talk.verdict.result == VERDICTS[name], talk.verdict
    assert talk.verdict.reasons
    assert talk.state.judged.route and talk.state.judged.route.reasons


@pytest.mark.parametrize("name", ANSWERED)
async def test_what_articles_cover_is_answered_from_them(name: str):
    held = await hold(CALLERS[name])
    told = {c.split("@")[0] for t in held.talk.turns for c in t.citations}
    assert told >= ANSWERED[name], told


@pytest.mark.parametrize("name", CALLERS)
async def test_only_what_no_article_covers_is_put_off_in_the_callers_words(name: str):
    talk = (await hold(CALLERS[name])).talk
    assert [f.text for f in of(talk.facts, QuestionDeferred)] == DEFERRED.get(name, [])


async def test_the_demo_ends_as_it_should():
    held = await hold(CALLERS["demo"])
    talk = held.talk
    assert talk.known("role") == ["director of operations"]
    assert talk.known("name") == ["Daniel Parker"] and talk.known("phone") == ["+14155550142"]
    told = {s.criterion for s in talk.state.signals.active}
    assert told >= {"tech_stack", "industry", "employees", "role", "timeline"}
    assert talk.verdict.segment == "mid-market" and talk.verdict.score == 1.0
    (callback,) = of(talk.facts, CallbackRequested)
    assert callback.when == "today"
    deferred = of(talk.facts, QuestionDeferred)[0]
    assert "Snowflake" not in deferred.reason and "Growth" not in deferred.reason


async def test_an_answer_cut_short_by_a_question_is_left_and_stays_outstanding():
    talk = (await hold(CALLERS["demo"])).talk
    assert "single sign-on" not in talk.turns[3].text
    assert talk.turns[3].sentences[0].citations == ("growth-plan@1#1",)
    raised = {f.question_id for f in of(talk.facts, QuestionRaised)}
    settled = {f.question_id for f in of(talk.facts, QuestionAnswered | QuestionDeferred)}
    left = [q for q in talk.state.questions if q.id in raised - settled]
    assert [q.text for q in left] == ["do you support single sign on"]


async def test_asking_again_brings_the_answer_that_was_cut_short():
    talk = Talk()
    await talk.says("do you support single sign on", [0.2])
    await talk.says("wait how much is growth")
    turn = await talk.says("and what about single sign on")
    assert "single sign-on" in turn.text


async def test_a_need_told_as_one_is_no_question():
    talk = Talk()
    await talk.says("how much is the growth plan")
    turn = await talk.says("that sounds fair when need to have this running by next month")
    assert talk.known("timeline") == ["2026-12-31"]
    assert not of(turn.facts, QuestionRaised)


async def test_goodbyes_in_pieces_get_one_goodbye():
    talk = (await hold(CALLERS["demo"])).talk
    closing = [t.text for t in talk.turns[-3:]]
    assert closing[0].startswith("Maya will call you today.") and "Goodbye." in closing[0]
    assert all(len(text.split()) <= 2 for text in closing[1:])


async def test_the_number_the_call_comes_from_needs_no_reading_back():
    talk = Talk(caller="+14155550142")
    turn = await talk.says("my number is four one five five five five zero one four two")
    assert not [a for a in turn.asks if a.startswith("confirm")]
    assert "today on 415-555-0142" in turn.text


async def test_the_last_digits_can_be_put_right_alone():
    talk = (await hold(CALLERS["phone_number"])).talk
    assert talk.known("phone") == ["+16175550138"] and talk.known("name") == ["Peter Walsh"]
    assert talk.state.callback is not None
    assert talk.state.callback.when == "tomorrow at ten in the morning"
    assert "tomorrow at ten in the morning on 617-555-0138" in talk.turns[-1].text


async def test_something_in_writing_is_asked_an_address_for_and_promised():
    talk = (await hold(CALLERS["email_address"])).talk
    assert talk.turns[0].asks == ["email"]
    assert talk.known("email") == ["maria.lopez@brightfield.com"] and not talk.known("name")
    assert "maria.lopez@brightfield.com" in talk.turns[-1].text


async def test_an_okay_that_opens_a_sentence_accepts_nothing():
    talk = Talk()
    await talk.says("can this integrate with our snowflake data warehouse")
    await talk.says("we want to sync customer data from snowflake into salesforce")
    turn = await talk.says("about two hundred people")
    assert turn.asks == ["offer:callback"]
    await talk.says("okay we are in healthcare")
    assert talk.state.callback is None
    await talk.says("do you support sso")
    turn = await talk.says("okay call me then please")
    assert talk.state.callback is not None


async def test_a_fit_who_leaves_is_offered_a_call_once():
    talk = (await hold(CALLERS["correction"])).talk
    assert talk.state.proposals.made.count("callback") == 1 and talk.state.callback is None
    assert talk.turns[-1].action is not None and talk.turns[-1].action.kind == "hang_up"
    talk = Talk(desk=MemoryDesk(sample().company))
    await talk.says("we're on snowflake, 500 people, and want customer data in salesforce by june")
    turn = await talk.says("great thank you very much goodbye")
    assert turn.asks == ["offer:callback"] and turn.action is None
    turn = await talk.says("no thanks bye")
    assert turn.action is not None and turn.action.kind == "hang_up"


async def test_what_buyers_ask_for_tells_their_use():
    talk = Talk()
    await talk.says("can you keep sales force up to date from big query")
    implied = [s for s in talk.state.signals.active if s.criterion == "use_case"]
    assert [(s.value, s.basis) for s in implied] == [("reverse ETL", "implied")]
    await talk.says("we want to push data from our warehouse into hub spot")
    assert talk.known("use_case") == ["reverse ETL"]


async def test_a_question_that_names_nothing_is_asked_again_and_not_passed_on():
    talk = Talk()
    turn = await talk.says("can a do that")
    assert not of(turn.facts, QuestionDeferred)


@pytest.mark.parametrize(
    ("said", "criterion", "values"),
    [
        ("i run revenue operations", "role", ["head of revenue operations"]),
        ("i'm the vice president of data", "role", ["VP of data"]),
        ("i am an it manager here", "role", ["IT manager"]),
        ("our finance team would use it", "industry", []),
        ("how is that different from five tran", "employees", []),
        ("around six thousand dollars a year", "budget", ["6000"]),
        ("we want to start this month actually no next quarter", "timeline", ["2027-03-31"]),
        ("our engineers could build that in a week", "timeline", []),
        ("we'd like to be live before the end of march", "timeline", ["2027-03-31"]),
    ],
)
async def test_what_is_said_is_read_as_it_is_meant(said, criterion, values):
    talk = Talk()
    await talk.says(said)
    assert talk.known(criterion) == values


@pytest.mark.parametrize(
    "heard",
    [
        "sorry but would we stop you fair how much does the growth plan cost",
        "sorry what we stop you there how much does the growth plan cost",
        "sorry let me stop you there how much does the growth plan cost",
        "sorry at me stop you where how much does a growth plan cost",
    ],
)
async def test_a_misheard_beginning_does_not_hide_the_question(heard: str):
    talk = Talk()
    turn = await talk.says(heard)
    assert turn.citations[:1] == ["growth-plan@1#1"], turn.text


@pytest.mark.parametrize(
    ("heard", "article"),
    [
        ("growth plan price", "growth-plan"),
        ("pricing please", "plans"),
        ("is tideline hipaa compliant", "hipaa"),
        ("can everything stay in europe", "data-residency"),
        ("we've got everything in snow flake can you hook into that", "snowflake"),
        ("how are you different than five tran", "vs-fivetran"),
        ("do you hang on to our data", "data-retention"),
    ],
)
async def test_a_question_is_found_however_it_is_put(heard: str, article: str):
    turn = await Talk().says(heard)
    assert [c.split("@")[0] for c in turn.citations][:1] == [article], turn.text


async def test_what_is_left_to_people_is_put_off_in_approved_words():
    talk = Talk()
    turn = await talk.says("can you give me a discount")
    assert turn.sentences[0].kind == "deferral" and turn.citations[0].startswith("discounts@")
    (deferred,) = of(turn.facts, QuestionDeferred)
    assert talk.engine.loaded.company.rep(deferred.owner) is not None
    assert "Maya Lindqvist" in turn.text
    turn = await talk.says("do you have a moon base")
    assert "Maya" in turn.text


@pytest.mark.parametrize(
    "heard",
    [
        "what will we talk to somebody free on all we got to you",
        "my i'm a recruiter want one",
        "b a i right my you beat that while",
    ],
)
async def test_a_line_too_bad_to_understand_is_neither_answered_nor_put_off(heard: str):
    turn = await Talk().says(heard)
    assert not turn.citations and not of(turn.facts, QuestionDeferred)


async def test_a_question_announced_after_a_misheard_beginning_is_answered():
    turn = await Talk().says("yes who will i have a quick question about salesforce")
    assert turn.citations[:1] == ["salesforce@1#1"]
