"""`voice-agent account …`: console accounts, from the command line, and the first account."""

import argparse
from collections.abc import Awaitable, Callable
from pathlib import Path

import anyio
import anyio.to_thread
import sqlalchemy as sa
from rich.console import Console
from rich.markup import escape

from core.clock import utc_now
from core.errors import CoreError
from core.store import accounts, audit, cards
from core.store.accounts import ROLES
from core.store.audit import Audited
from core.store.console_tables import ConsoleAccountRow
from core.store.store import Store
from knowledge.errors import CompanyInvalid
from knowledge.load import load
from voice_agent.config import Settings
from voice_agent.console.passwords import hashed, made_up
from voice_agent.database import opened
from voice_agent.errors import VoiceAgentError
from voice_agent.refilling import refill

FIRST = "admin"
LANE = "console"
SHELL = "command line"
"""The actor that the audit names for this command."""


async def first_password(store: Store) -> str:
    """Create the first account, an admin, and return its password; empty when there are accounts.

    Raises: StoreFailed.
    """
    if await store.query(accounts.everyone):
        return ""
    password, at = made_up(), utc_now()
    hash_ = await anyio.to_thread.run_sync(hashed, password)
    row = accounts.new_account(FIRST, "admin", at, password=hash_, generated=True)

    def work(c: sa.Connection) -> bool:
        made = accounts.add_first(c, row)
        if made:
            audit.record(c, Audited(at, SHELL, "account added", f"account:{row.id}"))
        return made

    return password if await store.write(LANE, work) else ""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the actions on accounts."""
    acts = parser.add_subparsers(required=True, metavar="ACT")
    add = acts.add_parser("add", help="a new account; prints its password once")
    add.add_argument("name", help="what they sign in with, e.g. their mail address")
    add.add_argument("--role", choices=ROLES, default="rep")
    add.add_argument("--rep", metavar="ID", help="which rep of company.yaml they are")
    add.add_argument("--display", default="", help="their name as others see it")
    reset = acts.add_parser("reset", help="a new password, printed once; signs them out")
    disable = acts.add_parser("disable", help="shut an account out; signs it out")
    enable = acts.add_parser("enable", help="let an account in again")
    for each in (reset, disable, enable):
        each.add_argument("name")
    listing = acts.add_parser("list", help="all accounts")
    for each, act in (
        (add, _add), (reset, _reset), (disable, _disable), (enable, _enable), (listing, _list),
    ):  # fmt: skip
        _stored(each, act)


def rebuild_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `rebuild`."""
    _stored(parser, _rebuild)


def _stored(parser: argparse.ArgumentParser, act: Callable[..., int]) -> None:
    parser.add_argument("--company", type=Path, help="company folder")
    parser.add_argument("--var", type=Path, help="folder of the database")
    parser.set_defaults(command=act)


def _add(settings: Settings, given: argparse.Namespace) -> int:
    name = accounts.tidy(given.name)
    if not 2 <= len(name) <= 200 or not name.isprintable():
        return _failed("a name has 2 to 200 characters")
    try:
        called = _name_of(settings, given.rep) if given.rep else ""
    except (CompanyInvalid, _Refused) as error:
        return _failed(str(error))
    password, at = made_up(), utc_now()
    row = accounts.new_account(
        name, given.role, at, display=given.display or called, rep=given.rep,
        password=hashed(password), generated=True,
    )  # fmt: skip

    def work(c: sa.Connection) -> bool:
        if not accounts.add(c, row):
            return False
        detail = {"name": name, "role": row.role, "rep": row.rep}
        audit.record(c, Audited(at, SHELL, "account added", f"account:{row.id}", detail))
        return True

    async def act(store: Store) -> str:
        if await store.write(LANE, work):
            return f"account {name} ({row.role})\npassword, shown once: {password}"
        raise _Refused(f"there is an account {name}; see voice-agent account list")

    return _run(settings, act)


def _reset(settings: Settings, given: argparse.Namespace) -> int:
    password = made_up()
    hash_ = hashed(password)

    def change(c: sa.Connection, account: ConsoleAccountRow) -> None:
        accounts.set_password(c, account.id, hash_, generated=True)

    told = f"new password of {{name}}, shown once: {password}"
    return _changed(settings, given.name, "password reset", change, told)


def _disable(settings: Settings, given: argparse.Namespace) -> int:
    return _changed(
        settings, given.name, "account disabled",
        lambda c, account: accounts.disable(c, account.id, utc_now()), "{name} is shut out",
    )  # fmt: skip


def _enable(settings: Settings, given: argparse.Namespace) -> int:
    return _changed(
        settings, given.name, "account enabled",
        lambda c, account: accounts.disable(c, account.id, None), "{name} may sign in again",
    )  # fmt: skip


def _list(settings: Settings, _given: argparse.Namespace) -> int:
    async def act(store: Store) -> str:
        found = await store.query(accounts.everyone)
        lines = [
            f"{one.name:32} {one.role:8} {one.rep or '-':20} "
            + ("shut out" if one.disabled_at else "made-up password" if one.generated else "in use")
            for one in found
        ]
        return "\n".join(lines) or "no accounts; voice-agent serve makes the first"

    return _run(settings, act)


def _rebuild(settings: Settings, _given: argparse.Namespace) -> int:
    async def act(store: Store) -> str:
        await store.write(LANE, cards.outdate)
        return f"{await refill(store, utc_now)} conversations can be found and filtered again"

    return _run(settings, act)


class _Refused(Exception):
    """Why it cannot be done, and what to do instead."""


def _changed(
    settings: Settings,
    name: str,
    act: str,
    change: Callable[[sa.Connection, ConsoleAccountRow], None],
    told: str,
) -> int:
    def work(c: sa.Connection) -> ConsoleAccountRow | None:
        account = accounts.by_name(c, name)
        if account is not None:
            change(c, account)
            detail = {"name": account.name}
            audit.record(c, Audited(utc_now(), SHELL, act, f"account:{account.id}", detail))
        return account

    async def done(store: Store) -> str:
        account = await store.write(LANE, work)
        if account is None:
            raise _Refused(f"there is no account {name}; see voice-agent account list")
        return told.format(name=account.name)

    return _run(settings, done)


def _name_of(settings: Settings, rep: str) -> str:
    """A team member's name. Raises: CompanyInvalid, _Refused."""
    team = {one.id: one.name for one in load(settings.company).company.people}
    if rep not in team:
        raise _Refused(f"there is no rep {rep}; the team is {', '.join(team)}")
    return team[rep]


def _run(settings: Settings, act: Callable[[Store], Awaitable[str]]) -> int:
    """Run it on the configured database and print the result; 1 when it fails."""

    async def done() -> str:
        async with opened(settings.store_url) as store:
            return await act(store)

    try:
        told = anyio.run(done)
    except (CoreError, VoiceAgentError, _Refused) as error:
        return _failed(str(error))
    Console(soft_wrap=True, highlight=False).print(escape(told))
    return 0


def _failed(why: str) -> int:
    Console(soft_wrap=True, highlight=False).print(f"[red]error[/red]  {escape(why)}")
    return 1
