"""Parses the catalogue in `deploy/observe.md`, for the tests that check the server against it."""

import re
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

PAGE = Path(__file__).parents[1] / "deploy" / "observe.md"
ADD = "add its row to deploy/observe.md, or take out one that is gone"


def rows(section: str) -> list[list[str]]:
    """The cells of a section's table, without its header."""
    part = PAGE.read_text(encoding="utf-8").split(f"## {section}\n")[1].split("\n## ")[0]
    table = [line for line in part.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


METRICS = {names(row[0])[0]: (row[1], {*names(row[2])}) for row in rows("Metrics")}
"""Type and labels of each metric."""
SPANS = {names(row[0])[0]: (names(row[1]) or [""])[0] for row in rows("Spans")}
"""The parent of each span."""
ALARMS = {names(row[0])[0]: (row[1], {*names(row[2])}) for row in rows("Alerts")}
"""Severity of each alarm, and the metrics it queries."""


def scraped(text: str) -> dict[str, tuple[str, set[str]]]:
    """Every metric of ours in a scrape, in the catalogue's notation, with the labels seen."""
    found = {}
    for family in text_string_to_metric_families(text):
        if family.name.startswith("voice_agent_") and not family.name.endswith("_created"):
            name = family.name + "_total" * (family.type == "counter")
            labels = {label for sample in family.samples for label in sample.labels}
            found[name] = (family.type, labels - {"le", "pid"})
    return found
