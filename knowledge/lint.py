"""What is not wrong with the knowledge, but soon will be or makes answers weaker."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.entry import Article
from knowledge.load import Loaded

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark: `kind` is stable, `article` is its id, `note` says what to do about it."""

    kind: str
    article: str
    note: str


def lint(loaded: Loaded, day: date) -> list[Finding]:
    """Everything worth a steward's time on `day`, by kind and article."""
    published = [a for a in loaded.articles if a.status == "published"]
    found = [
        *_dates(published, day),
        *_limitations(published),
        *_contradictions(published),
        *_wordings(published),
        *_uncovered(loaded, published),
    ]
    return sorted(found, key=lambda finding: (finding.kind, finding.article))


def _dates(articles: list[Article], day: date) -> Iterator[Finding]:
    for article in articles:
        if article.review_by < day:
            note = f"review was due {article.review_by.isoformat()}: it is no longer spoken"
            yield Finding("expired", article.id, note)
        elif article.review_by < day + SOON:
            note = f"review is due {article.review_by.isoformat()}"
            yield Finding("review-due", article.id, note)


def _limitations(articles: list[Article]) -> Iterator[Finding]:
    kinds = {article.id: article.type for article in articles}
    for article in articles:
        linked = [other for other in article.related if kinds.get(other) != "limitation"]
        if article.type == "limitation" and not linked:
            note = "name in `related` the article whose promise it limits"
            yield Finding("limitation-unlinked", article.id, note)


def _contradictions(articles: list[Article]) -> Iterator[Finding]:
    stated: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for article in articles:
        for attribute, value in article.facts:
            stated[attribute][value].append(article.id)
    for attribute, values in stated.items():
        if len(values) > 1:
            said = "; ".join(f"{value} in {', '.join(ids)}" for value, ids in values.items())
            first = min(min(ids) for ids in values.values())
            yield Finding("contradiction", first, f"{attribute} is {said}")


def _wordings(articles: list[Article]) -> Iterator[Finding]:
    owner: dict[str, str] = {}
    for article in articles:
        for passage in article.passages:
            if not passage.asked:
                note = f"passage {passage.number} has no `> asked:` line"
                yield Finding("no-wording", article.id, note)
            for line in passage.asked:
                other = owner.setdefault(line.lower(), passage.citation)
                if other != passage.citation:
                    note = f"`{line}` also leads to {other}"
                    yield Finding("wording-twice", article.id, note)


def _uncovered(loaded: Loaded, articles: list[Article]) -> Iterator[Finding]:
    """Integrations, plans and competitors the vocabulary names and no article speaks of."""
    said = " ".join(
        f"{article.title} {' '.join(article.synonyms)} "
        + " ".join(f"{p.text} {' '.join(p.asked)}" for p in article.passages)
        for article in articles
    ).lower()
    vocabulary = loaded.company.vocabulary
    for kind in ("products", "plans", "integrations", "competitors"):
        for name in getattr(vocabulary, kind):
            if name.lower() not in said:
                note = f"the vocabulary names {name} under {kind}, and no article covers it"
                yield Finding("uncovered", name, note)
