"""What is said while times, a person or a call are on offer, and means something else."""

import pytest

from core.scheduling.memory import MemoryDesk
from tests.core.states import awaiting
from tests.core.talk import OTHER, Talk, sample

BRIGHTWATER = OTHER.parent / "brightwater"

FIT = "we're a software firm on snowflake, 60 people, and want customer data in salesforce"


async def offered() -> Talk:
    talk = Talk(desk=MemoryDesk(sample().company))
    await talk.says(FIT)
    assert talk.state.times.slots
    return talk


async def test_how_soon_the_project_is_wanted_books_no_meeting():
    talk = await offered()
    await talk.says("as soon as possible really, our campaign starts in six weeks")
    assert (
        talk.state.meeting.booking is None and talk.state.signals.value("timeline") == "2027-01-11"
    )


@pytest.mark.parametrize(
    "said", ["hmm okay. let me talk to my partner first", "I'd have to ask my boss about that"]
)
async def test_asking_somebody_first_is_a_no_for_now(said):
    talk = await offered()
    turn = await talk.says(said)
    assert "Which one" not in turn.text and "slots" in talk.state.proposals.refused


async def test_who_is_not_ready_for_a_person_is_not_put_through():
    talk = Talk(transfers=True)
    turn = await talk.says("no I'm not ready to talk to anyone")
    assert turn.action is None and not talk.state.wants.human


@pytest.mark.parametrize(
    "said",
    ["please have someone senior contact me", "then please somebody should call, best in German",
     "don't send me emails, just call me"],
)  # fmt: skip
async def test_a_call_is_asked_for_in_many_ways(said):
    talk = Talk()
    await talk.says(said)
    assert talk.state.callback is not None and talk.state.signals.value("use_case") is None


async def test_the_day_of_a_call_is_no_date_of_a_project():
    talk = await offered()
    await talk.says("Ok. Call me Friday at 3")
    assert talk.state.signals.value("timeline") is None


async def test_a_season_is_when_the_project_is_wanted_and_no_time_to_call():
    talk = Talk()
    for said in ("we're a retailer", "three hundred people", "where is the data stored",
                 "do you have sso"):  # fmt: skip
        await talk.says(said)
    talk.state = awaiting(talk.state, offer="callback", turn=talk.state.turn)
    await talk.says("maybe next fall")
    assert talk.state.callback is None and talk.state.signals.value("timeline") == "2027-11-30"


async def test_that_the_number_is_right_is_heard():
    talk = Talk()
    await talk.says("can you call me back")
    turn = await talk.says("this number is fine")
    assert "not sure I follow" not in turn.text


async def test_who_is_content_with_an_answer_is_not_asked_what_else():
    talk = Talk()
    for said in ("how much is it", "do you charge per user"):
        await talk.says(said)
    assert talk.state.awaited.offer == "more"
    assert "go ahead" not in (await talk.says("okay good")).text
    turn = await talk.says("ok sign me up for the trial then")
    assert turn.citations == ["trial@1#4"]


async def test_an_address_is_a_yes_to_mailing_something():
    talk = Talk()
    turn = await talk.says("could you send me something by email maybe")
    assert turn.citations == ["send-information@1#1"], turn.text
    await talk.says("it's debbie at pinewood dental dot com")
    assert [q.status for q in talk.state.questions] == ["answered"]


async def test_what_is_withheld_is_no_question():
    talk = Talk()
    turn = await talk.says("I'd rather not say what company I'm with")
    assert not turn.citations and not talk.state.questions


async def test_somebody_elses_number_is_a_wrong_one_and_no_question_of_ours():
    talk = Talk()
    turn = await talk.says("is this Pizza Napoli")
    assert "Tideline" in turn.text and not talk.state.questions
    turn = await talk.says("oh sorry, wrong number")
    assert turn.action is not None and turn.action.kind == "hang_up"


async def test_the_way_out_is_told_again():
    talk = Talk()
    way_out = (await talk.says("my sync has been failing since this morning")).text
    await talk.says("we're a customer, yes")
    assert (await talk.says("okay what's the address again")).sentences[0].text in way_out


async def test_a_noise_of_their_instrument_is_a_matter_for_service():
    talk = Talk(folder=OTHER)
    await talk.says("our centrifuge is making a terrible noise")
    assert talk.state.judged.disqualified == "repair"


async def test_the_line_is_not_blamed_for_words_nobody_can_read():
    talk = Talk()
    for said in ("it's kind of all over the place", "like a few of these", "medium I would say"):
        text = (await talk.says(said)).text
        assert "The line" not in text and "hearing" not in text, text


async def test_who_goes_on_telling_is_asked_whether_questions_are_welcome():
    talk = Talk()
    await talk.says("hey I'm the founder of a small game studio in Singapore")
    assert talk.state.awaited.offer == "permission"
    await talk.says("sure")
    assert talk.state.awaited.ask in ("employees", "tech_stack", "use_case")


async def test_a_name_that_was_looked_for_ends_no_call():
    talk = Talk()
    await talk.says("do you have single sign-on")
    turn = await talk.says("Redshift, that's it")
    assert turn.action is None and talk.state.signals.value("tech_stack") == "Redshift"


async def test_a_figure_that_was_asked_for_ends_no_call():
    talk = Talk()
    await talk.says("hi, I'm after a demo")
    talk.state = awaiting(talk.state, ask="employees", turn=talk.state.turn)
    turn = await talk.says("forty people, that's it")
    assert turn.action is None and talk.state.signals.value("employees") == "40"
    tunnels = Talk(folder=BRIGHTWATER)
    await tunnels.says("hi, we need a quote")
    tunnels.state = awaiting(tunnels.state, ask="sites", turn=tunnels.state.turn)
    turn = await tunnels.says("one tunnel, that's it")
    assert turn.action is None and tunnels.state.signals.value("sites") == "1"
    assert (await talk.says("no, that's it")).action


async def test_who_will_think_about_it_does_not_say_yes_to_what_we_asked_back():
    talk = Talk()
    await talk.says("how would gdpr removal demands work")
    assert talk.state.awaited.offer == "meant"
    turn = await talk.says("fine I'll think about it")
    assert not turn.citations


async def test_a_call_is_arranged_kindly():
    talk = Talk()
    await talk.says("Kindly arrange a call")
    assert talk.state.wants.meeting


async def test_a_figure_alone_still_tells_a_size_that_was_asked_for_before():
    talk = Talk()
    await talk.says("we're a retailer in Michigan")
    assert talk.state.awaited.ask == "employees"
    await talk.says("Salesforce. the data guy says Redshift")
    talk.state = awaiting(talk.state, ask=None, offer="callback")
    await talk.says("hundred and eighty or so")
    assert talk.state.signals.value("employees") == "180"
    talk.state = awaiting(talk.state, offer="callback", turn=talk.state.turn)
    await talk.says("like, yesterday")
    assert talk.state.callback is None


async def test_who_will_not_give_something_out_is_not_hung_up_on():
    talk = Talk()
    for said in ("how much is it", "what does the growth plan include"):
        await talk.says(said)
    assert talk.state.awaited.offer == "more"
    turn = await talk.says("No, I don't want to give you that")
    assert turn.action is None and not talk.state.ending.closing
