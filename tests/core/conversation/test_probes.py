"""Everyday wordings, written without looking at the rules, are read as intended."""

from functools import cache

import pytest

from tests.core.conversation.probes import Probe, probes, wrong

READ, READ_OVERALL = 0.65, 0.92
"""Least share of lines that are read without a miss and without anything made up."""


@cache
def read() -> tuple[tuple[Probe, list[str]], ...]:
    return tuple((probe, wrong(probe)) for probe in probes())


@pytest.mark.parametrize("group", dict.fromkeys(p.group for p in probes()))
def test_everyday_wordings_are_read_as_they_are_meant(group):
    mine = [(probe.said, found) for probe, found in read() if probe.group == group]
    faults = [(said, found) for said, found in mine if found]
    assert len(faults) <= (1 - READ) * len(mine), faults


def test_few_of_all_everyday_wordings_are_misread():
    assert sum(bool(found) for _, found in read()) <= (1 - READ_OVERALL) * len(read())
