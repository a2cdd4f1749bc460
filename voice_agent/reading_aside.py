"""Reads documents in a separate process: bounded in time and memory, without our secrets.

A PDF can expand beyond a machine's memory or keep its reader busy forever; the server, with calls
on its event loop, only waits. The process receives a document and returns proposals as JSON; it
knows no setting, database or folder.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, get_args

import anyio.to_thread

from knowledge.entry import ArticleType
from knowledge.importing.proposal import Format, ImportFailed, Proposal, Said
from knowledge.importing.reader import read

PATIENCE_S = 60.0
MOST_MEMORY = 1 << 30
"""Memory limit of the process, in bytes."""
NICE = 10
"""Its niceness, so that calls come first."""


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """How to read a document; see `knowledge.importing.reader.read`."""

    document: str
    form: Format | None = None
    kind: ArticleType = "capability"
    currency: str = ""
    ours: tuple[str, ...] = ()


async def read_aside(
    content: bytes, how: DocumentReading, patience_s: float = PATIENCE_S
) -> list[Proposal]:
    """A document's proposals. Raises: ImportFailed with the document, the fault and the remedy."""
    command = [sys.executable, "-m", "voice_agent.reading_aside"]
    given = json.dumps(asdict(how)).encode() + b"\n" + content
    run = partial(
        subprocess.run, command, input=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[1], env={}, timeout=patience_s,
    )  # fmt: skip
    try:
        done = await anyio.to_thread.run_sync(run)
    except subprocess.TimeoutExpired as error:
        raise ImportFailed(
            f"{how.document}: could not be read within {patience_s:g} s; split it or export it anew"
        ) from error
    try:
        told = json.loads(done.stdout)
    except ValueError as error:
        raise ImportFailed(
            f"{how.document}: takes more memory to read than a document should; export it anew"
        ) from error
    if "failed" in told:
        raise ImportFailed(str(told["failed"]))
    return [_proposal(one) for one in told["proposals"]]


def _proposal(told: dict[str, Any]) -> Proposal:
    passages = tuple(Said(one["text"], tuple(one["asked"])) for one in told["passages"])
    facts = tuple((str(name), value) for name, value in told["facts"])
    named = {n: told[n] for n in ("place", "title", "type", "policy")}
    return Proposal(
        **named, passages=passages, facts=facts, topics=tuple(told["topics"]),
        notes=tuple(told["notes"]),
    )  # fmt: skip


def _stand_back() -> None:
    """Limit what this process may use."""
    if sys.platform == "win32":
        return
    import resource

    os.nice(NICE)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(given: bytes) -> dict[str, Any]:
    head, _, content = given.partition(b"\n")
    how = DocumentReading(**json.loads(head))
    try:
        found: Sequence[Proposal] = read(
            content, how.document, form=how.form, kind=how.kind, currency=how.currency,
            ours=how.ours,
        )  # fmt: skip
    except ImportFailed as error:
        return {"failed": str(error)}
    except RecursionError:
        return {"failed": f"{how.document}: is nested too deeply to be read; export it anew"}
    return {"proposals": [asdict(one) for one in found]}


KINDS: tuple[ArticleType, ...] = get_args(ArticleType)
FORMS: tuple[Format, ...] = get_args(Format)

if __name__ == "__main__":
    _stand_back()
    sys.stdout.write(json.dumps(_answer(sys.stdin.buffer.read())))
