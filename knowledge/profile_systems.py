"""The part of `company.yaml` about the company's other systems: who is told of what, and where."""

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


class Systems(Section):
    """The company's other systems. Addresses and secrets that open them are settings."""

    notices: Notices = Notices()
    webhooks: tuple[Webhook, ...] = ()
