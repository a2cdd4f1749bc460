"""`score(held, loaded)`: one played conversation against its author's expectations. Pure."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from core.evaluation.answers import judge_answers
from core.evaluation.format import ANY, Expect
from core.evaluation.invariants import violations
from core.evaluation.lines import by_turn
from core.evaluation.match import matches
from core.evaluation.run import Held
from core.evaluation.scored import Scored
from core.events import (
    CallbackRequested,
    ConsentRecorded,
    ConversationEnded,
    Fact,
    Flagged,
    HumanRequested,
    MeetingRecorded,
    RouteChosen,
    SignalCaptured,
    VerdictReached,
)
from core.facts.standing import CONTACT, CONTACT_FIELDS, every, latest, live_signals
from core.presence import local_day
from core.qualification.segments import signals_of
from knowledge.load import Loaded

UNSCORED = "disqualifier"


def score(held: Held, loaded: Loaded) -> Scored:
    """Checks the author's expectations, the invariants, and the manners of asking."""
    scored = Scored(held, by_turn(held.facts))
    _signals(scored, loaded)
    judge_answers(scored, loaded)
    _turns(scored)
    _outcome(scored, loaded)
    for name, turn, why in violations(held, scored.log, loaded):
        scored.invariants[name] += 1
        scored.miss("invariant", name, why, turn)
    return scored


# --- signals -------------------------------------------------------------------------------------


def truth(held: Held) -> dict[str, list[str]]:
    """What the caller told by the end: the author's list, and what replies mean if said."""
    told = {name: list(values) for name, values in held.conversation.expect.signals.items()}
    for exchange in held.exchanges:
        reply = exchange.saying.reply
        if reply is None:
            continue
        means = {exchange.saying.asked or "": reply.means, **reply.signals}
        for name, values in means.items():
            if values and (name not in told or name in ("tech_stack", "use_case")):
                known = told.setdefault(name, [])
                known += [v for v in values if v not in known]
    return told


def _today(scored: Scored, loaded: Loaded) -> date:
    when = scored.held.conversation.when
    assert when is not None, "loaded conversations have a time"
    return local_day(loaded.company, when)


def _signals(scored: Scored, loaded: Loaded) -> None:
    """Every value told is found once, and every value found was told. Implied ones are guesses."""
    company, conversation = loaded.company, scored.held.conversation
    today = _today(scored, loaded)
    names = signals_of(company) | {*CONTACT_FIELDS, "location"}
    told, expect = truth(scored.held), conversation.expect
    standing = [s for s in live_signals(scored.held.facts) if s.criterion in names]
    for name in sorted({*told, *(s.criterion for s in standing)} & names):
        own = [s for s in standing if s.criterion == name]
        _match(scored, name, told.get(name, []), own, expect, today)
    for name, values in expect.not_signals.items():
        found = [s for s in live_signals(scored.held.facts) if s.criterion == name]
        for value in values:
            stood = [s.value for s in found if _stands(value, s, today)]
            scored.check("not signal", not stood, f"no {name} {value}", ", ".join(stood))


def _stands(value: str, signal: SignalCaptured, today: date) -> bool:
    """Whether a signal states a forbidden value; a disqualifier by itself counts against them."""
    if signal.criterion == UNSCORED:
        return signal.value == value
    return signal.polarity != "negative" and matches(value, signal.value, signal.polarity, today)


def _match(
    scored: Scored, name: str, told: Sequence[str], own: Sequence[SignalCaptured],
    expect: Expect, today: date,
) -> None:  # fmt: skip
    counted, left = scored.signals[name], list(own)
    for value in told:
        hit = next((s for s in left if matches(value, s.value, s.polarity, today)), None)
        if hit is None:
            counted.missed += 1
            found = ", ".join(s.value for s in own) or "nothing"
            scored.miss("signal", f"{name} = {value}", found)
            continue
        left.remove(hit)
        counted.hits += 1
        if hit.basis == "implied":
            scored.guesses.add(True)
    allowed = (*expect.allow.get(name, ()), *expect.allow.get(ANY, ()))
    for signal in left:
        tolerated = any(matches(v, signal.value, signal.polarity, today) for v in allowed)
        again = any(matches(v, signal.value, signal.polarity, today) for v in told)
        if signal.polarity == "negative" or tolerated or again:
            continue
        if signal.basis == "implied":
            scored.guesses.add(False)
            continue
        counted.extra += 1
        scored.miss("signal", f"no {name} {signal.value}", f"“{signal.quote}”", signal.turn)


# --- turns ---------------------------------------------------------------------------------------


def _turns(scored: Scored) -> None:
    """The author's expectations of single replies."""
    for exchange in scored.held.exchanges:
        line = exchange.saying.line
        if line is None:
            continue
        turn = max(exchange.turns, default=0)
        if line.ask:
            asked = [a for t in exchange.turns for a in scored.log.turns[t].asked]
            about = [a for a in asked if a not in CONTACT]
            right = not about if line.ask == "none" else line.ask in asked
            scored.check("ask", right, line.ask, ", ".join(asked) or "none", turn)
        if line.segment:
            found = _segment_at(scored.held.facts, turn)
            scored.check("segment", found == line.segment, line.segment, found, turn)
        if line.action:
            right = exchange.action == line.action
            scored.check("action", right, line.action, exchange.action or "none", turn)
    last = scored.held.exchanges[-1] if scored.held.exchanges else None
    ends = last is not None and last.saying.line is not None and last.saying.line.action
    turn = max(last.turns, default=0) if last else 0
    unsaid = f"{scored.held.left} more turns"
    scored.check("heard out", not scored.held.left or bool(ends), unsaid, "we hung up", turn)


def _segment_at(facts: Sequence[Fact], turn: int) -> str:
    reached = [v for v in every(facts, VerdictReached) if v.turn <= turn]
    return (reached[-1].segment if reached else None) or "none"


# --- the end -------------------------------------------------------------------------------------


def _outcome(scored: Scored, loaded: Loaded) -> None:
    expect, facts = scored.held.conversation.expect, scored.held.facts
    zone, today = loaded.company.timezone, _today(scored, loaded)
    verdict, route = latest(facts, VerdictReached), latest(facts, RouteChosen)
    result = verdict.result if verdict else "none"
    if expect.verdict:
        why = f"{result}: {'; '.join(verdict.reasons) if verdict else ''}"
        scored.check("verdict", result in expect.verdict, " | ".join(expect.verdict), why)
    if expect.segment:
        segment = (verdict.segment if verdict else None) or "none"
        scored.check("segment", segment == expect.segment, expect.segment, segment)
    if expect.route:
        rep, action = (route.rep or "none", route.action) if route else ("none", "none")
        wanted = expect.route
        fits = (not wanted.reps or rep in wanted.reps) and wanted.action in (None, action)
        expected = f"{wanted.action or 'any'} → {' | '.join(wanted.reps) or 'anyone'}"
        scored.check("route", fits, expected, f"{action} → {rep}")
    _requests(scored, expect, facts, zone, today)
    spoken = " ".join(t.reply for t in scored.log.turns.values()).lower()
    for words in expect.never:
        scored.check("never said", words.lower() not in spoken, f"never “{words}”", "said")


def _agreed(facts: Sequence[Fact], zone: str, today: date) -> list[str]:
    """Agreed calls and meetings, latest last, in words for their time; empty when cancelled."""
    agreed: list[str] = []
    for fact in facts:
        if isinstance(fact, CallbackRequested):
            agreed.append(fact.when)
        elif isinstance(fact, MeetingRecorded) and fact.status == "cancelled":
            agreed.clear()
        elif isinstance(fact, MeetingRecorded):
            start = datetime.fromisoformat(fact.start).astimezone(ZoneInfo(fact.zone or zone))
            near = {0: "today", 1: "tomorrow"}.get((start.date() - today).days, "")
            part = "morning" if start.hour < 12 else "afternoon"
            agreed.append(f"{near} {start:%A} {part}, {start:%B} {start.day}, {start:%H:%M}")
    return agreed


def _requests(
    scored: Scored, expect: Expect, facts: Sequence[Fact], zone: str, today: date
) -> None:
    """What was asked for, agreed, refused or flagged."""
    if expect.agreed is not None:
        agreed = _agreed(facts, zone, today)
        wanted = expect.agreed
        right = {"yes": bool(agreed), "no": not agreed}.get(
            wanted,
            any(w.strip().lower() in a.lower() for w in wanted.split("|") for a in agreed[-1:]),
        )
        scored.check("agreed", right, wanted, "; ".join(agreed) or "nothing")
    contact, recording = "unknown", "unknown"
    for consent in every(facts, ConsentRecorded):
        if consent.kind == "contact":
            contact = consent.state
        else:
            recording = consent.state
    if expect.human is not None:
        asked = bool(every(facts, HumanRequested))
        scored.check("human", asked == expect.human, expect.human, asked)
    if expect.opted_out is not None:
        out = contact == "declined"
        scored.check("opted out", out == expect.opted_out, expect.opted_out, out)
    if expect.recording is not None:
        scored.check("recording", recording == expect.recording, expect.recording, recording)
    if expect.disqualifier is not None:
        stated = [s.value for s in every(facts, SignalCaptured) if s.criterion == UNSCORED]
        verdict = latest(facts, VerdictReached)
        out = verdict is not None and verdict.result == "disqualified"
        right = expect.disqualifier in stated or (out and not stated)
        scored.check("disqualifier", right, expect.disqualifier, ", ".join(stated) or "none")
    flags = {f.kind for f in every(facts, Flagged)}
    for kind in expect.flags:
        scored.check("flag", kind in flags, kind, ", ".join(sorted(flags)) or "none")
    if expect.outcome:
        end = latest(facts, ConversationEnded)
        outcome = end.outcome if end else "none"
        scored.check("outcome", outcome in expect.outcome, " | ".join(expect.outcome), outcome)
