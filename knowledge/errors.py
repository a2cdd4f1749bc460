"""Faults of a company folder, reported so that a person can fix them at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: where it is, what was expected, what was found, and how to fix it."""

    file: str
    """Path relative to the company folder."""
    line: int
    """1-based; 0 for the whole file."""
    key: str
    """Dotted path inside the file, e.g. `team.0.email`; empty for the whole file."""
    expected: str
    found: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        key = f" {self.key}" if self.key else ""
        return f"{place}{key}: expected {self.expected}, found {self.found}. {self.remedy}"


class KnowledgeError(Exception):
    """Root of what `knowledge` raises: a stable `code`, and whether a retry may help."""

    code = "knowledge-error"
    retryable = False


class CompanyInvalid(KnowledgeError):
    """The company folder cannot be used; `problems` holds every fault found, in file order.

    `rest`: the folder (`Loaded`) as it was probably meant, to check what refers to it; or None.
    """

    code = "company-invalid"

    def __init__(self, problems: Sequence[Problem], rest: Any = None) -> None:
        self.problems = tuple(problems)
        self.rest = rest
        count = len(self.problems)
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"{count} problem{'s' if count != 1 else ''}:\n{lines}")
