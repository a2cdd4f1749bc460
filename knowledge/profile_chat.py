"""The chat on the company's website, as `company.yaml` has it."""

from typing import Annotated

from pydantic import Field

from knowledge.section import Section

Origin = Annotated[str, Field(pattern=r"^https?://(\*\.)?[a-z0-9.-]+(:\d{1,5})?$")]
WebAddress = Annotated[str, Field(pattern=r"^https?://[^\s\"'<>]+$", max_length=500)]
PagePath = Annotated[str, Field(pattern=r"^/[^\s?#]*$", max_length=200)]


class Invitation(Section):
    """Where and when the chat offers help by itself: once a visit, when all of this holds."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    """A short name in lower case, by which Numbers tell what it brings."""
    pages: Annotated[tuple[PagePath, ...], Field(min_length=1)]
    """Paths of the site's pages, `*` for anything: `/pricing`, `/integrations/*`."""
    after_seconds: Annotated[int, Field(ge=3, le=3600)] = 20
    """Seconds the page has been in sight."""
    scrolled: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Share of the page's length that was seen, 0 to 1."""
    pages_seen: Annotated[int, Field(ge=1, le=50)] = 1
    """Pages of the site seen on this visit, this one included."""
    returning: bool = False
    """Only visitors who were on the site before this visit."""
    text: Annotated[str, Field(min_length=1, max_length=160)]
    """What the visitor reads, and what the conversation then opens with: a question, best."""
    asks: Annotated[str, Field(max_length=160)] = ""
    """The question behind it, as a buyer would put it: a plain yes asks it, and what they ask first is read in its light."""  # noqa: E501


class Chat(Section):
    """Who may embed the chat, what is shown beside it, and when it offers help by itself."""

    origins: tuple[Origin, ...] = ()
    """Origins of pages that may embed it, e.g. `https://www.example.com`, `https://*.example.com`."""  # noqa: E501
    notice: str = "We keep this conversation so that the right person can follow up."
    """What becomes of the messages; shown before the first one is sent."""
    privacy_url: WebAddress | None = None
    """The privacy policy, linked beside the notice."""
    invitations: tuple[Invitation, ...] = ()
    """When the chat offers help by itself, the first that fits; never again to who closed one."""

    def invitation(self, name: str) -> Invitation | None:
        """The invitation of this id."""
        return next((one for one in self.invitations if one.id == name), None)
