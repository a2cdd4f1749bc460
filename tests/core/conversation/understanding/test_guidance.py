"""A colleague's guidance moves what is asked or proposed next, and is never said."""

import pytest

from core.conversation.ledger import Guidance
from core.conversation.understanding.guidance import guidance
from tests.core.talk import Talk, engine, sample


@pytest.mark.parametrize(
    ("words", "understood"),
    [
        ("ask about their timeline", Guidance(("timeline",))),
        ("find out when they go live", Guidance(("timeline",))),
        ("how many employees do they have?", Guidance(("employees",))),
        ("offer a demo", Guidance(propose="meeting")),
        ("offer to call them back", Guidance(propose="callback")),
        ("transfer to me", Guidance(propose="person")),
        ("sounds great, well done", Guidance()),
    ],
)
def test_words_of_a_colleague_are_read_as_what_the_agent_can_do(words: str, understood: Guidance):
    assert guidance(words, sample().company) == understood


def guided(talk: Talk, words: str) -> None:
    talk.state, _ = engine().guided(talk.state, words)


async def test_what_is_asked_next_is_what_was_wanted_and_only_once():
    plain, talk = Talk(), Talk()
    for each in (plain, talk):
        await each.says("hi we use snowflake, does tideline work with it")
    guided(talk, "ask when they need it")
    first = await talk.says("and do you support salesforce")
    assert "timeline" in talk.state.asks.made and "timeline" not in plain.state.asks.made[:1]
    assert "ask when they need it" not in str(first)
    await talk.says("we don't know yet")
    await talk.says("do you support sso")
    assert talk.state.asks.count("timeline") == 1


async def test_guidance_asks_nothing_that_was_told_or_declined():
    talk = Talk()
    await talk.says("we have two hundred employees, does tideline work with snowflake")
    guided(talk, "ask about company size")
    await talk.says("and with salesforce")
    assert "employees" not in talk.state.asks.made


async def test_a_proposal_is_made_next_and_once():
    talk = Talk()
    await talk.says("does tideline work with snowflake")
    guided(talk, "offer a demo")
    await talk.says("and with salesforce")
    offers = len(talk.state.proposals.made)
    assert offers == 1 and talk.state.awaited.offer in ("slots", "callback", "transfer")
    await talk.says("no thanks, do you support sso")
    await talk.says("is my data encrypted")
    assert (
        len(talk.state.proposals.made) == offers
        or "slots" not in talk.state.proposals.made[offers:]
    )
