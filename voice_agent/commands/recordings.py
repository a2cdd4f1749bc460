"""`voice-agent recordings …`: makes keys that seal recordings, and rekeys old recordings."""

import argparse
import sys
from pathlib import Path

from core.clock import utc_now
from voice_agent.config import Settings
from voice_agent.errors import VoiceAgentError


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    acts = parser.add_subparsers(required=True, metavar="ACT")
    key = acts.add_parser("key", help="print a new key for VOICE_AGENT_RECORDINGS_KEY")
    key.set_defaults(command=_key)
    rekey = acts.add_parser(
        "rekey", help="put every recording under the first key that is set; seals plain ones"
    )
    rekey.add_argument("--var", type=Path, help="folder of the recordings")
    rekey.set_defaults(command=_rekey)


def _key(_settings: Settings, _arguments: argparse.Namespace) -> int:
    from voice_agent.audio.sealed import new_key

    print(new_key())  # noqa: T201
    return 0


def _rekey(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Rekey every recording possible; 1 when one could not be."""
    from voice_agent.audio.sealed import key_id
    from voice_agent.recordings import archive_of

    archive = archive_of(settings)
    if not archive.keys:
        _say("VOICE_AGENT_RECORDINGS_KEY is not set; make a key with: voice-agent recordings key")
        return 1
    changed = failed = 0
    names = archive.names()
    for name in names:
        try:
            changed += archive.rekey(name, utc_now().timestamp())
        except (VoiceAgentError, OSError) as error:
            _say(f"{name}: {error}")
            failed += 1
    current = key_id(archive.keys.current).hex()
    print(  # noqa: T201
        f"{changed} of {len(names)} recordings put under key {current}; "
        f"{len(names) - changed - failed} were already, or belong to calls going on"
    )
    return 1 if failed else 0


def _say(line: str) -> None:
    print(line, file=sys.stderr)  # noqa: T201
