"""The language of one company's callers: what pocketsphinx needs to understand them.

`prepare` returns acoustic model, dictionary and language model for a company, from a cache keyed by
everything they depend on: the company's words, this code, the wheel. The sample company's are
shipped prebuilt in `data/`. Rebuild those with
`python -m voice_agent.speech.sphinx.caller_language knowledge/company OUT`, OUT being that folder.
"""

import gzip
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from knowledge.entry import Article
from knowledge.load import Loaded, load
from knowledge.profile import Company
from voice_agent.errors import EngineUnavailable
from voice_agent.speech.sphinx import (
    caller_words,
    general_english,
    grammar,
    grammar_contact,
    grammar_dictated,
    grammar_facts,
    grammar_names,
    grammar_parts,
    grammar_questions,
    grammar_talk,
    grammar_values,
    hesitation,
    language_model,
    pronounce,
    telephone_model,
)

SENTENCES = 30_000
GENERAL_SHARE = 0.1
"""Share of general English in the language model; see tests/bench/bench_wer.py."""
FALTERING_WEIGHT = 0.3
"""Weight of a faltering sentence relative to a whole one; see tests/bench/bench_premature.py."""
OWN_SHARE, LEAST_WORDINGS = 0.05, 100
"""Weight of the company's own wordings relative to all whole sentences, once it has this many."""
SHIPPED = Path(__file__).parent / "data"
_RULES = (
    grammar_parts, grammar_questions, grammar_facts, grammar_contact, grammar_talk,
)  # fmt: skip
_SOURCES = (
    *_RULES, grammar, grammar_dictated, grammar_names,
    grammar_values, caller_words, general_english, hesitation, language_model,
    pronounce, telephone_model,
)  # fmt: skip
_FILES = ("callers.lm", "callers.dict")
_READY = "callers.lm.bin"
_HOMES = "callers-"
KEPT = 4
"""Languages kept in a cache, most recently used first: returning to a company is quick."""


@dataclass(frozen=True, slots=True)
class CallerLanguage:
    """Files in pocketsphinx's formats; `hmm` is a folder."""

    hmm: Path
    lm: Path
    dictionary: Path


def prepare(
    company: Company, phrases: Sequence[str], cache: Path, wordings: Sequence[str] = ()
) -> CallerLanguage:
    """The language of this company's callers: cached, shipped, or built now (seconds)."""
    key = content_key(company, phrases, wordings)
    home = (cache / f"{_HOMES}{key}").resolve()
    if not _complete(home):
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            made = Path(scratch) / "made"
            made.mkdir()
            if not _unpack(key, made):
                build(company, phrases, made, wordings)
            language_model.write_binary(made / "callers.lm", made / _READY)
            telephone_model.write_model(_wheel() / "en-us", made / "hmm")
            _publish(made, home)
    _prune(cache, home)
    return CallerLanguage(home / "hmm", home / _READY, home / "callers.dict")


def content_key(company: Company, phrases: Sequence[str], wordings: Sequence[str] = ()) -> str:
    """A key that changes whenever the built language would (or might): words, code, wheel."""
    digest = hashlib.sha256()
    words = company.vocabulary.model_dump(mode="json")
    team = [rep.name for rep in company.team]
    meetings = [meeting.label for meeting in company.meeting_types]
    told = [sorted(set(phrases)), sorted(set(wordings))]
    rest = [company.name, company.voice.agent_name, team, meetings, *told, SENTENCES]
    digest.update(json.dumps([words, rest], sort_keys=True).encode())
    for module in _SOURCES:
        digest.update(Path(str(module.__file__)).read_bytes())
    digest.update(str((GENERAL_SHARE, FALTERING_WEIGHT, OWN_SHARE)).encode())
    for name in ("cmudict-en-us.dict", "en-us.lm.bin"):
        digest.update(str((_wheel() / name).stat().st_size).encode())
    return digest.hexdigest()[:16]


def build(
    company: Company, phrases: Sequence[str], out: Path, wordings: Sequence[str] = ()
) -> None:
    """Write `callers.lm` and `callers.dict` into the folder `out`. Deterministic."""
    known = pronounce.read_dictionary(_wheel() / "cmudict-en-us.dict")
    pronouncer = pronounce.Pronouncer(known, company.vocabulary.pronunciations)
    spoken = caller_words.Spoken(pronouncer)
    whole = _expanded(company, phrases, spoken)
    own = spoken.all(sorted(set(wordings)))
    weight = OWN_SHARE * len(whole) / max(len(own), LEAST_WORDINGS)
    counts = language_model.count(
        [(s, 1.0) for s in whole]
        + [(s, FALTERING_WEIGHT) for s in hesitation.faltering(whole)]
        + [(s, weight) for s in own]
    )
    general = general_english.general_english(_wheel() / "en-us.lm.bin", known)
    model = language_model.CallerModel(counts, general, GENERAL_SHARE)
    language_model.write_arpa(model, out / "callers.lm")
    _write_dictionary(sorted(model.unigram), spoken, out / "callers.dict")


def sentences(company: Company, phrases: Sequence[str], wordings: Sequence[str] = ()) -> list[str]:
    """The sentences this company's callers are expected to say, as the model gets them."""
    known = pronounce.read_dictionary(_wheel() / "cmudict-en-us.dict")
    pronouncer = pronounce.Pronouncer(known, company.vocabulary.pronunciations)
    spoken = caller_words.Spoken(pronouncer)
    return [*_expanded(company, phrases, spoken), *spoken.all(wordings)]


def _expanded(company: Company, phrases: Sequence[str], spoken: caller_words.Spoken) -> list[str]:
    filled = caller_words.lists(company, sorted(set(phrases)), spoken)
    text = "".join(module.RULES for module in _RULES)
    values = grammar_values.Values().lists()
    whole = grammar.Grammar(text, {**values, **filled})
    return whole.sentences(SENTENCES) + caller_words.carried(filled)


def _write_dictionary(words: Sequence[str], spoken: caller_words.Spoken, path: Path) -> None:
    with path.open("w", encoding="ascii", newline="\n") as out:
        for word in words:
            if word == language_model.END:
                continue
            sounds = spoken.sounds_of(word)
            for number, phones in enumerate(sounds, 1):
                out.write(f"{word}{'' if number == 1 else f'({number})'} {phones}\n")


def _wheel() -> Path:
    spec = find_spec("pocketsphinx")
    if spec is None or spec.origin is None:
        raise EngineUnavailable("pocketsphinx is not installed")
    return Path(spec.origin).parent / "model" / "en-us"


def _complete(home: Path) -> bool:
    return all((home / name).exists() for name in (*_FILES, _READY, "hmm"))


def _publish(made: Path, home: Path) -> None:
    """Move into place atomically, so that another process sees all of it or nothing."""
    try:
        made.rename(home)
    except OSError:
        if not _complete(home):
            raise


def _prune(cache: Path, used: Path) -> None:
    """Remove all but the most recently used languages; a read-only cache stays as it is."""
    try:
        os.utime(used)
        homes = sorted(cache.glob(f"{_HOMES}*"), key=lambda home: home.stat().st_mtime)
    except OSError:
        return
    for old in homes[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def _unpack(key: str, out: Path) -> bool:
    """Unpack the shipped language if its key matches."""
    if not (SHIPPED / "key").is_file() or (SHIPPED / "key").read_text().strip() != key:
        return False
    for name in _FILES:
        with gzip.open(SHIPPED / f"{name}.gz", "rb") as packed, (out / name).open("wb") as plain:
            shutil.copyfileobj(packed, plain)
    return True


def phrases_of(articles: Iterable[Article]) -> list[str]:
    """The phrases of the articles, for `prepare`: titles, topics, synonyms."""
    return [
        phrase
        for article in articles
        for phrase in (article.title, *article.topics, *article.synonyms)
    ]


def wordings_of(loaded: Loaded) -> list[str]:
    """How the company's buyers phrase things: the wordings of its passages and scenarios."""
    asked = [w for article in loaded.articles for p in article.passages for w in p.asked]
    return [*asked, *(w for scenario in loaded.company.scenarios for w in scenario.said)]


def ship(loaded: Loaded, out: Path) -> None:
    """Write the compressed language and its key into `out`, to be committed."""
    told, wordings = (loaded.company, phrases_of(loaded.articles)), wordings_of(loaded)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        build(*told, Path(scratch), wordings)
        for name in _FILES:
            packed = gzip.compress((Path(scratch) / name).read_bytes(), 9, mtime=0)
            (out / f"{name}.gz").write_bytes(packed)
    (out / "key").write_text(content_key(*told, wordings) + "\n")


def main(folder: str, out: str) -> None:
    """Build the language of the company in `folder` and ship it to `out`."""
    ship(load(Path(folder)), Path(out))


if __name__ == "__main__":
    main(*sys.argv[1:])
