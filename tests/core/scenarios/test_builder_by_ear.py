"""Calls to a company that builds and visits its buyers, as they are heard."""

import pytest

from core.commands import AskProduct, AskWhy, RequestHuman, RequestMeeting
from core.conversation.understanding.embedded import Understanding
from core.conversation.wording.lines import LINES
from core.events import Flagged
from core.handoff.brief import brief
from core.scheduling.memory import MemoryDesk
from core.talk import ConversationOpened, UserSaid
from tests.core.states import under_way
from tests.core.talk import BUILDER, MONDAY_NOON, builder, sample

OPENED = ConversationOpened("c1", "voice", "inbound", "+15085550188", "+15085550140", MONDAY_NOON)


def read(said: str):
    """What a turn is understood as."""
    state = under_way(OPENED)
    turn = UserSaid(2, said, 1000, 4000, MONDAY_NOON)
    return Understanding(sample(BUILDER).company).read(turn, state)


async def heard(*turns: str) -> str:
    """The reply to the last of these turns."""
    talk = builder()
    talk.desk = MemoryDesk(sample(BUILDER).company)
    for said in turns:
        turn = await talk.says(said)
    return turn.text


@pytest.mark.parametrize(
    "said",
    [
        "book me a site visit pls",
        "can you send someone out to look at my roof",
        "can you send an engineer out",
        "can somebody swing by tuesday",
        "i want someone to come look at the roof",
        "i guess the next thing is somebody oughta come look at it",
        "could someone come out and see the place",
        "could you have someone look at our warehouse roof",
        "how soon can somebody come out",
        "can one of your guys come take a look thursday",
        "i'd rather do this in person",
    ],
)
def test_who_wants_somebody_to_come_wants_a_visit(said):
    wishes = [c for c in read(said) if isinstance(c, RequestMeeting)]
    assert [w.visit for w in wishes] == [True]


@pytest.mark.parametrize(
    "said",
    [
        "what happens at a site visit",
        "do you charge for the site visit",
        "do i need a site visit first",
        "do you come out to maine",
        "what do you charge to come out",
    ],
)
def test_a_question_about_visits_asks_for_none(said):
    assert [type(c) for c in read(said)] == [AskProduct]


def test_swinging_by_on_a_day_is_on_that_day():
    (wish,) = read("can somebody swing by tuesday")
    assert wish.when == "tuesday"


@pytest.mark.parametrize(
    "said",
    [
        "okay can i get a real person to walk through the numbers with me",
        "let me speak to the owner",
        "can i talk to him",
        "who should he talk to",
        "i want to talk to whoever does carports",
        "can you have somebody go over the quote with me",
        "we've got an rfp due friday, who do i send it to",
    ],
)
def test_who_wants_somebody_for_something_wants_a_person(said):
    assert any(isinstance(c, RequestHuman) for c in read(said))


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("yeah hi um do the panels need cleaning", "do the panels need cleaning"),
        ("okay and do the panels need cleaning", "do the panels need cleaning"),
        ("we just rent it, are we out of luck", "are we out of luck"),
        ("hi there are the panels any good in snow", "are the panels any good in snow"),
        ("so we're a bakery, does flour dust hurt them", "does flour dust hurt them"),
        ("we do rolls, will the plow fit under it", "will the plow fit under it"),
        (
            "hey i'm over at acme, just curious what you guys charge per watt these days",
            "just curious what you guys charge per watt these days",
        ),
    ],
)
def test_a_question_behind_a_greeting_or_a_statement_is_asked(said, question):
    assert [c.question for c in read(said) if isinstance(c, AskProduct)] == [question]


async def test_a_visit_is_offered_as_one_from_the_first_word():
    text = await heard(
        "we run a factory in worcester, a hundred and twenty people work here",
        "how much is it",
        "fifty thousand square feet",
    )
    assert "could come by" in text


async def test_who_wants_a_bid_is_sent_one():
    assert "prepare that and send it to you" in await heard("could you give me a bid")


async def test_what_is_noted_is_kept_with_its_words_for_whoever_takes_the_lead():
    talk = builder()
    await talk.says("how much does it cost")
    said = "we had a fellow up there last fall and it rained in"
    assert (await talk.says(said)).text.startswith(LINES["noted"])
    assert [f.note for f in talk.facts if isinstance(f, Flagged) and f.kind == "noted"] == [said]
    told = brief(talk.facts, sample(BUILDER).company)["concerns"]
    assert said in [concern["quote"] for concern in told]


async def test_the_name_to_ask_for_is_their_name():
    talk = builder()
    for said in ("can somebody call me tomorrow", "ask for Mrs. O'Brien"):
        await talk.says(said)
    assert talk.state.signals.value("name") == "O'Brien"


async def test_what_is_told_just_before_a_question_is_kept():
    talk = builder()
    await talk.says("we don't own the place we just rent it, are we out of luck")
    assert talk.state.signals.value("owns_building") == "no"


async def test_a_dropped_zero_is_no_figure():
    talk = builder()
    await talk.says(
        "our roof is six thousand square feet, sorry no sixty thousand, i dropped a zero"
    )
    assert talk.state.signals.value("roof_size") == "60000"


def test_whether_a_fact_matters_is_asked_of_us_and_is_no_why():
    commands = read("the roof is slate, does that matter")
    assert not any(isinstance(c, AskWhy) for c in commands)
    assert any(isinstance(c, AskProduct) for c in commands)


async def test_what_is_said_again_is_what_we_said_before_they_went_to_look():
    text = await heard("what's your warranty", "hold on", "sorry, what did you say")
    assert "warranted for ten years" in text


async def test_nobody_is_frustrated_by_a_brother_who_will_not_shut_up():
    text = await heard("my brother won't shut up about it, is it worth it for a place like us")
    assert "frustrated" not in text


async def test_one_person_owes_what_is_put_off_in_a_call():
    talk = builder()
    for said in (
        "what's the age limit on inverters from china",
        "does flour dust bother the batteries",
        "can sheep graze under it",
    ):
        await talk.says(said)
    assert len({q.owner for q in talk.state.questions if q.status == "deferred"}) == 1


async def test_who_tells_on_and_on_is_not_asked_the_same_every_time():
    talk = builder()
    turns = [
        (await talk.says(said)).text
        for said in (
            "hi we're a bakery in worcester",
            "there's forty of us",
            "the roof is thirty thousand square feet",
        )
    ]
    assert not [t for t in turns if "would you like to know" in t or "can I tell you" in t]
    assert (
        "could call you" in (await talk.says("i own the place")).text or talk.state.proposals.made
    )
