"""A call asks the CRM for each number and address once, and goes on whatever it says."""

from core.crm.records import Found
from core.errors import CrmFailed
from tests.fakes.memory_log import MemoryLog
from voice_agent.call.journal import Journal
from voice_agent.call.recognising import Recognising

LINE, MAIL = Found("x", "1"), Found("x", "2", by="email")


async def test_each_number_and_address_is_asked_once_and_the_address_stands():
    asked = []

    async def find(whom: str) -> Found | None:
        asked.append(whom)
        if whom == "+15550":
            raise CrmFailed("away")
        return {"+14155550123": LINE, "dana@northwind.example": MAIL}.get(whom)

    it = Recognising(None, Journal(MemoryLog(), "c1"), "c1", find)
    for whom in ("+14155550123", "+14155550123", None, "+15550", "dana@northwind.example", "a@b.c"):
        await it.ask_crm(whom, lambda: 0.3)
    found = await it.look()
    assert asked == ["+14155550123", "+15550", "dana@northwind.example", "a@b.c"]
    assert found is not None and found.crm is not None
    assert (found.crm.id, found.crm.after_ms) == ("2", 300)
