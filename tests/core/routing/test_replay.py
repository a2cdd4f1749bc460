"""Stored conversations routed again, and the command that shows it."""

from argparse import Namespace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.events import ConversationStarted, RouteChosen, SignalCaptured, VerdictReached
from core.routing.replay import past, replay
from core.store.store import Store
from tests.core.talk import sample
from tests.fakes import stores
from voice_agent.commands.route import route
from voice_agent.config import Settings

AT = datetime(2026, 11, 24, 16, tzinfo=UTC)
COMPANY = sample().company


def facts(verdict: str, segment: str | None, place: str | None, caller: str, rep: str):
    said = [
        SignalCaptured("s1", "location", place, "positive", "stated", 0.9, place, 1, 0, 1)
    ] if place else []  # fmt: skip
    return [
        ConversationStarted("voice", "inbound", caller, None, None, "tideline", "1", "1", False),
        *said,
        VerdictReached(verdict, segment, 0.9, (), (), (), "1", 1),
        RouteChosen(rep, "book", (), (), False, 1),
    ]


def test_leads_are_routed_in_order_and_the_ledger_fills():
    pasts = [
        past(f"c{n}", AT + timedelta(hours=n),
             facts("qualified", "enterprise", None, None, "sofia-alvarez"), {})
        for n in range(4)
    ]  # fmt: skip
    made = replay([p for p in pasts if p], COMPANY)
    assert [d.route.rep for d in made] == ["sofia-alvarez", "daniel-okafor"] * 2
    assert [d.changed for d in made] == [False, True, False, True]


def test_what_was_said_counts_before_the_number_and_nothing_judged_is_no_lead():
    one = past("c", AT, facts("qualified", "enterprise", "Boston", "+14155550100", "x"), {})
    other = past("c", AT, facts("qualified", "enterprise", None, "+14155550100", "x"), {})
    assert one.lead.place == "Boston" and other.lead.place == "California"
    assert past("c", AT, [], {}) is None


@pytest.fixture
async def settings(tmp_path: Path) -> Settings:
    store = Store(stores.sqlite(tmp_path / "voice_agent.db"))
    for n, place in enumerate(("Texas", "Berlin", "Boston")):
        told = facts("qualified", "enterprise", place, "+14155550100", "sofia-alvarez")
        await store.log.append(f"conversation-{n}", AT + timedelta(hours=n), told)
    await store.aclose()
    return Settings(var=tmp_path, _env_file=None)


def run(settings: Settings, capsys, routing: Path | None = None) -> tuple[int, str]:
    code = route(settings, Namespace(routing=routing, limit=50, dry_run=True))
    return code, capsys.readouterr().out


def test_the_command_shows_who_would_get_which_lead(settings, capsys):
    code, out = run(settings, capsys)
    assert code == 0 and "tom-beckett" in out and "daniel-okafor" in out
    assert "2 of 3 would go elsewhere now" in out
    assert "leads: Sofia Alvarez 1, Daniel Okafor 1, Tom Beckett 1" in out


def test_an_edited_file_shows_only_what_it_would_change(settings, capsys, tmp_path):
    new = tmp_path / "new.yaml"
    new.write_text(
        "routing:\n"
        "  - {id: texas, verdicts: [qualified], territories: [US-TX], reps: [priya-nair],"
        " action: book}\n"
        "  - {id: eu, verdicts: [qualified], territories: [Germany], reps: [tom-beckett],"
        " action: book}\n"
        "  - {id: rest, reps: [sofia-alvarez, daniel-okafor, maya-lindqvist, kenji-mori],"
        " action: book, fast_track: true}\n"
    )
    code, out = run(settings, capsys, new)
    assert code == 0 and "1 of 3 conversations would be routed differently" in out
    assert "priya-nair" in out and "tom-beckett (book)" not in out


def test_a_faulty_file_and_an_empty_history_are_told_plainly(settings, capsys, tmp_path):
    bad = tmp_path / "bad.yaml"
    bad.write_text("routing:\n  - {id: x, reps: [sofia], action: book}\n")
    code, out = run(settings, capsys, bad)
    assert code == 1 and "bad.yaml" in out and "sofia-alvarez" in out
    code, out = run(Settings(var=tmp_path / "empty", _env_file=None), capsys)
    assert code == 0 and "nothing to route" in out
    code, out = run(settings, capsys, tmp_path / "missing.yaml")
    assert code == 1 and "missing.yaml" in out
