"""The `knowledge` commands run in the folder of a small company."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.knowledge.lumo import write_company
from voice_agent.cli import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_company(tmp_path / "lumo")


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `voice-agent knowledge …`: its exit code, output and errors."""

    def ran(*words: str) -> tuple[int, str, str]:
        code = main(["knowledge", *words, "--company", str(folder)])
        told = capsys.readouterr()
        return code, told.out, told.err

    return ran
