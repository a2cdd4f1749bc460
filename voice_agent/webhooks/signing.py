"""Webhook signatures in the format of www.standardwebhooks.com. Pure.

Id, timestamp and body are signed, so that none can be changed or replayed as something else; the
receiver checks that the timestamp is recent.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping
from datetime import datetime

from voice_agent.errors import ConfigError

PREFIX = "whsec_"
LEAST, MOST = 24, 64
"""Bytes of a secret."""


def secret_of(text: str, name: str) -> bytes:
    """The key in a configured secret. Raises: ConfigError."""
    try:
        key = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise _bad(name) from error
    if not text.startswith(PREFIX) or not LEAST <= len(key) <= MOST:
        raise _bad(name)
    return key


def signed(key: bytes, message_id: str, at: datetime, body: bytes) -> Mapping[str, str]:
    """The headers that authenticate a message."""
    timestamp = str(int(at.timestamp()))
    words = b".".join((message_id.encode(), timestamp.encode(), body))
    proof = base64.b64encode(hmac.digest(key, words, "sha256")).decode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{proof}",
    }


def _bad(name: str) -> ConfigError:
    return ConfigError(
        f"the secret of {name} in VOICE_AGENT_WEBHOOK_SECRETS must be whsec_ and {LEAST} to {MOST}"
        f" bytes in base64; make one with: echo whsec_$(openssl rand -base64 32)"
    )
