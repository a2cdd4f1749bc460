"""Answers come from approved, in-date passages that really answer; all else is not answered."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.answer import KnowledgeBase
from knowledge.audience import NOBODY, Caller
from knowledge.entry import Answer, NoAnswer
from knowledge.load import Loaded, load
from knowledge.retrieval.sufficiency import calibration
from tests.knowledge.asked_sets import asked
from tests.knowledge.conftest import CORVANE, TIDELINE

DAY = date(2026, 11, 23)
HERE = Path(__file__).parent


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


def asked_in(name: str) -> list[tuple[str, set[str]]]:
    groups = read(HERE / name)["asked"]
    return [(ask, set(key.split("|"))) for key, asks in groups.items() for ask in asks]


def stated(found: Answer | NoAnswer) -> bool:
    """Whether a fact was told; to be put off by the wrong article misleads nobody."""
    return isinstance(found, Answer) and found.policy in ("paraphrase", "verbatim")


GOLDEN = read(TIDELINE / "golden.yaml")
SETS = ["questions.yaml", "held_out.yaml", "held_out_2.yaml", "held_out_3.yaml"]


@pytest.mark.parametrize("item", GOLDEN["answered"], ids=lambda item: item["ask"])
def test_golden_question_is_answered_by_its_article(base: KnowledgeBase, item: dict[str, str]):
    found = base.answer(item["ask"], day=DAY)
    assert isinstance(found, Answer), found
    assert found.article.id == item["article"]
    assert 1 <= len(found.passages) <= 2


@pytest.mark.parametrize("ask", GOLDEN["unanswerable"])
def test_golden_unanswerable_question_is_not_answered(base: KnowledgeBase, ask: str):
    assert isinstance(base.answer(ask, day=DAY), NoAnswer)


@pytest.mark.parametrize("name", SETS)
def test_paraphrases_as_heard_are_rarely_deferred_or_misdirected(base: KnowledgeBase, name: str):
    rows = asked_in(name)
    found = [(ask, keys, base.answer(ask, day=DAY)) for ask, keys in rows]
    unsure = [(ask, k, a.perhaps) for ask, k, a in found if isinstance(a, NoAnswer)]
    deferred = [ask for ask, k, p in unsure if p is None or p.article_id not in k]
    elsewhere = [
        (ask, a.article.id)
        for ask, k, a in found
        if isinstance(a, Answer) and a.article.id not in k
    ]
    assert len(unsure) <= 0.15 * len(rows), unsure
    assert len(deferred) <= 0.08 * len(rows), deferred
    assert len(elsewhere) <= 0.03 * len(rows), elsewhere


def test_unanswerable_questions_are_seldom_answered_falsely(base: KnowledgeBase):
    asked = [ask for name in SETS for ask in read(HERE / name)["unanswerable"]]
    answered = [ask for ask in asked if stated(base.answer(ask, day=DAY))]
    assert len(asked) >= 250
    assert len(answered) <= 3, answered


@pytest.mark.parametrize(
    "item", read(HERE / "questions.yaml")["follow_ups"], ids=lambda item: item["ask"]
)
def test_follow_up_is_read_in_the_light_of_what_was_asked(
    base: KnowledgeBase, item: dict[str, Any]
):
    found = base.answer(item["ask"], day=DAY, context=item["after"])
    got = found.article.id if isinstance(found, Answer) else None
    wanted = item["article"] if isinstance(item["article"], list) else [item["article"]]
    assert got in wanted


def test_question_with_a_subject_of_its_own_is_not_read_in_the_light_of_another(
    base: KnowledgeBase,
):
    before = ["does tideline integrate with our snowflake data warehouse"]
    found = base.answer("is there a price for the growth plan", day=DAY, context=before)
    assert isinstance(found, Answer) and found.article.id == "growth-plan"
    found = base.answer("can it connect to our old mainframe computer", day=DAY, context=before)
    assert isinstance(found, NoAnswer) and "Snowflake" not in found.reason


@pytest.mark.parametrize(
    ("heard", "article"), [("how often does it sink", "sync-frequency"), ("can you sing", None)]
)
def test_short_word_is_read_by_its_sound_where_one_word_sounds_so(
    base: KnowledgeBase, heard: str, article: str | None
):
    found = base.answer(heard, day=DAY)
    assert (found.article.id if isinstance(found, Answer) else None) == article


def test_unseen_questions_are_seldom_answered_falsely(base: KnowledgeBase):
    """`held_out_4.yaml` was measured when it was written; this keeps what was found then."""
    held = read(HERE / "held_out_4.yaml")
    falsely = [q for q in held["unanswerable"] if stated(base.answer(q, day=DAY))]
    asked = asked_in("held_out_4.yaml")
    deferred = [q for q, _ in asked if isinstance(base.answer(q, day=DAY), NoAnswer)]
    assert len(falsely) <= 1 and len(deferred) <= 7


def test_second_company_answers_its_own_golden_questions_with_the_same_thresholds(corvane: Loaded):
    base, golden = KnowledgeBase(corvane), read(CORVANE / "golden.yaml")
    right = 0
    for item in golden["answered"]:
        found = base.answer(item["ask"], day=DAY)
        assert isinstance(found, NoAnswer) or found.article.id == item["article"], item
        right += isinstance(found, Answer)
    assert right >= 0.9 * len(golden["answered"])
    assert [a for a in golden["unanswerable"] if stated(base.answer(a, day=DAY))] == []


def test_second_company_defers_what_it_does_not_cover(corvane: Loaded):
    base, held = KnowledgeBase(corvane), read(HERE / "held_out_corvane.yaml")
    asked = [(ask, key) for key, asks in held["asked"].items() for ask in asks]
    found = [(key, base.answer(ask, day=DAY)) for ask, key in asked]
    assert all(isinstance(a, NoAnswer) or a.article.id == key for key, a in found)
    assert sum(isinstance(a, NoAnswer) for _, a in found) <= 4 <= 0.17 * len(asked)
    assert [a for a in held["unanswerable"] if stated(base.answer(a, day=DAY))] == []


@pytest.mark.parametrize(
    ("ask", "policy"),
    [
        ("can you give me a discount", "defer"),
        ("do you accept redlines", "escalate"),
        ("what is your revenue", "refuse"),
        ("do you sign a baa", "verbatim"),
    ],
)
def test_policy_of_the_topic_comes_with_the_answer(base: KnowledgeBase, ask: str, policy: str):
    found = base.answer(ask, day=DAY)
    assert isinstance(found, Answer) and found.policy == policy


def test_only_published_and_current_passages_are_spoken(tideline: Loaded):
    trial = next(a for a in tideline.articles if a.id == "trial")
    ask = "how long is the free trial"
    for change in (
        {"status": "draft"}, {"status": "retired"},
        {"review_by": DAY - timedelta(days=1)}, {"valid_from": DAY + timedelta(days=1)},
    ):  # fmt: skip
        articles = tuple(replace(a, **change) if a is trial else a for a in tideline.articles)
        found = KnowledgeBase(replace(tideline, articles=articles)).answer(ask, day=DAY)
        assert isinstance(found, NoAnswer) or found.article.id != "trial"


def test_new_day_brings_what_became_valid(tideline: Loaded):
    trial = next(a for a in tideline.articles if a.id == "trial")
    later = replace(trial, valid_from=DAY + timedelta(days=1))
    articles = tuple(later if a is trial else a for a in tideline.articles)
    base = KnowledgeBase(replace(tideline, articles=articles))
    ask = "how long is the free trial"
    today, tomorrow = (base.answer(ask, day=DAY + timedelta(days=n)) for n in (0, 1))
    assert isinstance(today, NoAnswer) or today.article.id != "trial"
    assert isinstance(tomorrow, Answer) and tomorrow.article.id == "trial"


def test_unanswered_question_has_a_reason_an_owner_who_is_a_rep_and_near_articles(
    base: KnowledgeBase, tideline: Loaded
):
    found = base.answer("do you integrate with microsoft dynamics", day=DAY)
    assert isinstance(found, NoAnswer)
    assert "Microsoft Dynamics" in found.reason
    assert tideline.company.rep(found.owner) is not None
    assert found.near


def test_price_question_is_not_answered_by_a_passage_without_a_price(base: KnowledgeBase):
    assert isinstance(base.answer("how much does scim cost", day=DAY), NoAnswer)


def test_what_leads_up_to_a_question_does_not_hide_it(base: KnowledgeBase):
    long = "hi this is jane from acme and i was wondering if you guys connect to big query"
    found = base.answer(long, day=DAY)
    assert isinstance(found, Answer) and found.article.id == "bigquery"


@pytest.mark.parametrize("ask", ["", "   ", "um", "hello", "?!", "it", "ß 你好", "a" * 5000])
def test_nothing_like_a_question_is_not_answered(base: KnowledgeBase, ask: str):
    assert isinstance(base.answer(ask, day=DAY), NoAnswer)


def test_company_without_usable_articles_answers_nothing(tideline: Loaded):
    base = KnowledgeBase(replace(tideline, articles=()))
    assert isinstance(base.answer("how much is it", day=DAY), NoAnswer)


def test_words_given_up_before_a_question_do_not_hide_it(base):
    found = base.answer(
        "sorry but would we stop you fair how much does the growth plan cost", day=DAY
    )
    assert isinstance(found, Answer) and found.article.id == "growth-plan"


def test_how_often_is_not_answered_with_a_price(base):
    before = ("how much does the growth plan cost",)
    found = base.answer("how often does it think", day=DAY, context=before)
    assert not (isinstance(found, Answer) and "$" in found.passages[0].text)


@pytest.mark.parametrize(
    ("name", "deferred", "false"), [("tideline", 0.25, 0.06), ("corvane", 0.5, 0.07)]
)
def test_questions_nobody_tuned_on_fare_no_worse_than_measured(
    base: KnowledgeBase, corvane: Loaded, name: str, deferred: float, false: float
):
    """Near misses by design, see `asked/`; the measured figures are in bench_unseen_answers."""
    known = base if name == "tideline" else KnowledgeBase(corvane)
    rows = [(q, known.answer(q.ask, day=DAY, context=q.after)) for q in asked(name, "hold-out")]
    covered = [a for q, a in rows if q.articles]
    uncovered = [a for q, a in rows if not q.articles]
    assert sum(isinstance(a, NoAnswer) for a in covered) <= deferred * len(covered)
    assert sum(stated(a) for a in uncovered) <= false * len(uncovered)


def test_what_is_asked_of_something_said_before_must_be_covered_itself(base: KnowledgeBase):
    before = ["do you have single sign on"]
    assert isinstance(base.answer("does it work with okta", day=DAY, context=before), Answer)
    assert isinstance(base.answer("with kerberos too?", day=DAY, context=before), NoAnswer)


@pytest.mark.parametrize(
    ("audience", "caller", "answered"),
    [
        (("all",), ("startup",), True),
        (("enterprise",), ("enterprise",), True),
        (("enterprise",), ("startup",), False),
        (("enterprise",), (), True),
        (("enterprise",), ("healthcare",), True),
        (("healthcare",), ("startup", "Retail"), False),
        (("enterprise", "healthcare"), ("enterprise", "retail"), False),
        (("enterprise", "healthcare"), ("enterprise", "Healthcare"), True),
    ],
)
def test_article_for_others_is_not_told_to_a_caller_known_not_to_be_one(
    tideline: Loaded, audience: tuple[str, ...], caller: tuple[str, ...], answered: bool
):
    articles = tuple(
        replace(a, audience=audience) if a.id == "scim" else a for a in tideline.articles
    )
    base = KnowledgeBase(replace(tideline, articles=articles))
    found = base.answer("is scim available", day=DAY, caller=Caller(caller))
    assert (isinstance(found, Answer) and found.article.id == "scim") is answered


BUILD = "why not build it ourselves"


@pytest.mark.parametrize(
    ("role", "article"),
    [
        ("CFO", "build-cost"), ("VP of engineering", "build-cost"),
        ("procurement manager", "build-in-house"), ("data engineer", "build-in-house"),
        ("", "build-in-house"), ("decision maker", "build-in-house"),
    ],
)  # fmt: skip
def test_of_two_passages_that_answer_the_one_for_their_role_is_told(base, role, article):
    found = base.answer(BUILD, day=DAY, caller=Caller((), role))
    assert isinstance(found, Answer) and found.article.id == article


@pytest.mark.parametrize("caller", [NOBODY, Caller(("startup",), "data engineer")])
def test_what_is_for_another_role_is_told_where_nothing_else_answers(tideline, caller):
    articles = tuple(
        replace(a, audience=("finance",)) if a.id == "scim" else a for a in tideline.articles
    )
    base = KnowledgeBase(replace(tideline, articles=articles))
    found = base.answer("is scim available", day=DAY, caller=caller)
    assert isinstance(found, Answer) and found.article.id == "scim"


def test_a_question_of_something_else_is_answered_whoever_asks(base):
    for role in ("", "CFO", "data engineer"):
        found = base.answer("is scim available", day=DAY, caller=Caller(("enterprise",), role))
        assert isinstance(found, Answer) and found.article.id == "scim"


def test_an_article_for_a_role_is_no_rival_of_the_one_it_varies(tideline):
    """Else each would make the other doubtful, and both would be put off."""
    without = tuple(a for a in tideline.articles if a.id != "build-cost")
    alone = KnowledgeBase(replace(tideline, articles=without)).answer(BUILD, day=DAY)
    beside = KnowledgeBase(tideline).answer(BUILD, day=DAY)
    assert isinstance(alone, Answer) and isinstance(beside, Answer)
    assert beside.score == pytest.approx(alone.score, abs=0.02)


def test_what_may_be_meant_is_asked_back_in_words_that_have_that_answer(base: KnowledgeBase):
    found = base.answer("how would gdpr removal demands work", day=DAY)
    assert isinstance(found, NoAnswer)
    assert found.perhaps is not None
    meant = base.answer(found.perhaps.wording, day=DAY)
    assert isinstance(meant, Answer)
    assert meant.article.id == found.perhaps.article_id == "gdpr"


def test_nothing_is_asked_back_of_what_nobody_wrote_about(base: KnowledgeBase):
    found = base.answer("do you read eld devices in trucks", day=DAY)
    assert isinstance(found, NoAnswer)
    assert found.perhaps is None


def test_a_company_with_few_wordings_answers_at_a_lower_chance():
    usual = calibration()
    few, some, many = (usual.among(each).threshold for each in (4, 8, 15))
    assert few < some < many == usual.threshold
    assert usual.among(4).no_fact_threshold == usual.no_fact_threshold


def test_what_states_no_price_is_no_rival_of_a_price():
    loaded = load(TIDELINE.parents[1] / "tests" / "companies" / "saltmarsh")
    found = KnowledgeBase(loaded).answer("how much is pick and pack", day=DAY)
    assert isinstance(found, Answer) and found.article.id == "pick-and-pack-prices"
