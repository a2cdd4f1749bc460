"""The regression suite of stored calls: today's code does with them what it did, or what was meant.

Each is the log of a real call, heard by the real recogniser (`tests/replays/make.py`).
"""

import json

from tests.replays.make import ACCEPTED, COMPANY, HERE, differing, stored, today
from voice_agent.cli import main
from voice_agent.commands.replay import read_log
from voice_agent.turn import endpoint


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


def test_the_command_prints_what_differs_and_tells_by_its_exit_code(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("VOICE_AGENT_EMBEDDINGS", "words")
    monkeypatch.setenv("VOICE_AGENT_VAR", str(tmp_path))
    given = ["replay", str(HERE / "cut-in.json"), "--company", str(COMPANY)]
    accepted = json.loads(ACCEPTED.read_text(encoding="utf-8")).get("cut-in", [])
    assert main([*given, "--json", "-"]) == (1 if accepted else 0)
    (told,) = json.loads(capsys.readouterr().out)
    assert told["exact"] and told["differences"] == accepted
    slower = {name: (a + 0.2, b + 0.2) for name, (a, b) in endpoint.SPAN_S.items()}
    monkeypatch.setattr(endpoint, "SPAN_S", slower)
    assert main(given) == 1
    shown = capsys.readouterr().out
    assert "floor, turn 3" in shown and "1 would be otherwise" in shown
    assert main([*given, "--save", str(tmp_path / "kept")]) == 0
    (kept,) = (tmp_path / "kept").iterdir()
    assert read_log(kept) == read_log(HERE / "cut-in.json")


def test_a_call_there_is_not_and_a_file_that_is_no_log_are_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("VOICE_AGENT_VAR", str(tmp_path))
    assert main(["replay"]) == 1 and "which?" in capsys.readouterr().out
    (tmp_path / "x.json").write_text("[]")
    assert main(["replay", str(tmp_path / "x.json")]) == 1
    assert "no log of a call" in capsys.readouterr().out
    assert main(["replay", "CAnone"]) == 1 and "there is no call CAnone" in capsys.readouterr().out
