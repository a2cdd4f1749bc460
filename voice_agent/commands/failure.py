"""Error messages of commands that cannot read what they need."""

from rich.console import Console
from rich.markup import escape

from knowledge.errors import CompanyInvalid


def failed(show: Console, error: Exception) -> int:
    """Print the error, a company folder's problems one per line; returns the exit code."""
    problems = error.problems if isinstance(error, CompanyInvalid) else (error,)
    for problem in problems:
        show.print(f"[red]error[/red]  {escape(str(problem))}")
    return 1


def cannot_start(error: BaseException) -> None:
    """Print what keeps a server from starting."""
    _say(f"[red]cannot start:[/red] {escape(str(error))}")


def warn(text: str) -> None:
    """Print what is probably a mistake."""
    _say(f"[yellow]warning:[/yellow] {escape(text)}")


def _say(markup: str) -> None:
    Console(stderr=True, soft_wrap=True, highlight=False).print(markup)
