"""The chat on the company's website, as `company.yaml` has it."""

from typing import Annotated

from pydantic import Field

from knowledge.section import Section

Origin = Annotated[str, Field(pattern=r"^https?://(\*\.)?[a-z0-9.-]+(:\d{1,5})?$")]
WebAddress = Annotated[str, Field(pattern=r"^https?://[^\s\"'<>]+$", max_length=500)]


class Chat(Section):
    """Who may embed the chat, and what is shown beside it."""

    origins: tuple[Origin, ...] = ()
    """Origins of pages that may embed it, e.g. `https://www.example.com`, `https://*.example.com`."""  # noqa: E501
    notice: str = "We keep this conversation so that the right person can follow up."
    """What becomes of the messages; shown before the first one is sent."""
    privacy_url: WebAddress | None = None
    """The privacy policy, linked beside the notice."""
