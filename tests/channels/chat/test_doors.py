"""Which pages are admitted, how fast, and with which token."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_agent.allowance import Allowance, address_key
from voice_agent.channels.chat.origins import allowed
from voice_agent.channels.chat.sessions import LIFETIME, Session, issue, known_zone, session_of

LISTED = ("https://www.shop.example", "https://*.shop.example", "http://localhost:3000")
NOW = datetime(2026, 11, 30, 17, tzinfo=UTC)
SESSION = Session("chat-1", "v1", "Europe/Berlin", NOW)


@pytest.mark.parametrize(
    ("origin", "host", "public_url", "welcome"),
    [
        ("https://www.shop.example", "agent.example", "https://agent.example", True),
        ("https://beta.shop.example", "agent.example", "https://agent.example", True),
        ("https://SHOP.example", "agent.example", "https://agent.example", False),
        ("http://www.shop.example", "agent.example", "https://agent.example", False),
        ("https://evilshop.example", "agent.example", "https://agent.example", False),
        ("https://.shop.example", "agent.example", "https://agent.example", False),
        ("https://www.shop.example.evil.example", "agent.example", "", False),
        ("https://agent.example", "10.0.0.1:8080", "https://agent.example/", True),
        ("https://evil.example", "evil.example", "https://agent.example", False),
        ("http://10.0.0.1:8080", "10.0.0.1:8080", "", True),
        ("http://127.0.0.1:8080", "127.0.0.1:8080", "https://agent.example", True),
        ("http://localhost:3000", "127.0.0.1:8080", "https://agent.example", True),
        ("null", "agent.example", "", False),
        ("file://", "", "", False),
        ("", "", "", False),
        (None, "agent.example", "https://agent.example", True),
    ],
)
def test_pages_of_the_list_and_our_own_are_welcome(origin, host, public_url, welcome):
    assert allowed(origin, host, public_url, LISTED) is welcome


@given(st.text())
def test_no_made_up_origin_is_welcome(origin):
    assert not allowed(origin, "agent.example", "https://agent.example", ()) or (
        origin.lower() == "https://agent.example"
    )


def test_a_burst_is_allowed_and_then_one_after_another():
    bucket = Allowance(3, 2.0)
    assert [bucket.take("a", 100.0) for _ in range(4)] == [0, 0, 0, 2.0]
    assert bucket.take("b", 100.0) == 0, "each key has its own"
    assert bucket.take("a", 101.0) == pytest.approx(1.0)
    assert bucket.take("a", 102.0) == 0
    assert [bucket.take("a", 500.0) for _ in range(4)] == [0, 0, 0, 2.0]


def test_a_crowd_of_keys_is_forgotten_and_not_kept():
    bucket = Allowance(1, 60.0, most=10)
    for n in range(100):
        bucket.take(str(n), 0.0)
    assert len(bucket._due) <= 10
    crowded = Allowance(1, 60.0, most=100)
    for n in range(101):
        crowded.take(str(n), n / 100)
    assert len(crowded._due) == 91, "room for many: looking for it goes through all of them"
    assert crowded.take("100", 1.0) and not crowded.take("0", 1.0), "the soonest are forgotten"


@given(
    st.lists(st.floats(0, 3, allow_nan=False), max_size=60),
    st.integers(1, 5),
    st.floats(0.1, 2, allow_nan=False),
)
def test_no_window_holds_more_than_its_burst_and_what_was_earned(gaps, burst, every_s):
    bucket, at, taken = Allowance(burst, every_s), 0.0, []
    for gap in gaps:
        at += gap
        if not bucket.take("k", at):
            taken.append(at)
    for start in taken:
        for end in taken:
            inside = sum(start <= one <= end for one in taken)
            assert inside <= burst + (end - start) / every_s + 1e-6 or end < start


def test_a_household_is_one_address():
    assert address_key("2001:db8:1:2:3::4") == address_key("2001:db8:1:2:ffff::1")
    assert address_key("2001:db8:1:3::4") != address_key("2001:db8:1:2::4")
    assert address_key("192.0.2.1") != address_key("192.0.2.2")
    assert address_key(None) == "unknown"


def test_a_token_gives_its_session_and_no_other():
    token = issue(b"key", SESSION)
    assert session_of(b"key", token, NOW + LIFETIME) == SESSION
    assert session_of(b"other", token, NOW) is None
    assert session_of(b"key", token, NOW + LIFETIME + timedelta(seconds=1)) is None
    body, _, digest = token.partition(".")
    assert session_of(b"key", f"{body[:-1]}x.{digest}", NOW) is None


@given(st.text(max_size=200))
def test_nothing_made_up_is_a_token(text):
    assert session_of(b"key", text, NOW) is None


@pytest.mark.parametrize(
    ("given_zone", "kept"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("../../etc/passwd", ""),
        ("Mars/Base", ""),
        ("", ""),
        (7, ""),
        ("x" * 100, ""),
    ],
)
def test_only_a_known_zone_is_kept(given_zone, kept):
    assert known_zone(given_zone) == kept
