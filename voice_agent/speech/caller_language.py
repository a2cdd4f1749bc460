"""The language of one company's callers: what pocketsphinx must know to understand them.

`prepare` returns a dictionary and a language model for a company, from a cache keyed by everything
they depend on: the company's words, this code, the wheel's dictionary. The sample company's are
shipped ready-made in `data/`. Rebuild those with
`python -m voice_agent.speech.caller_language COMPANY_FOLDER OUT`.
"""

import gzip
import hashlib
import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from knowledge.profile import Company
from voice_agent.speech import (
    caller_grammar,
    caller_grammar_sales,
    caller_grammar_talk,
    caller_grammar_values,
    caller_words,
    language_model,
    pronounce,
)

SENTENCES = 30_000
SHIPPED = Path(__file__).parent / "data"
_SOURCES = (
    caller_grammar, caller_grammar_sales, caller_grammar_talk, caller_grammar_values, caller_words,
    language_model, pronounce,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CallerLanguage:
    """Two files in the formats of pocketsphinx."""

    lm: Path
    dictionary: Path


def prepare(company: Company, phrases: Sequence[str], cache: Path) -> CallerLanguage:
    """The language of this company's callers: cached, shipped, or built now (seconds)."""
    key = content_key(company, phrases)
    home = (cache / f"callers-{key}").resolve()
    if not _complete(home):
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            made = Path(scratch) / "made"
            made.mkdir()
            if not _unpack(key, made):
                build(company, phrases, made)
            _publish(made, home)
    return CallerLanguage(home / "callers.lm", home / "callers.dict")


def content_key(company: Company, phrases: Sequence[str]) -> str:
    """Changes exactly when the built language would (or might): words, code, wheel."""
    digest = hashlib.sha256()
    words = company.vocabulary.model_dump(mode="json")
    team = [rep.name for rep in company.team]
    meetings = [meeting.label for meeting in company.meeting_types]
    rest = [company.name, company.voice.agent_name, team, meetings, sorted(set(phrases)), SENTENCES]
    digest.update(json.dumps([words, rest], sort_keys=True).encode())
    for module in _SOURCES:
        digest.update(Path(str(module.__file__)).read_bytes())
    digest.update(Path(__file__).read_bytes())
    digest.update(str(_wheel_dictionary().stat().st_size).encode())
    return digest.hexdigest()[:16]


def build(company: Company, phrases: Sequence[str], out: Path) -> None:
    """Write `callers.lm` and `callers.dict` into the folder `out`. Deterministic."""
    known = pronounce.read_dictionary(_wheel_dictionary())
    pronouncer = pronounce.Pronouncer(known, company.vocabulary.pronunciations)
    spoken = caller_words.Spoken(pronouncer)
    filled = caller_words.lists(company, sorted(set(phrases)), spoken)
    text = caller_grammar_sales.RULES + caller_grammar_talk.RULES
    values = caller_grammar_values.Values().lists()
    grammar = caller_grammar.Grammar(text, {**values, **filled})
    sentences = grammar.sentences(SENTENCES) + caller_words.carried(filled)
    counts = language_model.count((sentence, 1.0) for sentence in sentences)
    model = language_model.WittenBell(counts, {gram[0]: 1.0 for gram in counts[0]})
    language_model.write_arpa(model, out / "callers.lm")
    _write_dictionary(sorted(model.unigram), spoken, out / "callers.dict")


def _write_dictionary(words: Sequence[str], spoken: caller_words.Spoken, path: Path) -> None:
    with path.open("w", encoding="ascii", newline="\n") as out:
        for word in words:
            if word == language_model.END:
                continue
            sounds = spoken.sounds_of(word)
            for number, phones in enumerate(sounds, 1):
                out.write(f"{word}{'' if number == 1 else f'({number})'} {phones}\n")


def _wheel_dictionary() -> Path:
    spec = find_spec("pocketsphinx")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent / "model" / "en-us" / "cmudict-en-us.dict"


def _complete(home: Path) -> bool:
    return (home / "callers.lm").is_file() and (home / "callers.dict").is_file()


def _publish(made: Path, home: Path) -> None:
    """Move into place at once, so that another process sees all of it or nothing."""
    try:
        made.rename(home)
    except OSError:
        if not _complete(home):
            raise


def _unpack(key: str, out: Path) -> bool:
    """Take the shipped language if it is this one."""
    if not (SHIPPED / "key").is_file() or (SHIPPED / "key").read_text().strip() != key:
        return False
    for name in ("callers.lm", "callers.dict"):
        with gzip.open(SHIPPED / f"{name}.gz", "rb") as packed, (out / name).open("wb") as plain:
            shutil.copyfileobj(packed, plain)
    return True
