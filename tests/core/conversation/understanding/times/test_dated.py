"""Dates a company asks for under a name of its own."""

import pytest

from core.conversation.understanding.times.dated import dated
from core.conversation.words.dates import times
from core.conversation.words.utterance import utterance
from core.talk import UserSaid
from knowledge.profile import Criterion
from tests.core.talk import MONDAY_NOON

RENEWAL = Criterion(
    name="renewal", label="Renewal date", kind="date", ask=("When does your policy renew?",)
)
EVENT = Criterion(name="event", label="Event date", kind="date", ask=("What day is your event?",))
MOVE = Criterion(name="move", label="Move", kind="date", ask=("When do you move in?",))
TIMELINE = Criterion(name="timeline", label="When", kind="date", ask=("When do you need it?",))


def told(text: str, *criteria: Criterion, asked: str | None = None) -> dict[str, str]:
    u = utterance(UserSaid(2, text, 0, 1000, MONDAY_NOON))
    named = times(u.text, MONDAY_NOON.date())
    return {s.criterion: s.value for s in dated(u, named, criteria, asked, [])}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("our policy renews on february first", "2027-02-01"),
        ("the renewal is the tenth of next month", "2026-12-10"),
        ("our package is up on march 15th", "2027-03-15"),
        ("we had it with somebody in town, it expires january 15th", "2027-01-15"),
        ("march 15th is our renewal", "2027-03-15"),
        ("our policy was renewed in march", None),
        ("can you quote our renewal by friday", None),
        ("we'd like to start in may", None),
        ("i need it by monday", None),
    ],
)
def test_the_end_of_what_they_have_is_known_by_its_words(text: str, day: str | None):
    assert told(text, RENEWAL).get("renewal") == day


@pytest.mark.parametrize("text", ["february first", "oh, in february sometime", "by friday"])
def test_asked_for_any_day_is_the_answer(text: str):
    assert told(text, RENEWAL, EVENT, asked="renewal").keys() == {"renewal"}
    assert told(text, RENEWAL, EVENT, asked="event").keys() == {"event"}


def test_a_day_to_come_is_any_plan_unless_the_company_asks_for_a_timeline():
    assert told("we'd like to start in may", EVENT) == {"event": "2027-05-31"}
    assert told("our gala is on june 12th", EVENT) == {"event": "2027-06-12"}
    assert told("we'd like to start in may", EVENT, TIMELINE) == {"timeline": "2027-05-31"}


def test_each_day_is_of_one_thing():
    said = "our policy renews in march and we move in on may 3rd"
    assert told(said, RENEWAL, TIMELINE, MOVE) == {"renewal": "2027-03-31", "move": "2027-05-03"}
    both = told("we need it by june, the policy renews in march", RENEWAL, TIMELINE)
    assert both == {"renewal": "2027-03-31", "timeline": "2027-06-30"}
