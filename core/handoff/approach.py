"""Advice for the rep: the company's playbook rules that match this conversation."""

from collections.abc import Sequence

from core.events import Fact, Flagged, QuestionRaised, SignalCaptured, VerdictReached
from core.facts.standing import barred, every, latest, live_signals, outstanding
from core.handoff.earlier import barred_before
from core.handoff.line import BriefLine
from core.handoff.wording import RESULTS, label, segment_label, short
from knowledge.profile import Company, PlaybookRule

MOST = 3
Reason = tuple[str, int, int]
"""Why a condition holds, in words, with the turn and milliseconds it rests on."""


def approach(facts: Sequence[Fact], company: Company) -> list[tuple[BriefLine, str]]:
    """At most three lines, each with why it applies: most conditions first, then file order.

    Empty for a buyer who asked not to be contacted.
    """
    if barred(facts) is not None or barred_before(facts) is not None:
        return []
    met: list[tuple[PlaybookRule, list[Reason]]] = []
    for rule in company.playbook:
        reasons = _reasons(rule, facts, company)
        if reasons:
            met.append((rule, reasons))
    met.sort(key=lambda found: -len(found[1]))
    made = []
    for rule, reasons in met[:MOST]:
        turn, start_ms = max((turn, at) for _, turn, at in reasons)
        line = BriefLine(rule.say, turn, start_ms, f"playbook {rule.id}")
        made.append((line, ", ".join(why for why, _, _ in reasons)))
    return made


def _reasons(rule: PlaybookRule, facts: Sequence[Fact], company: Company) -> list[Reason]:
    """One reason for each condition of a rule; empty when one of them does not hold."""
    verdict = latest(facts, VerdictReached)
    found: list[Reason | None] = []
    if rule.segments or rule.verdicts or rule.unknown:
        found += _judged(rule, verdict, company) if verdict else [None]
    for name, values in rule.signals.items():
        found.append(_said(facts, name, {v.lower() for v in values}))
    if rule.topics:
        found.append(_asked(facts, {t.lower() for t in rule.topics}))
    if rule.objections:
        found.append(_doubted(facts, [o.lower() for o in rule.objections]))
    if rule.owed is not None:
        found.append(_owed(facts, rule.owed))
    return [r for r in found if r is not None] if None not in found else []


def _judged(rule: PlaybookRule, verdict: VerdictReached, company: Company) -> list[Reason | None]:
    found: list[Reason | None] = []
    at = (verdict.turn, 0)
    if rule.segments:
        known = verdict.segment in rule.segments
        named = f"{segment_label(verdict.segment or '', company)} segment"
        found.append((named, *at) if known else None)
    if rule.verdicts:
        judged = RESULTS[verdict.result].lower()
        found.append((judged, *at) if verdict.result in rule.verdicts else None)
    if rule.unknown:
        name = next((u for u in rule.unknown if u in verdict.missing), None)
        found.append((f"{label(name, company).lower()} unknown", *at) if name else None)
    return found


def _said(facts: Sequence[Fact], name: str, values: set[str]) -> Reason | None:
    for signal in live_signals(facts):
        fits = signal.criterion == name and signal.polarity != "negative"
        if fits and (not values or signal.value.lower() in values):
            return _quoted(signal)
    return None


def _quoted(signal: SignalCaptured) -> Reason:
    if signal.basis == "enriched":
        return f"{signal.value}, {signal.quote}", signal.turn, signal.start_ms
    if signal.basis == "crm":
        return f"by the CRM: {signal.value}", signal.turn, signal.start_ms
    if signal.by:
        return f"corrected to “{short(signal.value, 6)}”", signal.turn, signal.start_ms
    verb = "said" if signal.basis == "stated" else "implied"
    return f"{verb} “{short(signal.quote, 6)}”", signal.turn, signal.start_ms


def _asked(facts: Sequence[Fact], topics: set[str]) -> Reason | None:
    for question in every(facts, QuestionRaised):
        if topics & {t.lower() for t in question.topics}:
            return f"asked “{short(question.text, 8)}”", question.turn, question.start_ms
    return None


def _doubted(facts: Sequence[Fact], words: Sequence[str]) -> Reason | None:
    for flag in every(facts, Flagged):
        if flag.kind == "objection" and any(w in flag.note.lower() for w in words):
            return f"doubted “{short(flag.note, 6)}”", flag.turn, flag.start_ms
    return None


def _owed(facts: Sequence[Fact], wanted: bool) -> Reason | None:
    owed = outstanding(facts)
    if bool(owed) is not wanted:
        return None
    if not owed:
        return "every question was answered", 0, 0
    return f"unanswered “{short(owed[0].text, 8)}”", owed[0].turn, 0
