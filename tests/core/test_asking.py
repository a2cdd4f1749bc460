"""What a sentence asks for is spelled in the log as ever, and read back from it."""

import pytest

from core.asking import Again, Confirm, Offer, read, spelled

SPELLED = [
    ("employees", "employees"),
    (Confirm("email"), "confirm:email"),
    (Offer("callback"), "offer:callback"),
    (Offer("meant", "sso"), "offer:meant:sso"),
]


@pytest.mark.parametrize(("asked", "text"), SPELLED)
def test_what_is_asked_is_spelled_and_read_back(asked, text):
    assert spelled(asked) == text
    assert spelled(Again(asked)) == f"again:{text}"
    assert read(text) == read(f"again:{text}") == asked


def test_a_sentence_that_asks_nothing_is_spelled_empty():
    assert spelled(None) == ""
