import pytest

from core.conversation.understanding.tells.unread import unread
from core.talk import Span


@pytest.mark.parametrize(
    "words, kind",
    [
        ("Zorp the flumbo?", "asks"),
        ("I have to ask my boss first.", "waits"),
        ("I'll think about it.", "waits"),
        ("We've only old paper files.", "theirs"),
        ("Somebody told us the paper files have to go.", "theirs"),
        ("The paper files have to go some day.", "tells"),
        ("Paper files.", ""),
    ],
)
def test_words_that_nobody_could_read_still_do_something(words: str, kind: str):
    unclear = unread(Span(words, 0, 1))
    assert (unclear.reason, unclear.kind) == ("meaningless", kind)
