"""A buyer's own circumstances are not part of their question; everything else is."""

from itertools import cycle

import pytest

from knowledge.entry import Answer, NoAnswer
from knowledge.retrieval.circumstance import subject_of
from tests.core.talk import BUILDER, OTHER, knowledge, sample
from tests.knowledge.test_answer import DAY


def subject(question: str) -> str:
    return subject_of(
        question, limits=lambda text: "home" in text, tells=lambda text: "roof" in text
    )


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("do you do carports for our warehouse?", "do you do carports"),
        ("do you do carports for a small family bakery", "do you do carports"),
        ("what is the warranty for a building our size", "what is the warranty"),
        ("how long does it take these days in this area", "how long does it take"),
        ("can we lease it like we do the trucks", "can we lease it"),
        ("how much is it for our forklifts", "how much is it"),
        ("for our bakery, how much is it", "how much is it"),
        ("do you offer financing if we sign this year", "do you offer financing"),
        ("how much is a 200 kilowatt system for a place like ours", "how much is a system"),
    ],
)
def test_what_only_tells_of_the_asker_is_left_out(question: str, asked: str):
    assert subject(question) == asked


@pytest.mark.parametrize(
    "question",
    [
        "do you have a connector for our fax machine",
        "do you do carports for my home",
        "does it work with our warehouse",
        "can it stand in our garage",
        "how much is it on our slate roof",
        "what happens if we cancel",
        "do you do it for boats",
    ],
)
def test_what_is_asked_about_stays(question: str):
    assert subject(question) == question


@pytest.mark.parametrize("folder", [OTHER, BUILDER], ids=["corvane", "halden"])
@pytest.mark.parametrize(
    "tails",
    [("",), (" for our restaurant", " for a place like ours", " these days", " with you guys")],
    ids=["as it is", "with a circumstance"],
)
def test_an_articles_own_wordings_lead_to_it_whoever_asks(folder, tails: tuple[str, ...]):
    loaded, base = sample(folder), knowledge(folder)
    asked = [(a.id, line) for a in loaded.articles for p in a.passages for line in p.asked]
    said = [(id_, line + tail) for (id_, line), tail in zip(asked, cycle(tails), strict=False)]
    lost = [f"{line}: {id_}" for id_, line in said if not _by(base.answer(line, day=DAY), id_)]
    assert len(lost) <= (0.03 * len(asked) if any(tails) else 0), lost


def _by(found: Answer | NoAnswer, article: str) -> bool:
    return isinstance(found, Answer) and found.article.id == article


@pytest.mark.parametrize(
    "question", ["does it work with redshift", "do you install heat pumps for our shop"]
)
def test_a_thing_nobody_knows_is_put_off_whoever_asks(question: str):
    assert isinstance(knowledge(BUILDER).answer(question, day=DAY), NoAnswer)
