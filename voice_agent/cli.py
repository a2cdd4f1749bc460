"""`voice-agent …`: the commands an operator types."""

import argparse
import gc
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

from pydantic import ValidationError

from voice_agent.config import Settings
from voice_agent.wrong_settings import explained

_RARELY = (50_000, 20, 100)
"""A command keeps what it imports and loads, so collecting garbage would only cost time: a fifth of
a server's start. The server sets its own thresholds once it is up."""
_MORE: Mapping[str, tuple[str, str]] = {
    "new": ("new:arguments", "create a company folder of your own"),
    "talk": ("talk:arguments", "play the caller at a terminal, and see why it answers as it "
             "does"),
    "knowledge": ("knowledge:arguments", "write, approve, publish and inspect what the agent may "
                  "say"),
    "backtest": ("backtest:arguments", "judge stored conversations by edited criteria, and show "
                 "what would change"),
    "replay": ("replay:arguments", "replay stored calls on today's code, and show what would "
               "differ"),
    "route": ("route:arguments", "route stored conversations anew, and show what edited rules "
              "would change"),
    "crm": ("crm:arguments", "test the CRM connection"),
    "callbacks": ("callbacks:arguments", "list promised calls, claim one, or say what became of "
                  "it"),
    "recordings": ("recordings:arguments", "encrypt recordings, and change their key"),
    "person": ("person:arguments", "export or forget a person"),
    "account": ("account:arguments", "manage who may use the console"),
    "rebuild": ("account:rebuild_arguments", "make the console's queues and its search anew from "
                "the stored facts"),
    "backup": ("backup:backup_arguments", "save database, recordings, key and company folder in "
               "one file, while the server runs"),
    "restore": ("backup:restore_arguments", "restore a backup; the server must not run"),
    "capacity": ("capacity:arguments", "what a number of calls at once needs and costs, by figures "
                 "measured on two cores"),
    "twilio": ("twilio:arguments", "show and set the company's number at Twilio"),
    "pilot": ("pilot:arguments", "stop the agent on all lines at once, or start it again"),
    "engines": ("engines:arguments", "put hearing, voice and language model to work once, and tell "
                "what came of it"),
    "models": ("models:arguments", "fetch the speech models that the settings name, or see whether "
               "they are sound"),
}  # fmt: skip
"""Commands that declare their own arguments: the `voice_agent.commands` function that adds them,
and what the command does."""


class _Command(argparse.ArgumentParser):
    """Adds its arguments only when it is the command typed, so that no other module is imported."""

    def __init__(self, *args: Any, learn: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self._learn = learn

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        learn, self._learn = self._learn, ""
        if learn:
            resolve_name(f"voice_agent.commands.{learn}")(self)
        return super().parse_known_args(args, namespace)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    gc.set_threshold(*_RARELY)
    arguments = _parser().parse_args(argv)
    try:
        settings = _settings(arguments)
    except ValidationError as error:
        for line in explained(error):
            print(line, file=sys.stderr)  # noqa: T201
        return 1
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no UTF-8"
        print(f"cannot read .env: {why}; mend it, or take it away", file=sys.stderr)  # noqa: T201
        return 1
    command: Callable[[Settings, argparse.Namespace], int] = arguments.command
    try:
        return command(settings, arguments)
    except KeyboardInterrupt:
        return 130


def _settings(arguments: argparse.Namespace) -> Settings:
    given = {
        name: value
        for name in ("company", "host", "port", "var", "workers")
        if (value := getattr(arguments, name, None)) is not None
    }
    return Settings(**given)


class _AsCompany(argparse.Action):
    """A folder given without `--company` before it."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any,
        option_string: str | None = None,
    ) -> None:  # fmt: skip
        if values is not None:
            namespace.company = values


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="voice-agent",
        description="Answer a company's inbound sales number and qualify leads by helping them.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Command)

    serve = _described(
        commands, "serve", "run the server",
        "It prints its addresses and, at the first start, a password for the console. Settings are "
        "environment variables or .env: see docs/settings.md.",
    )  # fmt: skip
    serve.add_argument("--host", help="address to listen on")
    serve.add_argument("--port", type=int, help="port to listen on; 0 takes a free one")
    serve.add_argument("--workers", type=int, help="server processes behind the port, one a core")
    serve.set_defaults(command=_serve)

    demo = _described(
        commands, "demo", "place a real call to a server started for it",
        "It leaves summary.json, the call's document, and recording.wav in the folder of --out.",
    )  # fmt: skip
    demo.add_argument(
        "--script", help="caller script of the company's callers/ or of audio_fixtures/"
    )
    demo.add_argument("--out", type=Path, default=Path("var/demo"), help="where results go")
    demo.set_defaults(command=_demo)

    call = _described(
        commands, "call", "call a running server as Twilio would",
        "The caller says WAV files in turn, or follows a script of audio_fixtures/; a name that "
        "none has is answered by those there are.",
    )  # fmt: skip
    call.add_argument("wav", nargs="*", type=Path, help="caller utterances, in order")
    call.add_argument(
        "--to", required=True, metavar="URL", help="server, e.g. http://localhost:8080"
    )
    call.add_argument(
        "--from", dest="caller", help="caller's number, or anonymous; default: the script's own"
    )
    call.add_argument("--called", help="called number; default: the company's first")
    call.add_argument("--script", help="caller script from audio_fixtures/ instead of WAV files")
    call.add_argument("--out", type=Path, help="folder for what the caller heard")
    call.add_argument("--concurrency", type=int, default=1, help="calls at once")
    call.set_defaults(command=_call)

    check = _described(
        commands, "check", "validate settings, company folder and engines",
        "It lists every mistake with file, line, key and remedy, and ends with 1 if there is one.",
    )  # fmt: skip
    check.add_argument(
        "folder", nargs="?", type=Path, action=_AsCompany,
        help="company folder; the same as --company",
    )  # fmt: skip
    check.add_argument(
        "--all", action="store_true", help="every mistake of a file, however many there are"
    )
    check.set_defaults(command=_check)

    evaluate = _described(
        commands, "eval", "run scripted conversations with the engine and score them",
        "It ends with 1 when a target of evals/targets.yaml is missed.",
    )  # fmt: skip
    evaluate.add_argument(
        "folder", nargs="?", type=Path, help="company folder or its evals/; default: the company's"
    )
    evaluate.add_argument("--noise", type=_share, default=0.0, help="share of words misheard: 0.10")
    evaluate.add_argument("--seed", type=int, default=1, help="of the noise")
    evaluate.add_argument(
        "--only", action="append", default=[], metavar="ID", help="an id or a tag; may be repeated"
    )
    evaluate.add_argument(
        "--show", choices=("none", "failures", "all"), default="none",
        help="print conversations: those that failed, or all",
    )  # fmt: skip
    evaluate.add_argument("--json", type=Path, metavar="FILE", help="write everything to a file")
    evaluate.add_argument(
        "--model",
        action="store_true",
        help="read turns and word replies with the configured language model",
    )
    evaluate.add_argument(
        "--audio", action="store_true",
        help="speak them: real calls, in real time, to a server started for it",
    )  # fmt: skip
    evaluate.add_argument(
        "--sample", type=int, default=6, help="calls of --audio without --only; 0: all"
    )
    evaluate.set_defaults(command=_eval)

    for name, (learn, does) in _MORE.items():
        _described(commands, name, does, learn=learn)

    for each in (serve, demo, call, check, evaluate):
        each.add_argument(
            "--company",
            type=Path,
            help="company folder; default: VOICE_AGENT_COMPANY, or the sample",
        )
    for each in (serve, demo, check, evaluate):
        each.add_argument(
            "--var", type=Path, help="folder for database, recordings and caches; default: var"
        )
    return parser


def _described(
    commands: Any, name: str, does: str, more: str = "", **options: str
) -> argparse.ArgumentParser:
    """A command whose own help repeats its line in the list of commands, and adds to it."""
    told = f"{does[0].upper()}{does[1:]}. {more}".rstrip()
    made: argparse.ArgumentParser = commands.add_parser(
        name, help=does, description=told, **options
    )
    return made


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0.0 <= share <= 1.0:
        raise argparse.ArgumentTypeError(f"a share is 0 to 1, found {text!r}")
    return share


def _serve(settings: Settings, _arguments: argparse.Namespace) -> int:
    from voice_agent.commands.serve import serve

    return serve(settings)


def _demo(settings: Settings, arguments: argparse.Namespace) -> int:
    from voice_agent.commands.demo import demo

    return demo(settings, arguments.script, arguments.out)


def _call(settings: Settings, arguments: argparse.Namespace) -> int:
    from knowledge.errors import CompanyInvalid
    from knowledge.load import load
    from voice_agent.emulator.cli import call

    if not arguments.called:
        with suppress(CompanyInvalid):  # the server has its own, which may be another
            arguments.called = next(iter(load(settings.company).company.numbers), None)
    return call(
        arguments,
        auth_token=settings.twilio_auth_token.get_secret_value(),
        account_sid=settings.twilio_account_sid,
        signed_as=settings.public_url,
    )


def _eval(settings: Settings, arguments: argparse.Namespace) -> int:
    from voice_agent.commands.evaluate import evaluate

    return evaluate(settings, arguments)


def _check(settings: Settings, arguments: argparse.Namespace) -> int:
    from voice_agent.commands.check import check

    return check(settings, arguments.all)
