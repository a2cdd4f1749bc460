"""`voice-agent crm check`: whether the CRM can be written to, and what is missing there."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import anyio
import anyio.to_thread
from rich.console import Console

from core.clock import utc_now
from core.crm.records import Finding
from core.errors import CoreError
from knowledge.errors import CompanyInvalid
from knowledge.load import load
from knowledge.profile import Company
from voice_agent.config import Settings
from voice_agent.crm import system_of
from voice_agent.database import opened
from voice_agent.errors import VoiceAgentError

COLOURS = {"ok": "green", "warning": "yellow", "error": "red"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the actions on the CRM."""
    acts = parser.add_subparsers(required=True, metavar="ACT")
    check = acts.add_parser("check", help="test credentials, scopes, users and properties")
    check.add_argument(
        "--create", action="store_true", help="make the properties of ours that are missing"
    )
    check.add_argument("--company", type=Path, help="company folder")
    check.add_argument("--var", type=Path, help="folder for database, recordings and caches")
    check.set_defaults(command=_check)


async def findings(
    settings: Settings, company: Company, *, create: bool = False
) -> Sequence[Finding]:
    """What works and what does not in the configured CRM; never raises for the CRM's own faults."""
    try:
        async with (
            opened(settings.store_url) as store,
            system_of(settings, company, store, utc_now) as crm,
        ):
            return await crm.check(create=create)
    except (VoiceAgentError, CoreError) as error:
        return [Finding("error", str(error))]


def _check(settings: Settings, arguments: argparse.Namespace) -> int:
    show = Console(soft_wrap=True, highlight=False)
    try:
        company = load(settings.company).company
    except CompanyInvalid as error:
        for problem in error.problems:
            show.print(f"[red]  error[/red]  {problem}")
        return 1
    found = anyio.run(_found, settings, company, arguments.create)
    for one in found:
        text = one.text.replace("[", r"\[")
        show.print(f"[{COLOURS[one.level]}]{one.level:>7}[/{COLOURS[one.level]}]  {text}")
    errors = sum(one.level == "error" for one in found)
    show.print(f"\n{errors} errors" if errors else "\nthe CRM can be written to")
    return 1 if errors else 0


async def _found(settings: Settings, company: Company, create: bool) -> Sequence[Finding]:
    return await findings(settings, company, create=create)
