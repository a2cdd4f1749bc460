"""To whom a caller is transferred, and what they hear when nobody picks up."""

from dataclasses import replace
from datetime import UTC, datetime

from core.events import CallbackRequested
from core.policy.transferring import takers
from core.talk import UserSaid
from tests.core.talk import Talk, sample

COMPANY = sample().company
NOON = datetime(2026, 12, 1, 17, tzinfo=UTC)
"""Tuesday noon in New York; the team is at work."""
REP = "sofia-alvarez"
NIGHT = datetime(2026, 12, 1, 4, tzinfo=UTC)


async def asked(**more: object) -> Talk:
    talk = Talk(transfers=True, at=NOON, caller="+14155550177", **more)
    await talk.says("can i speak to someone please")
    return talk


def back(talk: Talk, rep: str) -> str:
    """The caller is back from somebody who could not be reached; what is said."""
    settled = talk.engine.unreached(talk.state, rep, talk.state.turn + 1)
    talk.state = settled.state
    for sentence in settled.sentences:
        talk.hears(sentence)
    return " ".join(s.text for s in settled.sentences)


async def test_the_line_before_a_transfer_must_be_heard():
    talk = await asked()
    turn = talk.turns[-1]
    assert turn.action.kind == "transfer"
    assert [s.must_hear for s in turn.sentences][-1]


async def test_nobody_is_put_through_at_night_by_browser_in_writing_or_where_it_is_off():
    state = (await asked()).state
    assert REP in takers(COMPANY, state, NOON) and REP not in takers(COMPANY, state, NIGHT)
    browser = replace(state, opened=replace(state.opened, waits=False))
    assert not takers(COMPANY, browser, NOON)
    chat = replace(state, opened=replace(state.opened, channel="chat"))
    assert not takers(COMPANY, chat, NOON)
    off = COMPANY.model_copy(
        update={"transfers": COMPANY.transfers.model_copy(update={"mode": "off"})}
    )
    assert not takers(off, state, NOON)


async def test_who_has_no_telephone_is_not_rung():
    team = tuple(rep.model_copy(update={"phone": None}) for rep in COMPANY.team)
    silent = COMPANY.model_copy(update={"team": team})
    assert not takers(silent, (await asked()).state, NOON)


async def test_back_from_nobody_the_caller_is_offered_a_call_and_promised_it():
    talk = await asked()
    rep = talk.turns[-1].action.rep
    name = COMPANY.rep(rep).name.split()[0]
    words = back(talk, rep)
    assert name in words and words.endswith("?") and talk.state.awaited.offer == "callback"
    turn = await talk.says("yes please")
    (wanted,) = [f for f in turn.facts if isinstance(f, CallbackRequested)]
    assert talk.state.callback.owner == rep and name in turn.text and wanted.quote


async def test_the_same_person_is_never_rung_twice_and_no_third_one_at_all():
    talk = await asked()
    first = talk.turns[-1].action.rep
    back(talk, first)
    turn = await talk.says("no i want to talk to a person now")
    assert turn.action is None
    talk = await asked()
    talk.state = replace(
        talk.state, wants=replace(talk.state.wants, unreached=("daniel-okafor", "tom-beckett"))
    )
    turn = await talk.says("i want to talk to a person now")
    assert turn.action is None, "two were tried"


async def test_a_call_back_that_stands_is_not_offered_again():
    talk = Talk(transfers=True, at=NOON, caller="+14155550177")
    await talk.says("could someone call me back tomorrow")
    assert talk.state.callback is not None
    words = back(talk, "sofia-alvarez")
    assert "arranged" in words and talk.state.awaited.offer != "callback"


async def test_zero_is_a_person_at_any_time():
    talk = Talk(transfers=True, at=NOON, caller="+14155550177")
    said = UserSaid(1, "", 0, 10, NOON, digits="0")
    thought = talk.engine.think(talk.state, said)
    assert thought.act.action is not None and thought.act.action.kind == "transfer"
