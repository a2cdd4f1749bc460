"""What strangers type in the website chat: each once was misread, dropped or answered wrongly."""

import pytest

from tests.core.scenarios.test_first_minutes import visitor
from tests.core.talk import chat


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("does growth have scim", "SCIM user provisioning is part of Enterprise."),
        ("so growth doesnt have scim?", "SCIM user provisioning is part of Enterprise."),
        ("do we get an API on starter", "There's a REST API on Growth and Enterprise"),
        ("is the audit log in growth", "Enterprise has an audit log"),
        ("can growth do real time", "With Tideline Stream"),
        ("do you have sso on growth", "Yes, SAML single sign-on is included in Growth"),
    ],
)
async def test_whether_a_plan_has_something_is_told_by_which_plans_have_it(words, told):
    turn = await chat().says(words)
    assert turn.text.startswith(told) and "$" not in turn.text, turn.text


async def test_two_features_of_a_plan_are_told_without_its_price():
    turn = await chat().says("do you have sso and scim on growth")
    assert "SAML" in turn.text and "SCIM user" in turn.text
    assert "Yes, SCIM" not in turn.text and "$" not in turn.text, turn.text


async def test_the_prices_of_two_plans_are_both_told():
    turn = await chat().says("how much are starter and growth")
    assert "$390" in turn.text and "$1,200" in turn.text


async def test_two_questions_to_one_article_get_their_own_passages():
    turn = await chat().says("do you support redshift, and is it real time")
    assert "Streaming isn't available on Redshift" in turn.text


async def test_there_in_is_there_points_to_nothing_said_before():
    talk = chat()
    await talk.says("I need to know two things: do you charge per destination, and is there a dog")
    assert talk.state.questions[-1].text == "is there a dog"


@pytest.mark.parametrize(
    ("words", "cited"),
    [
        ("We're 200 people. We need SSO and SCIM.", {"sso", "scim"}),
        ("Our CISO wants a pen test report. What does Enterprise cost?", {"penetration-tests"}),
        ("Our security team needs a SOC 2 report and a DPA. How fast is it?", {"soc2", "gdpr"}),
        ("We need your DPA and SOC 2 report to go on. Where can I get those?", {"soc2", "gdpr"}),
        ("and the DPA and uptime SLA?", {"gdpr", "uptime"}),
    ],
)
async def test_what_they_need_is_told_beside_what_they_ask(words, cited):
    turn = await chat().says(words)
    assert cited <= {c.split("@")[0] for c in turn.citations}, turn.text


async def test_what_a_colleague_needs_to_know_goes_to_a_person():
    talk = chat()
    await talk.says("Our CISO wants a pen test report and to know who your subprocessors are.")
    assert talk.state.questions[-1].text == "who your subprocessors are"


async def test_a_yes_and_what_else_they_ask_for():
    talk = chat()
    await talk.says("how much is growth")
    turn = await talk.says("Yes, but also the DPA and the uptime SLA.")
    assert {c.split("@")[0] for c in turn.citations} == {"gdpr", "uptime"}, turn.text


@pytest.mark.parametrize("words", ["im interested in becoming a reseller", "I'm interested in SSO"])
async def test_an_interest_is_looked_up(words):
    turn = await chat().says(words)
    assert turn.citations, turn.text


async def test_a_quote_for_people_is_for_what_is_sold():
    turn = await chat().says("can i get a quote for 200 people from your sales team")
    assert turn.citations[0].startswith("plans@"), turn.text


async def test_needs_without_a_subject_are_told_one_by_one():
    turn = await chat().says("need SOC2, SSO, audit logs, private link. Can you do all of that?")
    told = {c.split("@")[0] for c in turn.citations}
    assert told == {"soc2", "sso", "audit-log", "network-security"}, turn.text


@pytest.mark.parametrize("words", ["tell me who heads marketing", "can you tell me who runs sales"])
async def test_who_does_something_here_is_not_what_they_do(words):
    talk = chat()
    await talk.says(words)
    assert not talk.known("role")


async def test_wanting_to_make_a_connection_is_no_manufacturing():
    talk = chat()
    await talk.says("We want make connection of BigQuery and Hubspot")
    assert not talk.known("industry")


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("I'm Ingrid, head of data at Fjordtech in Oslo", "Oslo"),
        ("I run data at Kolme in Helsinki", "Helsinki"),
        ("VP of customer success at Brill in Denver here", "Denver"),
    ],
)
async def test_what_they_do_does_not_hide_where_they_are(words, place):
    talk = chat()
    await talk.says(words)
    assert talk.known("location")[0].startswith(place)


async def test_where_their_data_is_says_nothing_of_them():
    talk = chat()
    await talk.says("our data is in Frankfurt")
    assert not talk.known("location")


@pytest.mark.parametrize(
    "words", ["we need snowflake to hubspot", "we want to get data from snowflake into hubspot"]
)
async def test_help_for_one_use_is_not_about_the_other_direction(words):
    turn = await chat().says(words)
    assert not any(c.startswith("data-ingestion") for c in turn.citations), turn.text


async def test_a_tool_suggests_no_other_use_than_the_one_they_state():
    talk = chat()
    await talk.says("we want to pull hubspot data into snowflake")
    assert talk.known("use_case") == ["data ingestion"]


async def test_asking_for_what_only_helps_a_use_does_not_name_it():
    talk = chat()
    await talk.says("is it real time")
    assert not talk.known("use_case")


@pytest.mark.parametrize("words", ["no", "no just a spreadsheet lol", "nope not yet"])
async def test_who_has_no_warehouse_is_told_what_they_need(words):
    talk = chat()
    await talk.says("12 people. what does starter cost")
    turn = await talk.says(words)
    assert talk.known("tech_stack") == ["none"]
    assert "You do need one of them" in turn.text, turn.text


async def test_no_idea_is_no_missing_warehouse():
    talk = chat()
    await talk.says("12 people. what does starter cost")
    await talk.says("no idea")
    assert not talk.known("tech_stack")


async def test_a_number_abroad_is_asked_for_with_its_country():
    turn = await visitor().says("need someone to call me asap 07700 900123")
    assert "country code" in turn.text


async def test_the_number_they_leave_tells_whose_they_are():
    talk = visitor()
    await talk.says("can someone call me on +49 30 901820")
    assert talk.state.callback is not None and talk.state.callback.owner == "tom-beckett"


async def test_a_people_without_an_article_is_where_they_are():
    talk = chat()
    turn = await talk.says("We are Japanese company. We wish to know about price and support hour")
    assert talk.known("location") == ["Japan"]
    assert {c.split("@")[0] for c in turn.citations} == {"plans", "support-hours"}, turn.text


async def test_a_date_they_explore_for_is_their_date():
    talk = chat()
    await talk.says("just exploring for q3")
    assert talk.known("timeline") == ["2027-09-30"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("tomorrow works but can it be 1pm", "tomorrow at 1 PM"),
        ("can it be thursday at 1", "Thursday at 1 PM"),
        ("wednesday not tomorrow", "Wednesday"),
    ],
)
async def test_another_hour_is_looked_for_and_not_put_off(words, said):
    talk = visitor()
    await talk.says("i want a demo")
    turn = await talk.says(words)
    assert said in turn.text and not talk.state.questions, turn.text


async def test_an_hour_put_right_by_what_it_is_not():
    talk = visitor()
    for words in ("i want a demo", "tomorrow at 12"):
        await talk.says(words)
    turn = await talk.says("i asked for 1 pm not 12")
    assert "tomorrow at 1 PM" in turn.text, turn.text


async def test_no_time_this_week_is_next_week():
    talk = visitor()
    await talk.says("i want a demo")
    turn = await talk.says("no time this week")
    assert "December 7" in turn.text, turn.text


async def test_a_meeting_they_say_they_booked_is_looked_for():
    turn = await visitor().says("i booked a demo yesterday, need to move it")
    assert "meeting of yours" in turn.text


@pytest.mark.parametrize(
    "words",
    [
        "is there a person on the other end",
        "is there a real human behind this chat?",
        "what model are you, gpt?",
    ],
)
async def test_what_writes_is_told(words):
    turn = await visitor().says(words)
    assert "not a person" in turn.text and not turn.citations


async def test_whom_they_chat_with_is_told():
    turn = await visitor().says("Hi there, who am I chatting with?")
    assert "Marina" in turn.text and not turn.citations


@pytest.mark.parametrize(
    "words",
    ["i wanted to ask a couple things", "can i ask you something", "could you answer a question"],
)
async def test_who_only_announces_questions_is_told_to_go_ahead(words):
    turn = await chat().says(words)
    assert not turn.text.endswith("?") and "get back" not in turn.text, turn.text


@pytest.mark.parametrize(
    "words", ["that's not what i asked", "you misunderstood me", "you didnt answer my question"]
)
async def test_who_was_misread_is_asked_for_other_words(words):
    talk = chat()
    await talk.says("what does starter cost")
    turn = await talk.says(words)
    assert "other words" in turn.text or "another way" in turn.text, turn.text
    assert "email" not in turn.text


async def test_who_is_misread_again_is_offered_a_person():
    talk = chat()
    for words in ("what does starter cost", "that's not what i asked"):
        await talk.says(words)
    turn = await talk.says("you still didnt answer")
    assert talk.state.awaited.offer == "callback", turn.text


@pytest.mark.parametrize(
    ("words", "article"),
    [
        ("you didnt answer the real time thing", "real-time"),
        ("you havent answered my question about scim", "scim"),
        ("i asked about scim", "scim"),
        ("no, i asked if growth has scim", "scim"),
    ],
)
async def test_what_was_missed_is_looked_up(words, article):
    talk = chat()
    await talk.says("what does starter cost")
    turn = await talk.says(words)
    assert turn.citations[0].startswith(f"{article}@"), turn.text


async def test_nobody_answering_a_mail_is_still_nobody_getting_back_to_them():
    talk = chat()
    turn = await talk.says("you never answered my email")
    assert talk.state.once.apologised
    turn = await talk.says("ana@copal.mx")
    assert "ana@copal.mx" in turn.text


@pytest.mark.parametrize(
    ("words", "out"),
    [
        ("I'm a journalist. Who handles press?", "press"),
        ("I'd like a comment from your CEO for a story", "press"),
        ("is there a media kit", "press"),
        ("our media team needs the audience data from bigquery", None),
        ("we're a newspaper and our reporters need data from snowflake", None),
        ("can you press the data into hubspot", None),
        ("Is this the right place to ask about an invoice we got?", "support"),
        ("invoice says 1400 but we are on the yearly plan", "support"),
        ("I'm from Acme Staffing, we've got great data engineers available", "vendor"),
        ("we have great data engineers", None),
    ],
)
async def test_who_is_better_served_elsewhere(words, out):
    talk = visitor()
    await talk.says(words)
    assert talk.state.judged.disqualified == out
