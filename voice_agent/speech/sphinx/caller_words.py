"""The company folder's names as callers say them: dictionary words and the grammar's lists."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from knowledge.profile import Company
from voice_agent.speech.sphinx.grammar_names import DIGITS
from voice_agent.speech.sphinx.grammar_values import spoken_number
from voice_agent.speech.sphinx.pronounce import Pronouncer

_PIECES = re.compile(r"[A-Z]{2,}(?=s?$|[A-Z][a-z]|\d|$)|[A-Z]?[a-z']+|[A-Z]|\d+")
_CARRIERS = (
    "{}", "what about {}", "how about {}", "do you have {}", "do you do {}", "tell me about {}",
    "i have a question about {}", "how does {} work", "we need {}", "is {} included", "we have {}",
)  # fmt: skip


@dataclass(slots=True)
class Spoken:
    """Turns names into spoken words, and remembers the sounds of words that no dictionary has."""

    pronouncer: Pronouncer
    sounds: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def say(self, name: str) -> str:
        """Lower-case words: `SOC 2` is `soc two`; `BigQuery` is one word that sounds like two."""
        words: list[str] = []
        for token in re.split(r"[\s/\-–—]+", name.replace("&", " and ").replace("+", " plus ")):
            words += self._token(re.sub(r"[^A-Za-z0-9']", "", token))
        return " ".join(words)

    def all(self, names: Iterable[str]) -> list[str]:
        """Every name as spoken, without repetition."""
        return [said for said in dict.fromkeys(self.say(name) for name in names) if said]

    def sounds_of(self, word: str) -> tuple[str, ...]:
        """Pronunciations of a word from `say`, or of any other."""
        return self.sounds.get(word) or self.pronouncer.of(word)

    def _token(self, token: str) -> list[str]:
        if not token:
            return []
        if token.isdigit():
            return _figures(token)
        if any(c.isdigit() for c in token):
            parts = re.findall(r"\d+|[A-Za-z']+", token)
            return [word for part in parts for word in self._token(part)]
        word = token.lower().strip("'")
        pieces = _PIECES.findall(token)
        abbreviation = token.isupper() and len(token) > 1
        if abbreviation:
            self.sounds[word] = self.pronouncer.of(word, spelled=True)
        elif len(pieces) > 1 and "'" not in token and not self.pronouncer.knows(word):
            heard = [self.pronouncer.of(p.lower(), spelled=p.isupper())[0] for p in pieces]
            self.sounds[word] = (" ".join(heard),)
        else:
            self.sounds[word] = self.pronouncer.of(word)
        return [word] if word else []


def _figures(token: str) -> list[str]:
    """`2` two, `360` three sixty, `27001` twenty seven thousand one."""
    n = int(token)
    if len(token) == 3 and n % 100 >= 10:
        return [DIGITS[n // 100], *spoken_number(n % 100).split()]
    if len(token) == 4 and 1100 <= n < 2100 and n % 100 >= 10:
        return [*spoken_number(n // 100).split(), *spoken_number(n % 100).split()]
    if len(token) > 6:
        return [DIGITS[int(c)] for c in token]
    return spoken_number(n).split()


def lists(company: Company, phrases: Sequence[str], spoken: Spoken) -> dict[str, Sequence[str]]:
    """The lists of the grammar that this company fills."""
    words = company.vocabulary
    kinds = [k for k in type(words).model_fields if k not in ("synonyms", "pronunciations")]
    said = {kind: spoken.all(getattr(words, kind)) for kind in kinds}
    also = _synonyms(company, spoken)
    competitors = said["competitors"]
    names = [
        company.name,
        *(p for p in words.products if p.lower().startswith(company.name.lower())),
    ]
    return {
        "company": [spoken.say(company.name)] * 3 + spoken.all(names),
        "agent": [spoken.say(company.voice.agent_name)],
        "product": said["products"],
        "plan": said["plans"],
        "integration": said["integrations"],
        "tool": said["integrations"] * 2 + said["tools"] + also.get("tools", []),
        "competitor": competitors,
        "industry": said["industries"] * 2 + also.get("industries", []),
        "use_case": said["use_cases"],
        "role": said["roles"] + also.get("roles", []),
        "term": said["terms"] + also.get("terms", []),
        "phrase": spoken.all(_short(phrases)),
        "meeting": spoken.all(meeting.label for meeting in company.meeting_types),
        "rep": spoken.all(name for rep in company.team for name in (rep.name, rep.name.split()[0])),
    }


def _synonyms(company: Company, spoken: Spoken) -> dict[str, list[str]]:
    """Other words for what the vocabulary names, by the list with the name.

    A synonym that sounds like its name is a mishearing to understand, not a word to listen for.
    """
    found: dict[str, list[str]] = {}
    words = company.vocabulary
    for other, name in words.synonyms.items():
        for kind in ("industries", "roles", "terms", "tools"):
            if name in getattr(words, kind) and not _sounds_alike(other, name, spoken):
                found.setdefault(kind, []).append(spoken.say(other))
    return found


def _sounds_alike(one: str, other: str, spoken: Spoken) -> bool:
    a, b = (_phones(spoken, name) for name in (one, other))
    shared = sum(1 for phone in set(a) if phone in b)
    return shared >= 0.6 * max(len(set(a)), len(set(b)))


def _phones(spoken: Spoken, name: str) -> list[str]:
    return " ".join(spoken.sounds_of(word)[0] for word in spoken.say(name).split()).split()


def _short(phrases: Sequence[str]) -> list[str]:
    """Titles, topics and synonyms a caller might say in one breath."""
    plain = (re.sub(r"[_:;,.?!()\"]", " ", phrase) for phrase in phrases)
    return [phrase for phrase in plain if 0 < len(phrase.split()) <= 10]


def carried(filled: dict[str, Sequence[str]]) -> list[str]:
    """Each of the company's own words in a few wordings, so that even rare ones are recognised."""
    out: list[str] = []
    for kind in (
        "product",
        "plan",
        "integration",
        "tool",
        "competitor",
        "use_case",
        "term",
        "phrase",
    ):
        for at, name in enumerate(dict.fromkeys(filled[kind])):
            out.append(name)
            out += [_CARRIERS[(at * 3 + k) % len(_CARRIERS)].format(name) for k in range(3)]
    return out
