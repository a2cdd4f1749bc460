"""Where sentences end."""

import pytest

from knowledge.sentences import sentences


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("We cover St. Louis and Kansas City. Call us.", 2),
        ("Ask Dr. Lee at Finch Inc. about it.", 1),
        ("It's sold by Finch Inc. We install it.", 2),
        ("Open from 8 a.m. to 5 p.m. on weekdays.", 1),
        ("Can you? Yes! \"Of course.\" That's all…", 4),
        ("It costs $2.50 a page.\nThat includes paper.", 2),
        ("J. R. Smith signs it.", 1),
        ("no end", 1),
        ("  ", 0),
    ],
)  # fmt: skip
def test_an_abbreviation_ends_no_sentence(text: str, told: int) -> None:
    found = sentences(text)
    assert len(found) == told
    assert " ".join(found).split() == text.split()
