"""How the agent sounds without a model: short, varied, never twice the same."""

import re
from collections import Counter

import anyio
import pytest

from core.conversation.wording.booking_lines import BOOKING_LINES
from core.conversation.wording.lines import LEARNED, LINES
from core.evaluation.load import load_evals
from core.evaluation.run import hold
from core.events import QuestionDeferred, UtteranceRecorded
from core.plan import Act, Defer
from knowledge.sentences import sentences
from tests.core.talk import SAMPLE, Talk, engine, sample

EVERY = [(k, w) for table in (LINES, LEARNED, BOOKING_LINES) for k, ws in table.items() for w in ws]
OFTEN = ("what_else", "anything_else", "thanks", "unclear", "not_understood", "callback_set",
         "declined", "objection", "open", "offer_callback")  # fmt: skip
STIFF = re.compile(
    r"\b(?:I am|do not|does not|cannot|will not|we will|I will|it is not|great question"
    r"|good question|certainly|absolutely|kindly|please be advised|as an ai)\b|!",
    re.IGNORECASE,
)
TALKS = load_evals(SAMPLE / "evals", sample()).conversations[::9]


@pytest.mark.parametrize(("topic", "wording"), EVERY, ids=[f"{k}-{w[:18]}" for k, w in EVERY])
def test_every_fixed_line_is_short_and_said_as_people_speak(topic, wording):
    assert not STIFF.search(wording)
    assert all(len(s.split()) <= 24 for s in sentences(wording))


def test_what_is_said_often_has_several_wordings():
    assert all(len(LINES[topic]) >= 2 for topic in OFTEN)
    assert all(len(set(wordings)) == len(wordings) for wordings in LINES.values())


@pytest.mark.parametrize("talk", TALKS, ids=[t.id for t in TALKS])
def test_nothing_of_our_own_is_heard_twice_in_a_talk(talk):
    facts = anyio.run(hold, talk, engine()).facts
    ours = [u for u in facts if isinstance(u, UtteranceRecorded) and u.speaker == "agent"]
    said = Counter(u.text for u in ours if u.turn and not u.interrupted and not u.citations)
    twice = [text for text, count in said.items() if count > 1 and "{" not in text]
    assert twice == []
    for turn in {u.turn for u in ours if u.turn}:
        lines = [u for u in ours if u.turn == turn]
        assert len(lines) <= 7 and sum(len(u.text.split()) for u in lines) <= 90, lines


async def test_an_answer_heard_before_says_so():
    talk = Talk()
    first = await talk.says("do you support single sign on")
    again = await talk.says("sorry do you support single sign on")
    assert first.sentences[0].text.startswith("Yes, we support single sign-on")
    assert again.sentences[0].text.startswith("As I said, yes, we support single sign-on")
    assert again.sentences[0].citations == first.sentences[0].citations


async def test_what_we_know_comes_before_what_we_do_not():
    text = "do you have a moon base and do you integrate with snowflake"
    turn = await Talk().says(text)
    kinds = [s.kind for s in turn.sentences]
    assert kinds.index("answer") < kinds.index("deferral")
    deferral = next(s for s in turn.sentences if s.kind == "deferral")
    assert deferral.text.startswith("On your other question, ") and deferral.promise


async def test_what_one_person_answers_is_put_off_in_one_sentence():
    turn = await Talk().says("do you have a moon base and is there a zeppelin on the roof")
    put_off = [s for s in turn.sentences if s.kind == "deferral"]
    assert len(put_off) == 1 and len(put_off[0].answers) == 2, turn.text
    assert "those" in put_off[0].text and put_off[0].promise
    deferred = [f.text for f in turn.facts if isinstance(f, QuestionDeferred)]
    assert len(deferred) == 2, "both are owed"


async def test_what_is_put_off_beside_an_answer_says_which_it_is_of():
    text = (
        "do you integrate with snowflake and do you have a moon base"
        " and is there a zeppelin on the roof"
    )
    turn = await Talk().says(text)
    (put_off,) = [s for s in turn.sentences if s.kind == "deferral"]
    assert put_off.text.startswith("On your other questions, ") and len(put_off.answers) == 2


async def test_what_two_people_answer_names_each_once():
    asked = (("q1", "maya-lindqvist"), ("q2", "sofia-alvarez"), ("q3", "maya-lindqvist"))
    names = {"maya-lindqvist": "Maya Lindqvist", "sofia-alvarez": "Sofia Alvarez"}
    act = Act("discover", tuple(Defer(q, "what", who, names[who]) for q, who in asked))
    talk = Talk()
    made = talk.engine.realiser.pieces(act, talk.state)
    assert [piece.answers for piece in made] == [("q1", "q3"), ("q2",)]
    first, other = (piece.text for piece in made)
    assert "those" in first and "Maya" in first
    assert "Sofia" in other and "other question" in other
