"""The key that signs what we hand out, stored when none is set: a restart voids no chat session."""

import os
import secrets
from pathlib import Path

from voice_agent.errors import ConfigError

SIZE = 32
LEAST = 16
"""Least length of a configured key, in characters."""


def signing_key(configured: str, folder: Path) -> bytes:
    """The configured key, else the one in `folder`, created at the first start.

    Raises: ConfigError with the remedy.
    """
    if configured:
        if len(configured) < LEAST:
            raise ConfigError(
                f"VOICE_AGENT_SECRET_KEY can be guessed; make one of {LEAST} letters or more: "
                "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
            )
        return configured.encode()
    path = folder / "signing.key"
    try:
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    except OSError as error:
        raise ConfigError(f"cannot keep a key in {path} ({error.strerror})") from error
    else:
        with os.fdopen(made, "wb") as file:
            file.write(secrets.token_bytes(SIZE))
    try:
        key = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot read {path} ({error.strerror})") from error
    if len(key) != SIZE:
        raise ConfigError(f"{path} is no key of ours; delete it, or set VOICE_AGENT_SECRET_KEY")
    return key
