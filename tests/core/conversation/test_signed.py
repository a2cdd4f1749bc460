"""A closing within a line begins a signature if a title follows, and nowhere else."""

import pytest

from core.conversation.state import ConversationState
from core.conversation.understanding.embedded import Understanding
from core.talk import ConversationOpened, UserSaid
from tests.core.talk import MONDAY_NOON, sample

MAIL = ConversationOpened("c1", "email", "inbound", None, None, MONDAY_NOON)


@pytest.mark.parametrize(
    ("closing", "role"),
    [
        ("We decide in Q1. Kind regards, Michelle Tran, Director of Data", "director of data"),
        ("We decide in Q1. Sincerely, Michelle Tran, CFO", "CFO"),
        ("We decide in Q1. Regards, Michelle Tran", None),
        ("Please give my regards, the director of data is away.", None),
    ],
)
def test_a_mail_of_one_line_is_signed_within_it(closing, role):
    said = UserSaid(1, closing, 0, 900, MONDAY_NOON)
    read = Understanding(sample().company).read(said, ConversationState(MAIL))
    told = {getattr(c, "criterion", ""): getattr(c, "value", "") for c in read}
    assert told.get("role") == role
