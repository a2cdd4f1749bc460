"""Runs `voice-agent knowledge …`: what each command does and prints."""

import argparse
import sys
from collections.abc import Callable

from rich.console import Console

from core.clock import utc_now
from knowledge.errors import CompanyInvalid, KnowledgeError
from knowledge.governance.office import Done, Office
from voice_agent.commands import knowledge_view as view
from voice_agent.commands.knowledge_import import take_in
from voice_agent.commands.knowledge_suggest import wordings
from voice_agent.config import Settings
from voice_agent.knowledge_gaps import report
from voice_agent.knowledge_questions import questions

Handler = Callable[[Office, argparse.Namespace, Callable[[str], None]], int]


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Carry out one `knowledge` command; returns the exit code."""
    show, complain = _plain(), _plain(stderr=True)
    if not settings.company.is_dir():
        complain.print(f"there is no folder {settings.company}: name the company's by --company")
        return 1
    try:
        office = Office(settings.company, utc_now())
        if arguments.verb == "gaps":
            return report(settings, office, arguments, show.print)
        if arguments.verb == "wordings":
            return wordings(settings, office, arguments, show.print)
        if arguments.verb == "questions":
            return questions(settings, office, arguments, show.print)
        return HANDLERS[arguments.verb](office, arguments, show.print)
    except CompanyInvalid as error:
        complain.print(f"the company folder {settings.company} has {error}")
    except KnowledgeError as error:
        complain.print(str(error))
    except BrokenPipeError:
        sys.stderr.close()
    return 1


def _plain(*, stderr: bool = False) -> Console:
    return Console(stderr=stderr, soft_wrap=True, highlight=False, markup=False, emoji=False)


def _tell(done: Done, say: Callable[[str], None]) -> int:
    say(f"{done.article} version {done.version}: {done.said}")
    for line in view.gate_lines(done.gate):
        say(line)
    return 0


def _submit(office: Office, given: argparse.Namespace, say: Callable[[str], None]) -> int:
    return _tell(office.submit(given.article, given.actor), say)


def _approve(office: Office, given: argparse.Namespace, say: Callable[[str], None]) -> int:
    return _tell(office.approve(given.article, given.actor), say)


def _reject(office: Office, given: argparse.Namespace, say: Callable[[str], None]) -> int:
    return _tell(office.reject(given.article, given.actor, given.reason), say)


def _publish(office: Office, given: argparse.Namespace, say: Callable[[str], None]) -> int:
    return _tell(office.publish(given.article, given.actor, given.override), say)


def _retire(office: Office, given: argparse.Namespace, say: Callable[[str], None]) -> int:
    return _tell(office.retire(given.article, given.actor, given.reason), say)


def _rollback(office: Office, given: argparse.Namespace, say: Callable[[str], None]) -> int:
    return _tell(office.roll_back(given.article, given.actor, given.to, given.emergency), say)


def _restore(office: Office, given: argparse.Namespace, say: Callable[[str], None]) -> int:
    return _tell(office.restore(given.article, given.actor), say)


def _adopt(office: Office, given: argparse.Namespace, say: Callable[[str], None]) -> int:
    done = office.adopt(given.actor)
    for each in done:
        if "draft" in each.said:
            _tell(each, say)
    live = sum("published" in each.said for each in done)
    say(f"the audit trail is begun: {live} published articles kept, {len(done) - live} drafts")
    return 0


HANDLERS: dict[str, Handler] = {
    "list": view.listing, "show": view.show, "diff": view.diff, "history": view.history,
    "audit": view.audit, "edit-check": view.edit_check, "lint": view.linted,
    "golden": view.golden, "new": view.new, "submit": _submit, "approve": _approve,
    "reject": _reject, "publish": _publish, "retire": _retire, "rollback": _rollback,
    "restore": _restore, "adopt": _adopt, "import": take_in,
}  # fmt: skip
"""The handler of each command in `knowledge_cli`."""
