"""Question embeddings are requested ahead, never waited for long, and never required."""

from functools import cache

import anyio
import pytest

from core.engine import Engine
from core.reply import Planned
from core.thinking.embedding import DEADLINE_S, KEPT, MOST, Questions
from core.trust import IN_A_ROW as LIMIT
from core.trust import REST_S
from knowledge.answer import KnowledgeBase
from knowledge.retrieval.meaning import texts_of
from tests.core.talk import Talk, sample
from tests.fakes.letters import Letters


@pytest.fixture
def letters() -> Letters:
    return Letters()


@pytest.fixture
def told() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def questions(letters, told) -> Questions:
    return Questions(letters, 192, lambda outcome, why: told.append((outcome, why)))


async def test_each_text_is_asked_once_and_remembered(questions, letters, told):
    first = await questions.vectors(["one thing", "another"])
    again = await questions.vectors(["another"])
    assert set(first) == {"one thing", "another"} and set(again) == {"another"}
    await questions.vectors(["another", "a third"])
    assert letters.asked == [["one thing", "another"], ["a third"]]
    assert [outcome for outcome, _ in told] == ["embedded", "remembered", "embedded"]


async def test_nothing_asked_asks_no_model(questions, letters, told):
    assert await questions.vectors([]) == {} and await questions.vectors(["  "]) == {}
    assert letters.asked == [] and told == []


async def test_late_model_is_left_behind_at_the_deadline(questions, letters, told):
    letters.delay_s = 5.0
    began = anyio.current_time()
    assert await questions.vectors(["what does it cost"]) == {}
    assert anyio.current_time() - began == pytest.approx(DEADLINE_S, abs=0.01)
    assert told == [("late", "no answer within 150 ms")]


async def test_what_is_remembered_is_told_though_the_rest_fails(questions, letters):
    await questions.vectors(["known"])
    letters.failing = "down"
    assert set(await questions.vectors(["known", "new"])) == {"known"}


async def test_model_that_fails_again_and_again_is_left_alone_for_a_while(questions, letters, told):
    letters.failing = "down"
    for n in range(LIMIT + 2):
        await questions.vectors([f"question {n}"])
    assert len(letters.asked) == LIMIT
    assert [o for o, _ in told] == ["failed"] * LIMIT + ["resting"] * 2
    letters.failing = ""
    await anyio.sleep(REST_S + 0.1)
    assert set(await questions.vectors(["well again"])) == {"well again"}


@pytest.mark.parametrize("spoil", [float("nan"), float("inf")])
async def test_vector_with_no_numbers_counts_as_failed(questions, letters, told, spoil):
    letters.spoil = spoil
    assert await questions.vectors(["what does it cost"]) == {}
    assert told[0][0] == "failed" and "no numbers" in told[0][1]


async def test_vector_of_another_length_counts_as_failed_and_says_why(questions, letters, told):
    letters.dimensions = 64
    assert await questions.vectors(["what does it cost"]) == {}
    assert told[0][0] == "failed" and "64" in told[0][1] and "192" in told[0][1]


async def test_memory_is_bounded_and_keeps_what_was_used_last(questions, letters):
    await questions.vectors(["often asked"])
    for n in range(KEPT // MOST + 1):
        await questions.vectors([f"{n} {m}" for m in range(MOST)])
        await questions.vectors(["often asked"])
    letters.asked.clear()
    await questions.vectors(["often asked"])
    assert letters.asked == []
    await questions.vectors(["0 0"])
    assert letters.asked == [["0 0"]]


MISSED = "type two socs?"


@cache
def base() -> KnowledgeBase:
    return KnowledgeBase(sample(), vectors=Letters().of(texts_of(sample().articles)))


def meaning_engine(letters: Letters) -> Engine:
    return Engine(sample(), base(), questions=Questions(letters, letters.dimensions))


async def test_reply_answers_by_meaning_what_words_put_off(letters):
    plain = await Talk().says(MISSED)
    assert not any(s.kind == "answer" for s in plain.sentences)
    talk = Talk()
    talk.engine = meaning_engine(letters)
    turn = await talk.says(MISSED)
    answers = [c for s in turn.sentences if s.kind == "answer" for c in s.citations]
    assert any(c.startswith("soc2@") for c in answers)


async def test_several_questions_of_a_turn_are_asked_in_one_request(letters):
    talk = Talk()
    talk.engine = meaning_engine(letters)
    await talk.says("Do you support single sign on? And how much does the Growth plan cost?")
    assert len(letters.asked) == 1 and 2 <= len(letters.asked[0]) <= MOST
    letters.asked.clear()
    await talk.says("We are a healthcare company with two hundred people.")
    assert letters.asked == []


async def test_turns_with_a_dead_model_are_the_turns_without_one(letters):
    said = ["Do you integrate with Snowflake?", MISSED, "How much is the Growth plan?"]
    plain, talk = Talk(), Talk()
    talk.engine = meaning_engine(letters)
    letters.failing = "down"
    for text in said:
        assert (await talk.says(text)).text == (await plain.says(text)).text


async def test_dropped_reply_leaves_no_request_behind(letters):
    talk = Talk()
    talk.engine = meaning_engine(letters)
    letters.delay_s = 0.1
    events: list[object] = []

    async def speculate() -> None:
        async for event in talk.engine.reply(talk.state, talk.said(MISSED)):
            events.append(event)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(speculate)
        await anyio.sleep(0.05)
        tasks.cancel_scope.cancel()
    assert events == [] and len(letters.asked) == 1
    await speculate()
    assert isinstance(events[0], Planned)
