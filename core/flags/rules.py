"""`flagged(…)`: what a person should review in a conversation, by rules over its facts. Pure.

Each rule gives the reason in words and the place it rests on. What was already flagged during the
conversation (a blocked sentence, an objection) is a fact and is not repeated.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from core.events import (
    BOOKING_REFUSED,
    ConsentRecorded,
    ConversationEnded,
    ConversationStarted,
    Fact,
    Flagged,
    HumanRequested,
    MeetingRecorded,
    Noted,
    QuestionDeferred,
    RecordingSaved,
    RouteChosen,
    SignalCaptured,
    UtteranceRecorded,
    VerdictReached,
)
from core.facts.standing import callback, every, latest, live_signals, unmerged
from core.flags.drawn import drawn
from core.flags.words import competitors, frustration, held_card, prices
from knowledge.profile import Company

MOST_OF_A_KIND = 5
"""More flags of one kind in one conversation add nothing."""


@dataclass(frozen=True, slots=True)
class Case:
    """A conversation as the rules see it."""

    id: str
    facts: Sequence[Fact]
    company: Company

    @property
    def lines(self) -> list[UtteranceRecorded]:
        """What was said and heard, in chronological order."""
        return sorted(every(self.facts, UtteranceRecorded), key=lambda line: line.start_ms)

    @property
    def theirs(self) -> list[UtteranceRecorded]:
        """What the buyer said."""
        return [line for line in self.lines if line.speaker == "caller"]

    @property
    def spoken(self) -> bool:
        """Whether it was by phone."""
        started = latest(self.facts, ConversationStarted)
        return started is None or started.channel == "voice"

    def place(self, turn: int) -> int:
        """When a turn begins, in milliseconds."""
        return next((line.start_ms for line in self.theirs if line.turn == turn), 0)


Rule = Callable[[Case], Iterator[Flagged]]


def flagged(conversation_id: str, facts: Sequence[Fact], company: Company) -> list[Flagged]:
    """Flags that the facts call for and do not have yet, in order of position."""
    case = Case(conversation_id, unmerged(facts), company)
    known = {(flag.kind, flag.turn) for flag in every(case.facts, Flagged)}
    found: list[Flagged] = []
    for kind, rule in RULES.items():
        if kind in company.flags.off:
            continue
        fresh = [flag for flag in rule(case) if (flag.kind, flag.turn) not in known]
        found += list({(f.kind, f.turn): f for f in reversed(fresh)}.values())[::-1][
            :MOST_OF_A_KIND
        ]
    return sorted(found, key=lambda flag: (flag.start_ms, flag.kind))


def _hot_unrouted(case: Case) -> Iterator[Flagged]:
    verdict, route = latest(case.facts, VerdictReached), latest(case.facts, RouteChosen)
    if verdict is None or verdict.result != "qualified":
        return
    promised = callback(case.facts) or latest(case.facts, MeetingRecorded)
    if promised or (route and route.rep and route.action != "none"):
        return
    reasons = "; ".join(route.reasons) if route else "no rule was reached"
    yield Flagged("hot_unrouted", verdict.turn, case.place(verdict.turn),
                  f"qualified, and no rep has it: {reasons}")  # fmt: skip


def _asked_for_human(case: Case) -> Iterator[Flagged]:
    for asked in every(case.facts, HumanRequested):
        yield Flagged("asked_for_human", asked.turn, case.place(asked.turn), asked.quote)


def _frustrated(case: Case) -> Iterator[Flagged]:
    for line in case.theirs:
        if said := frustration(line.text, case.company.flags.frustrated):
            yield Flagged("frustrated", line.turn, line.start_ms, said)


def _low_confidence(case: Case) -> Iterator[Flagged]:
    """Only signals that decided the verdict; a doubtful name or aside decides nothing."""
    verdict = latest(case.facts, VerdictReached)
    decided = {s for c in verdict.criteria for s in c.signals} if verdict else set()
    least = case.company.flags.confidence_below
    for signal in live_signals(case.facts):
        if signal.signal_id in decided and _doubtful(signal, least) and not signal.origin:
            name, sure = signal.criterion.replace("_", " "), round(signal.confidence * 100)
            note = f"{name} = {signal.value}, {sure}% sure"
            yield Flagged("low_confidence", signal.turn, signal.start_ms, note)


def _doubtful(signal: SignalCaptured, least: float) -> bool:
    return signal.basis == "stated" and signal.confidence < least


def _abstained(case: Case) -> Iterator[Flagged]:
    for asked in every(case.facts, QuestionDeferred):
        note = f"{asked.text} ({asked.reason})" if asked.reason else asked.text
        yield Flagged("abstained", asked.turn, case.place(asked.turn), note)


def _price_talk(case: Case) -> Iterator[Flagged]:
    """Once, where it begins."""
    for line in case.theirs:
        if said := prices(line.text):
            yield Flagged("price_talk", line.turn, line.start_ms, said)
            return


def _competitor(case: Case) -> Iterator[Flagged]:
    seen: set[str] = set()
    for line in case.theirs:
        names = [n for n in competitors(line.text, case.company) if n not in seen]
        if names:
            seen.update(names)
            yield Flagged("competitor", line.turn, line.start_ms, ", ".join(names))


def _consent_unclear(case: Case) -> Iterator[Flagged]:
    """A recording with the buyer's voice, without evidence that they were told and agreed."""
    saved = latest(case.facts, RecordingSaved)
    wishes = [c for c in every(case.facts, ConsentRecorded) if c.kind == "recording"]
    if saved is None or not case.theirs or (wishes and wishes[-1].state == "given"):
        return
    state = wishes[-1].state if wishes else "not on record"
    at_ms = wishes[-1].at_ms if wishes else 0
    yield Flagged("consent_unclear", 0, at_ms, f"there is a recording; consent is {state}")


def _card_spoken(case: Case) -> Iterator[Flagged]:
    for line in case.theirs:
        if held_card(line.text):
            yield Flagged("card_spoken", line.turn, line.start_ms, "a number that passes as one")


def _long_silence(case: Case) -> Iterator[Flagged]:
    until, last = 0, None
    most_ms = round(case.company.flags.long_silence_s * 1000)
    for line in case.lines if case.spoken else ():
        if last is not None and line.start_ms - until > most_ms:
            gap_s = round((line.start_ms - until) / 1000)
            waited = "for us" if line.speaker == "agent" else "for the caller"
            yield Flagged("long_silence", last.turn, until, f"{gap_s} s, {waited}")
        until, last = max(until, line.end_ms), line


def _overlap(case: Case) -> Iterator[Flagged]:
    lines = case.lines if case.spoken else []
    most_ms = round(case.company.flags.overlap_s * 1000)
    for n, line in enumerate(lines):
        for other in lines[n + 1 : n + 4]:
            both_ms = min(line.end_ms, other.end_ms) - other.start_ms
            if other.speaker != line.speaker and both_ms > most_ms:
                note = f"both spoke for {both_ms / 1000:.1f} s"
                yield Flagged("overlap", other.turn, other.start_ms, note)


def _recognition_poor(case: Case) -> Iterator[Flagged]:
    """Three lines at least: one cough says nothing about a call."""
    lines = [line for line in case.theirs if line.text.strip()] if case.spoken else []
    if len(lines) < 3:
        return
    mean = sum(line.confidence for line in lines) / len(lines)
    if mean < case.company.flags.recognition_below:
        worst = min(lines, key=lambda line: line.confidence)
        note = f"{round(mean * 100)}% sure on average, least of “{worst.text[:80]}”"
        yield Flagged("recognition_poor", worst.turn, worst.start_ms, note)


def _booking_failed(case: Case) -> Iterator[Flagged]:
    """Unless a meeting stands after all."""
    met = latest(case.facts, MeetingRecorded)
    if met is not None and met.status != "cancelled":
        return
    for note in every(case.facts, Noted):
        turn = note.data.get("turn")
        if note.kind == BOOKING_REFUSED and isinstance(turn, int):
            yield Flagged("booking_failed", turn, case.place(turn), str(note.data.get("reason")))


def _random_audit(case: Case) -> Iterator[Flagged]:
    if not any(isinstance(fact, ConversationEnded) for fact in case.facts) or not case.theirs:
        return
    if drawn(case.id) < case.company.flags.audit_share:
        yield Flagged("random_audit", 0, 0, f"{case.company.flags.audit_share:.0%} of all")


RULES: dict[str, Rule] = {
    "hot_unrouted": _hot_unrouted,
    "asked_for_human": _asked_for_human,
    "frustrated": _frustrated,
    "low_confidence": _low_confidence,
    "abstained": _abstained,
    "price_talk": _price_talk,
    "competitor": _competitor,
    "consent_unclear": _consent_unclear,
    "card_spoken": _card_spoken,
    "long_silence": _long_silence,
    "overlap": _overlap,
    "recognition_poor": _recognition_poor,
    "booking_failed": _booking_failed,
    "random_audit": _random_audit,
}
"""Without `callback_overdue`, which the facts alone cannot tell: it also depends on the time."""
