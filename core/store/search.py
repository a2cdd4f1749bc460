"""`found(…)`: which conversations contain some words, by either database's index.

SQLite uses FTS5, PostgreSQL its tsvector. All words must match; quoted ones as a phrase; the last
may be incomplete. User input can never form a query of its own.
"""

import re
from typing import Any

import sqlalchemy as sa

from core.store.card_tables import CardRow, TranscriptRow

_card = CardRow.__table__
_transcript = TranscriptRow.__table__
_words: sa.ColumnClause[Any] = sa.column("words")
"""Of the transcript; PostgreSQL's generated column, see `card_tables.indexed`."""
_PIECES = re.compile(r'"([^"]*)"?|([^\s"]+)')
_WORD = re.compile(r"\w+")
MOST_WORDS = 12
BEFORE, AFTER = 60, 120


def phrases(text: str) -> list[list[str]]:
    """The phrases to search for, of one word or more; at most twelve words in all."""
    found: list[list[str]] = []
    left = MOST_WORDS
    for quoted, plain in _PIECES.findall(text):
        words = _WORD.findall(quoted or plain)[:left]
        left -= len(words)
        if words:
            found.append(words)
    return found


def found(dialect: str, text: str) -> sa.ColumnElement[bool] | None:
    """A condition on a card's id; None if there is nothing to search for."""
    wanted = phrases(text)
    if not wanted:
        return None
    if dialect == "postgresql":
        holds = _words.op("@@")(_asked(text))
        ids = sa.select(_transcript.c.id).where(holds).scalar_subquery()
        # As an array, or the plan reads every card for a rare word.
        return _card.c.id == sa.any_(sa.func.array(ids))
    query = " ".join('"' + " ".join(words) + '"' for words in wanted)
    rowids = sa.text("SELECT rowid FROM transcript_search WHERE transcript_search MATCH :words")
    asked = rowids.bindparams(words=query + "*" * _unfinished(text))
    return _card.c.id.in_(asked.columns(rowid=sa.BigInteger))


def holds(text: str, card_id: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Whether one card contains the words; PostgreSQL asks it of few cards, without its index."""
    once = sa.select(_asked(text)).scalar_subquery()
    return (
        sa.select(_words.op("@@")(once)).where(_transcript.c.id == card_id).scalar_subquery()
    )  # fmt: skip


def _asked(text: str) -> sa.ColumnElement[Any]:
    """The words as a PostgreSQL query."""
    parts = [" <-> ".join(f"'{word}'" for word in words) for words in phrases(text)]
    query = " & ".join(f"({part})" for part in parts)
    if _unfinished(text):
        query = query.removesuffix(")") + ":*)"
    return sa.func.to_tsquery(sa.literal_column("'english'"), query)


def _unfinished(text: str) -> bool:
    return not text.rstrip().endswith('"') and text == text.rstrip()


def optimise(c: sa.Connection) -> None:
    """Rewrite SQLite's index, so that it keeps no word of a deleted transcript."""
    c.exec_driver_sql("INSERT INTO transcript_search(transcript_search) VALUES('optimize')")


def excerpts(c: sa.Connection, ids: list[int], text: str) -> dict[int, tuple[str, str, str]]:
    """Where each card contains the words: the text before, the match, the text after."""
    query = sa.select(_transcript.c.id, _transcript.c.body).where(_transcript.c.id.in_(ids))
    wanted = phrases(text)
    return {} if not wanted else {row.id: _around(row.body, wanted) for row in c.execute(query)}


def _around(body: str, wanted: list[list[str]]) -> tuple[str, str, str]:
    for words in wanted:
        stem = r"\W+".join(re.escape(_stem(word)) + r"\w*" for word in words)
        if (hit := re.search(rf"(?<!\w){stem}", body, re.IGNORECASE)) is not None:
            start = max(hit.start() - BEFORE, body.rfind("\n", 0, hit.start()) + 1)
            end = body.find("\n", hit.end())
            end = min(hit.end() + AFTER, end if end > 0 else len(body))
            return body[start : hit.start()], hit.group(), body[hit.end() : end]
    return "", "", body[:AFTER].partition("\n")[2]


def _stem(word: str) -> str:
    """A prefix of a word that its other forms share."""
    return re.sub(r"(?:ing|ed|es|s|y|e)$", "", word) if len(word) > 4 else word
