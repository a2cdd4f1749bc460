"""The part of `company.yaml` about what others know of a buyer's company."""

from typing import Annotated

from pydantic import Field

from knowledge.section import Section


class Intent(Section):
    """Which looked-up intent counts: what a company was seen to read up on."""

    at_least: Annotated[int, Field(ge=0, le=100)] = 50
    """Weaker is passed over; of 100, where `low` is 30, `medium` 60 and `high` 90."""
    within_days: Annotated[int, Field(gt=0, le=730)] = 45
    """What was seen longer ago is passed over."""
    topics: dict[str, str] = {}
    """What a source calls a topic to its name in the vocabulary; names that are there count."""


class Enrichment(Section):
    """What is looked up of a buyer's company. Where, the settings say."""

    intent: Intent = Intent()
