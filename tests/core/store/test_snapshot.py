"""A conversation's state survives being stored, also by an earlier version."""

import json
from dataclasses import fields, replace
from pathlib import Path

from core.asking import Confirm
from core.conversation.ledger import Asks, Awaited, Proposals
from core.conversation.state import ConversationState
from core.scheduling.memory import MemoryDesk
from core.store import older
from core.store.snapshot import pack, unpack
from tests.core.talk import Talk, sample

FLAT = Path(__file__).with_name("state_0_1.json")
"""A chat's state as version 0.1 stored it."""
SAID = ("we're a software company in texas", "i'd like to book a demo", "the second one please")


async def test_a_stored_state_is_read_back_as_it_was():
    talk = Talk(desk=MemoryDesk(sample().company))
    for line in SAID:
        await talk.says(line)
    stored = json.loads(json.dumps(pack(talk.state)))
    assert talk.state.meeting.booking is not None
    assert unpack(stored) == replace(talk.state, board=None, late=())


def test_a_state_that_spells_out_what_it_waits_for_is_read():
    stored = pack(unpack(json.loads(FLAT.read_text())))
    spelled = {"ask": "confirm:email", "offer": "meant:sso"}
    before = {
        **stored, "awaited": {**stored["awaited"], **spelled},
        "proposals": {"made": ["permission", "meant:sso"], "turn": 2, "refused": ["meant:sso"]},
    }  # fmt: skip
    state = unpack(before)
    assert state.awaited.ask == Confirm("email") and state.awaited.offer == "meant"
    assert state.proposals == Proposals(("permission", "meant"), 2, ("meant",))


def test_a_state_stored_by_version_0_1_is_read_with_its_values_in_their_parts():
    flat = json.loads(FLAT.read_text())
    state = unpack(flat)
    stored = json.loads(json.dumps(pack(state)))
    assert unpack(stored) == state
    assert [s.signal_id for s in state.signals.all] == [s["signal_id"] for s in flat["signals"]]
    assert state.signals.value("email") == "dana@acme.com"
    assert state.history.reply == ("What's the best number to reach you on?",)
    assert state.asks == Asks(("use_case", "timeline", "phone", "phone"), before=1, invited=True)
    assert state.awaited == Awaited(ask="phone", turn=4)
    assert state.given.citations == ("snowflake@1#1", "sso@1#1") and state.given.count == 2
    assert state.wants.meeting and state.once.disclosed and state.recording.mode == "never"
    assert state.judged.verdict is not None and state.judged.route is not None
    names = [was for names in older.WAS.values() for was in names.values()]
    assert {*names, "consent"} >= flat.keys() - {f.name for f in fields(ConversationState)}
