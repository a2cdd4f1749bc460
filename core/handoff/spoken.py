"""The brief as it is read to a person who is asked to take a call. Pure."""

from collections.abc import Sequence

from core.events import Fact
from core.facts.standing import contact
from core.handoff.summary import told
from knowledge.profile import Company

MOST_WORDS = 45
"""At the pace of a read text some eighteen seconds, with who it is and what to press."""


def spoken_brief(facts: Sequence[Fact], company: Company, name: str, reason: str) -> str:
    """Who is waiting, why, and the weightiest of what is known, in whole sentences."""
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
