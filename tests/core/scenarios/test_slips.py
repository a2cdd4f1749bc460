"""Facts that were lost or taken for others: what a figure, a name and a tool are said of."""

import pytest

from core.scheduling.memory import MemoryDesk
from tests.core.talk import BUILDER, FREIGHT, Talk, chat, sample


async def told(*words: str, talk=None) -> dict[str, str]:
    """What is known after a chat."""
    talk = talk or chat()
    for said in words:
        await talk.says(said)
    return {s.criterion: s.value for s in talk.state.signals.active if s.polarity == "positive"}


def builders() -> Talk:
    return Talk(folder=BUILDER, caller="+15085550188", called="+15085550140")


def freight() -> Talk:
    return Talk(folder=FREIGHT, caller="+19125550188", called="+19125550140")


async def test_what_each_of_several_things_holds_is_no_budget():
    talk = chat()
    await talk.says("we have roughly 3 tables of 500k each updated nightly, what would that be")
    assert talk.state.signals.value("budget") is None
    known = await told("we have a budget of 50k for this")
    assert known["budget"] == "50000"


@pytest.mark.parametrize("words", ["bill is 7500", "the bills are 7500 and 2200"])
async def test_a_figure_of_another_criterion_is_no_answer_to_what_was_asked(words):
    talk = builders()
    await told("yes", "do you do carports", talk=talk)
    assert talk.state.awaited.ask == "roof_size"
    known = await told(words, talk=talk)
    assert known["power_bill"] == "7500" and "roof_size" not in known


@pytest.mark.parametrize("words", ["it's a 40 footer", "tracking is SM2231", "PO 88121"])
async def test_a_length_or_a_number_of_a_document_counts_nothing(words):
    talk = freight()
    await told("need a container out of savannah port", talk=talk)
    assert talk.state.awaited.ask == "loads"
    assert "loads" not in await told(words, talk=talk)


@pytest.mark.parametrize(
    ("words", "tool"),
    [
        ("currently on Hightouch with Snowflake, looking to replace Hightouch", "Hightouch"),
        ("we're currently on stitch and want something more reliable", "Stitch"),
        ("we use Fivetran today", "Fivetran"),
        ("our contract with fivetran ends june 30", "Fivetran"),
    ],
)
async def test_a_competitor_in_use_is_known_as_their_tool_and_as_a_rival(words, tool):
    talk = chat()
    turn = await talk.says(words)
    stack = [s.value for s in talk.state.signals.active if s.criterion == "tech_stack"]
    assert tool in stack, turn.text


@pytest.mark.parametrize(
    "words",
    ["why wouldn't i just use Zapier", "we looked at Hightouch", "I used to work at Fivetran"],
)
async def test_a_competitor_that_is_only_named_is_no_tool_of_theirs(words):
    assert "tech_stack" not in await told(words)


@pytest.mark.parametrize(
    "words", ["my name is not Maria, its Mario", "My name is not Maria but Mario"]
)
async def test_a_name_put_right_in_one_breath_is_the_second(words):
    assert (await told("hi", words))["name"] == "Mario"


async def test_a_name_and_a_company_in_a_row_are_told_apart_though_asked_for_before():
    talk = Talk(desk=MemoryDesk(sample().company))
    known = await told(
        "can i talk to a real person please",
        "it's about a quote for three hundred users",
        "jim halpert dunder mifflin paper",
        talk=talk,
    )
    assert known["name"] == "Jim Halpert" and known["company"] == "Dunder Mifflin Paper"


async def test_the_name_of_a_colleague_is_not_the_buyers():
    words = ("my colleague talked with you last week about pricing", "her name is Priya Anand")
    assert "name" not in await told(*words)


async def test_what_others_discussed_is_not_claimed_to_be_known():
    talk = chat()
    for words in ("my boss spoke to you last week", "do you have what she said"):
        turn = await talk.says(words)
        assert "can't see" in turn.text, turn.text
    turn = await chat().says("my boss called you last week about SSO. Do you support it?")
    assert turn.citations[0].startswith("sso@"), turn.text


@pytest.mark.parametrize(
    "words",
    [
        "my boss wants to talk to you",
        "can my partner talk to your engineer",
        "our director met someone at a competitor about it",
        "do you have everything they asked for in the tender",
    ],
)
async def test_a_colleague_who_has_not_yet_talked_to_us_is_no_matter_of_what_was_said(words):
    turn = await chat().says(words)
    assert "can't see" not in turn.text, turn.text


@pytest.mark.parametrize(
    "words", ["is there a phone number limit", "can i get a phone number in chicago"]
)
async def test_a_number_of_the_product_is_not_ours(words):
    turn = await chat().says(words)
    assert "617-555-0142" not in turn.text, turn.text


@pytest.mark.parametrize(
    ("folder", "words"),
    [
        (BUILDER, "can you go in my breaker panel and check it"),
        (BUILDER, "my other roofer never showed up, they were supposed to come last week"),
        (FREIGHT, "the adjuster said they were supposed to come by friday"),
        (FREIGHT, "if you go on the autopay program do you save money"),
    ],
)
async def test_what_others_left_undone_and_our_programmes_send_nobody_elsewhere(folder, words):
    talk = Talk(folder=folder)
    await talk.says("yes")
    await talk.says(words)
    assert talk.state.judged.disqualified is None


async def test_who_is_no_customer_yet_declines_nothing():
    talk = chat()
    await talk.says("do you support salesforce")
    turn = await talk.says("no im not a customer yet")
    assert "leave that out" not in turn.text and not talk.state.judged.disqualified


async def test_our_number_and_our_time_are_told_from_the_profile():
    talk = chat()
    turn = await talk.says("what's your phone number")
    assert "617-555-0142" in turn.text
    turn = await talk.says("what time is it there")
    assert "12 PM Eastern" in turn.text


@pytest.mark.parametrize(
    ("words", "out"),
    [
        ("i run a small podcast about data i wonder if somebody would come on the show", "press"),
        ("could i have a guest from you on our radio show", "press"),
    ],
)
async def test_who_invites_us_to_a_programme_is_sent_to_who_answers_the_press(words, out):
    talk = chat()
    await talk.says(words)
    assert talk.state.judged.disqualified == out


@pytest.mark.parametrize(
    ("folder", "words", "out"),
    [
        (FREIGHT, "I have a package that was supposed to come yesterday", "tracking-a-load"),
        (FREIGHT, "hi driver here, looking for owner op work", "driver"),
        (BUILDER, "You guys installed our system two years ago and the app shows zero", "support"),
    ],
)
async def test_who_is_served_elsewhere_is_known_by_what_they_say(folder, words, out):
    talk = Talk(folder=folder)
    await talk.says("yes")
    await talk.says(words)
    assert talk.state.judged.disqualified == out


async def test_what_their_people_never_see_is_a_need():
    known = await told("we have snowflake but our reps never see product usage")
    assert known.get("use_case") == "product usage in CRM"
