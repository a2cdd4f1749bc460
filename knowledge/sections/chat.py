"""The website chat section of `company.yaml`."""

from typing import Annotated

from pydantic import Field

from knowledge.section import Section

Origin = Annotated[str, Field(pattern=r"^https?://(\*\.)?[a-z0-9.-]+(:\d{1,5})?$")]
WebAddress = Annotated[str, Field(pattern=r"^https?://[^\s\"'<>]+$", max_length=500)]
PagePath = Annotated[str, Field(pattern=r"^/[^\s?#]*$", max_length=200)]


class Invitation(Section):
    """Where and when the chat offers help unprompted: once per visit, when all of this holds."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    """A short name in lower case, under which Numbers shows its results."""
    pages: Annotated[tuple[PagePath, ...], Field(min_length=1)]
    """Paths of the site's pages, `*` for anything: `/pricing`, `/integrations/*`."""
    after_seconds: Annotated[int, Field(ge=3, le=3600)] = 20
    """Seconds the page has been visible."""
    scrolled: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Share of the page's length that was seen, 0 to 1."""
    pages_seen: Annotated[int, Field(ge=1, le=50)] = 1
    """Pages of the site seen on this visit, including this one."""
    returning: bool = False
    """Only visitors who have been on the site before this visit."""
    text: Annotated[str, Field(min_length=1, max_length=160)]
    """What the visitor reads, and what the conversation then opens with: best a question."""
    asks: Annotated[str, Field(max_length=160)] = ""
    """The question behind it, as a buyer would put it: a plain yes asks it, and their first
    question is read in its context."""


class Chat(Section):
    """Who may embed the chat, what is shown next to it, and when it offers help unprompted."""

    origins: tuple[Origin, ...] = ()
    """Origins of pages that may embed it, e.g. `https://www.example.com`,
    `https://*.example.com`."""
    notice: str = "We keep this conversation so that the right person can follow up."
    """What happens to the messages; shown before the first one is sent."""
    privacy_url: WebAddress | None = None
    """The privacy policy, linked next to the notice."""
    invitations: tuple[Invitation, ...] = ()
    """When the chat offers help unprompted; the first match applies, never again after a
    dismissal."""

    def invitation(self, name: str) -> Invitation | None:
        """The invitation with this id."""
        return next((one for one in self.invitations if one.id == name), None)
