"""The enrichment section of `company.yaml`: outside data about a buyer's company."""

from typing import Annotated

from pydantic import Field

from knowledge.section import Section


class Intent(Section):
    """Which looked-up intent counts, that is, topics a company was seen researching."""

    at_least: Annotated[int, Field(ge=0, le=100)] = 50
    """Weaker intent is ignored; out of 100, where `low` is 30, `medium` 60 and `high` 90."""
    within_days: Annotated[int, Field(gt=0, le=730)] = 45
    """Older observations are ignored."""
    topics: dict[str, str] = {}
    """A source's name for a topic to ours in the vocabulary; names in the vocabulary also count."""


class Enrichment(Section):
    """What is looked up about a buyer's company. The settings say where."""

    intent: Intent = Intent()
