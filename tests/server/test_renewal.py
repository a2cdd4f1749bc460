"""Published knowledge comes into use with the next call; a call keeps what it began with."""

import logging
import os
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from core.engine import Engine
from knowledge.answer import KnowledgeBase
from knowledge.load import load
from knowledge.rules.book import RuleBook
from knowledge.rules.sections import section
from tests.fakes.office import HANG_UP, office, script
from tests.knowledge.lumo import NOW, adopted, desk, edit, put_live
from voice_agent.server.renewal import EVERY_S, Renewal

QUESTION = "demo/01_hi_there_i_was.wav"


class Used(list[Engine]):
    """The engines that were taken into use."""

    def words(self) -> str:
        articles = {a.id: a for a in self[-1].loaded.articles}
        return articles["lamp"].passages[0].text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return adopted(tmp_path / "lumo")


def renewal(folder: Path) -> tuple[Renewal, Used]:
    loaded, used = load(folder), Used()
    engine = Engine(loaded, KnowledgeBase(loaded), transfers=True)
    return Renewal(folder, engine, used.append, lambda: NOW), used


async def test_publication_is_noticed_and_used(folder: Path):
    watcher, used = renewal(folder)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(watcher.watch)
        await anyio.sleep(EVERY_S * 3)
        assert used == []
        put_live(desk(folder), "lamp", "nine", "ten")
        with anyio.fail_after(EVERY_S * 50):
            while not used:
                await anyio.sleep(EVERY_S / 4)
        tasks.cancel_scope.cancel()
    assert "ten hours" in used.words() and used[0].thinker.transfers is True


async def test_draft_changes_nothing(folder: Path):
    watcher, used = renewal(folder)
    desk(folder).create("lamp", "ada", lambda record: record.live or "")
    assert await watcher.renew() is False and used == []


async def test_faulty_folder_keeps_what_is_in_use_and_says_why(
    folder: Path, caplog: pytest.LogCaptureFixture
):
    watcher, used = renewal(folder)
    edit(folder, "articles/lamp.md", "nine", "ninety")
    assert await watcher.renew() is False and used == []
    assert "knowledge restore lamp" in caplog.text
    desk(folder).restore("lamp", "ada")
    put_live(desk(folder), "bulb", "by hand", "by anyone")
    assert await watcher.renew() is True


async def test_changed_profile_waits_for_a_restart(folder: Path, caplog: pytest.LogCaptureFixture):
    watcher, used = renewal(folder)
    edit(folder, "company.yaml", "Lumo makes lamps.", "Lumo makes light.")
    put_live(desk(folder), "lamp", "nine", "ten")
    with caplog.at_level(logging.WARNING):
        assert await watcher.renew() is True
    assert "restart" in caplog.text
    assert used[0].loaded.company.tagline == "Lumo makes lamps."


async def test_published_rules_come_into_use_and_what_waits_for_a_start_stays(folder: Path):
    watcher, used = renewal(folder)
    rules = RuleBook(folder, NOW, desk(folder).vault)
    standing = rules.standing()
    text = section(standing.profile, "segments").replace("at_least: 10,", "at_least: 80,")
    rules.save("ada", {"segments": text}, standing.seen)
    assert await watcher.renew() is False, "a draft is nothing to be used"
    edit(folder, "company.yaml", "email: ada@lumo.example", "email: ada@light.example")
    done = rules.publish("ben", "smaller deals lose money", rules.standing().seen)
    assert await watcher.renew() is True
    loaded = used[-1].loaded
    assert loaded.criteria_version == used[-1].thinker.criteria_version == done.after
    assert loaded.company.segments[0].criteria[0].at_least == 80
    assert loaded.company.team[0].email == "ada@lumo.example"


async def test_rules_that_need_what_waits_for_a_start_wait_too(
    folder: Path, caplog: pytest.LogCaptureFixture
):
    watcher, used = renewal(folder)
    edit(
        folder,
        "company.yaml",
        "stewards:",
        "  - {id: cid, name: Cid C, email: c@lumo.example}\nstewards:",
    )
    edit(folder, "company.yaml", "reps: [ada], action", "reps: [cid], action")
    put_live(desk(folder), "lamp", "nine", "ten")
    assert await watcher.renew() is True
    assert used[-1].loaded.company.routing[0].reps == ("ada",)
    assert "keeping the rules in use until the next start" in caplog.text and "cid" in caplog.text


async def test_folder_that_cannot_be_read_is_no_disaster(folder: Path):
    watcher, used = renewal(folder)
    os.rename(folder, folder.with_name("away"))
    assert await watcher.renew() is False and used == []


async def test_a_call_keeps_its_knowledge_and_the_next_has_the_new(tmp_path: Path):
    question = "does tideline integrate with our snowflake data warehouse"
    steps = script(("greeting ended", QUESTION), ("agent silent 0.7s", HANG_UP))
    async with office(tmp_path, [question, question]) as it, anyio.create_task_group() as tasks:
        engine = it.engine
        silent = replace(engine.loaded, articles=(), knowledge_version="none")
        tasks.start_soon(it.call, steps)
        while not it.calls.active:
            await anyio.sleep(0.05)
        it.calls.use(engine.renewed(silent, KnowledgeBase(silent)))
        while len(it.wrap_ups.asked) < 1:
            await anyio.sleep(0.5)
        await it.call(steps)
        first, second = await it.document(0), await it.document(1)
    cited = [
        [c for line in told["transcript"] for c in line.get("citations", ())]
        for told in (first, second)
    ]
    assert cited[0] and cited[0][0].startswith("snowflake@") and cited[1] == []
    assert first["knowledge_version"] == engine.loaded.knowledge_version
    assert second["knowledge_version"] == "none"
