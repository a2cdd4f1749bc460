from hypothesis import given
from hypothesis import strategies as st

from voice_agent.telephony.token import LIFETIME_S, issue, valid

KEY = b"secret"


def test_a_fresh_token_opens_its_own_call_and_no_other():
    token = issue(KEY, "CA1", "+1555", "+1444", 1000)
    assert valid(KEY, token, "CA1", "+1555", "+1444", 1000 + LIFETIME_S)
    assert not valid(KEY, token, "CA2", "+1555", "+1444", 1000)
    assert not valid(KEY, token, "CA1", "+1999", "+1444", 1000)
    assert not valid(b"other", token, "CA1", "+1555", "+1444", 1000)


def test_a_token_is_too_old_after_a_minute():
    token = issue(KEY, "CA1", "", "", 1000)
    assert not valid(KEY, token, "CA1", "", "", 1001 + LIFETIME_S)


@given(st.text(max_size=80))
def test_nothing_made_up_is_a_token(text):
    assert not valid(KEY, text, "CA1", "", "", 0)
