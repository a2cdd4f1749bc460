"""The part of `company.yaml` about other systems: who is notified of what, and where."""

from typing import Annotated

from pydantic import Field

from knowledge.section import Section
from knowledge.sections.enrichment import Enrichment


class Notices(Section):
    """Notifications outside the console's inbox, which has everything."""

    slack_channel: str = ""
    """Id of the Slack channel, e.g. `C0123456789`; empty: nothing is sent there."""
    slack_users: dict[str, str] = {}
    """Id of a person here to their Slack member id, by which they are mentioned and recognised."""


class Webhook(Section):
    """An address that receives events, signed; its secret is a setting."""

    id: str
    """A short name in lower case, under which VOICE_AGENT_WEBHOOK_SECRETS has its secret."""
    url: str
    """Begins with `https:`."""
    events: tuple[str, ...] = ()
    """Events to send, e.g. `verdict.reached` or `meeting.*`; empty: all."""


class Nurture(Section):
    """Follow-up with buyers who are not ready."""

    after_days: Annotated[int, Field(gt=0, le=730)] = 90
    """Days after which a rep follows up, if the buyer named no time."""
    resources: tuple[str, ...] = ()
    """Pages for everybody, listed after those that answer their questions."""
    customers: tuple[str, ...] = ()
    """Names or domains of existing customers, who are left out."""


class Systems(Section):
    """The company's other systems. Their addresses and secrets are settings."""

    notices: Notices = Notices()
    webhooks: tuple[Webhook, ...] = ()
    nurture: Nurture = Nurture()
    enrichment: Enrichment = Enrichment()
