"""The costs section of `company.yaml`: unit costs for Numbers, which guesses none."""

from typing import Annotated

from pydantic import Field

from knowledge.section import Section

Amount = Annotated[float, Field(ge=0)]


class Costs(Section):
    """Unit costs as stated by the operator; missing ones are not counted."""

    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "USD"
    """ISO 4217 code of these amounts and of deals."""
    month: Amount | None = None
    """Fixed monthly cost of the agent."""
    call_minute: Amount | None = None
    """Cost of a call minute: telephone line, speech and language services."""
    chat: Amount | None = None
    """Cost of a website chat."""
    email: Amount | None = None
    """Cost of a mail conversation."""
    person_minutes: Amount | None = None
    """Minutes a person would need for a conversation; the estimate of saved time uses it."""
    human_lead_revenue: Amount | None = None
    """Average revenue of a lead qualified by people; revenue is compared with it."""
