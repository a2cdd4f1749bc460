"""How the company's CRM calls what a conversation leaves there, as `company.yaml` has it."""

from typing import Annotated, Literal

from pydantic import Field

from knowledge.section import Section

Property = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,99}$|^$")]

JUDGED = ("verdict", "segment", "score")
PERSON = ("first_name", "last_name", "email", "phone", "role", "owner")
FIELDS: dict[str, tuple[str, ...]] = {
    "account": ("name", "domain", "employees", "industry", "owner"),
    "contact": (*PERSON, *JUDGED),
    "lead": ("title", *PERSON, "company", "action", "summary", *JUDGED),
    "activity": (
        "title", "body", "direction", "outcome", "disposition", "duration_ms", "from_number",
        "to_number", "call_id", "owner", "verdict", "segment", "transcript_url", "recording_url",
        "at",
    ),
    "meeting": ("title", "body", "outcome", "starts_at", "ends_at", "owner"),
    "task": ("title", "body", "due_at", "owner"),
    "note": ("title", "body", "at"),
}  # fmt: skip
"""What there is to be written of each kind of record; contacts and leads have the signals as well,
each as `signal_` with the criterion's name."""
WITH_SIGNALS = ("contact", "lead")


AskByName = Literal["never", "mobile", "any"]


class FieldMap(Section):
    """What a CRM calls our fields, beside its defaults; empty: not written there."""

    account: dict[str, Property] = {}
    """Of companies: `name`, `domain`, `employees`, `industry`, `owner`."""
    contact: dict[str, Property] = {}
    """Of people: names, `email`, `phone`, `role`, `owner`, `verdict`, `signal_budget` and so on."""
    lead: dict[str, Property] = {}
    """Of leads: as of people, and `title`, `company`, `action`, `summary`."""
    activity: dict[str, Property] = {}
    """Of calls and other conversations: `outcome`, `duration_ms`, `recording_url` and so on."""
    meeting: dict[str, Property] = {}
    """Of meetings: `title`, `body`, `outcome`, `starts_at`, `ends_at`, `owner`."""
    task: dict[str, Property] = {}
    """Of tasks: `title`, `body`, `due_at`, `owner`."""
    note: dict[str, Property] = {}
    """Of notes: `title`, `body`, `at`."""


class HubSpotCustomers(Section):
    """By which property HubSpot shows who is a customer already."""

    field: Property = "lifecyclestage"
    """A property of contacts; where theirs does not say so, that of their company is looked at.
    Empty: it tells of no customers."""
    values: tuple[str, ...] = ("customer", "evangelist")
    """Its internal values that do, case aside; of a checkbox "true"."""


class SalesforceCustomers(Section):
    """By which field Salesforce shows who is a customer already."""

    field: Property = "Type"
    """A field of the contact's account. Empty: it tells of no customers."""
    values: tuple[str, ...] = ("Customer", "Customer - Direct", "Customer - Channel")
    """Its values that do, case aside; of a checkbox "true"."""


class Customers(Section):
    """Who is a customer already, in the terms of the CRM. The embedded one goes by deals won."""

    hubspot: HubSpotCustomers = HubSpotCustomers()
    salesforce: SalesforceCustomers = SalesforceCustomers()


class Crm(Section):
    """What is written into a CRM, and where. Which CRM it is, a setting says."""

    leads: tuple[
        Literal["qualified", "disqualified", "nurture", "needs_human", "insufficient"], ...
    ] = ("qualified", "needs_human", "nurture")
    """Verdicts that make a lead, beside the contact everybody has; none: there are no leads."""
    owners: dict[str, str] = {}
    """Rep id to the address of their user in the CRM, where it is not their email."""
    ask_by_name: AskByName = "mobile"
    """Whose number makes a caller be asked "am I speaking with Dana?": a `mobile` of one contact
    alone, `any` number of theirs, or nobody's. Nobody is greeted by a name they did not confirm."""
    customers: Customers = Customers()
    hubspot: FieldMap = FieldMap()
    """Property names in HubSpot, where they are not the defaults."""
    salesforce: FieldMap = FieldMap()
    """Field names in Salesforce, where they are not the defaults."""
