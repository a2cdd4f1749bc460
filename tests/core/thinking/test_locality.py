"""A place is the buyer's location, or the subject of the question; only the first is left out."""

import pytest

from core.scheduling.memory import MemoryDesk
from tests.core.talk import Talk, sample
from tests.knowledge.conftest import CORVANE

HALDEN = CORVANE.parent / "halden"


async def cited(question: str) -> list[str]:
    desk = MemoryDesk(sample(HALDEN).company)
    it = Talk(folder=HALDEN, caller="+15085550188", called="+15085550140", desk=desk)
    turn = await it.says(question)
    return [c.split("@")[0] for s in turn.sentences for c in s.citations]


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("do you do carports in worcester", "carports"),
        ("how much does a system cost in massachusetts for our school", "price"),
        ("are you in hartford", "area"),
        ("do you cover vermont", "area"),
        ("do you come up to maine", "area"),
        ("who deals with the permits", "permits"),
        ("what's the timeline", "schedule"),
        ("who else have you worked with", "references"),
        ("do you provide carports", "carports"),
    ],
)
async def test_a_question_is_answered_wherever_and_however_it_is_asked(question, article):
    assert article in await cited(question)


@pytest.mark.parametrize(
    "question", ["how much does it cost in texas", "do you have an office in worcester"]
)
async def test_a_place_we_do_not_serve_or_are_asked_about_stays(question):
    assert not await cited(question)
