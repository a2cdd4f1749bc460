"""`jurisdictions()`: what recording a call asks for, place by place, each rule with its source."""

from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import TypeAdapter

from knowledge.section import Section
from knowledge.yaml_text import plain

Mode = Literal["announce", "opt_out", "opt_in", "never"]
STRICTNESS: tuple[Mode, ...] = ("announce", "opt_out", "opt_in", "never")
"""From the least strict."""


class Jurisdiction(Section):
    """What has to be done for callers of one place before a call is recorded."""

    recording: Mode
    """The least that will do there."""
    source: str
    """Whose rule it is."""
    ai: str = ""
    """The law by which an AI has to say that it is one, where there is such."""


@cache
def jurisdictions() -> dict[str, Jurisdiction]:
    """The rule of each place that is known, by ISO code such as `DE` or `US-CA`."""
    text = (files("knowledge") / "jurisdictions.yaml").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, Jurisdiction]).validate_python(plain(text))


def strictest(modes: "set[Mode]") -> Mode:
    """The strictest of these."""
    return max(modes, key=STRICTNESS.index)
