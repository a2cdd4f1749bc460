"""The operator's side of sealed recordings: a key made, changed, and missing."""

import os
import re
from pathlib import Path

import numpy as np
import pytest

from voice_agent.audio.archive import GROWING_S, Archive
from voice_agent.audio.sealed import Keys
from voice_agent.cli import main
from voice_agent.config import Settings
from voice_agent.errors import ConfigError
from voice_agent.recordings import archive_of, unopened


def record(folder: Path, name: str, keys: str = "") -> None:
    archive = Archive(folder, Keys.of(keys))
    writer = archive.writer(archive.path(name))
    writer.write(np.ones(100, np.int16), np.ones(100, np.int16))
    writer.close()
    old = archive.path(name).stat().st_mtime - 2 * GROWING_S
    os.utime(archive.path(name), (old, old))


def new_key(capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["recordings", "key"]) == 0
    return capsys.readouterr().out.strip()


def test_a_key_is_made_set_and_changed_without_losing_a_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    folder, old, new = tmp_path / "recordings", new_key(capsys), new_key(capsys)
    folder.mkdir()
    record(folder, "plain")
    record(folder, "sealed", old)
    assert unopened(Archive(folder, Keys.of(new))) and not unopened(Archive(folder, Keys.of(old)))
    monkeypatch.setenv("VOICE_AGENT_RECORDINGS_KEY", f"{new},{old}")
    assert main(["recordings", "rekey", "--var", str(tmp_path)]) == 0
    assert re.match("2 of 2 recordings", capsys.readouterr().out)
    assert main(["recordings", "rekey", "--var", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("0 of 2")
    assert not unopened(Archive(folder, Keys.of(new)))


def test_without_a_key_or_with_a_bad_one_the_remedy_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    assert main(["recordings", "rekey", "--var", str(tmp_path)]) == 1
    assert "voice-agent recordings key" in capsys.readouterr().err
    with pytest.raises(ConfigError, match=r"VOICE_AGENT_RECORDINGS_KEY: key 1 .* recordings key"):
        archive_of(Settings(recordings_key="short"))  # type: ignore[arg-type]


def test_one_bad_file_keeps_no_other_from_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    folder, key = tmp_path / "recordings", new_key(capsys)
    folder.mkdir()
    (folder / "bad.wav").write_bytes(b"VOICESEALED1 cut")
    record(folder, "good")
    monkeypatch.setenv("VOICE_AGENT_RECORDINGS_KEY", key)
    assert main(["recordings", "rekey", "--var", str(tmp_path)]) == 1
    told = capsys.readouterr()
    assert "bad: " in told.err and told.out.startswith("1 of 2")
