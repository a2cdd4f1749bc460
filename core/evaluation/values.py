"""Whether a label is a possible value of its criterion. Pure."""

from collections.abc import Callable

from core.conversation.words.lexicon import trades_of
from core.conversation.words.trades import TRADES
from core.evaluation.format import ANY
from core.evaluation.match import span
from core.geography.places import is_territory, place_named, territories
from core.quantity import bounds
from knowledge.positions import did_you_mean, listed
from knowledge.profile import Company, Criterion

ALWAYS = (ANY, "none")
OPEN = ("role", "tech_stack")
"""Kept as said, whatever the vocabulary contains."""


class Values:
    """The possible values of a company's criteria."""

    def __init__(self, company: Company) -> None:
        self._kinds = _kinds(company)
        self._choices = {
            name: _choices(company, name) for name, kind in self._kinds.items() if kind == "choice"
        }

    def kind(self, name: str) -> str:
        """How a criterion's values are parsed; empty for one nobody asks for."""
        return self._kinds.get(name, "")

    def choices(self, name: str) -> tuple[str, ...]:
        """The listed values of a choice, by name."""
        return tuple(sorted(set(self._choices.get(name, {}).values()), key=str.lower))

    def fault(self, name: str, value: str) -> tuple[str, str] | None:
        """What is expected and the remedy, if one of the values of `a | b` is impossible."""
        parts = [part.strip() for part in value.split("|")]
        if self._kinds.get(name) == "place" and any(map(_place, parts)):
            return None  # an unlisted town may come with its state
        for one in parts:
            if one in ALWAYS or name in OPEN:
                continue
            if name == ANY:
                return "`any`", "Write `allow: any`, or name the criterion."
            if (kind := self._kinds.get(name)) == "choice":
                if told := _no_choice(one, self._choices[name]):
                    return told
            elif kind in _FORMS and not _FORMS[kind][0](one):
                return _FORMS[kind][1:]
        return None


def _no_choice(value: str, choices: dict[str, str]) -> tuple[str, str] | None:
    if not choices or value.lower() in choices:  # without a list, it is kept as said
        return None
    names = set(choices.values())
    remedy = did_you_mean(value, names) or "Take one, or give it to the criterion."
    return f"one of {listed(names)}", remedy


def _kinds(company: Company) -> dict[str, str]:
    own = {c.name: c.kind for c in company.criteria}
    told = {"use_case": "choice"} if company.vocabulary.use_cases else {}
    return told | own | {"employees": "number", "industry": "choice", "location": "place"}


def _choices(company: Company, name: str) -> dict[str, str]:
    """Every name a choice may have, by its lower-case form."""
    words, names = company.vocabulary, []
    for criterion in (c for c in company.criteria if c.name == name):
        names += _listed(criterion)
    for segment in company.segments:
        names += [v for c in segment.conditions if c.criterion == name for v in c.any_of]
    for out in company.disqualifiers:
        names += out.values if out.signal == name else ()
    if name == "use_case":
        names += words.use_cases
    if name == "industry":
        names += (*trades_of(company), *(trade.name for trade in TRADES))
    return {n.lower(): n for n in names}


def _listed(criterion: Criterion) -> list[str]:
    local = [v for rule in criterion.local for v in (*(rule.any_of or ()), *(rule.none_of or ()))]
    return [*criterion.any_of, *criterion.none_of, *local]


def _place(value: str) -> bool:
    return bool(place_named(value)) or is_territory(value) or len(territories(value)) > 1


def _quantity(value: str) -> bool:
    return bounds(value) is not None


def _day(value: str) -> bool:
    return span(value) is not None


def _yes_no(value: str) -> bool:
    return value.lower() in ("yes", "no")


_FORMS: dict[str, tuple[Callable[[str], bool], str, str]] = {
    "number": (_quantity, "a figure in the criterion's unit", "Write 200, 200-300, 500+ or <50."),
    "date": (_day, "a day or a span of days", "Write 2027-03-31 or 2027-03-01..2027-03-31."),
    "yes_no": (_yes_no, "yes or no", "Write yes or no."),
    "place": (
        _place,
        "a place",
        "Write a state, country or code; a small town as `Vidalia | US-GA`.",
    ),
}
