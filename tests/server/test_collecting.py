"""When full collections happen, and that ongoing calls see none."""

import gc

import anyio
import pytest

from voice_agent.server.collecting import LONGEST_S, LOOK_S, Collecting, collect, settle


def test_nothing_is_collected_while_calls_go_on_until_they_have_gone_on_for_long():
    collecting = Collecting(0.0)
    assert not any(collecting.due(1, at) for at in range(int(LONGEST_S)))
    assert collecting.due(1, LONGEST_S)
    assert not collecting.due(1, LONGEST_S + LOOK_S)


def test_the_end_of_the_last_call_is_the_time():
    collecting = Collecting(0.0)
    assert [collecting.due(calls, float(at)) for at, calls in enumerate([0, 2, 1, 0, 0])] == [
        False, False, False, True, False,
    ]  # fmt: skip


def test_a_server_without_calls_is_collected_too():
    assert Collecting(0.0).due(0, LONGEST_S)


@pytest.fixture
def thresholds():
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


class Circle:
    """Garbage that only a collection finds."""

    gone = 0

    def __init__(self) -> None:
        self.me = self

    def __del__(self) -> None:
        Circle.gone += 1


async def test_what_a_call_left_in_circles_is_gone_after_it(thresholds):
    settle()
    over, on_the_line = anyio.Event(), 1
    Circle.gone = 0
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(collect, lambda: on_the_line, over)
        circle = Circle()
        gc.collect(1)
        del circle
        gc.collect(1)
        await anyio.sleep(3 * LOOK_S)
        assert Circle.gone == 0, "it has grown old; looking through the old stops all calls"
        on_the_line = 0
        await anyio.sleep(2 * LOOK_S)
        over.set()
    assert Circle.gone == 1
