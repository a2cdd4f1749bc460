"""A buyer's colleague to be invited, told apart from the buyer's own address."""

import pytest

from core.commands import AskProduct, InviteColleague, ProvideContact
from core.conversation.state import ConversationState
from core.talk import ConversationOpened
from tests.core.conversation.understanding.test_embedded import read
from tests.core.talk import MONDAY_NOON

MAIL = ConversationState(ConversationOpened("c1", "email", "inbound", None, None, MONDAY_NOON))


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("Please invite my colleague Ravi Patel (ravi@acme.example) as well.", "ravi@acme.example"),
        ("Can you add our CTO Marc (marc@acme.example)?", "marc@acme.example"),
        ("Our consultant sue@firm.example should join too.", "sue@firm.example"),
        ("cc lee@acme.example on that please", "lee@acme.example"),
    ],
)
def test_an_address_to_be_invited_is_a_colleagues(words, address):
    found = read(words, MAIL)
    assert [c.email for c in found if isinstance(c, InviteColleague)] == [address]
    assert not [c for c in found if isinstance(c, ProvideContact) and c.field == "email"]
    assert not [c for c in found if isinstance(c, AskProduct)]


@pytest.mark.parametrize(
    "words",
    ["please invite me at raj@acme.example", "add my email raj@acme.example", "raj@acme.example"],
)
def test_an_address_of_their_own_is_theirs(words):
    found = read(words, MAIL)
    assert not [c for c in found if isinstance(c, InviteColleague)]
    assert [c.value for c in found if isinstance(c, ProvideContact)] == ["raj@acme.example"]


def test_whom_it_is_arranged_for_is_invited_by_the_address_that_is_told_of_them():
    found = read("He'd like a call. His email is martin@acme.example.", MAIL)
    assert [c.email for c in found if isinstance(c, InviteColleague)] == ["martin@acme.example"]
