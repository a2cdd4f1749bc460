"""How many wordings of a meaning are understood, and how many near-misses are mistaken for one.

A line of `meanings/<name>.txt` is one wording; `none.txt` holds what must not be taken for any of
them. Half of the lines, drawn by their checksum, is held out: never look at it when tuning.
"""

import zlib
from functools import cache
from pathlib import Path

from core.commands import Command
from core.conversation.understanding.embedded import Understanding
from core.talk import ConversationOpened, UserSaid
from tests.core.states import asked, under_way
from tests.core.talk import MONDAY_NOON, OTHER, SAMPLE, sample

FOLDER = Path(__file__).parent / "meanings"
NONE = "none"
OPENED = ConversationOpened("c1", "voice", "inbound", "+14155550100", "+16175550142", MONDAY_NOON)
COMMANDS = {
    "competitor": ("CompetitorOrVendor", "competitor"),
    "student": ("CompetitorOrVendor", "student"),
    "job_seeker": ("CompetitorOrVendor", "job-seeker"),
    "vendor": ("CompetitorOrVendor", "vendor"),
    "private": ("CompetitorOrVendor", "private"),
    "geography": ("ProvideSignal", "location"),
    "support": ("SupportNeed", "support"),
    "person": ("RequestHuman", ""),
    "callback": ("RequestCallback", ""),
    "meeting": ("RequestMeeting", ""),
    "opt_out": ("OptOut", ""),
    "recording": ("DeclineRecording", ""),
    "ask_recorded": ("AskIfRecorded", ""),
    "machine": ("AskIfAI", ""),
    "goodbye": ("EndCall", ""),
    "decline": ("DeclineToSay", ""),
    "wait": ("Smalltalk", "wait"),
}
"""The command each meaning is read as, and its subject."""


def lines(name: str, held_out: bool) -> list[str]:
    """One half of the wordings of a meaning."""
    said = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [s for s in said if (zlib.crc32(s.encode()) % 2 == 1) == held_out]


@cache
def reader(folder: Path) -> Understanding:
    """The reader of a company's callers."""
    return Understanding(sample(folder).company)


def in_a_call(
    text: str, expecting: str | None = None, folder: Path = SAMPLE
) -> tuple[Command, ...]:
    """The commands of a turn in the middle of a call; `expecting`: what was asked before it."""
    state = under_way(OPENED, "i have a question")
    if expecting:
        state = asked(state, expecting)
    return reader(folder).read(UserSaid(2, text, 1000, 4000, MONDAY_NOON), state)


def read(said: str, meaning: str) -> tuple[Command, ...]:
    """The commands of a wording; refusals answer a question."""
    expecting = "budget" if meaning == "decline" else None
    return in_a_call(said, expecting, OTHER if meaning == "private" else SAMPLE)


def means(commands: tuple[Command, ...], meaning: str) -> bool:
    """Whether a meaning is among the commands."""
    kind, about = COMMANDS[meaning]
    fields = ("disqualifier", "kind", "criterion")
    return any(
        type(c).__name__ == kind
        and (not about or about in [getattr(c, f, "") for f in fields])
        for c in commands
    )  # fmt: skip


def missed(meaning: str, held_out: bool) -> list[str]:
    """Wordings of a meaning that are not understood."""
    return [s for s in lines(meaning, held_out) if not means(read(s, meaning), meaning)]


def mistaken(held_out: bool) -> list[tuple[str, list[str]]]:
    """Near-misses with what they are wrongly taken for; any meaning may be reported."""
    rest = [m for m in COMMANDS if m not in ("geography", "private", "decline", "wait")]
    found = [(s, read(s, NONE)) for s in lines(NONE, held_out)]
    taken = [(s, [m for m in rest if means(commands, m)]) for s, commands in found]
    return [(s, wrongly) for s, wrongly in taken if wrongly]


if __name__ == "__main__":
    for name in COMMANDS:
        shares = [1 - len(missed(name, half)) / len(lines(name, half)) for half in (False, True)]
        print(f"{name:13} tuned {shares[0]:6.1%}  held out {shares[1]:6.1%}")  # noqa: T201
        for text in missed(name, held_out=False):
            print("    ", text)  # noqa: T201
    for half in (False, True):
        print("mistaken", len(mistaken(half)), "of", len(lines(NONE, half)))  # noqa: T201
    for near, taken_for in mistaken(held_out=False):
        print("    ", near, taken_for)  # noqa: T201
