"""Adds the words of buyers' questions to the article that answers them."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from knowledge.answer import KnowledgeBase
from knowledge.article_text import with_asked
from knowledge.entry import Passage
from knowledge.gaps import Gap
from knowledge.governance.lifecycle import Record, Refused
from knowledge.governance.office import Done, Office
from knowledge.load import load
from knowledge.suggested import Suggested

MOST_WORDINGS = 20


def offered(folder: Path, gap: Gap, office: Office) -> tuple[Passage, ...]:
    """The published passages closest to a gap. Slow: reloads the company folder."""
    today = office.today(office.company())
    return KnowledgeBase(load(folder)).nearest(gap.wording, day=today)


def teach(office: Office, wordings: Sequence[str], place: str, actor: str) -> Done:
    """A draft that adds wordings to a passage, `article` or `article#number`.

    It goes through review like any other. Raises: Refused, NoSuchPassage.
    """
    article, _, number = place.partition("#")
    record = office.known(article)
    if record.draft is None:
        office.create(article, actor, _live)
        record = office.known(article)
    draft = record.draft or ""
    passage = int(number) if number.isdecimal() else 1
    done = office.write(article, actor, with_asked(draft, passage, wordings[:MOST_WORDINGS]), draft)
    return Done(done.article, done.version, "draft with what buyers ask")


def keep_helpful(
    office: Office, passage: Passage, judged: Iterable[Suggested], actor: str
) -> Done | None:
    """Add the suggestions that nothing answers yet to a draft, if there are any.

    Raises: Refused, NoSuchPassage.
    """
    new = [s.wording for s in judged if s.standing == "new"]
    return teach(office, new, f"{passage.article_id}#{passage.number}", actor) if new else None


def _live(record: Record) -> str:
    if record.live is None:
        raise Refused(f"`{record.article}` has no version in use to begin from")
    return record.live
