"""What `check` says about a company folder, transfers, and where servers reach this one."""

import os
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

import pytest

from core.crm.records import Finding
from core.events import Noted
from knowledge.errors import Problem
from knowledge.load import load
from knowledge.profile import Segment
from tests.core.talk import SAMPLE, sample
from tests.fakes.model_servers import UNKNOWN_MODEL, ModelServer
from tests.fakes.sound_servers import kokoro_without_the_voice
from voice_agent.call.shelf import ShelvedFacts
from voice_agent.call.spill import Spill
from voice_agent.commands.check import (
    _services,
    golden,
    peers,
    transfers,
    writable,
)
from voice_agent.commands.check_files import exposed, refused
from voice_agent.commands.check_folder import SHOWN, cut, remarks
from voice_agent.commands.check_hours import closed
from voice_agent.commands.check_invitations import unanswered_invitations
from voice_agent.commands.check_lines import public
from voice_agent.config import Settings

ACCOUNT = {"twilio_account_sid": "AC1", "twilio_auth_token": "t", "public_url": "https://a.example"}


def told(settings: Settings, **given: object) -> list[Finding]:
    company = sample().company
    team = tuple(rep.model_copy(update={"phone": "+14155550199"}) for rep in company.team)
    changed = company.transfers.model_copy(update=given)
    company = company.model_copy(update={"transfers": changed, "team": team})
    found: list[Finding] = []
    transfers(settings, replace(sample(), company=company), found.append)
    return found


@pytest.mark.parametrize(
    ("given", "levels"),
    [
        ({"mode": "warm", "ring_seconds": 40}, ["ok"]),
        ({"mode": "cold", "ring_seconds": 15}, ["ok"]),
        ({"mode": "cold", "ring_seconds": 20}, ["ok", "warning"]),
        ({"mode": "off", "ring_seconds": 20}, ["ok"]),
    ],
)
def test_cold_transfers_that_ring_as_long_as_voicemail_waits_are_warned_of(given, levels):
    found = told(Settings(_env_file=None, **ACCOUNT), **given)
    assert [f.level for f in found] == levels
    assert all("use warm" in f.text for f in found if f.level == "warning")


def test_without_an_account_nobody_is_rung_and_nothing_is_warned_of():
    found = told(Settings(_env_file=None), mode="cold", ring_seconds=40)
    assert [f.level for f in found] == ["ok"] and "TWILIO_ACCOUNT_SID" in found[0].text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, []),
        ({"database_url": "postgresql://db/voice"}, [("ok", "VOICE_AGENT_PEER_HOST=auto")]),
        ({"peer_host": "127.0.0.2", "peer_port": 1}, [("ok", "at 127.0.0.2")]),
        ({"peer_host": "192.0.2.1"}, [("error", "an address of this machine")]),
        ({"peer_host": "0.0.0.0"}, [("error", "one address")]),
    ],
)
def test_where_other_servers_reach_this_one_is_told(given, said):
    found: list[Finding] = []
    peers(Settings(_env_file=None, **given), found.append)
    assert len(found) == len(said)
    for finding, (level, text) in zip(found, said, strict=True):
        assert finding.level == level and text in finding.text


NOBODY = 65534


def test_a_company_folder_that_is_only_read_is_warned_of():
    found: list[Finding] = []
    with TemporaryDirectory() as name:
        writable(Path(name), found.append)
        assert not found
        Path(name).chmod(0o555)
        root = os.geteuid() == 0  # who may write everywhere
        if root:
            os.seteuid(NOBODY)
        try:
            writable(Path(name), found.append)
        finally:
            if root:
                os.seteuid(0)
    assert [f.level for f in found] == ["warning"] and "publish" in found[0].text


async def test_facts_the_database_refused_are_warned_of_with_their_place_and_the_error(
    tmp_path: Path,
):
    entry = ShelvedFacts(
        "1", datetime(2026, 11, 25, tzinfo=UTC), (Noted("a"),), "no such table: fact"
    )
    assert await Spill(tmp_path / "journal").put_aside("c1", [entry])
    found: list[Finding] = []
    refused(Settings(_env_file=None, var=tmp_path), found.append)
    ((level, text),) = [(f.level, f.text) for f in found]
    assert level == "warning" and "c1 (no such table: fact)" in text
    assert f"{tmp_path}/journal/refused" in text


def test_a_database_that_others_can_read_is_warned_of_with_the_remedy(tmp_path: Path):
    settings = Settings(_env_file=None, var=tmp_path, database_url="")
    found: list[Finding] = []
    exposed(settings, found.append)
    assert not found
    names = ("voice_agent.db", "voice_agent.db-wal", "voice_agent-workflows.db")
    for name in names:
        (tmp_path / name).touch(0o644)
        (tmp_path / name).chmod(0o644)
    exposed(settings, found.append)
    assert [f.level for f in found] == ["warning"] * 3
    for finding, name in zip(found, names, strict=True):
        assert f"chmod 600 {tmp_path / name}" in finding.text
    for name in names:
        (tmp_path / name).chmod(0o600)
    found.clear()
    exposed(settings, found.append)
    assert not found


def test_an_invitation_whose_yes_nothing_answers_is_named_with_line_and_remedy(tmp_path: Path):
    today = date(2026, 11, 30)
    assert unanswered_invitations(SAMPLE, sample(), today) == []
    folder = copytree(SAMPLE, tmp_path / "company")
    profile = folder / "company.yaml"
    text = profile.read_text(encoding="utf-8")
    asks = "How much does Tideline cost?"
    assert asks in text
    profile.write_text(text.replace(asks, "Do you sell bicycles?"), encoding="utf-8")
    (problem,) = unanswered_invitations(folder, load(folder), today)
    assert problem.key == "chat.invitations.1.asks" and problem.found == "Do you sell bicycles?"
    assert text.splitlines()[problem.line - 1].strip() == f'asks: "{asks}"'
    assert "knowledge new" in problem.remedy


TODAY = date(2026, 11, 30)


def test_the_sample_company_has_nothing_that_would_surprise():
    assert list(remarks(SAMPLE, sample(), TODAY)) == []


def test_what_lies_among_the_articles_and_is_not_read_is_told(tmp_path: Path):
    folder = tmp_path / "company"
    copytree(SAMPLE, folder)
    (folder / "articles" / "sso.md").rename(folder / "articles" / "sso.txt")
    (folder / "articles" / "more").mkdir()
    (folder / "articles" / ".sso.md.new").write_text("")
    told = list(remarks(folder, sample(), TODAY))
    assert [line.split(" ")[0] for line in told] == ["articles/more", "articles/sso.txt"]


def test_articles_out_of_date_or_without_wordings_are_told():
    past = date(2026, 1, 1)
    articles = tuple(
        replace(a, review_by=past, passages=tuple(replace(p, asked=()) for p in a.passages))
        for a in sample().articles
    )
    nobody, bare, expired = remarks(SAMPLE, replace(sample(), articles=articles), TODAY)
    assert "every question will be deferred" in nobody
    assert f"{len(articles)} × past its review date" in expired
    assert "without wordings" in bare and f"voice-agent knowledge lint --company {SAMPLE}" in bare


def test_a_few_remarks_are_told_one_by_one_with_file_figure_and_remedy():
    sso = replace(next(a for a in sample().articles if a.id == "sso"), facts=(("sso.days", "77"),))
    articles = tuple(sso if a.id == "sso" else a for a in sample().articles)
    (told,) = remarks(SAMPLE, replace(sample(), articles=articles), TODAY)
    assert told.startswith("articles/sso.md: sso.days is 77, which no passage of it says")


def test_a_filler_that_could_never_be_said_is_told():
    lines = ("one moment", "Let me look that up for {name}.", "{company} here. Just a second.")
    company = sample().company
    voice = company.voice.model_copy(update={"filler": lines})
    company = company.model_copy(update={"voice": voice})
    (told,) = remarks(SAMPLE, replace(sample(), company=company), TODAY)
    assert "for {name}" in told and told.startswith("voice.filler")


def test_a_segment_that_one_answer_qualifies_is_warned_of():
    last = sample().company.segments[-1]
    thin = Segment(id=last.id, label=last.label, criteria=last.criteria, judge_at=0.1)
    company = sample().company.model_copy(update={"segments": (thin,)})
    (told,) = remarks(SAMPLE, replace(sample(), company=company), TODAY)
    assert told.startswith("segments: startup: a buyer who meets `tech_stack`")
    assert "raise `judge_at` above 0.1" in told


def test_of_a_file_full_of_faults_the_first_are_told_and_their_number():
    faults = [Problem("articles/a.md", n, "", "x", f"y{n}", "Mend it.") for n in range(SHOWN + 5)]
    told = list(cut([*faults, Problem("company.yaml", 1, "", "x", "y", "Mend it.")]))
    assert len(told) == SHOWN + 2
    assert told[-1] == "articles/a.md: and 5 more; `voice-agent check --all` lists them"
    assert len(list(cut(faults, every=True))) == SHOWN + 5


def test_what_one_cause_makes_in_many_places_is_told_once():
    faults = [
        Problem(f"evals/{n}.yaml", 1, "", "a criterion", "sice", "Add it.") for n in range(30)
    ]
    (told,) = cut(faults)
    assert told.startswith("evals/0.yaml:1: expected a criterion")
    assert "29 times more: evals/1.yaml:1, evals/2.yaml:1," in told and told.endswith("4.yaml:1, …")
    assert len(list(cut(faults[:2]))) == 2
    (told,) = cut([replace(fault, file="a.yaml", line=n) for n, fault in enumerate(faults[:3])])
    assert told.endswith("The same 2 times more: line 1, line 2.")


def test_golden_questions_that_fail_are_warned_of_and_the_others_counted(tmp_path: Path):
    def told(text: str) -> list[tuple[str, str]]:
        found: list[Finding] = []
        (tmp_path / "golden.yaml").write_text(text)
        golden(tmp_path, sample(), TODAY, found.append)
        return [(f.level, f.text) for f in found]

    right = 'answered: [{ask: "Does your platform support SSO?", article: sso}]\n'
    assert told(right) == [("ok", "golden.yaml: 1 question")]
    ((level, text),) = told(right + 'unanswerable: ["Do you support SSO?"]')
    assert level == "warning" and "is answered by sso; narrow" in text
    ((level, text),) = told("answered: [{ask: Why so dear?, article: prices}]")
    assert level == "warning" and text.endswith(
        "there is no article prices: name one that there is, or take the question out"
    )
    ((level, text),) = told("answerd: []")
    assert level == "error" and text.startswith("golden.yaml:1")
    assert told("") == []


@pytest.mark.real_clock
async def test_a_service_that_is_set_and_passed_over_is_warned_of_with_the_reason(tmp_path: Path):
    with ModelServer(UNKNOWN_MODEL["openai"], ("gpt-4o-mini",)) as model:
        with ModelServer(kokoro_without_the_voice) as voice:
            settings = Settings(
                _env_file=None, var=tmp_path, company=SAMPLE, llm_base_url=model.base_url,
                llm_model="gpt-4o-mni", tts_base_url=voice.base_url,
            )  # fmt: skip
            found: list[Finding] = []
            await _services(settings, None, found.append)
    told = {f.text.split(":")[0]: f for f in found}
    assert told["speaking"].level == told["wording"].level == "warning"
    assert "Available voices: af_bella" in told["speaking"].text
    assert "is gpt-4o-mini meant?" in told["wording"].text


def test_the_next_holidays_of_each_calendar_are_named_with_whose_they_are():
    company = sample().company
    lines = list(closed(company, date(2026, 12, 20)))
    assert lines[0].startswith("holidays of the company, sofia-alvarez (US MA): 2026-12-25 Christ")
    assert "2027-01-01 New Year's Day, 2027-01-18 Martin Luther King" in lines[0]
    bare = company.hours.model_copy(update={"holiday_country": None, "holiday_region": None})
    first = next(closed(company.model_copy(update={"hours": bare}), date(2026, 12, 20)))
    assert first == "holidays of the company: none (`holiday_country`, `closed_on`)"


@pytest.mark.parametrize(("given", "level"), [
    ({}, "ok"), ({"twilio_account_sid": "AC1"}, "warning"),
    ({"email_address": "a@b.example"}, "warning"),
])  # fmt: skip
def test_that_nobody_outside_can_reach_it_is_a_warning_where_somebody_should(given, level):
    ((found, text),) = public(Settings(_env_file=None, **given))
    assert found == level and "https address under which the internet" in text


def test_expertise_that_can_never_match_is_told():
    company = sample().company
    odd = company.team[0].model_copy(update={"expertise": ("pricing", "Healthcare", "juggling")})
    changed = replace(sample(), company=company.model_copy(update={"team": (odd,)}))
    told = [line for line in remarks(SAMPLE, changed, TODAY) if line.startswith("team: ")]
    assert len(told) == 1 and f"{odd.id}: `expertise` juggling is no topic" in told[0]
