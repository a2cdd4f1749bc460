from hypothesis import given
from hypothesis import strategies as st

from tests.channels.email.mails import OURS
from voice_agent.channels.email import thread

KEY = b"k" * 32
ID = "mail-0123456789abcdef0123"


def test_an_address_with_our_token_names_its_thread():
    address = thread.reply_address(KEY, OURS, ID)
    assert len(address.partition("@")[0]) <= 64
    assert thread.named_by(KEY, OURS, ["x@y.example", address]) == ID
    assert thread.reply_address(KEY, OURS, f"{ID}-2") == address, "a thread keeps its address"


def test_a_thread_goes_on_in_one_conversation_after_the_other():
    assert thread.parts(f"{ID}-7")[:3] == (ID, f"{ID}-2", f"{ID}-3")


def test_a_token_of_another_key_or_thread_names_nothing():
    address = thread.reply_address(KEY, OURS, ID)
    assert thread.named_by(b"other", OURS, [address]) is None
    assert thread.named_by(KEY, OURS, [address.replace("0123", "9123", 1)]) is None
    assert thread.named_by(KEY, "hello@tideline.example", [address]) is None


@given(st.text())
def test_whatever_comes_as_a_token_is_refused(text: str):
    assert thread.unsubscribed(KEY, text) is None
    assert thread.named_by(KEY, OURS, [f"sales+{text}@tideline.example"]) is None


@given(st.emails())
def test_an_unsubscribe_link_stands_for_its_address(address: str):
    assert thread.unsubscribed(KEY, thread.unsubscribe_token(KEY, address)) == address
