"""The part of `company.yaml` about the company's other systems: who is told of what, and where."""

from typing import Annotated

from pydantic import Field

from knowledge.profile_enrichment import Enrichment
from knowledge.section import Section


class Notices(Section):
    """Who is told of what, besides in the inbox of the console, which has everything."""

    slack_channel: str = ""
    """Id of the channel in Slack, e.g. `C0123456789`; empty: nothing is told there."""
    slack_users: dict[str, str] = {}
    """Id of a person here to their member id in Slack, by which they are named and known."""


class Webhook(Section):
    """An address that is told what happens, signed; its secret is a setting."""

    id: str
    """A short name in lower case; VOICE_AGENT_WEBHOOK_SECRETS names its secret by it."""
    url: str
    """Begins with `https:`."""
    events: tuple[str, ...] = ()
    """What it is told of, e.g. `verdict.reached` or `meeting.*`; empty: of everything."""


class Nurture(Section):
    """Keeping in touch with buyers who are not ready."""

    after_days: Annotated[int, Field(gt=0, le=730)] = 90
    """A rep is to come back after this time, where the buyer named none."""
    resources: tuple[str, ...] = ()
    """Pages for everybody, after those that answer what they asked."""
    customers: tuple[str, ...] = ()
    """Names or domains of companies that are customers already: they are left alone."""


class Systems(Section):
    """The company's other systems. Addresses and secrets that open them are settings."""

    notices: Notices = Notices()
    webhooks: tuple[Webhook, ...] = ()
    nurture: Nurture = Nurture()
    enrichment: Enrichment = Enrichment()
