"""However persons were merged, each counts as exactly one."""

from hypothesis import given
from hypothesis import strategies as st

from core.identity.joined import members, root

PEOPLE = [f"p{n}" for n in range(7)]
pairs = st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)), max_size=12)


def forest(steps):
    """Pointers after these merges."""
    at: dict[str, str] = {}
    for kept, other in steps:
        top, under = root(kept, at), root(other, at)
        at |= {under: top} if top != under else {}
    return at


def groups(pointers):
    return {members(p, pointers) for p in PEOPLE}


@given(pairs)
def test_every_person_counts_as_exactly_one(steps):
    at = forest(steps)
    assert sorted(p for group in groups(at) for p in group) == PEOPLE
    for one, other in steps:
        assert root(one, at) == root(other, at)


@given(pairs, st.sampled_from(PEOPLE))
def test_parting_one_person_changes_no_group_but_theirs(steps, person):
    at = forest(steps)
    theirs = members(person, at)
    after = {p: top for p, top in at.items() if p != person}
    assert {g for g in groups(at) if g != theirs} <= groups(after)
    assert {p for g in groups(after) if g <= theirs for p in g} == theirs
