"""`jurisdictions()`: what call recording requires, place by place, each rule with its source."""

from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import TypeAdapter

from knowledge.section import Section
from knowledge.yaml_text import plain

Mode = Literal["announce", "opt_out", "opt_in", "never"]
STRICTNESS: tuple[Mode, ...] = ("announce", "opt_out", "opt_in", "never")
"""Least strict first."""


class Jurisdiction(Section):
    """What is required before recording callers in one place."""

    recording: Mode
    """The least that suffices there."""
    source: str
    """The source of the rule."""
    ai: str = ""
    """The law that requires an AI to disclose itself, if there is one."""


@cache
def jurisdictions() -> dict[str, Jurisdiction]:
    """The rule of each known place, by ISO code such as `DE` or `US-CA`."""
    text = (files("knowledge") / "jurisdictions.yaml").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, Jurisdiction]).validate_python(plain(text))


def strictest(modes: "set[Mode]") -> Mode:
    """The strictest of these."""
    return max(modes, key=STRICTNESS.index)
