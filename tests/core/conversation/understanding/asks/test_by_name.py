"""A buyer who asks for one of our people by name is promised that person, and nobody else."""

import pytest

from core.commands import RequestCallback, RequestHuman
from core.events import CallbackRequested
from tests.core.conversation.understanding.test_said_aloud import read
from tests.core.talk import Talk


def asked_for(text: str) -> list[str]:
    wanted = (RequestCallback, RequestHuman)
    return [c.rep for c in read(text) if isinstance(c, wanted)]


@pytest.mark.parametrize(
    ("text", "rep"),
    [
        ("Priya was supposed to call me", "priya-nair"),
        ("your colleague Priya never called me back", "priya-nair"),
        ("can Tom call me back", "tom-beckett"),
        ("I'd like to talk to Kenji", "kenji-mori"),
        ("could you put me through to Maya Lindqvist please", "maya-lindqvist"),
        ("is Maya available", "maya-lindqvist"),
        ("have daniel call me tomorrow", "daniel-okafor"),
        ("I was told Sofia would ring me", "sofia-alvarez"),
    ],
)
def test_the_one_who_is_named_is_asked_for(text: str, rep: str):
    assert asked_for(text) == [rep]


@pytest.mark.parametrize(
    "text",
    [
        "somebody was supposed to call me",
        "hi it's Priya from Contoso can someone call me back",
        "my name is Tom and I'd like somebody to call me",
        "hi Tom here can you call me back",
        "not Priya, someone else should call me",
        "my colleague Tom would like a call back",
        "let me talk to a person, Priya didn't help",
        "Tom Hanks said I should ask for a call back",
    ],
)
def test_a_name_that_is_not_asked_for_is_nobody_of_ours(text: str):
    assert set(asked_for(text)) <= {""}


async def test_the_one_who_was_to_call_is_promised_though_another_takes_the_lead():
    talk = Talk()
    await talk.says("we're an insurer in Boston with four thousand people")
    await talk.says("Priya was supposed to call me yesterday")
    await talk.says("six one seven five five five oh one four two")
    await talk.says("yes that's right")
    (promised,) = [f for f in talk.facts if isinstance(f, CallbackRequested)]
    assert promised.owner == "priya-nair" and talk.state.judged.route.rep != "priya-nair"


@pytest.mark.parametrize("text", ["actually Tom can call me instead", "can I talk to Tom instead"])
async def test_another_who_is_asked_for_takes_a_promised_call(text: str):
    talk = Talk()
    for said in ("Priya was supposed to call me", "six one seven five five five oh one four two"):
        await talk.says(said)
    await talk.says("yes that's right")
    turn = await talk.says(text)
    last = [f for f in talk.facts if isinstance(f, CallbackRequested)][-1]
    assert last.owner == "tom-beckett" and "Tom" in turn.text
    stands = await talk.says("can I talk to someone")
    assert "arranged already: Tom" in stands.text
