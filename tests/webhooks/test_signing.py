"""What a receiver is told to check, in docs/systems.md, holds for what is sent."""

import base64
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from voice_agent.webhooks.signing import signed

PAGE = Path(__file__).parents[2] / "docs" / "systems.md"
KEY = b"k" * 32
SECRET = "whsec_" + base64.b64encode(KEY).decode()
BODY = b'{"type": "meeting.moved"}'


@pytest.fixture
def is_genuine() -> Any:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    return names["is_genuine"]


def test_the_documented_check_takes_what_we_send_and_nothing_else(is_genuine):
    now = datetime.now(UTC)
    sent = dict(signed(KEY, "msg_1", now, BODY))
    assert is_genuine(SECRET, sent, BODY)
    turned = {**sent, "webhook-signature": f"v1,bm8= {sent['webhook-signature']}"}
    assert is_genuine(SECRET, turned, BODY)
    assert not is_genuine(SECRET, sent, BODY + b" ")
    other = "whsec_" + base64.b64encode(b"o" * 32).decode()
    assert not is_genuine(other, sent, BODY)
    for name, value in (("webhook-id", "msg_2"), ("webhook-timestamp", "soon"),
                        ("webhook-signature", "v1,\u00e9")):  # fmt: skip
        assert not is_genuine(SECRET, {**sent, name: value}, BODY)


def test_the_documented_check_refuses_what_is_old(is_genuine):
    old = datetime.now(UTC) - timedelta(minutes=10)
    assert not is_genuine(SECRET, signed(KEY, "msg_1", old, BODY), BODY)
