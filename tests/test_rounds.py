"""Background work ends neither by an unavailable dependency nor by a bug."""

import anyio

from core.errors import StoreFailed
from voice_agent.rounds import Troubles, each, regularly


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
        ("ERROR", "looking fell over; it is tried again"),
        ("WARNING", "looking works again"),
    ]


async def test_a_trouble_that_lasts_is_told_of_once_plainly_and_when_it_is_over(caplog):
    errors: list[Exception] = [PermissionError(13, "Permission denied", "c0.wav")] * 3
    errors += [StoreFailed("away")] * 2

    async def work() -> None:
        if errors:
            raise errors.pop(0)

    with anyio.move_on_after(65):
        await regularly("looking", work, 10.0)
    assert [(r.levelname, r.getMessage(), bool(r.exc_info)) for r in caplog.records] == [
        ("ERROR", "looking is in vain for now, and tried again: [Errno 13] Permission denied: "
                  "'c0.wav'", False),
        ("WARNING", "looking put off: away", False),
        ("WARNING", "looking works again", False),
    ]  # fmt: skip


async def test_of_several_troubles_each_is_told_of_when_it_begins_and_the_end_of_all(caplog):
    broken, troubles = {"a", "b"}, Troubles()

    async def work(one: str) -> None:
        if one in broken:
            raise OSError(f"{one} is broken")

    for now in ({"a"}, {"a", "b"}, {"b"}, set(), set()):
        broken = now
        assert await each("mending", "abc", work, troubles) == len(now)
    assert [r.getMessage().removeprefix("mending ") for r in caplog.records] == [
        "is in vain for now, and tried again: a is broken",
        "is in vain for now, and tried again: b is broken",
        "works again",
    ]
