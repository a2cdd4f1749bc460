"""The test loop itself: it jumps, keeps order, and never races threads or sockets."""

import asyncio
import threading
import time

import anyio
import anyio.lowlevel
import pytest

from tests.virtual_time import Stuck, VirtualTimeLoop


async def test_ten_minutes_pass_at_once():
    began = time.monotonic()
    await anyio.sleep(600)
    assert anyio.current_time() == pytest.approx(600)
    assert time.monotonic() - began < 5


async def test_sleepers_wake_in_the_order_of_their_deadlines():
    order: list[float] = []

    async def sleeper(seconds: float) -> None:
        await anyio.sleep(seconds)
        order.append(seconds)

    async with anyio.create_task_group() as group:
        for seconds in (3, 1, 2.5, 0.02):
            group.start_soon(sleeper, seconds)
    assert order == [0.02, 1, 2.5, 3]


async def test_a_stream_hands_over_before_the_receiver_times_out():
    send, receive = anyio.create_memory_object_stream[str](1)

    async def speaker() -> None:
        await anyio.sleep(0.9)
        await send.send("hello")

    async with anyio.create_task_group() as group, send, receive:
        group.start_soon(speaker)
        with anyio.fail_after(1):
            assert await receive.receive() == "hello"


async def test_a_timeout_fires_at_its_virtual_instant():
    with anyio.move_on_after(8) as scope:
        await anyio.sleep_forever()
    assert scope.cancelled_caught
    assert anyio.current_time() == pytest.approx(8)


async def test_a_busy_thread_is_not_raced_by_a_timeout():
    release = threading.Event()

    def work() -> str:
        release.wait(0.05)
        return "done"

    with anyio.fail_after(30):
        assert await anyio.to_thread.run_sync(work) == "done"
        assert await asyncio.get_running_loop().run_in_executor(None, work) == "done"
    assert anyio.current_time() < 10


async def test_a_busy_socket_is_not_raced_by_a_timeout():
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readline())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with server:
        with anyio.fail_after(20):
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
            writer.write(b"hello\n")
            assert await reader.readline() == b"hello\n"
            writer.close()
            await writer.wait_closed()


async def test_a_wait_shorter_than_a_rounding_error_comes_to_its_end():
    due = anyio.current_time() + 1e-4
    while anyio.current_time() < due:  # noqa: ASYNC110
        await anyio.lowlevel.checkpoint()
    assert anyio.current_time() < 1e-3


@pytest.mark.real_clock
async def test_a_marked_test_runs_on_the_real_clock():
    assert not isinstance(asyncio.get_running_loop(), VirtualTimeLoop)


def test_a_deadlock_is_reported(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tests.virtual_time.STUCK_AFTER_S", 0.01)
    loop = VirtualTimeLoop()
    waiting = loop.create_task(asyncio.sleep(3600))
    waiting.cancel()
    with pytest.raises(Stuck):
        loop.run_until_complete(loop.create_future())
    loop.close()
