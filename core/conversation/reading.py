"""Signals in a turn: what the buyer tells of themselves, with how sure we may be of it."""

import re
from dataclasses import dataclass

from core.commands import Command, CorrectSignal, ProvideSignal
from core.conversation.figures import budget, certainty, employees
from core.conversation.lexicon import Mention
from core.conversation.numbers import numbers
from core.conversation.roles import authority, claimed, own_role, titles
from core.conversation.state import ConversationState
from core.conversation.stems import stems
from core.conversation.timing import timeline
from core.conversation.utterance import Utterance
from core.events import Polarity
from knowledge.profile import Criterion

CORRECTS = re.compile(
    r"\b(sorry|actually|i mean|i meant|correction|no wait|wait no|rather|not \w+(?: \w+){0,2}$"
    r"|scratch that|let me correct"
    r"|i misspoke|to be (?:exact|precise)|that's wrong|that's not right|no it's|no we're"
    r"|no we have)\b"
)
NEGATION = re.compile(
    r"\b(not|no|don't|doesn't|isn't|aren't|never (?:used?|had|tried)|without|haven't|won't"
    r"|stopped using"
    r"|moved away from|got rid of"
    r"|instead of|rather than|used to)\b(?:\s+\w+){0,3}\s*$"
)
NEED = re.compile(
    r"\b(?:looking (?:for|to)|want(?:ing)? to|need(?:ing)? to|trying to|hoping to|would like to"
    r"|we'd like to|i'd like to"
    r"|planning to|have to|need a way to|for a way to|interested in|our goal is to|the goal is to"
    r"|use it (?:to|for)"
    r"|so (?:that )?we can)\s+(?P<need>[a-z][^.?!;]{8,90})"
)
REQUIREMENT = re.compile(
    r"\b(?:it|this|that|you|they|the (?:tool|product|platform)) (?:has|have|needs?|must|should"
    r"|ought)(?: to)? (?:be|have|support|work|run|do|handle|include)\b|\b(?:must have"
    r"|deal ?breaker)\b"
)
"""What we have to be or do for the caller: a condition, and no purpose."""
NOT_A_NEED = re.compile(
    r"^(?:have (?:something|anything|it|this|that|everything)|be (?:up|ready|done|in)"
    r"|use (?:it|this)$|know|talk|speak|ask|hear|learn|understand|book|schedule|see (?:a"
    r"|the) demo|find out"
    r"|get (?:a|the) (?:demo|price)|a demo"
    r"|pricing|call|your|buy|go live|start|be live|be up|make sure|check|have (?:it|this)"
    r"|get started|go\b|run\b|hang)"
)
PLACE_BEFORE = re.compile(
    r"\b(?:based (?:in|out of|here in)|located in|we're in|we are in|i'm in|i am in|out of"
    r"|offices? in|headquartered in"
    r"|from|here in|in|operate in|live in)\s+(?:the )?$"
)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads signals for a set of criteria. Values: stored quantities, names, dates in ISO form."""

    criteria: tuple[Criterion, ...]
    purposes: tuple[tuple[frozenset[str], str], ...] = ()
    """Stems by which a use case is known, and its name."""
    besides: frozenset[str] = frozenset()
    """What segments are told apart by, though it may be no criterion."""

    def read(
        self,
        u: Utterance,
        mentions: list[Mention],
        asked: list[tuple[int, int]],
        state: ConversationState,
    ) -> list[Command]:
        """Every signal found; those inside a question are implied by it."""
        names = {c.name for c in self.criteria} | self.besides
        expecting = state.expecting
        if state.signals and CORRECTS.search(u.text) and expecting not in names:
            expecting = state.signals[-1].criterion
        found: list[ProvideSignal] = []
        named = [(m.start, m.end) for m in mentions if m.kind in ("tool", "competitor", "product")]
        figures = u.without([*named, *asked] if expecting in ("employees", "budget") else named)
        if "employees" in names:
            found += employees(figures, expecting)
        if "budget" in names:
            found += budget(figures, expecting)
        if "timeline" in names:
            found += timeline(u, expecting, asked)
        if "role" in names:
            found += titles(u, expecting)
            found += [] if own_role(u, mentions) else authority(u, expecting)
        known = {f.criterion for f in found} & {"role"}
        found += _mentions(u, mentions, names - known, asked, expecting)
        if "use_case" in names and not any(f.criterion == "use_case" for f in found):
            found += self._need(u, asked)
        found += self._expected(u, state, {f.criterion for f in found}, asked)
        return [self._corrected(u, f, state) for f in found]

    def _expected(
        self,
        u: Utterance,
        state: ConversationState,
        found: set[str],
        asked: list[tuple[int, int]],
    ) -> list[ProvideSignal]:
        """A bare answer to what was asked, read by the kind of the criterion."""
        wanted = next((c for c in self.criteria if c.name == state.expecting), None)
        if wanted is None or wanted.name in found or state.expecting_turn != u.said.turn - 1:
            return []
        span, sure = u.whole(), certainty(u, 0, len(u.text), 0.85)
        if wanted.kind == "number" and wanted.name not in ("employees", "budget"):
            return [
                ProvideSignal(span, wanted.name, n.value, "positive", sure)
                for n in numbers(u.text)[:1]
            ]
        if wanted.kind == "yes_no":
            answer = yes_or_no(u.text)
            said: Polarity = "positive" if answer else "negative"
            value = "yes" if answer else "no"
            return [] if answer is None else [ProvideSignal(span, wanted.name, value, said, sure)]
        free = wanted.kind == "text" or wanted.name == "use_case"
        free = free and not REQUIREMENT.search(u.text)
        if free and not found and not asked and 2 <= len(u.tokens) <= 40 and told(u.text):
            return [ProvideSignal(span, wanted.name, u.said.text.strip(), "neutral", sure * 0.8)]
        return []

    def _need(self, u: Utterance, asked: list[tuple[int, int]]) -> list[ProvideSignal]:
        """A purpose: by the words of a known use case, or else in the buyer's own."""
        for match in NEED.finditer(u.text):
            start, end = match.span("need")
            end = min([end, *(a for a, _ in asked if a > start + 8)])
            need = u.text[start:end].strip()
            if _inside(start, end, asked) or NOT_A_NEED.match(need):
                continue
            span, sure = u.span(start, end), certainty(u, start, end, 0.8)
            for words, name in self.purposes:
                if words <= stems(need):
                    return [ProvideSignal(span, "use_case", name, "positive", sure)]
            return [ProvideSignal(span, "use_case", span.quote, "neutral", sure * 0.75)]
        return []

    def _corrected(self, u: Utterance, signal: ProvideSignal, state: ConversationState) -> Command:
        """A new value for something known, said as a correction, replaces the old one."""
        known = [
            s for s in state.active if s.criterion == signal.criterion and s.value != signal.value
        ]
        if known and CORRECTS.search(u.text) and not signal.implied:
            return CorrectSignal(
                signal.span,
                signal.criterion,
                signal.value,
                signal.polarity,
                max(signal.confidence, 0.9),
            )
        return signal


YES = re.compile(
    r"^(?:(?:uh|um|oh|well|so|and|okay|ok)[,\s]+)*(?:yes|yeah|yep|yup|sure|correct"
    r"|right(?! away| now)|exactly|absolutely|definitely|of course"
    r"|that's (?:right|correct|it|fine|good|great)|that (?:works|would be (?:great|good|fine|nice"
    r"|perfect))|(?:that |it )?sounds (?:good|fair|great"
    r"|fine|perfect)|please(?: do)?|go ahead|okay|ok|you got it|that is (?:right|correct)|perfect"
    r"|i (?:would|do|think so)|why not"
    r"|fine|great|good|cool|awesome|all ?right|i see|got it|makes sense|it is|we do|mm-?hm+"
    r"|uh-?huh|affirmative|this number is fine|works for me)\b"
)
NO = re.compile(
    r"^(?:(?:uh|um|oh|well|so|and|okay|ok|actually|sorry|hmm)[,\s]+)*(?:no|nope|nah|not really"
    r"|not (?:right )?now|not yet|not at all"
    r"|i don't|i'd rather not|negative|wrong|that's (?:not right|wrong|incorrect|not it"
    r"|not correct)|we don't|incorrect|it isn't"
    r"|it's not|maybe later|not today)\b"
)


def told(text: str) -> bool:
    """Whether an answer in free words says something, rather than yes, no or "why"."""
    return yes_or_no(text) is None and not re.match(r"(?:why|what|who|how|hello|hi|um|uh)\b", text)


def yes_or_no(text: str) -> bool | None:
    """Whether a turn opens with a yes or a no."""
    if NO.search(text):
        return False
    return True if YES.search(text) else None


def _mentions(
    u: Utterance,
    mentions: list[Mention],
    names: set[str],
    asked: list[tuple[int, int]],
    expecting: str | None,
) -> list[ProvideSignal]:
    """Tools, industries, roles, use cases and places named in the turn."""
    found: dict[tuple[str, str], ProvideSignal] = {}
    for m in mentions:
        criterion = {"tool": "tech_stack", "place": "location"}.get(m.kind, m.kind)
        if criterion not in names and criterion != "location":
            continue
        before = u.text[max(0, m.start - 40) : m.start]
        inside = _inside(m.start, m.end, asked)
        if criterion == "industry" and PART_OF.match(u.text[m.end :]):
            continue
        if not _claims(criterion, before, expecting, len(u.tokens)) or (
            criterion == "location" and inside
        ):
            continue
        ours = bool(re.search(r"\b(?:our|my|we|we're|i)\b", before))
        negative = bool(NEGATION.search(before)) and not inside
        if criterion in ("role", "industry") and (negative or (inside and not ours)):
            continue
        base = (0.85 if ours else 0.6) if inside else 0.9
        sure = certainty(u, m.start, m.end, base if m.exact else base - 0.15)
        polarity: Polarity = "negative" if negative else "positive"
        signal = ProvideSignal(
            u.span(m.start, m.end), criterion, m.name, polarity, sure, inside and not ours
        )
        found.setdefault((criterion, m.name), signal)
    return _single(list(found.values()))


PART_OF = re.compile(
    r"\s+(?:team|department|people|folks|side|reports?|reporting|systems?|tools?)\b"
)
"""Our finance team is no trade of ours."""
MULTIPLE = frozenset({"tech_stack", "use_case"})
"""Criteria of which a buyer may truly have several at once."""


def _single(found: list[ProvideSignal]) -> list[ProvideSignal]:
    """One role, industry and place a turn; the longest name is the most telling role."""
    kept: dict[str, ProvideSignal] = {}
    several = []
    for signal in found:
        if signal.criterion in MULTIPLE:
            several.append(signal)
        elif signal.criterion not in kept or len(signal.value) > len(kept[signal.criterion].value):
            kept[signal.criterion] = signal
    return [*kept.values(), *several]


def _claims(criterion: str, before: str, expecting: str | None, length: int) -> bool:
    """Whether a name in this place is said of the buyer and not merely mentioned."""
    if expecting == criterion or criterion in MULTIPLE:
        return True
    if criterion == "location":
        return bool(PLACE_BEFORE.search(before))
    if criterion == "role":
        return claimed(before)
    if criterion == "industry":
        cue = re.compile(
            r"\b(?:we|we're|i'm|our|us|work|company|business|industry|in|a|an|for)\b[^.?!]{0,28}$"
        )
        return bool(cue.search(before)) or length <= 4
    return True


def _inside(start: int, end: int, stretches: list[tuple[int, int]]) -> bool:
    return any(a <= start and end <= b for a, b in stretches)
