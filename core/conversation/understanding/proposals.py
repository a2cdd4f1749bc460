"""Verifies what a model read in a turn: words really said, values that code or the catalogue knows.

Pure. A proposal is trusted only for where to look: its quote must occur word for word in the
transcript, our own parsers read figures and dates from the quote, and a choice must be one the
company has. The rest is dropped and counted.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.commands import (
    AskProduct,
    Command,
    DeclineRecording,
    DeclineToSay,
    DoesNotKnow,
    Objection,
    OptOut,
    ProvideContact,
    ProvideSignal,
    RequestCallback,
    RequestHuman,
    RequestMeeting,
)
from core.conversation.understanding.tells.stated import declared
from core.conversation.understanding.times.timing import timeline
from core.conversation.understanding.times.when import when_of
from core.conversation.words.contact import email
from core.conversation.words.dates import times
from core.conversation.words.lexicon import Lexicon
from core.conversation.words.locations import location
from core.conversation.words.money import budget
from core.conversation.words.numbers import numbers
from core.conversation.words.phone import digit_run, home_region, phone_number
from core.conversation.words.sizes import employees
from core.conversation.words.utterance import TOKEN, Utterance, utterance
from core.conversation.words.wider import with_wider
from core.events import Polarity
from core.talk import Span, UserSaid
from knowledge.answer import NOTHING_SHOWN, Shown
from knowledge.entry import NO_PASSAGE
from knowledge.fitting import values_of
from knowledge.profile import Company, Criterion

SURE, UNSURE, NAMED = 0.75, 0.5, 0.95
"""Confidence of a model's reading that code confirmed, of one the buyer hedged, and of a value
spoken by name."""
MOST = 24
"""Most proposals per turn; a model that makes more is not reading."""

_POLARITY: Mapping[str, Polarity] = {
    "affirmed": "positive", "denied": "negative", "unsure": "positive",
}  # fmt: skip
_REQUESTS: Mapping[str, type[RequestHuman | OptOut | DeclineRecording]] = {
    "request_human": RequestHuman,
    "opt_out": OptOut,
    "decline_recording": DeclineRecording,
}
_NEEDED = {
    "opt_out": frozenset("stop remove list contact call calling calls unsubscribe never".split()),
    "decline_recording": frozenset("record recorded recording tape".split()),
}
"""Words of which a quote needs one to mean something that would end or change a call."""
CONTACT = ("name", "company", "phone", "email")
PLACE = "location"
INDUSTRY = Criterion(name="industry", label="Their trade", kind="choice")
"""What they do, where no segment judges it."""
_COUNTS = {
    1: re.compile(r"\b(?:once|one|single|(?:only|just) (?:this|that|the|here))\b", re.IGNORECASE),
    2: re.compile(r"\b(?:twice|both|couple|pair)\b", re.IGNORECASE),
}
"""Numbers in words that are not always meant as numbers."""
_KINDS_OF = {"tech_stack": ("tool", "competitor"), "location": ("place",)}


@dataclass(frozen=True, slots=True)
class Checked:
    """Commands that stand, in spoken order, and why each of the others was dropped."""

    commands: tuple[Command, ...]
    dropped: tuple[str, ...] = ()


class Checker:
    """Verifies proposals for one company. Holds no conversation state."""

    def __init__(self, company: Company, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.region = home_region(company.numbers)
        self.criteria: dict[str, Criterion] = {}
        for segment in company.segments:
            for criterion in segment.criteria:
                self.criteria.setdefault(criterion.name, criterion)
        self.callers = {d.id: d for d in company.disqualifiers if not d.signal and not d.outside}
        """Disqualifiers that a buyer states of themselves."""
        words = company.vocabulary
        if words.industries:  # the rules recognise them, criterion or not
            self.criteria.setdefault(INDUSTRY.name, INDUSTRY)
        named: dict[str, tuple[str, ...]] = {
            "industry": words.industries,
            "use_case": words.use_cases,
            "role": words.roles,
            "tech_stack": (*words.integrations, *words.tools, *words.competitors),
        }
        self.catalogue: dict[str, tuple[str, ...]] = {}
        for name in self.criteria:
            accepted = [
                v
                for c in company.criteria
                if c.name == name
                for v in (*values_of(company, c), *c.none_of)
            ]
            self.catalogue[name] = tuple(dict.fromkeys((*accepted, *named.get(name, ()))))

    def check(
        self,
        proposals: Sequence[Mapping[str, Any]],
        said: UserSaid,
        shown: Shown = NOTHING_SHOWN,
    ) -> Checked:
        """The proposals that stand; `shown`: the passages that their numbers mean."""
        u = utterance(said)
        made: list[Command] = []
        dropped: list[str] = []
        for item in proposals[:MOST]:
            place = locate(str(item.get("quote") or ""), u)
            if place is None:
                dropped.append("not said")
                continue
            command = self._command(item, u, *place)
            if isinstance(command, AskProduct):
                command = replace(command, passage=_chosen(item.get("passage"), shown))
            if isinstance(command, str):
                dropped.append(command)
            elif command not in made:
                made.append(command)
        dropped += ["too many"] * len(proposals[MOST:])
        return Checked(tuple(sorted(made, key=lambda c: c.span.start_ms)), tuple(dropped))

    def _command(
        self, item: Mapping[str, Any], u: Utterance, start: int, end: int
    ) -> Command | str:
        """The command of one proposal whose words were said, or why there is none."""
        kind, span = str(item.get("kind")), u.span(start, end)
        inside = u.without([(0, start), (end, len(u.text))])
        match kind:
            case "signal":
                return self._signal(item, inside, span)
            case "contact":
                return self._contact(item, inside, span)
            case "question":
                answered = item.get("passage") is not None
                few = len(span.quote.split()) < 2 and not answered
                return "no question" if few else AskProduct(span, span.quote)
            case "objection":
                return Objection(span, u.said.text)
            case "decline" | "unknown":
                name = str(item.get("criterion"))
                made = DeclineToSay if kind == "decline" else DoesNotKnow
                return made(span, name) if name in (*self.criteria, *CONTACT) else "no criterion"
            case "caller":
                who = self.callers.get(str(item.get("value")))
                return declared(span, who) if who else "no such caller"
            case "request_callback":
                return RequestCallback(span, when_of(inside))
            case "request_meeting":
                return RequestMeeting(span, when_of(inside))
            case _ if kind in _REQUESTS:
                needed = _NEEDED.get(kind)
                words = {t.text for t in inside.tokens if start <= t.start < end}
                return _REQUESTS[kind](span) if not needed or needed & words else "not so worded"
            case _:
                return "unknown kind"

    def _signal(self, item: Mapping[str, Any], inside: Utterance, span: Span) -> Command | str:
        sign = str(item.get("sign"))
        polarity = _POLARITY.get(sign, "positive")
        sure = UNSURE if sign == "unsure" else SURE
        name = str(item.get("criterion"))
        criterion = self.criteria.get(name)
        if criterion is None and name == PLACE:
            return _located(inside, self.lexicon, sure) if polarity == "positive" else "no place"
        if criterion is None:
            return "no criterion"
        none = sign == "denied" and (criterion.name == "budget" or criterion.kind == "date")
        value = "none" if none else self._value(criterion, str(item.get("value") or ""), inside)
        if value is None:
            return f"no such {criterion.name}"
        if (
            sure == SURE
            and criterion.kind == "choice"
            and value in self._named(criterion.name, inside)
        ):
            sure = NAMED
        if criterion.kind == "yes_no":
            value = "no" if polarity == "negative" else "yes"
        return ProvideSignal(span, criterion.name, value, polarity, sure)

    def _value(self, criterion: Criterion, proposed: str, inside: Utterance) -> str | None:
        """The value according to our own parsers or the catalogue."""
        match criterion.kind:
            case "number":
                read = {"employees": employees, "budget": budget}.get(criterion.name)
                if read is not None:
                    return next((s.value for s in read(inside, criterion.name)), None)
                return _counted(inside.text, proposed)
            case "date":
                named = times(inside.text, inside.said.at.date())
                return next(
                    (s.value for s in timeline(inside, named, criterion.name, [], expected=True)),
                    None,
                )
            case "choice":
                return self._choice(criterion.name, proposed, inside)
            case "yes_no":
                return "yes"
            case _:
                return inside.said.text if not proposed else proposed_within(proposed, inside)

    def _choice(self, name: str, proposed: str, inside: Utterance) -> str | None:
        """A value of the catalogue; a product or a place only if it is named."""
        known = {v.lower(): v for v in self.catalogue.get(name, ())}
        value = known.get(proposed.lower())
        if name in _KINDS_OF and value not in self._named(name, inside):
            return None
        return value

    def _named(self, name: str, inside: Utterance) -> set[str]:
        """The values of a criterion that a quote names."""
        kinds = _KINDS_OF.get(name, (name,))
        return {m.name for m in self.lexicon.mentions(_trimmed(inside)) if m.kind in kinds}

    def _contact(self, item: Mapping[str, Any], inside: Utterance, span: Span) -> Command | str:
        match item.get("criterion"):
            case "email":
                found = email(_trimmed(inside))
                return ProvideContact(span, "email", found.value) if found else "no address"
            case "phone":
                run = digit_run(_trimmed(inside))
                number = phone_number(run.value, self.region) if run else None
                return ProvideContact(span, "phone", number) if number else "no number"
            case "name" | "company" as field:
                value = proposed_within(str(item.get("value") or span.quote), inside)
                if value is None or len(value.split()) > 5:
                    return f"no {field}"
                return ProvideContact(span, field, value, SURE)
            case _:
                return "no such detail"


def _located(inside: Utterance, lexicon: Lexicon, sure: float) -> Command | str:
    """The place that a quote names."""
    only = _trimmed(inside)
    found = location(only, with_wider(only, lexicon.mentions(only)), [], PLACE)
    return replace(found[0], confidence=min(sure, found[0].confidence)) if found else "no place"


def _counted(text: str, proposed: str) -> str | None:
    """The figure of a quote, or the sum of its exact figures if that is proposed: "1 tower, 2
    chillers" are 3."""
    told = [*numbers(text)]
    exact = [n.low for n in told if n.low is not None and n.low == n.high]
    if len(exact) == len(told) > 1 and proposed == (whole := f"{sum(exact):.0f}"):
        return whole
    counted = (str(n) for n, words in _COUNTS.items() if words.search(text))
    return next((n.value for n in told), None) or next(counted, None)


def _chosen(number: Any, shown: Shown) -> str:
    """The citation of the passage with that number; see `AskProduct.passage`."""
    return NO_PASSAGE if number is None and shown.whole else shown.cited(number)


def locate(quote: str, u: Utterance) -> tuple[int, int] | None:
    """Where a quote's words occur consecutively in a turn; None when they do not."""
    wanted = [m.group() for m in TOKEN.finditer(quote.lower().replace("\u2019", "'"))]
    heard = [t.text for t in u.tokens]
    for i in range(len(heard) - len(wanted) + 1 if wanted else 0):
        if heard[i : i + len(wanted)] == wanted:
            return u.tokens[i].start, u.tokens[i + len(wanted) - 1].end
    return None


def proposed_within(value: str, inside: Utterance) -> str | None:
    """A proposed name, if its words occur consecutively in the quote."""
    trimmed = _trimmed(inside)
    place = locate(value, trimmed)
    if place is None:
        return None
    written = trimmed.said.text[place[0] : place[1]]
    return written if written != written.lower() else written.title()


def _trimmed(inside: Utterance) -> Utterance:
    """The turn with only the quote's own tokens; blanked text has none."""
    kept = tuple(t for t in inside.tokens if inside.text[t.start : t.end].strip())
    return Utterance(inside.said, inside.text, kept, inside.times)
