"""`python -m tests.replays.make`: makes the stored calls that `tests/test_replays.py` replays.

Places real calls, with the real recogniser, to a server of the tests' second company, and keeps
their logs; nobody in them exists. Takes some minutes. With `--accept` no call is placed: what
today's code does differently is written to `accepted.json`, for an intended change.
"""

import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import anyio

from core.engine import Engine
from knowledge.answer import KnowledgeBase
from knowledge.load import load
from voice_agent.commands.demo import demo
from voice_agent.commands.replay import log_text, read_log
from voice_agent.config import Settings
from voice_agent.database import open_store
from voice_agent.replaying import Replay, replayed

HERE = Path(__file__).parent
COMPANY = HERE.parent / "companies" / "corvane"
ACCEPTED = HERE / "accepted.json"
CALLS = {"questions": None, "cut-in": "bargein", "number": "phone_number"}
"""The name of each stored call, and its caller's script; None: the company's own."""


def stored() -> list[Path]:
    """The files of the stored calls."""
    return [HERE / f"{name}.json" for name in sorted(CALLS)]


def today() -> dict[str, Replay]:
    """Every stored call, replayed with today's code."""
    loaded = load(COMPANY)
    engine = Engine(loaded, KnowledgeBase(loaded))
    return {path.stem: replayed(*read_log(path), engine) for path in stored()}


def differing(found: dict[str, Replay]) -> dict[str, list[dict[str, object]]]:
    """What each call does differently now."""
    made = {name: [asdict(d) for d in one.differences] for name, one in found.items()}
    return {name: differences for name, differences in made.items() if differences}


def main() -> int:
    """Make them, or accept the differences."""
    if "--accept" not in sys.argv:
        for name, script in CALLS.items():
            _place(name, script)
    text = json.dumps(differing(today()), indent=1, ensure_ascii=False)
    ACCEPTED.write_text(text + "\n", encoding="utf-8")
    return 0


def _place(name: str, script: str | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "call"
        if demo(Settings(_env_file=None, company=COMPANY), script, out) != 0:
            raise SystemExit(f"the call {name} did not go as it should; nothing is kept of it")
        summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
        text = anyio.run(_log_of, f"sqlite:///{out / 'voice_agent.db'}", summary["id"])
    (HERE / f"{name}.json").write_text(text, encoding="utf-8")


async def _log_of(url: str, conversation_id: str) -> str:
    store = open_store(url)
    try:
        return log_text(await store.log.read(conversation_id))
    finally:
        await store.aclose()


if __name__ == "__main__":
    raise SystemExit(main())
