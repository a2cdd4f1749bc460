"""Callers of a provider of computer support, and the same faults in other trades."""

import pytest

from core.conversation.understanding.tells.pointed_at import pointed_at
from core.events import QuestionDeferred
from core.scheduling.memory import MemoryDesk
from tests.core.talk import FREIGHT, PROVIDER, Talk, sample


def provider() -> Talk:
    return Talk(
        folder=PROVIDER, desk=MemoryDesk(sample(PROVIDER).company), caller="+13075550123"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "place"),
    [
        (
            "We're a consultancy in Cheyenne, thirty people. Most of our customers are in Texas,"
            " and four of our own folks work from home down in Austin.",
            ["Cheyenne"],
        ),
        ("The fella we use now is over in Fargo and our contract with him is up in April.", []),
        ("We have a guy in Nevada who does it now and he's slowing down.", []),
        ("I'm the guy who runs the office in Boise.", ["Boise"]),
        ("Our supplier is in Chicago and we're in Omaha.", ["Omaha"]),
        ("It's six of us in Missoula.", ["Missoula"]),
    ],
)
async def test_where_others_are_is_not_where_they_are(said: str, place: list[str]):
    talk = provider()
    await talk.says(said)
    assert talk.known("location") == place and not talk.state.judged.disqualified


@pytest.mark.parametrize(
    ("said", "users"),
    [
        ("there's twenty-two of us", ["22"]),
        ("Twenty-six of us or so", ["26"]),
        ("they just raised us to $210/user which is insane", []),
        ("we pay 45 per seat today", []),
        ("I got, what, thirty-five computers, counting the laptops in the trucks", ["35"]),
    ],
)
async def test_a_price_of_one_is_no_number_of_them(said: str, users: list[str]):
    talk = provider()
    turn = await talk.says(said)
    assert talk.known("users") == users
    assert "This call is recorded" not in turn.text.partition("?")[0] or not users


@pytest.mark.parametrize("talk", [provider, Talk])
async def test_a_question_that_begins_as_a_greeting_is_a_question(talk):
    turn = await talk().says("How do you do it if he's got all the passwords in his head?")
    assert "doing well" not in turn.text
    turn = await talk().says("Hi, how do you do?")
    assert "doing well" in turn.text


async def test_what_is_said_in_passing_asks_for_no_repeat():
    turn = await provider().says("I got, what, thirty-five computers")
    assert "assistant" not in turn.text
    talk = provider()
    await talk.says("hello")
    assert "assistant" in (await talk.says("what?")).text


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        (PROVIDER, "We've got a warehouse in Houston, Texas, eighty people. You work down here?"),
        (FREIGHT, "We're a bakery in Tampa, Florida. Would you wrap the ovens in blankets?"),
    ],
)
async def test_who_is_shown_another_way_is_not_promised_an_answer_as_well(folder, said: str):
    talk = Talk(folder=folder, caller="+13075550123")
    turn = await talk.says(said)
    assert talk.state.judged.disqualified
    assert not [f for f in talk.facts if isinstance(f, QuestionDeferred)]
    assert "get back" not in turn.text and "follow up" not in turn.text


@pytest.mark.parametrize("talk", [provider, Talk])
@pytest.mark.parametrize(
    "said", ["We have someone who does it now", "We have a guy in Boise who does that for us"]
)
async def test_who_tells_who_does_it_today_sells_nothing(talk, said: str):
    it = talk()
    await it.says(said)
    assert not it.state.judged.disqualified


@pytest.mark.parametrize(
    "said",
    [
        "Nope. Person, please. I'm not talking to a computer about computers.",
        "I'm not talking to a machine.",
        "A human, please. I've had enough of this.",
    ],
)
@pytest.mark.parametrize("talk", [provider, Talk])
async def test_who_will_not_talk_to_a_machine_wants_a_person(talk, said: str):
    it = talk()
    await it.says(said)
    assert it.state.wants.human


@pytest.mark.parametrize(
    ("said", "out"),
    [
        ("you guys do our computers, nobody's outlook is working this morning", "client-support"),
        ("you handle our network and it's down", "client-support"),
        ("do you handle our network if it's down", None),
        ("would you take care of our server if it failed", None),
        ("can you look after our phones if they're down", None),
    ],
)
async def test_for_whom_we_work_and_who_has_trouble_is_a_client(said: str, out: str | None):
    it = provider()
    await it.says(said)
    assert it.state.judged.disqualified == out


@pytest.mark.parametrize("talk", [provider, Talk])
async def test_the_end_of_a_number_said_anew_in_the_same_breath_replaces_it(talk):
    it = talk()
    await it.says("could somebody call me back")
    turn = await it.says(
        "It's nine one three, five five five, oh one seven six. No, sorry, oh one six seven."
    )
    assert "0167" in turn.text and "0176" not in turn.text


async def test_some_of_them_are_no_new_count_and_a_compound_is_no_house():
    it = provider()
    await it.says("about two hundred twenty users")
    await it.says("Extra hands for the two of us, mostly tickets")
    assert it.known("users") == ["220"]
    await it.says("everybody works from their house now")
    assert not it.known("current_it")


async def test_gotcha_is_no_name():
    it = provider()
    for line in ("can you call me", "yes", "Gotcha."):
        await it.says(line)
    assert not it.known("name")


@pytest.mark.parametrize("talk", [provider, Talk])
async def test_a_time_told_in_two_breaths_is_promised_as_one(talk):
    it = talk()
    turn = await it.says("Could somebody call me tomorrow? After ten, I'm not a morning person.")
    assert "tomorrow after ten" in turn.text and turn.text.count("?") <= 1


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        (FREIGHT, "Hello, I'm calling about storing medical supplies, around fifty pallets."),
        (PROVIDER, "Hi, we're calling about our office in Boise, about thirty users."),
    ],
)
async def test_what_somebody_only_calls_about_is_no_question_to_put_off(folder, said: str):
    it = Talk(folder=folder, caller="+19125550171")
    turn = await it.says(said)
    assert not it.state.questions and "get back" not in turn.text


@pytest.mark.parametrize(
    ("said", "sites"),
    [("we've got fourteen pubs", ["14"]), ("nine clinics and an office", ["9"]), ("4 gyms", ["4"])],
)
async def test_premises_of_any_kind_are_counted_where_locations_are(said: str, sites: list[str]):
    it = provider()
    await it.says(f"hi, {said} in the Boise area")
    assert it.known("sites") == sites and not it.known("employees")


async def test_what_a_buyer_needs_fixed_is_no_trouble_of_a_client():
    it = provider()
    await it.says("our network is what I need fixed")
    assert not it.state.judged.disqualified


@pytest.mark.parametrize("talk", [provider, Talk])
async def test_no_thats_it_after_a_read_back_finds_nothing_wrong_with_it(talk):
    it = talk()
    for line in ("can you call me", "four one five five five five zero one four two"):
        turn = await it.says(line)
    assert turn.asks == ["confirm:phone"]
    turn = await it.says("no that's it thanks")
    assert "once more" not in turn.text and "say the number" not in turn.text
    it = talk()
    for line in ("can you call me", "four one five five five five zero one four two", "no"):
        turn = await it.says(line)
    assert "confirm:phone" not in turn.asks


@pytest.mark.parametrize(
    ("said", "question", "option"),
    [
        (
            "the second one",
            "Is this a contract lane, or a one-off spot load?",
            "a one-off spot load",
        ),
        ("uh, the last one i guess", "Who does it: you, a provider, or nobody?", "nobody"),
        ("the first", "Thanks. Frozen, chilled, or ambient?", "Frozen"),
        ("the third one", "Frozen or chilled?", None),
        ("the second one works for me", "Frozen or chilled?", None),
        ("the second one", "When would you start?", None),
    ],
)
def test_an_answer_may_point_at_one_of_what_was_asked(said: str, question: str, option: str | None):
    assert pointed_at(said, question) == option


async def test_who_points_at_one_of_our_options_has_told_it():
    it = Talk(folder=FREIGHT, caller="+19125550171")
    for line in ("we have ten truckloads a month out of savannah", "yes", "full truckload"):
        turn = await it.says(line)
        if turn.asks == ["term"]:
            break
    while turn.asks != ["term"]:
        turn = await it.says("i don't know")
    await it.says("the first one")
    assert it.known("term") == ["contract"]
