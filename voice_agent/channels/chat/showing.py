"""How a page shows a line: its speaker, and its public sources."""

from collections.abc import Sequence

from core.events import UtteranceRecorded
from knowledge.load import Loaded
from voice_agent.channels.chat.protocol import Source

MOST_SOURCES = 3


def name_of(said: UtteranceRecorded, loaded: Loaded) -> str:
    """The name shown over a line: a rep's; empty for others."""
    person = loaded.company.person(said.kind) if said.speaker == "rep" else None
    return person.name if person else ""


def sources(citations: Sequence[str], loaded: Loaded) -> list[Source]:
    """The public pages of the articles a line cites, without repetition."""
    cited = dict.fromkeys(citation.partition("@")[0] for citation in citations)
    pages = {a.id: Source(a.title, a.url) for a in loaded.articles if a.id in cited and a.url}
    return [pages[article] for article in cited if article in pages][:MOST_SOURCES]
