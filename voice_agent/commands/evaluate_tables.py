"""Prints an evaluation run: figures, targets, and each failing turn."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from core.evaluation.format import Targets
from core.evaluation.report import ANSWERS, OUTCOMES, Report
from core.evaluation.scored import Scored
from core.evaluation.tally import Detection, Tally

ANSWER_NAMES = {
    "answered": "answerable questions answered from the right article",
    "asked back": "… asked a clarifying question first",
    "told along": "… told with a caveat",
    "false deferral": "… deferred though an article covers them",
    "wrong article": "… answered from another article",
    "passed over": "… not addressed",
    "put off": "unanswerable questions deferred to a person",
    "asked back in vain": "… asked a clarifying question first",
    "told along in vain": "… told with a caveat",
    "false answer": "… answered falsely",
    "needless deferral": "other turns in which something was deferred",
}
FEW = 3
"""Tags with fewer conversations are left out."""


def show_report(console: Console, run: Report, targets: Targets, title: str) -> None:
    """All tables of a run."""
    console.print(f"\n[bold]{_plain(title)}[/bold]")
    console.print(f"{run.passed} of {run.conversations} conversations exactly as expected\n")
    console.print(_signals(run))
    console.print(_outcomes(run))
    console.print(_rules(run))
    if run.tags:
        worst = sorted(run.tags.items(), key=lambda tag: (tag[1].share or 0.0, tag[0]))
        told = [f"{_plain(n)} {t.right}/{t.of}" for n, t in worst if t.of >= FEW]
        console.print(f"Exactly as expected, by tag: {', '.join(told) or '—'}\n")
    before = run.asks_before_value
    mean = sum(before) / len(before) if before else 0.0
    console.print(
        f"Asked {run.asks} questions for {run.gives} things given; before the first answer "
        f"{mean:.2f} on average, {max(before, default=0)} at most.\n"
    )
    if run.everywhere:
        same = run.same_everywhere
        console.print(f"Answered alike by phone, chat and mail: {same.right} of {same.of}.")
        for asked in run.everywhere:
            if not asked.same:
                console.print(f"  [red]✗[/red] {_plain(str(asked))}")
        console.print()
    goals = run.goals(targets)
    for goal in goals:
        mark = "[green]reached[/green]" if goal.met else "[red]missed [/red]"
        reached = "—" if goal.reached is None else f"{goal.reached:.3g}"
        console.print(f"{mark}  {goal.name.replace('_', ' ')}: {reached}, target {goal.target:g}")
    if not goals:
        console.print("No targets are set for this way of running (targets.yaml).")


def show_failures(console: Console, scored: Sequence[Scored], show: str) -> None:
    """Conversations that did not go as expected, with the failing turns' words."""
    for one in scored:
        if show == "all" or (show == "failures" and one.misses):
            _conversation(console, one, whole=show == "all")


def _conversation(console: Console, one: Scored, *, whole: bool) -> None:
    conversation = one.held.conversation
    tags = f"  [dim]{_plain(', '.join(conversation.tags))}[/dim]" if conversation.tags else ""
    colour = "red" if one.misses else "green"
    console.print(f"\n[bold {colour}]{_plain(conversation.id)}[/bold {colour}]{tags}")
    failing = {m.turn for m in one.misses if m.turn}
    ends = any(not m.turn for m in one.misses)
    for number, turn in sorted(one.log.turns.items()):
        if not (whole or number in failing or (ends and turn.signals)):
            continue
        if turn.said:
            console.print(f"  [cyan]{number:>2} caller[/cyan]  {_plain(turn.said)}")
        for signal in turn.signals:
            console.print(
                f"             [magenta]{signal.criterion} = {_plain(signal.value)}[/magenta]"
                f" [dim]{signal.basis}, “{_plain(signal.quote)}”[/dim]"
            )
        cited = f"  [dim]{', '.join(dict.fromkeys(turn.cited))}[/dim]" if turn.cited else ""
        console.print(f"  [green]{number:>2}  agent[/green]  {_plain(turn.reply)}{cited}")
    for miss in one.misses:
        where = f"turn {miss.turn}" if miss.turn else "at the end"
        console.print(
            f"  [red]✗ {miss.kind}[/red] {where}: expected {_plain(miss.expected)}; "
            f"found {_plain(miss.found)}"
        )


def _signals(run: Report) -> Table:
    table = Table(
        "signal", "said", "precision", "recall", "F1", title="Signals", title_justify="left"
    )
    for column in table.columns[1:]:
        column.justify = "right"
    for name, found in run.signals.items():
        table.add_row(name, *_row(found))
    table.add_section()
    table.add_row("[bold]overall[/bold]", *_row(run.overall))
    guesses = f"{run.guesses.right} of {run.guesses.of}"
    table.caption = f"Implied by what was asked, and right: {guesses} (not counted as extra)"
    return table


def _row(found: Detection) -> tuple[str, ...]:
    said = str(found.hits + found.missed)
    return said, *(_percent(x) for x in (found.precision, found.recall, found.f1))


def _outcomes(run: Report) -> Table:
    table = Table("what", "share", "of", title="Outcomes and answers", title_justify="left")
    table.columns[1].justify = table.columns[2].justify = "right"
    for name in OUTCOMES:
        _tally(table, name, run.tallies.get(name))
    table.add_section()
    for name in ANSWERS:
        _tally(table, ANSWER_NAMES[name], run.tallies.get(name))
    table.add_section()
    for name, tally in sorted(run.tallies.items()):
        if name not in (*OUTCOMES, *ANSWERS):
            _tally(table, name, tally)
    return table


def _tally(table: Table, name: str, tally: Tally | None) -> None:
    if tally is not None:
        table.add_row(name, _percent(tally.share), str(tally.of))


def _rules(run: Report) -> Table:
    table = Table("rule that always holds", "broken", title="Invariants", title_justify="left")
    table.columns[1].justify = "right"
    for name, count in sorted(run.invariants.items()):
        table.add_row(name, str(count))
    if not run.invariants:
        table.add_row("all of them", "0")
    return table


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{share:.1%}"


def _plain(text: str) -> str:
    return text.replace("[", r"\[")
