"""Whole conversations in text: what the caller says, what they hear, what is known afterwards."""

from core.events import (
    CallbackRequested,
    ConsentRecorded,
    ConversationStarted,
    CriterionAsked,
    DisclosureHeard,
    Flagged,
    HumanRequested,
    PromiseMade,
    QuestionAnswered,
    QuestionDeferred,
    QuestionRaised,
    RouteChosen,
    SignalCaptured,
    VerdictReached,
)
from tests.core.talk import OTHER, SUNDAY, Talk


def of(facts, kind):
    return [f for f in facts if isinstance(f, kind)]


async def test_the_first_words_say_that_it_is_an_ai_and_must_be_heard():
    talk = Talk()
    assert "AI" in talk.opening[0].text
    assert talk.opening[0].must_hear and talk.opening[0].kind == "disclosure"
    assert of(talk.facts, ConversationStarted)
    assert of(talk.facts, DisclosureHeard)
    assert [f.state for f in of(talk.facts, ConsentRecorded)] == ["given"]


async def test_a_question_is_answered_from_knowledge_before_anything_is_asked():
    talk = Talk()
    turn = await talk.says("can this integrate with our snowflake data warehouse")
    assert turn.sentences[0].kind == "answer"
    assert turn.citations[0].startswith("snowflake@")
    assert of(turn.facts, QuestionRaised) and of(turn.facts, QuestionAnswered)
    assert talk.known("tech_stack") == ["Snowflake"]
    assert turn.sentences[-1].asks


async def test_sso_is_answered_without_asking_for_the_company_size_first():
    talk = Talk()
    turn = await talk.says("does your platform support sso")
    assert turn.sentences[0].kind == "answer" and "single sign-on" in turn.text
    assert turn.asks != ["employees"] or turn.sentences[0].asks is None


async def test_several_questions_in_one_breath_are_all_answered():
    talk = Talk()
    turn = await talk.says(
        "how much does it cost and do you support hipaa and is there a free trial"
    )
    assert len(of(turn.facts, QuestionAnswered)) == 3
    assert len(turn.sentences) <= 5


async def test_what_knowledge_does_not_cover_is_deferred_with_an_owner():
    talk = Talk()
    turn = await talk.says("do you have a moon base")
    assert turn.sentences[0].kind == "deferral"
    deferred = of(turn.facts, QuestionDeferred)[0]
    assert deferred.owner and deferred.reason
    assert of(turn.facts, PromiseMade)[0].owner == deferred.owner


async def test_signals_quote_the_caller_with_their_milliseconds():
    talk = Talk()
    await talk.says("hi this is jane from acme health and we're about two hundred people")
    signals = {s.criterion: s for s in of(talk.facts, SignalCaptured)}
    assert signals["name"].value == "Jane"
    assert signals["company"].value == "Acme Health"
    assert signals["employees"].value == "200"
    assert signals["employees"].quote == "two hundred people"
    assert signals["name"].start_ms < signals["employees"].start_ms < signals["employees"].end_ms


async def test_a_correction_supersedes_what_was_said():
    talk = Talk()
    await talk.says("we have two hundred people")
    turn = await talk.says("sorry three hundred people not two hundred")
    assert talk.known("employees") == ["300"]
    assert of(turn.facts, SignalCaptured)[0].supersedes
    assert "three hundred" in turn.text


async def test_healthcare_from_the_first_message_is_known_in_the_fifth():
    talk = Talk()
    await talk.says("hi we're a healthcare company and we use snowflake")
    for text in ("do you support sso", "how much is growth", "is there a trial"):
        await talk.says(text)
    await talk.says("we are about two thousand people")
    assert talk.known("industry") == ["healthcare"]
    assert talk.verdict.segment == "enterprise"


async def test_a_bare_answer_is_read_by_what_was_asked():
    talk = Talk()
    await talk.says("how much does it cost")
    while "employees" not in talk.state.asks.made:
        await talk.says("is there a free trial")
        await talk.says("do you support sso")
    await talk.says("about forty")
    assert talk.known("employees") == ["40"]


async def test_a_fit_is_offered_a_call_and_told_who_calls_when():
    talk = Talk()
    await talk.says("can this integrate with our snowflake data warehouse")
    await talk.says("we want to sync customer data from snowflake into salesforce")
    turn = await talk.says("about two hundred people")
    assert talk.verdict.result == "qualified" and talk.verdict.segment == "mid-market"
    assert turn.asks == ["offer:callback"]
    turn = await talk.says("yes please")
    assert of(turn.facts, CallbackRequested)
    assert "Maya will call you today" in turn.text
    assert of(turn.facts, PromiseMade)[0].owner == "maya-lindqvist"
    assert turn.asks == ["name"]
    await talk.says("jane doe")
    end = await talk.says("no thanks")
    assert "Maya will call you" in end.text
    assert end.action is not None and end.action.kind == "hang_up"
    assert talk.engine.outcome(talk.state) == "callback"


async def test_a_refused_offer_is_not_made_again():
    talk = Talk()
    await talk.says("can this integrate with our snowflake data warehouse")
    await talk.says("we want to sync customer data from snowflake into salesforce")
    await talk.says("about two hundred people")
    await talk.says("no thanks")
    for text in ("do you support sso", "how much is growth", "do you support hipaa"):
        turn = await talk.says(text)
        assert "offer:callback" not in turn.asks


async def test_a_request_for_a_person_wins_and_without_a_line_becomes_a_promised_call():
    talk = Talk()
    turn = await talk.says("i'd like to talk to a real person")
    assert of(turn.facts, HumanRequested)
    assert talk.verdict.result == "needs_human"
    assert "will call you" in turn.text or "give you a call" in turn.text


async def test_a_request_for_a_person_is_put_through_where_the_channel_can():
    talk = Talk(transfers=True)
    turn = await talk.says("can i speak to someone please")
    assert turn.action is not None and turn.action.kind == "transfer" and turn.action.rep


async def test_a_request_for_a_person_on_a_sunday_is_for_the_next_working_day():
    talk = Talk(transfers=True, at=SUNDAY)
    turn = await talk.says("can i speak to someone please")
    assert turn.action is None
    assert "tomorrow" in turn.text


async def test_zero_on_the_keypad_asks_for_a_person():
    from dataclasses import replace

    talk = Talk()
    said = replace(talk.said(""), digits="0")
    events = [e async for e in talk.engine.reply(talk.state, said)]
    assert any(isinstance(f, HumanRequested) for f in events[0].facts)


async def test_a_withheld_number_is_asked_for_read_back_and_confirmed_before_a_promise():
    talk = Talk(caller=None)
    turn = await talk.says("please call me back tomorrow morning")
    assert turn.asks == ["phone"]
    turn = await talk.says("four one five five five five oh one double nine")
    assert turn.asks == ["confirm:phone"] and "415-555-0199" in turn.text
    turn = await talk.says("yes that's right")
    assert talk.known("phone") == ["+14155550199"]
    assert "tomorrow morning on 415-555-0199" in turn.text


async def test_a_wrong_read_back_is_asked_again():
    talk = Talk(caller=None)
    await talk.says("please call me back")
    await talk.says("four one five five five five oh one double nine")
    turn = await talk.says("no that's wrong")
    assert turn.asks == ["again:phone"]
    turn = await talk.says("four one five five five five oh one double eight")
    assert "415-555-0188" in turn.text


async def test_a_number_that_cannot_be_one_is_asked_again():
    talk = Talk(caller=None)
    await talk.says("please call me back")
    turn = await talk.says("four one five five")
    assert turn.asks == ["phone"]


async def test_a_call_that_begins_with_a_goodbye_is_asked_before_it_is_ended():
    talk = Talk()
    turn = await talk.says("bye")
    assert turn.action is None
    assert "again" in turn.text or "once more" in turn.text
    turn = await talk.says("how much is the starter plan")
    assert turn.action is None and "$" in turn.text
    talk = Talk()
    await talk.says("bye")
    turn = await talk.says("bye")
    assert turn.action is not None and turn.action.kind == "hang_up"


async def test_an_opt_out_is_stored_before_the_goodbye():
    talk = Talk()
    turn = await talk.says("please take me off your list and stop calling me")
    consent = of(turn.planned.facts, ConsentRecorded)
    assert [(c.kind, c.state) for c in consent] == [("contact", "declined")]
    assert turn.action is not None and turn.action.kind == "hang_up"
    assert turn.sentences[-1].kind == "goodbye"


async def test_are_you_a_robot_and_is_this_recorded_are_answered_truthfully():
    talk = Talk()
    turn = await talk.says("am i talking to a robot")
    assert "AI" in turn.text
    turn = await talk.says("is this call recorded")
    assert turn.text.startswith("Yes")
    turn = await talk.says("i'd rather you didn't record this")
    assert [(c.kind, c.state) for c in of(turn.facts, ConsentRecorded)] == [
        ("recording", "declined")
    ]
    turn = await talk.says("is this call being recorded")
    assert turn.text.startswith("No")


async def test_a_student_gets_the_useful_way_out_once_and_is_not_questioned():
    talk = Talk()
    turn = await talk.says("i'm a student working on my thesis do you have a free plan")
    assert talk.verdict.result == "disqualified"
    assert turn.sentences[0].kind == "answer"
    assert "www.tideline.example/learn" in turn.text
    turn = await talk.says("okay do you support sso")
    assert "slash learn" not in turn.text
    assert not [a for a in turn.asks if not a.startswith("offer:")]
    assert talk.engine.outcome(talk.state) == "redirected"


async def test_a_question_about_students_disqualifies_nobody():
    talk = Talk()
    await talk.says("can our customers be students")
    assert talk.verdict.result != "disqualified"


async def test_a_declined_question_is_not_asked_again():
    talk = Talk()
    turn = await talk.says("how much does it cost")
    asked = turn.asks[0]
    await talk.says("i'd rather not say")
    assert asked in talk.state.asks.declined
    for text in (
        "do you support sso",
        "how much is growth",
        "do you support hipaa",
        "is there a trial",
    ):
        turn = await talk.says(text)
        assert asked not in turn.asks


async def test_why_do_you_ask_gets_the_companys_reason():
    talk = Talk()
    turn = await talk.says("how much does it cost")
    asked = turn.asks[0]
    reasons = {c.why for c in talk.engine.loaded.company.criteria if c.name == asked}
    turn = await talk.says("why do you need to know that")
    assert turn.text in reasons


async def test_an_interrupted_answer_is_given_again_unless_the_caller_leaves():
    talk = Talk()
    turn = await talk.says("does your platform support sso", hears=[0.2])
    assert not of(turn.facts, QuestionAnswered)
    turn = await talk.says("we have about fifty people")
    assert "single sign-on" in turn.text
    talk = Talk()
    await talk.says("does your platform support sso", hears=[0.2])
    turn = await talk.says("sorry i have to go bye")
    assert "single sign-on" not in turn.text
    flags = of(talk.engine.close(talk.state, "caller hung up"), Flagged)
    assert [f.kind for f in flags] == ["question_left_open"]


async def test_an_ask_nobody_heard_was_never_asked():
    talk = Talk()
    turn = await talk.says("how much does it cost", hears=[1.0])
    assert not of(turn.facts, CriterionAsked) and not talk.state.asks.made


async def test_asking_to_repeat_repeats_what_was_heard():
    talk = Talk()
    first = await talk.says("is there a free trial")
    again = await talk.says("sorry can you repeat that")
    assert first.sentences[0].text in again.text


async def test_silence_and_noise_are_met_politely_and_then_with_another_way():
    talk = Talk()
    texts = [(await talk.says("")).text for _ in range(3)]
    assert len(set(texts)) == 3
    assert talk.turns[-1].asks == ["offer:callback"]


async def test_the_goodbye_says_who_comes_back_with_the_answer():
    talk = Talk()
    await talk.says("do you have a moon base")
    turn = await talk.says("okay that's all thank you bye")
    assert "Maya" in turn.text
    assert turn.sentences[-1].kind == "goodbye"


async def test_a_withheld_number_is_asked_for_before_goodbye_when_an_answer_is_owed():
    talk = Talk(caller=None)
    await talk.says("do you have a moon base")
    turn = await talk.says("okay thanks bye")
    assert turn.asks == ["phone"] and turn.action is None
    turn = await talk.says("no thanks")
    assert turn.action is not None and turn.action.kind == "hang_up"


async def test_silence_is_checked_once_and_then_closed():
    talk = Talk()
    sentences, action = talk.engine.check_in(1, 1)
    assert sentences[0].kind == "check_in" and action is None
    sentences, action = talk.engine.check_in(2, 1)
    assert sentences[0].kind == "goodbye"
    assert action is not None and action.kind == "hang_up"


async def test_the_end_has_a_verdict_and_a_route():
    talk = Talk()
    await talk.says("how much does it cost")
    facts = talk.engine.close(talk.state, "caller hung up")
    assert of(facts, VerdictReached) and of(facts, RouteChosen)
    assert talk.engine.outcome(talk.state) == "answered"


async def test_a_reply_may_be_dropped_and_run_again_with_the_same_result():
    talk = Talk()
    said = talk.said("does your platform support sso and how much is growth")
    before = talk.state
    dropped = talk.engine.reply(talk.state, said)
    await anext(dropped)
    await dropped.aclose()
    first = [e async for e in talk.engine.reply(talk.state, said)]
    second = [e async for e in talk.engine.reply(talk.state, said)]
    assert first == second and talk.state is before


async def test_no_wording_is_repeated_in_a_short_talk():
    talk = Talk()
    for text in (
        "hello",
        "we have two hundred people",
        "we use snowflake",
        "how are you",
        "we're in healthcare",
    ):
        await talk.says(text)
    texts = [s.text for t in talk.turns for s in t.sentences]
    assert len(texts) == len(set(texts))


async def test_fixed_lines_cover_the_opening_and_the_goodbyes():
    talk = Talk()
    lines = talk.engine.fixed_lines()
    assert {s.text for s in talk.opening} <= set(lines)
    assert all("{" not in line for line in lines)


async def test_another_company_works_by_its_folder_alone():
    talk = Talk(folder=OTHER)
    assert "AI" in talk.opening[0].text
    turn = await talk.says("how long does delivery take")
    assert turn.citations
    await talk.says("we're a hospital and we need it by next month")
    assert talk.known("timeline") and talk.known("industry")
    assert talk.verdict.segment == "hospital"
    turn = await talk.says("i'd like to talk to a person")
    assert turn.sentences[-1].asks == "name"


async def test_what_happens_next_is_always_answered():
    talk = Talk()
    await talk.says("do you support sso")
    turn = await talk.says("so what happens next")
    assert turn.asks == ["offer:callback"]
    await talk.says("yes please")
    turn = await talk.says("and what happens next")
    assert "will call you" in turn.text


async def test_a_wish_for_a_time_is_no_project_timeline():
    talk = Talk()
    turn = await talk.says("i'd like a demo next tuesday at three")
    assert not talk.known("timeline") and not talk.known("employees")
    assert "at three" in turn.text


async def test_a_problem_with_an_invoice_is_shown_to_support():
    talk = Talk()
    await talk.says("i have a problem with my invoice")
    assert talk.verdict.result == "disqualified"
    assert talk.verdict.reasons


async def test_every_line_a_caller_hears_is_free_of_holes_and_praise():
    talk = Talk()
    for line in talk.engine.fixed_lines():
        assert "{" not in line and "great question" not in line.lower()


async def test_a_merged_turn_counts_nothing_twice():
    talk = Talk()
    await talk.says("do you support sso and we have two hundred people", hears=[])
    turn = await talk.says("do you support sso and we have two hundred people and use snowflake")
    assert [q.text for q in talk.state.questions] == ["do you support sso"]
    assert talk.known("employees") == ["200"]
    assert turn.signals == {"tech_stack": "Snowflake"}
    assert "single sign-on" in turn.text


async def test_a_proposal_said_again_is_no_second_one():
    talk = Talk()
    offered = await talk.says("we're a retailer with sixty people and want to sync from bigquery")
    assert "Would that be useful?" in offered.text or "suit you" in offered.text, offered.text
    made = talk.state.proposals.made
    for words in ("sorry can you repeat that", "once more please, can you repeat that"):
        again = await talk.says(words)
        assert again.text.endswith(offered.text.rsplit(". ", 1)[-1])
    assert talk.state.proposals.made == made and talk.state.awaited.offer == made[-1]
    await talk.says("yes please")
    assert talk.state.callback is not None
