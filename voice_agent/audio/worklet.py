"""The browser's audio worklets, their folder and names, for every page with a telephone."""

from pathlib import Path

WORKLETS = Path(__file__).parent / "worklets"
NAMES = ("ear.js", "mouth.js")
