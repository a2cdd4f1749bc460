"""Whole replies with a model that invents things: what is heard is approved nevertheless."""

from collections.abc import AsyncIterator, Sequence

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.conversation.grounding.gate import objection
from core.conversation.grounding.licence import Licence, approved
from core.events import Flagged
from core.plan import Give
from tests.core.adversarial.inventions import INVENTIONS
from tests.core.talk import Talk, Turn, sample

SNOWFLAKE = "can this integrate with our snowflake data warehouse"
GOOD = "Yes, we connect natively to Snowflake, in both directions."


class Liar:
    """A language model that says the given text whatever it is told."""

    def __init__(self, *pieces: str) -> None:
        self.pieces = pieces

    async def stream(self, system: str, messages: Sequence[tuple[str, str]]) -> AsyncIterator[str]:
        for piece in self.pieces:
            yield piece


async def reply(*pieces: str, said: str = SNOWFLAKE) -> Turn:
    return await Talk(model=Liar(*pieces)).says(said)


def flags(turn: Turn) -> list[str]:
    return [f.note for f in turn.facts if isinstance(f, Flagged) and f.kind == "gate_blocked"]


@pytest.mark.parametrize("kind", INVENTIONS)
async def test_no_invention_is_ever_heard_and_the_question_is_answered(kind):
    noted = 0
    for _, sentence in INVENTIONS[kind]:
        turn = await reply(sentence + " ")
        assert sentence.strip() not in turn.text
        assert any(c.startswith("snowflake@") for c in turn.citations), sentence
        noted += any(note.endswith(sentence) for note in flags(turn))
    assert noted, "what was stopped is kept for the record"


async def test_what_was_stopped_stands_in_the_record_with_its_reason():
    turn = await reply(GOOD + " It costs $5 a month. ")
    assert turn.sentences[0].text == GOOD
    assert flags(turn) == ["the number 5 money: It costs $5 a month."]


@pytest.mark.parametrize(
    "pieces",
    [
        (),
        ("",),
        ("\n\n \t",),
        ("no end " * 5000,),
        (". " * 500,),
        (f"{GOOD} " * 300,),
        ("\x00\x1b[31m", "\u202e", "\ufeff"),
        ("?" * 400,),
    ],
    ids=["nothing", "blank", "spaces", "endless", "stops", "again", "control", "marks"],
)
async def test_odd_output_leaves_a_short_and_whole_answer(pieces):
    with anyio.fail_after(3):
        turn = await reply(*pieces)
    assert any(c.startswith("snowflake@") for c in turn.citations)
    assert len(turn.sentences) <= 7 and len(turn.text.split()) <= 110
    assert turn.asks == ["use_case"]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([c for v in INVENTIONS.values() for c in v]), max_size=3),
       st.integers(1, 9))  # fmt: skip
def test_every_sentence_heard_is_licensed_whatever_the_model_mixes(lies, size):
    """Truth and lies in any mixture and any chunking: each heard sentence passes the gate."""
    text = " ".join([GOOD, *(sentence for _, sentence in lies), GOOD, ""])
    pieces = [text[i : i + size] for i in range(0, len(text), size)]
    turn = anyio.run(lambda: reply(*pieces))
    act = Talk().engine.thinker.think(Talk().state, Talk().said(SNOWFLAKE)).act
    passages = [p for point in act.points if isinstance(point, Give) for p in point.passages]
    may = Licence(approved(passages), ("Tideline", "Marina"))
    for sentence in turn.sentences:
        if sentence.citations:
            assert objection(sentence.text, may) is None, sentence.text


async def test_what_is_unknown_stays_deferred_whatever_the_model_says():
    turn = await reply("Yes, we hold FedRAMP High. ", said="do you have a moon base")
    assert [s.kind for s in turn.sentences][0] == "deferral"
    owner = next(s.promise for s in turn.sentences if s.promise)
    assert owner in {p.id for p in sample().company.team}
