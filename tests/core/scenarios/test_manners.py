"""What would annoy any buyer happens to none, however badly they are heard."""

from collections import Counter

import pytest

from core.events import QuestionAnswered
from tests.core.scenarios.callers import CALLERS
from tests.core.scenarios.talks import Held, hold
from tests.core.talk import Talk

MOST_WORDS = 22
"""Words of one spoken sentence."""
MOST_REPLY_WORDS = 60


def manners(held: Held) -> None:
    talk = held.talk
    for turn in talk.turns:
        words = [len(s.text.split()) for s in turn.sentences]
        assert max(words) <= MOST_WORDS, turn.text
        assert sum(words) <= MOST_REPLY_WORDS, turn.text
        assert sum(s.text.endswith("?") for s in turn.sentences) <= 1, turn.text
        assert len(set(s.text for s in turn.sentences)) == len(turn.sentences), turn.text
    told = Counter(
        c for s in held.heard if s.kind == "answer" for c in s.citations[:1] if s.answers
    )
    asked_again = Counter(q.text for q in talk.state.questions)
    assert all(n <= 1 + max(asked_again.values(), default=1) for n in told.values()), told
    everything = " ".join(s.text for s in held.heard)
    for rep in talk.engine.loaded.company.team:
        assert everything.count(rep.name) <= 1, everything
    assert everything.count("Thanks for calling") <= 1, everything


@pytest.mark.parametrize("name", CALLERS)
async def test_caller_is_neither_wearied_nor_talked_at(name: str):
    manners(await hold(CALLERS[name]))


@pytest.mark.parametrize("name", CALLERS)
@pytest.mark.parametrize("seed", range(3))
async def test_nor_when_one_word_in_ten_is_misheard(name: str, seed: int):
    manners(await hold(CALLERS[name], seed))


async def test_a_doubt_is_reframed_once_and_never_again():
    talk = Talk()
    doubt = "i'm not convinced and i don't trust it"
    replies = [(await talk.says(doubt)).text for _ in range(4)]
    reframed = [r for r in replies if "matters most" in r or "do better" in r]
    assert len(reframed) == 1 and talk.state.once.reframed


async def test_questions_with_the_same_answer_are_answered_once():
    talk = Talk()
    turn = await talk.says("do you support snowflake and can you connect to snowflake?")
    text = " ".join(s.text for s in turn.sentences)
    assert text.lower().count("snowflake") == 1
    settled = {f.question_id for f in talk.facts if isinstance(f, QuestionAnswered)}
    assert {q.id for q in talk.state.questions} == settled and len(settled) == 2


@pytest.mark.parametrize("said", ["oh, I don't want that", "I'd rather you didn't", "please don't"])
async def test_no_to_the_recording_just_named_stops_it(said):
    talk = Talk()
    await talk.says("hi, is this call recorded?")
    await talk.says(said)
    assert talk.state.recording.consent == "declined"


async def test_what_has_nothing_to_do_with_us_is_nobodys_outstanding_question():
    talk = Talk()
    turn = await talk.says("what's the weather like in boston")
    assert "Tideline" in turn.text and not talk.state.questions
    assert talk.known("location") == []


async def test_a_price_that_is_too_high_is_answered_with_what_the_company_says_to_that():
    talk = Talk()
    await talk.says("what does it cost")
    doubt = await talk.says("yeah that's a bit more than i thought")
    assert doubt.sentences[0].citations[0].startswith("too-expensive@"), doubt.text
    assert talk.state.callback is None


async def test_who_buys_from_a_competitor_is_the_best_of_leads():
    talk = Talk()
    await talk.says("we're currently with hightouch and the contract ends in june")
    assert talk.state.judged.disqualified is None
    talk = Talk()
    await talk.says("i'm with hightouch and we're putting together battle cards")
    assert talk.state.judged.disqualified == "competitor"


async def test_an_answer_in_words_we_cannot_read_is_taken_down_and_the_talk_goes_on():
    talk = Talk()
    await talk.says("what does it cost")
    await talk.says("roughly 80 people")
    assert talk.state.awaited.ask == "tech_stack"
    turn = await talk.says("some guy built it with string and glue")
    assert "noted" in turn.text or "I see" in turn.text
    assert talk.state.awaited.ask != "tech_stack" or "tech_stack" not in turn.asks


@pytest.mark.parametrize("told", ["it's me and my brother", "we are a family, just me and my wife"])
async def test_what_buyers_say_of_themselves_is_not_said_back_in_their_person(told: str):
    talk = Talk()
    await talk.says("what does it cost")
    turn = await talk.says(told)
    assert talk.state.signals.value("employees") == "2" and " my " not in turn.text


async def test_who_decides_is_no_size_of_the_company():
    talk = Talk()
    await talk.says("what does it cost")
    await talk.says("roughly 80 people")
    await talk.says("I decide, me and my brother")
    assert talk.state.signals.value("employees") == "80"


async def test_a_word_about_talking_is_no_question_about_the_product():
    turn = await Talk().says("Hi, we spoke? no, okay. I run operations at a dental group")
    assert "you'd like to know" not in turn.text and "you're asking" not in turn.text
    assert turn.signals["industry"] == "healthcare"
