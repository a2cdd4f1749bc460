import json

import pytest
from hypothesis import given, settings

from core.privacy.erasure import erased
from core.store.codec import decode, encode
from tests.core.store.facts import any_fact
from tests.fakes.a_call import ENDED, facts

KEPT = {"tech_stack", "Snowflake"}


@settings(max_examples=200, deadline=None)
@given(any_fact)
def test_every_kind_of_fact_can_be_erased_and_once_is_enough(fact):
    after = erased(fact)
    assert type(after) is type(fact) and erased(after) == after


@pytest.mark.parametrize("kind", ["OfANewerVersion", "UtteranceRecorded"])
def test_of_a_fact_this_version_cannot_read_its_kind_alone_is_left(kind: str):
    after = erased(decode(kind, {"words": "I am Jane"}))
    assert encode(after) == (kind, {}) and erased(after) == after


def test_nothing_a_buyer_said_is_left_of_a_call_and_its_counts_are():
    before = [*facts(), ENDED]
    after = [erased(fact) for fact in before]
    words = json.dumps([encode(fact) for fact in after]).lower()
    for said in ("jane", "doe", "acme", "lima", "two hundred", "snowflake to", "+14155550123",
                 "rather not"):  # fmt: skip
        assert said not in words
    assert [type(f) for f in after] == [type(f) for f in before]
