"""What is learnt of a caller beside the talk: who they are, and the time of the team."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.crm.sought import sought
from core.events import Fact
from voice_agent.call.answering import Answering
from voice_agent.call.conversation import Conversation
from voice_agent.call.parts import CallParts


@dataclass(frozen=True, slots=True)
class Learning:
    """Runs in the call's tasks; whatever is slow or fails, the talk goes on without it."""

    parts: CallParts
    answering: Answering
    conversation: Conversation

    async def team(self) -> None:
        """Learn of the team's time while the caller hears who we are."""
        if (board := await self.parts.desk.board()) is not None:
            self.conversation.inform(board)

    async def caller(self) -> None:
        """Learn who is calling: beside the greeting, and when a number or an address is known."""
        if (found := await self.parts.recognising.look()) is not None:
            self.answering.recognised(found)
            if found.known is not None and found.known.sure:
                await self.team()  # their meetings, wherever they booked them

    async def told(self, facts: Sequence[Fact]) -> None:
        """Learn what an address or a number shows that has just become known."""
        await self.caller()
        for one in sought(facts):
            if await self.parts.recognising.ask_crm(one.value, self.parts.clock.now):
                await self.caller()

    async def crm(self) -> None:
        """Learn whom the CRM knows by the number, beside the greeting."""
        if await self.parts.recognising.ask_crm(self.parts.opened.caller, self.parts.clock.now):
            await self.caller()
