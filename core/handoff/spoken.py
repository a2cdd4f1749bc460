"""The brief as read aloud to a person who is asked to take a call. Pure."""

from collections.abc import Sequence

from core.events import Fact
from core.facts.standing import contact
from core.handoff.summary import told
from knowledge.profile import Company

MOST_WORDS = 45
"""About eighteen seconds when read aloud, including who it is and which key to press."""


def spoken_brief(facts: Sequence[Fact], company: Company, name: str, reason: str) -> str:
    """Who is waiting, why, and the most important facts, in whole sentences."""
    known = contact(facts)
    who = known["name"].value if "name" in known else "a caller"
    if "company" in known:
        who += f" of {known['company'].value}"
    said = [f"{name}, this is {company.name}'s assistant with {who} on the line: {reason}."]
    count = len(said[0].split())
    for line in told(facts, company):
        words = len(line.text.split())
        if count + words > MOST_WORDS:
            break
        said.append(line.text)
        count += words
    return " ".join(said)
