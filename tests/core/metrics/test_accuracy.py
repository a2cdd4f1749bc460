"""Recall and calibration from second looks: the estimate, and its uncertainty."""

import random

import pytest

from core.flags.drawn import drawn
from core.metrics.accuracy import accuracy
from core.metrics.estimate import Estimate, ratio, wilson
from core.metrics.outcomes import Came

SAMPLE = 0.1


def came(
    verdict: str, colleague: str = "", *, draw: float = 0.05, score: float = 0.5, stage: str = "",
    attended: bool | None = None,
) -> Came:  # fmt: skip
    return Came(
        "voice", "", verdict == "qualified", 60, attended=attended, stage=stage, verdict=verdict,
        score=score, draw=draw, colleague=colleague,
    )  # fmt: skip


def test_an_interval_is_wilsons_and_narrows_to_nothing_when_all_were_looked_at():
    found = wilson(8, 10)
    assert (round(found.low, 4), round(found.high, 4)) == (0.4902, 0.9433)
    assert wilson(0, 10).low == 0 and wilson(10, 10).high == 1
    some, all_ = wilson(8, 10, 12), wilson(8, 10, 10)
    assert found.low < some.low < 0.8 < some.high < found.high
    assert (all_.low, all_.high) == (0.8, 0.8)


def test_the_interval_of_a_ratio_is_movers_and_stands_the_ends():
    a, b = wilson(6, 20), wilson(15, 25)
    low, high = ratio(a, b)
    assert low < (6 / 20) / (15 / 25) < high
    x, y = a.share, b.share
    root = ((x * y) ** 2 - a.low * b.high * (2 * x - a.low) * (2 * y - b.high)) ** 0.5
    assert low == pytest.approx((x * y - root) / (b.high * (2 * y - b.high)))
    assert ratio(wilson(0, 20), b)[0] == 0 and ratio(wilson(0, 20), b)[1] > 0
    assert ratio(a, wilson(0, 5))[1] == float("inf")
    assert ratio(Estimate(0, 0, 0, 1), b) == (0, 0)


def test_each_reject_looked_at_stands_for_as_many_as_were_not():
    every = [came("qualified", "qualified") for _ in range(10)]
    every += [came("qualified", draw=0.5) for _ in range(30)]
    every += [came("disqualified", "qualified" if n < 2 else "disqualified") for n in range(20)]
    every += [came("nurture", draw=0.5) for _ in range(80)]
    found = accuracy(every, SAMPLE)
    assert found.recall is not None and found.precision is not None
    assert found.missed == pytest.approx(10) and found.precision.share == 1
    assert found.recall.share == pytest.approx(40 / 50)
    assert 0.5 < found.recall.low < 0.75 and 0.85 < found.recall.high < 0.98
    # verdicts given of their own accord, outside of the sample, prove nothing about all
    chosen = [came("nurture", "qualified", draw=0.9) for _ in range(50)]
    aside = accuracy([*every, *chosen], SAMPLE)
    assert aside.recall is not None and aside.recall.share == pytest.approx(40 / 55)
    assert accuracy([c for c in every if c.draw > SAMPLE], SAMPLE).recall is None


def test_what_was_not_looked_at_is_unknown_and_no_fit_at_all_as_well():
    assert accuracy([], SAMPLE).recall is None and accuracy([], SAMPLE).missed == 0
    rejects = [came("insufficient") for _ in range(5)]
    assert accuracy(rejects, SAMPLE).recall is None and accuracy(rejects, SAMPLE).missed is None
    seen = [came("insufficient", "disqualified") for _ in range(5)]
    assert accuracy(seen, SAMPLE).recall is None, "there is no fit it could have found"
    missed = accuracy([came("insufficient", "qualified"), *seen], SAMPLE).recall
    assert missed is not None and (missed.share, missed.high) == (0, 0)
    fits = accuracy([came("qualified", "qualified")], SAMPLE).recall
    assert fits is not None and fits.share == 1, "nobody was rejected"
    assert accuracy([came("needs_human", "qualified")], SAMPLE).rejects.of == 0


def test_nineteen_of_twenty_samples_hold_the_truth_in_their_interval():
    rng = random.Random(7)
    parts = (("qualified", 0.8, 300), ("disqualified", 0.1, 1200))
    rest = [came(verdict, draw=0.5) for verdict, _, n in parts for _ in range(n - n // 10)]
    held = 0
    for _ in range(150):
        looked = [
            came(verdict, "qualified" if rng.random() < p else "nurture")
            for verdict, p, n in parts
            for _ in range(n // 10)
        ]
        found = accuracy([*rest, *looked], SAMPLE).recall
        held += found is not None and found.low <= 240 / (240 + 120) <= found.high
    assert 0.92 * 150 <= held < 150


def test_the_scale_is_told_part_by_part_beside_what_it_came_to():
    every = [came("qualified", "qualified", score=0.9, stage="won") for _ in range(9)]
    every += [came("qualified", "disqualified", score=1.0, attended=False)]
    every += [came("disqualified", "qualified" if n < 1 else "nurture", score=0.1)
              for n in range(10)]  # fmt: skip
    found = accuracy(every, SAMPLE)
    low, *_, high = found.bins
    assert (low.looked, high.looked) == (10, 10) and found.bins[2].fit is None
    assert low.fit is not None and high.fit is not None and high.deal is not None
    assert low.fit.share == pytest.approx(0.1) and high.fit.share == pytest.approx(0.9)
    assert high.deal.share == 0.9 and low.deal is None, "nobody told of these"
    assert found.error == pytest.approx(0.005)
    # more rejects: each reject looked at stands for more, but within a part nothing changes
    more = accuracy([*every, *(came("disqualified", draw=0.7, score=0.1) for _ in range(90))], 0.1)
    assert more.bins[0].fit is not None and more.bins[0].fit.share == pytest.approx(0.1)


def test_a_larger_share_draws_the_same_ones_and_more():
    places = [drawn(f"c{n}") for n in range(2_000)]
    assert places == [drawn(f"c{n}") for n in range(2_000)]
    assert 0.08 < sum(p < 0.1 for p in places) / 2_000 < 0.12
