"""`voice-agent account` and the first password, on a database of their own."""

import re
from pathlib import Path

import anyio.to_thread
import pytest

from core.store import accounts, audit
from core.store.store import Store
from tests.console.conftest import Office
from tests.fakes import stores
from tests.fakes.a_call import AT, ENDED, facts
from voice_agent.cli import main
from voice_agent.commands.account import first_password

pytestmark = pytest.mark.real_clock


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)  # no .env of a developer's
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def run(var: Path, *words: str) -> int:
    return main([*words, "--var", str(var)])


def opened(var: Path) -> Store:
    return Store(stores.sqlite(var / "voice_agent.db"))


def test_accounts_are_added_reset_shut_out_and_listed(
    var: Path, capsys: pytest.CaptureFixture[str]
):
    rep = ("--role", "rep", "--rep", "sofia-alvarez")
    assert run(var, "account", "add", "Dana@Example.com", *rep) == 0
    first = re.search(r"shown once: (\S+)", capsys.readouterr().out)
    assert first and run(var, "account", "add", "dana@example.com", *rep) == 1
    assert "voice-agent account list" in capsys.readouterr().out
    assert run(var, "account", "add", "kim", "--rep", "nobody") == 1
    assert "sofia-alvarez" in capsys.readouterr().out, "the remedy names the team"
    assert run(var, "account", "reset", "dana@example.com") == 0
    again = re.search(r"shown once: (\S+)", capsys.readouterr().out)
    assert again and again.group(1) != first.group(1)
    assert run(var, "account", "disable", "dana@example.com") == 0
    assert run(var, "account", "list") == 0
    assert re.search(r"dana@example.com +rep +sofia-alvarez +shut out", capsys.readouterr().out)
    assert run(var, "account", "enable", "dana@example.com") == 0
    assert run(var, "account", "reset", "nobody") == 1


async def test_the_first_password_is_made_once_and_signs_an_admin_in(store: Store):
    password = await first_password(store)
    assert password and await first_password(store) == ""
    office = Office(store)
    assert (await (await office.browser()).sign_in("admin", password)).status_code == 303
    (account,) = await store.query(accounts.everyone)
    assert (account.role, account.generated) == ("admin", True)
    acts = [line.act for line in await store.query(lambda c: audit.lines(c))]
    assert acts == ["sign-in", "account added"]


async def test_rebuild_makes_the_cards_again(var: Path, capsys: pytest.CaptureFixture[str]):
    store = opened(var)
    await store.log.append("c1", AT, [*facts(), ENDED])
    await store.aclose()
    assert await anyio.to_thread.run_sync(run, var, "rebuild") == 0
    assert "1 conversations can be found" in capsys.readouterr().out
