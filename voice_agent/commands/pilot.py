"""`voice-agent pilot on|off|status`: takes the agent off all its lines, or puts it back."""

import argparse
import getpass
import json
import sys

import anyio
import anyio.to_thread

from core.clock import utc_now
from core.errors import CoreError
from core.pilot import Switch
from core.projections.document import instant
from core.store.pilot import switch, switched
from voice_agent.config import Settings
from voice_agent.database import opened
from voice_agent.errors import VoiceAgentError


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.description = (
        "Off: within five seconds every server connects calls to the company's own "
        "line (`pilot.line`; without one they get what `overflow` says), leaves chats to people "
        "and keeps mails as drafts. Calls that are going on are finished."
    )
    parser.add_argument("act", choices=("on", "off", "status"))
    parser.add_argument("--by", default="", help="who does it; default: your login name")
    parser.add_argument("--why", default="", help="what to note beside it")
    parser.add_argument("--var", type=str, help="folder of the database")
    parser.set_defaults(command=pilot)


def pilot(settings: Settings, arguments: argparse.Namespace) -> int:
    """Switch or show it; 1 when the database cannot be reached."""
    try:
        now = anyio.run(_act, settings, arguments)
    except (CoreError, VoiceAgentError) as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return 1
    shown = {"on": now.on, "by": now.by, "why": now.why, "at": instant(now.at)}
    print(json.dumps(shown))  # noqa: T201
    return 0


async def _act(settings: Settings, arguments: argparse.Namespace) -> Switch:
    async with opened(settings.store_url) as store:
        if arguments.act == "status":
            return await store.query(switched)
        on, by, why = arguments.act == "on", arguments.by or getpass.getuser(), arguments.why
        at = utc_now()
        return await store.write("pilot", lambda c: switch(c, on=on, by=by, why=why, at=at))
