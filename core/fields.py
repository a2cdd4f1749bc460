"""`Fields(company)`: the values a person may enter for a criterion or contact field, and their
parsing.

Values come out as signals store them; an invalid value is refused with the remedy. Pure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Literal

from core.conversation.words.contact import WRITTEN
from core.conversation.words.phone import home_region, phone_number, valid
from core.crm.known import CUSTOMER
from core.evaluation.values import OPEN, Values
from core.facts.standing import CONTACT_FIELDS, INTENT
from core.geography.places import place_named
from core.handoff.wording import label
from core.qualification.segments import signals_of
from core.quantity import bounds, plain
from knowledge.profile import Company

_UNSEEN = re.compile(r"[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Invisible characters that come with copied text, and reverse or hide what is around them."""
Kind = Literal["text", "number", "date", "choice", "email", "phone", "none"]
MOST = 200
"""Most characters of a value."""
MOST_OF = 10**15
"""Largest quantity: no buyer has more, and beyond it a float would not keep every digit."""
OUT = "disqualifier"
BESIDES = ("location", CUSTOMER)
"""Known about buyers even if the company does not judge by it."""
LOOSE = (*OPEN, "industry")
"""Choices that allow a value outside the list."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing known about a buyer, as a form asks for it."""

    name: str
    label: str
    kind: Kind
    """`none`: such a signal can only be marked as never said."""
    choices: tuple[tuple[str, str], ...] = ()
    """Values with their labels: all of them for a choice, the usual ones for text."""
    hint: str = ""
    deniable: bool = False
    """Whether a buyer can say no to a value, which is then kept as a negative."""


@dataclass(frozen=True, slots=True)
class Given:
    """A value as signals store it."""

    value: str
    negative: bool = False


class CannotRead(ValueError):
    """The input is no valid value of this field; the message says what is."""


class Fields:
    """The fields of one company."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._values = Values(company)

    def every(self) -> list[Field]:
        """Contact fields, then what the company wants to know, by label."""
        names = {*signals_of(self._company), *BESIDES} - set(CONTACT_FIELDS)
        criteria = [self.of(name) for name in names]
        rest = sorted(criteria, key=lambda field: field.label.lower())
        out = [self.of(OUT)] if self._company.disqualifiers else []
        return [*(self.of(name) for name in CONTACT_FIELDS), *rest, *out]

    def of(self, name: str) -> Field:
        """The field of a criterion, whether or not the company asks for it."""
        shown = label(name, self._company)
        if name in ("email", "phone"):
            hint = "jane@acme.com" if name == "email" else "+1 415 555 0123"
            return Field(name, shown, "email" if name == "email" else "phone", (), hint)
        if name in ("segment", INTENT):
            return Field(name, shown, "none")
        if name == OUT:
            outs = tuple((one.id, one.label) for one in self._company.disqualifiers)
            return Field(name, shown, "choice", outs)
        kind = "yes_no" if name == CUSTOMER else self._values.kind(name)
        names = dict.fromkeys((*self._values.choices(name), *self._tools(name)))
        listed = tuple((one, one) for one in names)
        match kind:
            case "number":
                return Field(name, shown, "number", (), "200, 200-300, 500+ or <50")
            case "date":
                return Field(name, shown, "date", (), "2027-03-31")
            case "yes_no":
                return Field(name, shown, "choice", (("yes", "Yes"), ("no", "No")))
            case "choice" if listed and name not in LOOSE:
                return Field(name, shown, "choice", listed, deniable=True)
            case _:
                deniable = kind in ("choice", "text")
                return Field(name, shown, "text", listed, deniable=deniable)

    def _tools(self, name: str) -> list[str]:
        """The tools that a tool criterion is judged by."""
        kinds = {
            kind
            for criterion in self._company.criteria
            if criterion.name == name
            for kind in criterion.tool_kinds
        }
        lines = (line for line in self._company.compatibility if line.kind in kinds)
        return sorted({tool for line in lines for tool in line.tools}, key=str.lower)

    def suggested(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """The usual values of free-text fields."""
        return {f.name: f.choices for f in self.every() if f.kind == "text" and f.choices}

    def read(self, name: str, text: str, negative: bool = False) -> Given:
        """Parse what was entered; `negative`: the buyer said no to it. Raises: CannotRead."""
        given = self._read(name, text)
        if not negative or given.negative:
            return given
        field = self.of(name)
        if not field.deniable:
            raise CannotRead(f"{field.label}: give what it is, or say that it was not said.")
        return Given(given.value, negative=True)

    def _read(self, name: str, text: str) -> Given:
        field, text = self.of(name), " ".join(_UNSEEN.sub("", text).split())
        if not text:
            raise CannotRead(f"{field.label}: give the right value, or say that it was not said.")
        if len(text) > MOST:
            raise CannotRead(f"{field.label}: at most {MOST} letters.")
        match field.kind:
            case "email":
                return Given(_email(text))
            case "phone":
                return Given(_phone(text, home_region(self._company.numbers)))
            case "number":
                return Given(_number(field, text))
            case "date":
                return Given(_date(field, text))
            case "choice":
                return _choice(field, text)
            case "none":
                raise CannotRead(f"{field.label} is nothing that can be given.")
            case "text":
                return Given(self._text(field, text))

    def _text(self, field: Field, text: str) -> str:
        """The text as entered, in the list's spelling if it is a listed value."""
        if self._values.kind(field.name) == "place":
            return place_named(text) or text
        known = {value.lower(): value for value, _ in field.choices}
        return known.get(text.lower(), text)


def _email(text: str) -> str:
    if WRITTEN.fullmatch(text) is None:
        raise CannotRead("That is no email address. Write it as jane@acme.com.")
    return text.lower()


def _phone(text: str, region: str) -> str:
    number = phone_number(text, region)
    if number is None or not valid(number):
        raise CannotRead(
            "That is no telephone number. Write it with its country, as +1 415 555 0123."
        )
    return number


_JOINED = re.compile(r"\s*(?:-|–|—|\bto\b|\band\b)\s*")
_FIGURE = re.compile(r"[$€£]?\s*(\d{1,3}(?:[,' ]\d{3})+|\d+)(\.\d+)?\s*([km])?\s*[$€£]?", re.I)


def _number(field: Field, text: str) -> str:
    """A figure or a range, with the signs and thousands separators people write."""
    sign, more = "<" if text[0] == "<" else "", "+" if text[-1] == "+" else ""
    rest = text.removeprefix("<").removesuffix("+").strip()
    parts = [_figure(part) for part in _JOINED.split(rest)]
    found = sign + "-".join(part for part in parts if part) + more
    known = bounds(found) if all(parts) and len(parts) <= (1 if sign or more else 2) else None
    low, high = known or (None, None)
    if known is None or (low is not None and high is not None and low > high):
        raise CannotRead(f"{field.label} is a figure. Write {field.hint}.")
    return found


def _figure(text: str) -> str:
    match = _FIGURE.fullmatch(text)
    if match is None:
        return ""
    try:
        number = Decimal(re.sub(r"\D", "", match[1]) + (match[2] or ""))
    except InvalidOperation:
        return ""
    scale = {"k": 1_000, "m": 1_000_000}.get((match[3] or "").lower(), 1)
    return plain(float(number * scale)) if number * scale < MOST_OF else ""


def _date(field: Field, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise CannotRead(f"{field.label} is a day. Write it as {field.hint}.") from error


def _choice(field: Field, text: str) -> Given:
    names = {n.lower(): value for value, shown in field.choices for n in (value, shown)}
    value = names.get(text.lower())
    if value is None:
        raise CannotRead(f"{field.label} is one of {_listed([s for _, s in field.choices])}.")
    return Given(value, field.name == OUT or value == "no")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
