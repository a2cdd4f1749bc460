"""`voice-agent twilio show` and `twilio setup`: shows and configures the number at Twilio."""

import argparse

from rich.console import Console

from voice_agent.config import Settings
from voice_agent.errors import ConfigError, TelephonyFailed, VoiceAgentError
from voice_agent.telephony.numbers import Number, Numbers, changes, in_the_way, wanted

SHORTEST = 7
"""Least digits that identify one of an account's numbers, however it is written."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `twilio show` and `twilio setup`."""
    acts = parser.add_subparsers(required=True, metavar="ACT")
    show = acts.add_parser("show", help="what the account's numbers are set to")
    show.add_argument("number", nargs="?", help="only this one, e.g. +16175550142")
    show.set_defaults(command=_show)
    setup = acts.add_parser(
        "setup", help="send a number's calls to this server's VOICE_AGENT_PUBLIC_URL"
    )
    setup.add_argument("number", help="e.g. +16175550142")
    setup.add_argument(
        "--fallback", default="", metavar="URL", help="what answers when this server does not"
    )
    setup.add_argument("--dry-run", action="store_true", help="only say what would change")
    setup.set_defaults(command=_setup)


def _show(settings: Settings, arguments: argparse.Namespace) -> int:
    show = Console(soft_wrap=True, highlight=False)
    try:
        found = _numbers(settings).all()
        chosen = [_the(found, arguments.number)] if arguments.number else found
    except VoiceAgentError as error:
        return _failed(error)
    for number in chosen:
        show.print(f"[bold]{number.number}[/bold]")
        for name, value in number.set_to.items():
            show.print(f"  {name.replace('_', ' '):24} {value or '–'}")
    if not chosen:
        show.print("the account has no numbers: buy one with Voice in Twilio's console")
    return 0


def _setup(settings: Settings, arguments: argparse.Namespace) -> int:
    show = Console(soft_wrap=True, highlight=False)
    try:
        wished = wanted(settings.public_url, arguments.fallback)
        numbers = _numbers(settings)
        number = _the(numbers.all(), arguments.number)
        if why := in_the_way(number):
            raise ConfigError(why)
        todo = changes(number, wished)
        for name, (before, after) in todo.items():
            show.print(f"  {name.replace('_', ' ')}: {before or '–'} → {after or '–'}")
        if not todo:
            show.print(f"{number.number} is set already")
        elif arguments.dry_run:
            show.print(f"{number.number}: nothing was changed (--dry-run)")
        else:
            left = changes(numbers.change(number, {n: wished[n] for n in todo}), wished)
            if left:
                raise TelephonyFailed(f"Twilio did not take {', '.join(left)}")
            show.print(f"{number.number} now calls {wished['voice_url']}")
    except VoiceAgentError as error:
        return _failed(error)
    return 0


def _numbers(settings: Settings) -> Numbers:
    auth_token = settings.twilio_auth_token.get_secret_value()
    if not (settings.twilio_account_sid and auth_token):
        raise ConfigError("TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are needed; set both")
    return Numbers(settings.twilio_account_sid, auth_token, settings.twilio_api_url)


def _the(found: list[Number], wished: str) -> Number:
    digits = "".join(c for c in wished if c.isdigit())
    for each in found:
        if len(digits) >= SHORTEST and each.number.endswith(digits):
            return each
    there = ", ".join(each.number for each in found) or "none"
    raise ConfigError(f"{wished} is not a number of this account; it has: {there}")


def _failed(error: Exception) -> int:
    Console(stderr=True).print(f"[red]twilio:[/red] {error}", highlight=False, soft_wrap=True)
    return 1
