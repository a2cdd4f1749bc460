"""Nearness by meaning: how far each passage is from a question and from what was said with it."""

import numpy as np
import pytest

from knowledge.meaning import Meant, texts_of
from knowledge.nearness import LEAD, NEAREST, Near, Nearness
from knowledge.sufficiency import calibration
from tests.fakes.letters import Letters

ARTICLES = np.array([0, 0, 1, 2, 3])


def near(said, around=None):
    return Near(np.array(said), np.array(said if around is None else around), ARTICLES)


def test_what_was_said_around_a_question_may_tell_more_than_the_question():
    one = near([0.2, 0.1, 0.3, 0.0, 0.0], [0.9, 0.1, 0.2, 0.0, 0.0]).of(0)
    assert (one.said, one.around, one.best) == (0.2, 0.9, 0.9)


def test_an_article_leads_by_its_nearest_passage_and_all_others_are_behind():
    found = near([0.8, 0.3, 0.6, 0.1, 0.1])
    leads = [round(found.of(n).lead, 3) for n in range(5)]
    assert leads[0] == leads[1] == pytest.approx(0.2 / LEAD, abs=1e-3)
    assert leads[2] == pytest.approx(-0.2 / LEAD, abs=1e-3)
    assert leads[3] == leads[4] == -1.0
    assert [found.of(n).evidence(strange=False, ending=True)["near_first"] for n in (0, 2)] == [
        1,
        0,
    ]


def test_only_the_nearest_passages_are_judged_whatever_their_words():
    found = near([0.1, 0.5, 0.4, 0.3, 0.2])
    assert found.nearest == [1, 2, 3, 4] and len(found.nearest) == NEAREST
    assert [found.of(n).foremost for n in range(5)] == [False, True, True, True, True]


def test_a_word_nobody_knows_takes_from_nearness_what_it_is_worth():
    one = Nearness(0.7, 0.9, 0.5)
    assert one.evidence(strange=True, ending=False)["near_known"] == 0.0
    assert one.evidence(strange=False, ending=True)["near_ending"] == 0.9


def test_only_one_article_leads_by_all_it_has():
    assert Near(np.array([0.3]), np.array([0.2]), np.array([0])).of(0).lead == pytest.approx(0.75)


def test_nearness_begins_far_below_the_likeness_of_wordings(tideline):
    letters = Letters()
    pairs = [(p, a) for a in tideline.articles for p in a.passages]
    meant = Meant(pairs, letters.of(texts_of(tideline.articles)))
    ask = letters.of(["do you support single sign on"])["do you support single sign on"]
    likeness, found = meant.likeness(ask), meant.near(ask, ask)
    wide = np.array([found.of(n).said for n in range(len(pairs))])
    assert (wide >= likeness - 0.34).all() and (wide > 0).sum() > (likeness > 0).sum()


def test_each_calibration_weighs_what_it_was_fitted_to():
    assert not calibration().near and calibration("minilm").near
    assert calibration("minilm").threshold > calibration("minilm").perhaps
