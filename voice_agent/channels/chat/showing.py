"""How a line is shown on a page: who speaks, and where it says so publicly."""

from collections.abc import Sequence

from core.events import UtteranceRecorded
from knowledge.load import Loaded
from voice_agent.channels.chat.protocol import Source

MOST_SOURCES = 3


def name_of(said: UtteranceRecorded, loaded: Loaded) -> str:
    """Whose name stands over a line: a person's of the team; empty where nobody's need."""
    person = loaded.company.person(said.kind) if said.speaker == "rep" else None
    return person.name if person else ""


def sources(citations: Sequence[str], loaded: Loaded) -> list[Source]:
    """The public pages of the articles a line cites, each once."""
    cited = dict.fromkeys(citation.partition("@")[0] for citation in citations)
    pages = {a.id: Source(a.title, a.url) for a in loaded.articles if a.id in cited and a.url}
    return [pages[article] for article in cited if article in pages][:MOST_SOURCES]
