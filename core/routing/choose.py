"""Who takes this lead: the first rule that holds proposes; every other rep has a reason not to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.events import RouteAction, RouteChosen
from core.places import COUNTRIES, territories
from knowledge.profile import Company, Rep, RoutingRule


@dataclass(frozen=True, slots=True)
class Lead:
    """What routing looks at. `place` is as the caller said it, or follows from their number."""

    verdict: str
    segment: str | None = None
    place: str | None = None
    topics: tuple[str, ...] = ()
    company: str | None = None
    load: Mapping[str, int] = field(default_factory=dict)
    """Open leads each rep already has, by rep id."""
    turn: int = 0


def choose(lead: Lead, company: Company) -> RouteChosen:
    """The decision with its reasons, and each candidate passed over with why."""
    held = account_owner(lead, company)
    reasons: list[str] = []
    rejected: list[tuple[str, str]] = []
    for rule in company.routing:
        if (missing := _fails(rule, lead)) is not None:
            continue
        reasons.append(f"Rule {rule.id}: {_because(rule)}.")
        rep = _pick(rule, lead, company, held, rejected, reasons)
        if rep is None and rule.reps:
            reasons.append(f"Nobody in {rule.id} is free.")
            continue
        return _chosen(rule.action, rep, reasons, rejected, rule.fast_track, lead.turn)
    missing = "no rule holds"
    owner = company.default_owner
    return _chosen(
        "callback", owner, [*reasons, f"Default owner: {missing}."], rejected, False, lead.turn
    )


def _chosen(
    action: RouteAction, rep: str | None, reasons: Sequence[str],
    rejected: Sequence[tuple[str, str]], fast: bool, turn: int,
) -> RouteChosen:  # fmt: skip
    others = tuple((r, why) for r, why in dict(rejected).items() if r != rep)
    return RouteChosen(rep, action, tuple(reasons), others, fast, turn)


def _fails(rule: RoutingRule, lead: Lead) -> str | None:
    """The first condition of a rule that does not hold."""
    if rule.verdicts and lead.verdict not in rule.verdicts:
        return f"verdict is {lead.verdict}"
    if rule.segments and lead.segment not in rule.segments:
        return f"segment is {lead.segment}"
    if rule.territories and not _covers(rule.territories, lead.place):
        return f"place is {lead.place}"
    if rule.topics and not {t.lower() for t in rule.topics} & {t.lower() for t in lead.topics}:
        return "no such topic came up"
    return None


def _because(rule: RoutingRule) -> str:
    said = [", ".join(part) for part in (rule.verdicts, rule.segments, rule.topics) if part]
    if rule.territories:
        said.append("place fits")
    return "; ".join(said) or "always holds"


def _covers(named: Sequence[str], place: str | None) -> bool:
    if place is None:
        return False
    wanted = {t.lower() for t in named}
    return any(t.lower() in wanted for t in territories(place))


def _partly(rep: Rep, place: str | None) -> bool:
    """Whether a rep covers states of a country of which we know no more than its name."""
    code = COUNTRIES.get(place or "")
    return any(t.split("-")[0] == code for t in rep.territories if "-" in t)


def _pick(
    rule: RoutingRule, lead: Lead, company: Company, held: Rep | None,
    rejected: list[tuple[str, str]], reasons: list[str],
) -> str | None:  # fmt: skip
    """The first willing rep of a rule; one who already holds the account goes first."""
    candidates = [r for r in map(company.rep, rule.reps) if r is not None]
    if held is not None and rule.reps:
        reasons.append(f"{held.name} holds {lead.company}.")
        candidates = [held, *(r for r in candidates if r.id != held.id)]
    scored = sorted(candidates, key=lambda r: -_fit(r, lead) if r is not held else -99)
    for rep in scored:
        why = None if rep is held else _unfit(rep, lead, rule)
        if rep.capacity <= lead.load.get(rep.id, 0):
            why = "no capacity left"
        if why:
            rejected.append((rep.id, why))
            continue
        rejected += [(r.id, f"{rep.name} fits better") for r in scored[scored.index(rep) + 1 :]]
        reasons.append(_why_rep(rep, lead))
        return rep.id
    return None


def _unfit(rep: Rep, lead: Lead, rule: RoutingRule) -> str | None:
    """Why a rep does not fit. A rule that names no segments or territories asks for none."""
    if rule.segments and lead.segment and rep.segments and lead.segment not in rep.segments:
        return f"does not serve {lead.segment}"
    asked = rule.territories and lead.place and rep.territories
    if asked and not _covers(rep.territories, lead.place) and not _partly(rep, lead.place):
        return f"does not cover {lead.place}"
    return None


def _fit(rep: Rep, lead: Lead) -> int:
    """Expertise the conversation touched."""
    topics = {t.lower() for t in lead.topics}
    return sum(e.lower() in topics for e in rep.expertise)


def _why_rep(rep: Rep, lead: Lead) -> str:
    topics = {t.lower() for t in lead.topics}
    shared = [e for e in rep.expertise if e.lower() in topics]
    return f"{rep.name}" + (f" knows {', '.join(shared)}." if shared else " is first in the rule.")


def account_owner(lead: Lead, company: Company) -> Rep | None:
    """The rep whose account this is, if it is one."""
    if lead.company is None:
        return None
    name = lead.company.lower()
    return next((r for r in company.team if name in {a.lower() for a in r.accounts}), None)
