"""A command killed at any moment has done everything or nothing, and two never interleave."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.governance.office import Office
from knowledge.governance.vault import PENDING, Vault, VaultFailed
from knowledge.governance.verify import verify
from knowledge.load import load
from tests.knowledge.lumo import NOW, QuickDisk, desk, put_live, revise


class Killed(BaseException):
    """The process is gone."""


class DyingDisk(QuickDisk):
    """Does `steps` file operations, then the process is killed; an append may be half done."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def _step(self) -> None:
        if self.left == 0:
            raise Killed
        self.left -= 1

    def write(self, path: Path, text: str) -> None:
        self._step()
        super().write(path, text)

    def rename(self, new: Path, path: Path) -> None:
        self._step()
        super().rename(new, path)

    def append(self, path: Path, text: str) -> None:
        if self.left == 0:
            super().append(path, text[: len(text) // 2])
        self._step()
        super().append(path, text)

    def truncate(self, path: Path, size: int) -> None:
        self._step()
        super().truncate(path, size)

    def remove(self, path: Path) -> None:
        self._step()
        super().remove(path)


def picture(folder: Path) -> dict[str, str]:
    """All files that matter, as a reader sees them."""
    files = (p for p in folder.rglob("*") if p.is_file())
    return {
        str(p.relative_to(folder)): p.read_text()
        for p in files
        if p.name != PENDING and not p.name.endswith(".new")
    }


ACTS: dict[str, Callable[[Office], object]] = {
    "publish": lambda office: office.publish("lamp", "ada"),
    "approve": lambda office: office.approve("bulb", "eva"),
    "retire": lambda office: office.retire("lamp", "ada", "no longer made"),
    "rollback": lambda office: office.roll_back("lamp", "ada", 1, "wrong hours"),
    "adopt": lambda office: office.adopt("eva"),
}


def prepared(folder: Path, act: str) -> Office:
    office = desk(folder)
    if act == "adopt":
        return office
    office.adopt("eva")
    put_live(office, "lamp", "nine", "ten")
    revise(office, "bulb", "by hand", "by anyone")
    if act == "publish":
        revise(office, "lamp", "ten", "eleven")
        office.approve("lamp", "ben")
    return office


@pytest.mark.parametrize("act", ACTS)
def test_killed_between_any_two_file_operations_loses_nothing(
    act: str, folder: Path, tmp_path: Path
):
    prepared(folder, act)
    whole = tmp_path / "whole"
    shutil.copytree(folder, whole)
    before = picture(whole)
    ACTS[act](desk(whole))
    after = picture(whole)
    for steps in range(100):
        there = tmp_path / f"after-{steps}"
        shutil.copytree(folder, there)
        for again in (0, 1):  # killed once more while the next command finishes it
            dying = Office(there, NOW, Vault(there, DyingDisk(steps + again)))
            try:
                if again:
                    with dying.vault.writing():
                        pass
                else:
                    ACTS[act](dying)
            except Killed:
                assert len(load(there).articles) == 2, "a server started now must understand it"
                assert verify(Vault(there)).faults == ()
            else:
                break
        with Vault(there).writing():
            pass
        assert picture(there) in (before, after)
        assert verify(Vault(there)).faults == ()
        assert not (there / PENDING).exists()
        if again == 0:
            assert picture(there) == after
            assert steps > 5
            return
    pytest.fail("the act never ended")


def test_reader_sees_a_change_that_was_written_down_as_done(folder: Path):
    office = prepared(folder, "publish")
    dying = Office(folder, NOW, Vault(folder, DyingDisk(2)))
    with pytest.raises(Killed):
        ACTS["publish"](dying)
    assert (folder / PENDING).exists()
    (text,) = [a.passages[0].text for a in load(folder).articles if a.id == "lamp"]
    assert "eleven" in text
    assert office.names() == ["bulb", "lamp"]
    assert office.record("lamp").draft is None and office.record("lamp").live_version == 3


def test_trail_without_a_last_line_end_keeps_its_last_line(office: Office, folder: Path):
    path = folder / "audit.jsonl"
    path.write_text(path.read_text().rstrip("\n"))
    office.retire("lamp", "ada", "no longer made")
    found = verify(office.vault)
    assert found.faults == () and found.lines == 3


CHILD = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from knowledge.governance.office import Office
folder, who = Path(sys.argv[1]), sys.argv[2]
for n in range(6):
    office = Office(folder, datetime(2026, 11, 23, tzinfo=UTC))
    name = f"{who}-{n}"
    text = office.vault.text("articles/lamp.md").replace("id: lamp", "id: " + name)
    office.create(name, who, lambda record: text)
    office.submit(name, who)
"""


def test_two_processes_at_once_both_get_all_their_lines_in(office: Office, folder: Path):
    command = [sys.executable, "-c", CHILD, str(folder)]
    both = [
        subprocess.Popen([*command, who], cwd=Path(__file__).parents[3]) for who in ("ada", "ben")
    ]
    assert [child.wait(timeout=60) for child in both] == [0, 0]
    found = verify(office.vault)
    assert found.faults == () and found.lines == 2 + 2 * 6 * 2
    assert len(office.names()) == 2 + 12


def test_folder_that_cannot_be_written_is_told(office: Office, folder: Path):
    class Full(QuickDisk):
        def write(self, path: Path, text: str) -> None:
            raise OSError(28, "No space left on device", str(path))

    with pytest.raises(VaultFailed, match="No space left"):
        Office(folder, NOW, Vault(folder, Full())).retire("lamp", "ada", "why not")
    assert len(load(folder).articles) == 2 and verify(office.vault).lines == 2


def test_pending_file_that_is_not_ours_is_told(office: Office, folder: Path):
    (folder / PENDING).write_text("{")
    with pytest.raises(VaultFailed, match="remove the file"):
        office.retire("lamp", "ada", "why not")
    assert json.loads((folder / "audit.jsonl").read_text().splitlines()[0])["seq"] == 1
