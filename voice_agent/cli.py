"""`voice-agent …`: the commands an operator types."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from pydantic import ValidationError

from voice_agent.commands.account import add_account_command
from voice_agent.commands.backup import add_backup_commands
from voice_agent.commands.callbacks import add_callbacks_command
from voice_agent.commands.capacity import add_capacity_command
from voice_agent.commands.crm import add_crm_command
from voice_agent.commands.knowledge import add_commands as add_knowledge_commands
from voice_agent.commands.models import add_models_command
from voice_agent.commands.person import add_person_command
from voice_agent.commands.pilot import add_pilot_command
from voice_agent.commands.recordings import add_recordings_command
from voice_agent.commands.replay import add_replay_command
from voice_agent.commands.route import add_route_command
from voice_agent.commands.twilio import add_twilio_command
from voice_agent.config import Settings


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    arguments = _parser().parse_args(argv)
    try:
        settings = _settings(arguments)
    except ValidationError as error:
        for problem in error.errors():
            name = "_".join(str(part) for part in problem["loc"]).upper()
            if name.lower() in Settings.model_fields:
                name = f"VOICE_AGENT_{name}"
            print(f"setting {name}: {problem['msg']}, found {problem['input']!r}", file=sys.stderr)  # noqa: T201
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="voice-agent",
        description="Answer a company's inbound sales number and qualify leads by helping them.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="run the server")
    serve.add_argument("--host", help="address to listen on")
    serve.add_argument("--port", type=int, help="port to listen on; 0 takes a free one")
    serve.add_argument("--workers", type=int, help="server processes behind the port, one a core")
    serve.set_defaults(command=_serve)

    demo = commands.add_parser("demo", help="place a real call to a server started for it")
    demo.add_argument(
        "--script", help="caller script of the company's callers/ or of audio_fixtures/"
    )
    demo.add_argument("--out", type=Path, default=Path("var/demo"), help="where results go")
    demo.set_defaults(command=_demo)

    call = commands.add_parser("call", help="call a running server as Twilio would")
    call.add_argument("wav", nargs="*", type=Path, help="caller utterances, in order")
    call.add_argument(
        "--to", required=True, metavar="URL", help="server, e.g. http://localhost:8080"
    )
    call.add_argument(
        "--from", dest="caller", help="caller's number, or anonymous; default: the script's own"
    )
    call.add_argument("--script", help="caller script from audio_fixtures/ instead of WAV files")
    call.add_argument("--out", type=Path, help="folder for what the caller heard")
    call.add_argument("--concurrency", type=int, default=1, help="calls at once")
    call.set_defaults(command=_call)

    check = commands.add_parser("check", help="validate settings, company folder and engines")
    check.set_defaults(command=_check)

    evaluate = commands.add_parser(
        "eval", help="hold authored conversations with the engine and score them"
    )
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

    add_knowledge_commands(commands)
    _add_backtest(commands)
    add_replay_command(commands)
    add_route_command(commands)
    add_crm_command(commands)
    add_callbacks_command(commands)
    add_recordings_command(commands)
    add_person_command(commands)
    add_account_command(commands)
    add_backup_commands(commands)
    add_capacity_command(commands)
    add_twilio_command(commands)
    add_pilot_command(commands)
    add_models_command(commands)

    for each in (serve, demo, check, evaluate):
        each.add_argument("--company", type=Path, help="company folder")
        each.add_argument("--var", type=Path, help="folder for database, recordings and caches")
    return parser


def _add_backtest(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "backtest",
        help="judge stored conversations by edited criteria, and show what would change",
        description="Judge stored conversations by the company's criteria and by edited ones, and "
        "show each that would come out otherwise, and why. Nothing is stored or published.",
    )
    parser.add_argument(
        "--criteria", type=Path, required=True, metavar="FILE",
        help="a company.yaml, or only its edited sections: segments, disqualifiers, routing, …",
    )  # fmt: skip
    parser.add_argument("--limit", type=int, default=500, help="latest conversations to take")
    parser.add_argument(
        "--json", metavar="FILE", help="write the comparison to a file; - prints it"
    )
    parser.add_argument("--company", type=Path, help="company folder")
    parser.add_argument("--var", type=Path, help="folder of the database")
    parser.set_defaults(command=_backtest)


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0.0 <= share <= 1.0:
        raise argparse.ArgumentTypeError(f"a share is 0 to 1, found {text!r}")
    return share


def _backtest(settings: Settings, arguments: argparse.Namespace) -> int:
    from voice_agent.commands.backtest import backtest

    return backtest(settings, arguments)


def _serve(settings: Settings, _arguments: argparse.Namespace) -> int:
    from voice_agent.serving import serve

    return serve(settings)


def _demo(settings: Settings, arguments: argparse.Namespace) -> int:
    from voice_agent.commands.demo import demo

    return demo(settings, arguments.script, arguments.out)


def _call(settings: Settings, arguments: argparse.Namespace) -> int:
    from voice_agent.emulator.cli import call

    return call(
        arguments,
        auth_token=settings.twilio_auth_token.get_secret_value(),
        account_sid=settings.twilio_account_sid,
    )


def _eval(settings: Settings, arguments: argparse.Namespace) -> int:
    from voice_agent.commands.evaluate import evaluate

    return evaluate(settings, arguments)


def _check(settings: Settings, _arguments: argparse.Namespace) -> int:
    from voice_agent.commands.check import check

    return check(settings)
