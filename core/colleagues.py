"""Who else of the buyer's company is on the invitation. Pure."""

from collections.abc import Sequence

from core.events import Fact, Noted
from core.facts.standing import every
from core.identity.domains import company_domain

COLLEAGUE = "colleague"
"""Kind of the `Noted` that somebody is to be invited as well; data: email."""
MOST = 5


def invited(addresses: Sequence[str], buyer: str) -> list[str]:
    """Those of the buyer's own company: nobody's mailbox is reached through us but by their own."""
    domain = company_domain(buyer)
    return [a for a in addresses if domain and company_domain(a) == domain][:MOST]


def to_invite(facts: Sequence[Fact]) -> list[str]:
    """The addresses the buyer named, each once."""
    told = (str(f.data.get("email", "")) for f in every(facts, Noted) if f.kind == COLLEAGUE)
    return [address for address in dict.fromkeys(told) if address]
