"""Names on a page: who speaks in a conversation, and the articles it cites."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from core.events import UtteranceRecorded
from knowledge.load import Loaded


@dataclass(frozen=True, slots=True)
class Names:
    """The speakers' names."""

    agent: str
    buyer: str
    people: dict[str, str] = field(default_factory=dict)
    """A colleague's id to their name."""

    def of(self, line: UtteranceRecorded) -> str:
        """The name of a line's speaker."""
        if line.speaker == "rep":
            return self.people.get(line.kind, "Colleague")
        return self.agent if line.speaker == "agent" else self.buyer

    def person(self, person_id: str) -> str:
        """A colleague's name, by id."""
        return self.people.get(person_id, person_id or "a colleague")


@dataclass(frozen=True, slots=True)
class Cited:
    """A cited article. `passages` as in the log: `sso@3#1, sso@3#2`."""

    article: str
    title: str
    """Empty when the company folder no longer has the article."""
    passages: str


class Titles:
    """The titles of a company's articles."""

    def __init__(self, loaded: Loaded) -> None:
        self._titles = {article.id: article.title for article in loaded.articles}

    def cited(self, citations: Iterable[str]) -> list[Cited]:
        """The cited articles, without repetition, in order."""
        found: dict[str, list[str]] = {}
        for citation in citations:
            found.setdefault(citation.partition("@")[0], []).append(citation)
        return [Cited(a, self._titles.get(a, ""), ", ".join(which)) for a, which in found.items()]
