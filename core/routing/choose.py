"""Who takes this lead: the first matching rule proposes; everyone else has a reason why not.

Among the reps a rule allows, in order: the account's owner, reps who have met the buyer, reps at
work when it is urgent, reps who serve their segment and place, experts on the subject; ties go to
the rep with the fewest recent leads. Pure: the same lead and team give the same decision.
"""

from collections.abc import Sequence

from core.accounts import account_named
from core.events import RouteAction, RouteChosen
from core.geography.places import COUNTRIES, covers_place
from core.handoff.wording import RESULTS, segment_label
from core.routing.lead import Lead
from core.routing.rank import Candidate, because, ranked
from knowledge.languages import LANGUAGES
from knowledge.profile import ANY, Company, Rep, RoutingRule

__all__ = ["Lead", "account_owner", "choose"]

WITHOUT_PERSON = ("resources", "nurture")


def choose(lead: Lead, company: Company) -> RouteChosen:
    """The decision with its reasons, and each rejected candidate with why."""
    if lead.gone:
        return RouteChosen(None, "none", (lead.gone,), (), False, lead.turn)
    reasons: list[str] = []
    rejected: dict[str, str] = {}
    fast = target(lead, company)
    for rule in company.routing:
        if fails(rule, lead, company) is not None or (fast and rule.action in WITHOUT_PERSON):
            continue
        reasons.append(f"{_because(rule, lead, company)}.")
        if not rule.reps:
            return _chosen(
                rule.action, None, reasons, rejected, rule.fast_track, lead.turn, rule.id
            )
        winner = _pick(rule, lead, company, rejected, reasons)
        if winner is None:
            reasons.append("Nobody who takes such leads is free.")
            continue
        for rep in company.team:
            rejected.setdefault(rep.id, "does not take such leads")
        quick = rule.fast_track or fast
        return _chosen(rule.action, winner, reasons, rejected, quick, lead.turn, rule.id)
    owner = company.person(company.default_owner)
    reasons.append(f"{owner.name if owner else company.default_owner} takes what no rule is for.")
    return _chosen("callback", company.default_owner, reasons, rejected, fast, lead.turn)


def target(lead: Lead, company: Company) -> bool:
    """Whether the buyer is one of the company's target accounts."""
    return account_named(lead.company, company.target_accounts) is not None


def account_owner(lead: Lead, company: Company) -> Rep | None:
    """The rep who owns this account, if any: by the company folder, else by the CRM."""
    own = (r for r in company.team if account_named(lead.company, r.accounts))
    return next(own, None) or (company.rep(lead.owner) if lead.owner else None)


def fails(rule: RoutingRule, lead: Lead, company: Company) -> str | None:
    """The first condition of a rule that does not hold."""
    if rule.verdicts and lead.verdict not in rule.verdicts:
        return f"verdict is {lead.verdict}"
    if rule.segments and lead.segment not in rule.segments:
        return f"segment is {lead.segment}"
    if rule.territories and not covers_place(rule.territories, lead.place):
        return f"place is {lead.place}"
    if rule.topics and not _about(rule, lead):
        return "no such topic came up"
    if rule.languages and lead.language not in rule.languages:
        return f"language asked for is {lead.language}"
    if rule.target_account is not None and rule.target_account != target(lead, company):
        return "target account" if rule.target_account is False else "no target account"
    if rule.intent and not _interested(rule, lead):
        return "no such intent was seen"
    if rule.customer is not None and rule.customer != lead.customer:
        return "existing customer" if rule.customer is False else "no customer yet"
    return None


def _interested(rule: RoutingRule, lead: Lead) -> tuple[str, ...]:
    """The rule's topics, or any, that the buyer's company was seen researching."""
    wanted = {name.lower() for name in rule.intent}
    return tuple(t for t in lead.intent if ANY in wanted or t.lower() in wanted)


def _pick(
    rule: RoutingRule, lead: Lead, company: Company, rejected: dict[str, str], reasons: list[str]
) -> str | None:
    """The rule's best-fitting rep; the reasons against the others go into `rejected`."""
    owner = account_owner(lead, company)
    candidates = _candidates(rule, lead, company, owner)
    speaks = [c for c in candidates if lead.language in c.languages]
    fit: list[Rep] = []
    for rep in candidates:
        why = _unfit(rep, lead, rule, company, bool(speaks)) if rep is not owner else None
        if rep.capacity <= lead.load.get(rep.id, 0):
            why = "no capacity left"
        if why and rep.id != lead.booked_with:
            rejected[rep.id] = why
        else:
            rejected.pop(rep.id, None)
            fit.append(rep)
    if lead.language and not speaks:
        name = LANGUAGES.get(lead.language, lead.language)
        reasons.append(f"Nobody who takes such leads speaks {name}.")
    order = [
        Candidate.of(rep, n, lead, company, rule, owner, _elsewhere(rep, lead))
        for n, rep in enumerate(fit)
    ]
    if not order:
        return None
    first, *others = ranked(order)
    for other in others:
        rejected[other.rep.id] = because(first, other)
    reasons.append(first.account(lead))
    return first.rep.id


def _candidates(rule: RoutingRule, lead: Lead, company: Company, owner: Rep | None) -> list[Rep]:
    """The rule's reps, plus the account's owner and reps who met the buyer, if allowed."""
    named = [r for r in map(company.rep, rule.reps) if r is not None]
    known = [owner] if owner else []
    for rep_id in (lead.booked_with, *lead.met[:1]):
        rep = company.rep(rep_id) if rep_id else None
        if rep is not None and (rep_id == lead.booked_with or not _elsewhere(rep, lead)):
            known.append(rep)
    return list({rep.id: rep for rep in (*known, *named)}.values())


def _elsewhere(rep: Rep, lead: Lead) -> bool:
    """Whether a rep works in another segment or place than the buyer's."""
    segment = bool(rep.segments and lead.segment and lead.segment not in rep.segments)
    place = bool(rep.territories and lead.place) and not covers_place(rep.territories, lead.place)
    return segment or (place and not _partly(rep, lead.place))


def _unfit(rep: Rep, lead: Lead, rule: RoutingRule, company: Company, spoken: bool) -> str | None:
    """Why a rep does not fit. A rule that names no segments or territories only prefers them."""
    if rep.id in lead.met[:1] and not _elsewhere(rep, lead):
        return None
    if rule.segments and lead.segment and rep.segments and lead.segment not in rep.segments:
        return f"does not serve {segment_label(lead.segment, company)}"
    asked = rule.territories and lead.place and rep.territories
    if asked and not covers_place(rep.territories, lead.place) and not _partly(rep, lead.place):
        return f"does not cover {lead.place}"
    if spoken and lead.language not in rep.languages:
        return f"does not speak {LANGUAGES.get(lead.language or '', lead.language)}"
    return None


def _partly(rep: Rep, place: str | None) -> bool:
    """Whether a rep covers some states of a country, when we know only the country."""
    code = COUNTRIES.get(place or "")
    return any(t.split("-")[0] == code for t in rep.territories if "-" in t)


def _chosen(
    action: RouteAction, rep: str | None, reasons: Sequence[str],
    rejected: dict[str, str], fast: bool, turn: int, rule: str = "",
) -> RouteChosen:  # fmt: skip
    others = tuple((r, why) for r, why in rejected.items() if r != rep)
    return RouteChosen(rep, action, tuple(reasons), others, fast, turn, rule)


def _because(rule: RoutingRule, lead: Lead, company: Company) -> str:
    """What the rule is for, in the words of this lead."""
    said = [RESULTS[lead.verdict]] if rule.verdicts else []
    if rule.segments and lead.segment:
        said.append(segment_label(lead.segment, company))
    if rule.territories and lead.place:
        said.append(lead.place)
    if topics := _about(rule, lead):
        said.append(f"about {', '.join(topics)}")
    if rule.languages and lead.language:
        said.append(f"wants to speak {LANGUAGES.get(lead.language, lead.language)}")
    if rule.target_account is not None:
        said.append("a target account" if rule.target_account else "no target account")
    if rule.intent:
        said.append(f"seen to read up on {', '.join(_interested(rule, lead))}")
    if rule.customer is not None:
        said.append("existing customer" if rule.customer else "no customer yet")
    told = ", ".join(said) or "No other rule is for this"
    return told[:1].upper() + told[1:]


def _about(rule: RoutingRule, lead: Lead) -> tuple[str, ...]:
    """The rule's topics that came up."""
    came_up = {topic.lower() for topic in lead.topics}
    return tuple(topic for topic in rule.topics if topic.lower() in came_up)
