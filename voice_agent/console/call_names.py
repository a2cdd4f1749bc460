"""What is shown by name on a page: who speaks in a conversation, the articles it rests on."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from core.events import UtteranceRecorded
from knowledge.load import Loaded


@dataclass(frozen=True, slots=True)
class Names:
    """What speakers are called."""

    agent: str
    buyer: str
    people: dict[str, str] = field(default_factory=dict)
    """Id of a colleague to their name."""

    def of(self, line: UtteranceRecorded) -> str:
        """Who says a line."""
        if line.speaker == "rep":
            return self.people.get(line.kind, "Colleague")
        return self.agent if line.speaker == "agent" else self.buyer

    def person(self, person_id: str) -> str:
        """A colleague by their id."""
        return self.people.get(person_id, person_id or "a colleague")


@dataclass(frozen=True, slots=True)
class Cited:
    """An article that was cited. `passages` as the log has them: `sso@3#1, sso@3#2`."""

    article: str
    title: str
    """Empty where the company folder has no such article any more."""
    passages: str


class Titles:
    """The titles of a company's articles."""

    def __init__(self, loaded: Loaded) -> None:
        self._titles = {article.id: article.title for article in loaded.articles}

    def cited(self, citations: Iterable[str]) -> list[Cited]:
        """The articles that were cited, each once, in order."""
        found: dict[str, list[str]] = {}
        for citation in citations:
            found.setdefault(citation.partition("@")[0], []).append(citation)
        return [Cited(a, self._titles.get(a, ""), ", ".join(which)) for a, which in found.items()]
