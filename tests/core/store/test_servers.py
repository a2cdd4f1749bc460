import os
import subprocess
import sys
from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.store.servers import SILENT_LOOKS, lives, process_start
from core.store.store import Store
from core.store.tables import ServerRow
from tests.contracts.event_log import AT


def row(**given: object) -> ServerRow:
    mine = {"pid": os.getpid(), "process_start": process_start(os.getpid()), "host": "here"}
    return ServerRow(id="s", started_at=AT, beat_at=AT, **{**mine, **given})


def test_a_server_on_this_host_lives_as_long_as_its_process():
    assert lives(row(), "here", 10 * SILENT_LOOKS)


def test_a_later_process_of_the_same_number_is_not_the_server():
    assert not lives(row(process_start="1"), "here", 0)


def test_a_process_that_died_unburied_is_gone():
    dying = subprocess.Popen([sys.executable, "-c", "pass"])
    os.waitid(os.P_PID, dying.pid, os.WEXITED | os.WNOWAIT)  # dead, and still a zombie
    assert process_start(dying.pid) is None
    dying.wait()
    assert process_start(dying.pid) is None


def test_a_server_on_another_host_lives_while_it_is_heard_of():
    assert lives(row(host="there", process_start="1"), "here", SILENT_LOOKS - 1)
    assert not lives(row(host="there", process_start="1"), "here", SILENT_LOOKS)


@pytest.mark.real_clock
async def test_a_silent_server_on_another_host_is_gone_whatever_the_clocks_say(url: str):
    """Its beats are told apart, not compared with our clock, which may be hours off."""
    here, there = Store(url, server="here"), Store(url, server="there")
    await there.servers.beat(AT)
    moved = "UPDATE server SET host = 'there', process_start = '1'"
    await there.write("servers", lambda c: c.execute(sa.text(moved)).rowcount)
    await here.servers.beat(AT + timedelta(hours=5))
    for n in range(2 * SILENT_LOOKS):
        await there.servers.beat(AT + timedelta(seconds=n))
        await here.servers.look()
    assert await here.servers.living() == {"here", "there"}
    for _ in range(SILENT_LOOKS):
        await here.servers.look()
    assert await here.servers.living() == {"here"}
    await there.servers.beat(AT + timedelta(minutes=9))
    await here.servers.look()
    assert await here.servers.living() == {"here", "there"}, "it was only away"
    await here.aclose()
    await there.aclose()


@pytest.mark.real_clock
async def test_a_server_is_there_from_its_first_beat_until_it_signs_off(url: str):
    first, second = Store(url, server="one"), Store(url, server="two")
    assert await first.servers.living() == set()
    await first.servers.beat(AT)
    await second.servers.beat(AT)
    await first.servers.beat(AT + timedelta(seconds=10))
    assert await first.servers.living() == {"one", "two"}
    await second.servers.sign_off(AT)
    assert await first.servers.living() == {"one"}
    await first.aclose()
    await second.aclose()
