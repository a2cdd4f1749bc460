"""What callers say and how it is read: by class, each with what only sounds like it."""

import pytest

from core.commands import (
    AskProduct,
    AskWhy,
    Command,
    DeclineToSay,
    DoesNotKnow,
    EndCall,
    OptOut,
    ProvideSignal,
    RequestMeeting,
    Smalltalk,
)
from tests.core.conversation.meanings import in_a_call as read
from tests.core.talk import OTHER, Talk


def has(kind: type[Command], text: str, expecting: str | None = None) -> bool:
    return any(isinstance(c, kind) for c in read(text, expecting))


async def offered_more() -> Talk:
    talk = Talk()
    await talk.says("how much is the growth plan")
    for _ in range(6):
        if talk.state.awaited.offer == "more":
            break
        await talk.says("I don't know")
    return talk


# --- what would end a call -------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "balances go from snowflake into salesforce so the relationship managers stop pestering us",
        "we want our brokers to see it so the account people stop calling us",
        "then my sales team would stop emailing us every morning",
        "the regional sales reps stop ringing me once they see it in hubspot",
    ],
)
def test_colleagues_who_are_to_stop_calling_are_no_wish_to_be_left_alone(text: str):
    assert not has(OptOut, text)


@pytest.mark.parametrize(
    "text",
    [
        "stop pestering us",
        "please stop calling me",
        "your sales people should stop calling us",
        "take my number off the list and stop calling me",
        "I have had enough so stop emailing me",
    ],
)
def test_who_wants_to_be_left_alone_is(text: str):
    assert has(OptOut, text)


@pytest.mark.parametrize(
    "text",
    [
        "the booking system does have a REST thing",
        "we have a demo day in march",
        "they have a busy week every quarter",
        "does it have a night mode",
        "I want to have a quiet weekend for once",
    ],
)
def test_having_a_day_is_no_farewell(text: str):
    assert not has(EndCall, text)


@pytest.mark.parametrize(
    "text", ["have a nice day", "thanks and have a great rest of your week", "you have a good one"]
)
def test_wishing_a_day_is_one(text: str):
    assert has(EndCall, text)


@pytest.mark.parametrize(
    "text",
    [
        "no the all singing all dancing one",
        "no I meant the biggest plan",
        "no that's not what I asked",
        "no wait",
        "No, only China. We do not have other office.",
    ],
)
async def test_a_no_that_puts_us_right_does_not_end_the_call(text: str):
    talk = await offered_more()
    turn = await talk.says(text)
    assert turn.action is None and "oodbye" not in turn.text, turn.text


# --- not known, not told -----------------------------------------------------------------------


@pytest.mark.parametrize("expecting", ["use_case", "employees", "email"])
@pytest.mark.parametrize(
    "text",
    [
        "That I am not knowing.",
        "Wouldn't know mate.",
        "I'm too tired to know that.",
        "Not sure off the top of my head.",
        "That'd be one for the client.",
        "That's a question for our CFO.",
        "I'll take that up with your people.",
        "Um, it's not on my sheet, sorry.",
        "I was only asked to find out the price.",
        "I couldn't tell you off the top of my head",
    ],
)
def test_what_callers_cannot_tell_is_taken_as_that_and_nothing_else(text: str, expecting: str):
    commands = read(text, expecting)
    assert any(isinstance(c, DoesNotKnow | DeclineToSay) for c in commands), commands
    assert not any(isinstance(c, ProvideSignal | AskProduct) for c in commands), commands


@pytest.mark.parametrize("text", ["Not over the phone.", "I haven't got time.", "no time for that"])
def test_a_question_may_be_refused_by_its_circumstances(text: str):
    assert has(DeclineToSay, text, "employees")


def test_a_refusal_is_no_word_of_who_decides():
    assert not has(ProvideSignal, "I do not want to say this.", "role")
    assert has(ProvideSignal, "I do", "role")


@pytest.mark.parametrize("text", ["Does it matter?", "why does that matter", "does it even matter"])
def test_who_asks_if_it_matters_asks_why(text: str):
    assert has(AskWhy, text, "employees") and not has(AskProduct, text, "employees")


@pytest.mark.parametrize(
    ("text", "expecting", "value"),
    [
        ("I'm not sure, about two hundred", "employees", "200"),
        ("hard to say, fifty people or so", "employees", "50"),
        ("I don't know, Snowflake I think", "tech_stack", "Snowflake"),
        ("not sure yet, maybe in march", "timeline", "2027-03-31"),
        ("we haven't decided on a date yet", "timeline", "none"),
        ("not my call, I'd have to check with my manager", "role", "not the decision maker"),
        ("one dashboard for the finance team", "use_case", "finance reporting"),
    ],
)
def test_what_is_told_beside_not_knowing_is_kept(text: str, expecting: str, value: str):
    told = [c.value for c in read(text, expecting) if isinstance(c, ProvideSignal)]
    assert value in told


def test_a_question_after_not_knowing_is_one():
    assert has(AskProduct, "I don't know, does it do redshift", "use_case")


# --- a meeting, thanks -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "okay yeah set up a call",
        "kindly arrange one call",
        "sure, schedule a meeting",
        "okay gotta run can we get a call on the books this week",
        "ok send me a time",
        "Please propose a time for a call.",
        "could you suggest a good time to talk",
    ],
)
def test_a_meeting_is_asked_for_in_few_words(text: str):
    assert has(RequestMeeting, text) and not has(AskProduct, text)


@pytest.mark.parametrize(
    "text",
    [
        "does it send a time stamp for each row",
        "can you set up a call center integration",
        "we schedule one sync a night",
        "it gives us a time to value of weeks",
    ],
)
def test_times_and_calls_of_a_product_are_no_meeting(text: str):
    assert not has(RequestMeeting, text)


@pytest.mark.parametrize(
    "text",
    [
        "much obliged",
        "awesome this was super helpful",
        "alright that's what I needed",
        "you've been a great help",
        "that's very kind of you",
    ],
)
def test_thanks_come_in_many_words(text: str):
    assert any(isinstance(c, Smalltalk) and c.kind == "thanks" for c in read(text))


@pytest.mark.parametrize("text", ["is that helpful for retailers", "a great help would be csv"])
def test_help_that_is_asked_for_is_no_thanks(text: str):
    assert not any(isinstance(c, Smalltalk) and c.kind == "thanks" for c in read(text))


# --- consent -----------------------------------------------------------------------------------


def german() -> Talk:
    return Talk(folder=OTHER, caller="+493055500123", called="+496990009142")


@pytest.mark.parametrize(
    "text",
    [
        "okay so your people charged our card twice",
        "yeah hi I downloaded one thing off your site and now there's a mail every other day",
        "right well let me tell you what happened here last night",
    ],
)
async def test_a_story_that_opens_like_a_yes_allows_no_recording(text: str):
    talk = german()
    await talk.says(text)
    assert talk.state.recording.consent != "given"


@pytest.mark.parametrize(
    "text", ["yes", "yeah sure go ahead", "okay that's fine with me", "of course, no problem"]
)
async def test_a_yes_and_nothing_else_allows_it(text: str):
    talk = german()
    await talk.says(text)
    assert talk.state.recording.consent == "given"


@pytest.mark.parametrize("text", ["hi um I'm doing a bit of research on this whole space", "hello"])
async def test_who_only_greets_is_asked_once_more(text: str):
    talk = german()
    turn = await talk.says(text)
    assert talk.state.recording.consent == "unknown" and "record" in turn.text


# --- what is content ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["hm alright", "right got it I'll pass that on", "yeah I can wait", "okay got it"]
)
async def test_who_is_content_is_not_told_to_go_ahead(text: str):
    talk = await offered_more()
    turn = await talk.says(text)
    assert "go ahead" not in turn.text and "What is it" not in turn.text, turn.text


async def test_who_has_more_to_ask_is():
    talk = await offered_more()
    turn = await talk.says("yes I do")
    assert "go ahead" in turn.text.lower() or "What is it" in turn.text, turn.text


@pytest.mark.parametrize(
    "text",
    [
        "I'd like the thank-you letters to go to the right people, that's all.",
        "I just want somebody from sales to call me back, that's all.",
        "we only need the orders in one place that's all",
    ],
)
def test_a_wish_that_is_all_is_no_farewell(text: str):
    assert not has(EndCall, text)


@pytest.mark.parametrize(
    "text",
    [
        "okay thanks that's all",
        "that's all I wanted to know",
        "I only needed the price so that's all",
        "I'd like to think about it, that's all, bye",
    ],
)
def test_that_is_all_without_a_wish_is_one(text: str):
    assert has(EndCall, text)


@pytest.mark.parametrize(
    "text",
    [
        "When people leave, I want them gone from your system the same day.",
        "we delete users from the database each night",
    ],
)
def test_who_is_to_be_gone_from_a_system_is_no_caller(text: str):
    assert not has(OptOut, text)


@pytest.mark.parametrize(
    "text", ["I want my number gone from your system", "take us off your list"]
)
def test_a_caller_who_is_to_be_gone_from_ours_is(text: str):
    assert has(OptOut, text)
