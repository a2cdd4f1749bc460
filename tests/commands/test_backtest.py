"""Stored conversations judged by edited criteria, through the command an operator types."""

import asyncio
import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from core.store.store import Store
from core.text.talk import TextTalk
from tests.core.talk import MONDAY_NOON, SAMPLE, Talk
from tests.fakes import stores
from voice_agent.cli import main

EDITED = (
    (SAMPLE / "company.yaml").read_text("utf-8").replace(" at_least: 100\n", " at_least: 300\n")
)
"""Mid-market from three hundred people on."""
CALLERS = (
    ("we're a software company with two hundred people in texas", "we're on snowflake",
     "we want to sync it into salesforce", "we want to go live next month", "i'm the head of data"),
    ("we're a bank with four thousand employees", "i'm the cto"),
    ("i'm a student",),
)  # fmt: skip


@pytest.fixture
def var(tmp_path):
    """A folder whose database holds three conversations."""

    async def fill() -> None:
        store = Store(stores.sqlite(tmp_path / "voice_agent.db"))
        for n, lines in enumerate(CALLERS):
            talk = Talk()
            for line in lines:
                await talk.says(line)
            await store.log.append(f"call{n}", MONDAY_NOON + timedelta(hours=n), facts_of(talk))
        await store.aclose()

    asyncio.run(fill())
    (tmp_path / "new.yaml").write_text(EDITED, encoding="utf-8")
    return tmp_path


def facts_of(talk: TextTalk) -> list:
    return list(talk.facts)


def run(var, *more: str) -> int:
    return main(["backtest", "--criteria", str(var / "new.yaml"), "--var", str(var), *more])


def test_it_tells_who_would_come_out_otherwise_and_why(var, capsys):
    assert run(var, "--json", "-") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["conversations"] == 3 and told["changed"] == 1
    by = {change["id"]: change for change in told["changes"]}
    assert by["call0"]["before"]["result"] == "qualified"
    assert by["call0"]["after"]["result"] == "nurture"
    assert any("employees" in why and "not met" in why for why in by["call0"]["why"])
    assert told["results"]["after"]["disqualified"] == 1, "a student is no buyer by either"


def test_a_changed_conversation_is_named_whole_with_its_time_where_the_company_is(var, capsys):
    assert run(var) == 0
    line = next(one for one in capsys.readouterr().out.splitlines() if one.startswith("call0 "))
    assert f"{MONDAY_NOON.astimezone(ZoneInfo('America/New_York')):%Y-%m-%d %H:%M %Z}" in line


def test_rules_that_never_pick_anybody_are_remarked(var, capsys):
    rule = "{id: mid, segments: [enterprise], reps: [priya-nair], action: book}"
    last = "{id: rest, reps: [priya-nair], action: callback}"
    (var / "new.yaml").write_text(f"routing:\n  - {rule}\n  - {last}\n", encoding="utf-8")
    assert run(var) == 0
    assert "warning  mid: none of its reps serves enterprise" in capsys.readouterr().out


def test_unchanged_criteria_change_nothing(var, capsys):
    (var / "new.yaml").write_text("website: https://other.example\n", encoding="utf-8")
    assert run(var) == 0
    assert "0 of 3 would come out otherwise" in capsys.readouterr().out


def test_a_faulty_edit_is_told_with_its_line_and_nothing_is_judged(var, capsys):
    (var / "new.yaml").write_text(
        EDITED.replace("        at_least", "        atleast", 1), encoding="utf-8"
    )
    assert run(var) == 1
    told = capsys.readouterr().out
    assert "new.yaml" in told and "Did you mean `at_least`?" in told


def test_an_empty_database_is_no_error(tmp_path, capsys):
    (tmp_path / "new.yaml").write_text(EDITED, encoding="utf-8")
    assert run(tmp_path) == 0
    assert "No stored conversation" in capsys.readouterr().out
