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
