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
