"""The wordings by which a question is looked up."""

import pytest

from core.commands import AskProduct, ProvideSignal
from core.conversation.understanding.asks.pricing import HOW_MUCH, PER_HEAD, PRICES
from core.talk import ConversationOpened, Span, UserSaid
from core.text.talk import TextTalk
from core.thinking.asking import wanted
from core.thinking.looking import About
from tests.core.talk import MONDAY_NOON, Talk, engine

SPAN = Span("x", 0, 1000)


def looked_up(question: str, text: str = "", purpose: str | None = None) -> tuple[str, ...]:
    said = UserSaid(1, text or question, 0, 1000, MONDAY_NOON)
    return wanted((AskProduct(SPAN, question),), said, About(purpose))


@pytest.mark.parametrize(
    "question",
    ["can you automate that?", "do you do that", "so could you guys help with that",
     "is that possible", "we copy it by hand every week. Can you do this?"],
)  # fmt: skip
def test_can_you_do_that_asks_about_the_purpose_that_was_told(question: str):
    assert looked_up(question, purpose="reverse ETL")[-1] == "can you help with reverse ETL"
    assert "can you help with reverse ETL" not in looked_up(question)


@pytest.mark.parametrize("question", ["is that included in growth", "do you do that in germany"])
def test_a_question_with_matter_of_its_own_is_about_that(question: str):
    assert not any("reverse ETL" in text for text in looked_up(question, purpose="reverse ETL"))


def test_what_this_turn_tells_comes_before_what_an_earlier_one_told():
    said = UserSaid(1, "we want to score leads, do you do that", 0, 1000, MONDAY_NOON)
    told = ProvideSignal(SPAN, "use_case", "lead scoring")
    texts = wanted((told, AskProduct(SPAN, "do you do that")), said, About("reverse ETL"))
    assert texts[-1] == "can you help with lead scoring"


async def test_it_is_answered_in_the_same_breath_and_a_turn_later():
    talk = Talk()
    once = await talk.says(
        "our ops team copies data from snowflake into salesforce by hand every week can you"
        " automate that"
    )
    assert once.sentences[0].citations[0].startswith("reverse-etl@"), once.text
    talk = Talk()
    await talk.says("we want to get customer lists into facebook from our warehouse")
    later = await talk.says("do you do that")
    assert any(s.citations for s in later.sentences), later.text


@pytest.mark.parametrize(
    "question",
    ["pricing for ~2m rows?", "how much would it be for us", "i want a quote",
     "what would it cost for three forklifts",
     "price. just give me the price", "how much are we talking", "what do you charge",
     "what would that set me back a month", "how much it costs?"],
)  # fmt: skip
def test_where_only_a_price_is_asked_for_the_plans_are_looked_up(question: str):
    assert HOW_MUCH in looked_up(question)


@pytest.mark.parametrize(
    "question",
    ["what does on premise deployment cost", "is the price negotiable",
     "can you send me the prices", "do prices go up every year",
     "would the price stay the same until then"],
)  # fmt: skip
def test_a_price_of_something_is_not_that_of_the_plans(question: str):
    assert HOW_MUCH not in looked_up(question)


async def test_a_question_among_others_is_not_answered_from_the_words_of_the_others():
    talk = TextTalk(engine(), ConversationOpened("c1", "email", "inbound", None, None, MONDAY_NOON))
    await talk.says("Which zebras do you sell?\nHow often can a sync run?\nDo you have an API?")
    zebras, sync, api = talk.state.questions
    assert (zebras.text, zebras.status) == ("Which zebras do you sell", "deferred")
    assert (sync.status, api.status) == ("answered", "answered")


async def test_what_is_asked_of_two_things_is_answered_of_both():
    turn = await Talk().says("Do you work with Snowflake and NetSuite?")
    assert "Snowflake" in turn.text and "NetSuite" in turn.text


async def test_a_number_of_heads_after_a_price_asks_whether_they_count():
    assert looked_up("what does it cost for fifteen seats")[1:] == (PER_HEAD, HOW_MUCH, PRICES)
    talk = Talk()
    await talk.says("how much is it")
    for said in ("for 50 seats", "and for a hundred?", "okay, what about for two hundred people"):
        turn = await talk.says(said)
        assert "not the number of users" in turn.text, (said, turn.text)


async def test_what_only_tells_of_themselves_is_no_question():
    for said in ("that's confidential too, sorry", "we're medium sized I'd say"):
        turn = await Talk().says(said)
        assert not turn.citations, turn.text


async def test_whether_and_whether_are_two_questions():
    turn = await Talk().says("he just wants to know what it costs and whether it does Marketo")
    assert {c.split("@")[0] for c in turn.citations} >= {"plans", "marketo"}


async def test_how_much_alone_asks_the_price():
    turn = await Talk().says("how much")
    assert turn.citations[0].startswith("plans@")


async def test_each_of_several_things_required_is_answered():
    turn = await Talk().says("we need SOC 2 type two, SAML, and data residency in Frankfurt")
    assert {c.split("@")[0] for c in turn.citations} == {"soc2", "sso", "data-residency"}


@pytest.mark.parametrize("text", ["oh. what do you guys do then", "what do you guys do, exactly"])
async def test_a_word_after_a_question_takes_nothing_from_it(text: str):
    assert (await Talk().says(text)).citations[0].startswith("what-is-tideline@")
