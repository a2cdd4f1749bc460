"""Asking a clarifying question before a question is deferred."""

from core.engine import Engine
from core.events import QuestionAnswered, QuestionDeferred
from knowledge.entry import NoAnswer, Perhaps
from tests.core.talk import Talk, knowledge, sample

UNSURE = "how would gdpr removal demands work"
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


async def test_no_thanks_lets_it_be():
    talk = await asked_back()
    await talk.says("no thanks")
    assert not talk.state.open_questions()
    assert not [f for f in talk.facts if isinstance(f, QuestionDeferred)]


async def test_what_is_told_instead_is_acknowledged_and_the_deferral_says_what_it_is_of():
    talk = await asked_back()
    turn = await talk.says("we're a software company, about two hundred people")
    assert turn.text.startswith("Software, two hundred people, thanks. On your question before, ")


async def test_who_asks_anew_has_moved_on():
    talk = await asked_back()
    turn = await talk.says("I mean, do you support single sign-on?")
    assert turn.sentences[0].citations[0].startswith("sso@")
    assert not [f for f in talk.facts if isinstance(f, QuestionDeferred)]


async def test_nothing_is_asked_about_the_buyer_in_the_same_breath():
    talk = await asked_back()
    assert sum(s.text.count("?") for s in talk.turns[-1].sentences) == 1


class Doubtful:
    """Knowledge that is never sure of one question, and asks back about two articles in turn."""

    def __init__(self) -> None:
        self._known = knowledge()

    def title(self, told):
        return self._known.title(told)

    def answer(self, question, **known):
        found = self._known.answer(question, **known)
        if question != UNSURE:
            return found
        second = Perhaps("encryption", "how is our data encrypted", 0.2)
        first = Perhaps("soc2", "do you have a soc 2 report", 0.3, other=second)
        return NoAnswer("no passage is near enough", "maya-lindqvist", perhaps=first)


async def doubted() -> Talk:
    talk = Talk()
    talk.engine = Engine(sample(), Doubtful())
    assert (await talk.says(UNSURE)).asks == ["offer:meant:soc2"]
    return talk


async def test_a_no_is_asked_about_the_next_likely_article_once():
    talk = await doubted()
    assert (await talk.says("no, that's not it")).asks == ["offer:meant:encryption"]
    turn = await talk.says("yes, that's what I meant")
    assert turn.sentences[0].citations[0].startswith("encryption@")


async def test_two_noes_put_it_off():
    talk = await doubted()
    await talk.says("no, that's not it")
    await talk.says("no")
    assert [f.text for f in talk.facts if isinstance(f, QuestionDeferred)] == [UNSURE]


async def test_it_is_asked_back_also_while_a_call_is_being_arranged():
    talk = Talk()
    talk.engine = Engine(sample(), Doubtful())
    await talk.says("could someone call me back tomorrow")
    assert (await talk.says(UNSURE)).asks == ["offer:meant:soc2"]
