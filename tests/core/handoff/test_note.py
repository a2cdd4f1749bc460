"""The brief of real conversations: read in half a minute, whatever they were about."""

import re

import anyio
import pytest

from core.evaluation.load import load_evals
from core.evaluation.run import hold
from core.handoff.brief import brief
from core.handoff.note import MOST_WORDS, note
from tests.core.talk import SAMPLE, engine, sample

EVERY = 6
TALKS = load_evals(SAMPLE / "evals", sample()).conversations[::EVERY]


@pytest.mark.parametrize("talk", TALKS, ids=[t.id for t in TALKS])
def test_a_brief_is_read_in_half_a_minute_and_says_who_what_and_next(talk):
    facts = anyio.run(hold, talk, engine()).facts
    made = brief(facts, sample().company)
    text = note(made)
    assert len(text.split()) <= MOST_WORDS
    assert "_" not in text and not re.search(r"(?<!“)\bNone\b", text), "words for people, not keys"
    assert text.splitlines()[1].startswith(("Next: ", "Do not contact")), text
    promised = [p["text"] for p in made["promises"] if p["by"] and p["stands"]]
    assert ("calls back" in made["summary"]) >= bool(promised)
