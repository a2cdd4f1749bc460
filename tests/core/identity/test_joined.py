"""Merging and unmerging persons: whatever was done is undone exactly, in any order."""

from hypothesis import given
from hypothesis import strategies as st

from core.identity.joined import members, merged, parted, root

PEOPLE = [f"p{n}" for n in range(7)]
pairs = st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)), max_size=12)


def forest(steps):
    """Pointers after these merges, and who was absorbed by each, in order."""
    at: dict[str, str] = {}
    absorbed = []
    for kept, other in steps:
        at, under = merged(kept, other, at)
        absorbed += [under] if under else []
    return at, absorbed


def groups(pointers):
    return {members(p, pointers) for p in PEOPLE}


@given(pairs)
def test_every_person_counts_as_exactly_one(steps):
    at, _ = forest(steps)
    assert sorted(p for group in groups(at) for p in group) == PEOPLE
    for one, other in steps:
        assert root(one, at) == root(other, at)


@given(pairs, st.sampled_from(PEOPLE), st.sampled_from(PEOPLE))
def test_parting_after_merging_restores_what_was(steps, kept, other):
    before, _ = forest(steps)
    after, under = merged(kept, other, before)
    assert (parted(under, after) if under else after) == before


@given(pairs, st.randoms())
def test_parting_all_in_any_order_leaves_everybody_alone(steps, random):
    at, absorbed = forest(steps)
    random.shuffle(absorbed)
    for person in absorbed:
        at = parted(person, at)
    assert at == {}


@given(pairs, st.sampled_from(PEOPLE))
def test_parting_one_person_changes_no_group_but_theirs(steps, person):
    at, _ = forest(steps)
    theirs = members(person, at)
    after = parted(person, at)
    assert {g for g in groups(at) if g != theirs} <= groups(after)
    assert {p for g in groups(after) if g <= theirs for p in g} == theirs
