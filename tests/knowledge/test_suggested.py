"""What becomes of suggested wordings."""

from datetime import date

import pytest

from knowledge.suggested import Judge, plain
from tests.core.talk import sample

DAY = date(2026, 11, 30)
LOADED = sample()
JUDGE = Judge(LOADED, DAY)


@pytest.mark.parametrize(
    ("wording", "standing", "where"),
    [
        ("Do you support SSO?", "known", ""),
        ("do you support single sign-on please", "found", ""),
        ("How much does the growth plan cost per month?", "elsewhere", "growth-plan"),
        ("our people hate passwords, is there a way around typing them", "new", ""),
        ("sso", "unfit", ""),
        ("?! 12 34", "unfit", ""),
        (" ".join(["word"] * 19), "unfit", ""),
    ],
)
def test_a_wording_helps_only_if_nothing_answers_it_yet(wording, standing, where):
    article = next(a for a in LOADED.articles if a.id == "sso")
    judged = list(JUDGE.judged(article, article.passages[0], [wording, wording]))
    assert [(j.standing, j.where) for j in judged] == [(standing, where)]


def test_a_wording_is_written_as_an_asked_line_has_it():
    assert plain("  “Do you  do\nSSO? ” ") == "do you do sso"
