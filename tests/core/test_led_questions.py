"""A question is looked up with the words of its own turn that it depends on."""

import pytest

from core.commands import AskProduct
from core.talk import ConversationOpened, Page, Span, UserSaid
from core.text.talk import TextTalk
from core.thinking.asking import look_up
from core.thinking.wordings import wordings
from knowledge.entry import Answer, NoAnswer
from tests.core.talk import MONDAY_NOON, engine


@pytest.mark.parametrize(
    ("text", "question", "first"),
    [
        ("We've got no warehouse. Is that a problem", "Is that a problem",
         ("We've got no warehouse. Is that a problem", True)),
        ("And if a row bounces, what happens then", "what happens then",
         ("if a row bounces, what happens then", True)),
        ("Okay. Is that a problem", "Is that a problem", ("Is that a problem", False)),
        ("We're in Chicago. Do you support SAML", "Do you support SAML",
         ("Do you support SAML", False)),
    ],
)  # fmt: skip
def test_what_has_no_matter_of_its_own_is_read_with_what_was_said_before_it(
    text: str, question: str, first: tuple[str, bool]
):
    assert wordings(question, text)[0] == first


def test_a_question_put_off_keeps_what_it_leans_on():
    text = "All we have is a fax machine. Is that enough"
    span = Span("Is that enough", 0, 0)
    contexts: list[bool] = []

    def look(question: str, alone: bool = False) -> Answer | NoAnswer:
        contexts.append(alone)
        return NoAnswer("not covered: fax", "ada")

    said = UserSaid(1, text, 0, 1000, MONDAY_NOON)
    (command,), asked = look_up((AskProduct(span, "Is that enough"),), said, look)
    assert isinstance(command, AskProduct) and command.question == text and text in asked
    assert all(contexts), "what was asked some turns ago is not what it leans on"


async def test_a_page_tells_the_topic_only_until_something_is_asked():
    page = Page("https://tideline.example/pricing", "Pricing")
    opened = ConversationOpened("c1", "chat", "inbound", None, None, MONDAY_NOON, page=page)
    talk = TextTalk(engine(), opened)
    await talk.says("Do you integrate with Snowflake?")
    turn = await talk.says("And BigQuery?")
    assert turn.citations == ["bigquery@1#1"], "what it costs there was not asked"
