"""What goes on beside the calls ends neither by a dependency that is away nor by a bug."""

import anyio

from core.errors import StoreFailed
from voice_agent.rounds import regularly


async def test_work_that_fails_or_falls_over_is_done_again_at_the_next_time(caplog):
    did: list[float] = []
    errors = [StoreFailed("away"), LookupError("a bug")]

    async def work() -> None:
        did.append(anyio.current_time())
        if errors:
            raise errors.pop(0)

    began = anyio.current_time()
    with anyio.move_on_after(35):
        await regularly("looking", work, 10.0, first_s=5.0)
    assert [round(at - began) for at in did] == [5, 15, 25]
    assert [(r.levelname, r.getMessage()) for r in caplog.records] == [
        ("WARNING", "looking put off: away"),
        ("ERROR", "looking fell over, tried again in 10 s"),
    ]
