"""Checks routing and escalations: every rule can match, every lead goes somewhere."""

from collections.abc import Iterator

from knowledge.checks.team import check_languages
from knowledge.errors import Problem
from knowledge.places import covers
from knowledge.positions import Located, Path, did_you_mean
from knowledge.profile import ANY, Company, Rep, RoutingRule

VERDICTS = ("qualified", "disqualified", "nurture", "needs_human", "insufficient")
_WITHOUT_REP = {"resources", "nurture"}


def check_routing(
    company: Company, at: Located, names: set[str], topics: set[str]
) -> list[Problem]:
    """Every problem of rules and escalations."""
    known = topics | {name.lower() for name in names}
    return [
        *_rules(company, at, known, names),
        *_reach(company, at),
        *_escalations(company, at),
    ]


def _rules(company: Company, at: Located, known: set[str], names: set[str]) -> Iterator[Problem]:
    reps = [rep.id for rep in company.team]
    segments = [segment.id for segment in company.segments]
    seen: set[str] = set()
    for n, rule in enumerate(company.routing):
        path: Path = ("routing", n)
        if rule.id in seen:
            yield at.problem((*path, "id"), "an id of its own", rule.id, "Rename it.")
        seen.add(rule.id)
        yield from _listed(at, (*path, "reps"), rule.reps, reps, "the id of a rep")
        yield from _listed(at, (*path, "segments"), rule.segments, segments, "the id of a segment")
        yield from _listed(at, (*path, "verdicts"), rule.verdicts, list(VERDICTS), "a verdict")
        known_names = [*sorted(names), ANY]
        yield from _listed(at, (*path, "intent"), rule.intent, known_names, "a name, or any")
        yield from check_languages(at, (*path, "languages"), rule.languages)
        for m, topic in enumerate(rule.topics):
            if topic.lower() not in known:
                remedy = did_you_mean(topic, known) or "Use a topic of an article or a name."
                expected = "a topic of an article or a name of the vocabulary"
                yield at.problem((*path, "topics", m), expected, topic, remedy)
        if not rule.reps and rule.action not in _WITHOUT_REP:
            remedy = f"Name who takes it; only {' and '.join(sorted(_WITHOUT_REP))} need nobody."
            yield at.problem((*path, "reps"), f"a rep to {rule.action} with", "none", remedy)


def _listed(
    at: Located, path: Path, values: tuple[str, ...], known: list[str], expected: str
) -> Iterator[Problem]:
    for n, value in enumerate(values):
        if value not in known:
            remedy = did_you_mean(value, known) or f"Use one of {', '.join(dict.fromkeys(known))}."
            yield at.problem((*path, n), expected, value, remedy)


def _reach(company: Company, at: Located) -> Iterator[Problem]:
    """Rules that never match, territories nobody covers, leads no rule takes."""
    earlier: list[RoutingRule] = []
    for n, rule in enumerate(company.routing):
        if shadow := next((other for other in earlier if _implies(rule, other)), None):
            found = f"`{shadow.id}` above it always firing first"
            remedy = "Move it up, or narrow the rule above."
            yield at.problem(("routing", n), "a rule that can fire", found, remedy)
        earlier.append(rule)
        reps = [rep for rep_id in rule.reps if (rep := company.rep(rep_id))]
        for m, place in enumerate(rule.territories):
            if reps and not any(_serves(rep, place) for rep in reps):
                found = f"{place}, which none of {', '.join(rule.reps)} has"
                remedy = "Add it to a rep's `territories`, written alike, or drop it here."
                path: Path = ("routing", n, "territories", m)
                yield at.problem(path, "a territory of one of the rule's reps", found, remedy)
    if not any(_unconditional(rule) for rule in company.routing):
        remedy = "End with a rule that has only `id`, `reps` and `action`."
        yield at.problem(("routing",), "a last rule for every other lead", "none", remedy)


def _implies(rule: RoutingRule, other: RoutingRule) -> bool:
    """Whether `other` holds wherever `rule` does."""
    return all(
        not theirs or (bool(mine) and set(mine) <= set(theirs))
        for mine, theirs in (
            (rule.segments, other.segments),
            (rule.territories, other.territories),
            (rule.topics, other.topics),
            (rule.verdicts, other.verdicts),
            (rule.languages, other.languages),
            (_either(rule.target_account), _either(other.target_account)),
            (_either(rule.customer), _either(other.customer)),
            (rule.intent, (ANY in other.intent and rule.intent) or other.intent),
        )
    )


def _either(wanted: bool | None) -> tuple[str, ...]:
    return () if wanted is None else (str(wanted),)


def _unconditional(rule: RoutingRule) -> bool:
    conditions = (
        rule.segments, rule.territories, rule.topics, rule.verdicts, rule.languages, rule.intent,
    )  # fmt: skip
    return not any(conditions) and rule.target_account is None and rule.customer is None


def _serves(rep: Rep, place: str) -> bool:
    return not rep.territories or any(
        covers(own, place) or covers(place, own) for own in rep.territories
    )


def _escalations(company: Company, at: Located) -> Iterator[Problem]:
    ids = [rep.id for rep in company.team]
    for n, escalation in enumerate(company.escalations):
        path: Path = ("escalations", n)
        if escalation.owner not in ids:
            remedy = did_you_mean(escalation.owner, ids) or "Name a rep of `team`."
            yield at.problem((*path, "owner"), "the id of a rep", escalation.owner, remedy)
        if not escalation.phrases and not escalation.topics:
            remedy = "Give `phrases` or `topics`; else it can never apply."
            yield at.problem(path, "a way to notice it", "none", remedy)
