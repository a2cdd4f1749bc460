"""A list of needs in a mail or message: every item is asked, and nothing that introduces them."""

import pytest

from tests.core.conversation.understanding.tells.test_signed import mailing

NEEDS = """Hi,
We are comparing vendors. Requirements:
- Snowflake source, Salesforce + Marketo destinations
- SOC 2 Type II and a signed DPA
- SSO via Okta, SCIM
- at least hourly syncs
- EU hosting
Could you confirm these and send indicative pricing? 450 employees, media company in Hamburg.
"""


async def test_every_item_of_a_list_of_needs_is_answered():
    talk = mailing()
    text = (await talk.says(NEEDS)).text
    for told in ("Salesforce", "Marketo", "SOC 2", "data processing agreement", "SAML", "SCIM",
                 "Frankfurt", "every hour", "$1,200"):  # fmt: skip
        assert told in text, told
    assert "Snowflake" in talk.known("tech_stack") and talk.known("employees") == ["450"]


async def test_a_fit_whose_list_was_answered_is_offered_times():
    talk = mailing()
    turn = await talk.says(
        f"{NEEDS}We use Snowflake and need it by the end of January.\n\nBest,\nMarkus Braun\nCTO"
    )
    assert talk.state.times.slots, turn.text


@pytest.mark.parametrize(
    "mail",
    [
        "Hi, some facts about us:\n- 450 employees\n- Snowflake and Salesforce\n- based in Leeds",
        "We use today:\n- Fivetran\n- Snowflake",
    ],
)
async def test_a_list_of_what_they_have_asks_nothing(mail):
    talk = mailing()
    await talk.says(mail)
    assert not talk.state.questions


async def test_items_that_are_questions_are_asked_as_they_are():
    talk = mailing()
    await talk.says("Could you check:\n1. Do you support SSO?\n2. Is there a free trial?")
    assert [q.text for q in talk.state.questions] == ["Do you support SSO", "Is there a free trial"]
