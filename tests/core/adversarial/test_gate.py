"""The gate against everything a model might invent, and with everything it may reword."""

import random
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from core.conversation.grounding.claims import content, covered, vocabulary
from core.conversation.grounding.gate import objection
from core.conversation.grounding.licence import Licence, approved
from knowledge.entry import Article
from knowledge.sentences import sentences
from tests.core.adversarial.inventions import INVENTIONS
from tests.core.talk import OTHER, sample

PARAPHRASES: dict[str, dict[str, list[str]]] = yaml.safe_load(
    Path(__file__).with_name("paraphrases.yaml").read_text()
)
ARTICLES = {a.id: a for a in sample().articles}
WORDED = [a for a in sample().articles if a.policy == "paraphrase"]
PASSAGES = [(a, p) for a in WORDED for p in a.passages]
CASES = [(kind, *case) for kind, cases in INVENTIONS.items() for case in cases]
CLAIMS = [case for case in CASES if case[0] != "not speech"]


def licence(article: Article) -> Licence:
    vocabulary = sample().company.vocabulary
    anchors = tuple(a.lower() for a in (*vocabulary.plans, *vocabulary.competitors))
    return Licence(approved(article.passages), ("Tideline", "Marina"), anchors=anchors)


@pytest.mark.parametrize(("kind", "article", "sentence"), CASES)
def test_an_invention_is_stopped(kind, article, sentence):
    assert objection(sentence, licence(ARTICLES[article])) is not None


@pytest.mark.parametrize(("kind", "most"), [("tuned", 0.08), ("unseen", 0.10)])
def test_few_faithful_paraphrases_are_stopped(kind, most):
    said = [(a, text) for a, texts in PARAPHRASES[kind].items() for text in texts]
    stopped = {text: r for a, text in said if (r := objection(text, licence(ARTICLES[a])))}
    assert len(said) >= 36
    assert len(stopped) / len(said) <= most, stopped


def test_every_approved_sentence_may_be_said_as_it_stands():
    stopped = {
        text: reason
        for folder in (sample(), sample(OTHER))
        for article in folder.articles
        for passage in article.passages
        for text in sentences(passage.spoken)
        if (reason := objection(text, licence(article))) and article.policy == "paraphrase"
    }
    assert not stopped


@pytest.mark.parametrize("joint", [", and yes, ", "; yes, ", ", but yes, "])
def test_a_yes_further_in_does_not_undo_an_approved_no(joint):
    article = ARTICLES["free-plan"]
    whole = f"No, there isn't a free plan{joint}there's a free plan."
    assert objection(whole, licence(article)) is not None


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PASSAGES), st.sampled_from(CLAIMS), st.integers(0, 2))
def test_an_invention_hidden_behind_approved_words_is_stopped(true, false, joint):
    """Whatever was approved, a claim of another article does not ride along with it."""
    (article, passage), (_, _, sentence) = true, false
    if objection(sentence, licence(article)) is None or not content(sentence):
        return  # approved here by chance, or a bare yes that now has something behind it
    first = sentences(passage.spoken)[0].rstrip(".")
    lower = sentence[:1].lower() + sentence[1:]
    whole = (f"{first}, and {lower}", f"{first}; {lower}", f"{first} because {lower}")[joint]
    assert objection(whole, licence(article)) is not None


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PASSAGES), st.sampled_from(PASSAGES), st.randoms(use_true_random=False))
def test_no_word_that_claims_something_slips_in(here, there, rng: random.Random):
    """A word of another article, put anywhere into an approved sentence, is noticed."""
    article, passage = here
    text = sentences(passage.spoken)[0]
    may = licence(article)
    known = {w for t in (*may.passages, *may.plan) for w in vocabulary(t)}
    foreign = [
        w for w in re.findall(r"[A-Za-z]{3,}", there[1].text)
        if any(not covered(s, known) for s in content(w))
    ]  # fmt: skip
    if not foreign:
        return
    words = text.split()
    words.insert(rng.randint(1, len(words) - 1), rng.choice(foreign))
    assert objection(" ".join(words), may) is not None


NUMBER = re.compile(r"\b(?:ten|twenty|thirty|forty-five|fifty|five|four|six|three|twelve|\d+)\b")
NUMBERED = [(a, p) for a, p in PASSAGES if NUMBER.search(p.spoken.lower())]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(NUMBERED), st.sampled_from(["seventeen", "88", "nine hundred", "7,300"]))
def test_no_figure_can_be_changed(numbered, other):
    article, passage = numbered
    for text in sentences(passage.spoken):
        if match := NUMBER.search(text.lower()):
            changed = text[: match.start()] + other + text[match.end() :]
            assert objection(changed, licence(article)) is not None, changed


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gets_a_verdict(text):
    """Whatever a model emits, the gate answers and lets nothing with odd letters through."""
    reason = objection(text, licence(ARTICLES["snowflake"]))
    if reason is None:
        assert text.isascii() or not any(c.isalnum() and not c.isascii() for c in text)


def test_another_company_is_held_to_its_own_words():
    other = {a.id: a for a in sample(OTHER).articles}
    may = Licence(approved(other["polaris"].passages), ("Corvane",))
    assert objection("It keeps samples at minus eighty-six degrees.", may) is None
    assert objection("It keeps samples at minus ninety degrees.", may) is not None
    assert objection("It stays below minus sixty for five hours after a power cut.", may) is None
    assert objection("It stays below minus sixty for five days.", may) is not None
    assert objection("It connects to Snowflake.", may) is not None
