"""Whether a version may go live: the folder with it is validated and asked its golden questions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from knowledge.article_text import front_of, split_article, with_keys
from knowledge.errors import CompanyInvalid, KnowledgeError, Problem
from knowledge.golden import Result, ask_all, read_golden, worse
from knowledge.governance.vault import ARTICLES, DRAFTS
from knowledge.load import Loaded, Snapshot, assemble, read_company


@dataclass(frozen=True, slots=True)
class Gate:
    """The golden questions' results for a version."""

    asked: int
    worse: tuple[Result, ...]
    """Right before, wrong with this version."""
    wrong: tuple[Result, ...]
    """All that are wrong with this version."""
    better: int
    """Wrong before, right with this version."""


class Blocked(KnowledgeError):
    """Golden questions would get worse; `gate` lists them."""

    code = "golden-regression"

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        lines = "\n".join(f"  {result}" for result in gate.worse)
        super().__init__(
            f"not published: {len(gate.worse)} of {gate.asked} golden questions would get worse:\n"
            f"{lines}\n"
            "Change the article or golden.yaml, or publish with `--override \"why\"`"
        )  # fmt: skip


def judge(
    snapshot: Snapshot, article: str, text: str, golden: str | None, today: date
) -> Gate:  # fmt: skip
    """The gate for the folder with `text` as the article's live version.

    A version that takes effect later is tested as of its first day. Raises: CompanyInvalid.
    """
    after = assemble(would_be(snapshot, article, text))
    questions = read_golden(golden)
    starts = front_of(text).get("valid_from")
    day = max(today, starts) if isinstance(starts, date) else today
    try:
        before: Loaded = assemble(replace(snapshot, trail=None))
    except CompanyInvalid:
        before = replace(after, articles=tuple(a for a in after.articles if a.id != article))
    return _compare(ask_all(before, questions, day), ask_all(after, questions, day))


def would_be(snapshot: Snapshot, article: str, text: str) -> Snapshot:
    """The snapshot with `text` live; a draft counts as approved."""
    front = front_of(text)
    if front and front.get("status") not in ("published", "retired"):
        text = with_keys(text, status="published", approved_by=_anyone(snapshot, front))
    articles = {**snapshot.articles, article: text}
    earlier = {name: e for name, e in snapshot.earlier.items() if name != article}
    return replace(snapshot, articles=articles, earlier=earlier, trail=None)


def in_draft(error: CompanyInvalid, article: str, draft: str) -> CompanyInvalid:
    """The faults of a draft that was judged as if live, at the file and line where they are."""
    live, body = f"{ARTICLES}/{article}.md", _body_line(draft)
    added = _body_line(with_keys(draft, status="published", approved_by="x")) - body

    def placed(problem: Problem) -> Problem:
        if problem.file != live:
            return problem
        line = problem.line - added if problem.line >= body + added else problem.line
        return replace(problem, file=f"{DRAFTS}/{article}.md", line=line)

    return CompanyInvalid([placed(problem) for problem in error.problems], error.rest)


def _body_line(text: str) -> int:
    parts = split_article(text)
    return parts[2] if parts else 1


def _anyone(snapshot: Snapshot, front: dict[str, object]) -> str | None:
    """Somebody who could approve, for a check before anyone did."""
    company, _ = read_company(snapshot.profile, [])
    people = [p.id for p in company.people] if company else []
    return next((p for p in people if p not in (front.get("author"), front.get("owner"))), None)


def _compare(before: Sequence[Result], after: Sequence[Result]) -> Gate:
    better = sum(not old.right and new.right for old, new in zip(before, after, strict=True))
    wrong = tuple(result for result in after if not result.right)
    return Gate(len(after), tuple(worse(before, after)), wrong, better)
