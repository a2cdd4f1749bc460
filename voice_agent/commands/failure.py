"""What a command says when something it needs cannot be read."""

from rich.console import Console
from rich.markup import escape

from knowledge.errors import CompanyInvalid


def failed(show: Console, error: Exception) -> int:
    """Print what is wrong, each problem of a company folder on its line; returns the exit code."""
    problems = error.problems if isinstance(error, CompanyInvalid) else (error,)
    for problem in problems:
        show.print(f"[red]error[/red]  {escape(str(problem))}")
    return 1
