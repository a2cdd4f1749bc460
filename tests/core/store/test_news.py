"""Whoever follows a conversation is woken by its next commit."""

import anyio
import pytest

from core.store.news import News
from core.store.store import Store
from tests.fakes import a_call

pytestmark = pytest.mark.real_clock
LONG_S = 5.0


async def test_a_commit_wakes_who_follows_the_conversation(store: Store):
    with store.news.following("c1") as news, anyio.fail_after(LONG_S):
        await store.log.append("c1", a_call.AT, a_call.facts("CA1"))
        await news.next(60)  # it came before the wait, and counts
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(store.log.append, "c1", a_call.AT, a_call.facts("CA1"))
            await news.next(60)


async def test_the_commits_of_others_wake_nobody():
    made = News()
    with made.following("c1") as mine, made.following("c2") as theirs:
        made.committed(["c2", "c3"])
        await theirs.next(60)
        began = anyio.current_time()
        await mine.next(0.05)
        assert anyio.current_time() - began >= 0.05
    made.committed(["c1"])  # nobody is left to wake
