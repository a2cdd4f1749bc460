"""How near passages come by meaning, to a question and to all that was said with it, as evidence.

A question often has its matter in the sentence before it ("a column gets renamed. Does it blow
up?"), so both count, and so does by how far one article is before all others.
"""

from dataclasses import dataclass

import numpy as np

from knowledge.postings import Floats, Ints

NEAREST = 4
"""Passages that are judged for their meaning, whatever their words."""
LEAD = 0.4
"""An article this far before every other could not be further: -1 to 1 is counted up to here."""


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near one passage comes, about 0..1 each; `lead` is -1..1."""

    said: float
    """To the question alone."""
    around: float
    """To what was said with it."""
    lead: float
    """By how much its article is nearer than every other."""
    foremost: bool = False
    """Whether it is one of the NEAREST passages."""

    @property
    def best(self) -> float:
        """By whichever tells more."""
        return max(self.said, self.around)

    def evidence(self, *, strange: bool, ending: bool) -> dict[str, float]:
        """What it says, under the names that a calibration may weigh.

        Vectors are blind to a word that no passage has, so it counts apart when there is one.
        """
        return {
            "near_said": self.said,
            "near_around": self.around,
            "near_best": self.best,
            "near_lead": self.lead,
            "near_first": float(self.lead >= 0),
            "near_known": 0.0 if strange else self.best,
            "near_ending": self.best if ending else 0.0,
        }


class Near:
    """All passages' nearness to one question."""

    def __init__(self, said: Floats, around: Floats, articles: Ints) -> None:
        """`articles`: which article each passage is of; all of shape (passages,)."""
        self._said, self._around = said, around
        self._best = np.maximum(said, around)
        self._leads = _leads(self._best, articles)
        self.nearest = [int(n) for n in np.argsort(-self._best, kind="stable")[:NEAREST]]

    def of(self, place: int) -> Nearness:
        """That of one passage."""
        return Nearness(
            float(self._said[place]), float(self._around[place]), float(self._leads[place]),
            place in self.nearest,
        )  # fmt: skip


def _leads(best: Floats, articles: Ints) -> Floats:
    """By how much each passage's article is before the best other, in -1..1."""
    of_article = np.zeros(int(articles.max()) + 1)
    np.maximum.at(of_article, articles, best)
    order = np.argsort(-of_article)
    others = np.full(len(of_article), of_article[order[0]])
    others[order[0]] = of_article[order[1]] if len(order) > 1 else 0.0
    led: Floats = np.clip((of_article - others)[articles], -LEAD, LEAD) / LEAD
    return led
