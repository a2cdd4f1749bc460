from dataclasses import fields
from types import SimpleNamespace
from typing import Any

import pytest

from core.errors import NotifyFailed
from voice_agent.systems import Systems


async def test_who_is_told_of_a_conversation_is_told_whatever_becomes_of_the_others():
    told: list[str] = []

    def telling(name: str) -> Any:
        async def tell(what: Any) -> None:
            told.append(name)
            raise NotifyFailed(f"{name} fell over")

        return tell

    parts: dict[str, Any] = {
        "telling": SimpleNamespace(lead=telling("lead")),
        "post": SimpleNamespace(unasked=SimpleNamespace(tell=telling("letter"))),
        "enrolment": SimpleNamespace(finished=telling("nurture")),
        "returning": SimpleNamespace(finished=telling("returned")),
    }
    systems = Systems(**{f.name: parts.get(f.name) for f in fields(Systems)})
    with pytest.raises(NotifyFailed, match="lead fell over"):
        await systems.finished({"id": "c1"})
    assert told == ["lead", "letter", "nurture", "returned"]
