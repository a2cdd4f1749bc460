"""Only what is published and in date can be found, whatever the articles are and whenever."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.answer import KnowledgeBase
from knowledge.entry import Answer, Article
from knowledge.load import Loaded, load
from tests.knowledge.lumo import write_company

START = date(2026, 1, 1)
DAYS = st.integers(0, 40).map(lambda n: START + timedelta(days=n))
STATUSES = st.sampled_from(("draft", "in_review", "approved", "published", "published", "retired"))
FORM = st.tuples(STATUSES, DAYS, DAYS)
ASKS = ("how long does the garden lamp run", "can i replace the bulb", "garden lamp", "bulb")


@cache
def lumo() -> Loaded:
    with TemporaryDirectory() as place:
        return load(write_company(Path(place) / "lumo"))


@settings(max_examples=80, deadline=None)
@given(st.lists(FORM, min_size=2, max_size=2), st.lists(DAYS, min_size=1, max_size=4))
def test_only_published_passages_in_date_are_found(forms, days):
    def formed(article: Article, form) -> Article:
        status, first, last = form
        return replace(article, status=status, valid_from=first, review_by=last)

    articles = tuple(formed(a, f) for a, f in zip(lumo().articles, forms, strict=True))
    base = KnowledgeBase(replace(lumo(), articles=articles))
    for day in days:
        usable = {a.id for a in articles if a.usable_on(day)}
        for ask in ASKS:
            found = base.answer(ask, day=day)
            if isinstance(found, Answer):
                assert found.article.id in usable
                assert found.article.status == "published"
                assert found.article.valid_from <= day <= found.article.review_by
                assert {p.article_id for p in found.passages} == {found.article.id}
        if "lamp" in usable:
            assert isinstance(base.answer(ASKS[0], day=day), Answer)
