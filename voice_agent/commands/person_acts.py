"""Runs `voice-agent person`: exports a person's data, forgets them, verifies certificates."""

import argparse
import json
import shutil
import sys
from typing import Any

import anyio

from core.clock import utc_now
from core.store.holding import Hold
from core.store.personal import certified
from knowledge.load import load
from voice_agent.config import Settings
from voice_agent.database import opened
from voice_agent.errors import VoiceAgentError
from voice_agent.privacy.certificate import certificate, signer, verified
from voice_agent.privacy.export import Exporter
from voice_agent.recordings import archive_of
from voice_agent.signing_key import signing_key
from voice_agent.workflows.erasure import Eraser


def export(settings: Settings, arguments: argparse.Namespace) -> int:
    """Write a person's data as a ZIP."""
    return _run(_export, settings, arguments)


def erase(settings: Settings, arguments: argparse.Namespace) -> int:
    """Forget a person and print the certificate."""
    return _run(_erase, settings, arguments)


def verify(_settings: Settings, arguments: argparse.Namespace) -> int:
    """Whether a certificate is intact and signed by the key it names, or by the one given."""
    try:
        made: dict[str, Any] = json.loads(arguments.file.read_text(encoding="utf-8"))
        good = verified(made, arguments.key)
    except (OSError, ValueError, AttributeError) as error:
        return _told(f"{arguments.file}: {error}")
    print("valid" if good else "not valid: it was altered, or signed with another key")  # noqa: T201
    return 0 if good else 1


def _run(work: Any, settings: Settings, arguments: argparse.Namespace) -> int:
    try:
        return int(anyio.run(work, settings, arguments))
    except VoiceAgentError as error:
        return _told(str(error))


async def _export(settings: Settings, arguments: argparse.Namespace) -> int:
    async with opened(settings.store_url) as store:
        company = load(settings.company).company
        exporter = Exporter(
            store, archive_of(settings), lambda: company, utc_now, arguments.out.resolve().parent
        )
        file = await exporter.export(arguments.id)
        if file is None:
            return _told(f"there is no contact {arguments.id}")
        with file, arguments.out.open("wb") as out:
            await anyio.to_thread.run_sync(shutil.copyfileobj, file, out)
    print(arguments.out)  # noqa: T201
    return 0


async def _erase(settings: Settings, arguments: argparse.Namespace) -> int:
    async with opened(settings.store_url) as store:
        company = load(settings.company).company
        done = await Eraser(store, archive_of(settings), utc_now).erase(arguments.id, arguments.by)
        if done is None:
            return _told(f"there is no contact {arguments.id}")
        if isinstance(done, Hold):
            return _told(f"{done.by} holds it ({done.why}): release hold {done.id} first")
        if not done.done:
            return _told("begun; it goes on by itself in the server, once their calls are over")
        found = await store.query(lambda c: certified(c, arguments.id))
        assert found is not None, "it was just done"
        key = signer(signing_key(settings.secret_key.get_secret_value(), settings.var))
        print(json.dumps(certificate(*found, company.id, key), indent=2))  # noqa: T201
    return 0


def _told(line: str) -> int:
    print(line, file=sys.stderr)  # noqa: T201
    return 1
