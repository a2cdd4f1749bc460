"""Reads `probes.yaml`, everyday wordings in context; reports what was missed or invented.

Run as a module it prints, group by group, the lines that were not read as intended.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from core.asking import Confirm
from core.commands import Command
from core.conversation.ledger import ReadBack
from core.conversation.state import ConversationState
from core.scheduling.board import Board
from core.scheduling.slots import Slot
from core.talk import ConversationOpened, UserSaid
from core.thinking.thinker import Thinker
from tests.core.states import asked, awaiting, under_way
from tests.core.talk import MONDAY_NOON, knowledge, sample

FILE = Path(__file__).with_suffix(".yaml")
OPENED = ConversationOpened("c1", "voice", "inbound", "+14155550100", "+16175550142", MONDAY_NOON)
HEAVY = (
    "CompetitorOrVendor", "SupportNeed", "RequestHuman", "RequestCallback", "RequestMeeting",
    "OptOut", "DeclineRecording", "EndCall", "Abuse", "Escalate", "AskIfAI", "AskIfRecorded",
    "DeclineToSay", "ChooseSlot", "PassSlots", "Affirm", "Deny", "MoveMeeting", "CancelMeeting",
)  # fmt: skip
"""Commands that change a call; each is a mistake when none is intended."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A caller's words in a context, and what they mean."""

    group: str
    said: str
    tells: tuple[str, ...]
    context: tuple[tuple[str, Any], ...]


@cache
def probes() -> tuple[Probe, ...]:
    """Everything in the file."""
    groups = yaml.load(FILE.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506
    return tuple(p for name, group in groups.items() for p in _group(name, group))


def _group(name: str, group: dict[str, Any]) -> Iterator[Probe]:
    context = tuple((k, v) for k, v in group.items() if k not in ("said", "means"))
    for line in group["said"]:
        said, _, tells = line.partition(" => ")
        meant = tells or group.get("means", "")
        yield Probe(name, said, tuple(t for t in re.split(r";\s*", meant) if t), context)


@cache
def _thinker() -> Thinker:
    return Thinker(sample().company, knowledge(), "v")


def _slots(times: list[str]) -> tuple[Slot, ...]:
    zone = ZoneInfo("America/Los_Angeles")
    starts = [
        datetime.fromisoformat(t).replace(tzinfo=zone).astimezone(ZoneInfo("UTC")) for t in times
    ]
    return tuple(Slot(s, s + timedelta(minutes=30), "maya-lindqvist", "intro") for s in starts)


def _state(probe: Probe) -> ConversationState:
    context = dict(probe.context)
    state = under_way(OPENED, "i have a question")
    if name := context.get("asked"):
        state = asked(state, name)
    if offered := context.get("offered"):
        proposals = replace(state.proposals, made=(offered,))
        state = awaiting(replace(state, proposals=proposals), offer=offered)
    if field := context.get("pending"):
        given = ReadBack(field, "+16175550188")
        state = awaiting(state, read_back=given, ask=Confirm(field), turn=1)
    if times := context.get("slots"):
        state = replace(
            state,
            times=replace(state.times, slots=_slots(times), turn=1, rounds=1),
            board=Board(MONDAY_NOON),
        )
    if before := context.get("history"):
        said = UserSaid(1, before[0], 0, 900, MONDAY_NOON)
        state = replace(_thinker().think(replace(state, turn=0), said).state, turn=1)
    return state


def read(probe: Probe) -> tuple[tuple[Command, ...], tuple[str, ...]]:
    """A line's commands, and the resulting signals as `criterion=value`."""
    state, said = _state(probe), UserSaid(2, probe.said, 1000, 4000, MONDAY_NOON)
    thinker = _thinker()
    turn = thinker.read(state, said)
    after = thinker.think(state, said, read=turn).state
    signals = tuple(
        f"{s.criterion}{'!=' if s.polarity == 'negative' else '='}{s.value}"
        for s in after.signals.active
        if s.basis == "stated" and s.criterion != "disqualifier"
    )
    return turn.commands, signals


def wrong(probe: Probe) -> list[str]:
    """What was missed or invented in a line."""
    commands, signals = read(probe)
    found = {_named(c, probe) for c in commands}
    left, faults = list(signals), []
    for tell in probe.tells:
        if tell[0] in "+?":
            hit = any(_is(c, tell[1:]) for c in found)
            faults += [f"no {tell[1:]}"] if tell[0] == "+" and not hit else []
            continue
        match = re.fullmatch(r"(\w+)(\?)?(!?=)(\?)?(.*)", tell)
        assert match, tell
        name, may, sign = match[1], match[2] or match[4], match[3]
        hits = [s for s in left if _fits(s, name, sign, match[5])]
        left = [s for s in left if s not in hits]
        faults += [f"no {tell}"] if not hits and not may else []
    allowed = [t[1:] for t in probe.tells if t[0] in "+?"]
    extra = [c for c in found if c.split(":")[0] in HEAVY and not any(_is(c, a) for a in allowed)]
    loose = allowed and not any(t[0] not in "+?" for t in probe.tells)
    return [
        *faults,
        *(f"false {e}" for e in sorted(extra)),
        *(f"false {s}" for s in left if not loose),
    ]


def _fits(signal: str, name: str, sign: str, values: str) -> bool:
    found, mark, value = re.fullmatch(r"(\w+?)(!?=)(.*)", signal).groups()  # type: ignore[union-attr]
    wanted = [v.strip().lower() for v in values.split("|")]
    return found == name and mark == sign and ("*" in wanted or value.lower() in wanted)


def _named(command: Command, probe: Probe) -> str:
    about = next(
        (a for f in ("disqualifier", "kind", "criterion") if (a := getattr(command, f, ""))), ""
    )
    if slots := getattr(command, "slots", ()):
        ids = [s.id for s in _state(probe).times.slots]
        about = "+".join(str(ids.index(s) + 1) for s in slots)
    return f"{type(command).__name__}:{about}"


def _is(found: str, wanted: str) -> bool:
    return found == wanted or (":" not in wanted and found.split(":")[0] == wanted)


if __name__ == "__main__":
    import sys

    failed = total = 0
    for group in dict.fromkeys(p.group for p in probes()):
        if sys.argv[1:] and group not in sys.argv[1:]:
            continue
        mine = [(p, wrong(p)) for p in probes() if p.group == group]
        bad = [(p, w) for p, w in mine if w]
        failed, total = failed + len(bad), total + len(mine)
        print(f"{group}: {len(mine) - len(bad)} of {len(mine)}")  # noqa: T201
        for probe, faults in bad:
            print(f"    {probe.said}   [{'; '.join(faults)}]")  # noqa: T201
    print(f"{total - failed} of {total} read as meant")  # noqa: T201
