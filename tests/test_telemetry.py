"""Libraries that report usage to their makers are told not to."""

import os
import subprocess
import sys

LOADS = (
    "import voice_agent.config; from voice_agent.speech.silero import SileroModel as M; M().load()"
)


def test_a_loaded_voice_detector_makes_no_number_for_this_machine(tmp_path):
    rest = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    subprocess.run([sys.executable, "-c", LOADS], env={**rest, "HOME": str(tmp_path)}, check=True)
    assert not [*tmp_path.rglob("deviceid")]
