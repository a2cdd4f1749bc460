"""The caller is looked up during the greeting: nothing waits for it, and no failure is heard."""

from dataclasses import replace

import anyio
import pytest

from core.errors import StoreFailed
from core.events import Earlier, Noted, PersonRecalled
from core.identity.memory import Memory, Recognition
from tests.fakes.a_call import signal
from tests.fakes.office import HANG_UP, office, script

ASKS = "demo/01_hi_there_i_was.wav"
HEALTH = replace(
    signal(2, "industry", "Healthcare", "we run clinics"), origin="chat", signal_id="chat/s2"
)
DANA = replace(signal(1, "name", "Dana Reyes", "dana"), origin="chat", signal_id="chat/s1")
BEFORE = (Earlier("chat", "chat", "2026-11-23T10:00:00+00:00"),)


class Known:
    """Finds the same person for everybody; counts how often it looks."""

    def __init__(self, found: Recognition, *, slow_s: float = 0.0, fails: bool = False) -> None:
        self.found, self.slow_s, self.fails = found, slow_s, fails
        self.looked = 0

    async def recognise(self, conversation_id: str) -> Recognition:
        self.looked += 1
        await anyio.sleep(self.slow_s)
        if self.fails:
            raise StoreFailed("away")
        return self.found


async def call(tmp_path, people, texts=("how much is the growth plan",)):
    steps = [("greeting ended", ASKS)] + [("agent silent 0.7s", ASKS)] * (len(texts) - 1)
    async with office(tmp_path, list(texts), people=people) as it:
        await it.call(script(*steps, ("agent silent 0.7s", HANG_UP)))
        facts = [entry.fact for entry in await it.log.read(it.wrap_ups.asked[0])]
        greeted = next(f for f in facts if isinstance(f, Noted) and f.kind == "greeted")
        return await it.document(), greeted.data["after_ms"]


async def test_a_known_caller_s_signals_are_in_the_document_with_their_origin(tmp_path):
    people = Known(Recognition(Memory(PersonRecalled("p1", True, BEFORE), (DANA, HEALTH))))
    made, _ = await call(tmp_path, people)
    assert made["person"] == {"id": "p1", "sure": True}
    origins = {s["criterion"]: s["origin"]["words"] for s in made["signals"] if s["origin"]}
    assert origins["industry"] == "in chat on Monday, 23 Nov"


@pytest.mark.parametrize("people", [None, "slow", "failing"])
async def test_the_greeting_waits_for_nobody(tmp_path, people):
    found = Recognition(Memory(PersonRecalled("p1", True, BEFORE), (HEALTH,)))
    looks = {"slow": Known(found, slow_s=5.0), "failing": Known(found, fails=True)}
    made, after_ms = await call(tmp_path, looks.get(people))
    _, usual = await call(tmp_path / "usual", None)
    assert after_ms == usual and made["status"] == "completed"


async def test_a_yes_to_am_i_speaking_with_brings_what_is_known(tmp_path):
    guess = Memory(PersonRecalled("p1", False, BEFORE), (DANA, HEALTH))
    people = Known(Recognition(candidates=(guess,)))
    made, _ = await call(tmp_path, people, ("how much is the growth plan", "yes speaking"))
    said = [line["text"] for line in made["transcript"] if line["speaker"] == "agent"]
    assert sum("Dana" in text for text in said) == 1 and not any("Reyes" in t for t in said)
    assert made["person"] == {"id": "p1", "sure": True}
    assert "Healthcare" in [s["value"] for s in made["signals"]]
