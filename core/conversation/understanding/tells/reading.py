"""The signals in a turn: what buyers say about themselves, with confidence."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.commands import Command, CorrectSignal, ProvideSignal
from core.conversation.state import ConversationState
from core.conversation.understanding.meant import answered
from core.conversation.understanding.replies.yes_no import told, yes_or_no
from core.conversation.understanding.tells.choices import Choices
from core.conversation.understanding.tells.holding import held
from core.conversation.understanding.tells.needs import REQUIREMENT, needs
from core.conversation.understanding.tells.purposes import Purposes
from core.conversation.understanding.tells.roles import Listed, roles
from core.conversation.understanding.tells.unanswered import nothing_told
from core.conversation.understanding.tells.whereabouts import puts_right, whereabouts, with_work
from core.conversation.understanding.times.dated import dated
from core.conversation.words.counting import (
    counted,
    just_one,
    of_other_things,
    of_unnamed,
    only_a_count,
)
from core.conversation.words.dates import times
from core.conversation.words.durations import lasting, span_of
from core.conversation.words.figures import TAKEN_BACK, certainty
from core.conversation.words.industries import industry
from core.conversation.words.lexicon import Mention
from core.conversation.words.measures import unit_of, wanted
from core.conversation.words.measuring import measured
from core.conversation.words.money import budget
from core.conversation.words.named import MULTIPLE, named
from core.conversation.words.numbers import Number, numbers
from core.conversation.words.plain import plain
from core.conversation.words.rates import in_period, period_of, rate
from core.conversation.words.sites import of_the_work
from core.conversation.words.sizes import PEOPLE, employees
from core.conversation.words.utterance import Utterance, fluent
from core.events import Polarity
from core.geography.namesakes import Near
from knowledge.profile import Criterion
from knowledge.retrieval.words import topics


def _denied(state: ConversationState, text: str) -> bool:
    """Whether a bare no answers "do you have a warehouse already?"."""
    asked = _HAVE_YOU.search(" ".join(state.history.reply)) is not None
    return asked and len(text.split()) <= _BARE_NO and yes_or_no(text) is False


_HAVE_YOU = re.compile(r"\b(?:do|have) you (?:have|got|use) (?:an?|any) [^?]*\?$", re.IGNORECASE)
_BARE_NO = 4
CORRECTS = re.compile(
    rf"\b({TAKEN_BACK}|sorry|actually|no wait|wait no|rather|not \w+(?: \w+){{0,2}}$"
    r"|let me correct|make (?:that|it)|did i say|i said|my (?:mistake|bad)"
    r"|i misspoke|to be (?:exact|precise)|that's wrong|that's not right|no it's|no we're"
    r"|no we have)\b"
)


def slips(text: str) -> list[tuple[int, int]]:
    """Where a caller describes a mistake with a figure: that states no figure."""
    return [m.span() for m in _SLIP.finditer(text)]


_SLIP = re.compile(
    r"\b(?:i|we|you)(?:'ve)? (?:just )?(?:dropped|missed|forgot|lost|added|left (?:off|out))"
    r" (?:a|one|an extra|one) (?:zero|nought|digit|number)\b(?: too (?:many|few))?"
)
_NEAR = 24
"""Characters between a correction and its name, if several may stand."""


def _corrects(u: Utterance, state: ConversationState) -> str:
    """What a correction is about: the fact with the same figure, or with any; or the last one."""
    every = numbers(u.text)
    same = [s.criterion for s in state.signals.active if s.value in {n.value for n in every}]
    bare = any(_BARE_FIGURE.match(u.text, n.end) or PEOPLE.match(u.text[n.end :]) for n in every)
    known = [s.criterion for s in state.signals.active] if bare else []
    counted = [name for name in known if name in ("employees", "budget")]
    return [state.signals.all[-1].criterion, *counted, *same][-1]


_BARE_FIGURE = re.compile(
    r"(?: ?(?:k|thousand|hundred|grand|dollars|euros|pounds|a (?:month|year)))*\s*(?:$|[.,;!?]"
    r"|(?:not|now|actually|sorry|instead|rather|in|all|or|and|give|by|to|at|is|are|was|we|i)\b)"
)
"""What follows a figure that corrects one, and no other noun: "actually got two orgs"."""


def _sizes(u: Utterance, state: ConversationState) -> bool:
    """Whether a bare figure gives their size, although other things were said since."""
    open_still = "employees" in state.asks.made and state.signals.value("employees") is None
    alone = _A_SIZE.fullmatch(u.text.strip(" .!")) is not None
    return open_still and alone and not state.times.slots


def _once(u: Utterance, found: list[ProvideSignal], expecting: str | None) -> list[ProvideSignal]:
    """One criterion per figure: the one that was asked for, else the first."""
    kept: list[ProvideSignal] = []
    figures = [s for s in found if _FIGURE.fullmatch(s.value)]
    for signal in sorted(figures, key=lambda s: s.criterion != expecting):
        own = {n.start for n in numbers(u.text) if _holds(u, signal, n)}
        if not any(own & {n.start for n in numbers(u.text) if _holds(u, k, n)} for k in kept):
            kept.append(signal)
    return [s for s in found if s not in figures or s in kept]


def _holds(u: Utterance, signal: ProvideSignal, number: Number) -> bool:
    start, end = u.found(signal.span.quote)
    return start <= number.start and number.end <= end


_FIGURE = re.compile(r"[<>=]*\d[\d.,-]*")


def _scaled(signal: ProvideSignal, before: str) -> str:
    """A sum that corrects another, in its thousands: "twenty k. no i meant thirty"."""
    told, old = signal.value, before
    if signal.criterion != "budget" or not (told.isdigit() and old.isdigit()):
        return told
    thousands = int(told) < _SCALE <= int(old) and int(old) % _SCALE == 0
    return str(int(told) * _SCALE) if thousands and not told.endswith("000") else told


_SCALE = 1000


def _of_a_question(
    u: Utterance,
    taken: Sequence[tuple[int, int]],
    asked: Sequence[tuple[int, int]],
    expecting: str | None,
) -> list[ProvideSignal]:
    """A size given as a question: "what is it for like forty people"."""
    if expecting != "employees" or not asked:
        return []
    return [replace(s, implied=True) for s in employees(u.without(list(taken)), None)]


_A_SIZE = re.compile(
    r"(?:(?:oh|um|uh|well|so|and|like|about|around|roughly|maybe|say|i'd say|we're|it's)[, ]+)*"
    r"(?:[a-z]+ )?(?:hundred|thousand|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|\d{2,})"
    r"(?: (?:and )?[a-z]+)?(?:,? (?:or so|or thereabouts|ish|plus|give or take|odd|i'd say|i think"
    r"|i guess))*"
)
_MEANT = re.compile(r"\bi (?:mean|meant|said)\b")
_FIGURES = ("employees", "budget", "phone")
"""Criteria, besides days, that a bare figure may answer."""
_OURS = re.compile(
    r"\b(?:we|we're|we've|our|us|i'm|i|my|company|office|offices|based|hq|headquarters)\b"
    rf"|{CORRECTS.pattern}"
)
"""Words that allow a place other than the known one."""
_OUR_TRADE = re.compile(
    r"\b(?:we're|we are|i'm|i am|we (?:also )?(?:make|sell|build|run|do|produce|provide|offer|own)"
    r"|company|business|firm|start-?up|industry|sector|space|trade|shop|office)\b"
    rf"|{CORRECTS.pattern}"
)
"""Words that make an industry theirs although another is known: no "Stripe payments"."""
_UNSURE = re.compile(
    r"(?:(?:um|uh|well|oh|i'm|we're|i am) )*(?:not sure|no idea|give me|send me)\b"
)


@dataclass(frozen=True, slots=True)
class _Turn:
    """What one reading looks at. `asked`: the places of questions; `expecting`: the criterion that
    a bare answer is about."""

    u: Utterance
    mentions: list[Mention]
    asked: list[tuple[int, int]]
    expecting: str | None
    state: ConversationState


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads signals for a set of criteria. Values: stored quantities, names, dates in ISO form."""

    criteria: tuple[Criterion, ...]
    purposes: Purposes
    """Wordings of purposes."""
    choices: Choices
    """Wordings of the other choices."""
    besides: frozenset[str] = frozenset()
    """Facts that tell segments apart, though they may be no criteria."""
    trades: Mapping[str, str] = field(default_factory=dict)
    """The company's name for each trade."""
    listed: Listed = lambda title: None
    """The company's form of a job title, if it lists it."""
    near: Near = field(default_factory=Near)
    """Evidence for places of the same name."""
    premises: bool = False
    """Whether the company works at its buyers' premises."""
    counted: Mapping[str, str] = field(default_factory=dict)
    """The count that only those who want a use are asked for."""
    tools: frozenset[str] = frozenset()
    """The kinds of tools that the company asks about."""

    def read(
        self,
        u: Utterance,
        mentions: list[Mention],
        asked: list[tuple[int, int]],
        state: ConversationState,
    ) -> list[Command]:
        """Every signal found; those inside a question are implied."""
        names = {c.name for c in self.criteria} | self.besides
        expecting = state.awaited.wanted
        bare = {*_FIGURES, *(c.name for c in self.criteria if c.kind == "date")}
        meant = expecting not in bare and _MEANT.search(u.text)
        answers = state.awaited.fresh(u.said.turn) and expecting in names and not meant
        if state.signals.all and CORRECTS.search(u.text) and not answers:
            expecting = _corrects(u, state)
        if expecting not in bare and _sizes(u, state):
            expecting = "employees"
        found: list[ProvideSignal] = []
        taken = [(m.start, m.end) for m in mentions if m.kind in ("tool", "competitor", "product")]
        turn = _Turn(u, mentions, asked, expecting, state)
        where, moved = self._where(turn)
        places = [u.found(s.span.quote) for s in where]
        when = times(u.without(places).text, u.said.at.date())  # no "in fall" in "in fall river"
        taken += [(w.start, w.end) for w in when if not w.open]
        free = u.without(taken)
        lasts = self._lasting(turn, free)
        told = [*taken, *(u.found(s.span.quote) for s in lasts)]
        figures = u.without([*told, *asked] if expecting in ("employees", "budget") else told)
        if "employees" in names:
            found += employees(figures, expecting) or _of_a_question(u, taken, asked, expecting)
        if "budget" in names:
            found += budget(figures, expecting)
        found += dated(u, when, self.criteria, expecting, asked)
        if "role" in names:
            trades = {m.name.lower() for m in mentions if m.kind == "industry"}
            titles = [(m.start, m.end) for m in mentions if m.kind == "role"]
            own = roles(u, expecting, asked, self.listed, titles)
            found += [r for r in own if r.value.lower() not in trades]  # "i'm in manufacturing"
        found += named(u, mentions, names - {"industry", "role"}, asked, expecting, self.tools)
        found = self._chosen(turn, found)
        here = state.signals.value("location")
        if expecting == "location" or not here or moved or _OURS.search(u.text):
            found += [with_work(u, s, premises=self.premises) for s in where]
        known = state.signals.value("industry") and expecting != "industry"
        if "industry" in names and not (known and not _OUR_TRADE.search(u.text)):
            apart = [m for m in mentions if not any(a <= m.start and m.end <= b for a, b in places)]
            found += industry(u, apart, asked, expecting, self.trades)
        if "use_case" in names and not any(f.criterion == "use_case" for f in found):
            found += needs(
                u,
                mentions,
                asked,
                expecting,
                self.purposes,
                state.signals.value("use_case") is not None,
            )
        found += lasts
        found += self._counts(turn, free, found)
        found += self._expected(turn, {f.criterion for f in found})
        found = _once(u, found, expecting)
        anew = {"location"} if moved else set[str]()
        return [self._corrected(u, f, state, sure=f.criterion in anew) for f in found]

    def _where(self, turn: _Turn) -> tuple[list[ProvideSignal], bool]:
        """Where they are, and whether that takes the place of what is known: no office does of
        where the work is."""
        u, mentions, state = turn.u, turn.mentions, turn.state
        known = state.signals.standing("location")
        here, near = state.signals.value("location"), self.near.calling(state.opened.caller)
        premises = self.premises
        where = whereabouts(u, mentions, turn.asked, turn.expecting, here, near, premises=premises)
        if known is None or not where:
            return where, False
        moved = puts_right(u, mentions, where[0].value, known.value)
        if with_work(u, where[0], premises=premises) != where[0]:
            return where, True
        apart = of_the_work(known.quote) and not (moved or CORRECTS.search(u.text))
        return ([] if apart else where), moved

    def _chosen(self, turn: _Turn, found: list[ProvideSignal]) -> list[ProvideSignal]:
        """The signals, with choices in other words than their names; a denied value next to the
        right one, "cold, not frozen", is dropped."""
        known = {f.criterion for f in found if f.polarity != "negative"}
        question = " ".join(turn.state.history.reply)
        told = self.choices.read(turn.u, known, turn.asked, turn.expecting, question)
        instead = {t.criterion for t in told if not t.implied}
        return [*(f for f in found if f.criterion not in instead), *told]

    def _of_own_criteria(
        self, turn: _Turn, free: Utterance, unnamed: str | None
    ) -> list[ProvideSignal]:
        """Figures, and yes and no in words, for the company's own criteria; `free`: the turn
        without names and times; `unnamed`: the criterion of a count of nothing named."""
        u, asked = turn.u, turn.asked
        found: list[ProvideSignal] = []
        for c in self.criteria:
            expected = turn.expecting == c.name
            if c.kind == "number" and span_of(c) is None and wanted(c):
                found += measured(free, c, self.criteria, asked, expected=expected)
            elif c.counts and span_of(c) is None:
                found += counted(u, c, turn.mentions, asked, self.criteria, unnamed)
            elif c.kind == "yes_no":
                found += held(u, c, asked, expected=expected)
        return found

    def _counts(
        self, turn: _Turn, free: Utterance, found: list[ProvideSignal]
    ) -> list[ProvideSignal]:
        """The company's own figures; a turn of one alone is the count of what they want."""
        state, known = turn.state, turn.state.signals
        uses = [s.value for s in known.active if s.criterion == "use_case"]
        uses += [s.value for s in found if s.criterion == "use_case"]
        unnamed = of_unnamed(self.criteria, self.counted, uses)
        made = self._of_own_criteria(turn, free, unnamed)
        alone = None if found or made or turn.asked else only_a_count(free.text)
        if alone is None or state.times.slots or state.awaited.read_back:
            return made
        own = [c for c in self.criteria if c.name == unnamed and unnamed in self.counted.values()]
        return [self._so_many(turn.u, alone, c) for c in own if known.value(c.name) is None]

    def _lasting(self, turn: _Turn, free: Utterance) -> list[ProvideSignal]:
        """Durations; one that answers our question for a duration is no date."""
        found: list[ProvideSignal] = []
        for c in self.criteria:
            if (unit := span_of(c)) is not None:
                expected = turn.expecting == c.name
                where = turn.u if expected else free
                found += lasting(where, c, unit, turn.asked, expected=expected)
        return found

    def _expected(self, turn: _Turn, found: set[str]) -> list[ProvideSignal]:
        """A bare answer to what was asked, parsed by the criterion's kind."""
        u, state = turn.u, turn.state
        criterion = next((c for c in self.criteria if c.name == state.awaited.ask), None)
        if criterion is None or criterion.name in found or not state.awaited.fresh(u.said.turn):
            return []
        span, sure = u.whole(), certainty(u, 0, len(u.text), 0.85)
        name = criterion.name
        if criterion.kind == "number" and name not in ("employees", "budget"):
            figures = [] if wanted(criterion) else numbers(u.text) or just_one(u.text)
            bare = (n for n in figures if not unit_of(u.text, n))
            own = [n for n in bare if not of_other_things(u.text, n, criterion)][:1]
            return [self._so_many(u, n, criterion) for n in own]
        if criterion.kind == "yes_no":
            answer = None if nothing_told(u) else yes_or_no(u.text)  # "i'd rather not say"
            said: Polarity = "positive" if answer else "negative"
            value = "yes" if answer else "no"
            return [] if answer is None else [ProvideSignal(span, name, value, said, sure)]
        if self.tools and name == "tech_stack" and _denied(state, u.text):
            return [ProvideSignal(span, name, "none", "negative", sure)]
        free = criterion.kind == "text" or name == "use_case"
        free = free and not REQUIREMENT.search(u.text)
        if name == "use_case":  # in words of this business, not "not sure yet"
            free = free and self.purposes.touches(u.text) > 0 and not _UNSURE.match(u.text)
            free = free and len(topics(u.text)) > 1  # "then the centrifuge" is no purpose
        if (
            free
            and not found
            and not turn.asked
            and not u.text.endswith("?")
            and 2 <= len(u.tokens) <= 40
            and told(u.text)
            and not any(answered(kind, plain(u)) for kind in ("decline", "unknown"))
        ):
            return [ProvideSignal(span, name, fluent(u.said.text), "neutral", sure * 0.8)]
        return []

    def _so_many(self, u: Utterance, number: Number, criterion: Criterion) -> ProvideSignal:
        """A bare figure, in the period we asked for."""
        often = rate(u.text, number.start, number.end)
        end = often[2] if often else number.end
        value = in_period(number, often, period_of(criterion)).value
        sure = certainty(u, number.start, end, 0.85)
        return ProvideSignal(u.span(number.start, end), criterion.name, value, "positive", sure)

    def _corrected(
        self, u: Utterance, signal: ProvideSignal, state: ConversationState, *, sure: bool
    ) -> Command:
        """A new value for something known replaces the old one, if `sure` or said as a
        correction."""
        known = [
            s
            for s in state.signals.active
            if s.criterion == signal.criterion and s.value != signal.value
        ]
        at = u.text.find(signal.span.quote.lower())
        near = u.text[max(0, at - _NEAR) : at + len(signal.span.quote) + _NEAR]
        if signal.criterion not in MULTIPLE or at < 0:
            near = u.text
        if known and (sure or CORRECTS.search(near)) and not signal.implied:
            value = _scaled(signal, known[-1].value)
            at_least = max(signal.confidence, 0.9)
            return CorrectSignal(signal.span, signal.criterion, value, signal.polarity, at_least)
        return signal
