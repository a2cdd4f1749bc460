"""Golden questions: what must be answered, by which article, and what must not be answered.

    answered:
      - {ask: "Does your platform support SSO?", article: sso}
      - {ask: "And on Starter?", article: sso, after: ["do you support sso"]}
    unanswerable:
      - "Who is your chief executive?"

A publication that makes one of them worse is blocked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import Field, ValidationError

from knowledge.answer import KnowledgeBase
from knowledge.entry import Answer
from knowledge.errors import CompanyInvalid
from knowledge.load import Loaded
from knowledge.positions import complaints, read_yaml
from knowledge.profile import Section


class Covered(Section):
    """A question and the article that answers it; alternatives are written `a|b`."""

    ask: str = Field(min_length=1)
    article: str = Field(min_length=1)
    after: tuple[str, ...] = ()
    """Earlier questions of the same conversation."""


class Golden(Section):
    """A company's golden questions."""

    answered: tuple[Covered, ...] = ()
    unanswerable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one golden question."""

    ask: str
    wanted: str | None
    """The expected article; None when nothing should answer."""
    got: str | None
    """The article that answered; None when none did."""
    reason: str = ""
    """Why nothing answered."""
    known: bool = True
    """Whether any expected article exists."""

    @property
    def right(self) -> bool:
        """Whether the result is as expected."""
        if self.wanted is None or self.got is None:
            return self.wanted is None and self.got is None
        return self.got in self.wanted.split("|")

    @property
    def remedy(self) -> str:
        """What to do about a wrong one."""
        if self.wanted is None:
            return (
                f"narrow the `> asked:` lines or sentences of {self.got} that share its words, or "
                "write an article of policy `defer` on it"
            )
        where = " or ".join(self.wanted.split("|"))
        if not self.known:
            return f"there is no article {where}: name one that there is, or take the question out"
        if self.got is None:
            return f"add it, as it is asked, as an `> asked:` line of {where}"
        return f"add it as an `> asked:` line of {where}, and look which of {self.got} is nearer"

    def __str__(self) -> str:
        wanted = f"should be answered by {self.wanted}" if self.wanted else "should not be answered"
        got = f"is answered by {self.got}" if self.got else f"is not answered ({self.reason})"
        return f"“{self.ask}” {wanted}, {got}"


def read_golden(text: str | None) -> Golden:
    """The questions in a file's text; empty when there is no file. Raises: CompanyInvalid."""
    located = read_yaml("golden.yaml", text or "")
    if located.problems:
        raise CompanyInvalid(located.problems)
    try:
        return Golden.model_validate(located.data or {})
    except ValidationError as error:
        fields = {*Golden.model_fields, *Covered.model_fields}
        raise CompanyInvalid(complaints(located, error, fields)) from error


def ask_all(loaded: Loaded, golden: Golden, day: date) -> list[Result]:
    """Ask every golden question of this knowledge on `day`."""
    base = KnowledgeBase(loaded)
    known = {article.id for article in loaded.articles}
    results: list[Result] = []
    for ask, wanted, after in _questions(golden):
        found = base.answer(ask, day=day, context=after)
        answered = isinstance(found, Answer)
        got, reason = (found.article.id, "") if isinstance(found, Answer) else (None, found.reason)
        named = wanted is None or not known.isdisjoint(wanted.split("|"))
        results.append(Result(ask, wanted, got if answered else None, reason, named))
    return results


def _questions(golden: Golden) -> list[tuple[str, str | None, Sequence[str]]]:
    covered = [(item.ask, item.article, item.after) for item in golden.answered]
    return [*covered, *((ask, None, ()) for ask in golden.unanswerable)]


def worse(before: Sequence[Result], after: Sequence[Result]) -> list[Result]:
    """Questions that were right before and are wrong after."""
    return [new for old, new in zip(before, after, strict=True) if old.right and not new.right]
