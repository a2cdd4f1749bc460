"""Adds the words of an unanswered question to the article that does answer it."""

from pathlib import Path

from knowledge.answer import KnowledgeBase
from knowledge.article_text import with_asked
from knowledge.entry import Passage
from knowledge.gaps import Gap
from knowledge.governance.lifecycle import Record, Refused
from knowledge.governance.office import Done, Office
from knowledge.load import load

MOST_WORDINGS = 20


def offered(folder: Path, gap: Gap, office: Office) -> tuple[Passage, ...]:
    """The published passages closest to a gap. Slow: reloads the company folder."""
    today = office.today(office.company())
    return KnowledgeBase(load(folder)).nearest(gap.wording, day=today)


def teach(office: Office, gap: Gap, place: str, actor: str) -> Done:
    """A draft that adds a gap's wording to a passage, `article` or `article#number`.

    It goes through review like any other. Raises: Refused, NoSuchPassage.
    """
    article, _, number = place.partition("#")
    record = office.known(article)
    if record.draft is None:
        office.create(article, actor, _live)
        record = office.known(article)
    draft = record.draft or ""
    text = with_asked(draft, int(number) if number.isdecimal() else 1, gap.wordings[:MOST_WORDINGS])
    done = office.write(article, actor, text, draft)
    return Done(done.article, done.version, "draft with what buyers asked")


def _live(record: Record) -> str:
    if record.live is None:
        raise Refused(f"`{record.article}` has no version in use to begin from")
    return record.live
