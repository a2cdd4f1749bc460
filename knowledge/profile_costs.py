"""What conversations cost the company, in its own words: numbers use it and guess nothing."""

from typing import Annotated

from pydantic import Field

from knowledge.section import Section

Amount = Annotated[float, Field(ge=0)]


class Costs(Section):
    """Unit costs as the operator states them; what is not stated is not counted."""

    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "USD"
    """ISO 4217 code of these amounts and of deals."""
    month: Amount | None = None
    """What the agent costs a month whatever it does."""
    call_minute: Amount | None = None
    """What a minute of a call costs: telephone line, speech and language services."""
    chat: Amount | None = None
    """What a website chat costs."""
    email: Amount | None = None
    """What a conversation by mail costs."""
    person_minutes: Amount | None = None
    """Minutes one of your people would need for a conversation; time saved is an estimate by it."""
    human_lead_revenue: Amount | None = None
    """What a lead that people qualified brings on average; revenue is compared with it."""
