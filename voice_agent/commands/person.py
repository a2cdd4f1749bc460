"""`voice-agent person …`: exports a person's data, and forgets a person."""

import argparse
from pathlib import Path

from voice_agent.config import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    acts = parser.add_subparsers(required=True, metavar="ACT")
    out = acts.add_parser("export", help="write everything about a person to a ZIP")
    out.add_argument("--out", type=Path, default=Path("person.zip"), metavar="FILE")
    out.set_defaults(command=_export)
    gone = acts.add_parser("erase", help="forget a person everywhere and print the certificate")
    gone.add_argument("--by", required=True, help="who asks for it; stands in the certificate")
    gone.set_defaults(command=_erase)
    for each in (out, gone):
        each.add_argument("id", help="the contact's id, as in /api/v1/contacts")
        each.add_argument("--company", type=Path, help="company folder")
        each.add_argument("--var", type=Path, help="folder of the database and recordings")
    check = acts.add_parser("verify", help="check a certificate of an erasure")
    check.add_argument("file", type=Path)
    check.add_argument("--key", help="public key it must be signed with")
    check.set_defaults(command=_verify)


def _export(settings: Settings, arguments: argparse.Namespace) -> int:
    from voice_agent.commands.person_acts import export

    return export(settings, arguments)


def _erase(settings: Settings, arguments: argparse.Namespace) -> int:
    from voice_agent.commands.person_acts import erase

    return erase(settings, arguments)


def _verify(settings: Settings, arguments: argparse.Namespace) -> int:
    from voice_agent.commands.person_acts import verify

    return verify(settings, arguments)
