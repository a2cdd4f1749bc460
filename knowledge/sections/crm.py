"""The CRM section of `company.yaml`: the CRM's names for what a conversation writes there."""

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
"""The fields that can be written, by kind of record; contacts and leads also have the signals, each
as `signal_` plus the criterion's name."""
WITH_SIGNALS = ("contact", "lead")


AskByName = Literal["never", "mobile", "any"]


class FieldMap(Section):
    """The CRM's names for our fields, where they differ from the defaults; empty: not written."""

    account: dict[str, Property] = {}
    """For companies: `name`, `domain`, `employees`, `industry`, `owner`."""
    contact: dict[str, Property] = {}
    """For people: names, `email`, `phone`, `role`, `owner`, `verdict`, `signal_budget` etc."""
    lead: dict[str, Property] = {}
    """For leads: the fields of people, plus `title`, `company`, `action`, `summary`."""
    activity: dict[str, Property] = {}
    """For calls and other conversations: `outcome`, `duration_ms`, `recording_url` etc."""
    meeting: dict[str, Property] = {}
    """For meetings: `title`, `body`, `outcome`, `starts_at`, `ends_at`, `owner`."""
    task: dict[str, Property] = {}
    """For tasks: `title`, `body`, `due_at`, `owner`."""
    note: dict[str, Property] = {}
    """For notes: `title`, `body`, `at`."""


class HubSpotCustomers(Section):
    """The HubSpot property that marks existing customers."""

    field: Property = "lifecyclestage"
    """A property of contacts; if theirs does not say so, their company's is read. Empty: HubSpot
    marks no customers."""
    values: tuple[str, ...] = ("customer", "evangelist")
    """Its internal values that mean yes, in any case; for a checkbox "true"."""


class SalesforceCustomers(Section):
    """The Salesforce field that marks existing customers."""

    field: Property = "Type"
    """A field of the contact's account. Empty: Salesforce marks no customers."""
    values: tuple[str, ...] = ("Customer", "Customer - Direct", "Customer - Channel")
    """Its values that mean yes, in any case; for a checkbox "true"."""


class Customers(Section):
    """How the CRM marks existing customers. The embedded CRM goes by won deals."""

    hubspot: HubSpotCustomers = HubSpotCustomers()
    salesforce: SalesforceCustomers = SalesforceCustomers()


class Crm(Section):
    """What is written to the CRM, and where. A setting selects the CRM."""

    leads: tuple[
        Literal["qualified", "disqualified", "nurture", "needs_human", "insufficient"], ...
    ] = ("qualified", "needs_human", "nurture")
    """Verdicts that create a lead, in addition to the contact; empty: no leads."""
    owners: dict[str, str] = {}
    """Rep id to the address of their CRM user, if it is not their email."""
    ask_by_name: AskByName = "mobile"
    """When a caller is asked "am I speaking with Dana?": for a `mobile` of a single contact, for
    `any` number of theirs, or never. Nobody is greeted by a name they have not confirmed."""
    customers: Customers = Customers()
    hubspot: FieldMap = FieldMap()
    """HubSpot property names, where they differ from the defaults."""
    salesforce: FieldMap = FieldMap()
    """Salesforce field names, where they differ from the defaults."""
