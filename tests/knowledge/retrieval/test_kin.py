"""Synonyms find each other; kinds of one thing do not."""

import pytest

from knowledge.retrieval.kin import groups, kin, kinds, phrases
from knowledge.retrieval.tokens import stem


def meet(one: str, other: str) -> bool:
    """Whether a question with one word finds a passage with the other."""
    found = {stem(one), *kin().get(stem(one), ())}
    return not found.isdisjoint({stem(other), *kin().get(stem(other), ())})


@pytest.mark.parametrize(
    ("one", "other"),
    [("price", "cost"), ("yearly", "annual"), ("retain", "store"), ("reps", "staff")],
)
def test_synonyms_find_each_other(one: str, other: str):
    assert meet(one, other) and meet(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("card", "wire"),
        ("yen", "euro"),
        ("french", "hindi"),
        ("height", "width"),
        ("shop", "retain"),
    ],
)
def test_words_of_one_subject_that_differ_in_meaning_do_not(one: str, other: str):
    assert not meet(one, other)


def test_a_thing_and_its_kinds_find_each_other():
    for thing, several in kinds().items():
        assert all(meet(thing, kind) and meet(kind, thing) for kind in several)


def test_the_file_has_no_line_twice_and_none_of_one_word():
    for sections in (("same", "search"), ("same", "claims")):
        lines = [frozenset(group) for group in groups(*sections)]
        assert len({*lines}) == len(lines)
        assert all(len(line) > 1 for line in lines)
    assert all(len(phrase) > 1 for phrase in phrases())
