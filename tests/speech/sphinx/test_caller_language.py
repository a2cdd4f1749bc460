"""The caller language: grammar, language model, and the files made from them and the company."""

import math
import os
import re
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from pocketsphinx import Config, LogMath, NGramModel

from knowledge.load import load
from voice_agent.config import SAMPLE_COMPANY
from voice_agent.speech.sphinx import caller_language, grammar_values
from voice_agent.speech.sphinx.caller_language import content_key, phrases_of, prepare, wordings_of
from voice_agent.speech.sphinx.caller_words import Spoken
from voice_agent.speech.sphinx.grammar import Grammar
from voice_agent.speech.sphinx.hesitation import FILLERS, faltering
from voice_agent.speech.sphinx.language_model import (
    END,
    START,
    CallerModel,
    General,
    count,
    write_arpa,
    write_binary,
)
from voice_agent.speech.sphinx.pronounce import Pronouncer
from voice_agent.speech.sphinx.telephone_model import WIDE, band_matrix

CORVANE = Path(__file__).parents[2] / "companies" / "corvane"
RULES = """
: ask 2
(can|could) you (please |) connect <tool>
what about
  <tool>
: bye
bye (now|)
"""


def grammar(**lists: list[str]) -> Grammar:
    return Grammar(RULES, {"tool": ["snowflake"], **lists})


def test_a_choice_may_be_nothing_and_lines_may_continue():
    found = set(grammar().sentences(300))
    assert {"bye", "bye now", "what about snowflake", "can you connect snowflake"} <= found
    assert "could you please connect snowflake" in found


def test_the_same_seed_gives_the_same_sentences():
    assert grammar().sentences(50) == grammar().sentences(50)


def test_wordings_that_need_an_empty_list_are_left_out():
    assert {s.split()[0] for s in grammar(tool=[]).sentences(60)} == {"bye"}


def test_an_unknown_part_is_an_error_that_names_it():
    with pytest.raises(ValueError, match="tool"):
        Grammar(RULES, {})


def test_an_unbalanced_wording_is_an_error():
    with pytest.raises(ValueError, match="unbalanced"):
        Grammar(": x\n(a|b\n", {})


@pytest.mark.parametrize(
    ("n", "words"),
    [(7, "seven"), (40, "forty"), (215, "two hundred fifteen"), (12_000, "twelve thousand")],
)
def test_numbers_are_said_in_words(n: int, words: str):
    assert grammar_values.spoken_number(n) == words


def test_names_are_said_the_way_callers_do():
    spoken = Spoken(Pronouncer({"big": ("B IH G",), "query": ("K W IH R IY",)}, {}))
    assert spoken.say("BigQuery") == "bigquery"
    assert spoken.sounds["bigquery"] == ("B IH G K W IH R IY",)
    assert spoken.say("SOC 2") == "soc two"
    assert spoken.say("Customer 360 & S3") == "customer three sixty and s three"
    assert spoken.say("e-commerce") == "e commerce"


def small_model() -> CallerModel:
    counts = count((s, 1.0) for s in ["we use data", "we use it", "how much is it"])
    general = General({"the": 0.6, "it": 0.3, END: 0.1}, {("the", "it"): 0.2, (START, "the"): 0.4})
    return CallerModel(counts, general, 0.2)


@pytest.mark.parametrize("history", ["we", "use", "the", "data", "it", START])
def test_probabilities_after_any_word_sum_to_one(history: str):
    model = small_model()
    assert math.fsum(model.bigram(history, w) for w in model.unigram) == pytest.approx(1.0)


def test_probabilities_after_two_words_sum_to_one():
    model = small_model()
    assert math.fsum(model.trigram("we", "use", w) for w in model.unigram) == pytest.approx(1.0)


def test_the_written_model_backs_off_to_the_same_probabilities(tmp_path: Path):
    model = small_model()
    path = tmp_path / "small.lm"
    write_arpa(model, path)
    table = {}
    for line in path.read_text().splitlines():
        fields = line.split()
        if len(fields) > 1 and re.match(r"-\d", fields[0]):
            back = float(fields.pop()) if re.match(r"-?\d", fields[-1]) else 0.0
            table[tuple(fields[1:])] = (10 ** float(fields[0]), 10**back)
    assert ("use", "the") not in table
    said = table[("use",)][1] * table[("the",)][0]
    assert said == pytest.approx(model.bigram("use", "the"), rel=0.01)


@pytest.mark.engine
def test_the_model_as_decoders_read_it_has_the_probabilities_it_was_written_with(tmp_path: Path):
    arpa, binary = tmp_path / "small.lm", tmp_path / "small.lm.bin"
    write_arpa(small_model(), arpa)
    write_binary(arpa, binary)
    written, read = (NGramModel(Config(), LogMath(), str(path)) for path in (arpa, binary))
    words = [START, *small_model().unigram]
    grams = [words[n:m] for n in range(len(words)) for m in range(n + 1, n + 4)]
    assert [read.prob(gram) for gram in grams] == [written.prob(gram) for gram in grams]
    assert len({read.prob(gram) for gram in grams}) > len(words)


def test_the_band_matrix_of_a_band_with_itself_changes_nothing():
    assert np.allclose(band_matrix(WIDE, WIDE), np.eye(13))


@pytest.fixture(scope="module")
def corvane(tmp_path_factory: pytest.TempPathFactory):
    """The files of another company, built from nothing."""
    loaded = load(CORVANE)
    cache = tmp_path_factory.mktemp("callers")
    return (
        loaded,
        cache,
        prepare(loaded.company, phrases_of(loaded.articles), cache, wordings_of(loaded)),
    )


@pytest.mark.engine
def test_every_word_of_the_model_has_a_pronunciation(corvane):
    _, _, language = corvane
    words = set(re.findall(r"^-\S+ (\S+) -?[\d.]+$", language.lm.with_suffix("").read_text(), re.M))
    said = defaultdict(list)
    for line in language.dictionary.read_text().splitlines():
        word, *phones = line.split()
        said[word.partition("(")[0]].append(phones)
    assert words - {START, END} == set(said)
    assert all(phones for ways in said.values() for phones in ways)


@pytest.mark.engine
def test_another_company_brings_its_own_words_and_none_of_the_samples(corvane):
    loaded, _, language = corvane
    words = {line.split()[0] for line in language.dictionary.read_text().splitlines()}
    assert loaded.company.name.lower().split()[0] in words
    assert not {"tideline", "snowflake", "hightouch"} & words


@pytest.mark.engine
def test_the_same_company_gives_the_same_bytes(corvane, tmp_path: Path):
    loaded, cache, language = corvane
    assert (
        prepare(loaded.company, phrases_of(loaded.articles), cache, wordings_of(loaded)) == language
    )
    again = prepare(
        loaded.company, phrases_of(reversed(loaded.articles)), tmp_path, wordings_of(loaded)
    )
    for one, other in ((language.lm, again.lm), (language.dictionary, again.dictionary)):
        assert one.read_bytes() == other.read_bytes()


def test_faltering_callers_stop_anywhere_and_fill_the_pause():
    whole = ["does it work with snowflake", "is it", "we are in retail", "we are in retail"] * 20
    falters = list(faltering(whole))
    assert falters == list(faltering(whole))
    begun = {said for said in falters if said.split()[-1] not in FILLERS}
    assert {"does", "does it", "does it work", "does it work with"} <= begun
    assert any(said.split()[-1] in FILLERS for said in falters)
    assert all(set(said.split()) - set(FILLERS) <= set(" ".join(whole).split()) for said in falters)


def test_an_unfinished_sentence_may_end_and_um_may_follow_any_word():
    whole = ["does it work with snowflake", "do you work with redshift"] * 10
    general = General({"um": 0.001, END: 0.1, "it": 0.899}, {})
    fluent = CallerModel(count((s, 1.0) for s in whole), general, 0.1)
    falters = CallerModel(count((s, 1.0) for s in [*whole, *faltering(whole)]), general, 0.1)
    for model in (fluent, falters):
        assert model.bigram("with", "snowflake") > 0.1
    assert falters.bigram("with", END) > 2 * fluent.bigram("with", END)
    assert falters.bigram("with", "um") > 0.005 > fluent.bigram("with", "um")


def test_languages_long_unused_are_removed_from_the_cache(tmp_path: Path):
    loaded = load(SAMPLE_COMPANY)
    phrases = phrases_of(loaded.articles)
    for age in range(1, 8):
        old = tmp_path / f"callers-{age}"
        (old / "hmm").mkdir(parents=True)
        os.utime(old, (1_000_000_000 - age, 1_000_000_000 - age))
    (tmp_path / "other").mkdir()
    used = prepare(loaded.company, phrases, tmp_path, wordings_of(loaded)).lm.parent
    assert {home.name for home in tmp_path.iterdir()} == {
        used.name, "callers-1", "callers-2", "callers-3", "other",
    }  # fmt: skip


def test_the_key_follows_the_company_and_its_articles():
    company = load(CORVANE).company
    renamed = company.model_copy(update={"name": "Other"})
    keys = {content_key(company, []), content_key(company, ["x"]), content_key(renamed, [])}
    assert len(keys) == 3


def test_the_shipped_language_is_that_of_the_sample_company():
    loaded = load(SAMPLE_COMPANY)
    fresh = content_key(loaded.company, phrases_of(loaded.articles), wordings_of(loaded))
    shipped = (caller_language.SHIPPED / "key").read_text().strip()
    assert shipped == fresh, (
        "stale; run: python -m voice_agent.speech.sphinx.caller_language "
        "knowledge/company voice_agent/speech/sphinx/data"
    )


def test_the_shipped_language_is_unpacked_rather_than_built(tmp_path: Path, monkeypatch):
    def refuse(*_: object) -> None:
        raise AssertionError("built although shipped")

    loaded = load(SAMPLE_COMPANY)
    phrases = phrases_of(loaded.articles)
    key = (caller_language.SHIPPED / "key").read_text().strip()
    if key != content_key(loaded.company, phrases, wordings_of(loaded)):
        pytest.skip("the shipped language is stale")
    monkeypatch.setattr(caller_language, "build", refuse)
    language = prepare(loaded.company, phrases, tmp_path, wordings_of(loaded))
    assert language.lm.stat().st_size > 1_000_000
    assert sum(f.stat().st_size for f in caller_language.SHIPPED.iterdir()) <= 3_000_000
