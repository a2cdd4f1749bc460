"""Messages for the team, as the brief shows them: in the buyer's words, with their recipient."""

from collections.abc import Sequence

from core.events import Fact
from core.facts.messages import MessageTaken
from core.facts.standing import every
from core.handoff.line import BriefLine
from core.handoff.wording import person, plain
from knowledge.profile import Company


def messages(facts: Sequence[Fact], company: Company | None) -> list[BriefLine]:
    """One line per message."""
    return [
        BriefLine(
            plain(f"Message for {person(m.owner, company)}: “{m.text}”"), m.turn, m.at_ms, "message"
        )
        for m in every(facts, MessageTaken)
    ]
