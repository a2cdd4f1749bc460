"""Each purpose signs separately, and what was already handed out stays valid."""

import hashlib
import hmac
from datetime import UTC, datetime
from pathlib import Path

import pytest

from voice_agent import signatures
from voice_agent.channels.chat import sessions
from voice_agent.channels.email import thread
from voice_agent.channels.phone.doorman import Doorman
from voice_agent.signatures import SHARED, STREAM, WEEKLY_STOP, Purpose, same

SECRET = b"k" * 32
ALL = [one for one in vars(signatures).values() if isinstance(one, Purpose)]


def before(words: bytes) -> bytes:
    """As everything was signed when each place did it by itself."""
    return hmac.new(SECRET, words, hashlib.sha256).digest()


def test_sessions_mails_links_and_passes_made_before_are_good():
    at = datetime(2026, 11, 26, tzinfo=UTC)
    body = "WyJjMSIsICJ2MSIsICIiLCAxNzk1NjUxMjAwXQ"
    found = sessions.session_of(
        SECRET, f"{body}.{before(b'chat session' + bytes([31]) + body.encode()).hex()}", at
    )
    assert found is not None and found.conversation_id == "c1"
    assert SHARED.digest(SECRET, "s1") == before(b"share-link:s1")
    assert WEEKLY_STOP.digest(SECRET, "a1") == before(b"weekly:a1")
    assert Doorman(SECRET, True).token == before(b"browser phone: door").hex()
    name = "0123456789" * 2
    address = thread.reply_address(SECRET, "sales@a.example", f"mail-{name}")
    assert address.startswith(f"sales+{name}") and "+" in address
    assert thread.named_by(SECRET, "sales@a.example", [address]) == f"mail-{name}"
    token = thread.unsubscribe_token(SECRET, "jane@acme.com")
    assert thread.unsubscribed(SECRET, token) == "jane@acme.com"


@pytest.mark.parametrize("words", ["CA1", "", "chat session\x1fe30", "share-link:s1", "reply\x00x"])
def test_nothing_signed_for_one_purpose_is_good_for_another(words):
    made = [purpose.digest(SECRET, words) for purpose in ALL]
    assert len(set(made)) == len(ALL) == len({p.name for p in ALL})
    assert STREAM.digest(SECRET, words) != before(words.encode())
    labels = [p.label for p in ALL if p.label]
    assert not [a for a in labels for b in labels if a is not b and b.startswith(a)]


def test_secrets_are_compared_whatever_is_given():
    assert same("abc", "abc") and not same("ab", "abc") and not same("\ud800", "abc")
    assert not same("", "") and not same(None, "abc") and not same(b"abc", "abc")


def test_only_vendors_own_forms_are_signed_anywhere_else():
    root = Path(__file__).resolve().parents[1] / "voice_agent"
    found = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if "\nimport hmac" in path.read_text(encoding="utf-8")
    }
    assert found == {"signatures.py", "webhooks/signing.py", "notices/slack_door.py"}
