"""The signed certificate of an erasure: what was erased where, when and why.

The signature is Ed25519 over the certificate as canonical JSON without `signature`; with the public
key anybody can check it without us. The key is derived from the server's own secret.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from core.projections.document import instant
from core.store.erasing import Erasure
from knowledge.profile import Company

ELSEWHERE = {"messages": "chat of the team", "calendar_entries": "calendar servers"}
ABOUT = b"voice-agent erasure certificates"


def signer(secret: bytes) -> Ed25519PrivateKey:
    """The key that signs certificates; the same secret gives the same key."""
    kept = HKDF(hashes.SHA256(), 32, salt=None, info=ABOUT).derive(secret)
    return Ed25519PrivateKey.from_private_bytes(kept)


@dataclass(frozen=True, slots=True)
class Certifier:
    """Signs what can be shown of an erasure that is done, for the company as it is now."""

    company: Callable[[], Company]
    key: Ed25519PrivateKey

    def __call__(
        self, erasure: Erasure, elsewhere: list[dict[str, Any]], taken_back: dict[str, int], /
    ) -> dict[str, Any]:
        """The certificate."""
        return certificate(erasure, elsewhere, taken_back, self.company().id, self.key)


def certificate(
    erasure: Erasure, elsewhere: list[dict[str, Any]], taken_back: dict[str, int], company: str,
    key: Ed25519PrivateKey,
) -> dict[str, Any]:  # fmt: skip
    """The certificate of a completed erasure; names nobody.

    `elsewhere`: what is still in other systems; `taken_back`: how much has been removed from there.
    """
    asked = erasure.requested_at
    body: dict[str, Any] = {
        "kind": "erasure-certificate",
        "version": 1,
        "company": company,
        "erasure": erasure.id,
        "persons": len(erasure.persons),
        "conversations": len(erasure.conversations),
        "requested_at": instant(asked),
        "completed_at": instant(erasure.done_at),
        "requested_by": erasure.by,
        "reason": erasure.why,
        "erased": dict(sorted(erasure.counts.items())),
        "taken_back": dict(sorted(taken_back.items())),
        "where": ["database", "recordings", "mail", "embedded CRM", "embedded calendar"]
        + [ELSEWHERE[name] for name in sorted(taken_back)],
        "elsewhere": elsewhere,
        "kept": ["counts, times, verdicts and citations without words", "the wish for no mail"]
        + (["words of consent, for their own time"] if erasure.why == "retention" else []),
        "not_reached": [
            "backups made before it, until they expire",
            "mails already delivered, and what webhooks already told",
            "what people wrote themselves in chats, calendars and CRM records",
        ],
        "public_key": _text(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)),
    }
    body["sha256"] = hashlib.sha256(_canonical(body)).hexdigest()
    return {**body, "signature": _text(key.sign(_canonical(body)))}


def verified(made: dict[str, Any], public_key: str | None = None) -> bool:
    """Whether a certificate is intact and signed by this key, or by the one it names."""
    body = {name: value for name, value in made.items() if name != "signature"}
    plain = {name: value for name, value in body.items() if name != "sha256"}
    if body.get("sha256") != hashlib.sha256(_canonical(plain)).hexdigest():
        return False
    try:
        key = Ed25519PublicKey.from_public_bytes(_raw(public_key or str(made["public_key"])))
        key.verify(_raw(str(made["signature"])), _canonical(body))
    except (InvalidSignature, ValueError, KeyError):
        return False
    return public_key is None or public_key == made.get("public_key")


def _canonical(body: dict[str, Any]) -> bytes:
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()


def _raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text)
