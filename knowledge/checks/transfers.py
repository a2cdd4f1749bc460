"""Checks transfers and calls that cannot be taken."""

from collections.abc import Callable, Iterator

from knowledge.errors import Problem
from knowledge.positions import Located, Path
from knowledge.profile import Company

Blanks = Callable[[Located, Path, str, set[str]], Iterator[Problem]]
Phone = Callable[[Located, Path, str], Iterator[Problem]]


def check_transfers(
    company: Company, at: Located, blanks: Blanks, phone: Phone
) -> Iterator[Problem]:
    """Every problem under `transfers` and `overflow`."""
    transfers, overflow = company.transfers, company.overflow
    yield from blanks(at, ("transfers", "hold"), transfers.hold, {"company", "name"})
    yield from blanks(at, ("overflow", "line"), overflow.line, {"company"})
    if overflow.number is not None:
        yield from phone(at, ("overflow", "number"), overflow.number)
        if overflow.number in company.numbers:
            remedy = "Give a number that this agent does not answer, or the call goes in a circle."
            where: Path = ("overflow", "number")
            yield at.problem(where, "a number of other people", overflow.number, remedy)
    elif overflow.then == "number":
        remedy = "Add `overflow.number`, or choose busy, callback or voicemail."
        yield at.problem(("overflow", "then"), "a `number` to put calls through to", "none", remedy)
