import json
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.events import Fact, Flagged, Noted, TurnTimed
from core.store.codec import KINDS, UNRECOGNISED, decode, encode
from tests.core.store.facts import any_fact, instances, json_values


@pytest.mark.parametrize("cls", get_args(Fact), ids=lambda cls: cls.__name__)
def test_every_kind_of_fact_survives_json(cls: type[Any]):
    @settings(max_examples=25)
    @given(instances(cls))
    def survives(fact: Fact) -> None:
        kind, payload = encode(fact)
        assert decode(kind, json.loads(json.dumps(payload))) == fact

    survives()


@given(st.text().filter(lambda kind: kind not in KINDS), st.dictionaries(st.text(), json_values))
def test_a_kind_of_a_newer_version_is_kept_as_it_was(kind: str, payload: dict[str, Any]):
    fact = decode(kind, payload)
    assert isinstance(fact, Noted) and fact.kind == UNRECOGNISED
    assert encode(fact) == (kind, payload)


@given(st.sampled_from(sorted(KINDS)), st.dictionaries(st.text(), json_values))
def test_any_payload_can_be_read(kind: str, payload: dict[str, Any]):
    decode(kind, payload)


def test_a_field_of_a_newer_version_is_left_out():
    kind, payload = encode(Flagged("price_talk", 3, 1200, "asked twice"))
    assert decode(kind, {**payload, "severity": 2}) == Flagged("price_talk", 3, 1200, "asked twice")


def test_a_known_kind_that_lacks_a_field_is_kept_and_not_invented():
    fact = decode("TurnTimed", {"turn": 1})
    assert fact == Noted(UNRECOGNISED, {"kind": "TurnTimed", "payload": {"turn": 1}})


def test_a_bool_is_not_taken_for_a_number():
    kind, payload = encode(TurnTimed(1, 2, 3, 4, 5, 6, 7, True))
    assert isinstance(decode(kind, {**payload, "heard_ms": True}), Noted)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), object(), b"bytes"])
def test_what_json_cannot_hold_is_refused(bad: object):
    with pytest.raises(ValueError, match="JSON"):
        encode(Noted("x", {"bad": bad}))


@given(any_fact)
def test_encoding_is_plain_json(fact: Fact):
    _, payload = encode(fact)
    assert json.loads(json.dumps(payload, allow_nan=False)) == payload
