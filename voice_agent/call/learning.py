"""What is looked up beside the conversation: who the caller is, and the team's free time."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.crm.sought import sought
from core.events import Fact
from voice_agent.call.answering import Answering
from voice_agent.call.conversation import Conversation
from voice_agent.call.parts import CallParts


@dataclass(frozen=True, slots=True)
class Learning:
    """Runs in the call's tasks; a slow or failing lookup never holds up the conversation."""

    parts: CallParts
    answering: Answering
    conversation: Conversation

    async def team(self) -> None:
        """Look up the team's time while the caller hears the greeting."""
        if (board := await self.parts.desk.board()) is not None:
            self.conversation.inform(board)

    async def caller(self) -> None:
        """Look up who is calling: during the greeting, and when a number or address is learned."""
        if (found := await self.parts.recognising.look()) is not None:
            self.answering.recognised(found)
            if found.known is not None and found.known.sure:
                await self.team()  # for their meetings, wherever these were booked

    async def told(self, facts: Sequence[Fact]) -> None:
        """Look up an address or number that has just been learned."""
        await self.caller()
        for one in sought(facts):
            if await self.parts.recognising.ask_crm(one.value, self.parts.clock.now):
                await self.caller()

    async def crm(self) -> None:
        """Ask the CRM about the calling number, during the greeting."""
        if await self.parts.recognising.ask_crm(self.parts.opened.caller, self.parts.clock.now):
            await self.caller()
