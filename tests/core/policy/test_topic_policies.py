"""Each topic policy affects what is said and what follows: all five, end to end."""

from dataclasses import replace

import pytest

from core.engine import Engine
from core.events import CallbackRequested, CriterionAsked, QuestionAnswered, QuestionDeferred
from core.talk import ConversationOpened
from core.text.talk import TextTalk
from knowledge.answer import KnowledgeBase
from knowledge.entry import Article, Passage, Policy
from tests.core.conversation.wording.test_realise_model import ScriptedModel
from tests.core.talk import MONDAY_NOON, Talk, sample

ASK = "do you support sso"
WORDS = (
    "Yes, we support single sign-on. It is SAML only. It is part of Growth. It is part of "
    "Enterprise too."
)
MODEL = "Sure thing, single sign-on works with SAML on Growth and Enterprise."


def with_policy(policy: Policy, model: ScriptedModel | None = None, **given: bool) -> TextTalk:
    """A conversation with the sample, whose article on single sign-on has this policy."""
    loaded = sample()

    def changed(article: Article) -> Article:
        if article.id != "sso":
            return article
        first = article.passages[0]
        passage = Passage(first.article_id, 1, 1, WORDS, WORDS, first.asked)
        return replace(article, policy=policy, passages=(passage,), owner="maya-lindqvist")

    loaded = replace(loaded, articles=tuple(changed(a) for a in loaded.articles))
    engine = Engine(loaded, KnowledgeBase(loaded), model, **given)
    opened = ConversationOpened(
        "c1", "voice", "inbound", "+14155550100", "+16175550142", MONDAY_NOON
    )
    return TextTalk(engine, opened)


async def test_paraphrase_lets_a_model_word_it():
    turn = await with_policy("paraphrase", ScriptedModel(MODEL)).says(ASK)
    assert turn.text.startswith("Sure thing") and turn.citations[0].startswith("sso@")


async def test_paraphrase_without_a_model_is_kept_short():
    turn = await with_policy("paraphrase").says(ASK)
    assert "It is part of Growth." in turn.text and "Enterprise too" not in turn.text


@pytest.mark.parametrize("model", [None, ScriptedModel(MODEL)])
async def test_verbatim_is_said_whole_and_word_for_word(model: ScriptedModel | None):
    turn = await with_policy("verbatim", model).says(ASK)
    assert turn.text.startswith(WORDS)
    assert any(isinstance(f, QuestionAnswered) for f in turn.facts)


async def test_verbatim_is_not_cut_where_two_things_are_asked_at_once():
    turn = await with_policy("verbatim").says(f"{ASK}? and do you integrate with snowflake?")
    assert WORDS in turn.text and "Snowflake" in turn.text


async def test_verbatim_keeps_its_yes_where_the_question_wants_none():
    turn = await with_policy("verbatim").says("how does single sign on work, do you support sso")
    assert "Yes, we support single sign-on." in turn.text


async def test_defer_says_the_approved_words_and_leaves_the_question_to_its_owner():
    turn = await with_policy("defer", ScriptedModel(MODEL)).says(ASK)
    assert turn.sentences[0].text == WORDS and turn.sentences[0].kind == "deferral"
    (deferred,) = [f for f in turn.facts if isinstance(f, QuestionDeferred)]
    assert deferred.owner == "maya-lindqvist" and "for a person" in deferred.reason


async def test_refuse_says_the_words_leaves_nothing_open_and_asks_nothing_for_it():
    talk = with_policy("refuse", ScriptedModel(MODEL))
    turn = await talk.says(ASK)
    assert turn.text.startswith(WORDS)
    assert any(isinstance(f, QuestionAnswered) for f in turn.facts)
    assert not any(isinstance(f, QuestionDeferred | CriterionAsked) for f in turn.facts)


async def test_escalate_offers_a_call_from_the_topics_own_person_and_keeps_to_them():
    talk = with_policy("escalate", ScriptedModel(MODEL))
    turn = await talk.says(ASK)
    assert turn.text.startswith(WORDS) and "Maya" in turn.text and turn.text.endswith("?")
    assert any(isinstance(f, QuestionDeferred) for f in turn.facts)
    assert talk.state.awaited.offer == "callback"
    turn = await talk.says("yes please")
    assert "Maya" in turn.text
    assert any(isinstance(f, CallbackRequested) for f in turn.facts)
    assert talk.state.callback is not None and talk.state.callback.owner == "maya-lindqvist"


async def test_escalate_puts_the_caller_through_where_the_channel_can():
    turn = await with_policy("escalate", transfers=True).says(ASK)
    assert turn.action is not None and turn.action.kind == "transfer"
    assert turn.action.rep == "maya-lindqvist"


async def test_escalation_of_a_topic_names_its_person_in_the_company_file():
    talk = Talk()
    turn = await talk.says("do you accept redlines")
    assert "Sofia Alvarez" in turn.text and talk.state.wants.keeper == "sofia-alvarez"
    (deferred,) = [f for f in turn.facts if isinstance(f, QuestionDeferred)]
    assert deferred.owner == "sofia-alvarez"


async def test_who_declined_the_offer_is_not_offered_it_again():
    talk = with_policy("escalate")
    await talk.says(ASK)
    await talk.says("no thanks")
    turn = await talk.says("but do you support saml")
    assert "call" not in turn.text.replace(WORDS, "").lower()
