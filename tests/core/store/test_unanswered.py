"""The value of an unanswered question follows from its conversation's verdict and segment."""

import pytest

from core.store.unanswered import worth
from tests.core.talk import sample

TIDELINE = sample().company


@pytest.mark.parametrize(
    ("verdict", "value"),
    [
        ({"result": "qualified", "segment": "enterprise"}, 62_000),
        ({"result": "needs_human", "segment": "mid-market"}, 9_000),
        ({"result": "disqualified", "segment": "enterprise"}, 0),
        ({"result": "qualified", "segment": None}, 5_400),
        ({}, 0.3 * 5_400),
    ],
)
def test_verdict_and_segment_make_the_worth(verdict: dict[str, object], value: float):
    assert worth(TIDELINE, verdict) == pytest.approx(value)


def test_without_values_every_conversation_counts_one():
    segments = tuple(s.model_copy(update={"value": None}) for s in TIDELINE.segments)
    plain = TIDELINE.model_copy(update={"segments": segments})
    assert worth(plain, {"result": "qualified", "segment": "enterprise"}) == 1
