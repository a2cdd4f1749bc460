"""Knowledge with 500 articles: the time to retrieve, to think a turn through, and to start up.

The company is the sample with articles added: a product each (`Relay Harbor 17`), in templates of
several types, three passages and a dozen wordings. Questions are those of the tune and hold-out
halves, and every tenth asks about an added product. Retrieval and thinking wait for nothing: their
figures are CPU time, which other load on the machine does not change.

Run: python -m tests.bench.bench_knowledge [--quick]
"""

import argparse
import shutil
import statistics
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import anyio

from core.engine import Engine
from core.talk import ConversationOpened, UserSaid
from knowledge.answer import KnowledgeBase
from knowledge.load import load
from tests.bench.rig import ROOT, Result, arguments, run
from tests.knowledge.asked_sets import asked

ARTICLES = 500
DAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 15, tzinfo=UTC)
SAMPLE = ROOT / "knowledge" / "company"
FIRST = "Relay Valve Ledger Copper Falcon Beacon Orchid Granite Saffron Timber".split()
SECOND = "Harbor Meadow Summit Canyon Prairie Lagoon Glacier Thicket Delta Ridge".split()
SHAPES = (
    ("capability", "{n} watches {k} pumps at once and reports each one every {k} seconds.",
     ("what does {l} watch", "how many pumps can {l} watch", "is {l} made for pumps",
      "how often does {l} report")),
    ("price", "{n} costs ${k}00 a year, with {k} sensors included.",
     ("how much is {l}", "what does {l} cost a year", "how many sensors come with {l}",
      "price of {l}")),
    ("limitation", "{n} doesn't work below minus {k} degrees.",
     ("how cold may it be for {l}", "does {l} work in frost", "can {l} stand outside",
      "what temperature does {l} need")),
)  # fmt: skip


def grown(folder: Path) -> None:
    """The sample company with articles added until there are ARTICLES."""
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("evals", "golden.yaml"))
    there = len(list((folder / "articles").glob("*.md")))
    for n in range(ARTICLES - there):
        (folder / "articles" / f"added-{n}.md").write_text(_article(n), encoding="utf-8")


def name_of(n: int) -> str:
    """The product an added article is about."""
    return f"{FIRST[n % 10]} {SECOND[n // 10 % 10]} {n}"


def _article(n: int) -> str:
    name, kind = name_of(n), SHAPES[n % 3][0]
    passages = []
    for shape in range(3):
        _, text, wordings = SHAPES[(n + shape) % 3]
        lines = [text.format(n=name, k=n + 10)]
        lines += [f"> asked: {w.format(l=name.lower())}" for w in wordings]
        passages.append("\n".join(lines))
    return (
        f"---\nid: added-{n}\nversion: 1\ntype: {kind}\ntitle: {name}\ntopics: [devices]\n"
        "owner: nadia-ferris\nstatus: published\napproved_by: grace-tam\n"
        "valid_from: 2026-01-01\nreview_by: 2031-01-01\nrelated: [sso]\n---\n"
        + "\n\n".join(passages)
        + "\n"
    )


def questions(most: int) -> list[str]:
    """Buyers' questions, every tenth about an added product."""
    plain = [q.ask for q in asked("tideline")][:most]
    return [
        f"how many pumps can {name_of(n).lower()} watch" if n % 10 == 0 else ask
        for n, ask in enumerate(plain)
    ]


def milliseconds(work: Any, items: list[Any]) -> list[float]:
    """CPU time per item, without the first pass."""
    for item in items[:20]:
        work(item)
    times = []
    for item in items:
        began = time.process_time()
        work(item)
        times.append((time.process_time() - began) * 1000)
    return times


def _thinking(engine: Engine) -> Any:
    opened = ConversationOpened("c", "voice", "inbound", "+16175550100", None, NOON)
    state = engine.open(opened, after_hours=False).state

    async def reply(ask: str) -> None:
        async for _ in engine.reply(state, UserSaid(1, ask, 0, 2000, NOON)):
            pass

    return lambda ask: anyio.run(reply, ask)


def measured(given: argparse.Namespace) -> Result:
    """Start, retrieve, think."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "company"
        grown(folder)
        began = time.perf_counter()
        loaded = load(folder)
        base = KnowledgeBase(loaded)
        engine = Engine(loaded, base)
        engine.warm(NOON)
        start_s = time.perf_counter() - began
        asks = questions(100 if given.quick else 600)
        found = milliseconds(lambda ask: base.answer(ask, day=DAY), asks)
        thought = milliseconds(_thinking(engine), asks)
    p95, engine_p95 = (statistics.quantiles(t, n=20)[-1] for t in (found, thought))
    return Result(
        "retrieval with 500 articles", round(statistics.median(found), 2), round(p95, 2),
        len(asks), "ms", "p95 ≤ 5; engine p95 ≤ 15; start ≤ 5 s",
        p95 <= 5 and engine_p95 <= 15 and start_s <= 5,
        {"articles": len(loaded.articles), "engine_p50": round(statistics.median(thought), 2),
         "engine_p95": round(engine_p95, 2), "start_s": round(start_s, 2)},
    )  # fmt: skip


if __name__ == "__main__":
    run(measured, arguments(__doc__))
