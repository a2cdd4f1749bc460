"""How people really phrase things when nobody watches the wording."""

import pytest

from core.commands import AskRepeat, CompetitorOrVendor, Objection, RequestHuman
from core.text.talk import TextTalk
from tests.core.conversation.understanding.test_embedded import kinds, read, signals
from tests.core.talk import Talk


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("twelve hundred a month to shovel rows around is highway robbery", Objection),
        ("that costs an arm and a leg", Objection),
        ("i'd sooner have the chat with a real person", RequestHuman),
        ("you've lost me there", AskRepeat),
        ("we fill the calendars of software companies with qualified meetings", CompetitorOrVendor),
        ("i sell cleaning services", CompetitorOrVendor),
    ],
)
def test_what_is_meant(words, kind):
    assert kind in kinds(read(words))


@pytest.mark.parametrize(
    "words",
    [
        "i have a tiny candle business and i sell on shopify and the rest is spreadsheets",
        "i sell online mostly",
        "i sell through a few shops around town",
    ],
)
def test_who_tells_where_they_sell_sells_nothing_to_us(words):
    assert CompetitorOrVendor not in kinds(read(words))


@pytest.mark.parametrize(
    ("words", "industry"),
    [
        ("it's a food bank here in atlanta", "nonprofit"),
        ("we're a bank in atlanta", "financial services"),
    ],
)
def test_not_every_bank_holds_money(words, industry):
    assert signals(read(words))["industry"] == industry


@pytest.mark.parametrize(
    ("words", "article"),
    [
        ("so if i put pen to paper before christmas how much comes off", "discounts"),
        ("do you cut charities any slack on the price", "discounts"),
        ("could you drop a write-up into my inbox", "send-information"),
    ],
)
async def test_what_is_asked_is_found(words, article):
    talk: TextTalk = Talk()
    turn = await talk.says(words)
    assert [c.split("@")[0] for c in turn.citations][:1] == [article], turn.text
