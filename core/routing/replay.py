"""Routes stored conversations again, to try edited rules before they go live. Pure.

The ledger starts empty and fills with the conversations in their order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.crm.known import CrmContactFound
from core.events import (
    ConversationStarted,
    Fact,
    Flagged,
    QuestionAnswered,
    RouteChosen,
    VerdictReached,
)
from core.facts.standing import (
    HANDED_OVER,
    INTENT,
    barred,
    every,
    is_customer,
    latest,
    live_signals,
)
from core.geography.places import place_of
from core.routing.choose import choose
from core.routing.lead import Lead, gone
from core.scheduling.board import Assigned
from knowledge.languages import language_code
from knowledge.profile import Company


@dataclass(frozen=True, slots=True)
class Past:
    """A conversation as routing sees it, and the decision made then."""

    conversation_id: str
    lead: Lead
    then: RouteChosen | None


@dataclass(frozen=True, slots=True)
class Decision:
    """One conversation's new routing decision."""

    past: Past
    route: RouteChosen

    @property
    def changed(self) -> bool:
        """Whether the rep or the next step differs from the original."""
        then = self.past.then
        return then is None or (then.rep, then.action) != (self.route.rep, self.route.action)


def past(
    conversation_id: str, at: datetime, facts: Sequence[Fact], topics: Mapping[str, Sequence[str]]
) -> Past | None:
    """What routing saw at the end of a conversation; None if it was never judged.

    `topics`: those of each article, by its id.
    """
    reached, started = latest(facts, VerdictReached), latest(facts, ConversationStarted)
    if reached is None:
        return None
    said = {s.criterion: s.value for s in live_signals(facts) if s.polarity != "negative"}
    cited = [c.split("@")[0] for answered in every(facts, QuestionAnswered)
             for c in answered.citations]  # fmt: skip
    about = [t for article in dict.fromkeys(cited) for t in topics.get(article, ())]
    about += [said["industry"]] if "industry" in said else []
    place = said.get("location")
    number = started.caller if started else None
    found = latest(facts, CrmContactFound)
    lead = Lead(
        reached.result, reached.segment, place or place_of(number), tuple(about),
        said.get("company"), turn=reached.turn, said_place=place is not None,
        language=language_code(said.get("language")), at=at,
        owner=(found.owner or None) if found else None,
        customer=is_customer(live_signals(facts), found),
        intent=tuple(s.value for s in live_signals(facts) if s.criterion == INTENT),
        gone=gone(
            opted_out=barred(facts) is not None,
            abuse=sum(f.kind == "abuse" for f in every(facts, Flagged)),
        ),
    )  # fmt: skip
    return Past(conversation_id, lead, latest(facts, RouteChosen))


def replay(pasts: Iterable[Past], company: Company, *, capacity: bool = True) -> list[Decision]:
    """Every conversation routed by a company's rules, oldest first.

    `capacity`: whether earlier leads count against a rep's capacity, as if all came at once.
    """
    ledger: dict[str, Assigned] = {}
    made = []
    for one in pasts:
        load = {rep: line.count for rep, line in ledger.items()} if capacity else {}
        route = choose(replace(one.lead, ledger=dict(ledger), load=load), company)
        made.append(Decision(one, route))
        if route.rep is not None and one.lead.verdict in HANDED_OVER:
            given = ledger.get(route.rep, Assigned())
            ledger[route.rep] = Assigned(given.count + 1, one.lead.at)
    return made
