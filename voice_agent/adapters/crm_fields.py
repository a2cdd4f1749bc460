"""Maps our fields to a CRM's and back, and reports what the CRM cannot hold."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from core.caller_id import e164
from core.crm.records import Finding, FoundBy, Kind
from knowledge.profile import Company
from knowledge.sections.crm import WITH_SIGNALS, FieldMap

Type = Literal["text", "long", "number", "instant", "owner", "choice", "url", "duration", "phone"]
TYPES: Mapping[str, Type] = {
    "body": "long", "summary": "long", "employees": "number", "score": "number", "owner": "owner",
    "at": "instant", "starts_at": "instant", "ends_at": "instant", "due_at": "instant",
    "duration_ms": "duration", "disposition": "choice", "direction": "choice",
    "phone": "phone", "from_number": "phone", "to_number": "phone", "recording_url": "url",
    "transcript_url": "url",
}  # fmt: skip
"""Types of the fields that are not plain text."""


def number(value: str) -> str:
    """A phone number in E.164, where the CRM formats it its own way."""
    return e164("".join(c for c in value if c in "+0123456789")) or value


def has_number(text: str, wanted: str) -> bool:
    """Whether typed text contains the number (E.164); a search also returns partial matches."""
    typed = "".join(c for c in text if c.isdigit())
    return e164(text) == wanted or (len(typed) >= 7 and wanted.lstrip("+").endswith(typed))


def found_by(whom: str, mobile: str | None, phone: str | None) -> FoundBy | None:
    """Which value of a contact really matches the search, in whatever form it was typed."""
    if "@" in whom:
        return "email"
    if has_number(mobile or "", whom):
        return "mobile"
    return "phone" if has_number(phone or "", whom) else None


def customer_by(name: str, value: object, wanted: Iterable[str]) -> str:
    """How a field says that somebody is already a customer; empty: it does not."""
    said = f"{value}" if value is not None else ""
    known = {one.casefold() for one in wanted}
    return f"{name} is {said}" if name and said.casefold() in known else ""


def no_customers(of: str, kind: str, name: str, system: str) -> str:
    """A check's message for an unreadable field that should show customers."""
    return (
        f"{of}: the {kind} {name} is missing or hidden, so nobody is known as a customer; correct"
        f" `crm.customers.{system}.field` in company.yaml, or let us read it"
    )


def bare(number: str) -> str:
    """A number (E.164) in the form a search finds."""
    return number.removeprefix("+1") if number.startswith("+1") else number[1:]


class CannotSay(Exception):
    """A value the CRM cannot represent; the message says why and what to do."""


Encode = Callable[[str, str], str]
"""A field's value for the CRM, from its name and canonical form. Raises: CannotSay."""
Decode = Callable[[str, str], str]
"""The canonical form, from the field's name and the CRM's value."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of record in a CRM: its object, and the name of each field of ours there."""

    object: str
    names: Mapping[str, str]
    born: Mapping[str, str] = field(default_factory=dict)
    """Further properties of a new record."""

    def encoded(
        self, fields: Mapping[str, str], encode: Encode
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Properties to write, and the fields left out with the reason; empty: not mapped."""
        made: dict[str, str] = {}
        left: dict[str, str] = {}
        for name, value in fields.items():
            if not self.names.get(name):
                left[name] = ""
                continue
            try:
                made[self.names[name]] = encode(name, value)
            except CannotSay as why:
                left[name] = str(why)
        return made, left

    def decoded(self, properties: Mapping[str, str | None], decode: Decode) -> dict[str, str]:
        """Our fields, from the CRM's properties."""
        return {
            name: decode(name, value)
            for name, called in self.names.items()
            if called and (value := properties.get(called)) not in (None, "")
        }


def sheets(
    defaults: Mapping[str, Sheet], given: FieldMap, company: Company, signal: Callable[[str], str]
) -> dict[str, Sheet]:
    """The default sheets with the company's field names, and one for each signal it maps.

    Sheets are keyed by kind, or by kind and variant.
    """
    asked = [c.name for c in company.criteria]
    made = {}
    for name, sheet in defaults.items():
        kind = name.partition(".")[0]
        names = dict(sheet.names)
        if kind in WITH_SIGNALS:
            names |= {f"signal_{c}": signal(c) for c in asked}
        made[name] = Sheet(sheet.object, names | getattr(given, kind), sheet.born)
    return made


def sheet_of(all_: Mapping[str, Sheet], kind: Kind, variant: str) -> Sheet:
    """The sheet of a kind, or of its variant when that has one."""
    return all_.get(f"{kind}.{variant}") or all_[kind]


def addresses(company: Company) -> dict[str, str]:
    """Rep id to the email address of their CRM user."""
    return {r.id: company.crm.owners.get(r.id, r.email).lower() for r in company.team}


class Owners:
    """Which CRM user each rep is, matched by email address."""

    def __init__(self, by_rep: Mapping[str, str]) -> None:
        self._by_rep = by_rep
        self._ids: dict[str, str] = {}

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses to look up."""
        return tuple(self._by_rep.values())

    def missing(self, there: Iterable[str], user: str, remedy: str) -> list[Finding]:
        """Warnings for reps without a CRM user, given the addresses it has."""
        has = {address.lower() for address in there}
        return [
            Finding("warning", f"no {user} has the address {address}: their leads get no owner;"
                               f" {remedy}, or set `crm.owners`")
            for address in self.addresses if address not in has
        ]  # fmt: skip

    def known(self, ids: Mapping[str, str]) -> None:
        """Set address to user id, as the CRM has them now."""
        self._ids = {address.lower(): user for address, user in ids.items()}

    def has(self, rep: str) -> bool:
        """Whether a rep is a user of the CRM."""
        return self._by_rep.get(rep, "") in self._ids

    def id_of(self, rep: str) -> str:
        """A rep's user id. Raises: CannotSay."""
        address = self._by_rep.get(rep)
        if address is None:
            raise CannotSay(f"{rep} is no rep of the team; give the lead to somebody who is.")
        if address not in self._ids:
            raise CannotSay(
                f"{rep} has no user with the address {address} there; invite them, or set"
                f" `crm.owners.{rep}` to the address they have."
            )
        return self._ids[address]

    def rep_of(self, user: str) -> str:
        """The rep with a user id; the id itself when it is nobody on the team."""
        address = next((a for a, i in self._ids.items() if i == user), "")
        return next((r for r, a in self._by_rep.items() if a == address and address), user)
