"""A card given by phone is nowhere afterwards: in no fact, no prompt, no recording."""

import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from core.events import ConsentRecorded, ConversationStarted, Noted, UtteranceRecorded
from core.privacy.cards import CARD
from core.privacy.facts import CardSpoken
from core.store.codec import encode
from tests.fakes.office import HANG_UP, Office, office, script
from voice_agent.audio.archive import Archive
from voice_agent.audio.pcm import Pcm
from voice_agent.audio.wav import WavWriter, read
from voice_agent.call.cards import DICTATED
from voice_agent.call.repair import Repair
from voice_agent.emulator.script import Step, parse_when

CARRIER = "demo/01_hi_there_i_was.wav"
HALF = "four one one one one one one one"
REST = "one one one one one one one one"
NUMBER = f"{HALF} {REST}"


class Spy:
    """A language model that words nothing and remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    async def stream(self, system: str, messages: Sequence[tuple[str, str]]) -> AsyncIterator[str]:
        self.told += [system, *(text for _, text in messages)]
        return
        yield ""


async def facts_of(it: Office) -> str:
    logged = await it.log.read(it.wrap_ups.asked[0])
    return json.dumps([encode(entry.fact) for entry in logged])


def caller_lane(folder: Path) -> Pcm:
    (file,) = folder.glob("*.wav")
    return read(file).lanes()[0]


async def test_a_card_in_a_turn_is_cut_out_silenced_flagged_and_answered(tmp_path):
    spy = Spy()
    said = f"so my card is {NUMBER} and do you support single sign on"
    async with office(tmp_path, [said], model=spy) as it:
        await it.call(script(("greeting ended", CARRIER), ("agent silent 1s", HANG_UP)))
        told, kept = await it.document(), await facts_of(it)
        logged = [entry.fact for entry in await it.log.read(told["id"])]
    for where in (kept, json.dumps(told), *spy.told):
        assert "one one" not in where and "4111" not in where
    caller = next(line for line in told["transcript"] if line["speaker"] == "caller")
    assert caller["text"] == f"so my card is {CARD} and do you support single sign on"
    (flag,) = [f for f in told["flags"] if f["kind"] == "card_spoken"]
    spoken = " ".join(n["text"] for n in told["transcript"] if n["speaker"] == "agent")
    assert "card details" in spoken and "single sign-on" in spoken.lower()
    (fact,) = [f for f in logged if isinstance(f, CardSpoken)]
    (start, end) = fact.silenced[0]
    assert flag["start_ms"] == start and caller["start_ms"] < start < end < caller["end_ms"]
    lane = caller_lane(tmp_path)
    assert not lane[start * 8 : end * 8].any()
    assert np.abs(lane[caller["start_ms"] * 8 : start * 8].astype(int)).max() > 500
    assert np.abs(lane[end * 8 : caller["end_ms"] * 8].astype(int)).max() > 500


async def test_a_card_over_two_turns_silences_both(tmp_path):
    async with office(tmp_path, [f"my card is uh {HALF}", "yes", REST]) as it:
        await it.call(
            script(
                ("greeting ended", CARRIER), ("agent silent 1s", CARRIER),
                ("agent silent 1s", CARRIER), ("agent silent 1s", HANG_UP),
            )
        )  # fmt: skip
        told = await it.document()
        logged = [entry.fact for entry in await it.log.read(told["id"])]
    lines = [n for n in told["transcript"] if n["speaker"] == "caller"]
    assert lines[-1]["text"] == CARD
    silenced = [span for f in logged if isinstance(f, CardSpoken) for span in f.silenced]
    lane = caller_lane(tmp_path)
    assert all(not lane[a * 8 : b * 8].any() for a, b in silenced)
    for line in (lines[0], lines[2]):
        assert any(a < line["end_ms"] and b > line["start_ms"] for a, b in silenced)
    assert "one one" not in json.dumps(lines[2])


async def test_a_card_typed_on_the_keypad_is_kept_nowhere(tmp_path):
    keys = Step(parse_when("agent silent 1s"), "keys", dtmf="4111111111111111")
    async with office(tmp_path) as it:
        await it.call(
            script(
                ("greeting ended", keys), ("agent silent 4s", HANG_UP)
            )
        )  # fmt: skip
        told, kept = await it.document(), await facts_of(it)
    assert "1111" not in kept
    assert [f["kind"] for f in told["flags"]].count("card_spoken") == 1


async def test_a_telephone_number_is_let_alone(tmp_path):
    said = "you can call me on four one five five five five two six seven one"
    async with office(tmp_path, [said]) as it:
        await it.call(script(("greeting ended", CARRIER), ("agent silent 1s", HANG_UP)))
        told = await it.document()
    assert next(n for n in told["transcript"] if n["speaker"] == "caller")["text"] == said
    assert not [f for f in told["flags"] if f["kind"] == "card_spoken"]


STARTED = ConversationStarted("voice", "inbound", None, None, "CA1", "t", "1", "1", False)
AGREED = ConsentRecorded("recording", "given", "", 900, "notice")


def recorded(folder: Path, lanes: int = 2) -> Archive:
    with WavWriter(folder / "c1.wav", lanes) as writer:
        writer.write(*[np.full(80_000, 9, np.int16)] * lanes)
    return Archive(folder)


@pytest.mark.parametrize("said", [None, "declined", "unknown"])
async def test_what_a_crash_left_without_a_consent_that_stands_is_deleted(tmp_path, said):
    archive = recorded(tmp_path)
    facts = [AGREED] if said else []
    facts += [ConsentRecorded("recording", said, "no", 5000, "word")] if said else []
    assert await Repair(archive)("c1", [STARTED, *facts]) is None
    assert archive.names() == []
    kept = recorded(tmp_path)
    saved = await Repair(kept, keeps=lambda: True)("c1", [STARTED, *facts])
    assert (saved is not None) == (said == "declined")


async def test_what_a_crash_kept_from_being_silenced_is_silenced_by_the_repair(tmp_path):
    archive = recorded(tmp_path)
    card = CardSpoken(1, "speech", 1000, 2000, ((1000, 2000), (3000, 3500)))
    saved = await Repair(archive)("c1", [STARTED, AGREED, card])
    assert saved is not None and saved.duration_ms == 10_000
    caller, agent = read(tmp_path / "c1.wav").lanes()
    assert not caller[8000:16_000].any() and not caller[24_000:28_000].any()
    assert caller[:8000].all() and caller[28_000:].all() and agent.all()


async def test_a_colleagues_lane_outlives_a_crash_and_no_card_is_cut_from_it(tmp_path):
    archive = recorded(tmp_path, lanes=3)
    (tmp_path / "c1.widening").write_bytes(b"of a rewriting that was cut off")
    card = CardSpoken(1, "speech", 1000, 2000, ((1000, 2000),))
    saved = await Repair(archive)("c1", [STARTED, AGREED, card])
    assert (
        saved is not None
        and saved.lanes == 3
        and [p.name for p in tmp_path.iterdir()] == ["c1.wav"]
    )
    caller, agent, rep = read(tmp_path / "c1.wav").lanes()
    assert not caller[8000:16_000].any() and agent.all() and rep.all()


async def test_digits_a_dying_call_was_being_told_are_silenced_to_its_end(tmp_path):
    archive = recorded(tmp_path)
    dictating = Noted(DICTATED, {"from_ms": 5000})
    turn = UtteranceRecorded(1, "caller", "my number is 415 555 2671", 4500, 7000)
    await Repair(archive)("c1", [STARTED, AGREED, dictating, turn])
    assert read(tmp_path / "c1.wav").lanes()[0].all()
    await Repair(archive)("c1", [STARTED, AGREED, turn, dictating])
    caller, agent = read(tmp_path / "c1.wav").lanes()
    assert caller[:37_000].all() and not caller[40_000:].any() and agent.all()
