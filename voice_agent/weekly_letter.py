"""The week's numbers as a mail, in text and as an HTML table. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

from core.metrics.outcomes import EntryPoint
from voice_agent.console.number_parts import UNKNOWN, Tile
from voice_agent.console.pages import counted, phone

MOST_ENTRIES = 5
CELL = "padding:6px 12px 6px 0;border-bottom:1px solid #ddd;text-align:left;vertical-align:top"
QUIET = "color:#555"


@dataclass(frozen=True, slots=True)
class Week:
    """A week's figures beside the previous week's."""

    company: str
    monday: date
    """The day it is mailed; the figures are of the week before."""
    tiles: Sequence[Tile]
    before: Sequence[Tile]
    entries: Sequence[EntryPoint]
    link: str
    """The same figures in the console; empty without a public address."""
    stop: str
    """The unsubscribe link; empty likewise."""

    @property
    def days(self) -> str:
        """`23 to 29 November`."""
        first, last = self.monday - timedelta(days=7), self.monday - timedelta(days=1)
        begins = f"{first.day}" if first.month == last.month else f"{first:%-d %B}"
        return f"{begins} to {last:%-d %B}"


def subject(week: Week) -> str:
    """Company, dates and the first figures."""
    known = {tile.label: tile.value for tile in week.tiles}
    talks, fits = known["Conversations"], known["Qualified"]
    told = f"{talks} {'conversation' if talks == '1' else 'conversations'}"
    return f"{week.company}, {week.days}: {told}{'' if fits == UNKNOWN else f', {fits} qualified'}"


def text(week: Week) -> str:
    """The text part."""
    lines = [f"{week.company}: {week.days}", ""]
    lines += [
        f"{t.label}: {t.value} ({t.of})" + (f", the week before {was}" if was else "")
        for t, was in _beside(week)
    ]
    if week.entries:
        lines += ["", "Where they came in:"]
        lines += [
            f"{_place(e)}: {counted(e.conversations, 'conversation')}, {e.qualified} qualified"
            for e in week.entries[:MOST_ENTRIES]
        ]
    if unknown := _unknown(week):
        lines += ["", "Not known yet:", *(f"{label}: {needs}" for label, needs in unknown)]
    if week.link:
        lines += ["", f"All of it, with definitions: {week.link}"]
    stop = week.stop or "the Numbers page of the console"
    return "\n".join([*lines, "", f"You asked for this mail. To stop it: {stop}", ""])


def html(week: Week) -> str:
    """The HTML part. Everything in it is escaped."""
    rows = "".join(
        f'<tr><th scope="row" style="{CELL}">{escape(t.label)}<br>'
        f'<span style="{QUIET};font-weight:normal;font-size:13px">{escape(t.means)}</span></th>'
        f'<td style="{CELL}"><strong>{escape(t.value)}</strong><br>'
        f'<span style="{QUIET}">{escape(t.of)}</span></td>'
        f'<td style="{CELL};{QUIET}">{escape(was)}</td></tr>\n'
        for t, was in _beside(week)
    )
    places = "".join(
        f'<tr><th scope="row" style="{CELL}">{escape(_place(e))}</th>'
        f'<td style="{CELL}">{e.conversations}</td><td style="{CELL}">{e.qualified}</td></tr>\n'
        for e in week.entries[:MOST_ENTRIES]
    )
    missing = "".join(
        f"<li>{escape(label)}: {escape(needs)}</li>\n" for label, needs in _unknown(week)
    )
    missing = f'<h2>Not known yet</h2><ul style="{QUIET}">{missing}</ul>\n' if missing else ""
    link = f'<p><a href="{escape(week.link)}">All of it</a></p>' if week.link else ""
    stop = f'<a href="{escape(week.stop)}">Stop it</a>.' if week.stop else "Stop it in the console."
    came = (
        f"<h2>Where they came in</h2><table>{_head('Entry', 'Conversations', 'Qualified')}{places}"
        "</table>"
        if places
        else ""
    )
    return (
        '<!doctype html><html lang="en"><body style="font-family:sans-serif;font-size:15px;'
        'line-height:1.4;color:#1a1a1a;max-width:640px">\n'
        f"<h1>{escape(week.company)}: {escape(week.days)}</h1>\n<table>"
        f"{_head('Figure', 'This week', 'The week before')}{rows}</table>\n{came}{missing}{link}"
        f'<p style="{QUIET}">You asked for this mail. {stop}</p>\n</body></html>\n'
    )


def _beside(week: Week) -> list[tuple[Tile, str]]:
    """The figures that are known, each with that of the week before, if it was."""
    before = {tile.label: tile.value for tile in week.before if tile.value != UNKNOWN}
    return [(t, before.get(t.label, "")) for t in week.tiles if t.value != UNKNOWN]


def _unknown(week: Week) -> list[tuple[str, str]]:
    """The others, with what it takes to know them."""
    unknown = [tile for tile in week.tiles if tile.value == UNKNOWN]
    return [(t.label, f"once {t.needs}" if t.needs else t.of) for t in unknown]


def _head(*names: str) -> str:
    cells = "".join(f'<th scope="col" style="{CELL};{QUIET}">{escape(n)}</th>' for n in names)
    return f"<tr>{cells}</tr>\n"


def _place(entry: EntryPoint) -> str:
    match entry.channel:
        case "voice":
            return phone(entry.entry) if entry.entry else "Calls"
        case "chat":
            return entry.entry or "Chats"
        case _:
            return "Mail"
