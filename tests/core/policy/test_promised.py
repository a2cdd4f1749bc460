"""A question we cannot answer still leads to one about the buyer, which helps its answerer."""

import pytest

from tests.core.talk import Talk, Turn, builder

NOBODY_KNOWS = (
    "do you have a moon base", "can you paint it purple", "do your people wear ties",
    "is there a dog in the office",
)  # fmt: skip


def asked(turn: Turn) -> list[str]:
    return [name for name in turn.asks if ":" not in name]


@pytest.mark.parametrize("talk", [Talk, builder])
async def test_who_is_promised_an_answer_is_asked_what_helps_to_give_it(talk):
    turn = await talk().says(NOBODY_KNOWS[0])
    kinds = [sentence.kind for sentence in turn.sentences]
    assert kinds == ["deferral", "ask"] and asked(turn)
    assert "would help" in turn.sentences[-1].text and turn.text.count("?") == 1


@pytest.mark.parametrize("talk", [Talk, builder])
async def test_who_is_told_nothing_is_not_asked_on_and_on(talk):
    it = talk()
    turns = [await it.says(line) for line in NOBODY_KNOWS]
    assert 1 <= sum(bool(asked(turn)) for turn in turns) <= 2


async def test_an_answer_that_was_promised_does_not_wait_for_ours():
    it = Talk()
    await it.says(NOBODY_KNOWS[0])
    turn = await it.says("two hundred people")
    assert it.state.judged.verdict is not None and "two hundred" in turn.text.lower()
    assert [q.status for q in it.state.questions] == ["deferred"]
