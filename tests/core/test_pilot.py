"""Whom the agent serves during a pilot."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.engine import Engine
from core.events import Flagged
from core.pilot import Switch, decided, place
from knowledge.profile import Pilot
from tests.core.talk import MONDAY_NOON, SUNDAY, Talk, knowledge, sample

COMPANY = sample().company
NUMBERS = [f"+1415555{n:04d}" for n in range(2000)]


def piloting(**pilot):
    return COMPANY.model_copy(update={"pilot": Pilot(line="+16175550100", **pilot)})


def taken(company, who="+14155550100", at=MONDAY_NOON, on=True, **more):
    return decided(company, Switch(on), at, who=who, **more)


@pytest.mark.parametrize("share", [0.1, 0.25, 0.7])
def test_a_share_of_callers_is_taken_and_each_always_or_never(share):
    company = piloting(share=share)
    first = {n for n in NUMBERS if taken(company, n) == "taken"}
    assert abs(len(first) / len(NUMBERS) - share) < 0.04
    assert first == {n for n in NUMBERS if taken(company, n, SUNDAY) == "taken"}


def test_who_is_in_stays_in_when_the_share_grows_and_when_it_shrinks():
    small, large = piloting(share=0.2), piloting(share=0.6)
    before = {n for n in NUMBERS if taken(small, n) == "taken"}
    assert before <= {n for n in NUMBERS if taken(large, n) == "taken"}
    for number in [n for n in NUMBERS if taken(large, n) == "taken"][:50]:
        assert taken(small, number, known=True) == "taken"


def test_nothing_and_all():
    for number in NUMBERS[:200]:
        assert taken(piloting(share=0.0), number) == "share"
        assert taken(piloting(share=0.0), number, known=True) == "share"
        assert taken(piloting(share=1.0), number) == "taken"
    assert all(0 <= place("tideline", n) < 1 for n in NUMBERS)


def test_it_may_be_some_numbers_or_some_hours():
    company = piloting(numbers=("+442079460142",))
    assert taken(company, called="+442079460142") == "taken"
    assert taken(company, called="+16175550142") == "number"
    night, day = piloting(when="after_hours"), piloting(when="in_hours")
    assert taken(night, at=MONDAY_NOON) == "hours" and taken(day, at=MONDAY_NOON) == "taken"
    assert taken(night, at=SUNDAY) == "taken" and taken(day, at=SUNDAY) == "hours"
    holiday = datetime(2026, 12, 25, 17, tzinfo=UTC)
    assert taken(night, at=holiday, known=True) == "taken"


def test_the_switch_is_above_everything_and_a_company_without_a_pilot_has_one_too():
    assert taken(piloting(share=1.0), on=False, known=True) == "off"
    assert taken(COMPANY, on=False) == "off" and taken(COMPANY) == "taken"


async def test_every_conversation_of_a_pilot_is_flagged_for_review():
    talk = Talk()
    assert not [f for f in talk.facts if isinstance(f, Flagged) and f.kind == "pilot"]
    loaded = replace(sample(), company=piloting())
    opening = Engine(loaded, knowledge()).open(talk.state.opened, after_hours=False)
    assert [f.kind for f in opening.facts if isinstance(f, Flagged)] == ["pilot"]
