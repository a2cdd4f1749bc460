"""`pytest --must-run`: used in CI, so that no test is skipped unnoticed."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SKIPS = "import pytest\n\ndef test_absent():\n    pytest.skip('no such engine here')\n"
RUNS = "def test_present():\n    pass\n"


def run(folder: Path, source: str, *options: str) -> tuple[int, str]:
    (folder / "test_it.py").write_text(source)
    plugins = ("-p", "tests.conftest", "-p", "no:cacheprovider", "--rootdir", str(folder))
    command = [sys.executable, "-m", "pytest", *plugins, "-c", "/dev/null", *options, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("source", "options", "code"),
    [(SKIPS, (), 0), (SKIPS, ("--must-run",), 1), (RUNS, ("--must-run",), 0)],
    ids=["a skip alone", "a skip that must run", "nothing skipped"],
)
def test_a_skipped_test_fails_the_run_only_when_all_must_run(tmp_path, source, options, code):
    exit_code, said = run(tmp_path, source, *options)
    assert exit_code == code, said
    assert ("--must-run: 1 test(s) were skipped" in said) == (code == 1)
