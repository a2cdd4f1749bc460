"""`voice-agent`: what is typed wrongly or asked about is answered without loading the server."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HELP = """
import sys
from voice_agent.cli import main
try:
    main(["--help"])
finally:
    print(sorted({"sqlalchemy", "anyio", "numpy", "core", "knowledge"} & sys.modules.keys()))
"""


def test_help_names_every_command_and_loads_none() -> None:
    told = subprocess.run([sys.executable, "-c", HELP], capture_output=True, text=True, cwd=ROOT)
    assert told.stdout.rstrip().endswith("[]"), told.stdout + told.stderr
    for name in ("serve", "check", "knowledge", "backtest", "rebuild", "restore", "models"):
        assert re.search(rf"^ +{name}\b", told.stdout, re.MULTILINE), told.stdout
