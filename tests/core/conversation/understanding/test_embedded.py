"""Single turns to commands, on words as a recogniser gives them."""

from dataclasses import replace

import pytest

from core import commands as c
from core.conversation.state import ConversationState
from core.conversation.understanding.embedded import Understanding
from core.conversation.words.utterance import fluent
from core.talk import ConversationOpened, UserSaid, Word
from knowledge.sections.fit import Disqualifier
from tests.core.states import awaiting
from tests.core.talk import MONDAY_NOON, RENTAL, ROOT, Talk, sample

READER = Understanding(sample().company)
OPENED = ConversationOpened("c1", "voice", "inbound", "+14155550100", "+16175550142", MONDAY_NOON)
FRESH = ConversationState(OPENED)


def read(text, state=FRESH, turn=2, **said):
    return READER.read(UserSaid(turn, text, 1000, 4000, MONDAY_NOON, **said), state)


def kinds(commands):
    return {type(command) for command in commands}


def signals(commands):
    wanted = (c.ProvideSignal, c.CorrectSignal)
    return {x.criterion: x.value for x in commands if isinstance(x, wanted)}


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("can this integrate with our snowflake data warehouse", 1),
        ("do you support sso and how much is the growth plan", 2),
        ("i was wondering whether you have a free trial", 1),
        ("tell me about pricing", 1),
        ("we use big query and sales force", 0),
        ("we're about two hundred people and does it work with snow flake", 1),
        ("what we need is a better sync", 0),
        ("how long does it take to get set up we want to be live by january", 1),
        ("what about redshift", 1),
        ("uh hi um so does it do like real time sync", 1),
        ("some fifteen people will be logging in is it extra for each", 1),
        ("if i pick the small one and we outgrow it am i stuck with it", 1),
        ("redshift serverless can or not", 1),
        ("is that something you all fix or no", 1),
        ("you have a person that speaks spanish", 1),
        ("it is possible that you do this every morning", 1),
        ("the thing is it takes too long", 0),
        ("you have my number already", 0),
        ("i am a data engineer and we are on redshift", 0),
    ],
)
def test_questions_are_found_without_punctuation(text, asked):
    assert sum(isinstance(x, c.AskProduct) for x in read(text)) == asked


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("i'd like to talk to a real person", c.RequestHuman),
        ("can i speak with someone in sales", c.RequestHuman),
        ("agent", c.RequestHuman),
        ("transfer me please", c.RequestHuman),
        ("call me back tomorrow morning", c.RequestCallback),
        ("could someone call me back", c.RequestCallback),
        ("i'd like to book a demo", c.RequestMeeting),
        ("stop calling me", c.OptOut),
        ("take me off your list", c.OptOut),
        ("are you a robot", c.AskIfAI),
        ("am i talking to a real person", c.AskIfAI),
        ("is this call being recorded", c.AskIfRecorded),
        ("please don't record this", c.DeclineRecording),
        ("why do you ask", c.AskWhy),
        ("sorry can you repeat that", c.AskRepeat),
        ("okay thanks that's all bye", c.EndCall),
        ("i'm a student", c.CompetitorOrVendor),
        ("our sync is failing", c.SupportNeed),
        ("how are you", c.Smalltalk),
        ("hello", c.Smalltalk),
        ("you stupid bot", c.Abuse),
        ("there was a data breach", c.Escalate),
        ("um", c.Unclear),
        ("", c.Unclear),
        ("that's too expensive", c.Objection),
        ("what do you need from me", c.Invite),
    ],
)
def test_requests_are_understood(text, kind):
    assert kind in kinds(read(text))


@pytest.mark.parametrize(
    "text",
    ["can i talk about pricing", "do you have agents in europe", "who is your ceo",
     "what would you put me on", "which plan, what do you put me on for that"],
)  # fmt: skip
def test_ordinary_questions_are_no_request_for_a_person(text):
    assert c.RequestHuman not in kinds(read(text))


@pytest.mark.parametrize(
    ("text", "waits"),
    [("hang on a second", True), ("hold on", True), ("hold on the line please", True),
     ("does it come with hooks i can hang on the wall", False)],
)  # fmt: skip
def test_who_wants_us_to_wait(text, waits):
    assert (c.Smalltalk in kinds(read(text))) is waits


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("we're about two hundred people", {"employees": "200"}),
        ("team of forty", {"employees": "40"}),
        ("it's just me", {"employees": "1"}),
        (
            "we have twelve hundred employees in germany",
            {"employees": "1200", "location": "Germany"},
        ),
        ("we use big query", {"tech_stack": "BigQuery"}),
        ("we're on snow flakes", {"tech_stack": "Snowflake"}),
        ("we'd like to go live next month", {"timeline": "2026-12-31"}),
        ("i'm the vp of data at globex", {"role": "VP of data"}),
        ("my boss makes the decision", {"role": "not the decision maker"}),
        (
            "we're a hospital group in california",
            {"industry": "healthcare", "location": "California"},
        ),
        ("our budget is twenty thousand dollars a year", {"budget": "20000"}),
        ("we can spend about two thousand dollars a month", {"budget": "24000"}),
        ("we sync twenty million rows", {}),
        ("we have three months of data", {}),
    ],
)
def test_signals_are_read_from_plain_statements(text, found):
    assert {k: v for k, v in signals(read(text)).items() if k != "use_case"} == found


def test_a_hedge_lowers_confidence():
    sure = next(x for x in read("we have forty people") if isinstance(x, c.ProvideSignal))
    hedged = next(x for x in read("i think maybe forty people") if isinstance(x, c.ProvideSignal))
    assert hedged.confidence < sure.confidence


def test_a_doubtful_recognition_lowers_confidence():
    words = tuple(
        Word(w, 1000 + 300 * i, 1300 + 300 * i, 0.3)
        for i, w in enumerate("we have forty people".split())
    )
    heard = next(
        x for x in read("we have forty people", words=words) if isinstance(x, c.ProvideSignal)
    )
    assert heard.confidence < 0.7


def test_word_times_become_the_signals_milliseconds():
    words = tuple(
        Word(w, 1000 + 300 * i, 1300 + 300 * i)
        for i, w in enumerate("we have forty people".split())
    )
    heard = next(
        x for x in read("we have forty people", words=words) if isinstance(x, c.ProvideSignal)
    )
    assert (heard.span.start_ms, heard.span.end_ms) == (1600, 2200)


def test_what_is_asked_about_is_implied_and_what_is_ours_is_stated():
    asked = [x for x in read("do you support redshift") if isinstance(x, c.ProvideSignal)]
    ours = [x for x in read("does it work with our redshift") if isinstance(x, c.ProvideSignal)]
    assert asked[0].implied and not ours[0].implied


def test_yes_and_no_answer_what_was_asked():
    assert c.Affirm in kinds(read("yeah sure"))
    assert c.Deny in kinds(read("no not really"))


def test_a_refusal_names_what_was_asked():
    state = awaiting(FRESH, ask="budget", turn=1)
    declined = [x for x in read("i'd rather not say", state) if isinstance(x, c.DeclineToSay)]
    assert declined[0].criterion == "budget"


def test_not_knowing_is_not_refusing():
    state = awaiting(FRESH, ask="budget", turn=1)
    assert c.DoesNotKnow in kinds(read("i don't know", state))


def test_negation_and_correction_within_a_turn_keep_the_right_number():
    assert signals(read("we have two hundred people not twenty"))["employees"] == "200"
    assert signals(read("fifty sorry sixty people"))["employees"] == "60"


def test_the_same_turn_reads_the_same():
    text = "hi this is jane from acme we use snowflake do you support sso"
    assert read(text) == read(text)


def test_a_company_phrase_denied_is_not_stated():
    assert c.CompetitorOrVendor not in kinds(read("we're not a competitor"))


GREETED = replace(FRESH, history=FRESH.history.adding("agent", "Hi, this is Marina."))
TALKED = replace(FRESH, history=GREETED.history.adding("caller", "what is tideline"))


@pytest.mark.parametrize("text", ["bye", "goodbye", "bye bye", "good bye", "okay bye"])
def test_a_goodbye_as_the_first_words_by_telephone_is_doubted(text):
    assert c.EndCall not in kinds(read(text, GREETED, turn=1))
    assert c.EndCall in kinds(read(text, TALKED))
    assert c.EndCall in kinds(read(text, replace(GREETED, unclear=1)))


def test_a_goodbye_heard_badly_is_doubted_until_it_is_said_again():
    assert c.EndCall not in kinds(read("thank you goodbye", TALKED, confidence=0.2))
    assert c.EndCall in kinds(read("thank you goodbye", TALKED, confidence=0.6))
    assert c.EndCall in kinds(read("goodbye", replace(TALKED, unclear=1), confidence=0.2))
    assert c.EndCall in kinds(
        read(
            "goodbye", replace(TALKED, ending=replace(TALKED.ending, farewell=True)), confidence=0.2
        )
    )


def test_a_goodbye_of_several_words_and_one_in_writing_are_believed():
    assert c.EndCall in kinds(read("no thanks i have to go goodbye", GREETED, turn=1))
    written = replace(GREETED, opened=replace(OPENED, channel="chat"))
    assert c.EndCall in kinds(read("bye", written, turn=1))


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("um we want to, uh, merge er our orders", "we want to merge our orders"),
        ("sync the hummus orders", "sync the hummus orders"),
        ("Ahead of, erm, launch.", "Ahead of launch."),
    ],
)
def test_what_is_repeated_is_free_of_hesitation(said, kept):
    assert fluent(said) == kept


def test_a_disqualifier_of_the_companys_own_is_known_by_its_words_in_any_order():
    item = Disqualifier(
        id="franchise", label="Franchise", phrases=("we run a franchise",), exit="Write to us."
    )
    company = sample().company.model_copy(update={"disqualifiers": (item,)})
    read_by = Understanding(company).read

    def ids(text: str) -> set[str]:
        said = UserSaid(2, text, 1000, 4000, MONDAY_NOON)
        found = read_by(said, ConversationState(OPENED, turn=1))
        return {x.disqualifier for x in found if isinstance(x, c.CompetitorOrVendor)}

    assert ids("it's a franchise that my wife and i are running") == {"franchise"}
    assert not ids("do you run a franchise") and not ids("we don't run a franchise")
    assert not ids("our customers run franchises")


def test_who_looks_for_somebody_to_do_the_work_does_not_look_for_work():
    item = Disqualifier(
        id="job", label="Job", kind="job_seeker", phrases=("looking for cleaning work",), exit="No."
    )
    company = sample().company.model_copy(update={"disqualifiers": (item,)})

    def found(text: str) -> set[str]:
        said = UserSaid(2, text, 1000, 4000, MONDAY_NOON)
        read = Understanding(company).read(said, ConversationState(OPENED, turn=1))
        return {x.disqualifier for x in read if isinstance(x, c.CompetitorOrVendor)}

    assert not found("hi, i'm looking for somebody to clean our office")
    assert found("hi, i'm looking for some work, cleaning or so") == {"job"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("CTO of a media company, Los Angeles", {"role": "CTO", "industry": "media"}),
        ("VP of data over at a retailer in Ohio", {"role": "VP of data", "industry": "retail"}),
        ("I run revenue operations for a software company",
         {"role": "head of revenue operations", "industry": "software"}),
        ("we've got six hundred, no wait, that was before the merger, seven fifty now",
         {"employees": "750"}),
        ("employees, it is maybe five hundred twenty", {"employees": "520"}),
        ("two hundred agents and staff, thereabouts", {"employees": "200"}),
        ("budget's not the issue, eighty grand's approved", {"budget": "80000"}),
        ("I've got maybe fifty thousand US for the year", {"budget": "50000"}),
        ("we'd need it by September. Set something up with my office",
         {"timeline": "2027-09-30"}),
        ("trying to finish by summer, call it end of June", {"timeline": "2027-06-30"}),
        ("I'd love it before Valentine's Day", {"timeline": "2027-02-13"}),
        ("we're planning on a May launch", {"timeline": "2027-05-31"}),
    ],
)  # fmt: skip
def test_facts_are_told_in_other_ways_than_asked_for(text, told):
    assert told.items() <= signals(read(text)).items()


def test_just_me_is_whom_a_fault_hits_and_no_company_of_one():
    assert "employees" not in signals(read("my colleague can get in, it's just me"))


def test_a_date_in_the_sentence_that_wants_a_call_is_the_calls():
    assert "timeline" not in signals(read("please call me back on Friday"))


def test_what_a_rival_quoted_is_no_size_though_we_asked_for_one():
    asked = awaiting(FRESH, ask="employees", turn=1)
    assert "employees" not in signals(read("and Hightouch quoted us nine thousand", asked))
    assert signals(read("nine thousand", asked))["employees"] == "9000"


def test_what_a_department_wants_to_know_is_asked_part_by_part():
    said = (
        "We are a hospital group with 6,000 employees. Our legal department would like to know"
        " whether you sign BAAs, where the data is stored and what it costs."
    )
    talk = Talk()
    commands = talk.engine.thinker.understanding.read(talk.said(said), talk.state)
    asked = [one.question.split()[-1] for one in commands if isinstance(one, c.AskProduct)]
    told = {one.criterion: one.value for one in commands if isinstance(one, c.ProvideSignal)}
    assert asked == ["BAAs", "stored", "costs"] and told["employees"] == "6000"


def test_a_phrase_of_the_companys_turns_nobody_down_by_words_far_apart():
    phrases = ("looking for cleaning work",)
    item = Disqualifier(id="job-seeker", label="J", kind="job_seeker", phrases=phrases, exit="E")
    company = sample().company.model_copy(update={"disqualifiers": (item,)})
    reader = Understanding(company)

    def found(text):
        return kinds(reader.read(UserSaid(2, text, 1000, 4000, MONDAY_NOON), FRESH))

    buyer = "i look after six office buildings and i'm tired of juggling four cleaning outfits"
    assert c.CompetitorOrVendor not in found(buyer)
    assert c.CompetitorOrVendor in found("well i am looking for some cleaning work")


@pytest.mark.parametrize(
    ("text", "role"),
    [("i'm the purchasing manager", "purchasing manager"),
     ("facilities manager at a hospital", "facility manager"),
     ("i'm the facility manager here", "facility manager")],
)  # fmt: skip
def test_a_title_the_company_lists_stands_in_whatever_number(text, role):
    reader = Understanding(sample(RENTAL).company)
    read = reader.read(UserSaid(2, text, 1000, 4000, MONDAY_NOON), FRESH)
    assert signals(read)["role"] == role


KESTREL = Understanding(sample(ROOT / "tests" / "companies" / "kestrel").company)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("if I sign off on this, when do you start", {}),
        ("I sign off on these", {"role": "decision maker"}),
        ("I need letters for the front of my shop", {}),
        ("we need lettering", {"use_case": "vehicle wrap"}),
    ],
)
def test_a_condition_tells_no_role_and_letters_are_no_lettering(text: str, told: dict[str, str]):
    assert signals(KESTREL.read(UserSaid(2, text, 1000, 4000, MONDAY_NOON), FRESH)) == told


def test_anymore_is_no_name():
    made = read("Take me off your list and don't call me anymore.")
    assert kinds(made) == {c.OptOut}


def test_a_title_is_the_listed_one_with_the_same_words():
    cold = Understanding(sample(ROOT / "tests" / "companies" / "frostline").company)
    made = cold.read(UserSaid(2, "I'm ops director here", 0, 1000, MONDAY_NOON), FRESH)
    assert signals(made)["role"] == "operations director"
