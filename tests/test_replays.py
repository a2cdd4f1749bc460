"""The regression suite of stored calls: today's code does with them what it did, or what was meant.

Each is the log of a real call, heard by the real recogniser (`tests/replays/make.py`).
"""

import json

from tests.replays.make import ACCEPTED, differing, stored, today


def test_stored_calls_come_out_as_they_did_or_as_was_accepted():
    found = today()
    assert len(found) == len(stored()) and all(one.why_not == "" for one in found.values())
    assert sum(one.turns for one in found.values()) >= 8
    accepted = json.loads(ACCEPTED.read_text(encoding="utf-8"))
    assert differing(found) == accepted, (
        "stored calls would go otherwise: see `voice-agent replay tests/replays/*.json --company "
        "tests/companies/corvane`; if that is meant: `python -m tests.replays.make --accept`"
    )


def test_stored_calls_stay_small():
    assert all(path.stat().st_size < 120_000 for path in stored())
