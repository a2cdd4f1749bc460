"""The CRM is asked who is calling during the greeting: nothing waits for it, nothing slips out."""

from collections.abc import Awaitable, Callable

import anyio
import pytest

from core.crm.records import Deal, Found
from core.errors import CrmFailed
from core.events import Noted
from tests.fakes.office import HANG_UP, office, script

ASKS = "demo/01_hi_there_i_was.wav"
DANA = Found(
    "hubspot", "77", name="Dana Reyes", email="dana@northwind.example", company="Northwind Health",
    role="CFO", employees="800", industry="Healthcare", owner="priya-nair",
    deals=(Deal("9", "Renewal"),),
)  # fmt: skip


def crm(found: Found | None, slow_s: float = 0.2) -> Callable[[str], Awaitable[Found | None]]:
    async def find(number: str) -> Found | None:
        await anyio.sleep(slow_s)
        if slow_s > 20:
            raise CrmFailed("away")
        return found

    return find


async def call(tmp_path, look, *texts: str):
    texts = texts or ("how much is the growth plan",)
    steps = [("greeting ended", ASKS)] + [("agent silent 0.7s", ASKS)] * (len(texts) - 1)
    async with office(tmp_path, list(texts), crm=look) as it:
        await it.call(script(*steps, ("agent silent 0.7s", HANG_UP)))
        facts = [entry.fact for entry in await it.log.read(it.wrap_ups.asked[0])]
        greeted = next(f for f in facts if isinstance(f, Noted) and f.kind == "greeted")
        return await it.document(), greeted.data["after_ms"]


def agent_words(made) -> str:
    return " ".join(line["text"] for line in made["transcript"] if line["speaker"] == "agent")


async def test_whom_the_crm_knows_by_the_number_is_known_and_never_named(tmp_path):
    made, _ = await call(tmp_path, crm(DANA))
    assert made["crm_contact"] == {
        "system": "hubspot", "id": "77", "name": "Dana Reyes", "company": "Northwind Health",
        "owner": "priya-nair", "deals": ["Renewal"], "sure": False, "shared": False,
        "customer": None,
    }  # fmt: skip
    assert [s for s in made["signals"] if s["basis"] == "crm"] == []
    said = agent_words(made)
    assert not any(word in said for word in ("Dana", "Reyes", "Northwind", "Healthcare", "CFO"))


async def test_the_owner_in_the_crm_takes_the_lead(tmp_path):
    made, _ = await call(tmp_path, crm(DANA))
    assert made["route"]["rep"] == "priya-nair"
    assert any("owns this buyer in the CRM" in reason for reason in made["route"]["reasons"])


async def test_who_says_the_contacts_name_is_them_and_what_is_known_counts(tmp_path):
    made, _ = await call(
        tmp_path, crm(DANA), "hi this is dana reyes", "how much is the growth plan"
    )
    assert made["crm_contact"]["sure"]
    known = {s["criterion"]: s["value"] for s in made["signals"] if s["basis"] == "crm"}
    assert known == {
        "company": "Northwind Health", "role": "CFO", "employees": "800", "industry": "Healthcare",
    }  # fmt: skip


async def test_who_says_another_name_is_somebody_else(tmp_path):
    made, _ = await call(tmp_path, crm(DANA), "hi this is walter brown", "what does it cost")
    assert not made["crm_contact"]["sure"]
    assert [s for s in made["signals"] if s["basis"] == "crm"] == []


async def test_a_number_of_several_people_is_nobodys(tmp_path):
    shared = Found("hubspot", "77", name="Dana Reyes", owner="priya-nair", shared=True)
    made, _ = await call(tmp_path, crm(shared), "hi this is dana reyes", "what does it cost")
    assert made["crm_contact"]["owner"] is None and not made["crm_contact"]["sure"]


@pytest.mark.parametrize("slow_s", [3.0, 30.0])
async def test_the_greeting_waits_for_no_crm_and_a_late_one_still_informs(tmp_path, slow_s):
    made, after_ms = await call(tmp_path, crm(DANA, slow_s))
    _, usual = await call(tmp_path / "usual", None)
    assert after_ms == usual and made["status"] == "completed"
    assert (made["crm_contact"] is not None) == (slow_s < 6)
