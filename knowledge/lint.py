"""Finds what is valid in the knowledge but will soon expire or weakens answers."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from knowledge.audience import variants
from knowledge.entry import Article
from knowledge.finding import Finding
from knowledge.lint_facts import contradictions, prices_against_facts, unstated
from knowledge.lint_speech import hard_to_say
from knowledge.load import Loaded

SOON = timedelta(days=30)
KINDS = {
    "expired": "past its review date, and no longer spoken",
    "review-due": "to be reviewed within 30 days",
    "limitation-unlinked": "a limitation that names no article it limits",
    "contradiction": "two values for one attribute among the facts",
    "fact-unstated": "a fact whose number its article does not say",
    "price-unbacked": "a sum in a sentence that names a thing with prices among the `facts` "
    "(`unit.price: 95` prices `unit`), which neither those nor the article's own `facts` state",
    "long-to-say": "a passage or sentence too long to be spoken",
    "no-spoken-form": "written text without a spoken form",
    "no-wording": "a passage without wordings that buyers use",
    "wording-twice": "a wording that leads to two passages",
    "wording-astray": "a wording that leads to nothing, or to an unrelated article",
    "passage-twice": "the same words in two places",
    "uncovered": "a name or topic the company uses that no published article covers; on purpose: "
    "an article of policy `defer` covers it too",
}
"""The kinds of findings."""


def lint(loaded: Loaded, day: date) -> list[Finding]:
    """Everything worth a steward's attention on `day`, by kind and article."""
    published = _current(loaded.articles)
    found = [
        *_dates(published, day),
        *_limitations(published),
        *contradictions(published),
        *unstated(published),
        *prices_against_facts(published),
        *hard_to_say(published),
        *_wordings(published, loaded),
        *_uncovered(loaded, published),
    ]
    return sorted(found, key=lambda finding: (finding.kind, finding.article, finding.note))


def _current(articles: Sequence[Article]) -> list[Article]:
    """The published articles; if one takes over at a later day, only the coming version."""
    published: dict[str, Article] = {}
    for article in articles:
        before = published.get(article.id)
        newer = before is None or article.version > before.version
        if article.status == "published" and newer:
            published[article.id] = article
    return list(published.values())


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
        linked = [o for o in article.related if kinds.get(o, "limitation") != "limitation"]
        if article.type == "limitation" and not linked:
            note = "name in `related` the article whose promise it limits"
            yield Finding("limitation-unlinked", article.id, note)


def _wordings(articles: list[Article], loaded: Loaded) -> Iterator[Finding]:
    by_id = {article.id: article for article in articles}
    owner: dict[str, str] = {}
    words: dict[str, str] = {}
    for article in articles:
        for passage in article.passages:
            if not passage.asked:
                note = f"passage {passage.number} has no `> asked:` line"
                yield Finding("no-wording", article.id, note)
            for line in passage.asked:
                other = owner.setdefault(line.lower().rstrip("?. "), passage.citation)
                first = by_id.get(other.partition("@")[0], article)
                for_roles = variants(first, article, loaded.company)
                if other != passage.citation and not for_roles:
                    note = f"`{line}` also leads to {other}"
                    yield Finding("wording-twice", article.id, note)
            other = words.setdefault(passage.text.lower(), passage.citation)
            if other != passage.citation:
                note = f"passage {passage.number} says the same as {other}"
                yield Finding("passage-twice", article.id, note)


def _uncovered(loaded: Loaded, articles: list[Article]) -> Iterator[Finding]:
    """Vocabulary names and criteria topics that no published article covers."""
    said = " ".join(
        f"{article.title} {' '.join(article.synonyms)} "
        + " ".join(f"{p.text} {' '.join(p.asked)}" for p in article.passages)
        for article in articles
    ).lower()
    company = loaded.company
    for kind in ("products", "plans", "integrations", "competitors"):
        for name in getattr(company.vocabulary, kind):
            if name.lower() not in said:
                note = f"the vocabulary names {name} under {kind}, and no article covers it"
                yield Finding("uncovered", name, note)
    topics = {topic.lower() for article in articles for topic in article.topics}
    asked = {t for c in company.criteria for t in c.topics}
    for topic in sorted(asked):
        if topic.lower() not in topics:
            note = f"criteria wait for questions on {topic}, and no published article is on it"
            yield Finding("uncovered", topic, note)
