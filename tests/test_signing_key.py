"""The key that signs tokens: configured, or made once and kept."""

import stat

import pytest

from voice_agent.errors import ConfigError
from voice_agent.signing_key import SIZE, signing_key


def test_a_configured_key_is_taken_and_nothing_is_written(tmp_path):
    assert signing_key("a secret of ours", tmp_path) == b"a secret of ours"
    with pytest.raises(ConfigError, match="VOICE_AGENT_SECRET_KEY can be guessed"):
        signing_key("secret", tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_key_is_made_once_and_only_its_owner_may_read_it(tmp_path):
    made = signing_key("", tmp_path)
    assert len(made) == SIZE and signing_key("", tmp_path) == made
    (path,) = tmp_path.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_broken_key_is_told_with_the_remedy(tmp_path):
    signing_key("", tmp_path)
    (path,) = tmp_path.iterdir()
    path.write_bytes(b"short")
    with pytest.raises(ConfigError, match="delete it"):
        signing_key("", tmp_path)
