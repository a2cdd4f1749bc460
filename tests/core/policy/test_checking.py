"""Asking back whether this was meant, before a question is put off."""

from core.events import QuestionAnswered, QuestionDeferred
from tests.core.talk import Talk

UNSURE = "how does it deal with gdpr deletion demands"
"""Near to what an article answers, in words that make nobody sure."""


async def asked_back() -> Talk:
    talk = Talk()
    turn = await talk.says(UNSURE)
    assert turn.asks == ["offer:meant:gdpr"]
    return talk


async def test_a_yes_is_answered_at_once_and_from_that_article():
    talk = await asked_back()
    turn = await talk.says("yes, that's what I meant")
    assert turn.sentences[0].kind == "answer"
    assert turn.sentences[0].citations[0].startswith("gdpr@")
    assert [f.question_id for f in talk.facts if isinstance(f, QuestionAnswered)] == ["q1.1"]


async def test_a_no_puts_the_question_off_in_the_words_it_was_asked_in():
    talk = await asked_back()
    await talk.says("no, that's not it")
    owed = [f for f in talk.facts if isinstance(f, QuestionDeferred)]
    assert [f.text for f in owed] == [UNSURE]


async def test_what_is_no_reply_puts_it_off_and_is_not_asked_back_again():
    talk = await asked_back()
    turn = await talk.says("we're about two hundred people")
    assert "offer:meant:gdpr" not in turn.asks
    assert not talk.state.open_questions()


async def test_who_asks_anew_has_moved_on():
    talk = await asked_back()
    turn = await talk.says("I mean, do you support single sign-on?")
    assert turn.sentences[0].citations[0].startswith("sso@")
    assert not [f for f in talk.facts if isinstance(f, QuestionDeferred)]


async def test_nothing_is_asked_about_the_buyer_in_the_same_breath():
    talk = await asked_back()
    assert sum(s.text.count("?") for s in talk.turns[-1].sentences) == 1
