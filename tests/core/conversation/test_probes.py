"""Everyday wordings, written without a look at the rules, tell what they are meant to tell."""

import pytest

from tests.core.conversation.probes import probes, wrong

READ = 0.85
"""Least share of a group's lines that are read without a miss and without anything made up."""
SMALL = 2
"""Lines that may be read otherwise in a group too small for a share."""


@pytest.mark.parametrize("group", dict.fromkeys(p.group for p in probes()))
def test_everyday_wordings_are_read_as_they_are_meant(group):
    mine = [p for p in probes() if p.group == group]
    faults = {p.said: found for p in mine if (found := wrong(p))}
    assert len(faults) <= max(SMALL, (1 - READ) * len(mine)), faults
