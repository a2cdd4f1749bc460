"""Where tokens occur and with what weight, as arrays: one addition covers every place."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


_NOWHERE: tuple[Ints, Floats] = np.zeros(0, np.int64), np.zeros(0)


class Postings:
    """Token to (places, weights). Built once; safe to read from many threads."""

    def __init__(self, bags: Iterable[Mapping[str, float]]) -> None:
        """One bag per place: the weight of each token there."""
        raw: dict[str, tuple[list[int], list[float]]] = {}
        self.size = 0
        for bag in bags:
            for token, weight in bag.items():
                places, weights = raw.setdefault(token, ([], []))
                places.append(self.size)
                weights.append(weight)
            self.size += 1
        self._arrays: dict[str, tuple[Ints, Floats]] = {
            token: (np.asarray(places, np.int64), np.asarray(weights, np.float64))
            for token, (places, weights) in raw.items()
        }

    def reach(self, forms: Sequence[str]) -> tuple[Ints, Floats]:
        """The places of a term's forms, ascending, and at each the weight of its heaviest."""
        known = [self._arrays[form] for form in forms if form in self._arrays]
        if len(known) < 2:
            return known[0] if known else _NOWHERE
        found = np.zeros(self.size)
        for places, weights in known:
            found[places] = np.maximum(found[places], weights)
        reached = np.flatnonzero(found)
        return reached, found[reached]
