"""Routing rules that are valid but will surprise somebody. Pure.

Rules that can never match are already errors of the company folder; these are remarks on people and
places that no rule reaches.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from core.geography.places import COUNTRIES, PLACES, is_territory
from knowledge.checks.local import REGIONS
from knowledge.languages import LANGUAGES
from knowledge.places import STATES, covers
from knowledge.positions import did_you_mean
from knowledge.profile import Company, Rep, RoutingRule

PERSONAL = ("book", "transfer", "callback")


@dataclass(frozen=True, slots=True)
class Remark:
    """`kind` is stable, `about` is the id of a rule, rep or segment, `note` says what to do."""

    kind: str
    about: str
    note: str


def lint(company: Company) -> list[Remark]:
    """All remarks, by kind."""
    return [
        *_reps(company), *_territories(company), *_segments(company), *_rules(company),
        *_local(company),
    ]  # fmt: skip


def _reps(company: Company) -> Iterator[Remark]:
    named = {rep for rule in company.routing for rep in rule.reps}
    for rep in company.team:
        if rep.id not in named and rep.id != company.default_owner:
            note = "no rule names this rep, so only accounts and earlier talks lead there"
            yield Remark("rep-unreached", rep.id, note)
        if not rep.capacity:
            yield Remark("no-capacity", rep.id, "capacity is 0: this rep never gets a lead")


def _territories(company: Company) -> Iterator[Remark]:
    everywhere = {COUNTRIES.get(place) or f"US-{STATES[place]}" for place in (*COUNTRIES, *STATES)}
    for about, places in (
        *((rep.id, rep.territories) for rep in company.team),
        *((rule.id, rule.territories) for rule in company.routing),
    ):
        for place in places:
            if not is_territory(place):
                near = did_you_mean(place, {*PLACES, *everywhere}) or (
                    "write a country, a state such as US-CA, or a town")  # fmt: skip
                note = f"{place} is no place the agent knows, so no caller is ever found there; "
                yield Remark("territory-unknown", about, note + near)
    for rep in company.team:
        rules = [r for r in company.routing if rep.id in r.reps]
        if not rules or any(not rule.territories for rule in rules):
            continue
        for place in rep.territories:
            if not any(_reaches(rule, place) for rule in rules):
                note = f"covers {place}, and no rule for {place} names this rep"
                yield Remark("territory-unreached", rep.id, note)


def _local(company: Company) -> Iterator[Remark]:
    """Local criteria for places that are disqualified, or where no rep works."""
    out = {v for d in company.disqualifiers if d.signal == "location" for v in d.values}
    for segment in company.segments:
        places = [p for c in segment.criteria for r in c.local for p in r.territories]
        for place in dict.fromkeys(places):
            if any(covers(one, place) for one in out):
                note = f"has a criterion for {place}, from where everybody is turned away"
                yield Remark("local-disqualified", segment.id, note)
            elif not any(_works(rep, place) for rep in company.team):
                note = f"has a criterion for {place}, where no rep works"
                yield Remark("local-unserved", segment.id, note)


def _works(rep: Rep, place: str) -> bool:
    own = rep.territories
    wide = place in REGIONS
    return not own or wide or any(covers(t, place) or covers(place, t) for t in own)


def _reaches(rule: RoutingRule, place: str) -> bool:
    return any(covers(own, place) or covers(place, own) for own in rule.territories)


def _segments(company: Company) -> Iterator[Remark]:
    for segment in company.segments:
        rules = [
            r for r in company.routing
            if r.action in PERSONAL and (segment.id in r.segments or not r.segments)
            and (not r.verdicts or "qualified" in r.verdicts)
        ]  # fmt: skip
        chosen = [r for r in rules if r.segments or r.verdicts]
        if not chosen:
            note = "a qualified buyer of this segment reaches only the catch-all rule"
            yield Remark("segment-unrouted", segment.id, note)


def _rules(company: Company) -> Iterator[Remark]:
    for rule in company.routing:
        reps = [rep for rep in map(company.rep, rule.reps) if rep is not None]
        if not reps:
            continue
        for segment in rule.segments:
            if not any(not r.segments or segment in r.segments for r in reps):
                note = f"none of its reps serves {segment}, so it never picks anyone for it"
                yield Remark("rule-without-rep", rule.id, note)
        for code in rule.languages:
            if not any(code in r.languages for r in reps):
                note = f"none of its reps speaks {LANGUAGES.get(code, code)}"
                yield Remark("rule-without-language", rule.id, note)
