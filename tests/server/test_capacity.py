"""The capacity model: its arithmetic, and the figures that can be checked here."""

import random
from dataclasses import replace

import pytest

from tests.bench.fleet_model import simulated
from voice_agent.audio import g711
from voice_agent.emulator.messages import Ids, Writer
from voice_agent.server import capacity
from voice_agent.server.capacity import (
    EMBEDDED,
    REMOTE,
    Limits,
    Prices,
    minute_costs,
    plan,
    whisper,
)

HEADERS = 8 + 52
"""Bytes of WebSocket, TCP with timestamps and IP around one frame."""


def test_a_fleet_has_room_for_chance_and_for_a_dead_server():
    small, large = plan(100, REMOTE), plan(10_000, REMOTE)
    assert small.servers == 2, "one carries them, one is to spare"
    per_server = capacity.WORKERS_PER_SERVER * small.calls_per_core
    assert (large.servers - 1) * per_server > 10_000 + 3 * 100
    assert large.servers < 1.12 * 10_000 / per_server, "and is not twice as large as needed"


def test_engines_of_ones_own_take_the_cores_they_were_measured_to_take():
    assert plan(100, EMBEDDED).workers == pytest.approx(100 * EMBEDDED.core / 0.5, abs=1)
    assert plan(100, EMBEDDED).accelerators == 0


def test_accelerators_follow_from_how_long_a_decode_takes():
    assert plan(100, whisper(0.1)).accelerators == pytest.approx(100 * 11 / 60 * 0.1 / 0.5, abs=1)
    assert plan(100, whisper(0.2)).accelerators > plan(100, whisper(0.1)).accelerators


def test_what_gives_out_next_comes_first_and_moves_with_its_limit():
    assert next(iter(plan(100, REMOTE).gives_out)) == "database connections"
    pooled = Limits(connections=10_000)
    assert next(iter(plan(100, REMOTE, pooled).gives_out)) == "database writes"
    quicker = replace(pooled, writes_s=1e6)
    assert next(iter(plan(100, REMOTE, quicker).gives_out)) == "database connections"


def test_a_minute_costs_what_its_parts_do_and_services_are_paid_only_where_used():
    prices = Prices(0.01, 0.006, 0.15, 0.60, 15.0, 0.05, 1.0)
    vendor = minute_costs(plan(100, REMOTE), REMOTE, prices)
    assert vendor["hearing"] == pytest.approx(0.006 * 22 / 60, abs=1e-5)
    assert vendor["voice"] == pytest.approx(620 * 15 / 1e6, abs=1e-5)
    assert vendor["servers"] == pytest.approx(0.05 / 60 * 2 * 4 / 100, abs=1e-5)
    own = minute_costs(plan(100, whisper(0.1)), whisper(0.1), prices)
    assert "hearing" not in own and own["accelerators"] > 0
    assert minute_costs(plan(100, REMOTE), REMOTE, Prices()) == {}


def test_the_bits_of_a_call_are_those_of_its_messages():
    writer = Writer(Ids("AC" + "0" * 32, "CA" + "0" * 32, "MZ" + "0" * 32))
    frame = writer.media(g711.SILENCE * 160, 123_450)
    kbit_s = 50 * (len(frame.encode()) + HEADERS) * 8 / 1000
    assert kbit_s == pytest.approx(capacity.PerMinute().wire_kbit_s, rel=0.1)


@pytest.mark.parametrize("calls", [100, 1_000])
def test_a_planned_fleet_refuses_next_to_nobody_though_a_server_dies(calls: int):
    made = plan(calls, REMOTE)
    room = round(capacity.WORKERS_PER_SERVER * made.calls_per_core)
    seen = simulated(made.servers, room, calls, random.Random(7))
    assert seen.refused_pct < 0.1 and seen.busiest_after_death <= room
    assert seen.busiest - seen.idlest < 0.35 * seen.busiest, "calls lie evenly"
