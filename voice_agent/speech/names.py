"""The company's own names, for recognisers that take hints as text."""

from itertools import chain

from knowledge.profile import Company

MOST = 60
"""Whisper reads at most 224 tokens of hints; about sixty names fit."""


def names(company: Company) -> tuple[str, ...]:
    """Names a caller may say, most distinctive first, without repetition, at most sixty."""
    said = company.vocabulary
    every = chain(
        (company.name,), said.products, said.plans, said.competitors, said.integrations,
        (rep.name for rep in company.team), said.tools, said.terms,
    )  # fmt: skip
    return tuple(dict.fromkeys(name for name in every if name.strip()))[:MOST]
