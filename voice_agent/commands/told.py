"""Prints a conversation: lines and signals as they come, and its outcome."""

from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table

COLOURS = {"caller": "cyan", "agent": "green"}


class Teller:
    """Prints each line and each signal of a growing call document once."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._lines = 0
        self._signals = 0

    def __call__(self, document: dict[str, Any] | None) -> None:
        if document is None:
            return
        lines = document["transcript"]
        if document["status"] == "in_progress":
            lines = lines[:-1]  # the caller may yet go on with their last line
        for line in lines[self._lines :]:
            self._console.print(f"[dim]{line['start_ms'] / 1000:6.1f} s[/dim]  {said(line)}")
        self._lines = max(self._lines, len(lines))
        shown = max((line["turn"] for line in lines), default=0)
        signals = [s for s in document["signals"] if s["turn"] <= shown]
        for signal in signals[self._signals :]:
            at = f"[dim]at {signal['start_ms'] / 1000:.1f} s[/dim]"
            self._console.print(f"{'':10}{found(signal)} {at}")
        self._signals = max(self._signals, len(signals))


def said(line: dict[str, Any]) -> str:
    """A transcript line with the passages it cites."""
    colour = COLOURS.get(line["speaker"], "white")
    cut = " [yellow]— cut off[/yellow]" if line["interrupted"] else ""
    cited = f"  [dim]{', '.join(line['citations'])}[/dim]" if line["citations"] else ""
    text = plain(line["text"]) or "[dim](not understood)[/dim]"
    return f"[{colour}]{line['speaker']:>6}[/{colour}]  {text}{cut}{cited}"


def found(signal: dict[str, Any]) -> str:
    """A signal, and the words it was learned from."""
    told = f"{signal['criterion']} = {plain(signal['value'])}"
    return f"[magenta]signal[/magenta]  {told}  [dim]“{plain(signal['quote'])}”[/dim]"


def plain(text: str) -> str:
    """Somebody else's words, with markup escaped."""
    return text.replace("[", r"\[")


def show_outcome(console: Console, document: dict[str, Any]) -> None:
    """Verdict, route, meeting, brief and open tasks."""
    show_verdict(console, document)
    if route := document["route"]:
        reasons = " ".join(route["reasons"])
        console.print(f"[bold]Route[/bold]    {route['action']} → {route['rep'] or '—'}: {reasons}")
    if meeting := document["booking"]:
        at = datetime.fromisoformat(meeting["buyer_local"] or meeting["rep_local"])
        zone = meeting["buyer_zone"] or meeting["rep_zone"]
        console.print(
            f"[bold]Booked[/bold]   {meeting['title']} with {meeting['rep_name']}, "
            f"{at:%A, %d %B, %H:%M} ({zone})"
        )
    for head, key in (("Brief", "summary_lines"), ("Approach", "recommended_approach")):
        for line in document["handoff"][key]:
            at_s = f"  [dim]{line['start_ms'] / 1000:.1f} s[/dim]" if line["start_ms"] else ""
            console.print(f"[bold]{head:<8}[/bold] {plain(line['text'])}{at_s}")
            head = ""
    for question in document["handoff"]["outstanding_questions"]:
        console.print(
            f"[bold]Owed[/bold]     {plain(question['text'])} → {question['owner'] or '—'}"
        )


def show_verdict(console: Console, document: dict[str, Any]) -> None:
    """The verdict, with every criterion and why."""
    if verdict := document["verdict"]:
        console.print(f"[bold]Verdict[/bold]  {verdict['result']} ({verdict['segment'] or '—'})")
        criteria = Table("criterion", "state", "why", box=None, pad_edge=False)
        for row in verdict["criteria"]:
            criteria.add_row(row["name"], row["state"].replace("_", " "), plain(row["reason"]))
        console.print(criteria)
