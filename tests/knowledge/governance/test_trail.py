"""A chain of lines: any change shows at the line where it was made."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.governance.trail import Trail, read_trail

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def trail_of(count: int) -> Trail:
    trail = Trail()
    for n in range(count):
        trail = trail.then(
            trail.follow(AT, "ada", "submitted", f"a{n}", 1, "0" * 64, "ein Wort, “so”\n")
        )
    return trail


def lines_of(trail: Trail) -> list[str]:
    return [entry.line() for entry in trail.entries]


def test_what_is_written_is_read_again():
    trail = trail_of(4)
    assert read_trail("\n".join(lines_of(trail)) + "\n") == trail
    assert read_trail("") == Trail()


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 4),
    st.sampled_from(("at", "actor", "article", "note", "content", "version", "seq", "hash")),
)
def test_changed_value_breaks_the_chain_at_its_line(place: int, key: str):
    lines = lines_of(trail_of(5))
    values = json.loads(lines[place])
    values[key] = values[key] + 1 if isinstance(values[key], int) else values[key] + "x"
    lines[place] = json.dumps(values)
    found = read_trail("\n".join(lines))
    assert found.broken is not None and found.broken.line == place + 1
    assert len(found.entries) == place


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 3), st.sampled_from(("drop", "swap", "double")))
def test_dropped_swapped_or_doubled_line_breaks_the_chain(place: int, how: str):
    lines = lines_of(trail_of(5))
    if how == "drop":
        del lines[place]
    elif how == "double":
        lines.insert(place, lines[place])
    else:
        lines[place], lines[place + 1] = lines[place + 1], lines[place]
    broken = read_trail("\n".join(lines)).broken
    assert broken is not None and broken.line in (place + 1, place + 2)


@pytest.mark.parametrize(
    ("line", "reason"),
    [("{", "JSON"), ("[]", "keys"), ('{"seq": 1}', "keys"), ("", "JSON"), ("<<<<<<< HEAD", "JSON")],
)
def test_line_that_is_no_entry_is_told(line: str, reason: str):
    broken = read_trail(line + "\n").broken
    assert broken is not None and broken.line == 1 and reason in broken.reason


def test_forged_entry_with_a_hash_of_its_own_does_not_fit_in():
    lines = lines_of(trail_of(3))
    forged = Trail().follow(AT, "mallory", "approved", "a1", 1, "0" * 64)
    lines[1] = forged.line()
    assert read_trail("\n".join(lines)).broken is not None


def test_only_a_line_feed_ends_a_line_whatever_a_note_holds():
    trail = Trail()
    for note in ("a\u2028b\x85c", "one\ntwo", "\r\n", ""):
        trail = trail.then(trail.follow(AT, "ada", "rejected", "a", 1, "0" * 64, note))
    for end in ("\n", "\r\n"):
        assert read_trail(end.join(lines_of(trail)) + end) == trail
