"""Permission for the AI to call is asked once, after the promise; only a clear yes counts."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.engine import Engine
from core.events import CallbackRequested, ConsentRecorded
from core.facts.callbacks import AiCallAnswered, CallPlaced
from core.facts.standing import every
from core.talk import ConversationOpened, Placed
from core.text.talk import TextTalk
from tests.core.callbacks.promises import company
from tests.core.talk import knowledge, sample

NIGHT = datetime(2026, 12, 1, 1, tzinfo=UTC)
"""Seven in the evening in Chicago: nobody is in."""


def talk(
    *, ai_calls: bool = True, placed: Placed | None = None, channel: str = "voice"
) -> TextTalk:
    loaded = replace(sample(), company=company(ai_calls=ai_calls))
    direction = "outbound" if placed else "inbound"
    opened = ConversationOpened(
        "c1", "voice", direction, "+13125550142", "+16175550142", NIGHT, placed=placed  # type: ignore[arg-type]
    )  # fmt: skip
    return TextTalk(Engine(loaded, knowledge()), opened, after_hours=True)


async def promised(made: TextTalk) -> str:
    await made.says("could somebody call me back tomorrow morning please")
    turn = await made.says("my name is dana fox")
    return turn.text


def answers(made: TextTalk) -> list[AiCallAnswered]:
    return every(made.facts, AiCallAnswered)


async def test_after_the_promise_it_is_asked_naming_company_and_ai():
    made = talk()
    text = await promised(made)
    assert every(made.facts, CallbackRequested)
    assert "May Tideline's AI assistant make that call?" in text


async def test_where_the_company_does_not_want_it_nobody_is_asked():
    assert "AI assistant make that call" not in await promised(talk(ai_calls=False))


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("yes that's fine", "given"),
        ("sure", "given"),
        ("either is fine", "given"),
        ("the assistant may call me", "given"),
        ("no", "declined"),
        ("no thanks i'd rather have a person", "declined"),
        ("a person please", "declined"),
        ("i'd prefer a human", "declined"),
        ("yes but not the ai", "declined"),
        ("what does the growth plan cost", None),
        ("hmm", None),
    ],
)
async def test_only_a_clear_yes_is_consent(words, state):
    made = talk()
    await promised(made)
    await made.says(words)
    assert [a.state for a in answers(made)] == ([state] if state else [])


async def test_the_proof_has_the_question_as_heard_the_words_and_the_place():
    made = talk()
    await promised(made)
    turn = await made.says("yes you may")
    (proof,) = answers(made)
    assert proof.question.endswith(
        "May Tideline's AI assistant make that call? If you'd rather have a person, just say so."
    )
    assert proof.words == "yes you may" and proof.turn == 3 and proof.at_ms > 0
    assert "Tideline's AI assistant will call you tomorrow morning" in turn.text


async def test_who_wants_a_person_hears_who_that_is_and_is_not_asked_again():
    made = talk()
    await promised(made)
    turn = await made.says("i'd rather have a person")
    assert "in person" in turn.text
    later = await made.says("do you support single sign on")
    assert "AI assistant make that call" not in later.text


async def test_a_question_that_was_not_heard_to_its_end_is_answered_by_nobody():
    made = talk()
    await made.says("could somebody call me back tomorrow morning please")
    turn = await made.says("my name is dana fox", hears=[1.0, 0.4, 0.0])
    assert "May Tideline" in turn.text
    await made.says("yes")
    assert not answers(made)


async def test_a_call_of_ours_says_who_calls_and_why_and_is_for_that_promise():
    made = talk(placed=Placed("cb1", 2, "Snowflake"))
    words = " ".join(s.text for s in made.opening)
    assert "AI assistant" in words
    assert words.endswith("You asked us to call you about Snowflake. Is this a good moment?")
    assert every(made.facts, CallPlaced) == [CallPlaced("cb1", 2)]


async def test_a_bad_moment_becomes_another_promise():
    made = talk(placed=Placed("cb1", 1, ""))
    turn = await made.says("no not really")
    assert "When should we call instead?" in turn.text
    await made.says("tomorrow at ten in the morning")
    (again,) = every(made.facts, CallbackRequested)
    assert again.when == "tomorrow at ten in the morning"


async def test_who_wants_no_calls_is_believed_before_the_goodbye():
    made = talk(placed=Placed("cb1", 1, ""))
    turn = await made.says("stop calling me")
    assert every(made.facts, ConsentRecorded)[-1].state == "declined"
    assert turn.action is not None and turn.action.kind == "hang_up"
